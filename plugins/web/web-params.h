/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WebParams:
 *
 * A request's parameters under Rails' names: "tags", "search[name]", "post[tag_string]". The last
 * of a name wins; those of a list ("ids[]=1&ids[]=2") come joined by commas, under the name without
 * the brackets.
 */
typedef struct _WebParams WebParams;

WebParams *web_params_new (void);
void web_params_free (WebParams *self);
const char *web_params_get (WebParams *self, const char *name);
void web_params_add (WebParams *self, const char *name, const char *value);
void web_params_add_form (WebParams *self, const char *encoded); /* a query string or form; pairs that are not UTF-8 are left out */
gboolean web_params_add_json (WebParams *self, GBytes *body, GError **error);     /* BOORU_ERROR_INVALID */
gboolean web_params_add_multipart (WebParams *self, const char *content_type, GBytes *body, GError **error); /* fields only; BOORU_ERROR_INVALID */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebParams, web_params_free)

G_END_DECLS
