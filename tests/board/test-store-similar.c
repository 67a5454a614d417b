/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding what looks alike by its hashes. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "board-fixture.h"
#include "board/sqlite/booru-sqlite-db.h"
#include "board/store/booru-store-hashes-private.h"

#define SCHEMA "/org/booru/sqlite/schema/"

/* Far from each other, and from 0. */
#define LAKE G_GUINT64_CONSTANT (0xf0f0f0f0f0f0f0f0)
#define FOREST G_GUINT64_CONSTANT (0xaaaaaaaaaaaaaaaa)
#define DESERT G_GUINT64_CONSTANT (0x00000000ffffffff)

/* @hash with some bits turned over. */
static guint64
vary (guint64 hash, guint n_bits)
{
  for (guint i = 0; i < n_bits; i++)
    hash ^= G_GUINT64_CONSTANT (1) << (i * 7 % 64);
  return hash;
}

static gint64
put (BoardFixture *self, guint content, guint64 phash, const guint64 *frames, guint n_frames)
{
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autofree char *path = g_strdup_printf ("%u.jpg", content);
  g_autoptr (GError) error = NULL;
  BooruFileChange *change = board_add (self, path, content);

  change->media.phash = phash;
  change->media.n_frame_hashes = n_frames;
  for (guint i = 0; i < n_frames; i++)
    change->media.frame_hashes[i] = frames[i];
  g_ptr_array_add (changes, change);
  booru_store_apply_file_changes (self->store, changes, &error);
  g_assert_no_error (error);
  return change->post_id;
}

static GArray *
find (BooruStore *store, guint64 hash, guint max_distance, guint limit)
{
  g_autoptr (GError) error = NULL;
  GArray *found = booru_store_find_similar (store, &hash, 1, max_distance, limit, &error);

  g_assert_no_error (error);
  return found;
}

/* Pairs of id and distance, ended by 0. */
static void
require_found (BooruStore *store, guint64 hash, guint max_distance, guint limit, ...)
{
  g_autoptr (GArray) found = find (store, hash, max_distance, limit);
  va_list args;
  gint64 id;
  guint n = 0;

  va_start (args, limit);
  while ((id = va_arg (args, gint64)) != 0)
    {
      guint distance = va_arg (args, guint);

      g_assert_cmpuint (n, <, found->len);
      g_assert_cmpint (g_array_index (found, BooruSimilar, n).post_id, ==, id);
      g_assert_cmpuint (g_array_index (found, BooruSimilar, n).distance, ==, distance);
      n++;
    }
  va_end (args);
  g_assert_cmpuint (found->len, ==, n);
}

#define END ((gint64)0)

static void
test_nearest_first (BoardFixture *self, gconstpointer data)
{
  gint64 far = put (self, 1, vary (LAKE, 9), NULL, 0);
  gint64 same = put (self, 2, LAKE, NULL, 0);
  gint64 near = put (self, 3, vary (LAKE, 2), NULL, 0);
  gint64 twin = put (self, 4, vary (LAKE, 2), NULL, 0);
  gint64 forest = put (self, 5, FOREST, NULL, 0);

  require_found (self->store, LAKE, 10, 10, same, 0, twin, 2, near, 2, far, 9, END);
  require_found (self->store, LAKE, 8, 10, same, 0, twin, 2, near, 2, END);
  require_found (self->store, LAKE, 10, 2, same, 0, twin, 2, END);
  require_found (self->store, LAKE, 0, 10, same, 0, END);
  require_found (self->store, LAKE, 64, 1, same, 0, END);
  require_found (self->store, vary (FOREST, 1), 10, 10, forest, 1, END);
  require_found (self->store, DESERT, 10, 10, END);
  require_found (self->store, LAKE, 10, 0, END);
}

/* Nothing is to be seen in them: they have nothing in common. */
static void
test_one_colour (BoardFixture *self, gconstpointer data)
{
  gint64 blank = put (self, 1, 0, NULL, 0);
  gint64 dot = put (self, 2, 1, NULL, 0);
  g_autoptr (GArray) hashes = booru_store_list_hashes (self->store, blank, NULL);
  g_autofree char *query = g_strdup_printf ("similar:%" G_GINT64_FORMAT, blank);

  g_assert_cmpuint (hashes->len, ==, 0);
  require_found (self->store, 0, 64, 10, END);
  require_found (self->store, 3, 5, 10, dot, 1, END);
  g_assert_cmpint (board_count (self->store, query), ==, 0);
}

