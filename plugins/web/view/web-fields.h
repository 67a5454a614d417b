/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WebFields:
 *
 * What "only=id,media_asset[id,variants[url]]" asks for: a tree of names, parsed once. A %NULL tree
 * means everything.
 */
typedef struct _WebFields WebFields;

/* Reads the parameter "only" as Danbooru does; stray brackets and commas are forgiven. Transfer
 * full; NULL, which means everything, for NULL and for blank text. */
WebFields *web_fields_parse (const char *text);
void web_fields_free (WebFields *self);

/* inner: of the field, NULL for everything; nullable. */
gboolean web_fields_wants (const WebFields *self, const char *name, const WebFields **inner);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebFields, web_fields_free)

G_END_DECLS
