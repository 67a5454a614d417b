/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values of metatags that are no plain ranges. */
#include "board/query/booru-query-ast.h"

#include <string.h>

/* Splits at commas and spaces; no empty words. */
static GPtrArray *
split_words (const char *value)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *lower = g_ascii_strdown (value, -1);
  g_auto (GStrv) parts = g_strsplit_set (lower, ", ", -1);

  for (guint i = 0; parts[i]; i++)
    if (parts[i][0] != '\0')
      g_ptr_array_add (words, g_strdup (parts[i]));
  return words;
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Takes @words; they are sorted and made unique. NULL: there are none. */
static BooruQueryNode *
new_words (BooruMetatag metatag, GPtrArray *words)
{
  BooruQueryNode *self;

  if (words->len == 0)
    {
      g_ptr_array_unref (words);
      return NULL;
    }
  g_ptr_array_sort (words, compare_words);
  for (guint i = words->len - 1; i > 0; i--)
    if (g_str_equal (words->pdata[i], words->pdata[i - 1]))
      g_ptr_array_remove_index (words, i);
  self = booru_query_node_new_condition (metatag);
  self->words = words;
  return self;
}

/* NULL: no bit is set. */
static BooruQueryNode *
new_mask (BooruMetatag metatag, guint mask, guint all)
{
  BooruQueryNode *self;

  if (mask == 0)
    return NULL;
  if (mask == all)
    return booru_query_node_new (BOORU_QUERY_ALL);
  self = booru_query_node_new_condition (metatag);
  self->mask = mask;
  return self;
}

static BooruQueryNode *
new_presence (BooruMetatag metatag, BooruQueryPresence presence)
{
  BooruQueryNode *self = booru_query_node_new_condition (metatag);

  self->presence = presence;
  return self;
}

static BooruQueryNode *
parse_md5 (const char *value)
{
  g_autoptr (GPtrArray) words = split_words (value);

  for (guint i = 0; i < words->len; i++)
    {
      const char *word = words->pdata[i];

      if (strlen (word) != 32 || strspn (word, "0123456789abcdef") != 32)
        return NULL;
    }
  return new_words (BOORU_METATAG_MD5, g_steal_pointer (&words));
}

/* The first letter counts: "safe" is s. */
static BooruQueryNode *
parse_rating (const char *value)
{
  static const char letters[] = "gsqe";
  g_autoptr (GPtrArray) words = split_words (value);
  guint mask = 0;

  for (guint i = 0; i < words->len; i++)
    {
      const char *letter = strchr (letters, ((const char *)words->pdata[i])[0]);

      if (letter)
        mask |= 1u << (letter - letters);
    }
  return new_mask (BOORU_METATAG_RATING, mask, BOORU_RATING_MASK_ALL);
}

static guint
status_mask (const char *word)
{
  if (g_ascii_strcasecmp (word, "active") == 0)
    return BOORU_STATUS_MASK (BOORU_POST_ACTIVE);
  if (g_ascii_strcasecmp (word, "deleted") == 0)
    return BOORU_STATUS_MASK (BOORU_POST_DELETED);
  if (g_ascii_strcasecmp (word, "missing") == 0)
    return BOORU_STATUS_MASK (BOORU_POST_MISSING);
  if (g_ascii_strcasecmp (word, "expunged") == 0)
    return BOORU_STATUS_MASK (BOORU_POST_EXPUNGED);
  return 0;
}

static BooruQueryNode *
parse_status (const char *value)
{
  g_autoptr (GPtrArray) words = split_words (value);
  guint mask = 0;

  for (guint i = 0; i < words->len; i++)
    {
      const char *word = words->pdata[i];

      mask |= g_str_equal (word, "any") || g_str_equal (word, "all") ? BOORU_STATUS_MASK_ALL
                                                                     : status_mask (word);
    }
  return new_mask (BOORU_METATAG_STATUS, mask, BOORU_STATUS_MASK_ALL);
}

