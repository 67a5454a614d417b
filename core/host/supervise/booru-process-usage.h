/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a process uses, as /proc says. */
typedef struct
{
  double start_time;      /* seconds since 1970 */
  double cpu_seconds;     /* user and system */
  guint64 resident;       /* bytes */
  guint64 private_memory; /* bytes that nobody else has: what would be free if it ended */
  guint threads;
  guint open_fds;
} BooruProcessUsage;

/* FALSE: there is no such process. */
gboolean booru_process_usage_read (BooruProcessUsage *self, GPid pid);
char booru_process_read_state (GPid pid);
guint64 booru_process_read_memory (GPid pid);

G_END_DECLS
