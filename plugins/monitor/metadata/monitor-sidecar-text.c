/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sidecars in text: one tag a line (gallery-dl --write-tags, Hydrus), lists with commas, as
 * training sets of image models have them, or words with blanks, as boorus have them. Texts that
 * people write to be read look different, and are not taken: nobody wants their words for tags. */
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

/* A namespace may be followed by anything, such as the title of a book. */
static gboolean
is_tag_like (const char *text, guint max_words)
{
  return monitor_tags_find_namespace (text) != MONITOR_NAMESPACE_NONE
         || (count_words (text) <= max_words
             && !(count_words (text) > 1 && g_str_has_suffix (text, ".")));
}

static GPtrArray *
split_lines (const char *text)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) all = g_strsplit_set (text, "\r\n", -1);

  for (guint i = 0; all[i] != NULL; i++)
    if (*g_strstrip (all[i]))
      g_ptr_array_add (lines, g_strdup (all[i]));
  return lines;
}

/* "a; b; c". A semicolon alone may be part of a smiley. */
static gboolean
is_separator (const char *at, char separator)
{
  return *at == separator && (*at != ';' || strchr (" \t", at[1]) != NULL);
}

/* At each @separator that is not in quotes. */
static void
split_list (const char *line, char separator, GPtrArray *parts)
{
  const char *start = line;
  gboolean quoted = FALSE;

  for (const char *at = line;; at++)
    {
      if (*at == '"' && (quoted || start + strspn (start, " \t") == at))
        quoted = !quoted && strchr (at + 1, '"') != NULL;
      if (*at != '\0' && (quoted || !is_separator (at, separator)))
        continue;
      g_ptr_array_add (parts, g_strstrip (g_strndup (start, at - start)));
      start = at + 1;
      if (*at == '\0')
        return;
    }
}

static gboolean
is_list_with_semicolons (const char *line)
{
  return strchr (line, ',') == NULL && strstr (line, "; ") != NULL;
}

static void
split_line (const char *line, gboolean is_list, GPtrArray *parts)
{
  if (monitor_tags_find_namespace (line) == MONITOR_NAMESPACE_TEXT || !is_list)
    g_ptr_array_add (parts, g_strdup (line));
  else if (monitor_tags_blanks_separate (line))
    split_list (line, ' ', parts);
  else
    split_list (line, is_list_with_semicolons (line) ? ';' : ',', parts);
}

/* In lines of one tag each a comma is part of the tag; in lists most lines have one, or it goes on
 * in the next line. */
static gboolean
are_lists (GPtrArray *lines)
{
  guint n_lists = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      const char *line = lines->pdata[i];

      if (i + 1 < lines->len && g_str_has_suffix (line, ","))
        return TRUE;
      n_lists += strchr (line, ',') != NULL || is_list_with_semicolons (line);
    }
  return lines->len == 1 || 2 * n_lists > lines->len;
}

static GPtrArray *
split (GPtrArray *lines)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  gboolean are_list = are_lists (lines);

  for (guint i = 0; i < lines->len; i++)
    split_line (lines->pdata[i], are_list, parts);
  for (guint i = parts->len; i-- > 0;)
    if (*(const char *)parts->pdata[i] == '\0')
      g_ptr_array_remove_index (parts, i);
  return parts;
}

static gboolean
is_quoted (const char *text, gsize length)
{
  return length >= 2 && (*text == '"' || *text == '\'') && text[length - 1] == *text;
}

/* "(sky:1.2)": how much a model shall think of it; and "((sky))", likewise. */
static gboolean
is_weighted (const char *text, gsize length)
{
  const char *colon = strrchr (text, ':');

  if (length < 3 || *text != '(' || text[length - 1] != ')')
    return FALSE;
  return (colon != NULL && strspn (colon + 1, "0123456789.") == strlen (colon) - 2)
         || (length > 4 && text[1] == '(' && text[length - 2] == ')');
}

/* Without quotes, weights and the backslashes with which captions protect their brackets. */
static char *
clean (const char *part)
{
  g_autofree char *text = g_strdup (part);
  gsize length = strlen (text);
  GString *cleaned = g_string_new (NULL);

  while (is_quoted (text, length) || is_weighted (text, length))
    {
      g_autofree char *inner = g_strndup (text + 1, length - 2);
      char *colon = *text == '(' ? strrchr (inner, ':') : NULL;

      if (colon != NULL && strspn (colon + 1, "0123456789.") == strlen (colon + 1))
        *colon = '\0';
      g_free (text);
      text = g_strstrip (g_steal_pointer (&inner));
      length = strlen (text);
    }
  for (const char *at = text; *at; at++)
    if (*at != '\\' || strchr ("()[]", at[1]) == NULL || at[1] == '\0')
      g_string_append_c (cleaned, *at);
  return g_string_free (cleaned, FALSE);
}

/* What the web UI of Stable Diffusion writes beside its pictures. */
static gboolean
is_generation_data (GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    if (g_str_has_prefix (lines->pdata[i], "Negative prompt:")
        || (g_str_has_prefix (lines->pdata[i], "Steps: ")
            && strstr (lines->pdata[i], ", ") != NULL))
      return TRUE;
  return FALSE;
}

/* If most of it looks like tags, they are, and the rest is left out. */
static MonitorSidecarResult
take_parts (MonitorTags *self, GPtrArray *parts, guint max_words)
{
  guint n_tags = 0;

  for (guint i = 0; i < parts->len; i++)
    n_tags += is_tag_like (parts->pdata[i], max_words);
  if (2 * n_tags <= parts->len)
    return MONITOR_SIDECAR_NONE;
  for (guint i = 0; i < parts->len; i++)
    {
      g_autofree char *text = clean (parts->pdata[i]);

      if (g_str_has_prefix (text, "<lora:") || !is_tag_like (parts->pdata[i], max_words))
        monitor_tags_leave_out (self, parts->pdata[i]);
      else
        monitor_tags_add_namespaced (self, text);
    }
  return MONITOR_SIDECAR_READ;
}

MonitorSidecarResult
monitor_sidecar_parse_text (MonitorTags *self, const char *text, gsize length, GError **error)
{
  gsize converted_length;
  g_autofree char *converted = monitor_sidecar_to_utf8 (text, length, &converted_length, error);
  g_autoptr (GPtrArray) lines = NULL, parts = NULL;
  MonitorSidecarResult result;

  if (converted == NULL)
    return MONITOR_SIDECAR_BROKEN;
  if (strchr ("[{", converted[strspn (converted, " \t\r\n")]) != NULL
      && (result = monitor_sidecar_parse_json (self, converted, converted_length, NULL))
             == MONITOR_SIDECAR_READ)
    return result;

  lines = split_lines (converted);
  if (lines->len == 0)
    return MONITOR_SIDECAR_READ; /* a post without tags */
  parts = split (lines);
  result = is_generation_data (lines)
               ? MONITOR_SIDECAR_NONE
               : take_parts (self, parts, parts->len == 1 ? MAX_WORDS_ALONE : MAX_WORDS);
  if (result == MONITOR_SIDECAR_NONE)
    monitor_tags_leave_out (self, lines->pdata[0]);
  return result;
}
