/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tag strings as Danbooru takes them: names, "-name", "category:name", and the few metatags that
 * say something of the post itself: rating:, source:, parent:. */
#include "board/rules/booru-tag-edit.h"

#include <string.h>

#include "base/booru-error.h"

void
booru_tag_edit_free (BooruTagEdit *self)
{
  g_hash_table_unref (self->added);
  g_hash_table_unref (self->removed);
  g_ptr_array_unref (self->lists);
  g_free (self->source);
  g_free (self);
}

static GHashTable *
name_set_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

gboolean
booru_rating_parse (const char *text, char *rating)
{
  static const char *const names[] = { "general", "sensitive", "questionable", "explicit" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (text, names[i]) == 0
        || (g_ascii_tolower (text[0]) == names[i][0] && text[1] == '\0'))
      {
        *rating = names[i][0];
        return TRUE;
      }
  return FALSE;
}

#define BLANKS " \t\r\n\f\v"

/* Where the value begins that may stand in double quotes, with spaces; NULL: there is none. */
static const char *
find_quotable (const char *word)
{
  static const char *const prefixes[] = { "source:", "pool:", "newpool:", "favgroup:" };
  const char *start = word + (*word == '-');

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_ascii_strncasecmp (start, prefixes[i], strlen (prefixes[i])) == 0)
      return start + strlen (prefixes[i]);
  return NULL;
}

/* The next word. No tag contains a comma, so commas separate, too, but not in addresses. */
static char *
next_word (const char **text)
{
  const char *start = *text + strspn (*text, BLANKS ",");
  gboolean is_source = g_ascii_strncasecmp (start, "source:", 7) == 0;
  const char *end = start + strcspn (start, is_source ? BLANKS : BLANKS ","), *value;

  if (*start == '\0')
    return NULL;
  value = find_quotable (start);
  if (value != NULL && *value == '"')
    {
      const char *quote = strchr (value + 1, '"');

      if (quote != NULL)
        {
          *text = quote + 1;
          return g_strdup_printf ("%.*s%.*s", (int)(value - start), start, (int)(quote - value - 1),
                                  value + 1);
        }
    }
  *text = end;
  return g_strndup (start, end - start);
}

/* If @word is "PREFIX:value", the value. */
static const char *
value_after (const char *word, const char *prefix)
{
  gsize length = strlen (prefix);

  return g_ascii_strncasecmp (word, prefix, length) == 0 ? word + length : NULL;
}

static gboolean
parse_parent (const char *value, gint64 *id, GError **error)
{
  guint64 number;

  if (g_ascii_strcasecmp (value, "none") == 0)
    {
      *id = 0;
      return TRUE;
    }
  if (g_ascii_string_to_unsigned (value, 10, 1, G_MAXINT64, &number, NULL))
    {
      *id = number;
      return TRUE;
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "\"parent:%s\": a parent is the number of a post, or none", value);
  return FALSE;
}

static void
list_free (gpointer data)
{
  BooruTagEditList *self = data;

  g_free (self->name);
  g_free (self);
}

/* Whether @word is about what a post is in. */
static gboolean
take_list (BooruTagEdit *self, const char *word, GError **error)
{
  static const struct
  {
    const char *prefix;
    BooruTagEditTarget target;
  } targets[] = { { "pool:", BOORU_TAG_EDIT_POOL },
                  { "newpool:", BOORU_TAG_EDIT_NEW_POOL },
                  { "favgroup:", BOORU_TAG_EDIT_FAVORITE_GROUP },
                  { "fav:", BOORU_TAG_EDIT_FAVORITE },
                  { "upvote:", BOORU_TAG_EDIT_UPVOTE },
                  { "downvote:", BOORU_TAG_EDIT_DOWNVOTE } };
  gboolean wanted = *word != '-';

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      const char *name = value_after (word + !wanted, targets[i].prefix);
      BooruTagEditList *list;

      if (name == NULL || (!wanted && targets[i].target == BOORU_TAG_EDIT_NEW_POOL))
        continue;
      if (*name == '\0')
        g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "“%s” lacks a name", word);
      list = g_new0 (BooruTagEditList, 1);
      list->target = targets[i].target;
      list->wanted = wanted;
      list->name = g_strdup (name);
      g_ptr_array_add (self->lists, list);
      return TRUE;
    }
  return FALSE;
}

