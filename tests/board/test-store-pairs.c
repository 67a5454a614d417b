/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike: finding each of them, once. */
#include "board-fixture.h"
#include "board/rules/booru-post-state.h"

#define LAKE G_GUINT64_CONSTANT (0xf0f0f0f0f0f0f0f0)
#define FOREST G_GUINT64_CONSTANT (0xaaaaaaaaaaaaaaaa)
#define DISTANCE 8

static gint64
put (BoardFixture *self, guint content, guint64 phash, guint64 frame)
{
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autofree char *path = g_strdup_printf ("%u.jpg", content);
  g_autoptr (GError) error = NULL;
  BooruFileChange *change = board_add (self, path, content);

  change->media.phash = phash;
  change->media.frame_hashes[0] = frame;
  change->media.n_frame_hashes = frame != 0;
  g_ptr_array_add (changes, change);
  booru_store_apply_file_changes (self->store, changes, &error);
  g_assert_no_error (error);
  return change->post_id;
}

/* In the smallest steps there are; returns how many. */
static guint
compare (BooruStore *store, guint max_distance)
{
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;
  guint n = 0;

  for (; !done; n++)
    {
      booru_store_compare_posts (store, max_distance, 0, &done, &error);
      g_assert_no_error (error);
    }
  return n;
}

/* "1+2:0 …": older and newer post, and distance, in their order. */
static void
require_pairs (BooruStore *store, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pairs = booru_store_list_pairs (store, 100, 1, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < pairs->len; i++)
    {
      const BooruPair *pair = g_ptr_array_index (pairs, i);

      g_string_append_printf (text, "%s%" G_GINT64_FORMAT "+%" G_GINT64_FORMAT ":%u", i ? " " : "",
                              pair->post->id, pair->other->id, pair->distance);
    }
  g_assert_cmpstr (text->str, ==, expected);
  g_assert_cmpint (booru_store_count_pairs (store, &error), ==, pairs->len);
}

static void
test_found_once (BoardFixture *self, gconstpointer data)
{
  put (self, 1, LAKE, 0);
  put (self, 2, FOREST, 0);
  put (self, 3, LAKE ^ 7, 0);
  put (self, 4, 0, 0);
  put (self, 5, 0, 0);
  require_pairs (self->store, "");
  compare (self->store, DISTANCE);
  require_pairs (self->store, "1+3:3");
  /* Nothing waits: one look is enough. */
  g_assert_cmpuint (compare (self->store, DISTANCE), ==, 1);

  put (self, 6, FOREST ^ 1, 0);
  put (self, 7, FOREST, 0);
  compare (self->store, DISTANCE);
  require_pairs (self->store, "2+7:0 6+7:1 2+6:1 1+3:3");
}

static void
test_pages (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) second = NULL;

  for (guint i = 0; i < 4; i++)
    put (self, i, LAKE ^ i, 0);
  compare (self->store, DISTANCE);
  require_pairs (self->store, "3+4:1 2+4:1 1+3:1 1+2:1 1+4:2 2+3:2");
  second = booru_store_list_pairs (self->store, 4, 2, NULL);
  g_assert_cmpuint (second->len, ==, 2);
  g_assert_cmpint (((BooruPair *)second->pdata[0])->other->id, ==, 4);
}

/* A video and a still of it. */
static void
test_frames (BoardFixture *self, gconstpointer data)
{
  put (self, 1, LAKE, FOREST);
  put (self, 2, FOREST ^ 3, 0);
  compare (self->store, DISTANCE);
  require_pairs (self->store, "1+2:2");
}

/* Pairs are of what is shown; those that are related were found already. */
static void
test_not_shown (BoardFixture *self, gconstpointer data)
{
  for (guint i = 1; i <= 4; i++)
    put (self, i, LAKE, 0);
  compare (self->store, DISTANCE);
  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "4.jpg")), NULL);
  require_pairs (self->store, "2+3:0 1+3:0 1+2:0");
  booru_post_unref (board_edit (self->store, 2, "parent:1"));
  require_pairs (self->store, "2+3:0 1+3:0");
  booru_post_unref (board_edit (self->store, 3, "parent:1"));
  require_pairs (self->store, "");
}

static void
test_new_hash (BoardFixture *self, gconstpointer data)
{
  put (self, 1, LAKE, 0);
  put (self, 2, LAKE, 0);
  put (self, 3, FOREST, 0);
  compare (self->store, DISTANCE);
  require_pairs (self->store, "1+2:0");
  put (self, 2, FOREST, 0);
  require_pairs (self->store, "");
  compare (self->store, DISTANCE);
  require_pairs (self->store, "2+3:0");
}

