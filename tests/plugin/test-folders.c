/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Library folders and the ingest folder: what is refused, left out, or waited for. */
#include "plugin/booru-folders.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "test-util.h"

typedef struct
{
  char *root, *data, *library, *inbox;
} Fixture;

static char *
make_folder (const char *parent, const char *name)
{
  char *path = g_build_filename (parent, name, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *root = test_make_folder ();

  fixture->root = realpath (root, NULL);
  fixture->data = make_folder (fixture->root, "data");
  fixture->library = make_folder (fixture->root, "library");
  fixture->inbox = make_folder (fixture->root, "inbox");
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  test_remove_folder (fixture->root);
  g_free (fixture->root);
  g_free (fixture->data);
  g_free (fixture->library);
  g_free (fixture->inbox);
}

#define FOLDERS(...)                                                                               \
  (const char *const[]) { __VA_ARGS__, NULL }

static BooruConfig *
make_config (Fixture *fixture, const char *ingest, const char *const *folders)
{
  GVariantDict dictionary;

  g_variant_dict_init (&dictionary, NULL);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_DATA_DIR, "^ay", fixture->data);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_LIBRARY_FOLDERS, "^aay", folders);
  g_variant_dict_insert (&dictionary, BOORU_CONFIG_INGEST_FOLDER, "^ay", ingest);
  return booru_config_new (g_variant_dict_end (&dictionary));
}

/* @words: NULL: it is accepted, although @ingest and @folder are there already. */
static void
assert_check (Fixture *fixture,
              const char *ingest,
              const char *folder,
              gboolean is_new,
              int exit_code,
              const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruConfig) wanted = make_config (fixture, ingest, FOLDERS (folder));
  g_autoptr (BooruConfig) current
      = is_new ? make_config (fixture, "", FOLDERS (NULL)) : booru_config_ref (wanted);

  g_assert_cmpint (booru_folders_check (wanted, current, &error), ==, words == NULL);
  if (words == NULL)
    {
      g_assert_no_error (error);
      return;
    }
  test_assert_contains (error->message, words);
  g_assert_cmpint (booru_error_to_exit_code (error), ==, exit_code);
}

/* However long it stands in the settings. */
static void
assert_refused (Fixture *fixture, const char *ingest, const char *folder, const char *words)
{
  assert_check (fixture, ingest, folder, TRUE, EX_USAGE, words);
  assert_check (fixture, ingest, folder, FALSE, EX_USAGE, words);
}

static void
test_refused (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *inside = make_folder (fixture->data, "originals");
  g_autofree char *away = g_build_filename (fixture->data, "away", NULL);
  g_autofree char *link = g_build_filename (fixture->root, "link", NULL);
  g_autofree char *below = make_folder (fixture->library, "in");

  g_assert_cmpint (symlink (fixture->data, link), ==, 0);
  assert_check (fixture, fixture->inbox, fixture->library, TRUE, EX_OK, NULL);
  assert_refused (fixture, "", fixture->data, "library folder “");
  assert_refused (fixture, "", fixture->data, "is the data folder");
  assert_refused (fixture, "", inside, "lies inside the data folder");
  assert_refused (fixture, "", link, "is the data folder");
  assert_refused (fixture, inside, fixture->library, "The ingest folder “");
  assert_refused (fixture, below, fixture->library, "choose separate folders");
  assert_refused (fixture, fixture->library, below, "choose separate folders");
  assert_check (fixture, "", away, FALSE, EX_USAGE, "lies inside the data folder");
}

/* A disk may not be mounted just now; what was typed just now is a mistake. */
static void
test_new_ones_have_to_be_there (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *missing = g_build_filename (fixture->root, "missing", NULL);
  g_autofree char *file = test_write_file (fixture->root, "file", "");

  assert_check (fixture, "", missing, TRUE, EX_NOINPUT, "does not exist");
  assert_check (fixture, "", file, TRUE, EX_NOINPUT, "is not a folder");
  assert_check (fixture, "", "library", TRUE, EX_DATAERR, "is not a full path");
  assert_check (fixture, missing, fixture->library, TRUE, EX_NOINPUT, "The ingest folder “");
  assert_check (fixture, missing, file, FALSE, EX_OK, NULL);
}

