/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "board/web-tag.h"
#include "http/web-error.h"
#include "view/web-fields.h"
#include "view/web-json.h"
#include "http/web-request.h"
#include "web-routes.h"

#define DEFAULT_LIMIT 20
#define MAX_LIMIT 1000

static gboolean
read_page (WebRequest *request, BooruTagFilter *filter)
{
  g_autoptr (GError) error = NULL;
  BooruPage page;

  if (!booru_page_parse (booru_request_get_param (BOORU_REQUEST (request), "page"), filter->limit,
                         &page, &error))
    {
      if (booru_err_limit (error))
        web_request_fail_status (request, 410, web_error_get_class (410), error->message);
      else
        booru_request_fail (BOORU_REQUEST (request), error);
      return FALSE;
    }
  if (page.kind == BOORU_PAGE_NUMBER)
    filter->page = (guint)page.value;
  else if (page.kind == BOORU_PAGE_BEFORE)
    filter->before_id = page.value;
  else
    filter->after_id = page.value;
  return TRUE;
}

static BooruTagOrder
read_order (WebRequest *request)
{
  const char *order = web_request_get_search (request, "order");

  if (g_strcmp0 (order, "name") == 0)
    return BOORU_TAG_ORDER_NAME;
  if (g_strcmp0 (order, "date") == 0)
    return BOORU_TAG_ORDER_DATE;
  if (g_strcmp0 (order, "count") == 0)
    return BOORU_TAG_ORDER_COUNT;
  return BOORU_TAG_ORDER_NEWEST;
}

/* "name" is one, "name_comma" and "name_array" are several. Normalised, as the store keeps them; a
 * name that can't be a tag finds nothing. */
static char **
read_names (WebRequest *request)
{
  const char *name = web_request_get_search (request, "name");
  const char *list = web_request_get_search (request, "name_comma");
  g_auto (GStrv) given = NULL;
  GStrvBuilder *builder;
  char **names;

  if (list == NULL)
    list = web_request_get_search (request, "name_array");
  if (name && *name)
    {
      given = g_new0 (char *, 2);
      given[0] = g_strdup (name);
    }
  else if (list && *list)
    given = g_strsplit (list, ",", MAX_LIMIT);
  else
    return NULL;

  builder = g_strv_builder_new ();
  for (guint i = 0; given[i]; i++)
    {
      g_autofree char *normal = booru_tag_normalize (g_strstrip (given[i]), NULL);

      if (normal)
        g_strv_builder_add (builder, normal);
    }
  names = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);
  return names;
}

static void
respond_tags (WebRequest *request, GPtrArray *tags)
{
  g_autoptr (WebFields) fields
      = web_fields_parse (booru_request_get_param (BOORU_REQUEST (request), "only"));
  WebJson json;

  web_json_init (&json, fields);
  web_json_begin_array (&json);
  for (guint i = 0; tags && i < tags->len; i++)
    web_tag_write_json (&json, tags->pdata[i]);
  web_json_end_array (&json);
  web_shown_add_all_tags (web_request_get_shown (request));
  web_request_set_timeless (request);
  web_request_respond_string (request, 200, "application/json; charset=utf-8",
                              web_json_finish (&json));
}

static void
handle_index (BooruRequest *base, gpointer user_data)
{
  static const char *const filters[] = { "name",     "name_comma", "name_array", "name_matches",
                                         "category", "hide_empty", "order",      NULL };
  static const char *const no[] = { "0", "false", "f", "no", "n", "off", "", NULL };
  WebRequest *request = WEB_REQUEST (base);
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  g_auto (GStrv) names = read_names (request);
  const char *category = web_request_get_search (request, "category");
  const char *hide_empty = web_request_get_search (request, "hide_empty");
  g_autofree char *pattern = NULL;
  g_autoptr (GPtrArray) tags = NULL;
  g_autoptr (GError) error = NULL;
  BooruTagCategory known;
  gint64 limit = web_request_get_int (request, "limit", DEFAULT_LIMIT);

  filter.limit = limit < 0 ? DEFAULT_LIMIT : (guint)MIN (limit, MAX_LIMIT);
  filter.order = read_order (request);
  filter.hide_empty = hide_empty && !g_strv_contains (no, hide_empty);
  filter.names = (const char *const *)names;
  if (web_request_get_search (request, "name_matches"))
    pattern = g_utf8_strdown (web_request_get_search (request, "name_matches"), -1);
  filter.name_matches = pattern && *pattern ? g_strdelimit (pattern, " ", '_') : NULL;
  if (!web_request_check_search (request, filters) || !read_page (request, &filter))
    return;

  if ((category && *category && !booru_tag_category_from_string (category, &known))
      || (names && names[0] == NULL))
    {
      respond_tags (request, NULL); /* nothing can be like that */
      return;
    }
  if (category && *category)
    filter.category = (gint)known;

  tags = booru_store_list_tags (web_worker_get_store (web_request_get_worker (request)), &filter,
                                &error);
  if (tags)
    respond_tags (request, tags);
  else
    booru_request_fail (base, error);
}

static const BooruRoute index_route = { "GET", "/tags.json", 0, handle_index };

void
web_routes_add_tags (BooruExtensions *extensions)
{
  booru_extensions_add_route (extensions, &index_route, NULL);
}
