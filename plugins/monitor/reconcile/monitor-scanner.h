/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "monitor-count.h"
#include "process/monitor-rate.h"
#include "monitor-walk.h"

G_BEGIN_DECLS

/**
 * MonitorScanner:
 *
 * Runs walks in threads and brings what they find to the main thread, no faster than it is worked
 * off. Whole folders are walked one after the other; directories that appear just now are not kept
 * waiting by them.
 */
typedef struct _MonitorScanner MonitorScanner;

typedef struct
{
  guint number;
  MonitorFolder *folder;
  char *below;
  gboolean whole;      /* the folder's root */
  gint64 started;      /* monotonic µs */
  gint64 walked;       /* monotonic µs; 0: still walking */
  gboolean incomplete; /* the walk was broken off */
  guint n_files;       /* once it is walked; see monitor_scan_get_n_files() */
  gpointer walk;       /* the scanner's own */

  /* The owner's of the scanner. */
  guint n_pending, n_new, n_failed, n_done;
  guint n_postponed;   /* cannot be had for now: the scan does not wait for them */
  guint n_known;       /* the store had so many files in the folder when the scan began */
  guint64 n_bytes;     /* of what was read */
  MonitorCount *count; /* of the files in the folder; NULL: nobody counts */
  MonitorRate rate;
  char *current; /* path of what is read; NULL: nothing yet */
} MonitorScan;

typedef struct
{
  void (*finding) (MonitorScan *scan, const MonitorFinding *finding, gpointer user_data);
  /* error: why the walk is not complete, or NULL. The scan is the receiver's from here on. */
  void (*walked) (MonitorScan *scan, const GError *error, gpointer user_data);
} MonitorScannerFuncs;

MonitorScanner *monitor_scanner_new (const char *data_dir,
                                     const char *files_dir,
                                     const char *database,
                                     MonitorWatcher *watcher,
                                     const MonitorScannerFuncs *funcs,
                                     gpointer user_data);

/* Ends all walks and waits for their threads. Nothing is reported any more. */
void monitor_scanner_free (MonitorScanner *self);

/* Walks @below as soon as earlier walks are done.
 * @folder: a folder
 * @below: a directory in it, or "" for all of it
 * @import: whether what is said of files is looked at anew, too
 * Returns: (transfer none) (nullable): the scan; %NULL if one that is planned already covers it */
MonitorScan *monitor_scanner_start (MonitorScanner *self,
                                    MonitorFolder *folder,
                                    const char *below,
                                    gboolean import);

/* @hold: whether walks pause at their next batch of findings */
void monitor_scanner_hold (MonitorScanner *self, gboolean hold);

/* Ends the walks of @folder; they are reported as walked, with an error.
 * @folder: (nullable): a folder; %NULL: all of them */
void monitor_scanner_cancel (MonitorScanner *self, MonitorFolder *folder);

/* From its root. */
gboolean monitor_scanner_is_walking (MonitorScanner *self, MonitorFolder *folder);

guint monitor_scan_get_n_files (MonitorScan *scan);
guint monitor_scan_get_n_passed (MonitorScan *scan); /* of those, files that need nothing more */
void monitor_scan_free (MonitorScan *scan);

G_END_DECLS
