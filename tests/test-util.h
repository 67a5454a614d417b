/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A temporary folder for a test, and files in it. */
#pragma once

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

static inline char *
test_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("booru-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

/* Removes a folder and all that is below it. Symbolic links are removed, not followed. */
static inline void
test_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        test_remove_folder (path);
      else
        g_remove (path);
    }
  g_rmdir (folder);
}

/* Writes FOLDER/NAME, making folders on the way. Returns its path. */
static inline char *
test_write_file (const char *folder, const char *name, const char *contents)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
  return path;
}

static inline void
test_assert_contains (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("“%s” does not contain “%s”", text, part);
}
