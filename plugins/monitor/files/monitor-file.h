/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "monitor-folder.h"
#include "monitor-settle.h"

G_BEGIN_DECLS

/* One look at one file, from any thread. Reads; never writes. */

/* A file of which nobody but an administrator can say when it becomes readable begins its failure
 * with this; it is tried again once access(2) says so. */
#define MONITOR_FAILURE_DENIED "permission denied"

typedef enum
{
  MONITOR_FILE_OPEN,      /* a regular file; fd is open */
  MONITOR_FILE_REFUSED,   /* it is there, but cannot be a post: reason says why */
  MONITOR_FILE_GONE,      /* nothing is there, or a directory */
  MONITOR_FILE_NO_FOLDER, /* the whole folder is gone */
  MONITOR_FILE_TROUBLE,   /* error says what, which is not the file's fault: try again later */
} MonitorFileOutcome;

typedef struct
{
  MonitorFileOutcome outcome;
  int fd;
  MonitorLook look; /* OPEN, REFUSED */
  MonitorLease lease;
  gint64 born_at;          /* µs since 1970; 0: the file system does not say */
  gboolean is_media;       /* by content, roughly */
  gboolean is_gzip;        /* which may be an SVG */
  const char *description; /* of the content; NULL: unknown */
  char *reason;

  /* In the inbox: what says that the file is still being filled; NULL: nothing does. */
  char *control;
  GError *error;
} MonitorOpened;

/* Opens a file if it is a regular one, and looks at it. Nothing but a regular file is opened:
 * opening a device can have effects.
 * @folder: a folder
 * @path: of a file below it
 * @opened: (out caller-allocates): to be cleared by monitor_opened_clear() */
void monitor_file_open (MonitorFolder *folder, const char *path, MonitorOpened *opened);

void monitor_opened_clear (MonitorOpened *self);

/* @folder: a folder
 * @path: of a file below it
 * @stat: a file's
 * Returns: whether that very file (device and inode) is at @path */
gboolean monitor_file_is_at (MonitorFolder *folder, const char *path, const BooruFileStat *stat);

/* @fd: a file
 * @look: an earlier look at it
 * Returns: whether its content is still what it was, as far as size and times tell. (A rename or
 *   a new link changes the time of change of the inode, but not the content.) */
gboolean monitor_file_is_unchanged (int fd, const MonitorLook *look);

/* @fd: a file
 * @look: (inout): an earlier look at it; if its content is still what it was as far as
 *   monitor_file_is_unchanged() can tell, the time of change is brought up to date
 * Returns: whether not even the inode has changed. Who writes a file and sets its time back, as
 *   editors of metadata do, leaves size and time as they were, but cannot help changing the
 *   inode's. After a rename or a new link it has changed, too: reading the file again tells
 *   which it was. */
gboolean monitor_file_is_untouched (int fd, MonitorLook *look);

/* @folder: a folder
 * @path: of a file below it
 * @look: (out caller-allocates): what is there
 * Returns: whether anything but a directory is there */
gboolean monitor_file_lstat (MonitorFolder *folder, const char *path, MonitorLook *look);

G_END_DECLS
