/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Emptying the trash, such that a crash or a person who changes their mind at any moment loses
 * nothing that was not to go.
 *
 * A file is first renamed into a hidden folder beside the originals, while the store is locked and
 * the post is certainly still in the trash; in the same transaction its row goes. Only when that is
 * durable is the file removed. What is found in that folder later is what a crash left: a file
 * whose row is still there goes back to its place, any other goes. The folder is locked meanwhile,
 * so that nobody takes for a crash what is under way. */
#include "board/booru-trash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-open.h"

#define PURGED ".purged" /* in the managed folder: hidden, so that no scan sees it */
#define LOCK "lock"      /* in PURGED */
#define BATCH 64         /* files for which the store is locked at once */

typedef struct
{
  int root_fd;   /* of the managed folder */
  int purged_fd; /* of PURGED in it */
  int lock_fd;   /* of LOCK in that; holds the lock */
  gint64 folder_id;
  BooruTrashResult *result;
  BooruTrashResult batch; /* what the transaction under way adds */
} Work;

static void
work_clear (Work *self)
{
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  if (self->purged_fd >= 0)
    close (self->purged_fd);
  if (self->root_fd >= 0)
    close (self->root_fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

/* Of a file and by fcntl(), so that it holds between machines on NFS, too. */
static gboolean
lock (Work *self)
{
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

  self->lock_fd = openat (self->purged_fd, LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  return self->lock_fd >= 0 && fcntl (self->lock_fd, F_OFD_SETLK, &whole) == 0;
}

static gboolean
open_folders (Work *self, const char *files_dir, GError **error)
{
  g_autofree char *path = g_build_filename (files_dir, BOORU_DIR_ORIGINALS, NULL);

  self->root_fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->root_fd < 0)
    return booru_set_errno_error (error, errno, "Opening the folder %s", path);
  if (mkdirat (self->root_fd, PURGED, 0700) < 0 && errno != EEXIST)
    return booru_set_errno_error (error, errno, "Making the folder %s/" PURGED, path);
  self->purged_fd = openat (self->root_fd, PURGED, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (self->purged_fd < 0)
    return booru_set_errno_error (error, errno, "Opening the folder %s/" PURGED, path);
  if (!lock (self))
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_BUSY,
                           "The trash is already being emptied. Try again in a moment");
      return FALSE;
    }
  return TRUE;
}

/* The directory that @path lies in, without following a link on the way. */
static int
open_parent (int root_fd, const char *path, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);

  return booru_open_beneath (root_fd, dir, O_RDONLY | O_DIRECTORY, error);
}

