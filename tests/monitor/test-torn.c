/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that change at the worst moment: between two reads of the hash, or when the decoder has
 * just been given them. What comes of them must be what lies there in the end, and nothing else. */
#include <dlfcn.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoder-fixtures.h"
#include "library-fixture.h"

#define CHUNK (256 * 1024) /* what the hash reads at once */
#define WIDTH 400
#define HEIGHT 500
#define SIZE (54 + WIDTH * HEIGHT * 3) /* more than two chunks */

typedef enum
{
  WHILE_HASHED,
  WHILE_DECODED,
} Moment;

/* What happens to the file at that moment, once; from whatever thread is there. */
typedef struct
{
  Moment moment;
  void (*act) (Fixture *);
  Fixture *fixture;
} Trap;

static Trap *trap; /* atomic; NULL: none is set */

static void
spring (Moment moment)
{
  Trap *set = g_atomic_pointer_get (&trap);

  if (set != NULL && set->moment == moment
      && g_atomic_pointer_compare_and_exchange (&trap, set, NULL))
    set->act (set->fixture);
}

/* These two stand before the C library's. */

ssize_t
pread (int fd, void *buffer, size_t size, off_t offset)
{
  static ssize_t (*real) (int, void *, size_t, off_t);

  if (real == NULL)
    real = (ssize_t (*) (int, void *, size_t, off_t))dlsym (RTLD_NEXT, "pread64");
  if (offset == CHUNK)
    spring (WHILE_HASHED);
  return real (fd, buffer, size, offset);
}

ssize_t
sendmsg (int fd, const struct msghdr *message, int flags)
{
  static ssize_t (*real) (int, const struct msghdr *, int);
  ssize_t n;

  if (real == NULL)
    real = (ssize_t (*) (int, const struct msghdr *, int))dlsym (RTLD_NEXT, "sendmsg");
  n = real (fd, message, flags);
  if (message->msg_controllen > 0)
    spring (WHILE_DECODED);
  return n;
}

static void
set_trap (Trap *set)
{
  g_atomic_pointer_set (&trap, set);
}

static gboolean
has_sprung (void)
{
  return g_atomic_pointer_get (&trap) == NULL;
}

/* A picture of many chunks: all of one colour, and another seed another colour throughout. */
static guint8 *
make_picture (guint8 seed)
{
  static const guint8 head[30] = { 'B', 'M', [10] = 54, [14] = 40, [26] = 1, [28] = 24 };
  guint8 *bmp = g_malloc (SIZE);
  const guint32 numbers[] = { GUINT32_TO_LE (SIZE), GUINT32_TO_LE (WIDTH), GUINT32_TO_LE (HEIGHT) };

  memset (bmp, seed, SIZE);
  memset (bmp, 0, 54);
  memcpy (bmp, head, sizeof head);
  memcpy (bmp + 2, &numbers[0], 4);
  memcpy (bmp + 18, &numbers[1], 8);
  return bmp;
}

static void
write_large (const char *dir, const char *name, guint8 seed)
{
  g_autofree guint8 *bmp = make_picture (seed);

  write_file (dir, name, bmp, SIZE);
}

/* Keeping its inode, its size and, if so wished, its time: as an editor of tags does. */
static void
overwrite (Fixture *f, gboolean keep_time)
{
  g_autofree char *path = path_in (f->a, "one.bmp");
  g_autofree guint8 *bmp = make_picture (200);
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  struct stat st;

  g_assert_cmpint (fstat (fd, &st), ==, 0);
  g_assert_cmpint (pwrite (fd, bmp, SIZE, 0), ==, SIZE);
  if (keep_time)
    g_assert_cmpint (futimens (fd, (struct timespec[]){ st.st_atim, st.st_mtim }), ==, 0);
  close (fd);
}

static void
act_overwrite (Fixture *f)
{
  overwrite (f, FALSE);
}

static void
act_overwrite_keeping_time (Fixture *f)
{
  overwrite (f, TRUE);
}

static void
act_truncate (Fixture *f)
{
  g_autofree char *path = path_in (f->a, "one.bmp");

  g_assert_cmpint (truncate (path, SIZE / 2), ==, 0);
}

