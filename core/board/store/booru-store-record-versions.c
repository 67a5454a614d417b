/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Versions of records: what each of them was after a change, as a JSON object. */
#include "board/store/booru-store-records-private.h"

#include "base/booru-json.h"

/* Posts that somebody adds to the end of a list one after the other are one version, as long as
 * they come within this time: or else a list of thousands of posts would be kept as often. */
#define MERGE_TIME G_TIME_SPAN_HOUR

typedef struct
{
  gint64 id; /* 0: there is none */
  gint64 version, updater_id, created_at;
  gboolean appended; /* only posts at the end of a list */
  GArray *added;
} Latest;

static void
latest_clear (Latest *self)
{
  g_clear_pointer (&self->added, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Latest, latest_clear)

static gboolean
read_latest (BooruStore *store, const BooruRecordWrite *write, Latest *latest, GError **error)
{
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (store->sql, error, "get-latest-record-version", "ix",
                         (gint)write->type->kind, booru_record_get_id (write->after));
  BooruSqlStep step = booru_sql_step (row, error);

  latest->added = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (step != BOORU_SQL_ROW)
    return step == BOORU_SQL_DONE;
  latest->id = booru_sql_get_number (row, 0);
  latest->version = booru_sql_get_number (row, 1);
  latest->updater_id = booru_sql_get_number (row, 2);
  latest->created_at = booru_sql_get_number (row, 3);
  latest->appended = booru_sql_get_number (row, 4) != 0;
  booru_sql_numbers_from_json (booru_sql_get_text (row, 5), latest->added);
  return TRUE;
}

static void
append_ids (GString *json, const char *word, const char *name, const GArray *ids)
{
  g_autofree char *list = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);

  g_string_append_printf (json, "%s\"%s%s\":%s", json->len > 1 ? "," : "", word, name, list);
}

static void
append_value (GString *json, const BooruField *field, const BooruValue *value)
{
  g_autofree char *list = NULL;

  if (field->type == BOORU_FIELD_IDS)
    {
      append_ids (json, "", field->name, value->ids);
      return;
    }
  g_string_append_printf (json, "%s\"%s\":", json->len > 1 ? "," : "", field->name);
  switch (field->type)
    {
    case BOORU_FIELD_TEXT:
    case BOORU_FIELD_CHOICE:
      booru_json_append_string (json, value->text);
      break;
    case BOORU_FIELD_NAMES:
      list = booru_sql_strings_to_json ((const char *const *)value->names,
                                        g_strv_length (value->names));
      g_string_append (json, list);
      break;
    default:
      g_string_append_printf (json, "%" G_GINT64_FORMAT, value->number);
      break;
    }
}

/* What a list lost and got; @appended: stays TRUE only if it got more at its end. */
static void
append_difference (GString *json,
                   const BooruField *field,
                   const BooruValue *before,
                   const BooruValue *after,
                   const GArray *added_before,
                   gboolean *appended)
{
  g_autoptr (GArray) nothing = g_array_new (FALSE, FALSE, sizeof (gint64));
  const GArray *old = before != NULL ? before->ids : nothing;
  g_autoptr (GArray) removed = booru_store_subtract_ids (old, after->ids);
  g_autoptr (GArray) added = booru_store_subtract_ids (after->ids, old);

  *appended = *appended && removed->len == 0 && added->len > 0
              && booru_store_is_same_order (old, removed, after->ids);
  if (*appended)
    g_array_prepend_vals (added, added_before->data, added_before->len);
  append_ids (json, "added_", field->name, added);
  append_ids (json, "removed_", field->name, removed);
}

static gboolean
changes_only_lists (const BooruRecordWrite *write)
{
  for (guint i = 0; write->before != NULL && i < write->type->n_fields; i++)
    {
      const BooruField *field = &write->type->fields[i];

      if ((field->flags & BOORU_FIELD_KEPT) && field->type != BOORU_FIELD_IDS
          && !booru_record_value_equal (field, &write->before->values[i], &write->after->values[i]))
        return FALSE;
    }
  return write->before != NULL;
}

/* @added: what a version that this one may become one with had added. */
static char *
make_data (const BooruRecordWrite *write, const GArray *added, gboolean *appended)
{
  GString *json = g_string_new ("{");

  *appended = changes_only_lists (write);
  for (guint i = 0; i < write->type->n_fields; i++)
    {
      const BooruField *field = &write->type->fields[i];

      if (!(field->flags & BOORU_FIELD_KEPT))
        continue;
      append_value (json, field, &write->after->values[i]);
      if (field->type == BOORU_FIELD_IDS)
        append_difference (json, field, write->before != NULL ? &write->before->values[i] : NULL,
                           &write->after->values[i], added, appended);
    }
  g_string_append_printf (json, ",\"appended\":%d}", *appended);
  return g_string_free (json, FALSE);
}

gboolean
booru_store_write_record_version (BooruStore *store, const BooruRecordWrite *write, GError **error)
{
  const BooruRecordType *type = write->type;
  g_auto (Latest) latest = { 0 };
  g_autofree char *data = NULL;
  gboolean mergeable, appended;

  if (!read_latest (store, write, &latest, error))
    return FALSE;
  mergeable = latest.appended && latest.updater_id == write->by->id
              && write->now - latest.created_at < MERGE_TIME;
  if (!mergeable)
    g_array_set_size (latest.added, 0);
  data = make_data (write, latest.added, &appended);
  if (mergeable && appended)
    return booru_sql_run (store->sql, error, "update-record-version", "xsx", latest.id, data,
                          write->now);
  return booru_sql_run (
      store->sql, error, "insert-record-version", "ixxxkxs", (gint)type->kind,
      booru_record_get_id (write->after), latest.version + 1, write->by->id,
      type->in_post != NULL ? booru_record_get_number (write->after, type->in_post) : (gint64)0,
      write->now, data);
}