static BooruQueryNode *
parse_filetype (const char *value)
{
  g_autoptr (GPtrArray) words = split_words (value);

  for (guint i = 0; i < words->len; i++)
    {
      const char *word = words->pdata[i];

      /* Printed again it has to be one word. */
      if (strpbrk (word, "()\"'\\"))
        return NULL;
      if (g_str_equal (word, "jpeg"))
        {
          g_free (words->pdata[i]);
          words->pdata[i] = g_strdup ("jpg");
        }
    }
  return new_words (BOORU_METATAG_FILETYPE, g_steal_pointer (&words));
}

static BooruQueryNode *
parse_source (const char *value, gboolean quoted)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) pattern = g_string_new (value);

  if (value[0] == '\0' || (!quoted && g_ascii_strcasecmp (value, "none") == 0))
    {
      g_ptr_array_unref (words);
      return new_presence (BOORU_METATAG_SOURCE, BOORU_QUERY_UNSET);
    }
  if (pattern->len > BOORU_QUERY_MAX_PATTERN)
    {
      g_ptr_array_unref (words);
      return booru_query_node_new (BOORU_QUERY_NONE);
    }
  /* The end is open anyway. */
  while (pattern->len > 1 && pattern->str[pattern->len - 1] == '*')
    g_string_truncate (pattern, pattern->len - 1);
  g_ptr_array_add (words, g_strdup (pattern->str));
  return new_words (BOORU_METATAG_SOURCE, words);
}

static BooruQueryNode *
parse_relative (BooruMetatag metatag, const char *value)
{
  BooruQueryNode *self;

  if (g_ascii_strcasecmp (value, "none") == 0)
    return new_presence (metatag, BOORU_QUERY_UNSET);
  if (g_ascii_strcasecmp (value, "any") == 0)
    return new_presence (metatag, BOORU_QUERY_ANY);
  if (status_mask (value))
    return new_mask (metatag, status_mask (value), 0);
  if (metatag == BOORU_METATAG_CHILD || value[0] == '\0'
      || strspn (value, "0123456789") != strlen (value))
    return NULL;

  self = booru_query_node_new_condition (metatag);
  self->ranges = g_array_new (FALSE, FALSE, sizeof (BooruQueryRange));
  if (booru_query_parse_ranges (metatag, value, self->ranges) && self->ranges->len > 0)
    return self;
  booru_query_node_free (self);
  return booru_query_node_new (BOORU_QUERY_NONE);
}

/* "ID" or "ID,DISTANCE". */
static BooruQueryNode *
parse_similar (const char *value)
{
  g_auto (GStrv) parts = g_strsplit (value, ",", 3);
  guint n = g_strv_length (parts);
  guint64 id, distance = BOORU_SIMILAR_DISTANCE;
  BooruQueryRange range;
  BooruQueryNode *self;

  if (n < 1 || n > 2 || !g_ascii_string_to_unsigned (parts[0], 10, 1, G_MAXINT64, &id, NULL)
      || (n == 2
          && !g_ascii_string_to_unsigned (parts[1], 10, 0, BOORU_SIMILAR_MAX_DISTANCE, &distance,
                                          NULL)))
    return NULL;
  range.low = range.high = (gint64)id;
  self = booru_query_node_new_condition (BOORU_METATAG_SIMILAR);
  self->ranges = g_array_new (FALSE, FALSE, sizeof (BooruQueryRange));
  g_array_append_val (self->ranges, range);
  self->distance = (guint)distance;
  return self;
}

