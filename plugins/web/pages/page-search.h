/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

/* What is wrong with a search, beside the search box: its faults, tags that no post has and what
 * may be meant by them, words that are one tag together. Returns how much there is to say. */
guint page_search_add_problems (WebPage *page, const BooruQuery *query);

/* Whether the search is refused as a whole. */
gboolean page_search_is_refused (const BooruQuery *query);

G_END_DECLS
