/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said about tags: wiki pages, and artists with their addresses. */
#include "route-records.h"
#include "web-routes.h"

#include "board/web-record.h"

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

/* Wiki pages. */

static const char *const wiki_own[] = { "hide_deleted", NULL };

static gboolean
add_wiki_own (WebRequest *request, BooruFilter *filter, GError **error)
{
  return !web_request_get_flag (request, "search[hide_deleted]")
         || booru_filter_add (filter, "is_deleted", "false", error);
}

static const BooruRoute wiki_routes[] = {
  WEB_RECORD_ROUTES ("wiki_pages", "wiki_page_versions"),
  { NULL },
};

static const WebRecordRoutes wiki_pages
    = { BOORU_RECORD_WIKI_PAGE, wiki_routes, booru_store_find_wiki_page, .own = wiki_own,
        .add_own = add_wiki_own };

/* Artists. */

static const char *const artist_own[] = { "url_matches", "any_name_or_url_matches", NULL };

static gboolean
add_by_url (WebRequest *request, BooruFilter *filter, const char *url, GError **error)
{
  g_autoptr (GArray) ids = booru_store_find_artists_by_url (get_store (request), url, error);
  g_autoptr (GString) list = g_string_new ("0");

  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (list, ",%" G_GINT64_FORMAT, g_array_index (ids, gint64, i));
  return booru_filter_add (filter, "id", list->str, error);
}

static gboolean
is_address (const char *text)
{
  return g_str_has_prefix (text, "http://") || g_str_has_prefix (text, "https://");
}

static gboolean
add_artist_own (WebRequest *request, BooruFilter *filter, GError **error)
{
  const char *url = booru_request_get_param (BOORU_REQUEST (request), "search[url_matches]");
  const char *either
      = booru_request_get_param (BOORU_REQUEST (request), "search[any_name_or_url_matches]");

  if (url != NULL && *url != '\0' && !add_by_url (request, filter, url, error))
    return FALSE;
  if (either == NULL || *either == '\0')
    return TRUE;
  return is_address (either) ? add_by_url (request, filter, either, error)
                             : booru_filter_add (filter, "any_name_matches", either, error);
}

/* The addresses as objects, where they are asked for. */
static void
write_urls (WebRequest *request, WebJson *json, const BooruRecord *artist)
{
  const BooruRecordType *type = booru_record_type_get (BOORU_RECORD_ARTIST_URL);
  BooruPage all = { BOORU_PAGE_NUMBER, 1, 1000 };
  g_autoptr (BooruFilter) filter = NULL;
  g_autoptr (GPtrArray) urls = NULL;

  if (json->fields[json->depth - 1] == NULL || !web_json_member (json, "urls"))
    return;
  filter = booru_filter_new (type->fields, type->n_fields);
  booru_filter_require (filter, "artist_id", booru_record_get_id (artist));
  booru_filter_set_page (filter, &all);
  urls = booru_store_list_records (get_store (request), type, filter, FALSE,
                                   booru_request_get_user (BOORU_REQUEST (request)), NULL);
  web_json_begin_array (json);
  for (guint i = 0; urls != NULL && i < urls->len; i++)
    web_record_write_json (json, urls->pdata[i]);
  web_json_end_array (json);
}

static const BooruRoute artist_routes[] = {
  WEB_RECORD_ROUTES ("artists", "artist_versions"),
  { NULL },
};
static const BooruRoute artist_url_routes[] = {
  { "GET", "/artist_urls.json", 0, web_records_handle_index },
  { NULL },
};

static const WebRecordRoutes artists = { BOORU_RECORD_ARTIST,       artist_routes,
                                         booru_store_find_artist,   .own = artist_own,
                                         .add_own = add_artist_own, .write_more = write_urls };
static const WebRecordRoutes artist_urls = { BOORU_RECORD_ARTIST_URL, artist_url_routes };

void
web_routes_add_tag_records (BooruExtensions *extensions)
{
  web_records_add_routes (extensions, &wiki_pages);
  web_records_add_routes (extensions, &artists);
  web_records_add_routes (extensions, &artist_urls);
}
