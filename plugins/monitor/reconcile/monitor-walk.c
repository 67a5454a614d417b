/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files/monitor-file.h"
#include "files/monitor-names.h"

#define ROWS_AT_ONCE 2048
#define PATH_LIMIT 4000 /* of PATH_MAX: deeper than that nothing can be opened */
#define OPEN_LEVELS 64  /* directories kept open on the way down */
#define NEWEST_CHECKED 100
#define RANDOM_CHECKED 50

/* What is kept of a BooruFile. */
typedef struct
{
  char *path;
  gint64 id, post_id;
  BooruFileStat stat;
  gboolean denied;
} Row;

/* A directory on the way down. Entries are strings with their kind in front. */
typedef struct
{
  int fd; /* -1: closed meanwhile, opened again when needed */
  gsize path_length;
  GStringChunk *names;
  GPtrArray *entries;
  guint next;
} Level;

typedef struct
{
  MonitorWalk *walk;
  int root_fd;
  GPtrArray *levels;
  GString *path; /* of the current directory with a slash behind it, or of the current entry */

  GArray *rows;
  GStringChunk *row_paths;
  guint next_row;
  gboolean rows_complete;
  char *last_row;   /* where the next chunk goes on */
  GError *error;    /* of the store */
  gboolean stopped; /* func said so */
} Walker;

static void
level_free (Level *level)
{
  booru_clear_fd (&level->fd);
  g_string_chunk_free (level->names);
  g_ptr_array_unref (level->entries);
  g_free (level);
}

static gboolean
keep_row (const BooruFile *file, gpointer user_data)
{
  Walker *self = user_data;
  Row row = {
    .path = g_string_chunk_insert (self->row_paths, file->path),
    .id = file->id,
    .post_id = file->post_id,
    .stat = file->stat,
    .denied = file->failure != NULL && g_str_has_prefix (file->failure, MONITOR_FAILURE_DENIED),
  };

  g_array_append_val (self->rows, row);
  return self->rows->len < ROWS_AT_ONCE;
}

/* A chunk is a short read, so that it holds up no checkpoint. */
static void
fetch_rows (Walker *self)
{
  const char *below = *self->walk->below ? self->walk->below : NULL;

  self->next_row = 0;
  g_array_set_size (self->rows, 0);
  g_string_chunk_clear (self->row_paths);
  if (self->rows_complete || self->error != NULL)
    return;

  if (!booru_store_foreach_file (self->walk->store, self->walk->folder->id, below, self->last_row,
                                 keep_row, self, &self->error))
    return;
  self->rows_complete = self->rows->len < ROWS_AT_ONCE;
  if (self->rows->len > 0)
    {
      g_free (self->last_row);
      self->last_row = g_strdup (g_array_index (self->rows, Row, self->rows->len - 1).path);
    }
}

static const Row *
peek_row (Walker *self)
{
  if (self->next_row >= self->rows->len)
    fetch_rows (self);
  return self->next_row < self->rows->len ? &g_array_index (self->rows, Row, self->next_row) : NULL;
}

static void
report (Walker *self,
        MonitorFindingKind kind,
        const char *path,
        MonitorJobFlags flags,
        const Row *row,
        const BooruFileStat *stat)
{
  MonitorFinding finding = { .kind = kind, .path = g_strdup (path), .flags = flags };

  if (row)
    finding.file_id = row->id;
  if (stat)
    finding.stat = *stat;
  if (!self->walk->func (&finding, self->walk->user_data))
    self->stopped = TRUE;
}

/* Everything that the store has before @path (NULL: everything left) is not there any more. */
static void
pass_rows_before (Walker *self, const char *path)
{
  const Row *row;

  while (!self->stopped && (row = peek_row (self)) != NULL
         && (path == NULL || strcmp (row->path, path) < 0))
    {
      report (self, MONITOR_FINDING_GONE, row->path, 0, NULL, NULL);
      self->next_row++;
    }
}

/* Nothing can be said of what lies in the directory @path (with a slash behind it). */
static void
skip_rows_in (Walker *self, const char *path)
{
  const Row *row;

  pass_rows_before (self, path);
  while ((row = peek_row (self)) != NULL && g_str_has_prefix (row->path, path))
    self->next_row++;
}

static gboolean
thumbnail_exists (BooruStore *store, const char *files_dir, const BooruPost *post)
{
  g_autofree char *path = booru_variant_get_path (BOORU_VARIANT_720, post->media.md5);
  g_autofree char *full = g_build_filename (files_dir, path, NULL);

  return access (full, F_OK) == 0;
}

static gboolean
lost_thumbnail (Walker *self, const Row *row)
{
  g_autoptr (BooruPost) post = NULL;

  if (row->post_id == 0)
    return FALSE;
  post = booru_store_get_post (self->walk->store, row->post_id, NULL);
  return post != NULL && !thumbnail_exists (self->walk->store, self->walk->files_dir, post);
}

