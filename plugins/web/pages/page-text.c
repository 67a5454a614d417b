/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "page-text.h"

#include <math.h>
#include <string.h>

/* What a query may contain besides letters and digits, and stays readable as. */
#define QUERY_ALLOWED "!$()*,:;@/~"

/* Characters that reorder, hide or break what stands around them must not stand on a page as part
 * of a file's name: "gpj.exe" could pose as "exe.jpg". */
static gboolean
is_visible (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return c == 0x200d; /* joins emoji */
    default:
      return TRUE;
    }
}

static void
append_invisible (GString *out, gunichar c)
{
  if (c == '\n')
    g_string_append (out, "\\n");
  else if (c == '\t')
    g_string_append (out, "\\t");
  else if (c < 0x80)
    g_string_append_printf (out, "\\x%02x", c);
  else
    g_string_append_printf (out, "\\u{%x}", c);
}

char *
page_text_from_bytes (const char *bytes)
{
  GString *out = g_string_new (NULL);
  const char *at = bytes;

  while (*at)
    {
      gunichar c = g_utf8_get_char_validated (at, -1);

      if (c == (gunichar)-1 || c == (gunichar)-2)
        {
          g_string_append_printf (out, "\\x%02x", (guchar)*at++);
          continue;
        }
      if (is_visible (c))
        g_string_append_unichar (out, c);
      else
        append_invisible (out, c);
      at = g_utf8_next_char (at);
    }
  return g_string_free (out, FALSE);
}

char *
page_text_from_tag (const char *name)
{
  return g_strdelimit (g_strdup (name), "_", ' ');
}

char *
page_text_from_duration (double seconds)
{
  gint64 whole = (gint64)lround (CLAMP (seconds, 0, 1e9));

  if (whole >= 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", whole / 3600, (int)(whole / 60 % 60),
                            (int)(whole % 60));
  return g_strdup_printf ("%d:%02d", (int)(whole / 60), (int)(whole % 60));
}

char *
page_text_from_frames (gint frames)
{
  g_autofree char *count = booru_text_from_count (frames);

  return g_strconcat (count, frames == 1 ? " frame" : " frames", NULL);
}

char *
page_text_from_time (gint64 microseconds)
{
  g_autoptr (GDateTime) time = booru_time_from_usec (microseconds);

  return time ? g_date_time_format (time, "%Y-%m-%d %H:%M\u00a0%Z") : g_strdup ("");
}

char *
page_text_list_tags (const BooruPost *post, guint max_tags)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < post->tags->len && i < max_tags; i++)
    {
      const BooruTagRef *tag = g_ptr_array_index (post->tags, i);
      gsize from;

      if (i > 0)
        g_string_append (out, ", ");
      from = out->len;
      g_string_append (out, tag->name);
      g_strdelimit (out->str + from, "_", ' ');
    }
  return g_string_free (out, FALSE);
}

const char *
page_text_get_rating (BooruRating rating)
{
  switch (rating)
    {
    case BOORU_RATING_SENSITIVE:
      return "Sensitive";
    case BOORU_RATING_QUESTIONABLE:
      return "Questionable";
    case BOORU_RATING_EXPLICIT:
      return "Explicit";
    case BOORU_RATING_GENERAL:
    default:
      return "General";
    }
}

gboolean
page_media_is_video (const BooruMedia *media)
{
  static const char *const exts[] = { "mp4", "webm", "mkv", "mov", "m4v", "avi", "ogv", NULL };

  return g_strv_contains (exts, media->ext);
}

gboolean
page_media_is_ugoira (const BooruMedia *media)
{
  return strcmp (media->ext, "zip") == 0;
}

gboolean
page_media_is_shown (const BooruMedia *media)
{
  static const char *const exts[]
      = { "jpg", "png", "gif", "webp", "avif", "svg", "svgz", "bmp", "apng", NULL };

  return g_strv_contains (exts, media->ext);
}

static void
append_query (GString *url, const char *name, const char *value)
{
  gsize from;

  g_string_append_c (url, strchr (url->str, '?') ? '&' : '?');
  g_string_append (url, name);
  g_string_append_c (url, '=');
  from = url->len;
  g_string_append_uri_escaped (url, value, " " QUERY_ALLOWED, FALSE);
  g_strdelimit (url->str + from, " ", '+');
}

char *
page_url_from_search (const char *path, const char *tags)
{
  GString *url = g_string_new (path);

  if (tags && *tags)
    append_query (url, "tags", tags);
  return g_string_free (url, FALSE);
}

char *
page_url_from_page (const char *tags, guint limit, const char *page)
{
  g_autofree char *base = page_url_from_search ("/posts", tags);
  GString *url = g_string_new (base);
  g_autofree char *number = g_strdup_printf ("%u", limit);

  if (limit > 0)
    append_query (url, "limit", number);
  if (page)
    append_query (url, "page", page);
  return g_string_free (url, FALSE);
}

char *
page_url_with_query (const char *path, const char *query)
{
  GString *url = g_string_new (path);

  if (query && *query)
    append_query (url, "q", query);
  return g_string_free (url, FALSE);
}

char *
page_url_from_post (gint64 id, const char *query)
{
  g_autofree char *path = g_strdup_printf ("/posts/%" G_GINT64_FORMAT, id);

  return page_url_with_query (path, query);
}

char *
page_query_with (const char *query, const char *sign, const char *tag)
{
  g_autofree char *folded = NULL;

  if (query == NULL || *query == '\0')
    return g_strconcat (sign, tag, NULL);

  /* "a or b" and one more would mean "a or (b and one more)". */
  folded = g_utf8_strdown (query, -1);
  if (strstr (folded, " or ") || g_str_has_prefix (folded, "~") || strstr (folded, " ~"))
    return g_strconcat ("(", query, ") ", sign, tag, NULL);
  return g_strconcat (query, " ", sign, tag, NULL);
}
