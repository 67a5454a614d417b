/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-files.h"

#include "base/booru-error.h"

static BooruFolder *
read_folder (BooruSqliteStatement *row)
{
  BooruFolder *folder = g_new0 (BooruFolder, 1);

  folder->id = sqlite3_column_int64 (row, 0);
  folder->path = booru_sqlite_column_bytes (row, 1);
  folder->kind = sqlite3_column_int (row, 2);
  folder->device = (guint64)sqlite3_column_int64 (row, 3);
  folder->present = sqlite3_column_int (row, 4) != 0;
  return folder;
}

GPtrArray *
booru_sqlite_folders_list (BooruSqliteDb *db, GError **error)
{
  g_autoptr (GPtrArray) folders
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_folder_free);
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "list-folders", error);
  int code;

  if (statement == NULL)
    return NULL;
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      BooruFolder *folder = read_folder (statement);

      folder->n_files = sqlite3_column_int64 (statement, 5);
      folder->n_failed = sqlite3_column_int64 (statement, 6);
      folder->n_ignored = sqlite3_column_int64 (statement, 7);
      g_ptr_array_add (folders, folder);
    }
  return code == SQLITE_DONE ? g_steal_pointer (&folders) : NULL;
}

/* FALSE with an error; TRUE with *folder NULL where there is none. */
static gboolean
find_folder (BooruSqliteDb *db, const char *path, BooruFolder **folder, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "find-folder", error);
  int code;

  *folder = NULL;
  if (statement == NULL)
    return FALSE;
  booru_sqlite_bind_bytes (statement, 1, path);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_ROW)
    *folder = read_folder (statement);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

typedef struct
{
  const char *path;
  BooruFolderKind kind;
} NewFolder;

static gboolean
insert_folder (BooruSqliteDb *db, gpointer data, GError **error)
{
  const NewFolder *folder = data;
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "insert-folder", error);

  if (statement == NULL)
    return FALSE;
  booru_sqlite_bind_bytes (statement, 1, folder->path);
  sqlite3_bind_int (statement, 2, folder->kind);
  return booru_sqlite_db_run (db, statement, error);
}

BooruFolder *
booru_sqlite_folder_ensure (BooruSqliteDb *db,
                            const char *path,
                            BooruFolderKind kind,
                            GError **error)
{
  g_autofree char *plain = g_strdup (path);
  NewFolder new = { plain, kind };
  g_autoptr (BooruFolder) folder = NULL;

  if (path[0] != '/')
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "The path of a folder must start with a slash, unlike \"%s\"", path);
      return NULL;
    }
  for (gsize length = strlen (plain); length > 1 && plain[length - 1] == '/'; length--)
    plain[length - 1] = '\0';

  if (!find_folder (db, plain, &folder, error))
    return NULL;
  if (folder == NULL
      && (!booru_sqlite_db_write (db, BOORU_SQLITE_DURABLE, insert_folder, &new, error)
          || !find_folder (db, plain, &folder, error)))
    return NULL;
  if (folder == NULL || folder->kind != kind)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
                   "The folder %s is already a folder of the other kind (%s)", plain,
                   kind == BOORU_FOLDER_LIBRARY ? "managed" : "library");
      return NULL;
    }
  return g_steal_pointer (&folder);
}

typedef struct
{
  gint64 id;
  gboolean present;
  guint64 device;
} FolderState;

static gboolean
write_folder_state (BooruSqliteDb *db, gpointer data, GError **error)
{
  const FolderState *state = data;
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "set-folder-state", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, state->id);
  sqlite3_bind_int (statement, 2, state->present != FALSE);
  sqlite3_bind_int64 (statement, 3, (gint64)state->device);
  if (!booru_sqlite_db_run (db, statement, error))
    return FALSE;
  if (sqlite3_changes (db->handle) == 1)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no folder %" G_GINT64_FORMAT,
               state->id);
  return FALSE;
}

gboolean
booru_sqlite_folder_set_state (BooruSqliteDb *db,
                               gint64 id,
                               gboolean present,
                               guint64 device,
                               GError **error)
{
  FolderState state = { id, present, device };

  return booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, write_folder_state, &state, error);
}

/* All columns of a file but path and failure, which the caller keeps as it likes. */
static void
read_numbers (BooruSqliteStatement *row, BooruFile *file)
{
  file->id = sqlite3_column_int64 (row, 0);
  file->post_id = sqlite3_column_int64 (row, 1);
  file->folder_id = sqlite3_column_int64 (row, 2);
  file->stat.size = sqlite3_column_int64 (row, 4);
  file->stat.mtime_ns = sqlite3_column_int64 (row, 5);
  file->stat.inode = (guint64)sqlite3_column_int64 (row, 6);
  file->stat.device = (guint64)sqlite3_column_int64 (row, 7);
}

static BooruFile *
read_file (BooruSqliteStatement *row)
{
  BooruFile *file = g_new0 (BooruFile, 1);

  read_numbers (row, file);
  file->path = booru_sqlite_column_bytes (row, 3);
  file->failure = g_strdup ((const char *)sqlite3_column_text (row, 8));
  return file;
}

/* Longer than any first part of a path and of the highest byte: sorts after every path. */
static const char *
path_after_all (void)
{
  static char path[257];

  if (path[0] == '\0')
    memset (path, 0xff, sizeof path - 1);
  return path;
}

