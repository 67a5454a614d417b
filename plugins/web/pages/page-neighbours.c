/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a post to those next to it in the search, and back up to the gallery. */
#include "page-place.h"
#include "page-post.h"
#include "page-text.h"
#include "board/web-post.h"

static BooruPost *
find_neighbour (WebPage *page,
                const BooruQuery *query,
                const PagePlace *place,
                BooruPageKind kind,
                gint64 id)
{
  BooruPage part = { kind, id, 1, place->seed };
  g_autoptr (GPtrArray) posts = booru_store_search (page->store, query, &part, NULL);

  return posts && posts->len > 0 ? booru_post_ref (posts->pdata[0]) : NULL;
}

static char *
make_url (const PagePlace *place, const BooruPost *post, gint step)
{
  return post ? page_place_url_of_post (place, post->id, step) : g_strdup ("");
}

/* The picture that the next page will show first, in the smallest size that will do. */
static char *
make_prefetch_url (const BooruPost *post)
{
  if (post == NULL || page_media_is_video (&post->media))
    return g_strdup ("");
  return web_post_dup_variant_url (
      post, post->media.has_sample ? BOORU_VARIANT_SAMPLE : BOORU_VARIANT_720, "");
}

void
page_post_set_neighbours (WebPage *page, const BooruPost *post)
{
  PagePlace place;
  g_autoptr (BooruQuery) query = NULL;
  g_autoptr (BooruPost) previous = NULL, next = NULL;

  page_place_read (&place, page->request);
  query = booru_query_parse (place.query);
  previous = find_neighbour (page, query, &place, BOORU_PAGE_PRECEDING, post->id);
  next = find_neighbour (page, query, &place, BOORU_PAGE_FOLLOWING, post->id);
  web_dict_take_string (page->values, "newer-href", make_url (&place, previous, -1));
  web_dict_take_string (page->values, "older-href", make_url (&place, next, 1));
  web_dict_take_string (page->values, "prefetch-href", make_prefetch_url (next));
  web_dict_take_string (page->values, "up-href", page_place_url_of_gallery (&place, post->id));
}
