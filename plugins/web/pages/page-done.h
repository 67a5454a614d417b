/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

typedef enum
{
  PAGE_DONE_NOTHING,
  PAGE_DONE_SAVED,
  PAGE_DONE_DELETED,
  PAGE_DONE_RESTORED,
  PAGE_DONE_UNDONE,
  PAGE_DONE_REVERTED,
} PageDone;

/* The post's newest version; 0: none. */
gint64 page_done_find_change (BooruStore *store, gint64 post_id);

/* Leads to @url, which says what was done with the post; tells everybody of the change. */
void page_done_redirect (WebPage *page, PageDone done, gint64 post_id, const char *url);

/* Values of the template "done"; @post_id: the post that is shown, or 0. */
void page_done_set (WebPage *page, gint64 post_id);

G_END_DECLS