/* A new hash in the middle of it: what was found by the old one is not stored. */
static void
test_new_hash_meanwhile (BoardFixture *self, gconstpointer data)
{
  gboolean done;

  put (self, 1, LAKE, 0);
  put (self, 2, LAKE, 0);
  booru_store_compare_posts (self->store, DISTANCE, 0, &done, NULL);
  g_assert_false (done);
  put (self, 1, FOREST, 0);
  compare (self->store, DISTANCE);
  require_pairs (self->store, "");
  put (self, 1, LAKE, 0);
  compare (self->store, DISTANCE);
  require_pairs (self->store, "1+2:0");
}

static void
test_other_distance (BoardFixture *self, gconstpointer data)
{
  put (self, 1, LAKE, 0);
  put (self, 2, LAKE ^ 7, 0);
  put (self, 3, LAKE ^ 0x7f0, 0);
  compare (self->store, 3);
  require_pairs (self->store, "1+2:3");
  compare (self->store, 7);
  require_pairs (self->store, "1+2:3 1+3:7");
  compare (self->store, 2);
  require_pairs (self->store, "");
  compare (self->store, 3);
  require_pairs (self->store, "1+2:3");
}

/* Whoever is killed in the middle: the next process begins again. */
static void
test_begun_again (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruStore) other = board_fixture_open (self);
  gboolean done;

  put (self, 1, LAKE, 0);
  put (self, 2, LAKE, 0);
  for (guint i = 0; i < 2; i++)
    booru_store_compare_posts (self->store, DISTANCE, 0, &done, NULL);
  g_clear_object (&self->store);
  self->store = g_object_ref (other);
  require_pairs (self->store, "");
  compare (self->store, DISTANCE);
  require_pairs (self->store, "1+2:0");
}

static void
decide (BoardFixture *self, BooruPairAction action, gint64 post_id, gint64 other_id)
{
  BooruPairVerdict verdict = { post_id, other_id, action, TRUE, BOORU_USER_OWNER };
  g_autoptr (GError) error = NULL;

  booru_store_decide_pair (self->store, &verdict, &error);
  g_assert_no_error (error);
  board_require_consistent (self);
}

static void
put_tagged (BoardFixture *self, guint content, guint64 phash, const char *tags)
{
  gint64 id = put (self, content, phash, 0);

  booru_post_unref (board_edit (self->store, id, tags));
}

static gint64
count_versions (BoardFixture *self, gint64 id)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT count(*) FROM post_versions WHERE post_id = %" G_GINT64_FORMAT, id);

  return board_query_number (self, sql);
}

/* Never shown again: neither when posts are compared anew, nor by another process. */
static void
test_keep (BoardFixture *self, gconstpointer data)
{
  put (self, 1, LAKE, 0);
  put (self, 2, LAKE, 0);
  compare (self->store, DISTANCE);
  decide (self, BOORU_PAIR_KEEP, 2, 1);
  require_pairs (self->store, "");
  compare (self->store, DISTANCE + 4);
  put (self, 1, FOREST, 0);
  compare (self->store, DISTANCE);
  put (self, 1, LAKE, 0);
  compare (self->store, DISTANCE);
  require_pairs (self->store, "");
  decide (self, BOORU_PAIR_REOPEN, 1, 2);
  require_pairs (self->store, "1+2:0");
}

static void
require_parent (BoardFixture *self, gint64 id, gint64 parent_id)
{
  g_autoptr (BooruPost) post = booru_store_get_post (self->store, id, NULL);

  g_assert_cmpint (post->parent_id, ==, parent_id);
}

static void
test_variant (BoardFixture *self, gconstpointer data)
{
  put_tagged (self, 1, LAKE, "lake");
  put_tagged (self, 2, LAKE, "lake");
  compare (self->store, DISTANCE);
  decide (self, BOORU_PAIR_PARENT, 2, 1);
  require_parent (self, 1, 2);
  require_pairs (self->store, "");
  g_assert_cmpint (count_versions (self, 1), ==, 2);

  /* The other way round, and back again. */
  decide (self, BOORU_PAIR_PARENT, 1, 2);
  require_parent (self, 1, 0);
  require_parent (self, 2, 1);
  decide (self, BOORU_PAIR_REOPEN, 1, 2);
  require_parent (self, 2, 0);
  require_pairs (self->store, "1+2:0");
}

static void
test_merge (BoardFixture *self, gconstpointer data)
{
  g_autofree char *newest = NULL;
  g_autoptr (BooruPost) undone = NULL;
  g_autofree char *tags = NULL;

  put_tagged (self, 1, LAKE, "lake blue");
  put_tagged (self, 2, LAKE, "lake artist:somebody");
  compare (self->store, DISTANCE);
  decide (self, BOORU_PAIR_MERGE, 1, 2);
  board_require_tags (self->store, 1, "blue lake somebody");
  board_require_tags (self->store, 2, "lake somebody");
  require_pairs (self->store, "1+2:0");
  g_assert_cmpint (board_tag_count (self, "somebody"), ==, 2);

  /* A version like any other. */
  newest = board_query_text (self, "SELECT max(id) FROM post_versions WHERE post_id = 1");
  undone = booru_store_undo_version (self->store, g_ascii_strtoll (newest, NULL, 10),
                                     BOORU_USER_OWNER, NULL);
  tags = booru_post_dup_tag_string (undone);
  g_assert_cmpstr (tags, ==, "blue lake");
}

