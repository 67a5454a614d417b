/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-instance-lock.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/booru-error.h"
#include "base/booru-names.h"

static void
test_lock (void)
{
  g_autofree char *dir = g_dir_make_tmp ("booru-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, BOORU_FILE_HOST_LOCK, NULL);
  g_autofree char *pid = g_strdup_printf ("pid %d,", getpid ());
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refused = NULL;
  g_autoptr (BooruInstanceLock) lock = NULL;

  /* What a host that was killed left behind is no obstacle. */
  g_assert_true (g_file_set_contents (path, "999999999\nand more than a pid\n", -1, NULL));
  lock = booru_instance_lock_take (dir, &error);
  g_assert_no_error (error);

  g_assert_null (booru_instance_lock_take (dir, &refused));
  g_assert_cmpint (booru_error_to_exit_code (refused), ==, EX_UNAVAILABLE);
  g_assert_nonnull (strstr (refused->message, pid));
  g_assert_nonnull (strstr (refused->message, dir));

  g_clear_pointer (&lock, booru_instance_lock_free);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  lock = booru_instance_lock_take (dir, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (dir);
}

/* Nothing is followed to a place outside the folder. */
static void
test_symbolic_link (void)
{
  g_autofree char *dir = g_dir_make_tmp ("booru-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, BOORU_FILE_HOST_LOCK, NULL);
  g_autofree char *target = g_build_filename (dir, "target", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (target, "mine", -1, NULL));
  g_assert_cmpint (symlink (target, path), ==, 0);
  g_assert_null (booru_instance_lock_take (dir, &error));
  g_assert_true (booru_err_denied (error));
  g_unlink (path);
  g_unlink (target);
  g_rmdir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lock/one-holder", test_lock);
  g_test_add_func ("/lock/symbolic-link", test_symbolic_link);
  return g_test_run ();
}