static void
act_truncate_and_write_anew (Fixture *f)
{
  write_large (f->a, "one.bmp", 200);
}

static void
act_rename (Fixture *f)
{
  g_autofree char *from = path_in (f->a, "one.bmp");
  g_autofree char *to = path_in (f->b, "other.bmp");

  move_file (from, to);
}

static void
act_replace (Fixture *f)
{
  g_autofree char *from = path_in (f->a, ".new");
  g_autofree char *to = path_in (f->a, "one.bmp");

  write_large (f->a, ".new", 200);
  move_file (from, to);
}

static void
act_delete (Fixture *f)
{
  g_autofree char *path = path_in (f->a, "one.bmp");

  delete_file (path);
}

/* Whether the store has the file with the md5 that it has. */
static gboolean
is_true (Fixture *f, const char *dir, const char *name)
{
  gint64 id = post_at (f, dir, name);
  g_autoptr (BooruPost) post = id ? booru_store_get_post (f->store, id, NULL) : NULL;
  g_autofree char *path = path_in (dir, name);
  g_autofree char *md5 = file_md5 (path);

  return post != NULL && post->status == BOORU_POST_ACTIVE && g_str_equal (post->media.md5, md5);
}

typedef struct
{
  const char *name;
  void (*act) (Fixture *);
} Change;

static const Change changes[] = {
  { "overwritten", act_overwrite },
  { "overwritten-keeping-its-time", act_overwrite_keeping_time },
  { "truncated-and-written-anew", act_truncate_and_write_anew },
  { "replaced", act_replace },
  { "renamed", act_rename },
  { "truncated", act_truncate },
  { "deleted", act_delete },
};

/* One post comes of it in the end, of what lies there in the end. */
static void
test_changed (Fixture *f, Moment moment, const Change *change)
{
  Trap set = { moment, change->act, f };
  const char *dir = change->act == act_rename ? f->b : f->a;
  const char *name = change->act == act_rename ? "other.bmp" : "one.bmp";

  fixture_start (f);
  set_trap (&set);
  write_large (f->a, "one.bmp", 100);
  eventually (f, has_sprung ());
  if (change->act == act_truncate)
    {
      g_autofree char *failure = NULL;

      fixture_wait_idle (f);
      failure = failure_at (f, f->a, "one.bmp");
      g_assert_nonnull (failure);
      g_assert_cmpuint (n_posts (f), ==, 0);
      write_large (f->a, "one.bmp", 100);
    }
  if (change->act != act_delete)
    eventually (f, is_true (f, dir, name));
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, change->act == act_delete ? 0 : 1);
  if (change->act != act_delete)
    g_assert_true (has_thumbnails (f, post_at (f, dir, name)));
}

static void
test_while_hashed (Fixture *f, gconstpointer data)
{
  test_changed (f, WHILE_HASHED, data);
}

static void
test_while_decoded (Fixture *f, gconstpointer data)
{
  test_changed (f, WHILE_DECODED, data);
}

/* A file that is known, and is written over so that size, time and inode stay. */
static void
test_known_overwritten (Fixture *f, gconstpointer data)
{
  write_large (f->a, "one.bmp", 100);
  fixture_start (f);
  g_assert_true (is_true (f, f->a, "one.bmp"));
  overwrite (f, TRUE);
  eventually (f, is_true (f, f->a, "one.bmp"));
}

/* Over and over, without a pause, while the monitor looks: then it stops. */
static gpointer
keep_rewriting (gpointer data)
{
  Fixture *f = data;

  for (guint8 seed = 1; seed < 60; seed++)
    {
      if (seed % 3 == 0)
        act_truncate (f);
      write_large (f->a, "one.bmp", seed);
    }
  return NULL;
}

