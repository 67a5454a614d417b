/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Reading of files, in threads. */

typedef struct _MonitorThreads MonitorThreads;

typedef void (*MonitorThreadFunc) (gpointer data);

MonitorThreads *monitor_threads_new (guint max);
void monitor_threads_free (MonitorThreads *self);
void monitor_threads_run (MonitorThreads *self,
                          MonitorThreadFunc work,
                          MonitorThreadFunc done,
                          gpointer data);

gboolean monitor_hash_file (int fd, char md5[33], GCancellable *cancellable, GError **error);

typedef enum
{
  MONITOR_COMPARE_EQUAL,
  MONITOR_COMPARE_DIFFERENT,
  MONITOR_COMPARE_FAILED,
} MonitorComparison;

MonitorComparison
monitor_hash_compare (int fd, int other_fd, GCancellable *cancellable, GError **error);

G_END_DECLS
