/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/store/booru-store-files-private.h"

#include <string.h>

#include "base/booru-error.h"

static BooruFolder *
read_folder (BooruStore *store, BooruSqlStatement *row)
{
  BooruFolder *folder = g_new0 (BooruFolder, 1);

  folder->id = booru_sql_get_number (row, 0);
  folder->path = folder->id == store->files_folder && store->originals != NULL
                     ? g_strdup (store->originals)
                     : booru_sql_dup_bytes (row, 1);
  folder->kind = (BooruFolderKind)booru_sql_get_number (row, 2);
  folder->device = (guint64)booru_sql_get_number (row, 3);
  folder->present = booru_sql_get_number (row, 4) != 0;
  g_strlcpy (folder->node, booru_sql_get_text (row, 5), sizeof folder->node);
  return folder;
}

GPtrArray *
booru_store_list_folders (BooruStore *self, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (GPtrArray) folders
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_folder_free);
  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->sql, error, "list-folders", "");
  BooruSqlStep step;

  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    {
      BooruFolder *folder = read_folder (self, row);

      folder->n_files = booru_sql_get_number (row, 6);
      folder->n_failed = booru_sql_get_number (row, 7);
      folder->n_ignored = booru_sql_get_number (row, 8);
      g_ptr_array_add (folders, folder);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&folders) : NULL;
}

/* FALSE with an error; TRUE with *folder NULL where there is none. */
static gboolean
find_folder (BooruStore *store, const char *path, BooruFolder **folder, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (store->sql, error, "find-folder", "y", path);
  BooruSqlStep step = booru_sql_step (row, error);

  *folder = step == BOORU_SQL_ROW ? read_folder (store, row) : NULL;
  return step != BOORU_SQL_ERROR;
}

typedef struct
{
  const char *path;
  BooruFolderKind kind;
} NewFolder;

static gboolean
insert_folder (BooruStore *store, gpointer data, GError **error)
{
  const NewFolder *folder = data;

  return booru_sql_run (store->sql, error, "insert-folder", "yi", folder->path, (gint)folder->kind);
}

/* By its number: each machine may have mounted it elsewhere. */
static BooruFolder *
find_files_folder (BooruStore *store, GError **error)
{
  g_autoptr (GPtrArray) folders = booru_store_list_folders (store, error);

  for (guint i = 0; folders != NULL && i < folders->len; i++)
    if (((BooruFolder *)folders->pdata[i])->id == store->files_folder)
      return g_ptr_array_steal_index (folders, i);
  if (folders != NULL)
    booru_sql_fail_corrupt (store->sql, "the folder of originals is gone", error);
  return NULL;
}

BooruFolder *
booru_store_ensure_folder (BooruStore *self, const char *path, BooruFolderKind kind, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && path != NULL, NULL);

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

  if (kind == BOORU_FOLDER_MANAGED && g_strcmp0 (plain, self->originals) == 0)
    return find_files_folder (self, error);
  if (!find_folder (self, plain, &folder, error))
    return NULL;
  if (folder == NULL
      && (!booru_store_write (self, BOORU_SQL_DURABLE, insert_folder, &new, error)
          || !find_folder (self, plain, &folder, error)))
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
write_folder_state (BooruStore *store, gpointer data, GError **error)
{
  const FolderState *state = data;
  gint64 id;

  if (!booru_sql_read_number (store->sql, &id, error, "set-folder-state", "xbts", state->id,
                              state->present, state->device, store->node))
    return FALSE;
  if (id != 0)
    {
      booru_sql_note_change (store->sql, BOORU_CHANGE_FOLDER, id);
      return TRUE;
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no folder %" G_GINT64_FORMAT,
               state->id);
  return FALSE;
}

gboolean
booru_store_set_folder_state (BooruStore *self,
                              gint64 folder_id,
                              gboolean present,
                              guint64 device,
                              GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), FALSE);

  FolderState state = { folder_id, present, device };

  return booru_store_write (self, BOORU_SQL_NORMAL, write_folder_state, &state, error);
}

/* All columns of a file but path and failure, which the caller keeps as it likes. */
static void
read_numbers (BooruSqlStatement *row, BooruFile *file)
{
  file->id = booru_sql_get_number (row, 0);
  file->post_id = booru_sql_get_number (row, 1);
  file->folder_id = booru_sql_get_number (row, 2);
  file->stat.size = booru_sql_get_number (row, 4);
  file->stat.mtime_ns = booru_sql_get_number (row, 5);
  file->stat.inode = (guint64)booru_sql_get_number (row, 6);
  file->stat.device = (guint64)booru_sql_get_number (row, 7);
}

