/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /explore/posts/: what was liked best in a day, week or month. */
#include <stdio.h>
#include <string.h>

#include "http/web-request.h"
#include "web-routes.h"

#define DEFAULT_LIMIT 20
#define MAX_LIMIT 200

/* The day that is asked for, or today; NULL: it is no date. */
static GDateTime *
read_date (WebRequest *request)
{
  const char *text = booru_request_get_param (BOORU_REQUEST (request), "date");
  guint year, month, day;

  if (text == NULL || *text == '\0')
    return booru_time_from_usec (g_get_real_time ());
  if (sscanf (text, "%4u-%2u-%2u", &year, &month, &day) != 3)
    return NULL;
  return g_date_time_new_utc ((gint)year, (gint)month, (gint)day, 0, 0, 0);
}

/* The days from the first one on, without the last one, as a search. */
static char *
make_query (GDateTime *date, const char *scale, const char *order)
{
  g_autoptr (GDateTime) first = NULL, next = NULL;
  g_autofree char *from = NULL, *to = NULL;

  if (g_strcmp0 (scale, "week") == 0)
    {
      first = g_date_time_add_days (date, 1 - g_date_time_get_day_of_week (date));
      next = g_date_time_add_days (first, 7);
    }
  else if (g_strcmp0 (scale, "month") == 0)
    {
      first = g_date_time_add_days (date, 1 - g_date_time_get_day_of_month (date));
      next = g_date_time_add_months (first, 1);
    }
  else
    {
      first = g_date_time_ref (date);
      next = g_date_time_add_days (first, 1);
    }
  from = g_date_time_format (first, "%Y-%m-%d");
  to = g_date_time_format (next, "%Y-%m-%d");
  return g_strdup_printf ("date:%s...%s order:%s", from, to, order);
}

/* @user_data: the order. */
static void
handle_posts (BooruRequest *base, gpointer user_data)
{
  static const char *const none[] = { NULL };
  WebRequest *request = WEB_REQUEST (base);
  g_autoptr (GDateTime) date = read_date (request);
  gint64 limit = web_request_get_int (request, "limit", DEFAULT_LIMIT);
  g_autofree char *text = NULL;
  g_autoptr (BooruQuery) query = NULL;
  g_autoptr (GPtrArray) posts = NULL;
  g_autoptr (GError) error = NULL;
  BooruPage page;

  if (!web_request_check_search (request, none))
    return;
  if (date == NULL)
    {
      web_request_fail_invalid (request, "date", "is not a date such as 2024-01-31");
      return;
    }
  limit = limit < 0 ? DEFAULT_LIMIT : MIN (limit, MAX_LIMIT);
  if (!web_routes_read_page (request, (guint)limit, &page))
    return;
  text = make_query (date, booru_request_get_param (base, "scale"), user_data);
  query = booru_query_parse (text);
  posts = web_request_search (request, query, &page, &error);
  if (posts == NULL)
    booru_request_fail (base, error);
  else
    web_routes_respond_posts (request, posts);
}

/* Nobody counts who looks at what, or what is searched for. */
static void
handle_nothing (BooruRequest *base, gpointer user_data)
{
  static const char empty[] = "[]";
  g_autoptr (GBytes) body = g_bytes_new_static (empty, strlen (empty));

  booru_request_respond (base, 200, "application/json; charset=utf-8", body);
}

static const struct
{
  BooruRoute route;
  const char *order;
} routes[] = {
  { { "GET", "/explore/posts/popular.json", 0, handle_posts }, "score" },
  { { "GET", "/explore/posts/curated.json", 0, handle_posts }, "favcount" },
  { { "GET", "/explore/posts/viewed.json", 0, handle_nothing }, NULL },
  { { "GET", "/explore/posts/searches.json", 0, handle_nothing }, NULL },
  { { "GET", "/explore/posts/missed_searches.json", 0, handle_nothing }, NULL },
};

void
web_routes_add_explore (BooruExtensions *extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    booru_extensions_add_route (extensions, &routes[i].route, (gpointer)routes[i].order);
}