static void
test_trash (BoardFixture *self, gconstpointer data)
{
  put_tagged (self, 1, LAKE, "lake blue");
  put_tagged (self, 2, LAKE, "lake artist:somebody");
  put_tagged (self, 3, LAKE, "third");
  compare (self->store, DISTANCE);
  decide (self, BOORU_PAIR_TRASH, 1, 2);
  board_require_tags (self->store, 1, "blue lake somebody");
  g_assert_cmpint (board_status (self, 2), ==, BOORU_POST_DELETED);
  g_assert_cmpint (board_status (self, 1), ==, BOORU_POST_ACTIVE);
  require_pairs (self->store, "1+3:0");
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM files WHERE post_id = 2"), ==,
                   1);

  /* Taken out of the trash it is the same question again. */
  g_assert_true (booru_store_undelete_post (self->store, 2, BOORU_USER_OWNER, NULL));
  require_pairs (self->store, "2+3:0 1+3:0 1+2:0");
}

static void
test_no_pair (BoardFixture *self, gconstpointer data)
{
  BooruPairVerdict verdict = { 1, 2, BOORU_PAIR_TRASH, TRUE, BOORU_USER_OWNER };
  g_autoptr (GError) error = NULL;

  put_tagged (self, 1, LAKE, "lake");
  put_tagged (self, 2, FOREST, "forest");
  compare (self->store, DISTANCE);
  g_assert_false (booru_store_decide_pair (self->store, &verdict, &error));
  g_assert_true (booru_err_notfound (error));
  g_assert_cmpint (board_status (self, 2), ==, BOORU_POST_ACTIVE);
  board_require_tags (self->store, 1, "lake");
}

/* Whole, or not at all: one post cannot have so many tags. */
static void
test_too_many_tags (BoardFixture *self, gconstpointer data)
{
  BooruPairVerdict verdict = { 1, 2, BOORU_PAIR_TRASH, TRUE, BOORU_USER_OWNER };
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i <= 2; i++)
    {
      g_autoptr (GString) tags = g_string_new (NULL);

      for (guint j = 0; j < BOORU_MAX_TAGS_PER_POST; j++)
        g_string_append_printf (tags, "tag_%u_%u ", i, j);
      put_tagged (self, i, LAKE, tags->str);
    }
  compare (self->store, DISTANCE);
  g_assert_false (booru_store_decide_pair (self->store, &verdict, &error));
  g_assert_true (booru_err_invalid (error));
  g_assert_cmpint (board_status (self, 2), ==, BOORU_POST_ACTIVE);
  verdict.merge_tags = FALSE;
  g_clear_error (&error);
  g_assert_true (booru_store_decide_pair (self->store, &verdict, &error));
  g_assert_cmpint (board_status (self, 2), ==, BOORU_POST_DELETED);
}

/* More than a batch, over several blocks, in steps of a row. */
static void
test_many (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 1200; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u.jpg", i);
      BooruFileChange *change = board_add (self, path, i);

      /* Each is like the one 600 before it; else each differs by a random half of its bits. */
      change->media.phash = (guint64)g_str_hash (path) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      if (i >= 600)
        change->media.phash = ((BooruFileChange *)changes->pdata[i - 600])->media.phash ^ 1;
      g_ptr_array_add (changes, change);
    }
  booru_store_apply_file_changes (self->store, changes, &error);
  g_assert_no_error (error);
  compare (self->store, 1);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM similar_pairs WHERE"
                                             " other_id - post_id = 600 AND distance = 1"),
                   ==, 600);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/pairs/found-once", test_found_once);
  ADD ("/store/pairs/pages", test_pages);
  ADD ("/store/pairs/frames", test_frames);
  ADD ("/store/pairs/not-shown", test_not_shown);
  ADD ("/store/pairs/new-hash", test_new_hash);
  ADD ("/store/pairs/new-hash-meanwhile", test_new_hash_meanwhile);
  ADD ("/store/pairs/other-distance", test_other_distance);
  ADD ("/store/pairs/begun-again", test_begun_again);
  ADD ("/store/pairs/keep", test_keep);
  ADD ("/store/pairs/variant", test_variant);
  ADD ("/store/pairs/merge", test_merge);
  ADD ("/store/pairs/trash", test_trash);
  ADD ("/store/pairs/no-pair", test_no_pair);
  ADD ("/store/pairs/too-many-tags", test_too_many_tags);
  ADD ("/store/pairs/many", test_many);
  return g_test_run ();
}
