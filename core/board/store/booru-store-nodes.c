/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A files folder that several machines share, and who they are. A folder tells which one it is by a
 * file in it: of an empty mount point one could not know. */
#include "board/booru-store-nodes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "board/store/booru-store-private.h"

#define ID_LENGTH 32
#define SAMPLE_SIZE 64

/* NULL: there is none. An error is none, too: nothing is known of the folder then. */
static char *
read_id (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *id = NULL;

  if (!g_file_get_contents (path, &id, NULL, NULL))
    return NULL;
  id[strcspn (id, "\r\n")] = '\0';
  if (strlen (id) != ID_LENGTH)
    g_clear_pointer (&id, g_free);
  return id;
}

/* The board that a files folder is of: the second line; NULL: it does not say. */
static char *
read_owner (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, BOORU_FILE_FILES_ID, NULL);
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (line = strchr (text, '\n')) == NULL
      || line[1] == '\0')
    return NULL;
  return g_strstrip (g_strdup (line + 1));
}

/* A link never replaces: of two that make one at once, one is the first. */
static gboolean
write_id (const char *folder, const char *name, const char *id, const char *owner, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  g_autofree char *line = g_strconcat (id, "\n", owner, owner != NULL ? "\n" : NULL, NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0644);
  gboolean done;

  if (fd < 0)
    return booru_set_errno_error (error, errno, "Making the file %s", path);
  done = write (fd, line, strlen (line)) == (gssize)strlen (line) && fsync (fd) == 0
         && (link (temporary, path) == 0 || errno == EEXIST
             || (errno == EPERM && rename (temporary, path) == 0));
  if (!done)
    booru_set_errno_error (error, errno, "Writing the file %s", path);
  close (fd);
  unlink (temporary);
  return done;
}

/* Transfer full; made if there is none. */
static char *
ensure_id (const char *folder, const char *name, const char *owner, GError **error)
{
  g_autofree char *uuid = NULL;
  g_autoptr (GString) id = NULL;
  char *there = read_id (folder, name);

  if (there != NULL)
    return there;
  uuid = g_uuid_string_random ();
  id = g_string_new (uuid);
  g_string_replace (id, "-", "", 0);
  if (!write_id (folder, name, id->str, owner, error))
    return NULL;
  there = read_id (folder, name);
  if (there == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                 "The file %s in “%s” is not one of this program's: remove it", name, folder);
  return there;
}

/* The files folder */

typedef struct
{
  const char *files_dir, *originals;
  const char *found; /* the folder's id */
  char *id;          /* the board's; NULL: it has none yet */
  gint64 folder;
} FilesFolder;

static gboolean
read_known (BooruStore *store, FilesFolder *self, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (store->sql, error, "get-files-folder", "");
  BooruSqlStep step = booru_sql_step (row, error);

  g_clear_pointer (&self->id, g_free);
  if (step == BOORU_SQL_DONE)
    return booru_sql_fail_corrupt (store->sql, "the board's own row is gone", error);
  if (step != BOORU_SQL_ROW)
    return FALSE;
  self->id = g_strdup (booru_sql_get_text (row, 0));
  self->folder = booru_sql_get_number (row, 1);
  return TRUE;
}

static gboolean
fail (const FilesFolder *self, const char *what, GError **error)
{
  g_autofree char *shown = g_filename_display_name (self->files_dir);

  g_set_error (
      error, BOORU_ERROR, BOORU_ERROR_CONFIG,
      "The files folder “%s” is not that of the board: %s. Set files-dir to the folder that "
      "holds the originals, the same one on all machines, and see that it is mounted",
      shown, what);
  return FALSE;
}

static gboolean
check_found (const FilesFolder *self, GError **error)
{
  if (self->found == NULL)
    return fail (self, "the file " BOORU_FILE_FILES_ID " is not in it", error);
  return g_str_equal (self->found, self->id)
         || fail (self, "its file " BOORU_FILE_FILES_ID " is another folder's", error);
}

typedef struct
{
  const char *folder;
  guint n_asked, n_found;
} Sample;

static gboolean
look_for (const BooruFile *file, gpointer data)
{
  Sample *self = data;
  g_autofree char *path = g_build_filename (self->folder, file->path, NULL);
  struct stat info;

  self->n_asked++;
  self->n_found += stat (path, &info) == 0 && info.st_size == file->stat.size;
  return self->n_found == 0 && self->n_asked < SAMPLE_SIZE;
}

/* A disk that is away leaves no trace either. */
static gboolean
has_its_files (BooruStore *store, gint64 folder, const char *path)
{
  Sample sample = { path, 0, 0 };

  return booru_store_foreach_file (store, folder, NULL, NULL, look_for, &sample, NULL)
         && (sample.n_found > 0 || sample.n_asked == 0);
}

