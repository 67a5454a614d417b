/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uploaded files on their way from the spool to posts, with a monitor that is killed meanwhile. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "library-fixture.h"
#include "ingest/monitor-placing.h"
#include "zip-fixture.h"

#define ROUNDS 10
#define FILES_PER_ROUND 4
#define LONGEST_LIFE 500 /* ms */

static char *
spool_dir (Fixture *f)
{
  return path_in (f->data_dir, BOORU_DIR_SPOOL);
}

/* As a web worker does it: the file first, then the row. Returns the id of the file. */
static gint64
upload_bytes (BooruStore *store, const char *name, const BooruPostEdit *wanted)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  BooruUploadFile file = { name, name, 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruUpload) upload = NULL;

  g_ptr_array_add (files, &file);
  upload = booru_store_create_upload (store, NULL, files, wanted, BOORU_USER_OWNER, &error);
  g_assert_no_error (error);
  return ((BooruAsset *)upload->assets->pdata[0])->id;
}

static gint64
upload_picture (Fixture *f, const char *name, guint seed, const char *tags)
{
  g_autofree char *spool = spool_dir (f);
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  gint64 id;

  wanted.tag_string = tags;
  write_picture (spool, name, seed);
  id = upload_bytes (f->store, name, tags ? &wanted : NULL);
  monitor_library_look_for_uploads (f->library);
  return id;
}

static BooruAsset *
get_asset (Fixture *f, gint64 id)
{
  return booru_store_get_asset (f->store, id, NULL);
}

static BooruAssetStatus
status_of (Fixture *f, gint64 id)
{
  g_autoptr (BooruAsset) asset = get_asset (f, id);

  return asset->status;
}

static gint64
post_of (Fixture *f, gint64 id)
{
  g_autoptr (BooruAsset) asset = get_asset (f, id);

  return asset->post_id;
}

static gboolean
is_spooled (Fixture *f, const char *name)
{
  g_autofree char *spool = spool_dir (f);
  g_autofree char *path = path_in (spool, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
has_thumbnails_of (Fixture *f, gint64 id)
{
  g_autoptr (BooruAsset) asset = get_asset (f, id);
  g_autofree char *variant = booru_variant_get_path (BOORU_VARIANT_720, asset->media.md5);
  g_autofree char *path = path_in (f->data_dir, variant);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
want (Fixture *f, gint64 id, const char *tags)
{
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruAsset) asset = NULL;

  wanted.tag_string = tags;
  asset = booru_store_want_post (f->store, id, &wanted, &error);
  g_assert_no_error (error);
  monitor_library_look_for_uploads (f->library);
}

static void
test_two_steps (Fixture *f, gconstpointer data)
{
  gint64 id;

  fixture_start (f);
  id = upload_picture (f, "one", 1, NULL);
  eventually (f, status_of (f, id) == BOORU_ASSET_ACTIVE);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 0);
  g_assert_true (is_spooled (f, "one"));

  want (f, id, "sky");
  eventually (f, post_of (f, id) != 0 && !is_spooled (f, "one"));
  fixture_wait_idle (f);
  g_assert_true (has_tag (f, post_of (f, id), "sky"));
  g_assert_true (has_thumbnails (f, post_of (f, id)));
  g_assert_cmpuint (n_files_of (f, post_of (f, id)), ==, 1);
  {
    g_autoptr (BooruAsset) asset = get_asset (f, id);
    g_assert_null (asset->spool);
  }
}

/* What the decoder found when it first looked is remembered, for a while. */
static void
test_decoded_once (Fixture *f, gconstpointer data)
{
  gint64 soon, late;
  g_autoptr (BooruPost) post = NULL;

  fixture_start (f);
  soon = upload_picture (f, "one", 1, NULL);
  late = upload_picture (f, "two", 2, NULL);
  eventually (f, status_of (f, soon) == BOORU_ASSET_ACTIVE);
  eventually (f, status_of (f, late) == BOORU_ASSET_ACTIVE);
  fixture_wait_idle (f);

  fixture_limit_pixels (f, 1);
  want (f, soon, "sky");
  eventually (f, post_of (f, soon) != 0 && !is_spooled (f, "one"));
  post = booru_store_get_post (f->store, post_of (f, soon), NULL);
  g_assert_cmphex (post->media.phash, !=, 0);
  g_assert_cmpstr (post->media.ext, ==, "bmp");
  g_assert_cmpint (post->media.size, >, 0);
  g_assert_true (has_thumbnails (f, post->id));

  /* But not beyond the monitor's end. */
  fixture_stop (f);
  fixture_start (f);
  fixture_limit_pixels (f, 1);
  want (f, late, "sea");
  eventually (f, status_of (f, late) == BOORU_ASSET_FAILED);
  g_assert_cmpuint (n_posts (f), ==, 1);
}

/* What was uploaded somebody says to be a picture: gzip data is looked into without a name. */
static void
test_compressed (Fixture *f, gconstpointer data)
{
  static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
  static const char *const texts[] = { svg, "backup" };
  g_autofree char *spool = spool_dir (f);
  gint64 ids[2];

  fixture_start (f);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GByteArray) packed = gzip_bytes (texts[i], strlen (texts[i]), NULL);
      g_autofree char *name = g_strdup_printf ("packed-%u", i);

      write_file (spool, name, packed->data, packed->len);
      ids[i] = upload_bytes (f->store, name, NULL);
    }
  monitor_library_look_for_uploads (f->library);
  eventually (f, status_of (f, ids[0]) == BOORU_ASSET_ACTIVE);
  eventually (f, status_of (f, ids[1]) == BOORU_ASSET_FAILED);
}

