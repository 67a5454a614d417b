/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which host booructl finds by itself. */
#include "../integration/test-host.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib/gstdio.h>

typedef struct
{
  char *home;
  TestHost *first, *second;
} Fixture;

static TestHost *
new_host (Fixture *f)
{
  TestHost *host = test_host_new ();

  test_host_setenv (host, "HOME", f->home);
  return host;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->home = g_dir_make_tmp ("booru-hosts-XXXXXX", NULL);
  f->first = new_host (f);
  f->second = new_host (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autofree char *cache = g_build_filename (f->home, ".cache", NULL);
  g_autofree char *list = g_build_filename (cache, "booru-host", NULL);
  g_autoptr (GDir) dir = g_dir_open (list, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (list, name, NULL);

      g_unlink (path);
    }
  test_host_free (f->first);
  test_host_free (f->second);
  g_rmdir (list);
  g_rmdir (cache);
  g_rmdir (f->home);
  g_free (f->home);
}

/* What it prints, errors included; it knows nothing but the user's home, and @option. */
static char *
ctl (Fixture *f, int exit_code, const char *option)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *program = test_host_build_path ("core/ctl/booructl");
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  g_subprocess_launcher_setenv (launcher, "HOME", f->home, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, program, "status", option, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_test_message ("%s", output);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, exit_code);
  return output;
}

static void
require (const char *text, const char *what)
{
  g_assert_nonnull (strstr (text, what));
}

static guint
count_links (Fixture *f)
{
  g_autofree char *list = g_build_filename (f->home, ".cache", "booru-host", NULL);
  g_autoptr (GDir) dir = g_dir_open (list, 0, NULL);
  guint n = 0;

  while (dir && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* One host: it is found, whatever its folders are. Two: they are listed. One of them killed: the
 * other is found, and the dead one is forgotten. */
static void
test_only_one (Fixture *f, gconstpointer data)
{
  g_autofree char *none = ctl (f, EX_UNAVAILABLE, NULL);
  g_autofree char *one = NULL, *both = NULL, *left = NULL, *named = NULL;

  require (none, "No booru-host is running");
  test_host_start_with_library (f->first);
  one = ctl (f, EX_OK, NULL);
  require (one, test_host_get_data_dir (f->first));

  test_host_start_with_library (f->second);
  both = ctl (f, EX_USAGE, NULL);
  require (both, "Several hosts of this user are running");
  require (both, test_host_get_data_dir (f->first));
  require (both, test_host_get_data_dir (f->second));

  /* The data folder names its host, though its runtime folder is not where booructl would have it.
   */
  g_assert_cmpuint (count_links (f), ==, 2);
  {
    g_autofree char *option = g_strconcat ("--data-dir=", test_host_get_data_dir (f->second), NULL);

    named = ctl (f, EX_OK, option);
    require (named, test_host_get_data_dir (f->second));
  }

  test_host_signal (f->first, SIGKILL);
  g_assert_true (WIFSIGNALED (test_host_await_exit (f->first)));
  left = ctl (f, EX_OK, NULL);
  require (left, test_host_get_data_dir (f->second));
  g_assert_cmpuint (count_links (f), ==, 1);
  test_host_stop (f->second);
}

/* Another one than the one that is named is not what was meant. */
static void
test_named (Fixture *f, gconstpointer data)
{
  g_autofree char *option = g_strconcat ("--data-dir=", f->home, NULL);
  g_autofree char *answer = NULL;

  test_host_start_with_library (f->first);
  answer = ctl (f, EX_UNAVAILABLE, option);
  require (answer, "No booru-host is running");
  test_host_stop (f->first);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/control/hosts/only-one", Fixture, NULL, set_up, test_only_one, tear_down);
  g_test_add ("/control/hosts/named", Fixture, NULL, set_up, test_named, tear_down);
  return g_test_run ();
}