/* Originals that were moved there from where the board knows them. */
static gint64
find_moved (BooruStore *store, const FilesFolder *self, GError **error)
{
  g_autoptr (GPtrArray) folders = booru_store_list_folders (store, error);
  gint64 moved = folders == NULL ? -1 : 0;
  guint n = 0;

  for (guint i = 0; folders != NULL && i < folders->len; i++)
    {
      const BooruFolder *folder = g_ptr_array_index (folders, i);

      if (folder->kind != BOORU_FOLDER_MANAGED)
        continue;
      if (strcmp (folder->path, self->originals) == 0)
        return folder->id;
      if (folder->present && !g_file_test (folder->path, G_FILE_TEST_EXISTS)
          && has_its_files (store, folder->id, self->originals))
        {
          moved = folder->id;
          n++;
        }
    }
  return n > 1 ? 0 : moved;
}

static gboolean
claim (BooruStore *store, gpointer data, GError **error)
{
  FilesFolder *self = data;

  if (!read_known (store, self, error))
    return FALSE;
  if (self->id != NULL)
    return check_found (self, error);
  self->folder = find_moved (store, self, error);
  if (self->folder < 0)
    return FALSE;
  if (self->folder == 0
      && (!booru_sql_run (store->sql, error, "insert-folder", "yi", self->originals,
                          (gint)BOORU_FOLDER_MANAGED)
          || (self->folder = find_moved (store, self, error)) <= 0))
    return FALSE;
  self->id = g_strdup (self->found);
  return booru_sql_run (store->sql, error, "set-files-folder", "sx", self->id, self->folder);
}

/* So that the next start knows at once whether it is away. */
static gboolean
remember (const char *data_dir, const FilesFolder *self, GError **error)
{
  g_autofree char *known = read_id (data_dir, BOORU_FILE_FILES_KNOWN);
  g_autofree char *path = g_build_filename (data_dir, BOORU_FILE_FILES_KNOWN, NULL);

  return g_strcmp0 (known, self->id) == 0 || g_file_set_contents (path, self->id, -1, error);
}

/* Two boards in one folder would take each other's originals for theirs. */
static char *
take_over (BooruStore *store, const FilesFolder *self, GError **error)
{
  g_autofree char *own = booru_store_dup_id (store, error);
  g_autofree char *owner = NULL, *id = NULL;

  if (own == NULL)
    return NULL;
  id = ensure_id (self->files_dir, BOORU_FILE_FILES_ID, own, error);
  owner = id != NULL ? read_owner (self->files_dir) : NULL;
  if (owner == NULL || g_str_equal (owner, own))
    return g_steal_pointer (&id);
  fail (self,
        "it is another board's (if that one is gone, remove the file " BOORU_FILE_FILES_ID ")",
        error);
  return NULL;
}

static gboolean
use (BooruStore *store, const char *data_dir, FilesFolder *self, GError **error)
{
  g_autofree char *known = read_id (data_dir, BOORU_FILE_FILES_KNOWN);
  g_autofree char *found = NULL;

  found = self->id == NULL ? take_over (store, self, error)
                           : read_id (self->files_dir, BOORU_FILE_FILES_ID);
  self->found = found;
  if (self->id == NULL)
    return found != NULL && booru_store_write (store, BOORU_SQL_DURABLE, claim, self, error)
           && remember (data_dir, self, error);
  if (found == NULL && !g_str_equal (self->files_dir, data_dir) && g_strcmp0 (known, self->id) == 0)
    return TRUE;
  return check_found (self, error) && remember (data_dir, self, error);
}

gboolean
booru_store_use_files_folder (BooruStore *self,
                              const char *data_dir,
                              const char *files_dir,
                              GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && data_dir != NULL && files_dir != NULL, FALSE);

  g_autofree char *originals = g_build_filename (files_dir, BOORU_DIR_ORIGINALS, NULL);
  FilesFolder folder = { .files_dir = files_dir, .originals = originals };
  gboolean used = read_known (self, &folder, error);

  if (used && folder.id == NULL && g_str_equal (files_dir, data_dir))
    return TRUE;
  used = used && use (self, data_dir, &folder, error);
  if (used)
    {
      g_free (self->originals);
      self->originals = g_steal_pointer (&originals);
      self->files_folder = folder.folder;
    }
  g_free (folder.id);
  return used;
}

gboolean
booru_files_folder_is_there (const char *data_dir, const char *files_dir)
{
  g_return_val_if_fail (data_dir != NULL && files_dir != NULL, FALSE);

  g_autofree char *path = g_build_filename (files_dir, BOORU_FILE_FILES_ID, NULL);

  return g_str_equal (data_dir, files_dir) || access (path, R_OK) == 0;
}

/* Machines */

gboolean
booru_store_join_nodes (BooruStore *self, const char *data_dir, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && data_dir != NULL, FALSE);

  g_autofree char *node = ensure_id (data_dir, BOORU_FILE_NODE_ID, NULL, error);

  if (node == NULL)
    return FALSE;
  g_strlcpy (self->node, node, sizeof self->node);
  return TRUE;
}

const char *
booru_store_get_node (BooruStore *self)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), "");

  return self->node;
}
