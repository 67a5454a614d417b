/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* booru-host as the first process of a container: there it gets everybody's orphans, and signals
 * that it does not handle do nothing. */
#include "test-host.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the tests' own namespace: the host's pids are these. */
static guint
count_zombies_of (GPid parent)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", name, "stat", NULL);
      g_autofree char *text = NULL;
      char state;
      int ppid;

      if (g_ascii_isdigit (*name) && g_file_get_contents (path, &text, NULL, NULL)
          && sscanf (strrchr (text, ')') + 1, " %c %d", &state, &ppid) == 2)
        n += state == 'Z' && ppid == parent;
    }
  return n;
}

typedef struct
{
  TestHost *host;
  GPid init; /* the host, as seen from outside */
  guint zombies;
} Container;

static gboolean
has_zombies (gpointer data)
{
  Container *self = data;

  return count_zombies_of (self->init) == self->zombies;
}

/* A process that runs in the container, and two that it leaves behind when it is killed. */
static void
leave_orphans (GPid init)
{
  g_autofree char *pid = g_strdup_printf ("%d", init);
  const char *const command[] = { "nsenter", "-t", pid,  "-p",
                                  "-m",      "sh", "-c", "(sh -c 'exit 3' & sh -c 'exit 4' &) ",
                                  NULL };
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
}

static void
test_first_process (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  Container container = { host, 0, 0 };
  const char *const check[]
      = { "unshare", "--pid", "--fork", "--mount-proc", "nsenter", "--version", NULL };
  int status = -1;

  if (!g_spawn_sync (NULL, (char **)check, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                     NULL, NULL, NULL, NULL, &status, NULL)
      || status != 0)
    {
      g_test_skip ("A namespace of processes cannot be made here");
      return;
    }

  test_host_start_in (host, "exec unshare --pid --fork --kill-child --mount-proc \"$@\"",
                      "--workers=2", NULL);
  test_host_await_ready (host);
  container.init = test_host_await_process (host, "booru-host", 1);
  g_assert_cmpint (container.init, >, 0);

  for (guint i = 0; i < 3; i++)
    leave_orphans (container.init);
  test_host_await (host, "the orphans to be waited for", has_zombies, &container);
  test_host_await_ready (host);

  g_assert_cmpint (kill (container.init, SIGTERM), ==, 0);
  g_assert_cmpint (test_host_await_exit (host), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/container/first-process", test_first_process);
  return g_test_run ();
}
