/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-tags.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_TAGS 2000
#define MAX_TAG_BYTES 1000
#define MAX_SOURCE_BYTES 8000
#define MAX_LEFT_OUT 50        /* that are listed */
#define MAX_LEFT_OUT_CHARS 100 /* of each */

MonitorTags *
monitor_tags_new (void)
{
  MonitorTags *self = g_new0 (MonitorTags, 1);

  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->notes = g_string_new (NULL);
  self->left_out = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
monitor_tags_free (MonitorTags *self)
{
  g_hash_table_unref (self->names);
  g_string_free (self->notes, TRUE);
  g_ptr_array_unref (self->left_out);
  g_free (self->source);
  g_clear_pointer (&self->delays, g_array_unref);
  g_clear_pointer (&self->facts, json_object_unref);
  g_free (self);
}

gboolean
monitor_tags_find_category (const char *name, gint *category)
{
  /* Words of boorus, of Hydrus, and of gallery-dl for what boorus have beyond the five. */
  static const struct
  {
    const char *name;
    gint category;
  } known[] = {
    { "artist", BOORU_TAG_ARTIST },
    { "artists", BOORU_TAG_ARTIST },
    { "creator", BOORU_TAG_ARTIST },
    { "circle", BOORU_TAG_ARTIST },
    { "director", BOORU_TAG_ARTIST },
    { "contributor", BOORU_TAG_ARTIST },
    { "copyright", BOORU_TAG_COPYRIGHT },
    { "copyrights", BOORU_TAG_COPYRIGHT },
    { "series", BOORU_TAG_COPYRIGHT },
    { "franchise", BOORU_TAG_COPYRIGHT },
    { "studio", BOORU_TAG_COPYRIGHT },
    { "game", BOORU_TAG_COPYRIGHT },
    { "character", BOORU_TAG_CHARACTER },
    { "characters", BOORU_TAG_CHARACTER },
    { "person", BOORU_TAG_CHARACTER },
    { "meta", BOORU_TAG_META },
    { "metadata", BOORU_TAG_META },
    { "medium", BOORU_TAG_META },
    { "style", BOORU_TAG_META },
    { "faults", BOORU_TAG_META },
    { "lore", BOORU_TAG_META },
    { "general", BOORU_TAG_GENERAL },
    { "species", BOORU_TAG_GENERAL },
    { "genre", BOORU_TAG_GENERAL },
    { "invalid", MONITOR_CATEGORY_UNWANTED },
    { "deprecated", MONITOR_CATEGORY_UNWANTED },
    { "page", MONITOR_CATEGORY_UNWANTED },
    { "chapter", MONITOR_CATEGORY_UNWANTED },
    { "volume", MONITOR_CATEGORY_UNWANTED },
    { "title", MONITOR_CATEGORY_UNWANTED },
    { "filename", MONITOR_CATEGORY_UNWANTED },
  };
  BooruTagCategory found;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (known[i].name, name) == 0)
      {
        *category = known[i].category;
        return TRUE;
      }
  if (!g_ascii_isalpha (name[0]) || !booru_tag_category_from_string (name, &found))
    return FALSE;
  *category = found;
  return TRUE;
}

MonitorNamespace
monitor_tags_find_namespace (const char *text)
{
  const char *colon = strchr (text, ':');
  g_autofree char *space = colon ? g_strstrip (g_strndup (text, colon - text)) : NULL;
  gint category;

  if (space == NULL)
    return MONITOR_NAMESPACE_NONE;
  if (g_ascii_strcasecmp (space, "source") == 0 || g_ascii_strcasecmp (space, "url") == 0)
    return MONITOR_NAMESPACE_TEXT;
  if (g_ascii_strcasecmp (space, "rating") == 0)
    return MONITOR_NAMESPACE_TAG;
  if (!monitor_tags_find_category (space, &category))
    return MONITOR_NAMESPACE_NONE;
  return category == MONITOR_CATEGORY_UNWANTED ? MONITOR_NAMESPACE_TEXT : MONITOR_NAMESPACE_TAG;
}

void
monitor_tags_leave_out (MonitorTags *self, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize)strnlen (text, 8 * MAX_LEFT_OUT_CHARS));
  g_autofree char *shown = NULL;

  g_strstrip (valid);
  if (*valid == '\0')
    return;
  self->n_left_out++;
  if (self->left_out->len >= MAX_LEFT_OUT)
    return;
  if (g_utf8_strlen (valid, -1) > MAX_LEFT_OUT_CHARS)
    {
      shown = g_utf8_substring (valid, 0, MAX_LEFT_OUT_CHARS);
      g_ptr_array_add (self->left_out, g_strconcat (shown, "…", NULL));
    }
  else
    g_ptr_array_add (self->left_out, g_steal_pointer (&valid));
}

/* Without what booru_tag_normalize() refuses, as far as something is left. */
static char *
mend (const char *text)
{
  g_autoptr (GString) mended = g_string_new (NULL);

  while (*text && strchr ("-~_`%(){}[]/ ", *text))
    text++;
  for (; *text; text++)
    if (*text != '*')
      g_string_append_c (mended, strchr ("(),", *text) != NULL ? ' ' : *text);
  return booru_tag_normalize (mended->str, NULL);
}

