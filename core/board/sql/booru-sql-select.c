/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sql/booru-sql-select.h"

#include <string.h>

#include "board/booru-filter-conditions.h"
#include "board/sql/booru-sql-private.h"

typedef struct
{
  char letter; /* as the formats of booru-sql.h */
  gint64 number;
  char *text;
} Value;

struct _BooruSqlValues
{
  GArray *values;
  GString *format;
};

static void
value_clear (gpointer data)
{
  g_free (((Value *)data)->text);
}

BooruSqlValues *
booru_sql_values_new (void)
{
  BooruSqlValues *self = g_new0 (BooruSqlValues, 1);

  self->values = g_array_new (FALSE, FALSE, sizeof (Value));
  g_array_set_clear_func (self->values, value_clear);
  self->format = g_string_new (NULL);
  return self;
}

void
booru_sql_values_free (BooruSqlValues *self)
{
  g_array_unref (self->values);
  g_string_free (self->format, TRUE);
  g_free (self);
}

static guint
add_value (BooruSqlValues *self, char letter, gint64 number, const char *text)
{
  Value value = { letter, number, g_strdup (text) };

  g_array_append_val (self->values, value);
  g_string_append_c (self->format, letter);
  return self->values->len;
}

guint
booru_sql_values_add_number (BooruSqlValues *self, gint64 number)
{
  return add_value (self, 'x', number, NULL);
}

guint
booru_sql_values_add_key (BooruSqlValues *self, gint64 number)
{
  return add_value (self, 'k', number, NULL);
}

guint
booru_sql_values_add_text (BooruSqlValues *self, const char *text)
{
  return add_value (self, 's', 0, text);
}

static void
bind_values (BooruSqlStatement *statement, const BooruSqlValues *values)
{
  BooruSqlClass *driver = BOORU_SQL_GET_CLASS (statement->sql);

  for (guint i = 0; i < values->values->len; i++)
    {
      const Value *value = &g_array_index (values->values, Value, i);

      if (value->letter == 's' ? value->text == NULL : value->letter == 'k' && value->number == 0)
        driver->bind_null (statement, i + 1);
      else if (value->letter == 's')
        driver->bind_text (statement, i + 1, value->text, strlen (value->text));
      else
        driver->bind_number (statement, i + 1, value->number);
    }
}

BooruSqlStatement *
booru_sql_query_text (BooruSql *self,
                      const char *text,
                      const BooruSqlValues *values,
                      GError **error)
{
  BooruSqlStatement *statement = booru_sql_begin_text (self, text, values->format->str, error);

  if (statement != NULL)
    bind_values (statement, values);
  return statement;
}

BooruSqlStatement *
booru_sql_query_values (BooruSql *self,
                        const char *name,
                        const BooruSqlValues *values,
                        GError **error)
{
  BooruSqlStatement *statement = booru_sql_begin (self, name, values->format->str, error);

  if (statement != NULL)
    bind_values (statement, values);
  return statement;
}

/* Conditions. Columns come from descriptions of fields, which are constant. */

typedef struct
{
  GString *text;
  BooruSqlValues *values;
  const char *from;
  const BooruFilter *filter;
} Writer;

static guint
add_texts (const Writer *self, const BooruCondition *condition)
{
  g_autofree char *json = booru_sql_strings_to_json ((const char *const *)condition->texts->pdata,
                                                     condition->texts->len);

  return booru_sql_values_add_text (self->values, json);
}

/* The single numbers among the ranges, as one value. */
static guint
add_numbers (const Writer *self, const GArray *ranges)
{
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *json = NULL;

  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruNumberRange *range = &g_array_index (ranges, BooruNumberRange, i);

      if (range->low == range->high)
        g_array_append_val (numbers, range->low);
    }
  json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)numbers->data, numbers->len);
  return booru_sql_values_add_text (self->values, json);
}

