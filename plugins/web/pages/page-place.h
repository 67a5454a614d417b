/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where in a search somebody is: carried in the links of the gallery and of the posts in it. */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

typedef struct
{
  const char *query; /* "": all posts */
  guint seed;        /* of a random order; 0: none */
  guint limit;       /* posts on a page of the gallery; 0: the default */
  guint before;      /* how many posts come before it in the search; 0 also if that is not known */
} PagePlace;

/* The place that a request's parameters q, seed, limit and n say; good as long as @request. */
void page_place_read (PagePlace *self, WebRequest *request);

/* PATH?q=…, of the post @step further on. Transfer full. */
char *page_place_url (const PagePlace *self, const char *path, gint step);
char *page_place_url_of_post (const PagePlace *self, gint64 id, gint step);

/* Where a form of the post leads: to the post, or to the one whose page its field "next" names,
 * @step further on. Transfer full. */
char *page_place_url_after_form (WebRequest *request, gint64 id, gint step);

/* The form named one; @next: or NULL. */
gboolean page_place_goes_on (WebRequest *request, gint64 *next);

/* The page of the gallery that the post is on, scrolled to it. Transfer full. */
char *page_place_url_of_gallery (const PagePlace *self, gint64 id);

/* A page of the gallery; @page NULL: the first one. Transfer full. */
char *page_place_url_of_page (const PagePlace *self, const char *page);

G_END_DECLS
