/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/settings/booru-host-config.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/booru-error.h"
#include "base/booru-names.h"

typedef struct
{
  char *root, *data, *library, *inbox, *keyfile;
} Fixture;

static char *
make_folder (Fixture *fixture, const char *name)
{
  char *path = g_build_filename (fixture->root, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *root = g_dir_make_tmp ("booru-test-XXXXXX", NULL);
  char *resolved = realpath (root, NULL);

  fixture->root = g_strdup (resolved);
  free (resolved);
  fixture->data = g_build_filename (fixture->root, "data", NULL);
  fixture->library = make_folder (fixture, "library");
  fixture->inbox = make_folder (fixture, "inbox");
  fixture->keyfile = g_build_filename (fixture->root, "settings.conf", NULL);
}

static int
remove_entry (const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
  return remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  nftw (fixture->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  g_free (fixture->root);
  g_free (fixture->data);
  g_free (fixture->library);
  g_free (fixture->inbox);
  g_free (fixture->keyfile);
}

/* What the host makes of these folders; @stored: the content of the settings file, or NULL. */
static BooruHostConfig *
build (Fixture *fixture,
       const char *stored,
       const char *ingest,
       const char *const *folders,
       GError **error)
{
  BooruHostOptions options = { .data_dir = fixture->data,
                               .ingest = (char *)ingest,
                               .folders = (GStrv)folders,
                               .port = -1,
                               .workers = -1 };
  g_autoptr (BooruSettings) settings = NULL;
  g_autofree char *data_dir = NULL;

  g_assert_true (g_file_set_contents (fixture->keyfile, stored ? stored : "", -1, NULL));
  settings = booru_settings_new (BOORU_SCHEMA_HOST, fixture->keyfile, error);
  g_assert_nonnull (settings);
  if (!booru_host_options_apply (&options, settings, error))
    return NULL;
  data_dir = booru_host_config_prepare_data_dir (&options, settings, error);
  return data_dir ? booru_host_config_new (data_dir, &options, settings, error) : NULL;
}

#define FOLDERS(...)                                                                               \
  (const char *const[]) { __VA_ARGS__, NULL }

static void
test_data_dir_is_made (Fixture *fixture, gconstpointer unused)
{
  static const char *const names[]
      = { "", BOORU_DIR_THUMBNAILS, BOORU_DIR_ORIGINALS, BOORU_DIR_TEMPORARY };
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config
      = build (fixture, NULL, NULL, FOLDERS (fixture->library), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->data_dir, ==, fixture->data);
  g_assert_cmpstr (config->library_folders[0], ==, fixture->library);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->data, names[i], NULL);
      struct stat info;

      g_assert_cmpint (stat (path, &info), ==, 0);
      g_assert_cmpuint (info.st_mode & 0777, ==, 0700);
    }
}

static void
assert_refused (Fixture *fixture,
                const char *ingest,
                const char *folder,
                int exit_code,
                const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config = build (fixture, NULL, ingest, FOLDERS (folder), &error);

  g_assert_null (config);
  g_assert_nonnull (error);
  if (!strstr (error->message, words))
    g_error ("“%s” does not say “%s”", error->message, words);
  g_assert_cmpint (booru_error_to_exit_code (error), ==, exit_code);
}

static void
test_typed_folders_are_checked (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *missing = g_build_filename (fixture->root, "missing", NULL);
  g_autofree char *file = g_build_filename (fixture->root, "file", NULL);
  g_autofree char *inside = g_build_filename (fixture->data, BOORU_DIR_ORIGINALS, NULL);
  g_autofree char *link = g_build_filename (fixture->root, "link", NULL);
  g_autofree char *below = g_build_filename (fixture->library, "in", NULL);

  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_assert_cmpint (symlink (fixture->data, link), ==, 0);
  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);

  assert_refused (fixture, NULL, missing, EX_NOINPUT, "does not exist");
  assert_refused (fixture, NULL, file, EX_NOINPUT, "is not a folder");
  assert_refused (fixture, NULL, fixture->data, EX_USAGE, "is the data folder");
  assert_refused (fixture, NULL, inside, EX_USAGE, "lies inside the data folder");
  assert_refused (fixture, NULL, link, EX_USAGE, "is the data folder");
  assert_refused (fixture, missing, fixture->library, EX_NOINPUT, "ingest folder");
  assert_refused (fixture, below, fixture->library, EX_USAGE, "choose separate folders");
  assert_refused (fixture, fixture->library, below, EX_USAGE, "choose separate folders");
}

/* What no way of setting a folder may have followed: all of the system, and what is made up. */
static const char *const pseudo_folders[]
    = { "/", "/proc", "/proc/self", "/sys", "/dev", "/dev/pts", "/usr/../proc" };

static void
test_pseudo_folders (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *link = g_build_filename (fixture->root, "to-proc", NULL);

  g_assert_cmpint (symlink ("/proc", link), ==, 0);
  assert_refused (fixture, NULL, link, EX_USAGE, "holds your pictures");
  for (guint i = 0; i < G_N_ELEMENTS (pseudo_folders); i++)
    {
      /* An empty folder where nothing is mounted, as in a plain chroot, is one like any other. */
      if (g_str_equal (pseudo_folders[i], "/sys")
          && !g_file_test ("/sys/kernel", G_FILE_TEST_EXISTS))
        continue;
      assert_refused (fixture, NULL, pseudo_folders[i], EX_USAGE, "holds your pictures");
      assert_refused (fixture, pseudo_folders[i], fixture->library, EX_USAGE,
                      "holds your pictures");
    }
}

