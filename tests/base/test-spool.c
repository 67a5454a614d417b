/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that one process hands to another. */
#include "base/booru-spool.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"

typedef struct
{
  char *data_dir;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->data_dir = g_dir_make_tmp ("booru-spool-XXXXXX", NULL);
}

static char *
get_path (Fixture *self, const char *name)
{
  return g_build_filename (self->data_dir, BOORU_DIR_TEMPORARY, name, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = get_path (self, NULL);

  /* Each test leaves the folder empty: else this fails. */
  if (g_file_test (folder, G_FILE_TEST_EXISTS))
    g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_cmpint (g_rmdir (self->data_dir), ==, 0);
  g_free (self->data_dir);
}

static BooruSpool *
make (Fixture *self, const char *content)
{
  g_autoptr (GError) error = NULL;
  BooruSpool *spool = booru_spool_new (self->data_dir, &error);

  g_assert_no_error (error);
  booru_spool_write (spool, content, strlen (content), &error);
  g_assert_no_error (error);
  return spool;
}

static void
require_content (int fd, const char *content)
{
  char buffer[64] = { 0 };

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (read (fd, buffer, sizeof buffer - 1), ==, strlen (content));
  g_assert_cmpstr (buffer, ==, content);
  close (fd);
}

static void
test_handed_over (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruSpool) spool = make (self, "content");
  g_autofree char *path = get_path (self, booru_spool_get_name (spool));
  g_autoptr (GError) error = NULL;

  require_content (booru_spool_take (self->data_dir, booru_spool_get_name (spool), &error),
                   "content");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (booru_spool_take (self->data_dir, booru_spool_get_name (spool), &error), ==, -1);
  g_assert_true (booru_err_notfound (error));
}

static void
require_handed_over (Fixture *self, int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruSpool) spool = booru_spool_new_for_fd (self->data_dir, fd, &error);
  int taken;

  g_assert_no_error (error);
  g_assert_cmpuint (booru_spool_clean (self->data_dir), ==, 0);
  close (fd);
  g_assert_cmpuint (booru_spool_clean (self->data_dir), ==, 0);
  taken = booru_spool_take (self->data_dir, booru_spool_get_name (spool), &error);
  require_content (taken, "content");
}

/* One that never had a name, and one that keeps its own. */
static void
test_open_file (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->data_dir, "named", NULL);
  g_autofree char *content = NULL;
  int fd = open (self->data_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    {
      g_assert_cmpint (write (fd, "content", 7), ==, 7);
      require_handed_over (self, fd);
    }
  g_assert_true (g_file_set_contents (path, "content", -1, NULL));
  require_handed_over (self, open (path, O_RDONLY | O_CLOEXEC));
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "content");
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_given_up (Fixture *self, gconstpointer data)
{
  booru_spool_free (make (self, "nobody wants it"));
}

static void
test_other_names (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "", "booru.sqlite", "../spool-a", "spool-a/../../b" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (booru_spool_take (self->data_dir, names[i], &error), ==, -1);
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
    }
}

/* Neither a link that points elsewhere nor a pipe that nobody writes to. */
static void
test_no_links (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruSpool) spool = make (self, "makes the folder");
  g_autofree char *path = get_path (self, "spool-link");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("/etc/passwd", path), ==, 0);
  g_assert_cmpint (booru_spool_take (self->data_dir, "spool-link", &error), ==, -1);
  g_assert_nonnull (error);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_clean (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruSpool) living = make (self, "in use");
  g_autofree char *other = get_path (self, "another.file");
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    {
      make (self, "crashed");
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (g_file_set_contents (other, "not ours", -1, NULL));

  g_assert_cmpuint (booru_spool_clean (self->data_dir), ==, 1);
  g_assert_cmpuint (booru_spool_clean (self->data_dir), ==, 0);
  require_content (booru_spool_take (self->data_dir, booru_spool_get_name (living), NULL),
                   "in use");
  g_assert_cmpint (g_unlink (other), ==, 0);
}

static void
test_clean_nothing (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (booru_spool_clean (self->data_dir), ==, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/spool/handed-over", test_handed_over);
  ADD ("/spool/open-file", test_open_file);
  ADD ("/spool/given-up", test_given_up);
  ADD ("/spool/other-names", test_other_names);
  ADD ("/spool/no-links", test_no_links);
  ADD ("/spool/clean", test_clean);
  ADD ("/spool/clean-nothing", test_clean_nothing);
  return g_test_run ();
}
