/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorWatcher:
 *
 * Watches trees of directories by inotify(7), as a GSource of the thread that made it. GFileMonitor
 * does not do: it hides the watch limit and queue overflows, and takes a pause in writing for the
 * end of it.
 *
 * The watcher does not walk: whoever walks a tree says monitor_watcher_watch() of each directory
 * *before* reading it, so that nothing can appear in between unseen.
 */
typedef struct _MonitorWatcher MonitorWatcher;

typedef enum
{
  MONITOR_WATCH_CREATED, /* a file appeared; somebody may still be writing it */
  /* A file was closed after writing, or moved in: complete as it seems. */
  MONITOR_WATCH_CLOSED,
  MONITOR_WATCH_ATTRIBUTES,  /* mode, times or link count of a file changed */
  MONITOR_WATCH_DELETED,     /* a file was deleted or moved out */
  MONITOR_WATCH_MOVED,       /* a file has become @to_root, @to_path */
  MONITOR_WATCH_DIR_ADDED,   /* a directory appeared, and is not watched yet */
  MONITOR_WATCH_DIR_REMOVED, /* a directory was deleted or moved out; its watches are gone */
  MONITOR_WATCH_DIR_MOVED,   /* a directory has become @to_root, @to_path; its watches went along */
  MONITOR_WATCH_ROOT_LOST,   /* a root was deleted, moved or unmounted; its watches are gone */
  MONITOR_WATCH_OVERFLOW,    /* events were lost: everything must be looked at again */
  MONITOR_WATCH_BLIND,       /* nothing can be watched: looking now and then is all there is */
  MONITOR_WATCH_SEEING,      /* from now on there is: everything must be looked at again */
} MonitorWatchKind;

typedef struct
{
  MonitorWatchKind kind;

  /* The number that monitor_watcher_watch() was given; 0 for OVERFLOW, BLIND, SEEING. */
  guint root;
  const char *path; /* below the root, raw bytes */
  guint to_root;
  const char *to_path;
} MonitorWatchEvent;

typedef void (*MonitorWatchFunc) (const MonitorWatchEvent *event, gpointer user_data);

/* Without an inotify instance it is blind, and says so by %MONITOR_WATCH_BLIND each time that
 * looking through everything makes up for it, once a minute at least, until there is one.
 * @max_watches: how many directories to watch at most; 0: what the system's limit allows
 * @func: called in the thread-default main context of the caller, for each event
 * Returns: (transfer full): a new watcher */
MonitorWatcher *monitor_watcher_new (guint max_watches, MonitorWatchFunc func, gpointer user_data);

void monitor_watcher_free (MonitorWatcher *self);

/* Watches one directory, if it is not watched yet. To be called before its entries are read. May
 * be called from any thread.
 * @root: a number, not 0, that stands for the tree
 * @path: of the directory below the tree's root, "" for the root itself
 * @dir_fd: the directory, open
 * Returns: whether it is watched now; if not, only walking it again shows what changes in it */
gboolean monitor_watcher_watch (MonitorWatcher *self, guint root, const char *path, int dir_fd);

/* Removes all watches of a tree. Events of it may still be queued, but none is delivered any
 * more.
 * @root: number of a tree */
void monitor_watcher_forget (MonitorWatcher *self, guint root);

/* The directory and all in it. */
void monitor_watcher_forget_below (MonitorWatcher *self, guint root, const char *path);

guint monitor_watcher_get_n_watches (MonitorWatcher *self);

/* There is no inotify instance; it goes on asking for one. */
gboolean monitor_watcher_is_blind (MonitorWatcher *self);

/* @path: (nullable): file to read the limit from; %NULL for the kernel's, of the machine and of
 *   the user namespace, which may be a container's
 * Returns: how many directories may be watched: 80 % of what the user may have */
guint monitor_watcher_read_system_limit (const char *path);

G_END_DECLS
