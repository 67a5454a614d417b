/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "files/monitor-folder.h"
#include "ingest/monitor-queue.h"
#include "watch/monitor-watcher.h"

G_BEGIN_DECLS

/* One walk of a tree: what lies in the folder against what the store knows of it. Both are gone
 * through in the order of path bytes, side by side, so that neither is ever held in memory whole.
 * Runs in a thread, with a store of its own. */

typedef enum
{
  MONITOR_FINDING_FILE,    /* new, changed, or to be looked at again */
  MONITOR_FINDING_GONE,    /* the store knows a file that is not there */
  MONITOR_FINDING_TOUCHED, /* the same file; only the file system's numbers for it are others */
} MonitorFindingKind;

typedef struct
{
  MonitorFindingKind kind;
  char *path;
  MonitorJobFlags flags; /* FILE: RETRY, REMAKE */
  gint64 file_id;        /* TOUCHED */
  BooruFileStat stat;    /* TOUCHED */
} MonitorFinding;

/* Takes over the finding's path. FALSE ends the walk. */
typedef gboolean (*MonitorWalkFunc) (MonitorFinding *finding, gpointer user_data);

typedef struct
{
  MonitorFolder *folder;
  const char *below;       /* a directory in the folder, or "" */
  BooruStore *store;       /* NULL: nothing is known of the folder (an inbox) */
  MonitorWatcher *watcher; /* NULL: do not watch */
  const char *files_dir;
  gboolean import;           /* also find what is known, to have it looked at what is said of it */
  gboolean check_thumbnails; /* also find posts whose thumbnails are lost: slower */
  MonitorWalkFunc func;
  gpointer user_data;
  int stop;    /* atomic: TRUE ends the walk */
  int n_files; /* out, atomic: seen so far */
} MonitorWalk;

/* Walks one tree, watching each directory before it is read, and reports where it differs from
 * what the store knows. Directories that cannot be read are left as they were.
 * @self: what to walk
 * @error: %BOORU_ERROR_NOT_FOUND if the folder is gone (nothing of it is reported as gone then) */
gboolean monitor_walk_run (MonitorWalk *self, GError **error);

/* Looks for the thumbnails of the newest posts (a power failure may have eaten the last ones)
 * and of some others (somebody may have emptied the folder).
 * @store: the store
 * @files_dir: the folder of originals and thumbnails
 * Returns: whether one is missing, so that all should be looked for */
gboolean monitor_walk_thumbnails_lost (BooruStore *store, const char *files_dir);

G_END_DECLS
