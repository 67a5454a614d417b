/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No inotify instance to be had, and folders that are away: what is told, and what goes on. */
#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "library-fixture.h"
#include "library/monitor-library-private.h"

static gboolean no_instances;

/* Before the C library's. */
int
inotify_init1 (int flags)
{
  if (!no_instances)
    return (int)syscall (SYS_inotify_init1, flags);
  errno = EMFILE;
  return -1;
}

static gboolean
is_told (Fixture *f, const char *what)
{
  return f->trouble != NULL && strstr (f->trouble, what) != NULL;
}

/* The library starts without, looks now and then, and watches as soon as it can. */
static void
test_no_instance (Fixture *f, gconstpointer data)
{
  no_instances = TRUE;
  expect_warning ("Folders cannot be watched by inotify: *");
  write_picture (f->a, "one.bmp", 1);
  fixture_start (f);
  g_assert_cmpint (post_at (f, f->a, "one.bmp"), !=, 0);
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->library->watcher), ==, 0);
  g_assert_true (is_told (f, "max_user_instances"));

  write_picture (f->a, "two.bmp", 2);
  write_picture (f->inbox, "three.bmp", 3);
  eventually (f, n_posts (f) == 3);
  g_assert_cmpuint (n_warnings_seen (), ==, 1);
  g_assert_true (is_told (f, "max_user_instances"));

  no_instances = FALSE;
  eventually (f, f->trouble == NULL);
  eventually (f, monitor_watcher_get_n_watches (f->library->watcher) == 3);
  fixture_wait_idle (f);
  write_picture (f->a, "four.bmp", 4);
  eventually (f, n_posts (f) == 4);
  g_assert_cmpuint (n_warnings_seen (), ==, 1);
}

/* Also if the end of the library comes first. */
static void
test_never (Fixture *f, gconstpointer data)
{
  no_instances = TRUE;
  expect_warning ("Folders cannot be watched by inotify: *");
  fixture_start (f);
  fixture_stop (f);
  no_instances = FALSE;
}

static void
test_away (Fixture *f, gconstpointer data)
{
  g_autofree char *elsewhere = path_in (f->root, "elsewhere");
  const char *const left[] = { f->b, NULL };

  write_picture (f->a, "one.bmp", 1);
  fixture_start (f);
  g_assert_null (f->trouble);
  expect_warning ("The folder * is not there *");
  move_file (f->a, elsewhere);
  eventually (f, is_told (f, f->a));
  g_assert_true (is_told (f, "is away"));

  move_file (elsewhere, f->a);
  eventually (f, f->trouble == NULL);

  /* One that is no longer wanted is no trouble. */
  move_file (f->a, elsewhere);
  eventually (f, is_told (f, f->a));
  monitor_library_set_folders (f->library, left, f->inbox, NULL);
  g_assert_null (f->trouble);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/blind/no-instance", test_no_instance);
  fixture_add ("/monitor/blind/never", test_never);
  fixture_add ("/monitor/blind/away", test_away);
  return g_test_run ();
}
