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
 *
 * Each function that adds fails with BOORU_ERROR_INVALID if a name or value is not UTF-8 or holds a
 * NUL, or if there are more of them, or longer ones, than any page or client sends.
 */
typedef struct _WebParams WebParams;

WebParams *web_params_new (void);
void web_params_free (WebParams *self);
const char *web_params_get (WebParams *self, const char *name);

/* All of them, by name. */
typedef void (*WebParamsFunc) (const char *name, const char *value, gpointer user_data);
void web_params_foreach (WebParams *self, WebParamsFunc func, gpointer user_data);

/* A "search[NAME]" whose NAME is not among @known; transfer full, NULL: none. */
char *web_params_find_search (WebParams *self, const char *const *known);

/* Calls @func for each member of "OUTER[NAME]", with NAME and its value. */
void web_params_foreach_in (WebParams *self, const char *outer, WebParamsFunc func, gpointer data);

/* For a name and a value of so many bytes. */
gboolean web_params_check_room (WebParams *self, gsize size, GError **error);
gboolean web_params_add (WebParams *self,
                         const char *name,
                         const char *value,
                         gsize value_length,
                         GError **error);

/* Adds the fields of a query string or an x-www-form-urlencoded body; encoded: NULL: none. */
gboolean web_params_add_form (WebParams *self, const char *encoded, gsize length, GError **error);
/* Adds the members of a JSON object, those of objects within as "outer[inner]". */
gboolean web_params_add_json (WebParams *self, GBytes *body, GError **error);
void web_params_take_all (WebParams *self, WebParams *other); /* transfer full */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebParams, web_params_free)

G_END_DECLS
