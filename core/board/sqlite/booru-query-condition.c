/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Metatags that are conditions on a post's columns. Each is either true or false, never NULL, so
 * that NOT can be put before it. */
#include "board/sqlite/booru-query-compiler-private.h"

/* Up to here an id: is a list of posts, beyond it a range to walk. */
#define MAX_LISTED 10000
/* And a similar:, which may well stand beside a large tag. */
#define MAX_LISTED_SIMILAR 100

static const char *
get_expression (BooruMetatag metatag)
{
  switch (metatag)
    {
    case BOORU_METATAG_SCORE:
      return "p.score";
    case BOORU_METATAG_UPVOTES:
      return "p.up_score";
    case BOORU_METATAG_DOWNVOTES:
      return "abs(p.down_score)";
    case BOORU_METATAG_FAVCOUNT:
      return "p.fav_count";
    case BOORU_METATAG_WIDTH:
      return "p.width";
    case BOORU_METATAG_HEIGHT:
      return "p.height";
    case BOORU_METATAG_MPIXELS:
      return "(p.width * p.height)";
    case BOORU_METATAG_RATIO:
      return "CAST(round(100.0 * p.width / max(p.height, 1)) AS INTEGER)";
    case BOORU_METATAG_FILESIZE:
      return "p.size";
    case BOORU_METATAG_DURATION:
      return "CAST(round(p.duration * 1000000) AS INTEGER)";
    case BOORU_METATAG_DATE:
    case BOORU_METATAG_AGE:
      return "p.created_at";
    case BOORU_METATAG_TAGCOUNT:
      return "p.tag_count";
    case BOORU_METATAG_GENTAGS:
      return "p.tag_count_general";
    case BOORU_METATAG_ARTTAGS:
      return "p.tag_count_artist";
    case BOORU_METATAG_COPYTAGS:
      return "p.tag_count_copyright";
    case BOORU_METATAG_CHARTAGS:
      return "p.tag_count_character";
    case BOORU_METATAG_METATAGS:
      return "p.tag_count_meta";
    default:
      g_return_val_if_reached ("NULL");
    }
}

static void
add_integer (BooruQuerySql *self, gint64 value)
{
  g_ptr_array_add (self->parameters, g_variant_ref_sink (g_variant_new_int64 (value)));
}

/* How many numbers are in the ranges; G_MAXUINT64 if they have no end. */
static guint64
count_numbers (const GArray *ranges)
{
  guint64 count = 0;

  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, i);

      if (range->low == G_MININT64 || range->high == G_MAXINT64)
        return G_MAXUINT64;
      count += (guint64)(range->high - range->low) + 1;
    }
  return count;
}

gboolean
booru_query_is_list_of_posts (const BooruQueryNode *node)
{
  if (node->type != BOORU_QUERY_CONDITION)
    return FALSE;
  if (node->metatag == BOORU_METATAG_MD5)
    return TRUE;
  if (node->metatag == BOORU_METATAG_SIMILAR)
    return node->matches->len <= MAX_LISTED_SIMILAR;
  return node->metatag == BOORU_METATAG_ID && count_numbers (node->ranges) <= MAX_LISTED;
}

GVariant *
booru_query_list_of_numbers (const GArray *ranges)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, i);

      for (gint64 number = range->low; number <= range->high; number++)
        g_string_append_printf (json, "%s%" G_GINT64_FORMAT, json->len > 1 ? "," : "", number);
    }
  g_string_append_c (json, ']');
  return g_variant_ref_sink (g_variant_new_string (json->str));
}

static void
append_list (BooruQuerySql *self, const char *expression, const GArray *ranges)
{
  g_string_append_printf (self->sql, "%s IN (SELECT value FROM json_each(?))", expression);
  g_ptr_array_add (self->parameters, booru_query_list_of_numbers (ranges));
}

static void
append_range (BooruQuerySql *self, const char *expression, const BooruQueryRange *range)
{
  if (range->low == range->high)
    {
      g_string_append_printf (self->sql, "%s = ?", expression);
      add_integer (self, range->low);
      return;
    }
  if (range->low == G_MININT64 && range->high == G_MAXINT64)
    {
      g_string_append (self->sql, "TRUE");
      return;
    }
  if (range->low != G_MININT64)
    {
      g_string_append_printf (self->sql, "%s >= ?", expression);
      add_integer (self, range->low);
    }
  if (range->high != G_MAXINT64)
    {
      g_string_append_printf (self->sql, "%s%s <= ?", range->low != G_MININT64 ? " AND " : "",
                              expression);
      add_integer (self, range->high);
    }
}

