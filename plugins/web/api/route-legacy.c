/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The API of Danbooru 1 and of Moebooru, which took it over: other names for the same. */
#include <string.h>

#include "board/web-post.h"
#include "http/web-request.h"
#include "view/web-json.h"
#include "web-routes.h"

#define JSON "application/json; charset=utf-8"
#define DEFAULT_LIMIT 40
#define MAX_POSTS 1000
#define MAX_TAGS 1000
#define PREVIEW 180

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

static guint
read_limit (WebRequest *request, guint fallback, guint most)
{
  gint64 limit = web_request_get_int (request, "limit", fallback);

  return limit < 0 ? fallback : (guint)MIN (limit, most);
}

static void
write_url (WebJson *json, const char *name, char *url)
{
  web_json_member_string (json, name, url);
  g_free (url);
}

/* The address, width and height of a smaller picture. @names: of these three. */
static void
write_variant (WebJson *json,
               const BooruPost *post,
               BooruVariant variant,
               const char *base_url,
               const char *const names[3])
{
  gint width, height;

  booru_variant_get_size (variant, post->media.width, post->media.height, &width, &height);
  write_url (json, names[0], web_post_dup_variant_url (post, variant, base_url));
  web_json_member_int (json, names[1], width);
  web_json_member_int (json, names[2], height);
}

static void
write_sample (WebJson *json, const BooruPost *post, const char *base_url)
{
  static const char *const names[] = { "sample_url", "sample_width", "sample_height" };

  if (post->media.has_sample)
    {
      write_variant (json, post, BOORU_VARIANT_SAMPLE, base_url, names);
      return;
    }
  write_url (json, names[0], web_post_dup_original_url (post, base_url));
  web_json_member_int (json, names[1], post->media.width);
  web_json_member_int (json, names[2], post->media.height);
}

static void
write_post (WebJson *json, const BooruPost *post, const char *base_url)
{
  static const char *const preview[] = { "preview_url", "preview_width", "preview_height" };
  g_autofree char *tags = booru_post_dup_tag_string (post);
  const char rating[2] = { (char)post->rating, '\0' };

  web_json_begin_object (json);
  web_json_member_int (json, "id", post->id);
  web_json_member_string (json, "tags", tags);
  web_json_member_int (json, "created_at", post->created_at / G_USEC_PER_SEC);
  web_json_member_int (json, "updated_at", post->updated_at / G_USEC_PER_SEC);
  web_json_member_int (json, "creator_id", post->uploader_id);
  web_json_member_int (json, "change", post->id);
  web_json_member_string (json, "source", post->source);
  web_json_member_int (json, "score", post->score);
  web_json_member_string (json, "md5", post->media.md5);
  web_json_member_int (json, "file_size", post->media.size);
  web_json_member_string (json, "file_ext", post->media.ext);
  write_url (json, "file_url", web_post_dup_original_url (post, base_url));
  web_json_member_boolean (json, "is_shown_in_index", TRUE);
  write_variant (json, post, BOORU_VARIANT_180, base_url, preview);
  write_sample (json, post, base_url);
  web_json_member_string (json, "rating", rating);
  web_json_member_boolean (json, "has_children", post->has_children);
  web_json_member_int_or_null (json, "parent_id", post->parent_id);
  web_json_member_string (json, "status",
                          BOORU_POST_IS_DELETED (post->status) ? "deleted" : "active");
  web_json_member_int (json, "width", post->media.width);
  web_json_member_int (json, "height", post->media.height);
  web_json_member_boolean (json, "has_notes", FALSE);
  web_json_member_boolean (json, "has_comments", FALSE);
  web_json_end_object (json);
}

