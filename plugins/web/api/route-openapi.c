/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /openapi.json: all routes of this board, those of other plugins too, as OpenAPI 3.1 has it. */
#include <string.h>

#include "http/web-request.h"
#include "view/web-json.h"
#include "web-routes.h"

/* What is said of a route beside what its pattern says. @parameters: names with spaces between. */
static const struct
{
  const char *method, *pattern, *summary, *parameters;
} texts[] = {
  { "GET", "/posts.json", "Posts that a search finds; one post with md5",
    "tags page limit md5 random only include" },
  { "POST", "/posts.json", "A post of an uploaded file",
    "upload_media_asset_id post[tag_string] post[rating] post[source] post[parent_id]" },
  { "GET", "/posts/random.json", "One post out of those that a search finds", "tags only" },
  { "GET", "/posts/:id.json", "A post", "only include" },
  { "PUT", "/posts/:id.json", "Changes a post; with what was there before, others' changes stay",
    "post[tag_string] post[old_tag_string] post[rating] post[old_rating] post[source] "
    "post[parent_id]" },
  { "DELETE", "/posts/:id.json", "Moves a post to the trash", "" },
  { "PUT", "/posts/:id/undelete.json", "Takes a post out of the trash", "" },
  { "PUT", "/posts/:id/revert.json", "Makes a post what it was at a version", "version_id" },
  { "GET", "/counts/posts.json", "How many posts a search finds", "tags" },
  { "GET", "/tags.json", "Tags",
    "search[name] search[name_comma] search[name_matches] search[category] search[hide_empty] "
    "search[order] page limit only" },
  { "GET", "/autocomplete.json", "Tags and values of metatags for what somebody types",
    "search[query] search[type] search[within] limit only" },
  { "GET", "/related_tag.json", "The tags that go with a search",
    "search[query] search[category] search[order] limit only" },
  { "GET", "/explore/posts/popular.json", "The posts of a day, week or month that are liked best",
    "date scale page limit only" },
  { "GET", "/tag_aliases.json", "Aliases of tags",
    "search[antecedent_name] search[consequent_name] search[name_matches] search[status] page "
    "limit "
    "only" },
  { "GET", "/tag_implications.json", "Implications of tags",
    "search[antecedent_name] search[consequent_name] search[name_matches] search[status] page "
    "limit "
    "only" },
  { "GET", "/post_versions.json", "What was changed of posts", "search[post_id] page limit only" },
  { "GET", "/uploads.json", "Uploads, the newest first", "page limit only" },
  { "POST", "/uploads.json", "Uploads files", "upload[files][0] upload[source]" },
  { "GET", "/uploads/:id.json", "An upload and how far it is", "only" },
  { "GET", "/media_assets/:id.json", "A file with its smaller pictures", "only" },
  { "GET", "/iqdb_queries.json", "Posts that look like a picture",
    "search[post_id] search[url] limit only" },
  { "POST", "/iqdb_queries.json", "Posts that look like a picture that is sent", "search[file]" },
  { "GET", "/profile.json", "Who asks", "only" },
  { "GET", "/users.json", "Users",
    "search[name] search[name_matches] search[id] search[level] page limit only" },
  { "GET", "/users/:id.json", "A user", "only" },
  { "PUT", "/users/:id.json", "Changes one's own settings",
    "user[blacklisted_tags] user[favorite_tags] user[per_page]" },
  { "GET", "/api_keys.json", "One's own API keys, without the keys themselves", "only" },
  { "GET", "/events", "What changes, as server-sent events", "" },
  { "GET", "/post.json", "Posts, as Danbooru 1 and Moebooru have them", "tags page limit" },
  { "GET", "/tag.json", "Tags, as Danbooru 1 and Moebooru have them", "name order page limit" },
};

static const char *const levels[] = {
  [BOORU_ACCESS_DEFAULT] = "who may read, or write for all that changes something",
  [BOORU_ACCESS_PUBLIC] = "everybody",
  [BOORU_ACCESS_VIEWER] = "viewer",
  [BOORU_ACCESS_EDITOR] = "editor",
  [BOORU_ACCESS_ADMIN] = "admin",
};

/* "/posts/:id.json" is "/posts/{id}.json" there. */
static char *
make_path (const char *pattern)
{
  GString *path = g_string_new (NULL);

  for (const char *p = pattern; *p; p++)
    if (*p != ':')
      g_string_append_c (path, *p);
    else
      {
        g_string_append_c (path, '{');
        for (; g_ascii_isalnum (p[1]) || p[1] == '_'; p++)
          g_string_append_c (path, p[1]);
        g_string_append_c (path, '}');
      }
  return g_string_free (path, FALSE);
}

static void
write_parameter (WebJson *json, const char *name, gsize length, gboolean in_path)
{
  web_json_begin_object (json);
  if (web_json_member (json, "name"))
    web_json_string_length (json, name, length);
  web_json_member_string (json, "in", in_path ? "path" : "query");
  web_json_member_boolean (json, "required", in_path);
  web_json_member (json, "schema");
  web_json_begin_object (json);
  web_json_member_string (
      json, "type", in_path && length == 2 && g_str_has_prefix (name, "id") ? "integer" : "string");
  web_json_end_object (json);
  web_json_end_object (json);
}