static BooruFile *
read_file (BooruSqlStatement *row)
{
  BooruFile *file = g_new0 (BooruFile, 1);

  read_numbers (row, file);
  file->path = booru_sql_dup_bytes (row, 3);
  file->failure = g_strdup (booru_sql_get_text (row, 8));
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
visit_files (BooruSqlStatement *row, BooruFileFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GString) path = g_string_sized_new (256);
  BooruFile file = { 0 };
  BooruSqlStep step;

  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    {
      gsize length;
      const char *bytes = booru_sql_get_bytes (row, 3, &length);

      read_numbers (row, &file);
      g_string_truncate (path, 0);
      g_string_append_len (path, bytes, (gssize)length);
      file.path = path->str;
      file.failure = (char *)booru_sql_get_text (row, 8);
      if (!func (&file, user_data))
        return TRUE;
    }
  return step == BOORU_SQL_DONE;
}

gboolean
booru_store_foreach_file (BooruStore *self,
                          gint64 folder_id,
                          const char *below,
                          const char *after,
                          BooruFileFunc func,
                          gpointer user_data,
                          GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && func != NULL, FALSE);

  gboolean all = below == NULL || below[0] == '\0';
  g_autofree char *directory = all ? g_strdup ("") : g_strconcat (below, "/", NULL);
  g_autofree char *end = all ? g_strdup (path_after_all ()) : g_strconcat (below, "0", NULL);
  gboolean on = after != NULL && strcmp (after, directory) > 0;
  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->sql, error, "list-files", "xyy",
                                                       folder_id, on ? after : directory, end);

  return visit_files (row, func, user_data, error);
}

static BooruFile *
read_one_file (BooruSqlStatement *row, GError **error)
{
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_ROW)
    return read_file (row);
  if (step == BOORU_SQL_DONE)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no such file");
  return NULL;
}

BooruFile *
booru_store_find_file (BooruStore *self, gint64 folder_id, const char *path, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && path != NULL, NULL);

  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, "find-file", "xy", folder_id, path);

  return read_one_file (row, error);
}

BooruFile *
booru_store_find_file_by_inode (BooruStore *self, const BooruFileStat *stat, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && stat != NULL, NULL);

  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, "find-file-by-inode", "ttxx", stat->inode, stat->device,
                         stat->size, stat->mtime_ns);

  return read_one_file (row, error);
}

BooruFile *
booru_store_find_taken_file (BooruStore *self, const char *name, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && name != NULL, NULL);

  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, "find-taken-file", "y", name);

  return read_one_file (row, error);
}

BooruFile *
booru_store_get_file (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->sql, error, "get-file", "x", id);

  return read_one_file (row, error);
}

static GPtrArray *
read_files (BooruSqlStatement *row, gboolean failed, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_free);
  BooruSqlStep step;

  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    {
      BooruFile *file = read_file (row);

      if (failed)
        file->failed_at = booru_sql_get_number (row, 9);
      g_ptr_array_add (files, file);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&files) : NULL;
}

GPtrArray *
booru_store_files_in_trash (BooruStore *store, gint64 after, guint limit, GError **error)
{
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (store->sql, error, "list-trash", "xu", after, limit);

  return read_files (row, FALSE, error);
}

GPtrArray *
booru_store_list_post_files (BooruStore *self, gint64 post_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, "list-files-of-post", "x", post_id);

  return read_files (row, FALSE, error);
}

GPtrArray *
booru_store_list_failures (BooruStore *self, const BooruFailureFilter *filter, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && filter != NULL, NULL);

  gboolean walk = filter->after >= 0;
  gboolean some = filter->below != NULL && *filter->below != '\0';
  g_autofree char *first = some ? g_strconcat (filter->below, "/", NULL) : NULL;
  g_autofree char *end = some ? g_strconcat (filter->below, "0", NULL) : NULL;
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, walk ? "walk-failures" : "list-failures", "xyyyux",
                         filter->folder_id, some ? filter->below : NULL, first, end, filter->limit,
                         walk ? filter->after : (gint64)filter->offset);

  return read_files (row, TRUE, error);
}
