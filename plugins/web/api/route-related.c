/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /related_tag.json: the tags that go with a search. */
#include <string.h>

#include "board/web-tag.h"
#include "http/web-request.h"
#include "view/web-fields.h"
#include "view/web-json.h"
#include "web-routes.h"

#define JSON "application/json; charset=utf-8"
#define DEFAULT_LIMIT 100
#define MAX_LIMIT 1000

/* Danbooru's order is by frequency where none is said. */
static BooruRelatedOrder
read_order (WebRequest *request)
{
  static const char *const orders[] = {
    [BOORU_RELATED_BY_FREQUENCY] = "frequency",
    [BOORU_RELATED_BY_COSINE] = "cosine",
    [BOORU_RELATED_BY_JACCARD] = "jaccard",
    [BOORU_RELATED_BY_OVERLAP] = "overlap",
  };
  const char *order = web_request_get_search (request, "order");

  for (guint i = 0; order && i < G_N_ELEMENTS (orders); i++)
    if (g_ascii_strcasecmp (order, orders[i]) == 0)
      return i;
  return BOORU_RELATED_BY_FREQUENCY;
}

/* FALSE: there is no such category, so that no tag is of it. */
static gboolean
read_category (WebRequest *request, gint *category)
{
  const char *text = web_request_get_search (request, "category");
  BooruTagCategory known;

  *category = -1;
  if (text == NULL || *text == '\0')
    return TRUE;
  if (!booru_tag_category_from_string (text, &known))
    return FALSE;
  *category = (gint)known;
  return TRUE;
}

static void
write_related (WebJson *json, const BooruRelatedTag *related, const BooruTag *tag)
{
  web_json_begin_object (json);
  if (web_json_member (json, "tag"))
    web_tag_write_json (json, tag);
  if (web_json_member (json, "cosine_similarity"))
    web_json_double (json, related->cosine);
  if (web_json_member (json, "jaccard_similarity"))
    web_json_double (json, related->jaccard);
  if (web_json_member (json, "overlap_coefficient"))
    web_json_double (json, related->overlap);
  if (web_json_member (json, "frequency"))
    web_json_double (json, related->frequency);
  web_json_end_object (json);
}

/* The one tag of a search. */
static const char *
get_only_tag (const BooruQuery *query)
{
  const GPtrArray *tags = booru_query_get_tags (query);

  return tags->len == 1 ? ((const BooruQueryTag *)tags->pdata[0])->name : NULL;
}

static void
respond (WebRequest *request,
         const BooruQuery *query,
         const GPtrArray *related,
         gint64 n_posts,
         GHashTable *tags)
{
  g_autoptr (WebFields) fields
      = web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
  const char *only = get_only_tag (query);
  const BooruTag *tag = only ? g_hash_table_lookup (tags, only) : NULL;
  WebJson json;

  web_json_init (&json, fields);
  web_json_begin_object (&json);
  web_json_member_string (&json, "query", booru_query_get_text (query));
  web_json_member_int (&json, "post_count", n_posts);
  if (web_json_member (&json, "tag"))
    {
      if (tag)
        web_tag_write_json (&json, tag);
      else
        web_json_null (&json);
    }
  if (web_json_member (&json, "related_tags"))
    {
      web_json_begin_array (&json);
      for (guint i = 0; i < related->len; i++)
        {
          const BooruRelatedTag *one = related->pdata[i];
          const BooruTag *full = g_hash_table_lookup (tags, one->tag->name);

          if (full)
            write_related (&json, one, full);
        }
      web_json_end_array (&json);
    }
  if (web_json_member (&json, "wiki_page_tags"))
    {
      web_json_begin_array (&json);
      web_json_end_array (&json);
    }
  web_json_end_object (&json);
  web_request_respond_string (request, 200, JSON, web_json_finish (&json));
}

static void
handle (BooruRequest *base, gpointer user_data)
{
  static const char *const filters[]
      = { "query", "category", "order", "search_sample_size", "tag_sample_size", NULL };
  WebRequest *request = WEB_REQUEST (base);
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  const char *text = web_request_get_search (request, "query");
  g_autoptr (BooruQuery) query = booru_query_parse_for (text, web_request_get_user_id (request));
  gint64 limit = web_request_get_int (request, "limit", DEFAULT_LIMIT), n_posts = 0;
  g_autoptr (GPtrArray) related = NULL, names = g_ptr_array_new ();
  g_autoptr (GHashTable) tags = NULL;
  g_autoptr (GError) error = NULL;
  gint category;
  gboolean possible = read_category (request, &category);

  if (!web_request_check_search (request, filters))
    return;
  limit = limit <= 0 || !possible ? DEFAULT_LIMIT : MIN (limit, MAX_LIMIT);
  related = booru_store_list_related_tags (store, query, category, read_order (request),
                                           possible ? (guint)limit : 0, &n_posts, &error);
  for (guint i = 0; related && i < related->len; i++)
    g_ptr_array_add (names, ((BooruRelatedTag *)related->pdata[i])->tag->name);
  if (get_only_tag (query))
    g_ptr_array_add (names, (gpointer)get_only_tag (query));
  if (related)
    tags = web_tag_find (store, names, &error);
  if (tags == NULL)
    {
      booru_request_fail (base, error);
      return;
    }
  if (!booru_query_is_personal (query))
    web_request_set_cacheable (request);
  respond (request, query, related, n_posts, tags);
}

static const BooruRoute routes[] = {
  { "GET", "/related_tag.json", 0, handle },
  { "GET", "/related_tags.json", 0, handle },
};

void
web_routes_add_related (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i], NULL);
}
