/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all pages have in common. */
#pragma once

#include "http/web-request.h"
#include "view/web-template.h"

G_BEGIN_DECLS

#define WEB_PAGE_POSTS 40 /* posts on a page of the gallery */
#define WEB_PAGE_TAGS 100 /* tags on a page of their list */

/**
 * WebPage:
 *
 * An answer that is a page, as it is put together; on the stack of its handler.
 */
typedef struct
{
  WebRequest *request; /* not owned */
  BooruStore *store;   /* not owned */
  WebDict *values;     /* begins with what the layout needs */
} WebPage;

void web_page_init (WebPage *self, BooruRequest *request);
void web_page_clear (WebPage *self);
void web_page_set_title (WebPage *self, const char *title);
void web_page_set_assets (WebDict *values, const char *plugin); /* the URLs of its assets */
void web_page_set_query (WebPage *self, const char *query);
/* The script of this page, beside that of all pages: an asset. */
void web_page_set_module (WebPage *self, const char *module);
/* Answers the request with the page as the template shows it. */
void web_page_respond (WebPage *self, guint status, const char *template);
void web_page_redirect (WebPage *self, guint status, const char *url);
void web_page_fail (WebPage *self, guint status, const char *message);

/* "MESSAGE, or continue from here.". */
void web_page_fail_with_way_on (WebPage *self, guint status, const char *message, const char *url);

/* "pager" of the template pager.html. */
typedef struct
{
  guint page, n_pages;  /* 0 pages: as many as there are, nobody counted */
  const char *previous; /* URL, NULL: none */
  const char *next;
  const char *previous_label, *next_label;
  char *(*make_url) (guint page, gpointer user_data); /* NULL: no numbers */
  gpointer user_data;
} WebPager;

void web_page_add_pager (WebPage *self, const WebPager *pager);

/* "groups" of the template tag-groups.html: @tags, of BooruTagRef, by category; with links to
 * narrow
 * @query down by them if @narrow. */
void web_page_add_tag_groups (WebPage *self, GPtrArray *tags, const char *query, gboolean narrow);

void web_page_handle_asset (BooruRequest *request, gpointer user_data);
void web_page_handle_posts (BooruRequest *request, gpointer user_data);
void web_page_handle_random (BooruRequest *request, gpointer user_data);
void web_page_handle_post (BooruRequest *request, gpointer user_data);
void web_page_handle_edit (BooruRequest *request, gpointer user_data);
void web_page_handle_delete (BooruRequest *request, gpointer user_data);
void web_page_handle_undelete (BooruRequest *request, gpointer user_data);
void web_page_handle_trash (BooruRequest *request, gpointer user_data);
void web_page_handle_empty_trash (BooruRequest *request, gpointer user_data);
void web_page_handle_upload (BooruRequest *request, gpointer user_data);
void web_page_handle_do_upload (BooruRequest *request, gpointer user_data);
void web_page_handle_uploads (BooruRequest *request, gpointer user_data);
void web_page_handle_one_upload (BooruRequest *request, gpointer user_data);
void web_page_handle_post_upload (BooruRequest *request, gpointer user_data);
void web_page_handle_revert (BooruRequest *request, gpointer user_data);
void web_page_handle_undo (BooruRequest *request, gpointer user_data);
void web_page_handle_tags (BooruRequest *request, gpointer user_data);
void web_page_handle_duplicates (BooruRequest *request, gpointer user_data);
void web_page_handle_verdict (BooruRequest *request, gpointer user_data);
void web_page_handle_jobs (BooruRequest *request, gpointer user_data);
void web_page_handle_bulk (BooruRequest *request, gpointer user_data);
void web_page_handle_do_bulk (BooruRequest *request, gpointer user_data);
void web_page_handle_undo_job (BooruRequest *request, gpointer user_data);
void web_page_handle_cancel_job (BooruRequest *request, gpointer user_data);
void web_page_handle_iqdb (BooruRequest *request, gpointer user_data);

/* "empty" of the template empty.html: why there is nothing to see, and what to do. */
void web_page_add_empty_library (WebPage *self);

/* explained: the page says what is wrong with the search. */
void web_page_add_empty_search (WebPage *self, const char *text, gboolean explained);
void web_page_add_empty_page (WebPage *self, const char *last_url);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WebPage, web_page_clear)

G_END_DECLS