/* The host starts all the same, without them. */
static void
test_stored_pseudo_folders (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config = NULL;
  g_autofree char *stored = g_strdup_printf (
      "[host]\nlibrary-folders=[b'/proc', b'%s']\ningest-folder=b'/proc/self'\n", fixture->library);
  const char *none[] = { NULL };

  g_test_expect_message ("booru-host", G_LOG_LEVEL_WARNING, "*/proc*left out*");
  g_test_expect_message ("booru-host", G_LOG_LEVEL_WARNING, "*/proc/*Nothing is taken*");
  config = build (fixture, stored, NULL, none, &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  g_assert_cmpstr (config->library_folders[0], ==, fixture->library);
  g_assert_null (config->library_folders[1]);
  g_assert_null (config->ingest_folder);
}

static void
test_data_dir_open_to_all (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fixture->data, 0700), ==, 0);
  g_assert_cmpint (g_chmod (fixture->data, 0755), ==, 0);
  g_test_expect_message ("booru-host", G_LOG_LEVEL_WARNING, "*All users*chmod o-rwx*");
  config = build (fixture, NULL, NULL, FOLDERS (fixture->library), &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
}

static void
test_unreadable_folder (Fixture *fixture, gconstpointer unused)
{
  if (getuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  g_assert_cmpint (g_chmod (fixture->library, 0), ==, 0);
  assert_refused (fixture, NULL, fixture->library, EX_NOPERM, "can't read");
  g_chmod (fixture->library, 0700);
}

/* A place where even root may create nothing. */
static void
test_data_dir_that_cannot_be (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *file = g_build_filename (fixture->root, "file", NULL);

  g_assert_true (g_file_set_contents (file, "", -1, NULL));
  g_free (fixture->data);
  fixture->data = g_build_filename (file, "data", NULL);
  assert_refused (fixture, NULL, fixture->library, EX_NOINPUT, "--data-dir=FOLDER");
  g_free (fixture->data);
  fixture->data = g_strdup (file);
  assert_refused (fixture, NULL, fixture->library, EX_NOINPUT, "is not a folder");

  if (getuid () != 0)
    {
      g_free (fixture->data);
      fixture->data = g_strdup ("/proc/1/data");
      assert_refused (fixture, NULL, fixture->library, EX_NOPERM, "--data-dir=FOLDER");
    }
}

/* A disk that is not mounted just now. */
static void
test_stored_folder_may_be_missing (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config = NULL;
  g_autofree char *stored
      = g_strdup_printf ("[host]\nlibrary-folders=[b'/not/mounted', b'%s']\n", fixture->library);
  const char *none[] = { NULL };

  g_test_expect_message ("booru-host", G_LOG_LEVEL_WARNING, "*/not/mounted*does not exist*");
  config = build (fixture, stored, NULL, none, &error);
  g_assert_no_error (error);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (g_strv_length (config->library_folders), ==, 2);
  g_assert_cmpstr (config->library_folders[0], ==, "/not/mounted");
}

static void
test_nested_and_repeated_folders (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *below = g_build_filename (fixture->library, "in", NULL);
  g_autofree char *beside = g_strconcat (fixture->library, "-two", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config = NULL;

  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (beside, 0700), ==, 0);
  config = build (fixture, NULL, NULL, FOLDERS (below, fixture->library, beside, fixture->library),
                  &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (config->library_folders), ==, 2);
  g_assert_cmpstr (config->library_folders[0], ==, fixture->library);
  g_assert_cmpstr (config->library_folders[1], ==, beside);
}

static void
test_data_dir_in_a_library (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHostConfig) config = NULL;

  g_free (fixture->data);
  fixture->data = g_build_filename (fixture->library, ".booru", NULL);
  config = build (fixture, NULL, NULL, FOLDERS (fixture->library), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (config->data_dir, ==, fixture->data);
}

static void
test_what_services_are_told (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *odd = g_build_filename (fixture->root, "\xff\xfe", NULL);
  g_autoptr (BooruHostConfig) config = NULL;
  g_autoptr (BooruSettings) own = NULL;
  g_autoptr (BooruConfig) told = NULL;
  g_auto (GStrv) folders = NULL;

  g_assert_cmpint (g_mkdir (odd, 0700), ==, 0);
  config = build (fixture, "[host]\nworkers=7\n[web]\nidle-timeout=11\n", fixture->inbox,
                  FOLDERS (odd), &error);
  g_assert_no_error (error);
  own = booru_settings_new (BOORU_SCHEMA_HOST ".web", fixture->keyfile, &error);
  g_assert_no_error (error);
  told = booru_host_config_for_service (config, own);

  folders = booru_config_dup_paths (told, BOORU_CONFIG_LIBRARY_FOLDERS);
  g_assert_cmpstr (folders[0], ==, odd);
  g_assert_cmpstr (booru_config_get_path (told, BOORU_CONFIG_DATA_DIR), ==, fixture->data);
  g_assert_cmpstr (booru_config_get_path (told, BOORU_CONFIG_INGEST_FOLDER), ==, fixture->inbox);
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
  ADD ("/config/data-dir-in-a-library", test_data_dir_in_a_library);
  ADD ("/config/typed-folders-are-checked", test_typed_folders_are_checked);
  ADD ("/config/pseudo-folders", test_pseudo_folders);
  ADD ("/config/stored-pseudo-folders", test_stored_pseudo_folders);
  ADD ("/config/data-dir-open-to-all", test_data_dir_open_to_all);
  ADD ("/config/unreadable-folder", test_unreadable_folder);
  ADD ("/config/stored-folder-may-be-missing", test_stored_folder_may_be_missing);
  ADD ("/config/nested-and-repeated-folders", test_nested_and_repeated_folders);
  ADD ("/config/what-services-are-told", test_what_services_are_told);
  return g_test_run ();
}
