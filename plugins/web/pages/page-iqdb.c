/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Search by picture: /iqdb_queries. */
#include "page-alike.h"
#include "page-text.h"
#include "http/web-error.h"
#include "board/web-iqdb.h"

static void
add_matches (WebPage *page, GArray *matches)
{
  WebList *list = web_dict_add_list (page->values, "matches");
  guint n = 0;

  for (guint i = 0; i < matches->len; i++)
    {
      const BooruSimilar *match = &g_array_index (matches, BooruSimilar, i);
      g_autoptr (BooruPost) post = booru_store_get_post (page->store, match->post_id, NULL);
      WebDict *dict;

      if (post == NULL)
        continue;
      dict = web_list_append (list);
      page_alike_set (dict, post);
      web_dict_take_string (
          dict, "score", g_strdup_printf ("%.0f %% similar", web_iqdb_get_score (match->distance)));
      web_dict_set_boolean (dict, "near", match->distance <= BOORU_SIMILAR_DISTANCE);
      n++;
    }
  web_dict_set_boolean (page->values, "has-matches", n > 0);
  web_dict_set_boolean (page->values, "nothing", n == 0);
  web_dict_take_string (page->values, "count-text",
                        n == 1 ? g_strdup ("1 post") : g_strdup_printf ("%u posts", n));
}

static void
show (WebRequest *request, GArray *matches, guint status, const char *problem)
{
  g_auto (WebPage) page = { 0 };

  web_page_init (&page, BOORU_REQUEST (request));
  web_page_set_title (&page, "Search by picture");
  web_dict_set_string (page.values, "problem", problem);
  web_dict_set_boolean (page.values, "has-matches", FALSE);
  web_dict_set_boolean (page.values, "nothing", FALSE);
  web_dict_set_static (page.values, "count-text", "");
  if (matches)
    add_matches (&page, matches);
  web_page_respond (&page, status, "iqdb");
}

static void
on_done (WebRequest *request, GArray *matches, const GError *error)
{
  const char *class;
  guint status = 200;

  if (error)
    status
        = web_iqdb_is_pictures_fault (request, error) ? 422 : web_error_get_status (error, &class);
  if (status == 503)
    booru_request_set_header (BOORU_REQUEST (request), "Retry-After", "5");
  show (request, matches, status, error ? error->message : NULL);
}

void
web_page_handle_iqdb (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);

  if (g_str_equal (booru_request_get_method (base), "POST") && !web_iqdb_has_picture (request))
    show (request, NULL, 422, "Choose a picture first.");
  else
    web_iqdb_search (request, on_done);
}
