/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tree to text: canonical, and parsed again the same tree. */
#include "board/query/booru-query-ast.h"

#include <string.h>

/* Seconds and megapixels are kept in millionths: printed whole, so that nothing is rounded. */
static void
print_millionths (gint64 value, GString *out)
{
  if (value < 0)
    g_string_append_c (out, '-');
  g_string_append_printf (out, "%" G_GUINT64_FORMAT ".%06" G_GUINT64_FORMAT,
                          (guint64)ABS (value) / G_USEC_PER_SEC,
                          (guint64)ABS (value) % G_USEC_PER_SEC);
}

static void
print_date (gint64 value, GString *out)
{
  gint64 seconds = value / G_USEC_PER_SEC, fraction = value % G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;

  if (fraction < 0)
    {
      fraction += G_USEC_PER_SEC;
      seconds--;
    }
  time = g_date_time_new_from_unix_utc (seconds);
  text = g_date_time_format (time, "%m-%dT%H:%M:%S");
  g_string_append_printf (out, "%04d-%s.%06" G_GINT64_FORMAT "Z", g_date_time_get_year (time), text,
                          fraction);
}

static void
print_value (BooruMetatag metatag, gint64 value, GString *out)
{
  switch (metatag)
    {
    case BOORU_METATAG_DATE:
      print_date (value, out);
      break;
    case BOORU_METATAG_MPIXELS:
    case BOORU_METATAG_DURATION:
      print_millionths (value, out);
      break;
    case BOORU_METATAG_AGE:
      print_millionths (value, out);
      g_string_append_c (out, 's');
      break;
    case BOORU_METATAG_RATIO:
      g_string_append_printf (out, "%" G_GINT64_FORMAT "/100", value);
      break;
    default:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
      break;
    }
}

/* A single value of these means the values near it. */
static gboolean
is_fuzzy (BooruMetatag metatag)
{
  return metatag == BOORU_METATAG_MPIXELS || metatag == BOORU_METATAG_DURATION
         || metatag == BOORU_METATAG_DATE;
}

static void
print_range (BooruMetatag metatag, const BooruQueryRange *range, GString *out)
{
  if (range->low == G_MININT64)
    {
      g_string_append (out, "<=");
      print_value (metatag, range->high, out);
      return;
    }
  if (range->high == G_MAXINT64)
    {
      g_string_append (out, ">=");
      print_value (metatag, range->low, out);
      return;
    }
  print_value (metatag, range->low, out);
  if (range->low == range->high && !is_fuzzy (metatag))
    return;
  g_string_append (out, "..");
  print_value (metatag, range->high, out);
}

static void
print_mask (BooruMetatag metatag, guint mask, GString *out)
{
  static const char *const ratings[] = { "g", "s", "q", "e" };
  static const char *const statuses[] = { "active", "deleted", "missing", "expunged" };
  static const char *const commentaries[] = { "translated", "untranslated" };
  const char *const *names = metatag == BOORU_METATAG_RATING       ? ratings
                             : metatag == BOORU_METATAG_COMMENTARY ? commentaries
                                                                   : statuses;
  gboolean first = TRUE;

  for (guint i = 0; mask >> i; i++)
    {
      if (!(mask & (1u << i)))
        continue;
      g_string_append (out, first ? "" : ",");
      g_string_append (out, names[i]);
      first = FALSE;
    }
}

static void
print_source (const char *source, GString *out)
{
  g_string_append_c (out, '"');
  for (const char *p = source; *p; p++)
    {
      if (*p == '"')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

/* In quotes if they have anything in them that could end them. */
static void
print_words (const GPtrArray *words, GString *out)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", (char *)words->pdata[i]);
  if (strspn (text->str, "abcdefghijklmnopqrstuvwxyz0123456789,") == text->len)
    g_string_append (out, text->str);
  else
    print_source (text->str, out);
}

static void
print_condition (const BooruQueryNode *self, GString *out)
{
  g_string_append_printf (out, "%s:", booru_metatag_get_name (self->metatag));
  if (self->presence != BOORU_QUERY_VALUES)
    g_string_append (out, self->presence == BOORU_QUERY_ANY ? "any" : "none");
  else if (self->words && self->metatag != BOORU_METATAG_UNALIASED
           && booru_metatag_get_answer (self->metatag) == BOORU_ANSWER_LEAF
           && self->metatag != BOORU_METATAG_MD5)
    print_source (self->words->pdata[0], out);
  else if (self->metatag == BOORU_METATAG_SIMILAR)
    g_string_append_printf (out, "%" G_GINT64_FORMAT ",%u",
                            g_array_index (self->ranges, BooruQueryRange, 0).low, self->distance);
  else if (self->mask)
    print_mask (self->metatag, self->mask, out);
  else if (self->words)
    print_words (self->words, out);
  else
    for (guint i = 0; i < self->ranges->len; i++)
      {
        g_string_append (out, i > 0 ? "," : "");
        print_range (self->metatag, &g_array_index (self->ranges, BooruQueryRange, i), out);
      }
}

/* Not with a tag before it that would become a smiley. */
static void
close_group (GString *out)
{
  char last = out->str[out->len - 1];

  g_string_append (out, last == ':' || last == ';' ? " )" : ")");
}

static void
print_children (const BooruQueryNode *self, const char *between, GString *out)
{
  for (guint i = 0; i < self->children->len; i++)
    {
      const BooruQueryNode *child = self->children->pdata[i];
      gboolean group = child->type == BOORU_QUERY_AND || child->type == BOORU_QUERY_OR;

      g_string_append (out, i > 0 ? between : "");
      if (group)
        booru_query_node_print_group (child, out);
      else
        booru_query_node_print (child, out);
    }
}

/* Appends a tree as a search; as a group, in parentheses. */
void
booru_query_node_print_group (const BooruQueryNode *self, GString *out)
{
  g_string_append_c (out, '(');
  booru_query_node_print (self, out);
  close_group (out);
}

/* Appends a tree as a search; a NONE, which stands only alone in a simple tree, as ")". */
void
booru_query_node_print (const BooruQueryNode *self, GString *out)
{
  switch (self->type)
    {
    case BOORU_QUERY_ALL:
      break;
    case BOORU_QUERY_NONE:
      g_string_append_c (out, ')');
      break;
    case BOORU_QUERY_TAG:
    case BOORU_QUERY_WILDCARD:
      g_string_append (out, self->text);
      break;
    case BOORU_QUERY_CONDITION:
      print_condition (self, out);
      break;
    case BOORU_QUERY_NOT:
      g_string_append_c (out, '-');
      print_children (self, "", out);
      break;
    case BOORU_QUERY_AND:
      print_children (self, " ", out);
      break;
    case BOORU_QUERY_OR:
      print_children (self, " or ", out);
      break;
    }
}

char *
booru_query_node_to_string (const BooruQueryNode *self)
{
  GString *out = g_string_new (NULL);

  booru_query_node_print (self, out);
  return g_string_free (out, FALSE);
}