static guint
count_singles (const GArray *ranges)
{
  guint n = 0;

  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruNumberRange *range = &g_array_index (ranges, BooruNumberRange, i);

      n += range->low == range->high;
    }
  return n;
}

static void
write_wide (const Writer *self, const char *column, const BooruNumberRange *range)
{
  if (range->low == G_MININT64 && range->high == G_MAXINT64)
    g_string_append_printf (self->text, "%s IS NOT NULL", column);
  else if (range->low == G_MININT64)
    g_string_append_printf (self->text, "%s <= ?%u", column,
                            booru_sql_values_add_number (self->values, range->high));
  else if (range->high == G_MAXINT64)
    g_string_append_printf (self->text, "%s >= ?%u", column,
                            booru_sql_values_add_number (self->values, range->low));
  else
    {
      guint low = booru_sql_values_add_number (self->values, range->low);

      g_string_append_printf (self->text, "%s BETWEEN ?%u AND ?%u", column, low,
                              booru_sql_values_add_number (self->values, range->high));
    }
}

static void
write_ranges (const Writer *self, const BooruCondition *condition)
{
  const char *column = booru_field_get_column (condition->field);
  guint n_singles = count_singles (condition->ranges);
  gboolean first = TRUE;

  /* Nothing lies in any of them. */
  if (condition->ranges->len == 0)
    g_string_append (self->text, "1 = 0");
  if (n_singles == 1 && condition->ranges->len == 1)
    {
      g_string_append_printf (
          self->text, "%s = ?%u", column,
          booru_sql_values_add_number (self->values,
                                       g_array_index (condition->ranges, BooruNumberRange, 0).low));
      return;
    }
  if (n_singles > 0)
    {
      g_string_append_printf (self->text,
                              "%s IN (SELECT CAST (value AS bigint) FROM json_each (?%u))", column,
                              add_numbers (self, condition->ranges));
      first = FALSE;
    }
  for (guint i = 0; i < condition->ranges->len; i++)
    {
      const BooruNumberRange *range = &g_array_index (condition->ranges, BooruNumberRange, i);

      if (range->low == range->high)
        continue;
      g_string_append (self->text, first ? "" : " OR ");
      write_wide (self, column, range);
      first = FALSE;
    }
}

static void
write_texts (const Writer *self, const BooruCondition *condition)
{
  const char *column = booru_field_get_column (condition->field);

  if (condition->texts->len == 1)
    g_string_append_printf (self->text, "%s = ?%u", column,
                            booru_sql_values_add_text (self->values, condition->texts->pdata[0]));
  else
    g_string_append_printf (self->text, "%s IN (SELECT value FROM json_each (?%u))", column,
                            add_texts (self, condition));
}

static void
write_pattern (const Writer *self, const BooruField *field, guint index)
{
  if (field->type == BOORU_FIELD_NAMES)
    g_string_append_printf (self->text,
                            "EXISTS (SELECT 1 FROM json_each (%s) AS element"
                            " WHERE lower (element.value) LIKE ?%u ESCAPE '\\')",
                            booru_field_get_column (field), index);
  else
    g_string_append_printf (self->text, "lower (%s) LIKE ?%u ESCAPE '\\'",
                            booru_field_get_column (field), index);
}

static void
write_like (const Writer *self, const BooruCondition *condition)
{
  const BooruField *field = condition->field;

  for (guint i = 0; i < condition->texts->len; i++)
    {
      g_autofree char *pattern = booru_sql_pattern_to_like (condition->texts->pdata[i]);
      guint index = booru_sql_values_add_text (self->values, pattern);

      g_string_append (self->text, i > 0 ? " AND (" : "(");
      if (field->type != BOORU_FIELD_ANY)
        write_pattern (self, field, index);
      else
        for (guint j = 0; field->choices[j] != NULL; j++)
          {
            g_string_append (self->text, j > 0 ? " OR " : "");
            write_pattern (self, booru_filter_find_field (self->filter, field->choices[j]), index);
          }
      g_string_append_c (self->text, ')');
    }
}