static BooruQueryNode *
parse_is (const char *value)
{
  static const struct
  {
    const char *word, *ratings;
  } ratings[] = {
    { "g", "g" },
    { "s", "s" },
    { "q", "q" },
    { "e", "e" },
    { "general", "g" },
    { "sensitive", "s" },
    { "questionable", "q" },
    { "explicit", "e" },
    { "sfw", "g,s" },
    { "nsfw", "q,e" },
  };
  static const char *const types[]
      = { "jpg",  "jpeg", "png", "gif", "webp", "avif", "heic", "jxl", "tiff", "tif", "svg",
          "svgz", "bmp",  "raw", "mp4", "webm", "mkv",  "mov",  "zip", "swf",  NULL };
  g_autofree char *word = g_ascii_strdown (value, -1);

  if (g_str_equal (word, "parent"))
    return new_presence (BOORU_METATAG_CHILD, BOORU_QUERY_ANY);
  if (g_str_equal (word, "child"))
    return new_presence (BOORU_METATAG_PARENT, BOORU_QUERY_ANY);
  if (status_mask (word))
    return new_mask (BOORU_METATAG_STATUS, status_mask (word), 0);
  if (g_strv_contains (types, word))
    return parse_filetype (word);
  if (g_str_equal (word, "incomplete"))
    return new_words (BOORU_METATAG_IS, split_words (word));
  for (gsize i = 0; i < G_N_ELEMENTS (ratings); i++)
    if (g_str_equal (ratings[i].word, word))
      return parse_rating (ratings[i].ratings);
  return NULL;
}

static BooruQueryNode *
parse_has (const char *value)
{
  if (g_ascii_strcasecmp (value, "parent") == 0)
    return new_presence (BOORU_METATAG_PARENT, BOORU_QUERY_ANY);
  if (g_ascii_strcasecmp (value, "child") == 0 || g_ascii_strcasecmp (value, "children") == 0)
    return new_presence (BOORU_METATAG_CHILD, BOORU_QUERY_ANY);
  if (g_ascii_strcasecmp (value, "source") == 0)
    return booru_query_node_new_not (new_presence (BOORU_METATAG_SOURCE, BOORU_QUERY_UNSET));
  return NULL;
}

/* Of the ranged ones only videos have something that others lack. */
static BooruQueryNode *
parse_ranged (BooruMetatag metatag, const char *value)
{
  g_autoptr (BooruQueryNode) self = booru_query_node_new_condition (metatag);
  gboolean any = g_ascii_strcasecmp (value, "any") == 0;

  if (any || g_ascii_strcasecmp (value, "none") == 0)
    {
      if (metatag == BOORU_METATAG_DURATION)
        return new_presence (metatag, any ? BOORU_QUERY_ANY : BOORU_QUERY_UNSET);
      return booru_query_node_new (any ? BOORU_QUERY_ALL : BOORU_QUERY_NONE);
    }
  self->ranges = g_array_new (FALSE, FALSE, sizeof (BooruQueryRange));
  if (!booru_query_parse_ranges (metatag, value, self->ranges))
    return NULL;
  if (self->ranges->len == 0)
    return booru_query_node_new (BOORU_QUERY_NONE);
  return g_steal_pointer (&self);
}

/**
 * booru_query_parse_value:
 * @metatag: a metatag that is a condition
 * @value: what follows the colon
 * @quoted: whether it stood in quotes
 *
 * Returns: (transfer full) (nullable): the condition; %NULL if @value makes no sense for @metatag
 */
BooruQueryNode *
booru_query_parse_value (BooruMetatag metatag, const char *value, gboolean quoted)
{
  switch (metatag)
    {
    case BOORU_METATAG_MD5:
      return parse_md5 (value);
    case BOORU_METATAG_RATING:
      return parse_rating (value);
    case BOORU_METATAG_STATUS:
      return parse_status (value);
    case BOORU_METATAG_FILETYPE:
      return parse_filetype (value);
    case BOORU_METATAG_SOURCE:
      return parse_source (value, quoted);
    case BOORU_METATAG_SIMILAR:
      return parse_similar (value);
    case BOORU_METATAG_PARENT:
    case BOORU_METATAG_CHILD:
      return parse_relative (metatag, value);
    case BOORU_METATAG_IS:
      return parse_is (value);
    case BOORU_METATAG_HAS:
      return parse_has (value);
    default:
      return parse_ranged (metatag, value);
    }
}
