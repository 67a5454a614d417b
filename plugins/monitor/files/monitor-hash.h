/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Reading of files, in threads. */

typedef struct _MonitorThreads MonitorThreads;

typedef void (*MonitorThreadFunc) (gpointer data);

/* @max: how many run at once
 * Returns: (transfer full): threads that report to the caller's main context */
MonitorThreads *monitor_threads_new (guint max);

/* Waits for what runs. Its done functions still come, from the main context.
 * @self: threads */
void monitor_threads_free (MonitorThreads *self);

/* @self: threads
 * @work: called with @data in a thread, in order of the calls
 * @done: called with @data afterwards, in the main context
 * @data: for both */
void monitor_threads_run (MonitorThreads *self,
                          MonitorThreadFunc work,
                          MonitorThreadFunc done,
                          gpointer data);

/* Reads the file whole. The descriptor's position is left alone.
 * @fd: a regular file
 * @md5: (out caller-allocates): lower-case hex
 * @cancellable: (nullable): stops it
 * @error: %BOORU_ERROR_IO, %BOORU_ERROR_CANCELLED */
gboolean monitor_hash_file (int fd, char md5[33], GCancellable *cancellable, GError **error);

typedef enum
{
  MONITOR_COMPARE_EQUAL,
  MONITOR_COMPARE_DIFFERENT,
  MONITOR_COMPARE_FAILED,
} MonitorComparison;

/* Compares all bytes. Equal checksums are not enough: md5 collisions are easily made.
 * @fd: a regular file
 * @other_fd: another
 * @cancellable: (nullable): stops it
 * @error: (optional): why it could not be told */
MonitorComparison
monitor_hash_compare (int fd, int other_fd, GCancellable *cancellable, GError **error);

G_END_DECLS