static void
write_present (const Writer *self, const BooruCondition *condition)
{
  const BooruField *field = condition->field;
  const char *column = booru_field_get_column (field);

  if (field->type == BOORU_FIELD_IDS && field->rows != NULL)
    g_string_append_printf (self->text, "id IN (SELECT %s FROM %s)", field->rows->owner,
                            field->rows->table);
  else if (field->type == BOORU_FIELD_IDS || field->type == BOORU_FIELD_NAMES)
    g_string_append_printf (self->text, "%s <> '[]'", column);
  else if (field->type == BOORU_FIELD_TEXT)
    g_string_append_printf (self->text, "%s <> ''", column);
  else
    g_string_append_printf (self->text, "%s IS NOT NULL", column);
}

/* Of ids that are rows of their own: those of all asked for, each of which is there once. */
static void
write_rows (const Writer *self, const BooruCondition *condition)
{
  const BooruFieldRows *rows = condition->field->rows;
  guint list = add_numbers (self, condition->ranges);

  g_string_append_printf (
      self->text,
      "id IN (SELECT %s FROM %s WHERE %s IN (SELECT CAST (value AS bigint) FROM json_each (?%u))",
      rows->owner, rows->table, rows->member, list);
  if (condition->test == BOORU_TEST_INCLUDE_ALL)
    g_string_append_printf (
        self->text,
        " GROUP BY %s HAVING count (*) = (SELECT count (DISTINCT value) FROM json_each (?%u))",
        rows->owner, list);
  g_string_append_c (self->text, ')');
}

static void
write_elements (const Writer *self, const BooruCondition *condition)
{
  gboolean numbers = condition->field->type == BOORU_FIELD_IDS;
  guint list = numbers ? add_numbers (self, condition->ranges) : add_texts (self, condition);
  const char *value = condition->lower ? "lower (element.value)" : "element.value";
  const char *wanted = condition->lower ? "lower (value)" : "value";

  g_string_append_printf (self->text,
                          "(SELECT count (DISTINCT %s) FROM json_each (%s) AS element"
                          " WHERE %s IN (SELECT %s FROM json_each (?%u)))",
                          value, booru_field_get_column (condition->field), value, wanted, list);
  if (condition->test == BOORU_TEST_INCLUDE_ANY)
    g_string_append (self->text, " > 0");
  else
    g_string_append_printf (self->text, " = (SELECT count (DISTINCT %s) FROM json_each (?%u))",
                            wanted, list);
}

static void
write_condition (const Writer *self, const BooruCondition *condition)
{
  g_string_append (self->text, condition->negated ? "NOT (" : "(");
  switch (condition->test)
    {
    case BOORU_TEST_RANGES:
      write_ranges (self, condition);
      break;
    case BOORU_TEST_TEXTS:
      write_texts (self, condition);
      break;
    case BOORU_TEST_LIKE:
      write_like (self, condition);
      break;
    case BOORU_TEST_PRESENT:
      write_present (self, condition);
      break;
    case BOORU_TEST_INCLUDE_ANY:
    case BOORU_TEST_INCLUDE_ALL:
      if (condition->field->rows != NULL)
        write_rows (self, condition);
      else
        write_elements (self, condition);
      break;
    case BOORU_TEST_VISIBLE:
      g_string_append_printf (
          self->text, "%s = 1 OR %s = ?%u", booru_field_get_column (condition->field),
          booru_field_get_column (condition->other),
          booru_sql_values_add_number (self->values,
                                       g_array_index (condition->ranges, BooruNumberRange, 0).low));
      break;
    default:
      g_assert_not_reached ();
    }
  g_string_append_c (self->text, ')');
}

static void
write_where (const Writer *self)
{
  const BooruFilter *filter = self->filter;

  for (guint i = 0; i < filter->conditions->len; i++)
    {
      g_string_append (self->text, i > 0 ? " AND " : " WHERE ");
      write_condition (self, filter->conditions->pdata[i]);
    }
}

