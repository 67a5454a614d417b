/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From a post to those next to it in the search, and back up to the gallery. */
#include "page-place.h"
#include "page-post.h"
#include "page-text.h"
#include "board/web-post.h"

/* 0: there is none. */
static gint64
find_neighbour (WebPage *page,
                BooruQuery *query,
                const PagePlace *place,
                BooruPageKind kind,
                gint64 id)
{
  BooruPage part = { kind, id, 1, place->seed };
  g_autoptr (GArray) ids = web_request_find_ids (page->request, query, &part, NULL);

  return ids && ids->len > 0 ? g_array_index (ids, gint64, 0) : 0;
}

static char *
make_url (const PagePlace *place, gint64 id, gint step)
{
  return id ? page_place_url_of_post (place, id, step) : g_strdup ("");
}

/* The picture that the next page will show first, in the smallest size that will do. */
static char *
make_prefetch_url (WebPage *page, gint64 id)
{
  g_autoptr (BooruPost) post = id ? booru_store_get_post (page->store, id, NULL) : NULL;

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
  gint64 previous, next;

  page_place_read (&place, page->request);
  query = booru_query_parse_for (place.query, web_request_get_user_id (page->request));
  previous = find_neighbour (page, query, &place, BOORU_PAGE_PRECEDING, post->id);
  next = find_neighbour (page, query, &place, BOORU_PAGE_FOLLOWING, post->id);
  web_dict_take_string (page->values, "newer-href", make_url (&place, previous, -1));
  web_dict_take_string (page->values, "older-href", make_url (&place, next, 1));
  web_dict_take_string (page->values, "prefetch-href", make_prefetch_url (page, next));
  web_dict_take_string (page->values, "up-href", page_place_url_of_gallery (&place, post->id));
}
