/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "monitor-settle.h"

/* File systems that make inode numbers up anew at each mount (statfs(2) names the numbers). */
static const guint32 unstable_inode_types[] = {
  0x4d44,     /* FAT */
  0x2011bab0, /* exFAT */
  0x65735546, /* FUSE */
  0xff534d42, /* CIFS */
  0xfe534d42, /* SMB2 */
  0x517b,     /* SMB */
  0x01021997, /* 9p */
  0x5346414f, /* AFS */
};

#define SAMPLE_SIZE 64
/* Of a folder that another machine saw last. */
#define NODE_SAMPLE_SIZE 2000
#define NODE_SAMPLE_ENOUGH 32

MonitorFolder *
monitor_folder_new (MonitorFolderKind kind, const char *path)
{
  static guint last_serial;
  MonitorFolder *self = g_new0 (MonitorFolder, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->serial = ++last_serial;
  self->kind = kind;
  self->path = g_strdup (path);
  self->display = g_filename_display_name (path);
  self->excluded = g_new0 (char *, 1);
  self->patterns = g_new0 (char *, 1);
  self->stable_inodes = TRUE;
  return self;
}

MonitorFolder *
monitor_folder_ref (MonitorFolder *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
monitor_folder_unref (MonitorFolder *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->path);
  g_free (self->display);
  g_free (self->why_gone);
  g_strfreev (self->excluded);
  g_strfreev (self->patterns);
  g_free (self);
}

void
monitor_folder_exclude (MonitorFolder *self, const char *path)
{
  gsize length = strlen (self->path);
  guint n = g_strv_length (self->excluded);

  if (length > 1 && (!g_str_has_prefix (path, self->path) || path[length] != '/'))
    return;
  self->excluded = g_renew (char *, self->excluded, n + 2);
  self->excluded[n] = g_strdup (path + (length > 1 ? length + 1 : 1));
  self->excluded[n + 1] = NULL;
}

/* A pattern with a slash, also in front, is for the whole path below the rule's folder, any other
 * for a name at any depth. */
static gboolean
matches (const char *pattern, const char *full, const char *rule_folder)
{
  const char *below = monitor_folder_get_below (full, rule_folder);

  if (below == NULL || *below == '\0')
    return FALSE;
  if (strchr (pattern, '/') != NULL)
    return fnmatch (*pattern == '/' ? pattern + 1 : pattern, below, FNM_PATHNAME) == 0;
  return fnmatch (pattern, strrchr (full, '/') + 1, 0) == 0;
}

/* Whether @path, or a directory that it lies in, is left out by a rule. */
static gboolean
is_left_out_by_rule (MonitorFolder *self, const char *path)
{
  g_autofree char *full = g_build_filename (self->path, path, NULL);
  char *end = full + strlen (full) - strlen (path);

  while (TRUE)
    {
      gboolean found = FALSE;
      char separator;

      end += strcspn (end, "/");
      separator = *end;
      *end = '\0';
      for (guint i = 0; self->patterns[i] != NULL && !found; i += 2)
        found = matches (self->patterns[i + 1], full, self->patterns[i]);
      if (found || separator == '\0')
        return found;
      *end++ = separator;
    }
}

gboolean
monitor_folder_excludes (MonitorFolder *self, const char *path)
{
  for (guint i = 0; self->excluded[i] != NULL; i++)
    {
      gsize length = strlen (self->excluded[i]);

      if (strncmp (path, self->excluded[i], length) == 0
          && (path[length] == '/' || path[length] == '\0'))
        return TRUE;
    }
  return self->patterns[0] != NULL && is_left_out_by_rule (self, path);
}

DIR *
monitor_dir_open (int fd)
{
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;

  if (dir == NULL)
    booru_clear_fd (&fd);
  return dir;
}

gboolean
monitor_dir_entry_is_dir (int dir_fd, const struct dirent *entry)
{
  struct stat st;

  if (entry->d_type != DT_UNKNOWN)
    return entry->d_type == DT_DIR;
  return fstatat (dir_fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (st.st_mode);
}

/* Takes @dir_fd. */
static gboolean
is_empty (int dir_fd)
{
  g_autoptr (DIR) dir = monitor_dir_open (dir_fd);
  struct dirent *entry;
  gboolean empty = dir != NULL;

  while (empty && (entry = readdir (dir)) != NULL)
    empty = g_str_equal (entry->d_name, ".") || g_str_equal (entry->d_name, "..");
  return empty;
}

typedef struct
{
  int root_fd;
  guint n_asked, n_found;
} Sample;

static gboolean
sample_file (const BooruFile *file, gpointer user_data)
{
  Sample *sample = user_data;
  struct stat st;

  sample->n_asked++;
  if (fstatat (sample->root_fd, file->path, &st, AT_SYMLINK_NOFOLLOW) == 0
      && st.st_size == file->stat.size)
    sample->n_found++;
  return sample->n_found == 0 && sample->n_asked < SAMPLE_SIZE;
}

/* Whether a directory on another device than before has none of the files that it should have: the
 * place where a disk is mounted, with somebody's files in it. (That the device has another number
 * means nothing by itself: many disks get a new one at each start of the machine.) */
static gboolean
is_foreign (MonitorFolder *self, BooruStore *store, int root_fd)
{
  Sample sample = { .root_fd = root_fd };
  g_autoptr (GError) error = NULL;

  if (self->id == 0)
    return FALSE;
  if (!booru_store_foreach_file (store, self->id, NULL, NULL, sample_file, &sample, &error))
    {
      g_warning ("%s: the files of the folder cannot be looked up: %s", self->display,
                 error->message);
      return FALSE;
    }
  return sample.n_asked > 0 && sample.n_found == 0;
}

static gboolean
sample_same_file (const BooruFile *file, gpointer user_data)
{
  Sample *sample = user_data;
  MonitorLook look;
  struct stat st;

  sample->n_asked++;
  if (fstatat (sample->root_fd, file->path, &st, AT_SYMLINK_NOFOLLOW) == 0)
    {
      monitor_look_from_stat (&look, &st);
      sample->n_found
          += look.stat.size == file->stat.size && look.stat.mtime_ns == file->stat.mtime_ns;
    }
  return sample->n_found < NODE_SAMPLE_ENOUGH && sample->n_asked < NODE_SAMPLE_SIZE;
}

/* Whether this is not the folder that another machine has at the same path, such as everybody's
 * “Pictures”. Where it is the same one, over the network, or a copy that is kept alike, most of the
 * files are there. */
static gboolean
is_of_another_machine (MonitorFolder *self, BooruStore *store, int root_fd)
{
  Sample sample = { .root_fd = root_fd };
  g_autoptr (GError) error = NULL;

  if (!self->seen_elsewhere || self->kind != MONITOR_FOLDER_LIBRARY)
    return FALSE;
  if (!booru_store_foreach_file (store, self->id, NULL, NULL, sample_same_file, &sample, &error))
    {
      g_warning ("%s: the files of the folder cannot be looked up: %s", self->display,
                 error->message);
      return TRUE;
    }
  return sample.n_found < NODE_SAMPLE_ENOUGH && sample.n_found * 2 < sample.n_asked;
}

static gboolean
has_stable_inodes (int fd)
{
  struct statfs fs;

  if (fstatfs (fd, &fs) < 0)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (unstable_inode_types); i++)
    if ((guint32)fs.f_type == unstable_inode_types[i])
      return FALSE;
  return TRUE;
}

MonitorRootState
monitor_folder_examine (MonitorFolder *self, BooruStore *store, char **reason)
{
  booru_autofd int fd = open (self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  guint64 known = self->inode ? self->device : self->former_device;
  gboolean other_device, foreign, empty, stable;
  struct stat st;

  *reason = NULL;
  if (fd < 0 || fstat (fd, &st) < 0)
    {
      *reason = g_strdup (g_strerror (errno));
      return MONITOR_ROOT_GONE;
    }
  if (st.st_dev == self->device && st.st_ino == self->inode)
    return MONITOR_ROOT_SAME;

  if (is_of_another_machine (self, store, fd))
    {
      *reason
          = g_strdup ("another machine's monitor looked at it last, and what it saw is not here: "
                      "the same path is another folder on this machine");
      return MONITOR_ROOT_GONE;
    }
  stable = has_stable_inodes (fd);
  other_device = known != 0 && st.st_dev != known;
  foreign = other_device && is_foreign (self, store, fd);
  empty = is_empty (booru_steal_fd (&fd));
  if (foreign || (empty && (other_device || self->inode != 0)))
    {
      *reason = g_strdup (empty ? "the folder is empty, as a mount point without its disk is"
                                : "another disk is there, with none of the folder's files");
      return MONITOR_ROOT_GONE;
    }

  self->seen_elsewhere = FALSE;
  if (other_device)
    self->former_device = known;
  self->stable_inodes = stable;
  self->device = st.st_dev;
  self->inode = st.st_ino;
  return MONITOR_ROOT_REPLACED;
}

int
monitor_folder_open (MonitorFolder *self, GError **error)
{
  int fd = open (self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat st;

  if (fd < 0)
    {
      booru_set_errno_error (error, errno, "Opening the folder %s", self->display);
      return -1;
    }
  if (fstat (fd, &st) < 0 || st.st_dev != self->device || st.st_ino != self->inode)
    {
      close (fd);
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "Opening the folder %s: another one has taken its place", self->display);
      return -1;
    }
  return fd;
}

const char *
monitor_folder_get_below (const char *path, const char *folder)
{
  gsize length = strlen (folder);

  if (strncmp (path, folder, length) != 0)
    return NULL;
  if (g_str_equal (folder, "/"))
    return path + 1;
  if (path[length] == '\0')
    return path + length;
  return path[length] == '/' ? path + length + 1 : NULL;
}

gboolean
monitor_folder_stat_exact (const BooruFileStat *a, const BooruFileStat *b)
{
  return a->size == b->size && a->mtime_ns == b->mtime_ns && a->inode == b->inode
         && a->device == b->device;
}

gboolean
monitor_folder_stat_is_known (MonitorFolder *self,
                              const BooruFileStat *stored,
                              const BooruFileStat *seen)
{
  return self->elsewhere ? monitor_folder_stat_equal (self, stored, seen)
                         : monitor_folder_stat_exact (stored, seen);
}

gboolean
monitor_folder_stat_equal (MonitorFolder *self,
                           const BooruFileStat *stored,
                           const BooruFileStat *seen)
{
  if (stored->size != seen->size || stored->mtime_ns != seen->mtime_ns)
    return FALSE;
  if (self->stable_inodes && stored->inode != seen->inode)
    return FALSE;
  return self->elsewhere || stored->device == seen->device
         || (stored->device == self->former_device && seen->device == self->device);
}
