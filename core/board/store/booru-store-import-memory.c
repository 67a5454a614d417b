/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What sidecars, keywords, rules and implications said of posts, in the database:
 * rules/booru-import-memory.h. */
#include "board/store/booru-store-import-private.h"

#include <string.h>

#include "board/store/booru-store-relations-private.h"

/* Columns of list-imports.sql. */
enum
{
  COLUMN_ORIGIN,
  COLUMN_FILE,
  COLUMN_TAGS,
  COLUMN_ADDED,
  COLUMN_REFUSED,
  COLUMN_RATING,
  COLUMN_SOURCE,
  COLUMN_PRESENT,
  COLUMN_POST, /* of list-imports-of.sql */
};

/* Moves what an import remembers of an alias to the tag that it stands for now. */
static gboolean
unite_column (BooruStore *store, BooruSqlStatement *row, guint column, GArray *to, GError **error)
{
  BooruRelations *relations = booru_store_get_relations (store, error);
  g_autoptr (GArray) ids = booru_id_list_new ();
  gsize length;
  const void *packed = booru_sql_get_bytes (row, column, &length);

  if (relations == NULL)
    return FALSE;
  if (!booru_id_list_unpack (packed, length, ids))
    return booru_sql_fail_corrupt (store->sql, "what was imported to a post cannot be read", error);
  booru_relations_canonicalise (relations, ids);
  booru_id_list_unite (to, ids);
  return TRUE;
}

static void
remember (BooruImportMemory *memory, BooruSqlStatement *row, gboolean mine)
{
  const char *rating = booru_sql_get_text (row, COLUMN_RATING);
  const char *source = booru_sql_get_text (row, COLUMN_SOURCE);

  if (rating != NULL && (mine || memory->rating == 0))
    memory->rating = rating[0];
  if (source != NULL && (mine || memory->source == NULL))
    {
      g_free (memory->source);
      memory->source = g_strdup (source);
    }
}

/* What was said of a file that is gone is taken over: this may be that file, come back. */
static gboolean
read_row (BooruStore *store,
          BooruSqlStatement *row,
          const BooruImportSubject *subject,
          BooruImportMemory *memory,
          GArray *gone,
          GError **error)
{
  gint64 id = booru_sql_get_number (row, COLUMN_FILE);
  gboolean same_origin = g_strcmp0 (booru_sql_get_text (row, COLUMN_ORIGIN), subject->origin) == 0;
  gboolean mine = same_origin && id == subject->file_id;

  if (!mine && booru_sql_get_number (row, COLUMN_PRESENT) != 0)
    return unite_column (store, row, COLUMN_TAGS, memory->others_said, error)
           && unite_column (store, row, COLUMN_REFUSED, memory->others_refused, error);
  if (!same_origin)
    return TRUE;
  if (!mine)
    g_array_append_val (gone, id);
  remember (memory, row, mine);
  return unite_column (store, row, COLUMN_TAGS, memory->said, error)
         && unite_column (store, row, COLUMN_ADDED, memory->added, error)
         && unite_column (store, row, COLUMN_REFUSED, memory->refused, error);
}

gboolean
booru_import_memory_read (BooruStore *store,
                          const BooruImportSubject *subject,
                          BooruImportMemory *memory,
                          GArray *gone,
                          GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-imports", "x", subject->post_id);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    if (!read_row (store, rows, subject, memory, gone, error))
      return FALSE;
  return step == BOORU_SQL_DONE;
}

gboolean
booru_import_memory_forget (BooruStore *store,
                            const BooruImportSubject *subject,
                            const GArray *gone,
                            GError **error)
{
  for (guint i = 0; i < gone->len; i++)
    if (!booru_sql_run (store->sql, error, "delete-import", "xsx", subject->post_id,
                        subject->origin, g_array_index (gone, gint64, i)))
      return FALSE;
  return TRUE;
}

gboolean
booru_import_memory_write (BooruStore *store,
                           const BooruImportSubject *subject,
                           const BooruImportMemory *memory,
                           GError **error)
{
  const char rating[] = { memory->rating, '\0' };

  return booru_sql_run (store->sql, error, "put-import", "xsxlllss", subject->post_id,
                        subject->origin, subject->file_id, memory->said, memory->added,
                        memory->refused, memory->rating ? rating : NULL, memory->source);
}

gboolean
booru_store_read_import_memory (BooruStore *store,
                                gint64 post_id,
                                const char *origin,
                                BooruImportMemory *memory,
                                GError **error)
{
  const BooruImportSubject subject = { post_id, 0, origin };
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));

  return booru_import_memory_read (store, &subject, memory, gone, error);
}

gboolean
booru_store_read_import_memories (BooruStore *store,
                                  const char *posts,
                                  const char *origin,
                                  GHashTable *memories,
                                  GError **error)
{
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-imports-of", "s", posts);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      const BooruImportSubject subject = { booru_sql_get_number (rows, COLUMN_POST), 0, origin };
      BooruImportMemory *memory = g_hash_table_lookup (memories, &subject.post_id);

      if (memory != NULL && !read_row (store, rows, &subject, memory, gone, error))
        return FALSE;
    }
  return step == BOORU_SQL_DONE;
}

gboolean
booru_store_write_import_memory (BooruStore *store,
                                 gint64 post_id,
                                 const char *origin,
                                 const BooruImportMemory *memory,
                                 GError **error)
{
  const BooruImportSubject subject = { post_id, 0, origin };

  if (memory->said->len + memory->refused->len > 0)
    return booru_import_memory_write (store, &subject, memory, error);
  return booru_sql_run (store->sql, error, "delete-import", "xsx", post_id, origin, (gint64)0);
}

gboolean
booru_store_read_imported (BooruStore *store,
                           gint64 post_id,
                           BooruImported *imported,
                           GError **error)
{
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (store->sql, error, "list-imports", "x", post_id);
  BooruSqlStep step;

  imported->said = booru_id_list_new ();
  imported->added = booru_id_list_new ();
  imported->refused = booru_id_list_new ();
  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    {
      const char *rating = booru_sql_get_text (row, COLUMN_RATING);

      if (!unite_column (store, row, COLUMN_TAGS, imported->said, error)
          || !unite_column (store, row, COLUMN_ADDED, imported->added, error)
          || !unite_column (store, row, COLUMN_REFUSED, imported->refused, error))
        return FALSE;
      imported->rating = imported->rating == 0 && rating != NULL ? rating[0] : imported->rating;
      if (imported->source == NULL)
        imported->source = g_strdup (booru_sql_get_text (row, COLUMN_SOURCE));
    }
  return step == BOORU_SQL_DONE;
}