static void
handle_posts (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const char *tags = booru_request_get_param (base, "tags");
  g_autoptr (BooruQuery) query = booru_query_parse_for (tags, web_request_get_user_id (request));
  g_autoptr (GPtrArray) posts = NULL;
  g_autoptr (GError) error = NULL;
  gint said = booru_query_get_limit (query);
  BooruPage page;
  WebJson json;

  if (!web_routes_read_page (
          request, read_limit (request, said < 0 ? DEFAULT_LIMIT : (guint)said, MAX_POSTS), &page))
    return;
  posts = web_request_search (request, query, &page, &error);
  if (posts == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, NULL);
  web_json_begin_array (&json);
  for (guint i = 0; i < posts->len; i++)
    write_post (&json, posts->pdata[i], web_request_get_base_url (request));
  web_json_end_array (&json);
  web_request_set_cacheable_search (request, tags);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

static void
write_tag (WebJson *json, const BooruTag *tag)
{
  web_json_begin_object (json);
  web_json_member_int (json, "id", tag->id);
  web_json_member_string (json, "name", tag->name);
  web_json_member_int (json, "count", tag->post_count);
  web_json_member_int (json, "type", tag->category);
  web_json_member_boolean (json, "ambiguous", FALSE);
  web_json_end_object (json);
}

/* "name" is a part of it, or a pattern. */
static char *
read_pattern (WebRequest *request)
{
  const char *exact = booru_request_get_param (BOORU_REQUEST (request), "name");
  const char *pattern = booru_request_get_param (BOORU_REQUEST (request), "name_pattern");
  const char *text = exact && *exact ? exact : pattern;
  g_autofree char *lower = text && *text ? g_utf8_strdown (text, -1) : NULL;

  if (lower == NULL)
    return NULL;
  g_strdelimit (lower, " ", '_');
  return strchr (lower, '*') ? g_steal_pointer (&lower) : g_strdup_printf ("*%s*", lower);
}

static void
handle_tags (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  const char *order = booru_request_get_param (base, "order");
  g_autofree char *pattern = read_pattern (request);
  g_autoptr (GPtrArray) tags = NULL;
  g_autoptr (GError) error = NULL;
  BooruPage page;
  WebJson json;

  filter.name_matches = pattern;
  filter.limit = read_limit (request, DEFAULT_LIMIT, MAX_TAGS);
  if (filter.limit == 0) /* there: all of them */
    filter.limit = MAX_TAGS;
  filter.order = g_strcmp0 (order, "count") == 0  ? BOORU_TAG_ORDER_COUNT
                 : g_strcmp0 (order, "date") == 0 ? BOORU_TAG_ORDER_DATE
                                                  : BOORU_TAG_ORDER_NAME;
  if (!web_routes_read_page (request, filter.limit, &page))
    return;
  filter.page = page.kind == BOORU_PAGE_NUMBER ? (guint)page.value : 1;
  tags = booru_store_list_tags (get_store (request), &filter, &error);
  if (tags == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  web_json_init (&json, NULL);
  web_json_begin_array (&json);
  for (guint i = 0; i < tags->len; i++)
    write_tag (&json, tags->pdata[i]);
  web_json_end_array (&json);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

/* "/post/show/5" and "/post/show/5/what_is_on_it". */
static void
handle_show (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_autofree char *path = NULL;
  gint64 id;

  if (!web_request_require_id (request, &id))
    return;
  path = g_strdup_printf ("/posts/%" G_GINT64_FORMAT, id);
  web_request_redirect (request, 301, path);
}

static void
handle_list (BooruRequest *base, gpointer user_data)
{
  const char *tags = booru_request_get_param (base, "tags");
  g_autofree char *escaped = g_uri_escape_string (tags ? tags : "", NULL, FALSE);
  g_autofree char *path = g_strconcat ("/posts?tags=", escaped, NULL);

  web_request_redirect (WEB_REQUEST (base), 301, path);
}

static const BooruRoute routes[] = {
  { "GET", "/post.json", 0, handle_posts },    { "GET", "/post/index.json", 0, handle_posts },
  { "GET", "/tag.json", 0, handle_tags },      { "GET", "/tag/index.json", 0, handle_tags },
  { "GET", "/post/show/:id", 0, handle_show }, { "GET", "/post/show/:id/:title", 0, handle_show },
  { "GET", "/post", 0, handle_list },          { "GET", "/post/index", 0, handle_list },
  { "GET", "/post/list", 0, handle_list },
};

void
web_routes_add_legacy (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
}