static void
write_parameters (WebJson *json, const char *pattern, const char *names)
{
  web_json_member (json, "parameters");
  web_json_begin_array (json);
  for (const char *p = strchr (pattern, ':'); p; p = strchr (p + 1, ':'))
    write_parameter (json, p + 1, strcspn (p + 1, "./:"), TRUE);
  while (*names)
    {
      gsize length = strcspn (names, " ");

      write_parameter (json, names, length, FALSE);
      names += length + strspn (names + length, " ");
    }
  web_json_end_array (json);
}

static void
write_body (WebJson *json)
{
  static const char *const types[]
      = { "application/x-www-form-urlencoded", "multipart/form-data", "application/json" };

  web_json_member (json, "requestBody");
  web_json_begin_object (json);
  web_json_member (json, "content");
  web_json_begin_object (json);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      web_json_member (json, types[i]);
      web_json_begin_object (json);
      web_json_end_object (json);
    }
  web_json_end_object (json);
  web_json_end_object (json);
}

static void
write_responses (WebJson *json)
{
  web_json_member (json, "responses");
  web_json_begin_object (json);
  web_json_member (json, "default");
  web_json_begin_object (json);
  web_json_member_string (json, "description", "The answer, or Danbooru's error object");
  web_json_end_object (json);
  web_json_end_object (json);
}

static void
write_operation (WebJson *json, const BooruRouteEntry *entry)
{
  const BooruRoute *route = entry->route;
  const char *summary = NULL, *parameters = "";
  g_autofree char *method = g_ascii_strdown (route->method, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].pattern, route->pattern)
        && g_str_equal (texts[i].method, route->method))
      {
        summary = texts[i].summary;
        parameters = texts[i].parameters;
      }
  web_json_member (json, method);
  web_json_begin_object (json);
  if (summary)
    web_json_member_string (json, "summary", summary);
  web_json_member_string (json, "x-access", levels[route->access]);
  write_parameters (json, route->pattern, parameters);
  if (route->body_limit > 0)
    write_body (json);
  write_responses (json);
  web_json_end_object (json);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const BooruRouteEntry *left = *(BooruRouteEntry *const *)a, *right = *(BooruRouteEntry *const *)b;
  int order = strcmp (left->route->pattern, right->route->pattern);

  return order ? order : strcmp (left->route->method, right->route->method);
}

/* Of two routes for the same method and pattern the first counts, which stays before the other. */
static GPtrArray *
list_entries (BooruExtensions *extensions)
{
  GPtrArray *sorted = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize n;
  const BooruRouteEntry *entries = booru_extensions_get_routes (extensions, &n);

  for (gsize i = 0; i < n; i++)
    if (g_hash_table_add (
            seen, g_strdup_printf ("%s %s", entries[i].route->method, entries[i].route->pattern)))
      g_ptr_array_add (sorted, (gpointer)&entries[i]);
  g_ptr_array_sort (sorted, compare_entries);
  return sorted;
}

static void
write_paths (WebJson *json, BooruExtensions *extensions)
{
  g_autoptr (GPtrArray) entries = list_entries (extensions);
  const char *last = NULL;

  web_json_member (json, "paths");
  web_json_begin_object (json);
  for (guint i = 0; i < entries->len; i++)
    {
      const BooruRouteEntry *entry = entries->pdata[i];
      g_autofree char *path = make_path (entry->route->pattern);

      if (last == NULL || !g_str_equal (last, entry->route->pattern))
        {
          if (last)
            web_json_end_object (json);
          web_json_member (json, path);
          web_json_begin_object (json);
          last = entry->route->pattern;
        }
      write_operation (json, entry);
    }
  if (last)
    web_json_end_object (json);
  web_json_end_object (json);
}

static void
handle (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  WebJson json;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_string (&json, "openapi", "3.1.0");
  web_json_member (&json, "info");
  web_json_begin_object (&json);
  web_json_member_string (&json, "title", "booru-host");
  web_json_member_string (&json, "version", "2");
  web_json_member_string (&json, "description",
                          "The HTTP API of Danbooru 2, as docs/api.md describes it.");
  web_json_end_object (&json);
  web_json_member (&json, "servers");
  web_json_begin_array (&json);
  web_json_begin_object (&json);
  web_json_member_string (&json, "url", web_request_get_base_url (request));
  web_json_end_object (&json);
  web_json_end_array (&json);
  write_paths (&json, user_data);
  web_json_end_object (&json);
  web_request_respond_string (request, 200, "application/json; charset=utf-8",
                              web_json_finish (&json));
}

static const BooruRoute route = { "GET", "/openapi.json", 0, handle };

void
web_routes_add_openapi (BooruExtensions *extensions)
{
  booru_extensions_add_route (extensions, &route, extensions);
}
