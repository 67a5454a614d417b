/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The relatives of a post as rows of small pictures. */
#include "page-post.h"
#include "page-text.h"
#include "board/web-post.h"

#define MAX_POSTS 20 /* of a row; a link leads to all of them */
#define ALT_TAGS 6

static void
add_post (WebPage *page, WebList *list, const BooruPost *post, gint64 here)
{
  WebDict *dict = web_list_append (list);
  g_autofree char *tags = page_text_list_tags (post, ALT_TAGS);
  gint width, height;

  web_shown_add_post (web_request_get_shown (page->request), post->id);
  booru_variant_get_size (BOORU_VARIANT_180, post->media.width, post->media.height, &width,
                          &height);
  web_dict_take_string (dict, "href", page_url_from_post (post->id, NULL));
  web_dict_take_string (dict, "src", web_post_dup_variant_url (post, BOORU_VARIANT_180, ""));
  web_dict_set_int (dict, "width", width);
  web_dict_set_int (dict, "height", height);
  web_dict_set_boolean (dict, "alpha", post->media.has_alpha);
  web_dict_set_boolean (dict, "here", post->id == here);
  web_dict_take_string (
      dict, "alt",
      g_strdup_printf ("Post %" G_GINT64_FORMAT "%s%s", post->id, *tags ? ": " : "", tags));
}

/* @parent and its children. */
static void
add_strip (WebPage *page, WebList *strips, const char *title, gint64 parent, gint64 here)
{
  g_autofree char *tags
      = g_strdup_printf ("parent:%" G_GINT64_FORMAT " status:any order:id", parent);
  g_autoptr (BooruQuery) query = booru_query_parse (tags);
  BooruPage first = { BOORU_PAGE_NUMBER, 1, MAX_POSTS };
  g_autoptr (GPtrArray) posts = web_request_search (page->request, query, &first, NULL);
  WebDict *strip;
  WebList *list;

  if (posts == NULL || posts->len < 2)
    return;
  strip = web_list_append (strips);
  web_dict_set_static (strip, "strip", title);
  list = web_dict_add_list (strip, "posts");
  for (guint i = 0; i < posts->len; i++)
    add_post (page, list, posts->pdata[i], here);
  web_dict_take_string (strip, "more-href",
                        posts->len == MAX_POSTS ? page_url_from_search ("/posts", tags)
                                                : g_strdup (""));
}

void
page_strips_add (WebPage *page, const BooruPost *post)
{
  WebList *strips = web_dict_add_list (page->values, "strips");

  if (post->parent_id)
    add_strip (page, strips, "Parent and siblings", post->parent_id, post->id);
  if (post->has_children)
    add_strip (page, strips, "Children", post->id, post->id);
}
