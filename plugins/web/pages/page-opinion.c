/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "page-opinion.h"

#include "page-place.h"
#include "page-text.h"

void
page_opinion_set (WebPage *page, const BooruPost *post)
{
  const BooruUser *user = booru_request_get_user (BOORU_REQUEST (page->request));
  gboolean is_favorite = FALSE;
  gint score = 0;

  if (user->id != 0)
    booru_store_get_opinion (page->store, post->id, user->id, &is_favorite, &score, NULL);
  web_dict_set_boolean (page->values, "can-vote", user->id != 0);
  web_dict_set_boolean (page->values, "is-favorite", is_favorite);
  web_dict_set_boolean (page->values, "is-upvoted", score > 0);
  web_dict_set_boolean (page->values, "is-downvoted", score < 0);
  web_dict_set_int (page->values, "fav-count", post->fav_count);
  web_dict_set_int (page->values, "score", post->score);
  web_dict_take_string (page->values, "opinion-href",
                        g_strdup_printf ("/posts/%" G_GINT64_FORMAT, post->id));
}

/* Back to the post, in the search that it was shown in. FALSE after an answer. */
static gboolean
begin (WebPage *page, BooruRequest *request, gint64 *id)
{
  web_page_init (page, request);
  if (!web_request_require_id (page->request, id))
    return FALSE;
  if (booru_request_get_user (request)->id != 0)
    return TRUE;
  web_page_fail (page, 403, "Sign in first.");
  return FALSE;
}

static void
end (WebPage *page, gint64 id, gboolean done, const GError *error)
{
  g_autofree char *url = NULL;
  PagePlace place;

  if (!done)
    {
      web_request_fail_write (page->request, error);
      return;
    }
  page_place_read (&place, page->request);
  url = page_place_url_of_post (&place, id, 0);
  web_worker_posts_changed (web_request_get_worker (page->request), &id, 1);
  web_page_redirect (page, 303, url);
}

/* A field "remove": no favourite any more. */
void
page_opinion_handle_favorite (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (begin (&page, request, &id))
    end (&page, id,
         booru_store_set_favorite (page.store, id,
                                   booru_request_get_param (request, "remove") == NULL,
                                   booru_request_get_user (request), &error),
         error);
}

void
page_opinion_handle_vote (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (begin (&page, request, &id))
    end (&page, id,
         booru_store_vote (page.store, BOORU_VOTE_ON_POST, id,
                           (gint)CLAMP (web_request_get_int (page.request, "score", 0), -1, 1),
                           booru_request_get_user (request), NULL, &error),
         error);
}

/* The newest first; of a visitor, there are none. */
void
page_opinion_handle_favorites (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autofree char *url = page_url_from_search ("/posts", "ordfav:self");

  web_page_init (&page, request);
  web_page_redirect (&page, 302, url);
}