static void
test_duplicates (Fixture *f, gconstpointer data)
{
  gint64 post, first, second;

  write_picture (f->a, "one.bmp", 1);
  fixture_start (f);
  post = post_at (f, f->a, "one.bmp");
  add_tag (f, post, "old");
  first = upload_picture (f, "same", 1, "fresh");
  second = upload_picture (f, "again", 1, NULL);
  eventually (f, post_of (f, first) == post && status_of (f, second) == BOORU_ASSET_ACTIVE);
  fixture_wait_idle (f);
  g_assert_true (has_tag (f, post, "old") && has_tag (f, post, "fresh"));
  g_assert_cmpuint (n_files_of (f, post), ==, 1);
  g_assert_false (is_spooled (f, "same"));

  /* The only file goes: then what was uploaded is it, back again. */
  {
    g_autofree char *path = path_in (f->a, "one.bmp");
    delete_file (path);
  }
  eventually (f, post_status (f, post) == BOORU_POST_MISSING);
  want (f, second, "back");
  eventually (f, post_status (f, post) == BOORU_POST_ACTIVE && !is_spooled (f, "again"));
  g_assert_true (has_tag (f, post, "back"));
}

static void
test_failed (Fixture *f, gconstpointer data)
{
  g_autofree char *spool = spool_dir (f);
  gint64 text, broken, empty, gone;
  g_autoptr (BooruAsset) asset = NULL;

  fixture_start (f);
  write_file (spool, "text", "just words", -1);
  write_file (spool, "broken", "\xff\xd8\xff\xe0 nothing", -1);
  write_file (spool, "empty", "", 0);
  text = upload_bytes (f->store, "text", NULL);
  broken = upload_bytes (f->store, "broken", NULL);
  empty = upload_bytes (f->store, "empty", NULL);
  gone = upload_bytes (f->store, "not there", NULL);
  monitor_library_look_for_uploads (f->library);
  eventually (f, status_of (f, text) == BOORU_ASSET_FAILED
                     && status_of (f, broken) == BOORU_ASSET_FAILED
                     && status_of (f, empty) == BOORU_ASSET_FAILED
                     && status_of (f, gone) == BOORU_ASSET_FAILED);
  fixture_wait_idle (f);
  asset = get_asset (f, text);
  g_assert_nonnull (strstr (asset->error, "text file"));
  /* Kept aside. */
  g_assert_true (is_spooled (f, "text") && is_spooled (f, "broken"));
}

/* A monitor that dies just after it is recorded what the file is has said in its journal that it
 * puts thumbnails to their places, and not that they are wanted. */
static void
test_killed_after_looking (Fixture *f, gconstpointer data)
{
  gint64 id;
  g_autoptr (BooruAsset) asset = NULL;

  fixture_start (f);
  id = upload_picture (f, "one", 1, NULL);
  eventually (f, status_of (f, id) == BOORU_ASSET_ACTIVE);
  fixture_wait_idle (f);
  asset = get_asset (f, id);
  g_assert_true (monitor_placing_undo (asset->media.md5, f->data_dir, f->store));
  g_assert_true (has_thumbnails_of (f, id));
}

