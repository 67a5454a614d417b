/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-negotiate.h"

#include <string.h>

const char *const web_override_methods[] = { "GET", "PUT", "PATCH", "DELETE", NULL };

static WebFormat
read_name (const char *name)
{
  return g_str_equal (name, "json")   ? WEB_FORMAT_JSON
         : g_str_equal (name, "html") ? WEB_FORMAT_HTML
                                      : WEB_FORMAT_OTHER;
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

WebFormat
web_negotiate_format (const WebLookup *lookup, const WebFormatHints *hints)
{
  const char *suffix = web_lookup_get_suffix (lookup);

  if (suffix)
    return read_name (suffix + 1);
  if (hints->param && *hints->param)
    return read_name (hints->param);
  return read_accept (hints->accept);
}

/* Rather than by a capture that took the suffix for a part of a name. */
static gboolean
is_found_as (WebMatchResult result, const WebMatch *match, const char *suffix)
{
  return result == WEB_MATCH_FOUND && g_str_has_suffix (match->entry->route->pattern, suffix);
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
match_suffixed (const WebLookup *lookup, const char *method, const char *suffix, WebMatch *match)
{
  WebMatchResult result = web_lookup_match (lookup, WEB_SPELLING_EXACT, method, match);
  g_auto (WebMatch) page = { 0 }, json = { 0 };
  WebFormat format = read_name (suffix + 1);
  WebMatchResult page_result;

  if (result == WEB_MATCH_BAD_PATH || is_found_as (result, match, suffix))
    return result;
  page_result = web_lookup_match (lookup, WEB_SPELLING_BARE, method, &page);
  if (format == WEB_FORMAT_HTML && page_result != WEB_MATCH_NOT_FOUND)
    return replace_match (match, &page, page_result);
  if (result == WEB_MATCH_NOT_FOUND && page_result == WEB_MATCH_FOUND)
    return WEB_MATCH_WRONG_FORMAT;
  if (format == WEB_FORMAT_OTHER
      && is_found_as (web_lookup_match (lookup, WEB_SPELLING_JSON, method, &json), &json, ".json"))
    return WEB_MATCH_WRONG_FORMAT;
  return result;
}

WebMatchResult
web_negotiate_route (const WebLookup *lookup,
                     const char *method,
                     const WebFormatHints *hints,
                     WebMatch *match)
{
  WebFormat format = web_negotiate_format (lookup, hints);
  const char *suffix = web_lookup_get_suffix (lookup);
  g_auto (WebMatch) json = { 0 };
  WebMatchResult result, json_result;

  if (suffix)
    return match_suffixed (lookup, method, suffix, match);

  result = web_lookup_match (lookup, WEB_SPELLING_EXACT, method, match);
  if (format != WEB_FORMAT_JSON && format != WEB_FORMAT_OTHER)
    return result;
  json_result = web_lookup_match (lookup, WEB_SPELLING_JSON, method, &json);
  if (is_found_as (json_result, &json, ".json"))
    return format == WEB_FORMAT_OTHER ? WEB_MATCH_WRONG_FORMAT
                                      : replace_match (match, &json, json_result);
  if (json_result == WEB_MATCH_WRONG_METHOD && result != WEB_MATCH_FOUND)
    return replace_match (match, &json, json_result);
  return result;
}

gsize
web_negotiate_body_limit (const WebLookup *lookup, const char *method, gsize fallback)
{
  static const WebSpelling spellings[] = { WEB_SPELLING_BARE, WEB_SPELLING_JSON };
  const char *const own[] = { method, NULL };
  const char *const *sets[] = { own, g_str_equal (method, "POST") ? web_override_methods : NULL };
  gsize limit = 0;
  gboolean found = FALSE;

  for (guint set = 0; set < G_N_ELEMENTS (sets) && sets[set]; set++)
    for (const char *const *candidate = sets[set]; *candidate; candidate++)
      for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
        {
          g_auto (WebMatch) match = { 0 };

          if (web_lookup_match (lookup, spellings[i], *candidate, &match) != WEB_MATCH_FOUND)
            continue;
          found = TRUE;
          limit = MAX (limit, match.entry->route->body_limit);
          if (sets[set] == web_override_methods && g_str_equal (*candidate, "GET"))
            limit = MAX (limit, fallback); /* a search too long for a URL */
        }
  return found ? limit : fallback;
}
