/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* A list of aliases or implications: CSV (antecedent, consequent, reason), or the JSON that
 * Danbooru answers at /tag_aliases.json, of which what is not active is left out. Transfer full, of
 * BooruRelationItem; NULL: BOORU_ERROR_INVALID. */
GPtrArray *web_relation_list_parse (const char *text, GError **error);

G_END_DECLS
