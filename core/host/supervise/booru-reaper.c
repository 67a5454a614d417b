/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-reaper.h"

#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static gboolean
has_ended (pid_t pid)
{
  siginfo_t info = { .si_pid = 0 };

  return waitid (P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

/* For a process that is no child of ours, waitid() fails, so that all names will do. */
static GArray *
list_ended (void)
{
  GArray *ended = g_array_new (FALSE, FALSE, sizeof (pid_t));
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while (proc && (name = g_dir_read_name (proc)) != NULL)
    {
      guint64 number;
      pid_t pid;

      if (!g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT, &number, NULL))
        continue;
      pid = (pid_t)number;
      if (has_ended (pid))
        g_array_append_val (ended, pid);
    }
  return ended;
}

static gboolean
contains (GArray *pids, pid_t pid)
{
  for (guint i = 0; pids && i < pids->len; i++)
    if (g_array_index (pids, pid_t, i) == pid)
      return TRUE;
  return FALSE;
}

void
booru_reaper_look (GArray **seen)
{
  siginfo_t any = { .si_pid = 0 };
  g_autoptr (GArray) before = g_steal_pointer (seen);
  g_autoptr (GArray) ended = NULL;

  if (waitid (P_ALL, 0, &any, WEXITED | WNOHANG | WNOWAIT) != 0 || any.si_pid == 0)
    return;
  ended = list_ended ();
  for (guint i = ended->len; i > 0; i--)
    {
      pid_t pid = g_array_index (ended, pid_t, i - 1);

      if (contains (before, pid) && waitpid (pid, NULL, WNOHANG) == pid)
        g_array_remove_index_fast (ended, i - 1);
    }
  *seen = g_steal_pointer (&ended);
}