/* Single numbers go into one list, however many they are; ranges are few. */
static void
append_ranges (BooruQuerySql *self, const char *expression, const GArray *ranges)
{
  g_autoptr (GArray) single = g_array_new (FALSE, FALSE, sizeof (BooruQueryRange));
  gboolean first = TRUE;

  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, i);

      if (range->low == range->high && ranges->len > 1)
        {
          g_array_append_val (single, *range);
          continue;
        }
      g_string_append (self->sql, first ? "" : " OR ");
      first = FALSE;
      append_range (self, expression, range);
    }
  if (single->len == 0)
    return;
  g_string_append (self->sql, first ? "" : " OR ");
  append_list (self, expression, single);
}

/* Ages become times: the older the lower. */
static GArray *
ages_to_times (const GArray *ages)
{
  GArray *times = g_array_sized_new (FALSE, FALSE, sizeof (BooruQueryRange), ages->len);
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < ages->len; i++)
    {
      const BooruQueryRange *age = &g_array_index (ages, BooruQueryRange, i);
      BooruQueryRange time = { .low = age->high == G_MAXINT64 ? G_MININT64 : now - age->high,
                               .high = age->low == G_MININT64 ? G_MAXINT64 : now - age->low };

      if (age->low == age->high)
        time.low = booru_query_get_day (time.low, &time.high);
      g_array_append_val (times, time);
    }
  return times;
}

static void
append_words (BooruQuerySql *self, const char *column, const BooruQueryNode *node)
{
  gboolean is_md5 = node->metatag == BOORU_METATAG_MD5;

  g_string_append_printf (self->sql, "%s IN (", column);
  for (guint i = 0; i < node->words->len; i++)
    {
      const char *word = node->words->pdata[i];

      g_string_append (self->sql, i ? ", ?" : "?");
      g_ptr_array_add (self->parameters,
                       g_variant_ref_sink (is_md5 ? g_variant_new_bytestring (word)
                                                  : g_variant_new_string (word)));
    }
  g_string_append_c (self->sql, ')');
}

/* What the source begins with; LIKE ignores the case of ASCII letters. */
static void
append_source (BooruQuerySql *self, const char *beginning)
{
  g_autoptr (GString) pattern = g_string_new (NULL);

  for (const char *p = beginning; *p; p++)
    {
      if (strchr ("%_\\", *p))
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *p == '*' ? '%' : *p);
    }
  g_string_append_c (pattern, '%');
  g_string_append (self->sql, "p.source LIKE ? ESCAPE '\\'");
  g_ptr_array_add (self->parameters, g_variant_ref_sink (g_variant_new_string (pattern->str)));
}

/* A relative of the post, by @join, if @mask is not 0 in one of its states. */
static void
append_relative (BooruQuerySql *self, const char *join, guint mask)
{
  g_string_append_printf (self->sql, "EXISTS (SELECT 1 FROM posts AS q WHERE %s", join);
  if (mask)
    g_string_append_printf (self->sql, " AND (1 << q.status) & %u", mask);
  g_string_append_c (self->sql, ')');
}

static void
append_parent (BooruQuerySql *self, const BooruQueryNode *node)
{
  if (node->presence == BOORU_QUERY_VALUES && node->ranges)
    {
      gint64 id = g_array_index (node->ranges, BooruQueryRange, 0).low;

      g_string_append_printf (self->sql, "p.parent_id IS ? OR %s = ?", self->id);
      add_integer (self, id);
      add_integer (self, id);
    }
  else if (node->presence == BOORU_QUERY_VALUES)
    append_relative (self, "q.id = p.parent_id", node->mask);
  else
    g_string_append_printf (self->sql, "p.parent_id IS %sNULL",
                            node->presence == BOORU_QUERY_ANY ? "NOT " : "");
}

static void
append_child (BooruQuerySql *self, const BooruQueryNode *node)
{
  if (node->presence == BOORU_QUERY_UNSET)
    g_string_append (self->sql, "NOT ");
  append_relative (self, "q.parent_id = p.id", node->mask);
}