static void
test_hidden_posts (BoardFixture *self, gconstpointer data)
{
  gint64 shown = put (self, 1, vary (LAKE, 3), NULL, 0);
  gint64 gone = put (self, 2, LAKE, NULL, 0);
  gint64 kept = put (self, 3, vary (LAKE, 1), NULL, 0);
  g_autofree char *any = g_strdup_printf ("status:any similar:%" G_GINT64_FORMAT, shown);

  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "2.jpg")), NULL);
  g_assert_cmpint (board_status (self, gone), ==, BOORU_POST_MISSING);
  require_found (self->store, LAKE, 10, 10, kept, 1, shown, 3, END);
  require_found (self->store, LAKE, 10, 1, kept, 1, END);
  g_assert_cmpint (board_count (self->store, any), ==, 3);
}

/* The decoder looked again and knows better. */
static void
test_new_hash (BoardFixture *self, gconstpointer data)
{
  gint64 id = put (self, 1, LAKE, NULL, 0);

  put (self, 1, FOREST, NULL, 0);
  require_found (self->store, LAKE, 10, 10, END);
  require_found (self->store, FOREST, 10, 10, id, 0, END);
  put (self, 1, 0, NULL, 0);
  require_found (self->store, FOREST, 10, 10, END);
}

static void
test_frames (BoardFixture *self, gconstpointer data)
{
  const guint64 frames[] = { FOREST, 0, vary (LAKE, 4), vary (LAKE, 6) };
  gint64 video = put (self, 1, DESERT, frames, G_N_ELEMENTS (frames));
  gint64 picture = put (self, 2, vary (LAKE, 1), NULL, 0);
  const guint64 asked[] = { 0, vary (FOREST, 3), vary (LAKE, 4) };
  g_autoptr (GArray) hashes = booru_store_list_hashes (self->store, video, NULL);
  g_autoptr (GArray) found
      = booru_store_find_similar (self->store, asked, G_N_ELEMENTS (asked), 2, 10, NULL);
  g_autofree char *query = g_strdup_printf ("similar:%" G_GINT64_FORMAT, video);

  /* Any frame of either side. */
  require_found (self->store, LAKE, 10, 10, picture, 1, video, 4, END);
  require_found (self->store, vary (FOREST, 2), 10, 10, video, 2, END);
  require_found (self->store, DESERT, 10, 10, video, 0, END);
  g_assert_cmpuint (hashes->len, ==, 4);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpint (g_array_index (found, BooruSimilar, 0).post_id, ==, video);
  g_assert_cmpuint (g_array_index (found, BooruSimilar, 0).distance, ==, 0);
  g_assert_cmpint (board_count (self->store, query), ==, 2);

  /* Looked at again, it turns out to be a picture. */
  put (self, 1, DESERT, NULL, 0);
  require_found (self->store, DESERT, 10, 10, video, 0, END);
  require_found (self->store, FOREST, 10, 10, END);
}

/* Each process sees what another has written, without a word between them. */
static void
test_other_process (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruStore) other = board_fixture_open (self);
  gint64 id;

  require_found (other, LAKE, 10, 10, END);
  id = put (self, 1, LAKE, NULL, 0);
  require_found (other, LAKE, 10, 10, id, 0, END);
}

static int
compare_plainly (gconstpointer a, gconstpointer b)
{
  const BooruSimilar *left = a, *right = b;

  if (left->distance != right->distance)
    return (int)left->distance - (int)right->distance;
  return left->post_id < right->post_id ? 1 : -1;
}

/* Thousands of posts over several blocks, with gaps, against a plain reading of all of them. */
static gboolean
put_hashes (BooruStore *store, gpointer data, GError **error)
{
  const GArray *posts = data;
  gboolean changed;

  for (guint i = 0; i < posts->len; i += 2)
    {
      BooruMedia media = { .phash = (guint64)g_array_index (posts, gint64, i + 1) };

      if (!booru_store_hashes_put (store, g_array_index (posts, gint64, i), TRUE, &media, &changed,
                                   error))
        return FALSE;
    }
  return TRUE;
}

