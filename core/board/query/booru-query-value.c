/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values of metatags that are no plain ranges. */
#include "board/query/booru-query-ast.h"

#include <string.h>

#include "board/booru-tag.h"

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

  if (g_ascii_strcasecmp (value, "any") == 0)
    return booru_query_node_new (BOORU_QUERY_ALL);
  if (g_ascii_strcasecmp (value, "none") == 0)
    return booru_query_node_new (BOORU_QUERY_NONE);
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

/* What posts of this board are never. */
static gboolean
is_foreign_status (const char *word)
{
  static const char *const statuses[]
      = { "pending", "flagged", "appealed", "modqueue", "banned", "unmoderated" };

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_ascii_strcasecmp (statuses[i], word) == 0)
      return TRUE;
  return FALSE;
}

static BooruQueryNode *
parse_status (const char *value)
{
  g_autoptr (GPtrArray) words = split_words (value);
  gboolean known = FALSE;
  guint mask = 0;

  for (guint i = 0; i < words->len; i++)
    {
      const char *word = words->pdata[i];

      mask |= g_str_equal (word, "any") || g_str_equal (word, "all") ? BOORU_STATUS_MASK_ALL
                                                                     : status_mask (word);
      known = known || is_foreign_status (word);
    }
  if (mask == 0 && known)
    return booru_query_node_new (BOORU_QUERY_NONE);
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
  if (is_foreign_status (value))
    return booru_query_node_new (BOORU_QUERY_NONE);
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
    { "safe", "s" },
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
  if (is_foreign_status (word) || g_str_equal (word, "wiki_image"))
    return booru_query_node_new (BOORU_QUERY_NONE);
  if (g_strv_contains (types, word))
    return parse_filetype (word);
  if (g_str_equal (word, "incomplete"))
    return new_words (BOORU_METATAG_IS, split_words (word));
  for (gsize i = 0; i < G_N_ELEMENTS (ratings); i++)
    if (g_str_equal (ratings[i].word, word))
      return parse_rating (ratings[i].ratings);
  return NULL;
}

/* At least one. */
static BooruQueryNode *
new_some (BooruMetatag metatag)
{
  BooruQueryNode *self = booru_query_node_new_condition (metatag);
  BooruQueryRange some = { 1, G_MAXINT64 };

  self->ranges = g_array_new (FALSE, FALSE, sizeof some);
  g_array_append_val (self->ranges, some);
  return self;
}

static BooruQueryNode *
parse_has (const char *value)
{
  static const struct
  {
    const char *word;
    BooruMetatag metatag; /* RESERVED: no post of this board has any */
  } counts[] = {
    { "pools", BOORU_METATAG_ACTIVE_POOL_COUNT },
    { "notes", BOORU_METATAG_ACTIVE_NOTE_COUNT },
    { "comments", BOORU_METATAG_ACTIVE_COMMENT_COUNT },
    { "flags", BOORU_METATAG_RESERVED },
    { "appeals", BOORU_METATAG_RESERVED },
    { "replacements", BOORU_METATAG_RESERVED },
  };

  if (g_ascii_strcasecmp (value, "parent") == 0)
    return new_presence (BOORU_METATAG_PARENT, BOORU_QUERY_ANY);
  if (g_ascii_strcasecmp (value, "child") == 0 || g_ascii_strcasecmp (value, "children") == 0)
    return new_presence (BOORU_METATAG_CHILD, BOORU_QUERY_ANY);
  if (g_ascii_strcasecmp (value, "source") == 0)
    return booru_query_node_new_not (new_presence (BOORU_METATAG_SOURCE, BOORU_QUERY_UNSET));
  if (g_ascii_strcasecmp (value, "commentary") == 0)
    return new_presence (BOORU_METATAG_COMMENTARY, BOORU_QUERY_ANY);
  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    if (g_ascii_strcasecmp (counts[i].word, value) == 0)
      return counts[i].metatag == BOORU_METATAG_RESERVED ? booru_query_node_new (BOORU_QUERY_NONE)
                                                         : new_some (counts[i].metatag);
  return NULL;
}

/* Of these only some posts have any: what is not there is none, rather than a number. */
static gboolean
can_lack (BooruMetatag metatag)
{
  return metatag == BOORU_METATAG_DURATION || metatag == BOORU_METATAG_PIXIV;
}

static BooruQueryNode *
parse_numbers (BooruMetatag metatag, const char *value)
{
  g_autoptr (BooruQueryNode) self = booru_query_node_new_condition (metatag);
  gboolean any = g_ascii_strcasecmp (value, "any") == 0;

  if (any || g_ascii_strcasecmp (value, "none") == 0)
    {
      if (can_lack (metatag))
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

static gboolean
has_zero (const GArray *ranges)
{
  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, i);

      if (range->low <= 0 && range->high >= 0)
        return TRUE;
    }
  return FALSE;
}

/* From 1 on what is not in @ranges, which are sorted and joined. */
static GArray *
invert (const GArray *ranges)
{
  GArray *others = g_array_new (FALSE, FALSE, sizeof (BooruQueryRange));
  BooruQueryRange gap = { 1, 0 };

  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, i);

      if (range->low > gap.low)
        {
          gap.high = range->low - 1;
          g_array_append_val (others, gap);
        }
      if (range->high == G_MAXINT64)
        return others;
      gap.low = MAX (gap.low, range->high + 1);
    }
  gap.high = G_MAXINT64;
  g_array_append_val (others, gap);
  return others;
}