static void
append_similar (BooruQuerySql *self, const BooruQueryNode *node)
{
  g_autoptr (GArray) ids
      = g_array_sized_new (FALSE, FALSE, sizeof (BooruQueryRange), node->matches->len);

  for (guint i = 0; i < node->matches->len; i++)
    {
      gint64 id = g_array_index (node->matches, BooruSimilar, i).post_id;
      BooruQueryRange range = { id, id };

      g_array_append_val (ids, range);
    }
  append_list (self, self->id, ids);
}

static void
append_ranged (BooruQuerySql *self, const BooruQueryNode *node)
{
  const char *expression = get_expression (node->metatag);
  g_autoptr (GArray) times = NULL;

  if (node->metatag == BOORU_METATAG_AGE)
    times = ages_to_times (node->ranges);
  append_ranges (self, expression, times ? times : node->ranges);
}

static void
append_duration (BooruQuerySql *self, const BooruQueryNode *node)
{
  if (node->presence != BOORU_QUERY_VALUES)
    {
      g_string_append_printf (self->sql, "p.duration IS %sNULL",
                              node->presence == BOORU_QUERY_ANY ? "NOT " : "");
      return;
    }
  g_string_append (self->sql, "p.duration IS NOT NULL AND (");
  append_ranged (self, node);
  g_string_append_c (self->sql, ')');
}

/* The same ranges of negated numbers. */
static GArray *
negate_ranges (const GArray *ranges)
{
  GArray *negated = g_array_new (FALSE, FALSE, sizeof (BooruQueryRange));

  for (guint i = 0; i < ranges->len; i++)
    {
      BooruQueryRange range = g_array_index (ranges, BooruQueryRange, i);
      gint64 low = range.high == G_MAXINT64 ? G_MININT64 : -range.high;

      range.high = range.low == G_MININT64 ? G_MAXINT64 : -range.low;
      range.low = low;
      g_array_append_val (negated, range);
    }
  return negated;
}

static void
append_id (BooruQuerySql *self, const BooruQueryNode *node)
{
  g_autoptr (GArray) negated = NULL;

  if (booru_query_is_list_of_posts (node) && node->ranges->len > 1)
    append_list (self, self->id, node->ranges);
  else if (self->negated_id)
    {
      negated = negate_ranges (node->ranges);
      append_ranges (self, self->negated_id, negated);
    }
  else
    append_ranges (self, self->id, node->ranges);
}

/* By an index (schema/013-file-facts.sql), which takes the very same expression. */
static void
append_incomplete (BooruQuerySql *self)
{
  g_string_append_printf (self->sql,
                          "%s IN (SELECT post_id FROM media_metadata "
                          "WHERE instr(metadata, '\"File:Incomplete\":') > 0)",
                          self->id);
}

/**
 * booru_query_append_condition:
 * @self: where to append
 * @node: a condition that is neither of the rating nor of the status
 *
 * Appends a condition on a row "p" of posts, in parentheses.
 */
void
booru_query_append_condition (BooruQuerySql *self, const BooruQueryNode *node)
{
  g_string_append_c (self->sql, '(');
  switch (node->metatag)
    {
    case BOORU_METATAG_ID:
      append_id (self, node);
      break;
    case BOORU_METATAG_MD5:
      /* The bytes themselves are indexed. */
      append_words (self, "p.md5", node);
      break;
    case BOORU_METATAG_FILETYPE:
      append_words (self, "p.ext", node);
      break;
    case BOORU_METATAG_IS:
      append_incomplete (self);
      break;
    case BOORU_METATAG_SOURCE:
      if (node->presence == BOORU_QUERY_UNSET)
        g_string_append (self->sql, "p.source = ''");
      else
        append_source (self, node->words->pdata[0]);
      break;
    case BOORU_METATAG_SIMILAR:
      append_similar (self, node);
      break;
    case BOORU_METATAG_PARENT:
      append_parent (self, node);
      break;
    case BOORU_METATAG_CHILD:
      append_child (self, node);
      break;
    case BOORU_METATAG_DURATION:
      append_duration (self, node);
      break;
    default:
      append_ranged (self, node);
      break;
    }
  g_string_append_c (self->sql, ')');
}
