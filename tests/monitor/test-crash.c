/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that makes the monitor crash is found among those that were in work, and left alone. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "library-fixture.h"

/* The signal that a child dies of when it reads the content of a file called POISON. */
#define SIGNAL "BOORU_TEST_POISON"
#define POISON "poison.bmp"

#define CONTENT_SIZE 65536 /* asked for at least, by whoever reads more than a file's beginning */
#define N_GOOD 6

static gboolean
is_poison (int fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *path = g_file_read_link (link, NULL);

  return path != NULL && g_str_has_suffix (path, POISON);
}

ssize_t pread64 (int fd, void *buffer, size_t size, off64_t offset);
ssize_t
pread64 (int fd, void *buffer, size_t size, off64_t offset)
{
  static ssize_t (*real) (int, void *, size_t, off64_t);
  const char *number = g_getenv (SIGNAL);

  if (real == NULL)
    real = (ssize_t (*) (int, void *, size_t, off64_t))dlsym (RTLD_NEXT, "pread64");
  if (number != NULL && size >= CONTENT_SIZE && is_poison (fd))
    raise (atoi (number));
  return real (fd, buffer, size, offset);
}

static char *
failed_path (Fixture *f)
{
  g_autofree char *failed = path_in (f->inbox, "failed");

  return path_in (failed, POISON);
}

static gboolean
is_given_up (Fixture *f)
{
  g_autofree char *reason = failure_at (f, f->a, POISON);
  g_autofree char *aside = failed_path (f);

  return reason != NULL || g_file_test (aside, G_FILE_TEST_EXISTS);
}

/* Runs a monitor until it dies (TRUE), or has taken in what it can and given up the rest. */
static gboolean
run_until_dead (Fixture *f)
{
  GPid pid = fixture_start_child (f);
  gint64 deadline = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;
  gboolean dead = FALSE;
  int status = 0;

  while (!dead && !(is_given_up (f) && n_posts (f) == N_GOOD))
    {
      dead = waitpid (pid, &status, WNOHANG) == pid;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (5000);
    }
  if (!dead)
    {
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
    }
  g_assert_true (WIFSIGNALED (status)); /* AddressSanitizer turns some into SIGABRT */
  g_spawn_close_pid (pid);
  return dead;
}

static void
poison (int number)
{
  g_autofree char *text = g_strdup_printf ("%d", number);

  g_setenv (SIGNAL, text, TRUE);
}

/* Only looks on until fixture_start(). */
static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_set_up (f, data);
  f->store = booru_store_open (f->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_GOOD; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);

      write_picture (i % 2 ? f->a : f->b, name, i + 1);
    }
}

/* The file is an ordinary one from now on. */
static void
start_cured (Fixture *f)
{
  g_unsetenv (SIGNAL);
  g_clear_object (&f->store);
  fixture_start (f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unsetenv (SIGNAL);
  if (f->library == NULL)
    g_clear_object (&f->store);
  fixture_tear_down (f, data);
}

/* All others are taken in, though they were in work at the crashes, too. */
static void
test_crash (Fixture *f, gconstpointer data)
{
  g_autofree char *path = path_in (f->a, POISON);
  g_autofree char *reason = NULL;
  guint n_crashes = 0;

  write_picture (f->a, POISON, 100);
  poison (GPOINTER_TO_INT (data));
  while (n_crashes <= 2 && run_until_dead (f))
    n_crashes++;
  g_assert_cmpuint (n_crashes, ==, 2);
  reason = failure_at (f, f->a, POISON);
  g_assert_true (g_pattern_match_simple ("*crashed twice*", reason));

  start_cured (f);
  g_assert_cmpuint (n_posts (f), ==, N_GOOD);
  monitor_library_retry (f->library, path);
  eventually (f, post_at (f, f->a, POISON) != 0);
}

static void
test_crash_in_inbox (Fixture *f, gconstpointer data)
{
  g_autofree char *aside = failed_path (f);
  g_autofree char *note = g_strconcat (aside, ".reason.txt", NULL);
  g_autofree char *reason = NULL;
  guint n_crashes = 0;

  write_picture (f->inbox, POISON, 100);
  poison (SIGABRT);
  while (n_crashes <= 2 && run_until_dead (f))
    n_crashes++;
  g_assert_cmpuint (n_crashes, ==, 2);
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_get_contents (note, &reason, NULL, NULL));
  g_assert_nonnull (strstr (reason, "crashed twice"));
}

/* Its new content has done nothing yet. */
static void
test_changed (Fixture *f, gconstpointer data)
{
  write_picture (f->a, POISON, 100);
  poison (SIGABRT);
  g_assert_true (run_until_dead (f));
  g_assert_true (run_until_dead (f));
  write_file (f->a, POISON, "", 0);
  write_picture (f->a, POISON, 101);
  start_cured (f);
  g_assert_cmpuint (n_posts (f), ==, N_GOOD + 1);
}

/* Who is killed, by whomever, has not crashed. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  write_picture (f->a, POISON, 100);
  poison (SIGKILL);
  for (guint i = 0; i < 3; i++)
    g_assert_true (run_until_dead (f));
  start_cured (f);
  g_assert_cmpuint (n_posts (f), ==, N_GOOD + 1);
}

int
main (int argc, char *argv[])
{
  fixture_run_child (argc, argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/monitor/crash/abort", Fixture, GINT_TO_POINTER (SIGABRT), set_up, test_crash,
              tear_down);
  g_test_add ("/monitor/crash/bus-error", Fixture, GINT_TO_POINTER (SIGBUS), set_up, test_crash,
              tear_down);
  g_test_add ("/monitor/crash/inbox", Fixture, NULL, set_up, test_crash_in_inbox, tear_down);
  g_test_add ("/monitor/crash/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/monitor/crash/killed", Fixture, NULL, set_up, test_killed, tear_down);
  return g_test_run ();
}
