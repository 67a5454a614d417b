/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

/* What the form for a post's tags shows. */
typedef struct
{
  const char *tag_string;
  const char *old_tag_string; /* what the user saw when they began */
  const char *rating;
  const char *old_rating;
  const char *source;
  const char *old_source;
  const char *problem; /* NULL: none */
} PageForm;

/* Shows the post with the form filled in: with what the post has if @form is NULL. */
void page_post_show (WebPage *page,
                     const BooruPost *post,
                     const char *query,
                     const PageForm *form,
                     guint status);

/* Sets the picture, video or animation, and how large it is. */
void page_picture_set (WebPage *page, const BooruPost *post);

/* Sets what the post's file says of itself, as the template "metadata" shows it. */
void page_metadata_set (WebPage *page, gint64 post_id);
void page_post_set_neighbours (WebPage *page, const BooruPost *post);
void page_post_add_history (WebPage *page, const BooruPost *post);

/* "strips": parent and siblings, and children, as rows of small pictures. */
void page_strips_add (WebPage *page, const BooruPost *post);

G_END_DECLS
