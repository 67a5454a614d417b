/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-negotiate.h"

#include <string.h>

const char *const web_override_methods[] = { "GET", "PUT", "PATCH", "DELETE", NULL };

/* The formats that Danbooru's clients ask for by a suffix. */
typedef struct
{
  const char *text;
  WebFormat format;
} Suffix;

static const Suffix suffixes[] = {
  { ".json", WEB_FORMAT_JSON },  { ".html", WEB_FORMAT_HTML }, { ".xml", WEB_FORMAT_OTHER },
  { ".atom", WEB_FORMAT_OTHER }, { ".rss", WEB_FORMAT_OTHER }, { ".csv", WEB_FORMAT_OTHER },
};

/* Trailing slashes do not count. */
static gsize
get_length (const char *path)
{
  gsize length = strlen (path);

  while (length > 1 && path[length - 1] == '/')
    length--;
  return length;
}

/* Returns: the format that the path ends in, or NULL, with the length of what is before it */
static const Suffix *
get_suffix (const char *path, gsize *stem)
{
  gsize length = *stem = get_length (path);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      gsize n = strlen (suffixes[i].text);

      if (length > n && memcmp (path + length - n, suffixes[i].text, n) == 0
          && path[length - n - 1] != '/')
        {
          *stem = length - n;
          return &suffixes[i];
        }
    }
  return NULL;
}

static WebFormat
read_accept (const char *accept)
{
  static const char *const html[] = { "text/html", "application/xhtml+xml", "*/*", "text/*" };
  gboolean json;

  if (accept == NULL || *accept == '\0')
    return WEB_FORMAT_ANY;
  json = strstr (accept, "application/json") || strstr (accept, "application/*");
  if (json && strstr (accept, "text/html") == NULL)
    return WEB_FORMAT_JSON;
  for (guint i = 0; i < G_N_ELEMENTS (html); i++)
    if (strstr (accept, html[i]))
      return WEB_FORMAT_HTML;
  return WEB_FORMAT_OTHER;
}

/**
 * web_negotiate_format:
 * @path: the request's, encoded
 * @asked: what else it says
 *
 * Returns: the format asked for: by the path's suffix, else by the parameter, else by Accept
 */
WebFormat
web_negotiate_format (const char *path, const WebAsked *asked)
{
  gsize stem;
  const Suffix *suffix = get_suffix (path, &stem);

  if (suffix)
    return suffix->format;
  if (asked->format && *asked->format)
    return g_str_equal (asked->format, "json")   ? WEB_FORMAT_JSON
           : g_str_equal (asked->format, "html") ? WEB_FORMAT_HTML
                                                 : WEB_FORMAT_OTHER;
  return read_accept (asked->accept);
}

static WebMatchResult
match_variant (WebRouter *router,
               const char *method,
               const char *path,
               gsize stem,
               const char *suffix,
               WebMatch *match)
{
  g_autofree char *variant = g_strdup_printf ("%.*s%s", (int)stem, path, suffix);

  return web_router_match (router, method, variant, match);
}

/* Rather than by a capture that took the suffix for a part of a name. */
static gboolean
is_found_as (WebMatchResult result, const WebMatch *match, const char *suffix)
{
  return result == WEB_MATCH_FOUND && g_str_has_suffix (match->route->pattern, suffix);
}

static WebMatchResult
replace_match (WebMatch *match, WebMatch *other, WebMatchResult result)
{
  web_match_clear (match);
  *match = *other;
  memset (other, 0, sizeof *other);
  return result;
}

/* The path says the format. Where that is not served, what is before it says whether any is. */
static WebMatchResult
match_suffixed (WebRouter *router,
                const char *method,
                const char *path,
                gsize stem,
                const Suffix *suffix,
                WebMatch *match)
{
  WebMatchResult result = web_router_match (router, method, path, match);
  g_auto (WebMatch) page = { 0 }, json = { 0 };
  WebMatchResult page_result;

  if (result == WEB_MATCH_BAD_PATH || is_found_as (result, match, suffix->text))
    return result;
  page_result = match_variant (router, method, path, stem, "", &page);
  if (suffix->format == WEB_FORMAT_HTML && page_result != WEB_MATCH_NOT_FOUND)
    return replace_match (match, &page, page_result);
  if (result == WEB_MATCH_NOT_FOUND && page_result == WEB_MATCH_FOUND)
    return WEB_MATCH_WRONG_FORMAT;
  if (suffix->format == WEB_FORMAT_OTHER
      && is_found_as (match_variant (router, method, path, stem, ".json", &json), &json, ".json"))
    return WEB_MATCH_WRONG_FORMAT;
  return result;
}

/**
 * web_negotiate_route:
 * @router: the routes
 * @method: the request's
 * @path: the request's, encoded
 * @asked: what else it says
 * @match: (out caller-allocates): as web_router_match()
 *
 * Finds the route for "/posts.json", "/posts" as a page, and "/posts" as JSON alike.
 *
 * Returns: what was found
 */
WebMatchResult
web_negotiate_route (WebRouter *router,
                     const char *method,
                     const char *path,
                     const WebAsked *asked,
                     WebMatch *match)
{
  WebFormat format = web_negotiate_format (path, asked);
  g_auto (WebMatch) json = { 0 };
  WebMatchResult result, json_result;
  gsize stem;
  const Suffix *suffix = get_suffix (path, &stem);

  if (suffix)
    return match_suffixed (router, method, path, stem, suffix, match);

  result = web_router_match (router, method, path, match);
  if (format != WEB_FORMAT_JSON && format != WEB_FORMAT_OTHER)
    return result;
  json_result = match_variant (router, method, path, stem, ".json", &json);
  if (is_found_as (json_result, &json, ".json"))
    return format == WEB_FORMAT_OTHER ? WEB_MATCH_WRONG_FORMAT
                                      : replace_match (match, &json, json_result);
  if (json_result == WEB_MATCH_WRONG_METHOD && result != WEB_MATCH_FOUND)
    return replace_match (match, &json, json_result);
  return result;
}

/**
 * web_negotiate_body_limit:
 * @router: the routes
 * @method: the request's
 * @path: its path, encoded
 * @fallback: for a path that no route takes, and for a GET that is sent as a POST
 *
 * Before the body is read, it may still say that the method is another one or the answer JSON.
 *
 * Returns: how long the body may be
 */
gsize
web_negotiate_body_limit (WebRouter *router, const char *method, const char *path, gsize fallback)
{
  static const char *const endings[] = { "", ".json" };
  const char *const own[] = { method, NULL };
  const char *const *sets[] = { own, g_str_equal (method, "POST") ? web_override_methods : NULL };
  gsize limit = 0, stem;
  gboolean found = FALSE;

  get_suffix (path, &stem);
  for (guint set = 0; set < G_N_ELEMENTS (sets) && sets[set]; set++)
    for (const char *const *candidate = sets[set]; *candidate; candidate++)
      for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
        {
          g_auto (WebMatch) match = { 0 };

          if (match_variant (router, *candidate, path, stem, endings[i], &match) != WEB_MATCH_FOUND)
            continue;
          found = TRUE;
          limit = MAX (limit, match.route->body_limit);
          if (sets[set] == web_override_methods && g_str_equal (*candidate, "GET"))
            limit = MAX (limit, fallback); /* a search too long for a URL */
        }
  return found ? limit : fallback;
}
