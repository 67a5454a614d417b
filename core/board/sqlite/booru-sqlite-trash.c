/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of deleted posts. Only those in managed folders are ever let go. */
#include "board/sqlite/booru-sqlite-files.h"
#include "board/sqlite/booru-sqlite-posts.h"
#include "board/sqlite/booru-sqlite-post-state.h"

#define EXPUNGE_AT_ONCE 500

gboolean
booru_sqlite_trash_measure (BooruSqliteDb *db, BooruTrash *trash, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "measure-trash", error);

  if (statement == NULL || booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return FALSE;
  trash->n_files = sqlite3_column_int64 (statement, 0);
  trash->size = sqlite3_column_int64 (statement, 1);
  trash->n_others = sqlite3_column_int64 (statement, 2);
  trash->n_gone = sqlite3_column_int64 (statement, 3);
  return TRUE;
}

typedef struct
{
  gint64 *after;
  guint limit;
  BooruFileFunc func;
  gpointer user_data;
} Purge;

static gboolean
delete_row (BooruSqliteDb *db, gint64 file_id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "delete-file", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, file_id);
  return booru_sqlite_db_run (db, statement, error);
}

static void
free_tags (gpointer data)
{
  g_array_unref (((BooruSqliteIndexRow *)data)->tags);
}

/* Read to the end before anything is written: what is written is what is searched. */
static GArray *
list_emptied (BooruSqliteDb *db, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (BooruSqliteIndexRow));
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "list-emptied", error);
  int code;

  if (statement == NULL)
    return NULL;
  g_array_set_clear_func (rows, free_tags);
  sqlite3_bind_int (statement, 1, EXPUNGE_AT_ONCE);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      BooruSqliteIndexRow row = { sqlite3_column_int64 (statement, 0), BOORU_POST_DELETED, 0,
                                  booru_sqlite_tag_ids_new () };

      g_array_append_val (rows, row);
      if (sqlite3_column_bytes (statement, 1) < 1
          || !booru_sqlite_tag_ids_unpack (sqlite3_column_blob (statement, 2),
                                           sqlite3_column_bytes (statement, 2), row.tags))
        {
          booru_sqlite_db_fail_corrupt (db, "a post's list of tags cannot be read", error);
          return NULL;
        }
      g_array_index (rows, BooruSqliteIndexRow, rows->len - 1).rating
          = (char)sqlite3_column_text (statement, 1)[0];
    }
  return code == SQLITE_DONE ? g_steal_pointer (&rows) : NULL;
}

/* Nothing is left of them that could be taken out of the trash. */
static gboolean
expunge (BooruSqliteDb *db, gboolean *more, GError **error)
{
  g_autoptr (GArray) rows = list_emptied (db, error);
  g_autoptr (BooruSqliteTagCounts) counts = booru_sqlite_tag_counts_new ();

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    if (!booru_sqlite_post_set_status (db, &g_array_index (rows, BooruSqliteIndexRow, i),
                                       BOORU_POST_EXPUNGED, counts, g_get_real_time (), error))
      return FALSE;
  *more = rows != NULL && rows->len == EXPUNGE_AT_ONCE;
  return rows != NULL;
}

static gboolean
purge_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  const Purge *self = data;
  g_autoptr (GPtrArray) files = booru_sqlite_files_in_trash (db, *self->after, self->limit, error);
  gboolean more;

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const BooruFile *file = files->pdata[i];

      *self->after = file->id;
      if (self->func (file, self->user_data) && !delete_row (db, file->id, error))
        return FALSE;
    }
  if (files == NULL || files->len == self->limit)
    return files != NULL;
  if (!expunge (db, &more, error))
    return FALSE;
  *self->after = more ? G_MAXINT64 : 0;
  return TRUE;
}

/**
 * booru_sqlite_trash_purge:
 *
 * See booru_store_purge_trash().
 */
gboolean
booru_sqlite_trash_purge (BooruSqliteDb *db,
                          gint64 *after,
                          guint limit,
                          BooruFileFunc func,
                          gpointer user_data,
                          GError **error)
{
  Purge purge = { after, limit, func, user_data };

  return booru_sqlite_db_write (db, BOORU_SQLITE_DURABLE, purge_in_transaction, &purge, error);
}