/* What nobody makes a post of goes after its time, and its thumbnails with it. */
static void
test_expired (Fixture *f, gconstpointer data)
{
  g_autoptr (BooruAsset) asset = NULL;
  gint64 id;

  fixture_start (f);
  id = upload_picture (f, "one", 1, NULL);
  eventually (f, status_of (f, id) == BOORU_ASSET_ACTIVE);
  fixture_wait_idle (f);
  monitor_library_set_upload_keep_time (f->library, 1);
  monitor_library_reconcile (f->library);
  fixture_wait_idle (f);
  g_assert_cmpint (status_of (f, id), ==, BOORU_ASSET_ACTIVE);
  asset = get_asset (f, id);
  {
    g_autofree char *path = path_in (f->data_dir, BOORU_FILE_DATABASE);
    g_autofree char *command
        = g_strdup_printf ("sqlite3 '%s' 'UPDATE upload_assets SET updated_at = 1'", path);

    if (!g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL))
      return g_test_skip ("no sqlite3 program");
  }
  monitor_library_reconcile (f->library);
  eventually (f, status_of (f, id) == BOORU_ASSET_EXPIRED && !is_spooled (f, "one"));
  {
    g_autofree char *variant = booru_variant_get_path (BOORU_VARIANT_180, asset->media.md5);
    g_autofree char *path = path_in (f->data_dir, variant);

    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  }
}

static void
upload_round (Fixture *f, BooruStore *store, guint round)
{
  g_autofree char *spool = spool_dir (f);
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;

  wanted.tag_string = "tagged";
  for (guint i = 0; i < FILES_PER_ROUND; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u-%u", round, i);

      write_picture (spool, name, round * 100 + i);
      upload_bytes (store, name, i % 2 ? &wanted : NULL);
    }
}

static void
want_round (BooruStore *store, guint round)
{
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;

  wanted.tag_string = "tagged";
  for (guint i = 0; i < FILES_PER_ROUND; i += 2)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BooruAsset) asset
          = booru_store_want_post (store, (gint64)round * FILES_PER_ROUND + i + 1, &wanted, &error);

      g_assert_no_error (error);
    }
}

/* All are posts, each with its tags and one file; nothing is left over. */
static void
check_complete (Fixture *f)
{
  g_autofree char *spool = spool_dir (f);
  g_autoptr (BooruQuery) query = booru_query_parse ("tagged");
  g_autoptr (GDir) dir = NULL;

  fixture_start (f);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, ROUNDS * FILES_PER_ROUND);
  g_assert_cmpint (booru_store_count (f->store, query, NULL, NULL), ==, ROUNDS * FILES_PER_ROUND);
  for (gint64 id = 1; id <= ROUNDS * FILES_PER_ROUND; id++)
    {
      g_autoptr (BooruAsset) asset = get_asset (f, id);

      g_assert_cmpint (asset->status, ==, BOORU_ASSET_POSTED);
      g_assert_null (asset->spool);
      g_assert_cmpuint (n_files_of (f, asset->post_id), ==, 1);
      g_assert_true (has_thumbnails (f, asset->post_id));
    }
  dir = g_dir_open (spool, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

static void
test_killed (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruStore) store
      = booru_store_open (f->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_autofree char *spool = spool_dir (f);

  g_assert_no_error (error);
  g_mkdir_with_parents (spool, 0700);
  for (guint round = 0; round < ROUNDS; round++)
    {
      GPid pid;

      /* What comes is found at the next start at the latest. */
      upload_round (f, store, round);
      if (round > 0)
        want_round (store, round - 1);
      pid = fixture_start_child (f);
      /* Not a wait for something to have happened: the moment is to be any. */
      g_usleep ((gulong)g_test_rand_int_range (1, LONGEST_LIFE) * 1000);
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
      g_spawn_close_pid (pid);
    }
  want_round (store, ROUNDS - 1);
  check_complete (f);
}

int
main (int argc, char *argv[])
{
  fixture_run_child (argc, argv);
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/uploads/two-steps", test_two_steps);
  fixture_add ("/monitor/uploads/decoded-once", test_decoded_once);
  fixture_add ("/monitor/uploads/duplicates", test_duplicates);
  fixture_add ("/monitor/uploads/failed", test_failed);
  fixture_add ("/monitor/uploads/killed-after-looking", test_killed_after_looking);
  fixture_add ("/monitor/uploads/expired", test_expired);
  fixture_add ("/monitor/uploads/killed", test_killed);
  fixture_add ("/monitor/uploads/compressed", test_compressed);
  return g_test_run ();
}
