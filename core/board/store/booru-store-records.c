/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading records. */
#include "board/store/booru-store-records-private.h"

#include <string.h>

#include "base/booru-error.h"

char *
booru_record_type_dup_columns (const BooruRecordType *type)
{
  GString *columns = g_string_new (NULL);

  for (guint i = 0; i < type->n_fields; i++)
    {
      const BooruField *field = &type->fields[i];

      if (!booru_field_is_stored (field))
        continue;
      if (columns->len > 0)
        g_string_append (columns, ", ");
      g_string_append (columns, field->column != NULL ? field->column : field->name);
    }
  return g_string_free (columns, FALSE);
}

static void
read_value (const BooruField *field, BooruSqlStatement *row, guint column, BooruValue *value)
{
  switch (field->type)
    {
    case BOORU_FIELD_TEXT:
    case BOORU_FIELD_CHOICE:
      g_free (value->text);
      value->text = booru_sql_dup_text (row, column);
      break;
    case BOORU_FIELD_NAMES:
      g_strfreev (value->names);
      value->names = booru_sql_strings_from_json (booru_sql_get_text (row, column));
      break;
    case BOORU_FIELD_IDS:
      booru_sql_numbers_from_json (booru_sql_get_text (row, column), value->ids);
      break;
    default:
      value->number = booru_sql_get_number (row, column);
      break;
    }
}

BooruRecord *
booru_record_from_row (const BooruRecordType *type, BooruSqlStatement *row)
{
  BooruRecord *record = booru_record_new (type);
  guint column = 0;

  for (guint i = 0; i < type->n_fields; i++)
    if (booru_field_is_stored (&type->fields[i]))
      read_value (&type->fields[i], row, column++, &record->values[i]);
  return record;
}

/* Lists of ids that are rows. */

static char *
list_record_ids (GPtrArray *records, GHashTable *by_id)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < records->len; i++)
    {
      BooruRecord *record = records->pdata[i];

      g_array_append_val (ids, record->values[0].number);
      g_hash_table_insert (by_id, &record->values[0].number, record);
    }
  return booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);
}

static BooruSqlStatement *
query_rows (BooruStore *store, const BooruFieldRows *rows, const char *ids, GError **error)
{
  g_autofree char *name = g_strdup_printf ("list rows of %s", rows->table);
  g_autofree char *text
      = g_strdup_printf ("SELECT %s, %s FROM %s WHERE %s IN"
                         " (SELECT CAST (value AS bigint) FROM json_each (?1))"
                         " ORDER BY %s, position",
                         rows->owner, rows->member, rows->table, rows->owner, rows->owner);

  booru_sql_define (store->sql, name, text);
  return booru_sql_query (store->sql, error, name, "s", ids);
}

static gboolean
read_list (BooruStore *store, const BooruField *field, GPtrArray *records, GError **error)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree char *ids = list_record_ids (records, by_id);
  g_autoptr (BooruSqlStatement) rows = query_rows (store, field->rows, ids, error);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 owner = booru_sql_get_number (rows, 0), member = booru_sql_get_number (rows, 1);
      BooruRecord *record = g_hash_table_lookup (by_id, &owner);

      g_array_append_val (record->values[field - record->type->fields].ids, member);
    }
  return step == BOORU_SQL_DONE;
}

gboolean
booru_store_read_lists (BooruStore *store, GPtrArray *records, GError **error)
{
  const BooruRecordType *type;

  if (records->len == 0)
    return TRUE;
  type = ((BooruRecord *)records->pdata[0])->type;
  for (guint i = 0; i < type->n_fields; i++)
    if (type->fields[i].rows != NULL && !read_list (store, &type->fields[i], records, error))
      return FALSE;
  return TRUE;
}

static void
fail_not_found (const BooruRecordType *type, gint64 id, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no %s %" G_GINT64_FORMAT,
               type->title, id);
}

static BooruRecord *
read_row (BooruStore *store, const BooruRecordType *type, gint64 id, GError **error)
{
  g_autofree char *columns = booru_record_type_dup_columns (type);
  g_autofree char *name = g_strdup_printf ("get %s", type->name);
  g_autofree char *text = g_strdup_printf ("SELECT %s FROM %s WHERE id = ?1", columns, type->table);
  g_autoptr (BooruSqlStatement) row = NULL;
  BooruSqlStep step;

  booru_sql_define (store->sql, name, text);
  row = booru_sql_query (store->sql, error, name, "x", id);
  step = booru_sql_step (row, error);
  if (step == BOORU_SQL_DONE)
    fail_not_found (type, id, error);
  return step == BOORU_SQL_ROW ? booru_record_from_row (type, row) : NULL;
}

BooruRecord *
booru_store_read_record (BooruStore *store, const BooruRecordType *type, gint64 id, GError **error)
{
  g_autoptr (BooruRecord) record = read_row (store, type, id, error);
  g_autoptr (GPtrArray) one = NULL;

  if (record == NULL)
    return NULL;
  one = g_ptr_array_new ();
  g_ptr_array_add (one, record);
  return booru_store_read_lists (store, one, error) ? g_steal_pointer (&record) : NULL;
}

static gboolean
may_see (const BooruRecord *record, const BooruUser *by)
{
  const BooruRecordType *type = record->type;
  gboolean is_secret
      = type->secret
        || (type->public_flag != NULL && !booru_record_get_number (record, type->public_flag));

  return !is_secret || booru_record_get_number (record, type->owner) == by->id;
}

BooruRecord *
booru_store_get_record (BooruStore *self,
                        const BooruRecordType *type,
                        gint64 id,
                        const BooruUser *by,
                        GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && type != NULL && by != NULL, NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  g_autoptr (BooruRecord) record = booru_store_read_record (self, type, id, error);

  if (record == NULL || may_see (record, by))
    return g_steal_pointer (&record);
  fail_not_found (type, id, error);
  return NULL;
}

static void
restrict_filter (BooruFilter *filter, const BooruRecordType *type, const BooruUser *by)
{
  if (type->secret)
    booru_filter_require (filter, type->owner, by->id);
  else if (type->public_flag != NULL)
    booru_filter_require_visible (filter, type->public_flag, type->owner, by->id);
  if (booru_record_type_get (type->kind) != type)
    booru_filter_require (filter, "kind", type->kind);
  booru_filter_set_default_order (filter, type->order);
}

GPtrArray *
booru_store_list_records (BooruStore *self,
                          const BooruRecordType *type,
                          BooruFilter *filter,
                          gboolean whole,
                          const BooruUser *by,
                          GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && type != NULL && filter != NULL && by != NULL,
                        NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  g_autoptr (GPtrArray) records
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_record_free);
  g_autofree char *columns = booru_record_type_dup_columns (type);
  g_autoptr (BooruSqlStatement) rows = NULL;
  BooruSqlStep step;

  restrict_filter (filter, type, by);
  rows = booru_sql_select (self->sql, columns, type->table, filter, error);
  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (records, booru_record_from_row (type, rows));
  if (step != BOORU_SQL_DONE || (whole && !booru_store_read_lists (self, records, error)))
    return NULL;
  return g_steal_pointer (&records);
}
