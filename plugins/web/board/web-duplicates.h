/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What people decide about pairs of posts that look alike, as the page and the API say it. */
#pragma once

#include "http/web-request.h"

G_BEGIN_DECLS

/* Does what the request says: post_id and other_id name the pair, in either order; verdict is
 * "keep", "parent:ID", "merge:ID" (into that one), "trash:ID" (that one) or "reopen"; with the flag
 * merge_tags what goes to the trash leaves its tags to the other. @verdict: (out): what was done.
 * BOORU_ERROR_INVALID, BOORU_ERROR_NOT_FOUND, and those of the store. */
gboolean web_duplicates_decide (WebRequest *request, BooruPairVerdict *verdict, GError **error);

/* "keep:3-9", so that the next page can say what was done. */
char *web_duplicates_format (const BooruPairVerdict *verdict);
gboolean web_duplicates_parse (const char *text, BooruPairVerdict *verdict);
char *web_duplicates_describe (const BooruPairVerdict *verdict); /* for people */

G_END_DECLS
