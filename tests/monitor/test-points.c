/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The monitor is killed, or a call fails, at each point where it changes files, one after another.
 * Whatever the point: each file is where it was or where it is to be, and the next run completes
 * the work: every file once, thumbnails for every post and for nothing else. */
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault-points.h"
#include "library-fixture.h"

#define EXIT_BROKEN 3 /* what the host would start it again for */

/* What there is to do. */
enum
{
  SEED_LIBRARY = 1,   /* new, in a; a copy of it in b */
  SEED_KNOWN,         /* in b, and in the store already */
  SEED_INBOX,         /* new, in the inbox */
  SEED_INBOX_LIBRARY, /* new, in the inbox and in a */
  SEED_UPLOAD,        /* uploaded, to be a post */
  SEED_OPEN,          /* uploaded, and nobody has asked for a post of it */
  N_SEEDS
};

#define N_POSTS 5
#define N_UPLOADS 4
#define UPLOAD_OPEN 3 /* its number among the uploads; the last one is broken */

static int
run_monitor (const char *root)
{
  Fixture f = { .broken_is_exit = EXIT_BROKEN };

  fixture_become_child (&f, root);
  fault_points_arm ();
  fixture_start (&f);
  fixture_stop (&f);
  /* What is left to do is not the monitor's. */
  _exit (0);
}

static void
record_upload (BooruStore *store, const char *name, gboolean wanted)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  BooruUploadFile file = { name, name, 1 };
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruUpload) upload = NULL;

  edit.tag_string = "uploaded";
  g_ptr_array_add (files, &file);
  upload = booru_store_create_upload (store, NULL, files, wanted ? &edit : NULL, BOORU_USER_OWNER,
                                      NULL);
  g_assert_nonnull (upload);
}

static void
prepare_uploads (Fixture *f)
{
  g_autofree char *spool = path_in (f->data_dir, BOORU_DIR_SPOOL);
  g_autoptr (BooruStore) store
      = booru_store_open (f->data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, NULL);

  write_picture (spool, "new", SEED_UPLOAD);
  write_picture (spool, "known", SEED_KNOWN);
  write_picture (spool, "open", SEED_OPEN);
  write_file (spool, "broken", "\xff\xd8\xff\xe2 is no picture", -1);
  record_upload (store, "new", TRUE);
  record_upload (store, "known", TRUE);
  record_upload (store, "open", FALSE);
  record_upload (store, "broken", TRUE);
}

static void
prepare (Fixture *f)
{
  write_picture (f->b, "known.bmp", SEED_KNOWN);
  fixture_start (f);
  fixture_stop (f);
  write_picture (f->a, "new.bmp", SEED_LIBRARY);
  write_picture (f->b, "copy.bmp", SEED_LIBRARY);
  write_picture (f->inbox, "new.bmp", SEED_INBOX);
  write_picture (f->inbox, "twin.bmp", SEED_INBOX_LIBRARY);
  write_picture (f->a, "twin.bmp", SEED_INBOX_LIBRARY);
  write_picture (f->inbox, "known.bmp", SEED_KNOWN);
  write_file (f->a, "broken.jpg", "\xff\xd8\xff\xe0 is no picture", -1);
  write_file (f->inbox, "broken.jpg", "\xff\xd8\xff\xe1 is none either", -1);
  prepare_uploads (f);
}

/* Returns the wait status. */
static int
run_with (Fixture *f, const char *variable, const char *value)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *log_path = path_in (f->root, "log");
  g_autofree char *command
      = g_strdup_printf ("exec '%s' --run '%s' 2>>'%s'", self, f->root, log_path);
  const char *argv[] = { "/bin/sh", "-c", command, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid;
  int status;

  environment = g_environ_setenv (g_steal_pointer (&environment), variable, value, TRUE);
  g_spawn_async (NULL, (char **)argv, environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                 &error);
  g_assert_no_error (error);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  return status;
}

static char *
dup_log (Fixture *f)
{
  g_autofree char *path = path_in (f->root, "log");
  char *log = NULL;

  g_file_get_contents (path, &log, NULL, NULL);
  return log;
}

