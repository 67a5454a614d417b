/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many directories may be watched. */
#include "monitor-watcher.h"

#define SHARE_OF_LIMIT 80 /* percent: other programs of the user want watches too */
#define ASSUMED_LIMIT 8192

static guint64
read_limit (const char *path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_ascii_strtoull (text, NULL, 10) : 0;
}

guint
monitor_watcher_read_system_limit (const char *path)
{
  guint64 limit = read_limit (path ? path : "/proc/sys/fs/inotify/max_user_watches");
  guint64 of_namespace = path ? 0 : read_limit ("/proc/sys/user/max_inotify_watches");

  if (limit == 0)
    limit = ASSUMED_LIMIT;
  if (of_namespace > 0)
    limit = MIN (limit, of_namespace);
  return (guint)MIN (limit * SHARE_OF_LIMIT / 100, G_MAXINT);
}