static gboolean
visit_files (BooruSqliteDb *db,
             BooruSqliteStatement *statement,
             BooruFileFunc func,
             gpointer user_data,
             GError **error)
{
  g_autoptr (GString) path = g_string_sized_new (256);
  BooruFile file = { 0 };
  int code;

  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      read_numbers (statement, &file);
      g_string_truncate (path, 0);
      g_string_append_len (path, sqlite3_column_blob (statement, 3),
                           sqlite3_column_bytes (statement, 3));
      file.path = path->str;
      file.failure = (char *)sqlite3_column_text (statement, 8);
      if (!func (&file, user_data))
        return TRUE;
    }
  return code == SQLITE_DONE;
}

gboolean
booru_sqlite_files_foreach (BooruSqliteDb *db,
                            gint64 folder_id,
                            const char *below,
                            const char *after,
                            BooruFileFunc func,
                            gpointer user_data,
                            GError **error)
{
  gboolean all = below == NULL || below[0] == '\0';
  g_autofree char *first = all ? g_strdup ("") : g_strconcat (below, "/", NULL);
  g_autofree char *end = all ? g_strdup (path_after_all ()) : g_strconcat (below, "0", NULL);
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "list-files", error);

  if (statement == NULL)
    return FALSE;
  if (after != NULL && strcmp (after, first) > 0)
    {
      g_free (first);
      first = g_strdup (after);
    }
  sqlite3_bind_int64 (statement, 1, folder_id);
  booru_sqlite_bind_bytes (statement, 2, first);
  booru_sqlite_bind_bytes (statement, 3, end);
  return visit_files (db, statement, func, user_data, error);
}

static BooruFile *
read_one_file (BooruSqliteDb *db, BooruSqliteStatement *statement, GError **error)
{
  int code = booru_sqlite_db_step (db, statement, error);

  if (code == SQLITE_ROW)
    return read_file (statement);
  if (code == SQLITE_DONE)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no such file");
  return NULL;
}

BooruFile *
booru_sqlite_file_find (BooruSqliteDb *db, gint64 folder_id, const char *path, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "find-file", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, folder_id);
  booru_sqlite_bind_bytes (statement, 2, path);
  return read_one_file (db, statement, error);
}

BooruFile *
booru_sqlite_file_find_by_inode (BooruSqliteDb *db, const BooruFileStat *stat, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "find-file-by-inode", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, (gint64)stat->inode);
  sqlite3_bind_int64 (statement, 2, (gint64)stat->device);
  sqlite3_bind_int64 (statement, 3, stat->size);
  sqlite3_bind_int64 (statement, 4, stat->mtime_ns);
  return read_one_file (db, statement, error);
}

BooruFile *
booru_sqlite_file_find_taken (BooruSqliteDb *db, const char *name, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "find-taken-file", error);

  if (statement == NULL)
    return NULL;
  booru_sqlite_bind_bytes (statement, 1, name);
  return read_one_file (db, statement, error);
}

/* Of the files that came last. */
gboolean
booru_sqlite_file_note_taken (BooruSqliteDb *db,
                              const char *name,
                              gint64 folder_id,
                              const char *path,
                              GError **error)
{
  g_autoptr (BooruSqliteStatement) put = booru_sqlite_db_statement (db, "put-taken-file", error);
  g_autoptr (BooruSqliteStatement) forget
      = put != NULL ? booru_sqlite_db_statement (db, "forget-taken-files", error) : NULL;

  if (forget == NULL)
    return FALSE;
  booru_sqlite_bind_bytes (put, 1, name);
  sqlite3_bind_int64 (put, 2, folder_id);
  booru_sqlite_bind_bytes (put, 3, path);
  sqlite3_bind_int64 (forget, 1, BOORU_TAKEN_FILES_KEPT);
  return booru_sqlite_db_run (db, put, error) && booru_sqlite_db_run (db, forget, error);
}

BooruFile *
booru_sqlite_file_get (BooruSqliteDb *db, gint64 id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "get-file", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, id);
  return read_one_file (db, statement, error);
}

static GPtrArray *
read_files (BooruSqliteDb *db, BooruSqliteStatement *statement, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_free);
  int code;

  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    g_ptr_array_add (files, read_file (statement));
  return code == SQLITE_DONE ? g_steal_pointer (&files) : NULL;
}

static GPtrArray *
list_files (BooruSqliteDb *db, const char *name, gint64 input, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, name, error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, input);
  return read_files (db, statement, error);
}

GPtrArray *
booru_sqlite_files_in_trash (BooruSqliteDb *db, gint64 after, guint limit, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "list-trash", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, after);
  sqlite3_bind_int64 (statement, 2, limit);
  return read_files (db, statement, error);
}

GPtrArray *
booru_sqlite_files_of_post (BooruSqliteDb *db, gint64 post_id, GError **error)
{
  return list_files (db, "list-files-of-post", post_id, error);
}

GPtrArray *
booru_sqlite_files_failed (BooruSqliteDb *db, const BooruFailureFilter *filter, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_free);
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (
      db, filter->after >= 0 ? "walk-failures" : "list-failures", error);
  gboolean some = filter->below && *filter->below;
  g_autofree char *first = some ? g_strconcat (filter->below, "/", NULL) : NULL;
  g_autofree char *end = some ? g_strconcat (filter->below, "0", NULL) : NULL;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, filter->folder_id);
  booru_sqlite_bind_bytes (statement, 2, some ? filter->below : NULL);
  booru_sqlite_bind_bytes (statement, 3, first);
  booru_sqlite_bind_bytes (statement, 4, end);
  sqlite3_bind_int64 (statement, 5, filter->limit);
  sqlite3_bind_int64 (statement, 6, filter->after >= 0 ? filter->after : filter->offset);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    {
      BooruFile *file = read_file (statement);

      file->failed_at = sqlite3_column_int64 (statement, 9);
      g_ptr_array_add (files, file);
    }
  return code == SQLITE_DONE ? g_steal_pointer (&files) : NULL;
}
