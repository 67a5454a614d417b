/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoding/decoder-pool.h"
#include "process/monitor-role.h"
#include "metadata/monitor-rules.h"

G_BEGIN_DECLS

/**
 * MonitorLibrary:
 *
 * Keeps the store in step with what lies in the folders: watches them, looks through them now and
 * then, and brings in what is new. The folders themselves are only read, but for the inbox.
 *
 * A folder that is no longer configured, or whose disk is not there, keeps its files in the store
 * and is marked as not present: posts, tags and thumbnails stay as they are, and when it comes back
 * everything is found again. If its files turn up in another folder instead, they are taken for the
 * same files.
 */
typedef struct _MonitorLibrary MonitorLibrary;

typedef struct
{
  void (*posts_changed) (GArray *ids, gpointer user_data); /* gint64 */
  /* One scan, as BOORU_EVENT_STATUS says; floating. */
  void (*progress) (GVariant *progress, gpointer user_data);

  /* As BOORU_EVENT_STATUS says; floating. */
  void (*ingest_progress) (GVariant *progress, gpointer user_data);
  void (*upload_changed) (gint64 asset_id, gpointer user_data); /* or NULL */
  /* It does less than it should; NULL: it does not. Or NULL. */
  void (*trouble_changed) (const char *what, gpointer user_data);
  /* The store is damaged, or (BOORU_ERROR_FENCED) another monitor has taken over. */
  void (*broken) (const GError *error, gpointer user_data);
  void (*stopped) (gpointer user_data);
} MonitorLibraryFuncs;

typedef struct
{
  const char *data_dir;
  const char *files_dir; /* of originals and thumbnails; NULL: the data folder */
  const char *database;  /* NULL: the data folder's */
  const char
      *temporary_dir; /* of this process, below the files folder's "tmp"; NULL: that itself */
  MonitorRole *role;  /* NULL: there is no other monitor on the store */
  BooruStore *store;
  MonitorDecoderPool *pool;
  gint64 cut_patience;   /* µs that a cut file in the inbox must be unchanged; 0: a minute */
  guint max_watches;     /* 0: what the system allows */
  BooruMetrics *metrics; /* outlives the library; or NULL */
} MonitorLibraryOptions;

/* Prepares the files folder, and fails where that cannot be written. Nothing is followed until
 * monitor_library_set_folders(). */
MonitorLibrary *monitor_library_new (const MonitorLibraryOptions *options,
                                     const MonitorLibraryFuncs *funcs,
                                     gpointer user_data,
                                     GError **error);

void monitor_library_free (MonitorLibrary *self);

/* Says which folders to follow, by absolute paths; @inbox: or NULL. A folder inside another is
 * followed by itself, and left out of the other; a library inside the inbox is never emptied by it.
 */
gboolean monitor_library_set_folders (MonitorLibrary *self,
                                      const char *const *folders,
                                      const char *inbox,
                                      GError **error);

/* Transfer full; for what comes from now on. What they leave out: at the next
 * monitor_library_set_folders(). */
void monitor_library_set_rules (MonitorLibrary *self, MonitorRules *rules);

/* Between two reconciles; 0: never. */
void monitor_library_set_interval (MonitorLibrary *self, guint seconds);

/* Reconciles all folders with the store, each unless that is under way. */
void monitor_library_reconcile (MonitorLibrary *self);

/* How long uploaded files are kept of which nobody makes a post; 0: for ever. */
void monitor_library_set_upload_keep_time (MonitorLibrary *self, guint days);

void monitor_library_look_for_uploads (MonitorLibrary *self); /* something was uploaded */

/* Reconciles @path now: one of the folders, or a directory in one; others are left alone. "": all,
 * as monitor_library_reconcile(). */
void monitor_library_scan_path (MonitorLibrary *self, const char *path);

/* Looks anew at what is said of the files at such a place; "": everywhere. Not of originals: what
 * was said of them was beside them in the inbox. */
void monitor_library_apply_rules (MonitorLibrary *self, const char *path);

/* Tries files again that could not be read: at @path, which may be a file's, too, or ""
 * everywhere. What was set aside in the inbox is put back there. */
void monitor_library_retry (MonitorLibrary *self, const char *path);

gboolean monitor_library_is_idle (MonitorLibrary *self); /* all that was seen is done */

/* Takes up nothing more, and says stopped() when what is under way is done, or given up after some
 * seconds: the next start finds it again. */
void monitor_library_stop (MonitorLibrary *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorLibrary, monitor_library_free)

G_END_DECLS