/* Adds the md5 of each file below @dir. */
static void
collect_contents (const char *dir, GHashTable *contents)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;

  while (entries && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = path_in (dir, name);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        collect_contents (path, contents);
      else
        g_hash_table_add (contents, file_md5 (path));
    }
}

static GHashTable *
list_contents (Fixture *f)
{
  GHashTable *contents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *originals = path_in (f->data_dir, BOORU_DIR_ORIGINALS);

  collect_contents (f->a, contents);
  collect_contents (f->b, contents);
  collect_contents (f->inbox, contents);
  collect_contents (originals, contents);
  return contents;
}

static void
check_nothing_lost (Fixture *f, GHashTable *before)
{
  g_autoptr (GHashTable) now = list_contents (f);
  GHashTableIter iter;
  gpointer md5;

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &md5, NULL))
    if (!g_hash_table_contains (now, md5))
      g_error ("a file is lost: %s", (char *)md5);
}

static guint
count_below (const char *dir, const char *name)
{
  g_autofree char *path = path_in (dir, name);

  return count_files (path);
}

/* Three of each post and of what could be one, and no more than that. */
static void
check_thumbnails (Fixture *f)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("status:any");
  g_autoptr (BooruAsset) open = booru_store_get_asset (f->store, UPLOAD_OPEN, NULL);
  gint64 n = booru_store_count (f->store, query, NULL, NULL) + 1;

  g_assert_cmpint (open->status, ==, BOORU_ASSET_ACTIVE);
  g_assert_cmpuint (count_below (f->data_dir, BOORU_DIR_THUMBNAILS), ==, n * 3);
  g_assert_cmpuint (count_below (f->data_dir, BOORU_DIR_TEMPORARY), ==, 1); /* the journal */
}

/* The user takes away what was on its way when the monitor died. */
static void
check_without_source (Fixture *f)
{
  g_autofree char *source = path_in (f->a, "new.bmp");
  g_autofree char *copy = path_in (f->b, "copy.bmp");

  delete_file (source);
  delete_file (copy);
  fixture_start (f);
  check_thumbnails (f);
  fixture_stop (f);
}

static void
check_uploads (Fixture *f)
{
  g_autofree char *spool = path_in (f->data_dir, BOORU_DIR_SPOOL);

  for (gint64 id = 1; id <= N_UPLOADS; id++)
    {
      g_autoptr (BooruAsset) asset = booru_store_get_asset (f->store, id, NULL);

      if (id >= UPLOAD_OPEN)
        {
          g_assert_cmpint (asset->status, ==,
                           id == UPLOAD_OPEN ? BOORU_ASSET_ACTIVE : BOORU_ASSET_FAILED);
          continue;
        }
      g_assert_cmpint (asset->status, ==, BOORU_ASSET_POSTED);
      g_assert_null (asset->spool);
      g_assert_true (has_tag (f, asset->post_id, "uploaded"));
    }
  g_assert_cmpuint (count_files (spool), ==, 2);
}

static void
check_complete (Fixture *f)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("");
  BooruPage page = { .kind = BOORU_PAGE_NUMBER, .value = 1, .limit = 200 };
  BooruFailureFilter any = BOORU_FAILURE_FILTER_INIT;
  g_autoptr (GPtrArray) posts = NULL;
  g_autoptr (GPtrArray) failures = NULL;

  fixture_start (f);
  posts = booru_store_search (f->store, query, &page, NULL);
  g_assert_cmpuint (posts->len, ==, N_POSTS);
  for (guint i = 0; i < posts->len; i++)
    g_assert_true (has_thumbnails (f, ((BooruPost *)g_ptr_array_index (posts, i))->id));
  failures = booru_store_list_failures (f->store, &any, NULL);
  g_assert_cmpuint (failures->len, ==, 1);
  g_assert_cmpint (post_at (f, f->a, "new.bmp"), ==, post_at (f, f->b, "copy.bmp"));
  check_uploads (f);
  fixture_stop (f);

  g_assert_cmpuint (count_below (f->inbox, "failed"), ==, 2); /* and its reason */
  /* Of the inbox nothing is left but what was set aside. */
  g_assert_cmpuint (count_files (f->inbox) + count_below (f->data_dir, BOORU_DIR_ORIGINALS), ==, 8);
}

