/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What aliases and implications make of a post's tags, whoever changes them. */
#include "board/sql/booru-sql-rows.h"
#include "board/store/booru-store-import-private.h"
#include "board/store/booru-store-relations-private.h"

static gboolean
has_implied (BooruRelations *relations, const BooruPostState *before, const BooruPostState *after)
{
  g_autoptr (GArray) implied = booru_id_list_new ();

  if (!booru_relations_has_implications (relations))
    return FALSE;
  booru_relations_imply (relations, before->tags, implied);
  booru_relations_imply (relations, after->tags, implied);
  return implied->len > 0;
}

gboolean
booru_store_imply (BooruStore *store,
                   const BooruPostState *before,
                   BooruPostState *after,
                   const BooruVersionBy *by,
                   GError **error)
{
  BooruRelations *relations = booru_store_get_relations (store, error);
  g_auto (BooruImportMemory) memory;
  g_autoptr (GBytes) known = NULL, learnt = NULL;

  booru_import_memory_init (&memory);
  if (relations == NULL)
    return FALSE;
  booru_relations_canonicalise (relations, after->tags);
  if (!has_implied (relations, before, after))
    return TRUE;
  if (!by->is_new
      && !booru_store_read_import_memory (store, after->id, BOORU_IMPORT_IMPLICATION, &memory,
                                          error))
    return FALSE;
  known = booru_import_memory_pack (&memory);
  booru_import_memory_imply (&memory, relations, by->refused, by->note == NULL, after->tags);
  learnt = booru_import_memory_pack (&memory);
  return g_bytes_equal (known, learnt)
         || booru_store_write_import_memory (store, after->id, BOORU_IMPORT_IMPLICATION, &memory,
                                             error);
}

/* Many at once */

typedef struct
{
  BooruPostChange *change;
  BooruImportMemory memory;
  GBytes *known;
} Implied;

static void
implied_free (gpointer data)
{
  Implied *self = data;

  booru_import_memory_clear (&self->memory);
  g_clear_pointer (&self->known, g_bytes_unref);
  g_free (self);
}

/* Those of which it has to be known what was implied before: &id -> their memory. */
static GPtrArray *
choose (BooruRelations *relations, BooruPostSet *set, const BooruVersionBy *by)
{
  GPtrArray *chosen = g_ptr_array_new_with_free_func (implied_free);

  for (guint i = 0; i < set->changes->len; i++)
    {
      BooruPostChange *change = set->changes->pdata[i];
      Implied *implied;

      booru_relations_canonicalise (relations, change->after.tags);
      if (!by->again
          && (booru_post_state_has_same_tags (&change->before, &change->after)
              || !has_implied (relations, &change->before, &change->after)))
        continue;
      implied = g_new0 (Implied, 1);
      implied->change = change;
      booru_import_memory_init (&implied->memory);
      g_ptr_array_add (chosen, implied);
    }
  return chosen;
}

static gboolean
read_memories (BooruStore *store, GPtrArray *chosen, GError **error)
{
  g_autoptr (GHashTable) memories = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autofree char *json = NULL;

  for (guint i = 0; i < chosen->len; i++)
    {
      Implied *implied = chosen->pdata[i];

      g_array_append_val (ids, implied->change->before.id);
      g_hash_table_insert (memories, &implied->change->before.id, &implied->memory);
    }
  json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);
  if (!booru_store_read_import_memories (store, json, BOORU_IMPORT_IMPLICATION, memories, error))
    return FALSE;
  for (guint i = 0; i < chosen->len; i++)
    {
      Implied *implied = chosen->pdata[i];

      implied->known = booru_import_memory_pack (&implied->memory);
    }
  return TRUE;
}

static gboolean
write_memories (BooruStore *store, GPtrArray *chosen, GError **error)
{
  g_autoptr (GArray) silent = booru_id_list_new ();
  g_autofree char *json = NULL;
  g_auto (BooruSqlRows) rows;

  booru_sql_rows_init (&rows);
  for (guint i = 0; i < chosen->len; i++)
    {
      const Implied *implied = chosen->pdata[i];
      const BooruImportMemory *memory = &implied->memory;
      g_autoptr (GBytes) learnt = booru_import_memory_pack (memory);
      gint64 id = implied->change->before.id;

      if (g_bytes_equal (learnt, implied->known))
        continue;
      if (memory->said->len + memory->refused->len > 0)
        booru_sql_rows_add (&rows, "xlll", id, memory->said, memory->added, memory->refused);
      else
        g_array_append_val (silent, id);
    }
  json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)silent->data, silent->len);
  return (rows.n == 0
          || booru_sql_run (store->sql, error, "put-imports", "ss", booru_sql_rows_end (&rows),
                            BOORU_IMPORT_IMPLICATION))
         && (silent->len == 0
             || booru_sql_run (store->sql, error, "delete-imports", "ss", json,
                               BOORU_IMPORT_IMPLICATION));
}

/* One post that cannot be changed so does not keep the others from it. */
static void
leave_invalid (BooruPostSet *set)
{
  for (guint i = 0; i < set->changes->len; i++)
    {
      BooruPostChange *change = set->changes->pdata[i];

      if (!booru_post_state_check (&change->after, NULL))
        booru_post_state_replace (&change->after, &change->before);
    }
}

gboolean
booru_store_imply_all (BooruStore *store,
                       BooruPostSet *set,
                       const BooruVersionBy *by,
                       GError **error)
{
  BooruRelations *relations = booru_store_get_relations (store, error);
  g_autoptr (GPtrArray) chosen = NULL;

  if (relations == NULL)
    return FALSE;
  leave_invalid (set);
  chosen = choose (relations, set, by);
  if (chosen->len == 0)
    return TRUE;
  if (!read_memories (store, chosen, error))
    return FALSE;
  for (guint i = 0; i < chosen->len; i++)
    {
      Implied *implied = chosen->pdata[i];

      booru_import_memory_imply (&implied->memory, relations, by->refused, by->note == NULL,
                                 implied->change->after.tags);
    }
  return write_memories (store, chosen, error);
}
