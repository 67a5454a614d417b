/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-lookup.h"

#include <string.h>

/* The formats that Danbooru's clients ask for by a suffix. */
static const char *const suffixes[] = { ".json", ".html", ".xml", ".atom", ".rss", ".csv", NULL };

typedef struct
{
  guint start, end;
} Range;

struct _WebLookup
{
  WebMatchResult fault; /* WEB_MATCH_FOUND: none */
  char *segments[WEB_MAX_SEGMENTS];
  guint n_segments;
  char *bare, *json; /* the last segment in the other spellings; NULL: as it stands */
  const char *suffix;
  GArray *places;                /* WebPlace, by spelling */
  Range ranges[WEB_N_SPELLINGS]; /* of places */
};

/* Decodes one segment. NULL: broken encoding, a NUL, or not UTF-8. */
static char *
decode_segment (const char *segment, gsize length)
{
  g_autofree char *decoded = NULL;

  if (memchr (segment, '%', length) == NULL)
    decoded = g_strndup (segment, length);
  else
    decoded = g_uri_unescape_segment (segment, segment + length, NULL);

  if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
    return NULL;
  return g_steal_pointer (&decoded);
}

/* Splits before it decodes, so that an encoded slash does not separate. */
static WebMatchResult
split (WebLookup *self, const char *encoded)
{
  const char *at = encoded;
  WebMatchResult result = WEB_MATCH_FOUND;

  if (*at++ != '/')
    return WEB_MATCH_BAD_PATH;

  for (; *at; at++)
    {
      const char *end = strchrnul (at, '/');
      g_autofree char *segment = decode_segment (at, (gsize)(end - at));

      if (segment == NULL)
        return WEB_MATCH_BAD_PATH;
      if (self->n_segments == WEB_MAX_SEGMENTS)
        result = WEB_MATCH_NOT_FOUND;
      else if (*segment)
        self->segments[self->n_segments++] = g_steal_pointer (&segment);
      if (*end == '\0')
        break;
      at = end;
    }
  return result;
}

static Range
find (WebLookup *self, const WebRouter *router, char *last)
{
  char *segments[WEB_MAX_SEGMENTS];
  guint start = self->places->len;

  memcpy (segments, self->segments, sizeof segments);
  if (last)
    segments[self->n_segments - 1] = last;
  web_router_find (router, segments, self->n_segments, self->places);
  return (Range){ start, self->places->len };
}

/* The format that a path ends in; NULL: none. Trailing slashes do not count. */
static const char *
find_suffix (const char *path)
{
  gsize length = strlen (path);

  while (length > 1 && path[length - 1] == '/')
    length--;
  for (guint i = 0; suffixes[i]; i++)
    {
      gsize n = strlen (suffixes[i]);

      if (length > n && memcmp (path + length - n, suffixes[i], n) == 0
          && path[length - n - 1] != '/')
        return suffixes[i];
    }
  return NULL;
}

/* How the last segment reads in the other spellings. */
static void
spell (WebLookup *self)
{
  const char *last = self->segments[self->n_segments - 1];
  int stem = (int)(strlen (last) - (self->suffix ? strlen (self->suffix) : 0));

  if (self->suffix)
    self->bare = g_strndup (last, (gsize)stem);
  if (self->suffix != suffixes[0])
    self->json = g_strdup_printf ("%.*s.json", stem, last);
}

WebLookup *
web_lookup_new (const WebRouter *router, const char *path)
{
  WebLookup *self = g_new0 (WebLookup, 1);
  Range exact;

  self->places = g_array_new (FALSE, FALSE, sizeof (WebPlace));
  self->suffix = find_suffix (path);
  self->fault = split (self, path);
  if (self->fault != WEB_MATCH_FOUND)
    return self;
  if (self->n_segments > 0)
    spell (self);
  exact = find (self, router, NULL);
  self->ranges[WEB_SPELLING_EXACT] = exact;
  self->ranges[WEB_SPELLING_BARE] = self->bare ? find (self, router, self->bare) : exact;
  self->ranges[WEB_SPELLING_JSON] = self->json ? find (self, router, self->json) : exact;
  return self;
}

void
web_lookup_free (WebLookup *self)
{
  for (guint i = 0; i < self->n_segments; i++)
    g_free (self->segments[i]);
  g_free (self->bare);
  g_free (self->json);
  g_array_unref (self->places);
  g_free (self);
}

const char *
web_lookup_get_suffix (const WebLookup *self)
{
  return self->suffix;
}

static gboolean
match_any (const WebLookup *self, const Range *range, const char *method, WebMatch *match)
{
  for (guint i = range->start; i < range->end; i++)
    if (web_place_match (&g_array_index (self->places, WebPlace, i), method, match))
      return TRUE;
  return FALSE;
}

static char *
make_allow (const WebLookup *self, const Range *range, WebMatch *match)
{
  GString *allow = g_string_new (NULL);

  for (const char *const *method = web_router_methods; *method; method++)
    {
      g_auto (WebMatch) other = { 0 };

      if (!match_any (self, range, *method, &other))
        continue;
      if (match->entry == NULL)
        match->entry = other.entry;
      g_string_append_printf (allow, "%s%s", allow->len ? ", " : "", *method);
      if (g_str_equal (*method, "GET"))
        g_string_append (allow, ", HEAD");
    }
  return g_string_free (allow, FALSE);
}

WebMatchResult
web_lookup_match (const WebLookup *self, WebSpelling spelling, const char *method, WebMatch *match)
{
  const Range *range = &self->ranges[spelling];

  memset (match, 0, sizeof *match);
  if (self->fault != WEB_MATCH_FOUND)
    return self->fault;
  if (match_any (self, range, method, match))
    return WEB_MATCH_FOUND;
  if (range->start == range->end)
    return WEB_MATCH_NOT_FOUND;
  match->allow = make_allow (self, range, match);
  return WEB_MATCH_WRONG_METHOD;
}