static void
forget (Fixture *f)
{
  fixture_tear_down (f, NULL);
  *f = (Fixture){ 0 };
  fixture_set_up (f, NULL);
}

/* One run with a fault, and what must be afterwards. FALSE: all points are done with. */
static gboolean
try_point (Fixture *f, const char *variable, const char *value, gboolean killed)
{
  g_autoptr (GHashTable) before = NULL;
  g_autofree char *log = NULL;
  int status;

  forget (f);
  prepare (f);
  before = list_contents (f);
  status = run_with (f, variable, value);
  log = dup_log (f);
  g_test_message ("%s: %s", value, log);
  if (killed && WIFEXITED (status))
    {
      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
      return FALSE;
    }
  if (killed)
    g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  else if (!WIFEXITED (status)
           || (WEXITSTATUS (status) != 0 && WEXITSTATUS (status) != EXIT_BROKEN))
    g_error ("ended with status %d:\n%s", status, log);
  check_nothing_lost (f, before);
  if (g_test_rand_bit ())
    {
      check_without_source (f);
    }
  else
    {
      check_complete (f);
      check_nothing_lost (f, before);
    }
  return killed || strstr (log, "made ") != NULL;
}

/* Takes every @stride-th point, from a random one on, so that many runs take all. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  guint stride = GPOINTER_TO_UINT (data);
  guint n = 0;

  for (guint at = 1 + (guint)g_test_rand_int_range (0, (gint)stride);; at += stride, n++)
    {
      g_autofree char *value = g_strdup_printf ("%u", at);

      if (!try_point (f, FAULT_POINTS_KILL, value, TRUE))
        break;
    }
  g_test_message ("killed at %u points", n);
  g_assert_cmpuint (n, >, 0);
}

/* Until a thousand kills are reached. */
static void
test_killed_a_thousand_times (Fixture *f, gconstpointer data)
{
  for (guint n = 0, at = 1; n < 1000; n++)
    {
      g_autofree char *value = g_strdup_printf ("%u", at);

      at = try_point (f, FAULT_POINTS_KILL, value, TRUE) ? at + 1 : 1;
    }
}

typedef struct
{
  int errnum;
  guint length; /* ms; 0: one call */
  guint stride;
} Failing;

static void
test_failing (Fixture *f, gconstpointer data)
{
  const Failing *failing = data;

  for (guint at = 1 + (guint)g_test_rand_int_range (0, (gint)failing->stride);;
       at += failing->stride)
    {
      g_autofree char *value = g_strdup_printf ("%d:%u:%u", failing->errnum, at, failing->length);

      if (!try_point (f, FAULT_POINTS_FAIL, value, FALSE))
        break;
    }
}

static const Failing failings[] = {
  { ENOSPC, 0, 29 }, { ENOSPC, 500, 61 }, { EIO, 0, 29 },
  { ENOSPC, 0, 1 },  { ENOSPC, 500, 7 },  { EIO, 0, 1 },
};

#define ADD(path, data, function)                                                                  \
  g_test_add (path, Fixture, data, fixture_set_up, function, fixture_tear_down)

int
main (int argc, char *argv[])
{
  if (argc == 3 && g_str_equal (argv[1], "--run"))
    return run_monitor (argv[2]);
  g_test_init (&argc, &argv, NULL);
  if (g_test_slow ())
    {
      ADD ("/monitor/points/killed-a-thousand-times", NULL, test_killed_a_thousand_times);
      ADD ("/monitor/points/every/disk-full", &failings[3], test_failing);
      ADD ("/monitor/points/every/disk-full-for-a-while", &failings[4], test_failing);
      ADD ("/monitor/points/every/io-error", &failings[5], test_failing);
      return g_test_run ();
    }
  ADD ("/monitor/points/killed", GUINT_TO_POINTER (37), test_killed);
  ADD ("/monitor/points/disk-full", &failings[0], test_failing);
  ADD ("/monitor/points/disk-full-for-a-while", &failings[1], test_failing);
  ADD ("/monitor/points/io-error", &failings[2], test_failing);
  return g_test_run ();
}
