/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-open-private.h"
#include "base/booru-open.h"
#include "test-util.h"

typedef int (*OpenFunc) (int root_fd, const char *path, int flags, GError **error);

static const struct
{
  const char *name;
  OpenFunc open;
} ways[] = {
  { "kernel", booru_open_beneath },
  { "by-component", booru_open_beneath_by_component },
};

typedef struct
{
  char *folder; /* holds "outside" and "root" */
  int root_fd;
  OpenFunc open;
} Fixture;

static void
link_to (const char *root, const char *name, const char *target)
{
  g_autofree char *path = g_build_filename (root, name, NULL);

  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
set_up (Fixture *fixture, gconstpointer way)
{
  g_autofree char *outside = NULL;
  g_autofree char *file = NULL;
  g_autofree char *root = NULL;
  g_autofree char *fifo = NULL;

  fixture->open = ways[GPOINTER_TO_UINT (way)].open;
  fixture->folder = test_make_folder ();
  outside = test_write_file (fixture->folder, "outside", "secret");
  file = test_write_file (fixture->folder, "root/a/b/file", "picture");
  root = g_build_filename (fixture->folder, "root", NULL);
  fifo = g_build_filename (root, "fifo", NULL);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  link_to (root, "first", "a");
  link_to (root, "a/second", "b");
  link_to (root, "a/b/third", "file");
  link_to (root, "out", "../outside");
  link_to (root, "system", "/");
  fixture->root_fd = open (root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  g_assert_cmpint (fixture->root_fd, >=, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer way)
{
  close (fixture->root_fd);
  test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static void
assert_opens (Fixture *fixture, const char *path, int flags, mode_t type)
{
  g_autoptr (GError) error = NULL;
  struct stat st;
  int fd = fixture->open (fixture->root_fd, path, flags, &error);

  g_assert_no_error (error);
  g_assert_cmpint (fstat (fd, &st), ==, 0);
  g_assert_cmpuint (st.st_mode & S_IFMT, ==, type);
  g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, !=, 0);
  close (fd);
}

static void
assert_refuses (Fixture *fixture, const char *path, int flags, BooruError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture->open (fixture->root_fd, path, flags, &error), ==, -1);
  g_assert_error (error, BOORU_ERROR, (int)code);
  test_assert_contains (error->message, path);
}

static void
test_plain (Fixture *fixture, gconstpointer way)
{
  assert_opens (fixture, "a/b/file", O_RDONLY, S_IFREG);
  assert_opens (fixture, "a", O_RDONLY | O_DIRECTORY, S_IFDIR);
  assert_opens (fixture, "a/b", O_PATH, S_IFDIR);
  assert_opens (fixture, ".", O_RDONLY | O_DIRECTORY, S_IFDIR);
  assert_opens (fixture, "./a//b/./file", O_RDONLY, S_IFREG);
  assert_opens (fixture, "a/b/", O_RDONLY, S_IFDIR);
  assert_opens (fixture, "a/new", O_WRONLY | O_CREAT | O_EXCL, S_IFREG);
  assert_refuses (fixture, "a/new", O_WRONLY | O_CREAT | O_EXCL, BOORU_ERROR_EXISTS);
  assert_refuses (fixture, "a/nothing", O_RDONLY, BOORU_ERROR_NOT_FOUND);
  assert_refuses (fixture, "nothing/file", O_RDONLY, BOORU_ERROR_NOT_FOUND);
  assert_refuses (fixture, "a/b/file/below", O_RDONLY, BOORU_ERROR_NOT_FOUND);
}

static void
test_symlinks (Fixture *fixture, gconstpointer way)
{
  static const char *const paths[]
      = { "first",          "first/b/file",  "a/second", "a/second/file", "first/second/file",
          "a/b/third",      "out",           "system",   "system/etc",    "system/etc/passwd",
          "a/second/third", "first/b/third", "first/" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      assert_refuses (fixture, paths[i], O_RDONLY, BOORU_ERROR_DENIED);
      assert_refuses (fixture, paths[i], O_PATH, BOORU_ERROR_DENIED);
      assert_refuses (fixture, paths[i], O_RDONLY | O_DIRECTORY, BOORU_ERROR_DENIED);
    }
}

static void
test_escapes (Fixture *fixture, gconstpointer way)
{
  static const char *const paths[] = { "",        "/",    "/etc/passwd",     "..",    "../root/a",
                                       "a/../..", "a/..", "a/../../outside", "a/b/.." };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    assert_refuses (fixture, paths[i], O_RDONLY, BOORU_ERROR_DENIED);
}

static void
test_names_with_dots (Fixture *fixture, gconstpointer way)
{
  g_autofree char *one = test_write_file (fixture->folder, "root/..hidden", "");
  g_autofree char *two = test_write_file (fixture->folder, "root/a../...", "");
  g_autofree char *three = test_write_file (fixture->folder, "root/\xff\n", "");

  assert_opens (fixture, "..hidden", O_RDONLY, S_IFREG);
  assert_opens (fixture, "a../...", O_RDONLY, S_IFREG);
  assert_opens (fixture, "\xff\n", O_RDONLY, S_IFREG);
}

/* Nobody writes to it: without O_NONBLOCK this would wait for ever. */
static void
test_fifo (Fixture *fixture, gconstpointer way)
{
  assert_opens (fixture, "fifo", O_RDONLY | O_NONBLOCK, S_IFIFO);
}

/* The root is what was opened, wherever it is by now. */
static void
test_moved_root (Fixture *fixture, gconstpointer way)
{
  g_autofree char *from = g_build_filename (fixture->folder, "root", NULL);
  g_autofree char *to = g_build_filename (fixture->folder, "elsewhere", NULL);

  g_assert_cmpint (g_rename (from, to), ==, 0);
  assert_opens (fixture, "a/b/file", O_RDONLY, S_IFREG);
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *path = g_strdup_printf ("/open/%s/%s", ways[i].name, name);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test, tear_down);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("plain", test_plain);
  add ("symlinks", test_symlinks);
  add ("escapes", test_escapes);
  add ("names-with-dots", test_names_with_dots);
  add ("fifo", test_fifo);
  add ("moved-root", test_moved_root);
  return g_test_run ();
}
