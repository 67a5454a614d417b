/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>
#include <dirent.h>

G_BEGIN_DECLS

/**
 * MonitorFolder:
 *
 * One tree that is followed. No descriptor of it is kept open while nothing is done: an open one
 * would keep a disk from being unmounted.
 *
 * Reference-counted, since threads walk it. What changes (present, device, inode) belongs to the
 * main thread, and is not changed while a walk of the folder runs.
 */
typedef enum
{
  MONITOR_FOLDER_LIBRARY,
  MONITOR_FOLDER_MANAGED,
  MONITOR_FOLDER_INBOX,
  MONITOR_FOLDER_SPOOL, /* of uploads: neither watched nor scanned */
} MonitorFolderKind;

typedef struct
{
  gatomicrefcount ref_count;
  guint serial; /* its number for the watcher; never used twice */
  MonitorFolderKind kind;
  char *path;
  char *display; /* for messages */
  gint64 id;     /* in the store; 0 for inbox and spool */
  gboolean present;
  char *why_gone;                /* as the log says; NULL: it does not say that it is gone */
  gboolean scanned;              /* once since the start */
  gboolean removed;              /* no longer configured: what is in flight for it is dropped */
  _Atomic guint64 device, inode; /* of the root; 0: never seen by this process */
  /* st_dev that the store knew: differs after a restart of the machine for many kinds of disks. */
  guint64 former_device;
  gboolean elsewhere;      /* other machines may look at it, too: device numbers differ */
  gboolean seen_elsewhere; /* the last one that looked at it was another machine */
  gboolean stable_inodes;  /* the file system gives a file the same inode number after a remount */
  char **excluded;         /* paths below it that are other folders, or the data folder */
  /* Of names that are left out, by rules: pairs of the rule's folder and a pattern. */
  char **patterns;
} MonitorFolder;

typedef enum
{
  MONITOR_ROOT_SAME,     /* as it was */
  MONITOR_ROOT_REPLACED, /* another directory stands there now, which is fine */
  MONITOR_ROOT_GONE,     /* not there, or what is there is only the empty mount point */
} MonitorRootState;

MonitorFolder *monitor_folder_new (MonitorFolderKind kind, const char *path);
MonitorFolder *monitor_folder_ref (MonitorFolder *self);
void monitor_folder_unref (MonitorFolder *self);

/* Leaves @path out of @self, if it lies in it: another folder, whose files are its own, or the
 * data folder. To be called before @self is first walked.
 * @path: an absolute path */
void monitor_folder_exclude (MonitorFolder *self, const char *path);

/* @path: of a file or directory below it
 * Returns: whether @path is, or lies in, a place that is left out of the folder */
gboolean monitor_folder_excludes (MonitorFolder *self, const char *path);

/* Looks at what stands at the folder's path now, and takes it over if it is fine. An unmounted
 * disk leaves nothing, or its mount point: a directory that is empty or on another device.
 * @store: the store, asked whether what lies there is what was there
 * @reason: (out): why it is gone */
MonitorRootState monitor_folder_examine (MonitorFolder *self, BooruStore *store, char **reason);

/* May be called from any thread.
 * @error: %BOORU_ERROR_NOT_FOUND if it is not the directory that was examined last
 * Returns: a new descriptor of the folder's root, or -1 */
int monitor_folder_open (MonitorFolder *self, GError **error);

/* What readdir() reads of a directory; @fd is taken, also where it is NULL. */
DIR *monitor_dir_open (int fd);

gboolean monitor_dir_entry_is_dir (int dir_fd, const struct dirent *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DIR, closedir)

/* @stored: what the store knows of a file in it
 * @seen: what stat() says of it now
 * Returns: whether the file is unchanged, leaving aside the numbers that only the file system
 *   has changed */
gboolean monitor_folder_stat_equal (MonitorFolder *self,
                                    const BooruFileStat *stored,
                                    const BooruFileStat *seen);

/* @path: a path
 * @folder: a folder's, absolute if @path is
 * Returns: (nullable): what of @path lies below @folder: "" for the folder itself; %NULL if it
 *   lies elsewhere */
const char *monitor_folder_get_below (const char *path, const char *folder);

gboolean monitor_folder_stat_exact (const BooruFileStat *a, const BooruFileStat *b);

/* Whether the store need not be told of other numbers of an unchanged file: those that another
 * machine has for it would be told back and forth. */
gboolean monitor_folder_stat_is_known (MonitorFolder *self,
                                       const BooruFileStat *stored,
                                       const BooruFileStat *seen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorFolder, monitor_folder_unref)

G_END_DECLS