void
monitor_tags_add (MonitorTags *self, const char *text, gint category)
{
  char *name = NULL;

  if (category != MONITOR_CATEGORY_UNWANTED && strlen (text) <= MAX_TAG_BYTES
      && g_hash_table_size (self->names) < MAX_TAGS && g_utf8_validate (text, -1, NULL))
    {
      name = booru_tag_normalize (text, NULL);
      if (name == NULL)
        name = mend (text);
    }
  if (name == NULL)
    {
      monitor_tags_leave_out (self, text);
      return;
    }
  if (category >= 0 || !g_hash_table_contains (self->names, name))
    g_hash_table_replace (self->names, name, GINT_TO_POINTER (category + 1));
  else
    g_free (name);
}

void
monitor_tags_add_namespaced (MonitorTags *self, const char *text)
{
  const char *colon = strchr (text, ':');
  g_autofree char *space = colon ? g_strstrip (g_strndup (text, colon - text)) : NULL;
  gint category;

  if (colon == NULL || *space == '\0')
    monitor_tags_add (self, text, -1);
  else if (g_ascii_strcasecmp (space, "rating") == 0)
    {
      char rating = monitor_tags_parse_rating (colon + 1, FALSE);

      if (rating == 0)
        monitor_tags_leave_out (self, text);
      monitor_tags_set_rating (self, rating);
    }
  else if (g_ascii_strcasecmp (space, "source") == 0 || g_ascii_strcasecmp (space, "url") == 0)
    monitor_tags_set_source (self, colon + 1);
  else if (monitor_tags_find_category (space, &category))
    monitor_tags_add (self, category == MONITOR_CATEGORY_UNWANTED ? text : colon + 1, category);
  else
    monitor_tags_add (self, text, -1); /* "re:zero", or a namespace of somebody's own */
}

/* Tags of boorus have no blanks in them, but underscores. Between commas, something that has both
 * is no single tag; nor is one that is followed by a namespace. */
gboolean
monitor_tags_blanks_separate (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *blank = strpbrk (g_strstrip (parts[i]), " \t\r\n");

      if (blank != NULL && strchr (parts[i], '_') != NULL)
        return TRUE;
      for (; blank != NULL; blank = strpbrk (blank + 1, " \t\r\n"))
        {
          g_autofree char *word = g_strndup (blank + 1, strcspn (blank + 1, " \t\r\n"));

          if (monitor_tags_find_namespace (word) != MONITOR_NAMESPACE_NONE)
            return TRUE;
        }
    }
  return FALSE;
}

void
monitor_tags_add_text (MonitorTags *self, const char *text, gint category)
{
  gboolean commas = strchr (text, ',') != NULL && !monitor_tags_blanks_separate (text);
  g_auto (GStrv) parts = g_strsplit_set (text, commas ? "," : " \t\r\n", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) == '\0')
      continue;
    else if (category == -1)
      monitor_tags_add_namespaced (self, parts[i]);
    else
      monitor_tags_add (self, parts[i], category);
}

void
monitor_tags_set_rating (MonitorTags *self, char rating)
{
  if (self->rating == 0)
    self->rating = rating;
}

void
monitor_tags_set_source (MonitorTags *self, const char *source)
{
  g_autofree char *stripped = g_strstrip (g_strdup (source));

  if (self->source == NULL && *stripped && strlen (stripped) <= MAX_SOURCE_BYTES
      && g_utf8_validate (stripped, -1, NULL))
    self->source = g_steal_pointer (&stripped);
}

void
monitor_tags_set_delays (MonitorTags *self, GArray *delays)
{
  if (self->delays == NULL)
    self->delays = delays;
  else
    g_array_unref (delays);
}

void
monitor_tags_add_note (MonitorTags *self, const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *display = g_filename_display_name (name);

  g_string_append_printf (self->notes, "%s%s", self->notes->len ? ", " : "", display);
}

char
monitor_tags_parse_rating (const char *text, gboolean s_is_safe)
{
  static const struct
  {
    const char *word;
    char rating;
  } known[] = {
    { "g", 'g' },         { "general", 'g' },  { "safe", 'g' },         { "sfw", 'g' },
    { "sensitive", 's' }, { "q", 'q' },        { "questionable", 'q' }, { "mature", 'q' },
    { "e", 'e' },         { "explicit", 'e' }, { "adult", 'e' },        { "nsfw", 'e' },
    { "r-18", 'e' },      { "r-18g", 'e' },    { "r18", 'e' },          { "r18g", 'e' },
  };
  g_autofree char *word = g_strstrip (g_strdup (text));

  if (g_ascii_strcasecmp (word, "s") == 0)
    return s_is_safe ? 'g' : 's';
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (known[i].word, word) == 0)
      return known[i].rating;
  return 0;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

BooruImport *
monitor_tags_to_import (const MonitorTags *self, const char *origin)
{
  BooruImport *import = booru_import_new (origin);
  GString *tags = g_string_new (NULL);
  guint n_names;
  g_autofree gpointer *names = g_hash_table_get_keys_as_array (self->names, &n_names);

  qsort (names, n_names, sizeof (gpointer), compare_names);
  for (guint i = 0; i < n_names; i++)
    {
      gint category = GPOINTER_TO_INT (g_hash_table_lookup (self->names, names[i])) - 1;

      if (i > 0)
        g_string_append_c (tags, ' ');
      if (category >= 0)
        g_string_append_printf (tags, "%s:", booru_tag_category_to_string (category));
      g_string_append (tags, names[i]);
    }
  import->tags = g_string_free (tags, FALSE);
  import->rating = self->rating;
  import->source = g_strdup (self->source);
  import->note = self->notes->len ? g_strdup (self->notes->str) : NULL;
  return import;
}