/* The order of the ids that were asked for. SQLite's json_each() has a column "id" of its own. */
static void
write_custom_order (const Writer *self, const char *id)
{
  const BooruFilter *filter = self->filter;
  const char *table = strchr (id, '.') != NULL ? "" : self->from;

  for (guint i = 0; i < filter->conditions->len; i++)
    {
      const BooruCondition *condition = filter->conditions->pdata[i];

      if (condition->test != BOORU_TEST_RANGES || strcmp (condition->field->name, "id") != 0)
        continue;
      g_string_append_printf (self->text,
                              " ORDER BY (SELECT min (wanted.key) FROM json_each (?%u) AS wanted"
                              " WHERE CAST (wanted.value AS bigint) = %s%s%s), %s",
                              add_numbers (self, condition->ranges), table,
                              *table != '\0' ? "." : "", id, id);
      return;
    }
  g_string_append_printf (self->text, " ORDER BY %s DESC", id);
}

static void
write_order (const Writer *self, const char *id)
{
  const BooruFilter *filter = self->filter;

  if (filter->custom)
    write_custom_order (self, id);
  else if (filter->order == NULL)
    g_string_append_printf (self->text, " ORDER BY %s DESC", id);
  else
    g_string_append_printf (
        self->text, " ORDER BY %s %s, %s %s", booru_field_get_column (filter->order),
        filter->ascending ? "ASC" : "DESC", id, filter->ascending ? "ASC" : "DESC");
}

static void
write_page (const Writer *self)
{
  const BooruPage *page = &self->filter->page;
  const char *id = booru_field_get_column (booru_filter_find_field (self->filter, "id"));
  gboolean first = self->filter->conditions->len == 0;
  guint limit;

  if (page->kind == BOORU_PAGE_NUMBER)
    write_order (self, id);
  else
    g_string_append_printf (self->text, " %s %s %s ?%u ORDER BY %s %s", first ? "WHERE" : "AND", id,
                            page->kind == BOORU_PAGE_BEFORE ? "<" : ">",
                            booru_sql_values_add_number (self->values, page->value), id,
                            page->kind == BOORU_PAGE_BEFORE ? "DESC" : "ASC");
  limit = booru_sql_values_add_number (self->values, page->limit);
  g_string_append_printf (self->text, " LIMIT ?%u", limit);
  if (page->kind == BOORU_PAGE_NUMBER && page->value > 1)
    g_string_append_printf (
        self->text, " OFFSET ?%u",
        booru_sql_values_add_number (self->values, (page->value - 1) * page->limit));
}

BooruSqlStatement *
booru_sql_select (BooruSql *self,
                  const char *columns,
                  const char *from,
                  const BooruFilter *filter,
                  GError **error)
{
  gboolean turned = filter->page.kind == BOORU_PAGE_AFTER;
  g_autoptr (GString) text = g_string_new (turned ? "SELECT * FROM (" : "");
  g_autoptr (BooruSqlValues) values = booru_sql_values_new ();
  Writer writer = { text, values, from, filter };

  g_string_append_printf (text, "SELECT %s FROM %s", columns, from);
  write_where (&writer);
  write_page (&writer);
  if (turned)
    g_string_append (text, ") AS nearest ORDER BY 1 DESC");
  return booru_sql_query_text (self, text->str, values, error);
}

BooruSqlStatement *
booru_sql_select_all (BooruSql *self,
                      const char *columns,
                      const char *from,
                      const BooruFilter *filter,
                      GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (BooruSqlValues) values = booru_sql_values_new ();
  Writer writer = { text, values, from, filter };

  g_string_append_printf (text, "SELECT %s FROM %s", columns, from);
  write_where (&writer);
  g_string_append (text, " ORDER BY 1");
  return booru_sql_query_text (self, text->str, values, error);
}