static void
test_rewritten_over_and_over (Fixture *f, gconstpointer data)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("status:any");
  BooruPage page = { .kind = BOORU_PAGE_NUMBER, .value = 1, .limit = 100 };
  g_autoptr (GHashTable) complete = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) posts = NULL;
  GThread *thread;

  write_large (f->a, "one.bmp", 0);
  for (guint seed = 0; seed < 60; seed++)
    {
      g_autofree guint8 *bmp = make_picture ((guint8)seed);

      g_hash_table_add (complete, g_compute_checksum_for_data (G_CHECKSUM_MD5, bmp, SIZE));
    }
  thread = g_thread_new ("writer", keep_rewriting, f);
  fixture_start (f);
  g_thread_join (thread);
  eventually (f, is_true (f, f->a, "one.bmp"));
  fixture_wait_idle (f);
  posts = booru_store_search (f->store, query, &page, NULL);
  for (guint i = 0; i < posts->len; i++)
    g_assert_true (
        g_hash_table_contains (complete, ((BooruPost *)g_ptr_array_index (posts, i))->media.md5));
}

/* Writes the first part, and is killed with the file still open. */
static void
die_writing (const char *path, const char *bytes, gsize length)
{
  int fds[2];
  char done;
  pid_t pid;

  g_assert_cmpint (pipe (fds), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      int fd = open (path, O_WRONLY | O_CREAT, 0644);

      if (write (fd, bytes, length) == (gssize)length && write (fds[1], "x", 1) == 1)
        pause ();
      _exit (1);
    }
  close (fds[1]);
  g_assert_cmpint (read (fds[0], &done, 1), ==, 1);
  close (fds[0]);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
}

static gboolean
is_incomplete (Fixture *f, const char *name)
{
  gint64 post = post_at (f, f->a, name);
  g_autofree char *metadata = post ? booru_store_get_metadata (f->store, post, NULL) : NULL;

  return metadata != NULL && strstr (metadata, "\"File:Incomplete\":") != NULL;
}

static void
append_to (const char *path, const char *bytes, gsize length)
{
  int fd = open (path, O_WRONLY | O_APPEND | O_CLOEXEC);

  g_assert_cmpint (write (fd, bytes, length), ==, (gssize)length);
  close (fd);
}

/* First so little of it that it is no picture, then most of it, then all. */
static void
test_writer_dies (Fixture *f, gconstpointer data)
{
  g_autofree char *whole
      = fixtures_write (fixtures_make_picture (800, 600, 3), f->root, "whole.jpg", ".jpg");
  g_autofree char *path = path_in (f->a, "one.jpg");
  g_autofree char *bytes = NULL;
  g_autofree char *failure = NULL;
  gsize length;
  gint64 incomplete;

  g_assert_true (g_file_get_contents (whole, &bytes, &length, NULL));
  fixture_start (f);
  die_writing (path, bytes, length / 4);
  eventually (f, file_id_at (f, f->a, "one.jpg") != 0);
  fixture_wait_idle (f);
  failure = failure_at (f, f->a, "one.jpg");
  g_assert_nonnull (failure);
  g_test_message ("%s", failure);
  g_assert_cmpuint (n_posts (f), ==, 0);

  /* It comes back, and goes on where it was. */
  append_to (path, bytes + length / 4, length - length / 4 - 2);
  eventually (f, is_incomplete (f, "one.jpg"));
  fixture_wait_idle (f);
  incomplete = post_at (f, f->a, "one.jpg");
  append_to (path, bytes + length - 2, 2);
  eventually (f, is_true (f, f->a, "one.jpg"));
  fixture_wait_idle (f);
  g_assert_false (is_incomplete (f, "one.jpg"));
  g_assert_cmpint (post_status (f, incomplete), ==, BOORU_POST_MISSING);
  g_free (g_steal_pointer (&failure));
  failure = failure_at (f, f->a, "one.jpg");
  g_assert_null (failure);
  g_assert_cmpuint (n_posts (f), ==, 1);
}

static void
add (const char *name, gconstpointer data, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/monitor/torn/", name, NULL);

  g_test_add (path, Fixture, data, fixture_set_up, test, fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  add ("writer-dies", NULL, test_writer_dies);
  add ("known-overwritten", NULL, test_known_overwritten);
  add ("rewritten-over-and-over", NULL, test_rewritten_over_and_over);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *hashed = g_strconcat ("while-hashed/", changes[i].name, NULL);
      g_autofree char *decoded = g_strconcat ("while-decoded/", changes[i].name, NULL);

      add (hashed, &changes[i], test_while_hashed);
      add (decoded, &changes[i], test_while_decoded);
    }
  return g_test_run ();
}
