/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

/* The lists, and one of them. */
void page_pool_handle_index (BooruRequest *request, gpointer user_data);
void page_pool_handle_gallery (BooruRequest *request, gpointer user_data);
void page_pool_handle_show (BooruRequest *request, gpointer user_data);

/* page-pool-edit.c */
void page_pool_handle_new (BooruRequest *request, gpointer user_data);
void page_pool_handle_create (BooruRequest *request, gpointer user_data);
void page_pool_handle_edit (BooruRequest *request, gpointer user_data);
void page_pool_handle_update (BooruRequest *request, gpointer user_data);
void page_pool_handle_delete (BooruRequest *request, gpointer user_data);
void page_pool_handle_undelete (BooruRequest *request, gpointer user_data);
void page_pool_handle_element (BooruRequest *request, gpointer user_data);

/* The pool of the request; NULL after an answer. Transfer full. */
BooruRecord *page_pool_find (WebPage *page);
char *page_pool_dup_url (gint64 id);

/* "pools": those that a post is in, each with the posts before and after it there. */
void page_pool_set_of_post (WebPage *page, gint64 post_id);

G_END_DECLS
