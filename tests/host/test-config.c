/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/settings/booru-host-config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "test-util.h"

typedef struct
{
  char *root, *data, *keyfile;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *root = test_make_folder ();

  fixture->root = realpath (root, NULL);
  fixture->data = g_build_filename (fixture->root, "data", NULL);
  fixture->keyfile = g_build_filename (fixture->root, "settings.conf", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  test_remove_folder (fixture->root);
  g_free (fixture->root);
  g_free (fixture->data);
  g_free (fixture->keyfile);
}

/* @stored: the content of the settings file. */
static BooruHostConfig *
build (Fixture *fixture, const char *stored, const char *ingest, GError **error)
{
  char *none[] = { NULL };
  BooruHostOptions options = {
    .data_dir = fixture->data, .ingest = (char *)ingest, .folders = none, .port = -1, .workers = -1
  };
  g_autoptr (BooruSettings) settings = NULL;
  g_autofree char *data_dir = NULL;

  g_assert_true (g_file_set_contents (fixture->keyfile, stored, -1, NULL));
  settings = booru_settings_new (BOORU_SCHEMA_HOST, fixture->keyfile, error);
  g_assert_nonnull (settings);
  if (!booru_host_options_apply (&options, settings, error))
    return NULL;
  data_dir = booru_host_config_prepare_data_dir (&options, settings, error);
  return data_dir ? booru_host_config_new (data_dir, data_dir, &options, settings) : NULL;
}

static void
test_data_dir_is_made (Fixture *fixture, gconstpointer unused)
{
  static const char *const names[]
      = { "", BOORU_DIR_THUMBNAILS, BOORU_DIR_ORIGINALS, BOORU_DIR_TEMPORARY };
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config = build (fixture, "", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->data_dir, ==, fixture->data);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->data, names[i], NULL);
      struct stat info;

      g_assert_cmpint (stat (path, &info), ==, 0);
      g_assert_cmpuint (info.st_mode & 0777, ==, 0700);
    }
}

static void
assert_refused (Fixture *fixture, int exit_code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config = build (fixture, "", NULL, &error);

  g_assert_null (config);
  g_assert_nonnull (error);
  test_assert_contains (error->message, words);
  g_assert_cmpint (booru_error_to_exit_code (error), ==, exit_code);
}

static void
require_files_dir (Fixture *fixture, const char *path, int exit_code, const char *words)
{
  g_autofree char *stored = g_strdup_printf ("[host]\nfiles-dir='%s'\n", path);
  g_autoptr (BooruSettings) settings = NULL;
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (fixture->keyfile, stored, -1, NULL));
  settings = booru_settings_new (BOORU_SCHEMA_HOST, fixture->keyfile, NULL);
  found = booru_host_config_prepare_files_dir (settings, fixture->data, &error);
  if (words == NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (found, ==, *path != '\0' ? path : fixture->data);
      return;
    }
  g_assert_null (found);
  test_assert_contains (error->message, words);
  g_assert_cmpint (booru_error_to_exit_code (error), ==, exit_code);
}

static void
test_files_dir (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *files = g_build_filename (fixture->root, "files", NULL);
  g_autofree char *id = g_build_filename (files, BOORU_FILE_FILES_ID, NULL);
  g_autofree char *known = g_build_filename (fixture->data, BOORU_FILE_FILES_KNOWN, NULL);

  g_assert_cmpint (g_mkdir_with_parents (fixture->data, 0700), ==, 0);
  require_files_dir (fixture, "", 0, NULL);
  require_files_dir (fixture, files, 78, "Mount it, or create it");
  require_files_dir (fixture, "relative", 78, "not a full path");
  g_assert_cmpint (g_mkdir (files, 0700), ==, 0);
  require_files_dir (fixture, files, 0, NULL);
  /* It was used before, and is empty now: what is mounted there is not. */
  g_assert_true (g_file_set_contents (known, "0", -1, NULL));
  require_files_dir (fixture, files, 78, "is not the one that was used before");
  g_assert_true (g_file_set_contents (id, "0", -1, NULL));
  require_files_dir (fixture, files, 0, NULL);
}

static void
test_data_dir_open_to_all (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fixture->data, 0700), ==, 0);
  g_assert_cmpint (g_chmod (fixture->data, 0755), ==, 0);
  g_test_expect_message ("booru-host", G_LOG_LEVEL_WARNING, "*All users*chmod o-rwx*");
  config = build (fixture, "", NULL, &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
}

/* A place where even root may create nothing. */
static void
test_data_dir_that_cannot_be (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *file = g_build_filename (fixture->root, "file", NULL);

  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_free (fixture->data);
  fixture->data = g_build_filename (file, "data", NULL);
  assert_refused (fixture, EX_NOINPUT, "--data-dir=FOLDER");
  g_free (fixture->data);
  fixture->data = g_strdup (file);
  assert_refused (fixture, EX_NOINPUT, "is not a folder");

  if (getuid () != 0)
    {
      g_free (fixture->data);
      fixture->data = g_strdup ("/proc/1/data");
      assert_refused (fixture, EX_NOPERM, "--data-dir=FOLDER");
    }
}

/* Folders among other settings: what they mean is not the host's business. */
static void
test_what_services_are_told (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config
      = build (fixture,
               "[host]\nworkers=7\ningest-folder=b'/stored'\nlibrary-folders=[b'/\\377', b'x']\n"
               "[web]\nidle-timeout=11\n",
               "/typed", &error);
  g_autoptr (BooruSettings) own = NULL;
  g_autoptr (BooruConfig) told = NULL;
  g_autoptr (BooruConfig) lasting = NULL;
  g_auto (GStrv) folders = NULL;

  g_assert_no_error (error);
  own = booru_settings_new (BOORU_SCHEMA_HOST ".web", fixture->keyfile, &error);
  g_assert_no_error (error);
  told = booru_host_config_for_service (config, own, TRUE);
  lasting = booru_host_config_for_service (config, own, FALSE);

  folders = booru_config_dup_paths (told, BOORU_CONFIG_LIBRARY_FOLDERS);
  g_assert_cmpstr (folders[0], ==, "/\377");
  g_assert_cmpstr (folders[1], ==, "x");
  g_assert_cmpstr (booru_config_get_path (told, BOORU_CONFIG_DATA_DIR), ==, fixture->data);
  g_assert_cmpstr (booru_config_get_path (told, BOORU_CONFIG_INGEST_FOLDER), ==, "/typed");
  g_assert_cmpstr (booru_config_get_path (lasting, BOORU_CONFIG_INGEST_FOLDER), ==, "/stored");
  g_assert_cmpuint (booru_config_get_uint (told, BOORU_CONFIG_WORKERS, 0), ==, 7);
  g_assert_cmpuint (booru_config_get_uint (told, "idle-timeout", 0), ==, 11);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/config/data-dir-is-made", test_data_dir_is_made);
  ADD ("/config/data-dir-that-cannot-be", test_data_dir_that_cannot_be);
  ADD ("/config/files-dir", test_files_dir);
  ADD ("/config/data-dir-open-to-all", test_data_dir_open_to_all);
  ADD ("/config/what-services-are-told", test_what_services_are_told);
  return g_test_run ();
}
