/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of ids that are rows: what was taken out goes, what is new is appended; only where the
 * order is another one, all are numbered anew. */
#include "board/store/booru-store-records-private.h"

#include <string.h>

#include "base/booru-error.h"

static gboolean
run_on_list (BooruStore *store,
             const BooruFieldRows *rows,
             const char *what,
             const char *text,
             gint64 owner,
             const GArray *ids,
             GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s %s", what, rows->table);
  g_autofree char *json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);

  booru_sql_define (store->sql, name, text);
  return booru_sql_run (store->sql, error, name, "xs", owner, json);
}

static gboolean
remove_from_list (BooruStore *store,
                  const BooruFieldRows *rows,
                  gint64 owner,
                  const GArray *ids,
                  GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "DELETE FROM %s WHERE %s = ?1 AND %s IN (SELECT CAST (value AS bigint) FROM json_each (?2))",
      rows->table, rows->owner, rows->member);

  return run_on_list (store, rows, "remove from", text, owner, ids, error);
}

static gboolean
append_to_list (BooruStore *store,
                const BooruFieldRows *rows,
                gint64 owner,
                const GArray *ids,
                GError **error)
{
  g_autofree char *text = g_strdup_printf (
      "INSERT INTO %s (%s, %s, position) SELECT ?1, CAST (value AS bigint), key + 1"
      " + (SELECT coalesce (max (position), 0) FROM %s WHERE %s = ?1)"
      " FROM json_each (?2)",
      rows->table, rows->owner, rows->member, rows->table, rows->owner);

  return run_on_list (store, rows, "append to", text, owner, ids, error);
}

static gboolean
number_list (BooruStore *store,
             const BooruFieldRows *rows,
             gint64 owner,
             const GArray *ids,
             GError **error)
{
  /* WHERE true: or else SQLite takes ON for that of a join. */
  g_autofree char *text = g_strdup_printf (
      "INSERT INTO %s (%s, %s, position) SELECT ?1, CAST (value AS bigint), key + 1"
      " FROM json_each (?2) WHERE true"
      " ON CONFLICT (%s, %s) DO UPDATE SET position = excluded.position",
      rows->table, rows->owner, rows->member, rows->owner, rows->member);

  return run_on_list (store, rows, "number", text, owner, ids, error);
}

GArray *
booru_store_subtract_ids (const GArray *ids, const GArray *others)
{
  g_autoptr (GHashTable) set = g_hash_table_new (g_int64_hash, g_int64_equal);
  GArray *rest = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < others->len; i++)
    g_hash_table_add (set, &g_array_index (others, gint64, i));
  for (guint i = 0; i < ids->len; i++)
    if (!g_hash_table_contains (set, &g_array_index (ids, gint64, i)))
      g_array_append_val (rest, g_array_index (ids, gint64, i));
  return rest;
}

gboolean
booru_store_is_same_order (const GArray *before, const GArray *removed, const GArray *after)
{
  g_autoptr (GArray) kept = booru_store_subtract_ids (before, removed);

  return kept->len <= after->len
         && (kept->len == 0 || memcmp (kept->data, after->data, kept->len * sizeof (gint64)) == 0);
}

static gboolean
check_posts (BooruStore *store, const GArray *ids, GError **error)
{
  g_autofree char *json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);
  gint64 missing;

  if (!booru_sql_read_number (store->sql, &missing, error, "find-missing-post", "s", json))
    return FALSE;
  if (missing != 0)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "There is no post %" G_GINT64_FORMAT,
                 missing);
  return missing == 0;
}

static gboolean
write_list (BooruStore *store,
            const BooruField *field,
            gint64 owner,
            const GArray *before,
            const GArray *after,
            GError **error)
{
  g_autoptr (GArray) removed = booru_store_subtract_ids (before, after);
  g_autoptr (GArray) added = booru_store_subtract_ids (after, before);

  if (removed->len > 0 && !remove_from_list (store, field->rows, owner, removed, error))
    return FALSE;
  if (added->len > 0 && !check_posts (store, added, error))
    return FALSE;
  if (!booru_store_is_same_order (before, removed, after))
    return number_list (store, field->rows, owner, after, error);
  return added->len == 0 || append_to_list (store, field->rows, owner, added, error);
}

gboolean
booru_store_write_lists (BooruStore *store, const BooruRecordWrite *write, GError **error)
{
  g_autoptr (GArray) nothing = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < write->type->n_fields; i++)
    {
      const BooruField *field = &write->type->fields[i];

      if (field->rows != NULL
          && !write_list (store, field, booru_record_get_id (write->after),
                          write->before != NULL ? write->before->values[i].ids : nothing,
                          write->after->values[i].ids, error))
        return FALSE;
    }
  return TRUE;
}
