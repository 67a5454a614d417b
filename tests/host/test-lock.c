/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/booru-instance-lock.h"

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
  lock = booru_instance_lock_take (dir, FALSE, &error);
  g_assert_no_error (error);

  g_assert_null (booru_instance_lock_take (dir, FALSE, &refused));
  g_assert_cmpint (booru_error_to_exit_code (refused), ==, EX_UNAVAILABLE);
  g_assert_nonnull (strstr (refused->message, pid));
  g_assert_nonnull (strstr (refused->message, dir));

  g_clear_pointer (&lock, booru_instance_lock_free);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  lock = booru_instance_lock_take (dir, FALSE, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (dir);
}

static void
require_refused (const char *dir, gboolean shared, const char *hint)
{
  g_autofree char *pid = g_strdup_printf ("pid %d", getpid ());
  g_autoptr (GError) refused = NULL;

  g_assert_null (booru_instance_lock_take (dir, shared, &refused));
  g_assert_true (booru_err_exists (refused));
  g_assert_nonnull (strstr (refused->message, pid));
  g_assert_nonnull (strstr (refused->message, hint));
}

static void
test_shared (void)
{
  g_autofree char *dir = g_dir_make_tmp ("booru-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, BOORU_FILE_HOST_LOCK, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruInstanceLock) first = booru_instance_lock_take (dir, TRUE, &error);
  g_autoptr (BooruInstanceLock) second = NULL;
  char *slots[3] = { NULL };

  g_assert_no_error (error);
  second = booru_instance_lock_take (dir, TRUE, &error);
  g_assert_no_error (error);
  require_refused (dir, FALSE, "--shared");

  /* Each has a runtime folder, which is free again when it goes. */
  slots[0] = booru_instance_lock_take_slot (first, dir, &error);
  g_assert_no_error (error);
  slots[1] = booru_instance_lock_take_slot (second, dir, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (slots[0], "/host-1"));
  g_assert_true (g_str_has_suffix (slots[1], "/host-2"));
  g_clear_pointer (&first, booru_instance_lock_free);
  first = booru_instance_lock_take (dir, TRUE, &error);
  g_assert_no_error (error);
  slots[2] = booru_instance_lock_take_slot (first, dir, &error);
  g_assert_cmpstr (slots[2], ==, slots[0]);

  /* One that does not share is kept off until the last goes, and keeps off those that do. */
  g_clear_pointer (&first, booru_instance_lock_free);
  require_refused (dir, FALSE, "--shared");
  g_clear_pointer (&second, booru_instance_lock_free);
  first = booru_instance_lock_take (dir, FALSE, &error);
  g_assert_no_error (error);
  require_refused (dir, TRUE, "does not share");

  g_rmdir (slots[0]);
  g_rmdir (slots[1]);
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    g_free (slots[i]);
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
  g_assert_null (booru_instance_lock_take (dir, FALSE, &error));
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
  g_test_add_func ("/lock/shared", test_shared);
  g_test_add_func ("/lock/symbolic-link", test_symbolic_link);
  return g_test_run ();
}