static void
fill (BoardFixture *self, GArray *posts)
{
  g_autoptr (GString) sql = g_string_new ("BEGIN;");
  gint64 id = 0;

  for (guint i = 0; i < 3000; i++)
    {
      guint64 phash = (guint64)g_test_rand_int () << 32 | (guint32)g_test_rand_int ();

      id += g_test_rand_int_range (0, 10) == 0 ? g_test_rand_int_range (1, 700) : 1;
      if (g_test_rand_int_range (0, 3) == 0)
        phash = vary (LAKE, g_test_rand_int_range (0, 20));
      g_string_append_printf (sql,
                              "INSERT INTO posts (id, md5, ext, size, width, height, phash,"
                              " created_at, updated_at, uploader_id) VALUES (%" G_GINT64_FORMAT
                              ", randomblob (16), 'jpg', 1, 1, 1, 1, 0, 0, 1);",
                              id);
      g_array_append_val (posts, id);
      g_array_append_val (posts, phash);
    }
  board_execute (self, g_string_append (sql, "COMMIT")->str);
  g_assert_true (booru_store_write (self->store, BOORU_SQL_NORMAL, put_hashes, posts, NULL));
}

static void
test_many (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (gint64));

  fill (self, posts);
  for (guint turn = 0; turn < 60; turn++)
    {
      guint64 wanted = vary (LAKE, g_test_rand_int_range (0, 40));
      guint max_distance = g_test_rand_int_range (0, 65), limit = g_test_rand_int_range (1, 400);
      g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (BooruSimilar));
      g_autoptr (GArray) found = find (self->store, wanted, max_distance, limit);

      for (guint i = 0; i < posts->len; i += 2)
        {
          guint64 hash = g_array_index (posts, guint64, i + 1);
          BooruSimilar similar
              = { g_array_index (posts, gint64, i), (guint)__builtin_popcountll (hash ^ wanted) };

          if (hash != 0 && similar.distance <= max_distance)
            g_array_append_val (expected, similar);
        }
      g_array_sort (expected, compare_plainly);
      g_assert_cmpuint (found->len, ==, MIN (expected->len, limit));
      for (guint i = 0; i < found->len; i++)
        g_assert_cmpint (g_array_index (found, BooruSimilar, i).post_id, ==,
                         g_array_index (expected, BooruSimilar, i).post_id);
    }
}

/* A database from before there were hashes in blocks. */

static void
run_script (BooruSqliteDb *db, const char *name)
{
  g_autofree char *path = g_strconcat (SCHEMA, name, NULL);
  g_autoptr (GBytes) script = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *sql = g_strndup (g_bytes_get_data (script, NULL), g_bytes_get_size (script));

  g_assert_true (booru_sqlite_db_exec (db, sql, NULL));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
make_old_database (const char *path)
{
  g_autoptr (BooruSqliteDb) db
      = booru_sqlite_db_open_file (path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  g_auto (GStrv) names
      = g_resources_enumerate_children (SCHEMA, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *version = NULL;
  guint n = 0;

  qsort (names, g_strv_length (names), sizeof *names, compare_names);
  for (; names[n] && strstr (names[n], "-similar.sql") == NULL; n++)
    run_script (db, names[n]);
  g_assert_nonnull (names[n]);
  version = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %u",
                             BOORU_SQLITE_APPLICATION_ID, n);
  g_assert_true (booru_sqlite_db_exec (db, version, NULL));
  for (guint id = 499; id <= 1001; id += 251)
    {
      g_autofree char *sql = g_strdup_printf (
          "INSERT INTO posts (id, md5, ext, size, width, height, phash, created_at, updated_at,"
          " uploader_id) VALUES (%u, randomblob (16), 'jpg', 1, 1, 1, %" G_GINT64_FORMAT
          ", 0, 0, 1)",
          id, id == 750 ? 0 : (gint64)vary (LAKE, id % 3));

      g_assert_true (booru_sqlite_db_exec (db, sql, NULL));
    }
}

static void
test_migration (BoardFixture *self, gconstpointer data)
{
  g_autofree char *dir = g_build_filename (self->data_dir, "old", NULL);
  g_autofree char *path = g_build_filename (dir, BOORU_FILE_DATABASE, NULL);
  g_autoptr (BooruStore) store = NULL;
  g_autoptr (GError) error = NULL;

  if (board_skip_but_for_sqlite (self))
    return;
  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  make_old_database (path);
  store = booru_store_open (dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_assert_no_error (error);
  require_found (store, LAKE, 10, 10, (gint64)499, 499 % 3, (gint64)1001, 1001 % 3, END);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/similar/nearest-first", test_nearest_first);
  ADD ("/store/similar/one-colour", test_one_colour);
  ADD ("/store/similar/hidden-posts", test_hidden_posts);
  ADD ("/store/similar/new-hash", test_new_hash);
  ADD ("/store/similar/frames", test_frames);
  ADD ("/store/similar/other-process", test_other_process);
  ADD ("/store/similar/many", test_many);
  ADD ("/store/similar/migration", test_migration);
  return g_test_run ();
}