/* Whether @word is a metatag: then it is taken in, or @error says why not. */
static gboolean
take_metatag (BooruTagEdit *self, const char *word, GError **error)
{
  const char *value;

  if ((value = value_after (word, "rating:")) != NULL)
    {
      if (!booru_rating_parse (value, &self->rating))
        g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                     "\"%s\": the rating must be g, s, q or e", word);
      return TRUE;
    }
  if ((value = value_after (word, "source:")) != NULL)
    {
      g_free (self->source);
      self->source = g_strdup (g_ascii_strcasecmp (value, "none") == 0 ? "" : value);
      return TRUE;
    }
  if ((value = value_after (word, "parent:")) != NULL)
    {
      parse_parent (value, &self->parent_id, error);
      return TRUE;
    }
  if ((value = value_after (word, "-parent:")) != NULL)
    {
      parse_parent (value, &self->unparent_id, error);
      return TRUE;
    }
  return take_list (self, word, error);
}

/* Splits off a category. Only words count as one here: "1:1" is a tag. */
static const char *
split_category (const char *word, gint *category)
{
  const char *colon = strchr (word, ':');
  g_autofree char *prefix = NULL;
  BooruTagCategory found;

  *category = -1;
  if (colon == NULL || colon == word || !g_ascii_isalpha (word[0]))
    return word;
  prefix = g_ascii_strdown (word, colon - word);
  if (!booru_tag_category_from_string (prefix, &found))
    return word;
  *category = found;
  return colon + 1;
}

static gboolean
take_tag (BooruTagEdit *self, const char *word, GError **error)
{
  gboolean remove = word[0] == '-' && word[1] != '\0';
  gint category;
  const char *rest = split_category (remove ? word + 1 : word, &category);
  g_autofree char *name = booru_tag_normalize (rest, error);

  if (name == NULL)
    {
      g_autofree char *shown = g_utf8_make_valid (word, -1);

      if (rest != word)
        g_prefix_error (error, "In “%s”: ", shown);
      return FALSE;
    }
  if (remove)
    g_hash_table_add (self->removed, g_steal_pointer (&name));
  else if (category >= 0 || !g_hash_table_contains (self->added, name))
    g_hash_table_replace (self->added, g_steal_pointer (&name), GINT_TO_POINTER (category + 1));
  return TRUE;
}

BooruTagEdit *
booru_tag_edit_parse (const char *text, GError **error)
{
  g_autoptr (BooruTagEdit) self = g_new0 (BooruTagEdit, 1);
  char *next;

  self->added = name_set_new ();
  self->removed = name_set_new ();
  self->lists = g_ptr_array_new_with_free_func (list_free);
  self->parent_id = -1;
  while ((next = next_word (&text)) != NULL)
    {
      g_autofree char *word = next;
      g_autoptr (GError) problem = NULL;

      if (!take_metatag (self, word, &problem) && problem == NULL)
        take_tag (self, word, &problem);
      if (problem != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
    }
  return g_steal_pointer (&self);
}

GHashTable *
booru_tag_edit_parse_import (const char *text)
{
  GHashTable *names = name_set_new ();
  char *next;

  while ((next = next_word (&text)) != NULL)
    {
      g_autofree char *word = next;
      gint category;
      g_autofree char *name = booru_tag_normalize (split_category (word, &category), NULL);

      if (name != NULL && (category >= 0 || !g_hash_table_contains (names, name)))
        g_hash_table_replace (names, g_steal_pointer (&name), GINT_TO_POINTER (category + 1));
    }
  return names;
}

GHashTable *
booru_tag_edit_parse_old (const char *text)
{
  GHashTable *names = name_set_new ();
  char *next;

  while ((next = next_word (&text)) != NULL)
    {
      g_autofree char *word = next;
      gint category;
      char *name = booru_tag_normalize (split_category (word, &category), NULL);

      if (name != NULL)
        g_hash_table_add (names, name);
    }
  return names;
}

/* With the category that the editor gave it. */
static void
add_name (GHashTable *to, const BooruTagEdit *edit, const char *name)
{
  g_hash_table_insert (to, g_strdup (name), g_hash_table_lookup (edit->added, name));
}

/* As Danbooru merges: what the editor added to what he saw is added, what he took away from it is
 * taken away, and what somebody else did in between stays. */
GHashTable *
booru_tag_edit_merge (const BooruTagEdit *self, GHashTable *current, GHashTable *old)
{
  GHashTable *merged = name_set_new ();
  GHashTableIter iter;
  const char *name;

  g_hash_table_iter_init (&iter, self->added);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, NULL))
    if (old == NULL || !g_hash_table_contains (old, name))
      add_name (merged, self, name);
  g_hash_table_iter_init (&iter, current);
  while (old != NULL && g_hash_table_iter_next (&iter, (gpointer *)&name, NULL))
    if (!g_hash_table_contains (old, name) || g_hash_table_contains (self->added, name))
      add_name (merged, self, name);

  g_hash_table_iter_init (&iter, self->removed);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, NULL))
    g_hash_table_remove (merged, name);
  return merged;
}
