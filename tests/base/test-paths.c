/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/booru-paths.h"
#include "booru-build-config.h"
#include "test-util.h"

/* The answers are kept for the life of a process: each test has its own. */
static gboolean
in_subprocess (void)
{
  if (g_test_subprocess ())
    return TRUE;
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  return FALSE;
}

static void
test_build_tree (void)
{
  const char *root = g_getenv ("BOORU_TEST_BUILD_ROOT");
  g_autofree char *worker = g_build_filename (root, "core/worker/booru-worker", NULL);
  g_autofree char *decoder = g_build_filename (root, "plugins/monitor/decoder/booru-decoder", NULL);
  g_autofree char *schemas = g_build_filename (root, "data", NULL);
  g_autofree char *plugins = g_build_filename (root, "plugins", NULL);
  g_autofree char *licence = NULL;

  if (!in_subprocess ())
    return;
  g_unsetenv ("BOORU_PLUGIN_PATH");
  g_assert_true (booru_paths_in_build_tree ());
  g_assert_cmpstr (booru_paths_get_worker_program (), ==, worker);
  g_assert_cmpstr (booru_paths_get_decoder_program (), ==, decoder);
  g_assert_cmpstr (booru_paths_get_schema_dir (), ==, schemas);
  g_assert_cmpstr (booru_paths_get_plugin_path ()[0], ==, plugins);
  g_assert_null (booru_paths_get_plugin_path ()[1]);
  licence = g_build_filename (booru_paths_get_source_root (), "LICENSE", NULL);
  g_assert_true (g_file_test (licence, G_FILE_TEST_EXISTS));
}

static void
test_plugin_path (void)
{
  const char *const *path;
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *relative = g_build_filename (here, "mine", NULL);

  if (!in_subprocess ())
    return;
  g_setenv ("BOORU_PLUGIN_PATH", "/opt/plugins::mine:", TRUE);
  path = booru_paths_get_plugin_path ();
  g_assert_cmpuint (g_strv_length ((char **)path), ==, 3);
  g_assert_cmpstr (path[0], ==, "/opt/plugins");
  g_assert_cmpstr (path[1], ==, relative);
  g_assert_true (g_str_has_suffix (path[2], "/plugins"));
}

static void
assert_installed (void)
{
  g_assert_false (booru_paths_in_build_tree ());
  g_assert_cmpstr (booru_paths_get_worker_program (), ==, BOORU_LIBEXEC_DIR "/booru-worker");
  g_assert_cmpstr (booru_paths_get_decoder_program (), ==, BOORU_LIBEXEC_DIR "/booru-decoder");
  g_assert_cmpstr (booru_paths_get_locale_dir (), ==, BOORU_LOCALE_DIR);
  g_assert_cmpstr (booru_paths_get_plugin_path ()[0], ==, BOORU_PLUGIN_DIR);
  g_assert_null (booru_paths_get_schema_dir ());
  g_assert_null (booru_paths_get_source_root ());
}

/* A copy of this program, outside of the build tree, is an installed one. */
static void
test_installed (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *copy = g_build_filename (folder, "program", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  char *command[] = { copy, "--installed", NULL };
  gsize length;
  int status;

  g_file_get_contents ("/proc/self/exe", &contents, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (copy, contents, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0700, &error);
  g_assert_no_error (error);
  g_spawn_sync (NULL, command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
  test_remove_folder (folder);
}

static void
assert_data_dir (const char *state_directory, const char *expected)
{
  g_autofree char *path = NULL;

  g_setenv ("STATE_DIRECTORY", state_directory, TRUE);
  path = booru_paths_dup_default_data_dir ();
  g_assert_cmpstr (path, ==, expected);
}

static void
test_data_dir (void)
{
  if (!in_subprocess ())
    return;
  g_setenv ("XDG_DATA_HOME", "/home/somebody/share", TRUE);
  assert_data_dir ("/var/lib/booru", "/var/lib/booru");
  assert_data_dir ("/var/lib/booru:/var/lib/more", "/var/lib/booru");
  assert_data_dir ("", "/home/somebody/share/booru-host");
}

static void
test_runtime_dir (void)
{
  g_autofree char *folder = test_make_folder ();
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autofree char *alias = g_build_filename (folder, "alias", NULL);
  g_autofree char *below = g_build_filename (folder, "data", "run", NULL);
  g_autofree char *session = NULL;
  g_autofree char *by_alias = NULL;
  g_autofree char *other = NULL;
  g_autofree char *without = NULL;
  g_autofree char *service = NULL;
  g_autofree char *own = NULL;

  g_assert_cmpint (g_mkdir (data, 0700), ==, 0);
  g_assert_cmpint (symlink ("data", alias), ==, 0);
  g_unsetenv ("BOORU_RUNTIME_DIR");
  g_unsetenv ("RUNTIME_DIRECTORY");

  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  session = booru_paths_dup_runtime_dir (data);
  by_alias = booru_paths_dup_runtime_dir (alias);
  other = booru_paths_dup_runtime_dir (folder);
  g_assert_true (g_str_has_prefix (session, folder));
  g_assert_cmpstr (by_alias, ==, session);
  g_assert_cmpstr (other, !=, session);

  g_setenv ("XDG_RUNTIME_DIR", "/invalid", TRUE);
  without = booru_paths_dup_runtime_dir (data);
  g_assert_cmpstr (without, ==, below);

  g_setenv ("RUNTIME_DIRECTORY", "/run/booru", TRUE);
  service = booru_paths_dup_runtime_dir (data);
  g_assert_cmpstr (service, ==, "/run/booru");

  g_setenv ("BOORU_RUNTIME_DIR", "/run/mine", TRUE);
  own = booru_paths_dup_runtime_dir (data);
  g_assert_cmpstr (own, ==, "/run/mine");
  test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--installed"))
    {
      assert_installed ();
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paths/build-tree", test_build_tree);
  g_test_add_func ("/paths/installed", test_installed);
  g_test_add_func ("/paths/plugin-path", test_plugin_path);
  g_test_add_func ("/paths/data-dir", test_data_dir);
  g_test_add_func ("/paths/runtime-dir", test_runtime_dir);
  return g_test_run ();
}
