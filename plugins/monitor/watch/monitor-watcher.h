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

MonitorWatcher *monitor_watcher_new (guint max_watches, MonitorWatchFunc func, gpointer user_data);
void monitor_watcher_free (MonitorWatcher *self);
gboolean monitor_watcher_watch (MonitorWatcher *self, guint root, const char *path, int dir_fd);
void monitor_watcher_forget (MonitorWatcher *self, guint root);

/* The directory and all in it. */
void monitor_watcher_forget_below (MonitorWatcher *self, guint root, const char *path);
guint monitor_watcher_get_n_watches (MonitorWatcher *self);

/* There is no inotify instance; it goes on asking for one. */
gboolean monitor_watcher_is_blind (MonitorWatcher *self);
guint monitor_watcher_read_system_limit (const char *path);

G_END_DECLS