static void
compare_with_row (Walker *self,
                  const Row *row,
                  int dir_fd,
                  const char *name,
                  const BooruFileStat *seen)
{
  const char *path = self->path->str;

  if (!monitor_folder_stat_equal (self->walk->folder, &row->stat, seen))
    report (self, MONITOR_FINDING_FILE, path, 0, NULL, NULL);
  else if (self->walk->check_thumbnails && lost_thumbnail (self, row))
    report (self, MONITOR_FINDING_FILE, path, MONITOR_JOB_REMAKE, NULL, NULL);
  else if (row->denied && faccessat (dir_fd, name, R_OK, AT_EACCESS) == 0)
    report (self, MONITOR_FINDING_FILE, path, MONITOR_JOB_RETRY, NULL, NULL);
  else if (self->walk->import && row->post_id != 0)
    report (self, MONITOR_FINDING_FILE, path, MONITOR_JOB_IMPORT, NULL, NULL);
  else if (!monitor_folder_stat_is_known (self->walk->folder, &row->stat, seen))
    report (self, MONITOR_FINDING_TOUCHED, path, 0, row, seen);
}

static void
visit_file (Walker *self, int dir_fd, const char *name)
{
  MonitorLook look;
  const Row *row;
  struct stat st;

  if (monitor_folder_excludes (self->walk->folder, self->path->str))
    return; /* the store's row, if there is one, is passed as gone */
  pass_rows_before (self, self->path->str);
  if (fstatat (dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || S_ISDIR (st.st_mode))
    return; /* vanished or replaced since the directory was read; the watcher tells */

  g_atomic_int_inc (&self->walk->n_files);
  monitor_look_from_stat (&look, &st);
  row = peek_row (self);
  if (row == NULL || strcmp (row->path, self->path->str) != 0)
    {
      report (self, MONITOR_FINDING_FILE, self->path->str, 0, NULL, NULL);
      return;
    }
  compare_with_row (self, row, dir_fd, name, &look.stat);
  self->next_row++;
}

/* Byte order of whole paths: a directory sorts as its name with a slash behind it. */
static int
compare_entries (const void *a, const void *b)
{
  const guint8 *left = *(const guint8 *const *)a, *right = *(const guint8 *const *)b;
  guint8 left_end = left[0] == 'd' ? '/' : 0, right_end = right[0] == 'd' ? '/' : 0;
  gsize i = 1;

  while (left[i] != 0 && left[i] == right[i])
    i++;
  return (int)(left[i] ? left[i] : left_end) - (int)(right[i] ? right[i] : right_end);
}

static gboolean
read_entries (Level *level)
{
  g_autoptr (DIR) dir = monitor_dir_open (dup (level->fd));
  struct dirent *entry;
  gboolean complete;

  if (dir == NULL)
    return FALSE;
  while (errno = 0, (entry = readdir (dir)) != NULL)
    {
      gboolean is_dir = monitor_dir_entry_is_dir (level->fd, entry);
      char tagged[sizeof entry->d_name + 1];

      if (monitor_name_is_left_out (entry->d_name, is_dir))
        continue;
      tagged[0] = is_dir ? 'd' : 'f';
      g_strlcpy (tagged + 1, entry->d_name, sizeof tagged - 1);
      g_ptr_array_add (level->entries, g_string_chunk_insert (level->names, tagged));
    }
  complete = errno == 0;
  if (level->entries->len > 1)
    qsort (level->entries->pdata, level->entries->len, sizeof (gpointer), compare_entries);
  return complete;
}

/* Goes into the directory self->path (without a slash behind it), open as @fd (taken over). Watches
 * it before its entries are read: what appears after that is told by the watcher. */
static gboolean
enter (Walker *self, int fd)
{
  Level *level = g_new0 (Level, 1);
  gboolean is_root = self->path->len == 0;

  level->fd = fd;
  level->names = g_string_chunk_new (1024);
  level->entries = g_ptr_array_new ();
  if (self->walk->watcher)
    monitor_watcher_watch (self->walk->watcher, self->walk->folder->serial, self->path->str, fd);
  if (!is_root)
    g_string_append_c (self->path, '/');
  level->path_length = self->path->len;

  if (!read_entries (level))
    {
      level_free (level);
      return FALSE;
    }
  if (self->levels->len >= OPEN_LEVELS)
    booru_clear_fd (&level->fd);
  g_ptr_array_add (self->levels, level);
  return TRUE;
}

static int
level_fd (Walker *self, Level *level)
{
  g_autofree char *dir = NULL;

  if (level->fd < 0)
    {
      dir = g_strndup (self->path->str, level->path_length - 1);
      level->fd = booru_open_beneath (self->root_fd, dir, O_RDONLY | O_DIRECTORY, NULL);
    }
  return level->fd;
}

static void
visit_dir (Walker *self, int dir_fd, const char *name)
{
  const char *path = self->path->str;
  g_autofree char *display = NULL;
  gboolean too_long = self->path->len > PATH_LIMIT;
  int fd;

  if (monitor_folder_excludes (self->walk->folder, path))
    return;
  fd = too_long ? -1 : openat (dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && !too_long && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
    return;
  if (fd >= 0 && booru_pseudo_is_mount (dir_fd, fd))
    {
      close (fd);
      return;
    }
  if (fd >= 0 && enter (self, fd))
    return;

  display = g_filename_display_name (path);
  g_warning ("%s: cannot look into %s: %s", self->walk->folder->display, display,
             too_long ? "the path is too long" : g_strerror (errno));
  if (self->path->str[self->path->len - 1] != '/')
    g_string_append_c (self->path, '/');
  skip_rows_in (self, self->path->str);
}

static void
visit_entry (Walker *self, Level *level)
{
  const char *entry = g_ptr_array_index (level->entries, level->next++);
  gboolean reopened = level->fd < 0;
  int fd = level_fd (self, level);

  g_string_truncate (self->path, level->path_length);
  g_string_append (self->path, entry + 1);
  if (entry[0] == 'd')
    visit_dir (self, fd, entry + 1);
  else
    visit_file (self, fd, entry + 1);

  if (reopened)
    booru_clear_fd (&level->fd);
}

static void
walk_levels (Walker *self)
{
  while (self->levels->len > 0 && !self->stopped && self->error == NULL)
    {
      Level *level = g_ptr_array_index (self->levels, self->levels->len - 1);

      if (g_atomic_int_get (&self->walk->stop))
        self->stopped = TRUE;
      else if (level->next < level->entries->len)
        visit_entry (self, level);
      else
        g_ptr_array_set_size (self->levels, (gint)self->levels->len - 1);
    }
}

/* Opens where the walk begins. FALSE: it is there, but cannot be read. */
static gboolean
begin (Walker *self, GError **error)
{
  g_autoptr (GError) open_error = NULL;
  const char *below = self->walk->below;
  int fd;

  if (*below != '\0'
      && (monitor_folder_excludes (self->walk->folder, below)
          || monitor_path_is_left_out (below, TRUE)))
    return TRUE;

  fd = *below ? booru_open_beneath (self->root_fd, below, O_RDONLY | O_DIRECTORY, &open_error)
              : fcntl (self->root_fd, F_DUPFD_CLOEXEC, 0);
  if (fd < 0 && booru_err_notfound (open_error))
    return TRUE;
  g_string_assign (self->path, below);
  if (fd >= 0 && enter (self, fd))
    return TRUE;
  if (open_error != NULL)
    g_propagate_error (error, g_steal_pointer (&open_error));
  else
    booru_set_errno_error (error, errno, "Reading the folder %s", self->walk->folder->display);
  return FALSE;
}

static gboolean
walk (Walker *self, GError **error)
{
  if (!begin (self, error))
    return FALSE;
  walk_levels (self);
  if (self->error == NULL)
    pass_rows_before (self, NULL);
  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else if (self->stopped)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_CANCELLED, "Looking through %s was stopped",
                 self->walk->folder->display);
  else
    return TRUE;
  return FALSE;
}

gboolean
monitor_walk_run (MonitorWalk *self, GError **error)
{
  Walker walker = {
    .walk = self,
    .root_fd = monitor_folder_open (self->folder, error),
    .rows_complete = self->store == NULL,
  };
  gboolean done;

  if (walker.root_fd < 0)
    return FALSE;
  walker.levels = g_ptr_array_new_with_free_func ((GDestroyNotify)level_free);
  walker.path = g_string_new (NULL);
  walker.rows = g_array_new (FALSE, FALSE, sizeof (Row));
  walker.row_paths = g_string_chunk_new (4096);

  done = walk (&walker, error);

  g_ptr_array_unref (walker.levels);
  g_string_free (walker.path, TRUE);
  g_array_unref (walker.rows);
  g_string_chunk_free (walker.row_paths);
  g_free (walker.last_row);
  g_clear_error (&walker.error);
  close (walker.root_fd);
  return done;
}

gboolean
monitor_walk_thumbnails_lost (BooruStore *store, const char *files_dir)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("");
  BooruPage page = { .kind = BOORU_PAGE_NUMBER, .value = 1, .limit = NEWEST_CHECKED };
  g_autoptr (GPtrArray) newest = booru_store_search (store, query, &page, NULL);
  gint64 last_id = 0;

  for (guint i = 0; newest != NULL && i < newest->len; i++)
    {
      const BooruPost *post = g_ptr_array_index (newest, i);

      last_id = MAX (last_id, post->id);
      if (!thumbnail_exists (store, files_dir, post))
        return TRUE;
    }

  for (guint i = 0; last_id > NEWEST_CHECKED && i < RANDOM_CHECKED; i++)
    {
      gint64 id = 1 + (gint64)(g_random_double () * (double)last_id);
      g_autoptr (BooruPost) post = booru_store_get_post (store, id, NULL);

      if (post != NULL && post->status == BOORU_POST_ACTIVE
          && !thumbnail_exists (store, files_dir, post))
        return TRUE;
    }
  return FALSE;
}
