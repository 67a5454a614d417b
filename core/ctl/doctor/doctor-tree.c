/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl/doctor/doctor.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-paths.h"

/* For all library folders together: the user waits for the answer. */
#define PATIENCE (10 * G_TIME_SPAN_SECOND)
#define LOOKS_AT_THE_CLOCK 512 /* entries between two */

static void
tree_free (DoctorTree *self)
{
  g_free (self->first_unreadable);
  g_free (self);
}

static gboolean
is_directory (int dir_fd, const struct dirent *entry)
{
  struct stat info;

  if (entry->d_type != DT_UNKNOWN)
    return entry->d_type == DT_DIR;
  return fstatat (dir_fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (info.st_mode);
}

static void
note_unreadable (DoctorTree *self, const char *path)
{
  if (self->n_unreadable++ == 0)
    self->first_unreadable = g_strdup (path);
}

/* Reads one directory; those in it are added to @waiting. FALSE: time is over. */
static gboolean
read_directory (DoctorTree *self, const char *path, GPtrArray *waiting, gint64 deadline)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  gboolean in_time = g_get_monotonic_time () < deadline;
  struct dirent *entry;
  guint n = 0;

  self->n_directories++;
  if (dir == NULL)
    {
      note_unreadable (self, path);
      if (fd >= 0)
        close (fd);
      return in_time;
    }
  while (in_time && (entry = readdir (dir)) != NULL)
    {
      if (g_str_equal (entry->d_name, ".") || g_str_equal (entry->d_name, ".."))
        continue;
      if (is_directory (fd, entry))
        g_ptr_array_add (waiting, g_build_filename (path, entry->d_name, NULL));
      else
        self->n_files++;
      if (++n % LOOKS_AT_THE_CLOCK == 0)
        in_time = g_get_monotonic_time () < deadline;
    }
  closedir (dir);
  return in_time;
}

/* Counts what is in @folder and below it, without following symbolic links, and without the folder
 * @except (or NULL); until @deadline, in monotonic time. */
static void
walk (DoctorTree *self, const char *folder, const char *except, gint64 deadline)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func (g_free);
  gboolean in_time = TRUE;

  g_ptr_array_add (waiting, g_strdup (folder));
  while (in_time && waiting->len > 0)
    {
      g_autofree char *path = g_ptr_array_steal_index_fast (waiting, waiting->len - 1);

      if (g_strcmp0 (path, except) != 0)
        in_time = read_directory (self, path, waiting, deadline);
    }
  self->complete = in_time;
}

void
doctor_walk_libraries (Doctor *self)
{
  g_auto (GStrv) folders = doctor_get_folders (self, "library-folders");
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  if (self->walked)
    return;
  self->walked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)tree_free);
  self->trees.complete = TRUE;
  doctor_user_enter (self);
  for (guint i = 0; folders[i]; i++)
    {
      DoctorTree *tree;

      if (booru_paths_find_cover (folders, i) || !g_file_test (folders[i], G_FILE_TEST_IS_DIR))
        continue;
      tree = g_new0 (DoctorTree, 1);
      walk (tree, folders[i], self->data_dir, deadline);
      self->trees.n_directories += tree->n_directories;
      self->trees.n_files += tree->n_files;
      self->trees.complete &= tree->complete;
      g_hash_table_insert (self->walked, g_strdup (folders[i]), tree);
    }
  doctor_user_leave (self);
}
