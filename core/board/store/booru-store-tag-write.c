/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an edit does to tags. All of it runs within a write. */
#include "base/booru-error.h"
#include "board/store/booru-store-relations-private.h"

BooruTagCounts *
booru_tag_counts_new (void)
{
  BooruTagCounts *self = g_new0 (BooruTagCounts, 1);

  self->deltas = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

void
booru_tag_counts_free (BooruTagCounts *self)
{
  g_hash_table_unref (self->deltas);
  g_free (self);
}

void
booru_tag_counts_add (BooruTagCounts *self, const GArray *ids, gint delta)
{
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      gint64 *sum = g_hash_table_lookup (self->deltas, &id);

      if (sum == NULL)
        {
          sum = g_new0 (gint64, 1);
          g_hash_table_insert (self->deltas, g_memdup2 (&id, sizeof id), sum);
        }
      *sum += delta;
    }
}

/* The tags whose counts change: ids, ascending. */
static GArray *
list_changed (const BooruTagCounts *self)
{
  GArray *ids = booru_id_list_new ();
  GHashTableIter iter;
  gint64 *id, *delta;

  g_hash_table_iter_init (&iter, self->deltas);
  while (g_hash_table_iter_next (&iter, (gpointer *)&id, (gpointer *)&delta))
    if (*delta != 0)
      g_array_append_val (ids, *id);
  booru_id_list_sort (ids);
  return ids;
}

static gboolean
write_counts (BooruTagCounts *self, BooruStore *store, const char *json, GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "add-to-tag-counts", "s", json);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0), count = booru_sql_get_number (rows, 1);
      const gint64 *delta = g_hash_table_lookup (self->deltas, &id);

      booru_sql_note_change (store->sql, BOORU_CHANGE_TAG, id);
      if (count == 0 || count == *delta)
        booru_sql_note_change (store->sql, BOORU_CHANGE_USE, id);
    }
  return step == BOORU_SQL_DONE;
}

gboolean
booru_tag_counts_apply (BooruTagCounts *self, BooruStore *store, GError **error)
{
  g_autoptr (GArray) ids = list_changed (self);
  g_autoptr (GString) json = g_string_new ("{");

  if (ids->len == 0)
    return TRUE;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      const gint64 *delta = g_hash_table_lookup (self->deltas, &id);

      g_string_append_printf (json, "%s\"%" G_GINT64_FORMAT "\":%" G_GINT64_FORMAT,
                              i > 0 ? "," : "", id, *delta);
    }
  g_string_append_c (json, '}');
  return write_counts (self, store, json->str, error);
}

/* Names on their way to ids. */
typedef struct
{
  GHashTable *names; /* name -> category + 1; 0: none is wanted */
  gboolean suggest;
  gint64 now;
  GArray *ids;
  GHashTable *known; /* set of the names of tags that exist */
  GArray *moves;     /* Move */
} Ensure;

typedef struct
{
  gint64 id;
  gint category; /* that it gets */
} Move;

static gint
get_wanted (const Ensure *self, const char *name)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (self->names, name)) - 1;
}

/* @row: of find-tags. */
static void
add_known (Ensure *self, BooruSqlStatement *row)
{
  char *name = booru_sql_dup_text (row, 1);
  gint current = (gint)booru_sql_get_number (row, 2);
  gboolean untouched = booru_sql_get_number (row, 3) != 0;
  Move move = { booru_sql_get_number (row, 0), get_wanted (self, name) };

  g_array_append_val (self->ids, move.id);
  g_hash_table_add (self->known, name);
  if (move.category >= 0 && move.category != current
      && (!self->suggest || (current == BOORU_TAG_GENERAL && untouched)))
    g_array_append_val (self->moves, move);
}

static gboolean
find_known (BooruStore *store, Ensure *self, GError **error)
{
  guint n_names;
  g_autofree gpointer *names = g_hash_table_get_keys_as_array (self->names, &n_names);
  g_autofree char *json = booru_sql_strings_to_json ((const char *const *)names, n_names);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (store->sql, error, "find-tags", "s", json);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    add_known (self, rows);
  return step == BOORU_SQL_DONE;
}