/* The part of @ranges from 1 on. */
static void
clip (GArray *ranges)
{
  for (guint i = ranges->len; i-- > 0;)
    {
      BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, i);

      range->low = MAX (range->low, 1);
      if (range->high < range->low)
        g_array_remove_index (ranges, i);
    }
}

/* The store tells only of posts that have some: those that have none are all others. */
static BooruQueryNode *
parse_count (BooruMetatag metatag, const char *value)
{
  g_autoptr (BooruQueryNode) self = booru_query_node_new_condition (metatag);
  gboolean zero;

  if (g_ascii_strcasecmp (value, "any") == 0)
    value = ">0";
  else if (g_ascii_strcasecmp (value, "none") == 0)
    value = "0";
  self->ranges = g_array_new (FALSE, FALSE, sizeof (BooruQueryRange));
  if (!booru_query_parse_ranges (metatag, value, self->ranges))
    return NULL;
  zero = has_zero (self->ranges);
  if (booru_metatag_get_answer (metatag) == BOORU_ANSWER_NOTHING)
    return booru_query_node_new (zero ? BOORU_QUERY_ALL : BOORU_QUERY_NONE);
  booru_query_ranges_join (self->ranges);
  if (zero)
    {
      g_autoptr (GArray) ranges = g_steal_pointer (&self->ranges);

      self->ranges = invert (ranges);
    }
  else
    clip (self->ranges);
  if (self->ranges->len == 0)
    return booru_query_node_new (zero ? BOORU_QUERY_ALL : BOORU_QUERY_NONE);
  return zero ? booru_query_node_new_not (g_steal_pointer (&self)) : g_steal_pointer (&self);
}

static BooruQueryNode *
parse_text (BooruMetatag metatag, const char *value, gboolean quoted)
{
  gboolean none = !quoted && g_ascii_strcasecmp (value, "none") == 0;
  gboolean any = !quoted && g_ascii_strcasecmp (value, "any") == 0;
  GPtrArray *words;

  if (booru_metatag_get_answer (metatag) == BOORU_ANSWER_NOTHING)
    return booru_query_node_new (none ? BOORU_QUERY_ALL : BOORU_QUERY_NONE);
  /* Each post came from somebody. */
  if (metatag == BOORU_METATAG_USER && (any || none))
    return booru_query_node_new (any ? BOORU_QUERY_ALL : BOORU_QUERY_NONE);
  /* There is no order of all of them, or of none. */
  if (value[0] == '\0' || strlen (value) > BOORU_QUERY_MAX_PATTERN
      || ((any || none) && booru_metatag_is_ranking (metatag)))
    return booru_query_node_new (BOORU_QUERY_NONE);
  if (any)
    return new_presence (metatag, BOORU_QUERY_ANY);
  if (none)
    return booru_query_node_new_not (new_presence (metatag, BOORU_QUERY_ANY));
  words = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (words, g_strdup (value));
  return new_words (metatag, words);
}

static BooruQueryNode *
parse_commentary (const char *value, gboolean quoted)
{
  if (!quoted && g_ascii_strcasecmp (value, "translated") == 0)
    return new_mask (BOORU_METATAG_COMMENTARY, 1, 0);
  if (!quoted && g_ascii_strcasecmp (value, "untranslated") == 0)
    return new_mask (BOORU_METATAG_COMMENTARY, 2, 0);
  if (!quoted && g_ascii_strcasecmp (value, "true") == 0)
    value = "any";
  else if (!quoted && g_ascii_strcasecmp (value, "false") == 0)
    value = "none";
  return parse_text (BOORU_METATAG_COMMENTARY, value, quoted);
}

static gboolean
is_one_of (const char *value, const char *words)
{
  g_auto (GStrv) all = g_strsplit (words, " ", -1);
  g_autofree char *lower = g_ascii_strdown (value, -1);

  return g_strv_contains ((const char *const *)all, lower);
}

/* Whether notes are shown within the picture, which this board does with none. */
static BooruQueryNode *
parse_embedded (const char *value)
{
  if (is_one_of (value, "true t yes y on 1 any"))
    return booru_query_node_new (BOORU_QUERY_NONE);
  if (is_one_of (value, "false f no n off 0 none"))
    return booru_query_node_new (BOORU_QUERY_ALL);
  return NULL;
}

static BooruQueryNode *
parse_unaliased (const char *value)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  char *name = booru_tag_normalize (value, NULL);

  if (name)
    g_ptr_array_add (words, name);
  return new_words (BOORU_METATAG_UNALIASED, words);
}

static BooruQueryNode *
parse_own (BooruMetatag metatag, const char *value, gboolean quoted)
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
    case BOORU_METATAG_COMMENTARY:
      return parse_commentary (value, quoted);
    case BOORU_METATAG_EMBEDDED:
      return parse_embedded (value);
    case BOORU_METATAG_UNALIASED:
      return parse_unaliased (value);
    default:
      g_return_val_if_reached (NULL);
    }
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
  switch (booru_metatag_get_kind (metatag))
    {
    case BOORU_VALUE_NUMBERS:
      return parse_numbers (metatag, value);
    case BOORU_VALUE_COUNT:
      return parse_count (metatag, value);
    case BOORU_VALUE_TEXT:
      return parse_text (metatag, value, quoted);
    case BOORU_VALUE_OWN:
    default:
      return parse_own (metatag, value, quoted);
    }
}
