/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lasts is told once when it begins, and once when it is over. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "board-fixture.h"

#define PATIENCE (60 * G_USEC_PER_SEC)

typedef struct
{
  guint n_told;
  int code; /* 0: all is well */
} Heard;

static void
on_trouble (const GError *error, gpointer data)
{
  Heard *heard = data;

  heard->n_told++;
  heard->code = error ? error->code : 0;
}

static void
watch (BoardFixture *self, Heard *heard)
{
  booru_store_watch_trouble (self->store, on_trouble, heard);
  booru_store_set_busy_timeout (self->store, 20);
}

static void
fail_to_edit (BoardFixture *self, gint64 id, int code)
{
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (GError) error = NULL;

  edit.tag_string = "sky";
  g_assert_null (booru_store_edit_post (self->store, id, &edit, &error));
  g_assert_error (error, BOORU_ERROR, code);
}

/* Nobody writes any more, but the end is noticed. */
static void
await_over (const Heard *heard)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (heard->code != 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (10000);
    }
}

static void
test_locked (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  Heard heard = { 0 };
  BoardLock *lock = board_take_lock (self);

  watch (self, &heard);
  fail_to_edit (self, id, BOORU_ERROR_BUSY);
  g_assert_cmpint (heard.code, ==, BOORU_ERROR_BUSY);
  fail_to_edit (self, id, BOORU_ERROR_BUSY);
  g_assert_cmpuint (heard.n_told, ==, 1);

  board_release_lock (lock);
  booru_post_unref (board_edit (self->store, id, "sky"));
  g_assert_cmpint (heard.code, ==, 0);
  g_assert_cmpuint (heard.n_told, ==, 2);

  lock = board_take_lock (self);
  fail_to_edit (self, id, BOORU_ERROR_BUSY);
  board_release_lock (lock);
  await_over (&heard);
  g_assert_cmpuint (heard.n_told, ==, 4);
  board_require_consistent (self);
}

/* A limit on the size of files looks like a full disk. */
static void
test_full (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  struct rlimit usual, small;
  Heard heard = { 0 };

  if (board_skip_but_for_sqlite (self))
    return;
  watch (self, &heard);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &usual), ==, 0);
  small = usual;
  small.rlim_cur = 4096;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  fail_to_edit (self, id, BOORU_ERROR_LIMIT);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &usual), ==, 0);
  g_assert_cmpint (heard.code, ==, BOORU_ERROR_LIMIT);
  await_over (&heard);
  board_require_tags (self->store, id, "");
  board_require_consistent (self);
}

/* What is wrong with a request is not wrong with the store. */
static void
test_none (BoardFixture *self, gconstpointer data)
{
  Heard heard = { 0 };

  watch (self, &heard);
  fail_to_edit (self, 4711, BOORU_ERROR_NOT_FOUND);
  g_assert_cmpuint (heard.n_told, ==, 0);
}

static guint
get_mode (BoardFixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->data_dir, name, NULL);
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

/* What people tag is nobody else's business, even in a data folder that others can look into. */
static void
test_modes (BoardFixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->data_dir, BOORU_FILE_DATABASE, NULL);
  g_autoptr (BooruStore) again = NULL;

  if (board_skip_but_for_sqlite (self))
    return;
  g_assert_cmpuint (get_mode (self, BOORU_FILE_DATABASE), ==, 0600);
  g_assert_cmpuint (get_mode (self, BOORU_FILE_DATABASE "-wal"), ==, 0600);
  g_assert_cmpuint (get_mode (self, BOORU_FILE_DATABASE "-shm"), ==, 0600);

  /* That of an earlier version; what a group was given stays. */
  g_assert_cmpint (g_chmod (path, 0664), ==, 0);
  again = booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (get_mode (self, BOORU_FILE_DATABASE), ==, 0660);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/trouble/locked", test_locked);
  ADD ("/store/trouble/full", test_full);
  ADD ("/store/trouble/none", test_none);
  ADD ("/store/trouble/modes", test_modes);
  return g_test_run ();
}
