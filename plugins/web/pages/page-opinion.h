/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The favourite and the vote of whoever looks at a post. */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

void page_opinion_set (WebPage *page, const BooruPost *post);

void page_opinion_handle_favorite (BooruRequest *request, gpointer user_data);
void page_opinion_handle_vote (BooruRequest *request, gpointer user_data);
void page_opinion_handle_favorites (BooruRequest *request, gpointer user_data); /* /favorites */

G_END_DECLS