static void
test_unreadable (Fixture *fixture, gconstpointer unused)
{
  if (getuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  g_assert_cmpint (g_chmod (fixture->library, 0), ==, 0);
  assert_check (fixture, "", fixture->library, TRUE, EX_NOPERM, "can't read");
  assert_check (fixture, "", fixture->library, FALSE, EX_OK, NULL);
  assert_check (fixture, fixture->library, fixture->inbox, FALSE, EX_NOPERM, "can't read");
  g_chmod (fixture->library, 0700);
}

/* What no way of setting a folder may have followed: all of the system, and what is made up. One
 * that stands in the settings all the same keeps nobody from starting. */
static const char *const pseudo_folders[]
    = { "/", "/proc", "/proc/self", "/sys", "/dev", "/dev/pts", "/usr/../proc" };

static void
test_pseudo (Fixture *fixture, gconstpointer unused)
{
  static const char words[] = "holds your pictures";
  g_autofree char *link = g_build_filename (fixture->root, "to-proc", NULL);

  g_assert_cmpint (symlink ("/proc", link), ==, 0);
  assert_check (fixture, "", link, TRUE, EX_USAGE, words);
  for (guint i = 0; i < G_N_ELEMENTS (pseudo_folders); i++)
    {
      /* An empty folder where nothing is mounted, as in a plain chroot, is one like any other. */
      if (g_str_equal (pseudo_folders[i], "/sys")
          && !g_file_test ("/sys/kernel", G_FILE_TEST_EXISTS))
        continue;
      assert_check (fixture, "", pseudo_folders[i], TRUE, EX_USAGE, words);
      assert_check (fixture, pseudo_folders[i], fixture->library, TRUE, EX_USAGE, words);
      assert_check (fixture, pseudo_folders[i], pseudo_folders[i], FALSE, EX_OK, NULL);
    }
}

static void
expect (GLogLevelFlags level, const char *pattern)
{
  g_test_expect_message ("booru", level, pattern);
}

static BooruFolders *
read_folders (Fixture *fixture, const char *ingest, const char *const *paths)
{
  g_autoptr (BooruConfig) config = make_config (fixture, ingest, paths);
  BooruFolders *folders = booru_folders_new (config, TRUE);

  g_test_assert_expected_messages ();
  return folders;
}

static void
assert_library (BooruFolders *folders, const char *const *paths)
{
  if (!g_strv_equal ((const char *const *)folders->library, paths))
    {
      g_autofree char *found = g_strjoinv (":", folders->library);

      g_error ("The library folders are “%s”", found);
    }
}

static void
test_left_out (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *inside = make_folder (fixture->data, "originals");
  g_autoptr (BooruFolders) folders = NULL;

  expect (G_LOG_LEVEL_WARNING, "*/proc*left out*");
  expect (G_LOG_LEVEL_WARNING, "*lies inside the data folder*left out*");
  expect (G_LOG_LEVEL_WARNING, "*/proc/*Nothing is taken*");
  folders = read_folders (fixture, "/proc/self", FOLDERS ("/proc", inside, fixture->library));
  assert_library (folders, FOLDERS (fixture->library));
  g_assert_null (folders->ingest);
}

static void
test_overlap (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *below = make_folder (fixture->library, "in");
  g_autoptr (BooruFolders) folders = NULL;

  expect (G_LOG_LEVEL_WARNING, "*overlap*Nothing is taken*");
  folders = read_folders (fixture, below, FOLDERS (fixture->library));
  assert_library (folders, FOLDERS (fixture->library));
  g_assert_null (folders->ingest);
}

static void
test_away (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruFolders) folders = NULL;

  folders = read_folders (fixture, "/not/./there", FOLDERS ("/not//mounted", fixture->library));
  assert_library (folders, FOLDERS ("/not/mounted", fixture->library));
  g_assert_cmpstr (folders->ingest, ==, "/not/there");
}

static void
test_resolved (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *odd = make_folder (fixture->root, "\xff\xfe");
  g_autofree char *link = g_build_filename (fixture->root, "link", NULL);
  g_autoptr (BooruFolders) folders = NULL;

  g_assert_cmpint (symlink (odd, link), ==, 0);
  folders = read_folders (fixture, fixture->inbox, FOLDERS (link));
  assert_library (folders, FOLDERS (odd));
  g_assert_cmpstr (folders->ingest, ==, fixture->inbox);
}

static void
test_nested_and_repeated (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *below = make_folder (fixture->library, "in");
  g_autofree char *beside = make_folder (fixture->root, "library-two");
  g_autoptr (BooruFolders) folders = NULL;

  expect (G_LOG_LEVEL_MESSAGE, "*/library/in*lies in another one*");
  expect (G_LOG_LEVEL_MESSAGE, "*/library*lies in another one*");
  folders = read_folders (fixture, "", FOLDERS (below, fixture->library, beside, fixture->library));
  assert_library (folders, FOLDERS (fixture->library, beside));
}

static void
test_data_dir_in_a_library (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruFolders) folders = NULL;

  assert_check (fixture, "", fixture->root, TRUE, EX_OK, NULL);
  folders = read_folders (fixture, "", FOLDERS (fixture->root));
  assert_library (folders, FOLDERS (fixture->root));
}

static void
test_none (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (BooruConfig) config = booru_config_new (g_variant_new_parsed ("@a{sv} {}"));
  g_autoptr (BooruFolders) folders = booru_folders_new (config, TRUE);

  assert_library (folders, FOLDERS (NULL));
  g_assert_null (folders->ingest);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/folders/refused", test_refused);
  ADD ("/folders/new-ones-have-to-be-there", test_new_ones_have_to_be_there);
  ADD ("/folders/unreadable", test_unreadable);
  ADD ("/folders/pseudo", test_pseudo);
  ADD ("/folders/left-out", test_left_out);
  ADD ("/folders/overlap", test_overlap);
  ADD ("/folders/away", test_away);
  ADD ("/folders/resolved", test_resolved);
  ADD ("/folders/nested-and-repeated", test_nested_and_repeated);
  ADD ("/folders/data-dir-in-a-library", test_data_dir_in_a_library);
  ADD ("/folders/none", test_none);
  return g_test_run ();
}
