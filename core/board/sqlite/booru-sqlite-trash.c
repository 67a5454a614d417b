/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of deleted posts. Only those in managed folders are ever let go. */
#include "board/sqlite/booru-sqlite-files.h"
#include "board/sqlite/booru-sqlite-posts.h"

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

static gboolean
purge_in_transaction (BooruSqliteDb *db, gpointer data, GError **error)
{
  const Purge *self = data;
  g_autoptr (GPtrArray) files = booru_sqlite_files_in_trash (db, *self->after, self->limit, error);

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const BooruFile *file = files->pdata[i];

      *self->after = file->id;
      if (self->func (file, self->user_data) && !delete_row (db, file->id, error))
        return FALSE;
    }
  if (files != NULL && files->len < self->limit)
    *self->after = 0;
  return files != NULL;
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
