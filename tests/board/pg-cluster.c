/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pg-cluster.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define ENV_ADDRESS "BOORU_TEST_DATABASE"
#define ENV_FOLDER "BOORU_TEST_CLUSTER"

gboolean
pg_cluster_exists (void)
{
  return g_getenv (ENV_ADDRESS) != NULL;
}

static char *
dup_path (const char *name)
{
  const char *folder = g_getenv (ENV_FOLDER);

  g_assert_nonnull (folder);
  return g_build_filename (folder, name, NULL);
}

/* The server's address is that of its database "postgres". */
char *
pg_cluster_dup_address (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (g_getenv (ENV_ADDRESS), "/postgres?", 2);

  g_assert_cmpint (g_strv_length (parts), ==, 2);
  return g_strdup_printf ("%s/%s?%s", parts[0], name, parts[1]);
}

char *
pg_cluster_query (const char *address, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                          "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", address, NULL);
  char *output = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, sql, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_error ("%s failed", sql);
  return g_strchomp (output);
}

char *
pg_cluster_add_database (void)
{
  static guint n_databases;
  /* Several test programs may share a server. */
  g_autofree char *name = g_strdup_printf ("test_%u_%u", (guint)getpid (), ++n_databases);
  g_autofree char *sql = g_strdup_printf ("CREATE DATABASE %s", name);
  g_autofree char *output = pg_cluster_query (g_getenv (ENV_ADDRESS), sql);

  return pg_cluster_dup_address (name);
}

static int
get_pid (void)
{
  g_autofree char *path = dup_path ("data/postmaster.pid");
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return atoi (text);
}

void
pg_cluster_signal (int number)
{
  int pid = get_pid ();
  g_autofree char *path = g_strdup_printf ("/proc/%d/task/%d/children", pid, pid);
  g_autofree char *text = NULL;
  g_auto (GStrv) children = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  children = g_strsplit (g_strchomp (text), " ", -1);
  g_assert_cmpint (kill (pid, number), ==, 0);
  for (guint i = 0; children[i] != NULL; i++)
    kill (atoi (children[i]), number);
}

void
pg_cluster_pause (void)
{
  g_autofree char *paused = dup_path ("paused");
  int pid = get_pid ();

  g_assert_true (g_file_set_contents (paused, "", 0, NULL));
  g_assert_cmpint (kill (pid, SIGQUIT), ==, 0);
  while (kill (pid, 0) == 0)
    g_usleep (1000);
}

void
pg_cluster_resume (void)
{
  g_autofree char *paused = dup_path ("paused");
  gboolean ready = FALSE;

  g_assert_cmpint (g_unlink (paused), ==, 0);
  for (guint i = 0; !ready && i < 1000; i++)
    {
      g_autoptr (GSubprocess) process = g_subprocess_new (
          G_SUBPROCESS_FLAGS_NONE, NULL, "pg_isready", "-q", "-d", g_getenv (ENV_ADDRESS), NULL);

      ready = process != NULL && g_subprocess_wait_check (process, NULL, NULL);
      g_usleep (20000);
    }
  g_assert_true (ready);
}
