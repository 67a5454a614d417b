/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike, for programs: /duplicates.json. */
#include "web-routes.h"
#include "board/web-duplicates.h"
#include "http/web-error.h"
#include "board/web-iqdb.h"
#include "view/web-json.h"
#include "board/web-post.h"

#define JSON "application/json; charset=utf-8"
#define DEFAULT_LIMIT 20
#define MAX_LIMIT 200
#define BODY_LIMIT 65536

static void
write_pair (WebJson *json, const BooruPair *pair, const char *base_url)
{
  web_json_begin_object (json);
  web_json_member_int (json, "post_id", pair->post->id);
  web_json_member_int (json, "other_id", pair->other->id);
  web_json_member_int (json, "distance", pair->distance);
  if (web_json_member (json, "score"))
    web_json_double (json, web_iqdb_get_score (pair->distance));
  if (web_json_member (json, "post"))
    web_post_write_json (json, pair->post, NULL, base_url);
  if (web_json_member (json, "other"))
    web_post_write_json (json, pair->other, NULL, base_url);
  web_json_end_object (json);
}

static void
handle_list (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (WebFields) fields = web_fields_parse (booru_request_get_param (base, "only"));
  guint limit = (guint)CLAMP (web_request_get_int (request, "limit", DEFAULT_LIMIT), 0, MAX_LIMIT);
  guint page = (guint)CLAMP (web_request_get_int (request, "page", 1), 1, BOORU_PAGE_MAX_NUMBER);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = booru_store_list_pairs (
      web_worker_get_store (web_request_get_worker (request)), limit, page, &error);
  WebJson json;

  if (pairs == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; i < pairs->len; i++)
    write_pair (&json, pairs->pdata[i], web_request_get_base_url (request));
  web_json_end_array (&json);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

static void
handle_decide (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (GError) error = NULL;
  BooruPairVerdict verdict;

  if (web_duplicates_decide (request, &verdict, &error))
    booru_request_respond (base, 204, NULL, NULL);
  else if (booru_err_invalid (error))
    web_request_fail_status (request, 422, web_error_get_class (422), error->message);
  else
    web_request_fail_write (request, error);
}

static const BooruRoute routes[] = {
  { "GET", "/duplicates.json", 0, handle_list },
  { "POST", "/duplicates.json", BODY_LIMIT, handle_decide },
};

void
web_routes_add_duplicates (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
}