static gboolean
is_as_known (int dir_fd, const char *name, const BooruFileStat *known)
{
  struct stat st;

  return fstatat (dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (st.st_mode)
         && st.st_size == known->size && st.st_ino == known->inode
         && st.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + st.st_mtim.tv_nsec
                == known->mtime_ns;
}

/* Called while the store is locked. */
static gboolean
put_away (const BooruFile *file, gpointer user_data)
{
  Work *self = user_data;
  g_autofree char *name = g_path_get_basename (file->path);
  g_autofree char *purged = g_strdup_printf ("%" G_GINT64_FORMAT, file->id);
  g_autoptr (GError) error = NULL;
  int dir_fd
      = file->folder_id == self->folder_id ? open_parent (self->root_fd, file->path, &error) : -1;
  gboolean moved;

  moved = dir_fd >= 0 && is_as_known (dir_fd, name, &file->stat)
          && renameat (dir_fd, name, self->purged_fd, purged) == 0;
  if (dir_fd >= 0)
    close (dir_fd);
  self->batch.n_removed += moved;
  self->batch.n_kept += !moved;
  self->batch.size += moved ? file->stat.size : 0;
  if (!moved)
    g_message ("%s/%s stays: it is not the file that the board knows there", BOORU_DIR_ORIGINALS,
               file->path);
  return moved;
}

/* A file whose row was not removed after all. Nothing is replaced. */
static void
put_back (Work *self, const char *purged, const BooruFile *file)
{
  g_autofree char *name = g_path_get_basename (file->path);
  g_autoptr (GError) error = NULL;
  int dir_fd = open_parent (self->root_fd, file->path, &error);

  if (dir_fd < 0)
    {
      g_warning ("%s/" PURGED "/%s cannot be moved back to %s: %s", BOORU_DIR_ORIGINALS, purged,
                 file->path, error->message);
      return;
    }
  if (renameat2 (self->purged_fd, purged, dir_fd, name, RENAME_NOREPLACE) < 0)
    g_warning ("%s/" PURGED "/%s cannot be moved back to %s: %s", BOORU_DIR_ORIGINALS, purged,
               file->path, g_strerror (errno));
  close (dir_fd);
}

static void
settle_one (Work *self, BooruStore *store, const char *purged)
{
  g_autoptr (BooruFile) file = NULL;
  g_autoptr (GError) error = NULL;
  guint64 id;

  if (!g_ascii_string_to_unsigned (purged, 10, 1, G_MAXINT64, &id, NULL))
    return;
  file = booru_store_get_file (store, (gint64)id, &error);
  if (file != NULL)
    put_back (self, purged, file);
  else if (booru_err_notfound (error))
    unlinkat (self->purged_fd, purged, 0);
}

/* Removes what is no file of the board any more, and puts back what still is. */
static void
settle (Work *self, BooruStore *store)
{
  int copy = openat (self->purged_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = copy >= 0 ? fdopendir (copy) : NULL;
  struct dirent *entry;

  if (dir == NULL)
    {
      if (copy >= 0)
        close (copy);
      return;
    }
  while ((entry = readdir (dir)) != NULL)
    settle_one (self, store, entry->d_name);
  closedir (dir);
}

static gboolean
check_expected (BooruStore *store, gint64 n_expected, GError **error)
{
  BooruTrash trash;

  if (!booru_store_measure_trash (store, &trash, error))
    return FALSE;
  if (trash.n_files == n_expected)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
               "Nothing was deleted: the trash has changed. It now holds %" G_GINT64_FORMAT
               " files, not %" G_GINT64_FORMAT,
               trash.n_files, n_expected);
  return FALSE;
}

static gboolean
empty_batch (Work *self, BooruStore *store, gint64 *after, GError **error)
{
  gboolean purged;

  self->batch = (BooruTrashResult){ 0 };
  purged = booru_store_purge_trash (store, after, BATCH, put_away, self, error);
  settle (self, store);
  if (!purged)
    return FALSE;
  self->result->n_removed += self->batch.n_removed;
  self->result->n_kept += self->batch.n_kept;
  self->result->size += self->batch.size;
  return TRUE;
}

gboolean
booru_trash_empty (BooruStore *store,
                   const char *files_dir,
                   gint64 n_expected,
                   BooruTrashResult *result,
                   GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (store) && files_dir != NULL && result != NULL, FALSE);

  g_auto (Work) work = { .root_fd = -1, .purged_fd = -1, .lock_fd = -1, .result = result };
  g_autofree char *originals = g_build_filename (files_dir, BOORU_DIR_ORIGINALS, NULL);
  g_autoptr (BooruFolder) folder = NULL;
  gint64 after = 0;

  *result = (BooruTrashResult){ 0 };
  folder = booru_store_ensure_folder (store, originals, BOORU_FOLDER_MANAGED, error);
  /* Where nothing was ever uploaded there is no folder of originals. */
  if (folder == NULL || !check_expected (store, n_expected, error)
      || (n_expected > 0 && !open_folders (&work, files_dir, error)))
    return FALSE;
  work.folder_id = folder->id;
  settle (&work, store);
  do
    if (!empty_batch (&work, store, &after, error))
      return FALSE;
  while (after != 0);
  return TRUE;
}

void
booru_trash_recover (BooruStore *store, const char *files_dir)
{
  g_return_if_fail (BOORU_IS_STORE (store) && files_dir != NULL);

  g_auto (Work) work = { .root_fd = -1, .purged_fd = -1, .lock_fd = -1 };
  g_autofree char *path = g_build_filename (files_dir, BOORU_DIR_ORIGINALS, PURGED, NULL);
  g_autoptr (GError) error = NULL;

  if (access (path, F_OK) < 0)
    return;
  if (open_folders (&work, files_dir, &error))
    settle (&work, store);
  else if (!booru_err_busy (error))
    g_warning ("The trash: %s", error->message);
}
