/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-tag.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-word.h"

/* Characters, as Danbooru limits them. */
#define MAX_TAG_LENGTH 170

const BooruTagCategory booru_tag_categories[BOORU_N_TAG_CATEGORIES] = {
  BOORU_TAG_ARTIST, BOORU_TAG_COPYRIGHT, BOORU_TAG_CHARACTER, BOORU_TAG_GENERAL, BOORU_TAG_META,
};

static const struct
{
  const char *name;
  BooruTagCategory category;
} category_names[] = {
  /* The first name of each category is the one that is shown. */
  { "general", BOORU_TAG_GENERAL },
  { "artist", BOORU_TAG_ARTIST },
  { "copyright", BOORU_TAG_COPYRIGHT },
  { "character", BOORU_TAG_CHARACTER },
  { "meta", BOORU_TAG_META },
  { "gen", BOORU_TAG_GENERAL },
  { "art", BOORU_TAG_ARTIST },
  { "copy", BOORU_TAG_COPYRIGHT },
  { "co", BOORU_TAG_COPYRIGHT },
  { "char", BOORU_TAG_CHARACTER },
  { "ch", BOORU_TAG_CHARACTER },
  { "0", BOORU_TAG_GENERAL },
  { "1", BOORU_TAG_ARTIST },
  { "3", BOORU_TAG_COPYRIGHT },
  { "4", BOORU_TAG_CHARACTER },
  { "5", BOORU_TAG_META },
};

const char *
booru_tag_category_to_string (BooruTagCategory category)
{
  for (gsize i = 0; i < G_N_ELEMENTS (category_names); i++)
    if (category_names[i].category == category)
      return category_names[i].name;
  g_return_val_if_reached ("general");
}

gboolean
booru_tag_category_from_string (const char *string, BooruTagCategory *category)
{
  g_return_val_if_fail (string != NULL && category != NULL, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (category_names); i++)
    if (g_ascii_strcasecmp (category_names[i].name, string) == 0)
      {
        *category = category_names[i].category;
        return TRUE;
      }
  return FALSE;
}

/* Why @name, already normalized, cannot be a tag; NULL if it can. The rules are those of Danbooru's
 * TagNameValidator, so that tags can be carried between the two. */
static const char *
find_fault (const char *name)
{
  static const char *const reserved[] = { "and", "or", "not", "new", "search", NULL };
  const char *colon = strchr (name, ':');

  if (name[strspn (name, "_")] == '\0')
    return "it is empty";
  if (g_utf8_strlen (name, -1) > MAX_TAG_LENGTH)
    return "it is longer than 170 characters";
  if (strpbrk (name, "*,"))
    return "tags can't contain “,” or “*”. Separate tags with spaces";
  if (strchr ("-~_`%(){}[]/", name[0]))
    return "tags can't start with any of - ~ _ ` % ( ) { } [ ] /";
  if (g_str_has_suffix (name, "_"))
    return "it ends with an underscore";
  if (strstr (name, "__"))
    return "it contains two underscores in a row";
  if (!booru_word_is_balanced (name, strlen (name)) && !booru_word_is_smiley (name, strlen (name)))
    return "its parentheses are not balanced";
  if (g_strv_contains (reserved, name))
    return "it is a search operator";
  if (colon)
    {
      g_autofree char *prefix = g_strndup (name, colon - name);
      BooruTagCategory category;

      if (booru_word_is_metatag (prefix, strlen (prefix)))
        return "it starts with the name of a metatag";
      if (!g_ascii_isdigit (prefix[0]) && booru_tag_category_from_string (prefix, &category))
        return "it starts with the name of a category";
    }
  for (const char *p = name; *p; p = g_utf8_next_char (p))
    if (!g_unichar_isgraph (g_utf8_get_char (p)))
      return "it contains an unprintable character";
  return NULL;
}

char *
booru_tag_normalize (const char *name, GError **error)
{
  g_return_val_if_fail (name != NULL, NULL);

  g_autofree char *composed = NULL, *lower = NULL, *shown = g_utf8_make_valid (name, -1);
  g_autoptr (GString) tag = g_string_new (NULL);
  const char *fault;

  if (!g_utf8_validate (name, -1, NULL))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "“%s” isn't a valid tag: it is not valid UTF-8", shown);
      return NULL;
    }

  composed = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
  lower = g_utf8_strdown (composed, -1);
  for (const char *p = lower; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c != '_' && !g_unichar_isspace (c))
        g_string_append_unichar (tag, c);
      else if (tag->len > 0 && tag->str[tag->len - 1] != '_')
        g_string_append_c (tag, '_');
    }
  if (tag->len > 0 && tag->str[tag->len - 1] == '_')
    g_string_truncate (tag, tag->len - 1);

  fault = find_fault (tag->str);
  if (fault)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "“%s” isn't a valid tag: %s", shown,
                   fault);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&tag), FALSE);
}

BooruTagRef *
booru_tag_ref_new (gint64 id, const char *name, BooruTagCategory category, gint64 post_count)
{
  g_return_val_if_fail (name != NULL, NULL);

  BooruTagRef *self = g_new0 (BooruTagRef, 1);

  self->id = id;
  self->name = g_strdup (name);
  self->category = category;
  self->post_count = post_count;
  return self;
}

void
booru_tag_ref_free (BooruTagRef *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->name);
  g_free (self);
}

void
booru_tag_free (BooruTag *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->name);
  g_free (self);
}

/* The longest name that is compared. */
#define MAX_COMPARED 64

guint
booru_tag_get_distance (const char *name, const char *other, guint max)
{
  gunichar a[MAX_COMPARED], b[MAX_COMPARED];
  guint rows[3][MAX_COMPARED + 1], n_a = 0, n_b = 0;

  g_return_val_if_fail (name != NULL && other != NULL, G_MAXUINT);
  for (; *name && n_a < MAX_COMPARED; name = g_utf8_next_char (name))
    a[n_a++] = g_utf8_get_char (name);
  for (; *other && n_b < MAX_COMPARED; other = g_utf8_next_char (other))
    b[n_b++] = g_utf8_get_char (other);
  if (*name || *other || MAX (n_a, n_b) - MIN (n_a, n_b) > max)
    return max + 1;

  for (guint j = 0; j <= n_b; j++)
    rows[0][j] = j;
  for (guint i = 1; i <= n_a; i++)
    {
      guint *row = rows[i % 3], *last = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];
      guint least = row[0] = i;

      for (guint j = 1; j <= n_b; j++)
        {
          row[j] = MIN (MIN (last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
          if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            row[j] = MIN (row[j], before[j - 2] + 1);
          least = MIN (least, row[j]);
        }
      if (least > max)
        return max + 1;
    }
  return rows[n_a % 3][n_b];
}
