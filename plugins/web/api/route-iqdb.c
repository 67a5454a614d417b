/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reverse search for clients: /iqdb_queries.json. */
#include "web-routes.h"
#include "http/web-error.h"
#include "board/web-iqdb.h"
#include "view/web-json.h"
#include "board/web-post.h"

#define JSON "application/json; charset=utf-8"
#define ERROR_CLASS "IqdbClient::Error"

static void
write_hash (WebJson *json, BooruStore *store, gint64 id)
{
  g_autoptr (GArray) hashes = booru_store_list_hashes (store, id, NULL);
  g_autofree char *text = NULL;

  if (hashes && hashes->len > 0)
    text = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", g_array_index (hashes, guint64, 0));
  web_json_member_string (json, "hash", text);
}

static void
write_match (WebJson *json, WebRequest *request, const BooruSimilar *match)
{
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  g_autoptr (BooruPost) post = booru_store_get_post (store, match->post_id, NULL);

  if (post == NULL)
    return;
  web_json_begin_object (json);
  web_json_member_int (json, "post_id", match->post_id);
  if (web_json_member (json, "score"))
    web_json_double (json, web_iqdb_get_score (match->distance));
  write_hash (json, store, match->post_id);
  if (web_json_member (json, "post"))
    web_post_write_json (json, post, NULL, web_request_get_base_url (request));
  web_json_end_object (json);
}

static void
respond (WebRequest *request, GArray *matches)
{
  gboolean created = g_str_equal (booru_request_get_method (BOORU_REQUEST (request)), "POST");
  WebJson json;

  web_json_init (&json, NULL);
  web_json_begin_array (&json);
  for (guint i = 0; matches && i < matches->len; i++)
    write_match (&json, request, &g_array_index (matches, BooruSimilar, i));
  web_json_end_array (&json);
  web_request_respond_string (request, created ? 201 : 200, JSON, web_json_finish (&json));
}

static void
on_done (WebRequest *request, GArray *matches, const GError *error)
{
  if (error == NULL)
    respond (request, matches);
  else if (web_iqdb_is_pictures_fault (request, error))
    web_request_fail_status (request, 422, ERROR_CLASS, error->message);
  else
    booru_request_fail (BOORU_REQUEST (request), error);
}

static void
handle_query (BooruRequest *base, gpointer user_data)
{
  web_iqdb_search (WEB_REQUEST (base), on_done);
}

static const BooruRoute routes[] = {
  { "GET", "/iqdb_queries.json", 0, handle_query },
  { "POST", "/iqdb_queries.json", WEB_BODY_UPLOAD, handle_query, BOORU_ACCESS_VIEWER },
};

void
web_routes_add_iqdb (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
}
