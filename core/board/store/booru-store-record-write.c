/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing records: row, lists, versions and change log are kept in step here. */
#include "board/store/booru-store-records-private.h"

#include <string.h>

static const BooruRecordRules *
get_rules (const BooruRecordWrite *write)
{
  return booru_record_rules_get (write->type->kind);
}

const BooruRecordRules *
booru_record_rules_get (BooruRecordKind kind)
{
  static const BooruRecordRules *const rules[BOORU_N_RECORD_KINDS] = {
    [BOORU_RECORD_POOL] = &booru_pool_rules,
    [BOORU_RECORD_FAVORITE_GROUP] = &booru_favorite_group_rules,
    [BOORU_RECORD_COMMENT] = &booru_comment_rules,
    [BOORU_RECORD_NOTE] = &booru_note_rules,
    [BOORU_RECORD_COMMENTARY] = &booru_commentary_rules,
    [BOORU_RECORD_WIKI_PAGE] = &booru_wiki_page_rules,
    [BOORU_RECORD_ARTIST] = &booru_artist_rules,
  };

  return rules[kind];
}

/* The row. */

static void
add_value (BooruSqlValues *values, const BooruField *field, const BooruValue *value)
{
  g_autofree char *json = NULL;

  switch (field->type)
    {
    case BOORU_FIELD_TEXT:
    case BOORU_FIELD_CHOICE:
      booru_sql_values_add_text (values, value->text);
      break;
    case BOORU_FIELD_NAMES:
      json = booru_sql_strings_to_json ((const char *const *)value->names,
                                        g_strv_length (value->names));
      booru_sql_values_add_text (values, json);
      break;
    case BOORU_FIELD_IDS:
      json
          = booru_sql_numbers_to_json ((const gint64 *)(gpointer)value->ids->data, value->ids->len);
      booru_sql_values_add_text (values, json);
      break;
    default:
      if (field->flags & BOORU_FIELD_NULL)
        booru_sql_values_add_key (values, value->number);
      else
        booru_sql_values_add_number (values, value->number);
      break;
    }
}

/* All but the id. */
static BooruSqlValues *
make_values (const BooruRecord *record)
{
  BooruSqlValues *values = booru_sql_values_new ();

  for (guint i = 1; i < record->type->n_fields; i++)
    if (booru_field_is_stored (&record->type->fields[i]))
      add_value (values, &record->type->fields[i], &record->values[i]);
  return values;
}

static char *
make_insert (const BooruRecordType *type)
{
  g_autofree char *columns = booru_record_type_dup_columns (type);
  GString *text = g_string_new (NULL);
  guint n = 0;

  /* The id comes first, and is the database's to give. */
  g_string_printf (text, "INSERT INTO %s (%s) VALUES (", type->table, strchr (columns, ',') + 1);
  for (guint i = 1; i < type->n_fields; i++)
    if (booru_field_is_stored (&type->fields[i]))
      {
        n++;
        g_string_append_printf (text, "%s?%u", n > 1 ? ", " : "", n);
      }
  g_string_append (text, ") RETURNING id");
  return g_string_free (text, FALSE);
}

static char *
make_update (const BooruRecordType *type)
{
  GString *text = g_string_new (NULL);
  guint n = 0;

  g_string_printf (text, "UPDATE %s SET ", type->table);
  for (guint i = 1; i < type->n_fields; i++)
    if (booru_field_is_stored (&type->fields[i]))
      {
        n++;
        g_string_append_printf (text, "%s%s = ?%u", n > 1 ? ", " : "", type->fields[i].name, n);
      }
  g_string_append_printf (text, " WHERE id = ?%u", n + 1);
  return g_string_free (text, FALSE);
}

static gboolean
run_to_end (BooruSqlStatement *statement, gint64 *number, GError **error)
{
  g_autoptr (BooruSqlStatement) ended = statement;
  BooruSqlStep step;

  while ((step = booru_sql_step (ended, error)) == BOORU_SQL_ROW)
    *number = booru_sql_get_number (ended, 0);
  return step == BOORU_SQL_DONE;
}

static gboolean
insert_row (BooruStore *store, BooruRecord *record, GError **error)
{
  g_autofree char *name = g_strdup_printf ("insert %s", record->type->name);
  g_autofree char *text = make_insert (record->type);
  g_autoptr (BooruSqlValues) values = make_values (record);

  booru_sql_define (store->sql, name, text);
  return run_to_end (booru_sql_query_values (store->sql, name, values, error),
                     &record->values[0].number, error);
}

static gboolean
update_row (BooruStore *store, const BooruRecord *record, GError **error)
{
  g_autofree char *name = g_strdup_printf ("update %s", record->type->name);
  g_autofree char *text = make_update (record->type);
  g_autoptr (BooruSqlValues) values = make_values (record);
  gint64 none;

  booru_sql_values_add_number (values, booru_record_get_id (record));
  booru_sql_define (store->sql, name, text);
  return run_to_end (booru_sql_query_values (store->sql, name, values, error), &none, error);
}

static gboolean
delete_row (BooruStore *store, const BooruRecord *record, GError **error)
{
  g_autofree char *name = g_strdup_printf ("delete %s", record->type->name);
  g_autofree char *text = g_strdup_printf ("DELETE FROM %s WHERE id = ?1", record->type->table);

  booru_sql_define (store->sql, name, text);
  return booru_sql_run (store->sql, error, name, "x", booru_record_get_id (record));
}

/* The whole. */

static gboolean
is_same (const BooruRecordWrite *write, guint flags)
{
  for (guint i = 0; i < write->type->n_fields; i++)
    {
      const BooruField *field = &write->type->fields[i];

      if ((field->flags & flags) == flags
          && !booru_record_value_equal (field, &write->before->values[i], &write->after->values[i]))
        return FALSE;
    }
  return TRUE;
}

static void
set_if_there (BooruRecord *record, const char *name, gint64 number)
{
  if (booru_record_type_find_field (record->type, name) != NULL)
    booru_record_set_number (record, name, number);
}

static gboolean
write_row (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  set_if_there (write->after, "updated_at", write->now);
  set_if_there (write->after, "updater_id", write->by->id);
  if (write->before != NULL)
    return update_row (store, write->after, error);
  set_if_there (write->after, "created_at", write->now);
  return insert_row (store, write->after, error);
}

static gboolean
write_present (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  gboolean versioned = write->type->versions != NULL
                       && (write->before == NULL || !is_same (write, BOORU_FIELD_KEPT));

  return write_row (store, write, error) && booru_store_write_lists (store, write, error)
         && (!versioned || booru_store_write_record_version (store, write, error));
}

gboolean
booru_store_write_record (BooruStore *store, BooruRecordWrite *write, GError **error)
{
  const BooruRecordRules *rules = get_rules (write);

  if (rules != NULL && rules->check != NULL && !rules->check (store, write, error))
    return FALSE;
  if (write->after != NULL && write->before != NULL && is_same (write, 0))
    return TRUE;
  if (write->after != NULL ? !write_present (store, write, error)
                           : !delete_row (store, write->before, error))
    return FALSE;
  booru_sql_note_change (store->sql, write->type->change,
                         booru_record_get_id (write->after != NULL ? write->after : write->before));
  return rules == NULL || rules->follow == NULL || rules->follow (store, write, error);
}