static gboolean
move_known (BooruStore *store, Ensure *self, GError **error)
{
  for (guint i = 0; i < self->moves->len; i++)
    {
      const Move *move = &g_array_index (self->moves, Move, i);

      booru_sql_note_change (store->sql, BOORU_CHANGE_TAG, move->id);
      booru_sql_note_change (store->sql, BOORU_CHANGE_CATEGORY, move->id);
      if (!booru_sql_run (store->sql, error, "set-tag-category", "xix", move->id, move->category,
                          self->now))
        return FALSE;
    }
  return TRUE;
}

static gboolean
insert (BooruStore *store, Ensure *self, const GPtrArray *names, gint category, GError **error)
{
  g_autofree char *json = booru_sql_strings_to_json ((const char *const *)names->pdata, names->len);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "insert-tags", "six", json, category, self->now);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0);

      g_array_append_val (self->ids, id);
      booru_sql_note_change (store->sql, BOORU_CHANGE_TAG, id);
    }
  return step == BOORU_SQL_DONE;
}

/* Most are of one category. */
static gboolean
insert_missing (BooruStore *store, Ensure *self, gint category, GError **error)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  GHashTableIter iter;
  char *name;

  if (g_hash_table_size (self->known) == g_hash_table_size (self->names))
    return TRUE;
  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, NULL))
    if (!g_hash_table_contains (self->known, name)
        && MAX (get_wanted (self, name), BOORU_TAG_GENERAL) == category)
      g_ptr_array_add (missing, name);
  return missing->len == 0 || insert (store, self, missing, category, error);
}

gboolean
booru_store_check_deprecated (BooruStore *store, const GArray *ids, GError **error)
{
  g_autofree char *json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);
  g_autoptr (BooruSqlStatement) row = NULL;
  BooruSqlStep step;

  if (ids->len == 0)
    return TRUE;
  row = booru_sql_query (store->sql, error, "find-deprecated", "s", json);
  step = booru_sql_step (row, error);
  if (step == BOORU_SQL_ROW)
    g_set_error (
        error, BOORU_ERROR, BOORU_ERROR_INVALID,
        "“%s” is deprecated and cannot be added: use a tag that says more. Posts that have "
        "it keep it",
        booru_sql_get_text (row, 0));
  return step == BOORU_SQL_DONE;
}

GHashTable *
booru_store_resolve_names (BooruStore *store, GHashTable *names, GError **error)
{
  BooruRelations *relations = booru_store_get_relations (store, error);
  GHashTable *resolved;
  GHashTableIter iter;
  gpointer name, value;

  if (relations == NULL)
    return NULL;
  resolved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const char *target = booru_relations_resolve (relations, name);

      /* The category that stands before a name is meant for this one. */
      if (target == NULL || !g_hash_table_contains (resolved, target))
        g_hash_table_insert (resolved, g_strdup (target != NULL ? target : name), value);
    }
  return resolved;
}

gboolean
booru_store_tags_ensure (BooruStore *store,
                         GHashTable *given,
                         gboolean suggest,
                         gint64 now,
                         GArray *ids,
                         GError **error)
{
  g_autoptr (GHashTable) names = booru_store_resolve_names (store, given, error);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) moves = g_array_new (FALSE, FALSE, sizeof (Move));
  Ensure ensure = { names, suggest, now, ids, known, moves };

  g_array_set_size (ids, 0);
  if (names == NULL)
    return FALSE;
  if (g_hash_table_size (names) == 0)
    return TRUE;
  if (!find_known (store, &ensure, error) || !move_known (store, &ensure, error))
    return FALSE;
  for (guint i = 0; i < BOORU_N_TAG_CATEGORIES; i++)
    if (!insert_missing (store, &ensure, booru_tag_categories[i], error))
      return FALSE;
  booru_id_list_sort (ids);
  return TRUE;
}
