/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sidecars in text: one tag a line (gallery-dl --write-tags, Hydrus), or one line with commas, as
 * training sets of image models have it. Texts that people write to be read look different, and are
 * not taken: nobody wants their words for tags. */
#include <string.h>

#include "monitor-sidecar.h"

#define MAX_WORDS 6       /* of a tag */
#define MAX_WORDS_ALONE 3 /* of a tag that is all there is */

static guint
count_words (const char *text)
{
  guint n = 0;

  while (*text)
    {
      text += strspn (text, " \t");
      n += *text != '\0';
      text += strcspn (text, " \t");
    }
  return n;
}

static gboolean
has_namespace (const char *line)
{
  const char *colon = strchr (line, ':');
  g_autofree char *space = colon ? g_strndup (line, colon - line) : NULL;
  gint category;

  return space != NULL
         && (monitor_tags_find_category (space, &category)
             || g_ascii_strcasecmp (space, "rating") == 0
             || g_ascii_strcasecmp (space, "source") == 0
             || g_ascii_strcasecmp (space, "url") == 0);
}

/* A namespace may be followed by anything, such as the title of a book. */
static gboolean
is_tag_like (const char *line, guint max_words)
{
  return has_namespace (line)
         || (count_words (line) <= max_words && strchr (line, ',') == NULL
             && !(count_words (line) > 1 && g_str_has_suffix (line, ".")));
}

static GPtrArray *
split (const char *text, const char *separators)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) all = g_strsplit_set (text, separators, -1);

  for (guint i = 0; all[i] != NULL; i++)
    if (*g_strstrip (all[i]))
      g_ptr_array_add (parts, g_strdup (all[i]));
  return parts;
}

static MonitorSidecarResult
take_parts (MonitorTags *self, GPtrArray *parts, guint max_words)
{
  for (guint i = 0; i < parts->len; i++)
    if (!is_tag_like (parts->pdata[i], max_words))
      return MONITOR_SIDECAR_NONE;
  for (guint i = 0; i < parts->len; i++)
    monitor_tags_add_namespaced (self, parts->pdata[i]);
  return MONITOR_SIDECAR_READ;
}

MonitorSidecarResult
monitor_sidecar_parse_text (MonitorTags *self, const char *text, gsize length, GError **error)
{
  g_autofree char *copy = NULL;
  g_autoptr (GPtrArray) lines = NULL, parts = NULL;
  const char *line;

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  if (!g_utf8_validate_len (text, length, NULL))
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                           "It is not UTF-8 text; save it as such");
      return MONITOR_SIDECAR_BROKEN;
    }
  copy = g_strndup (text, length);
  lines = split (copy, "\r\n");
  if (lines->len == 0)
    return MONITOR_SIDECAR_READ; /* a post without tags */
  if (lines->len > 1)
    return take_parts (self, lines, MAX_WORDS);

  line = lines->pdata[0];
  if (strchr (line, ',') != NULL && !has_namespace (line))
    {
      parts = split (line, ",");
      return take_parts (self, parts, MAX_WORDS);
    }
  /* Tags with underscores have no blanks in them: these separate. */
  if (count_words (line) > 1 && strchr (line, '_') != NULL && !has_namespace (line))
    {
      monitor_tags_add_words (self, line, -1);
      return MONITOR_SIDECAR_READ;
    }
  return take_parts (self, lines, MAX_WORDS_ALONE);
}
