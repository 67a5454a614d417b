/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What others learn of a write: by the log of changes, and through what they have cached. */
#include "board-fixture.h"
#include "board/store/booru-store-changes-private.h"
#include "board/store/booru-store-tags-private.h"

/* A follower of the log. */
typedef struct
{
  guint64 generation;
  gboolean all;
} Follower;

/* "2-4 7-7 ": ranges of ids, in their order; "all". */
static void
require_changes (BooruStore *store, Follower *self, BooruChangeKind kind, const char *expected)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  booru_store_list_changes (store, kind, &self->generation, ranges, &self->all, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruChangedRange *range = &g_array_index (ranges, BooruChangedRange, i);

      g_assert_cmpuint (range->generation, <=, self->generation);
      g_string_append_printf (text, "%d-%d ", (int)range->first, (int)range->last);
    }
  g_assert_cmpstr (self->all ? "all" : text->str, ==, expected);
}

static void
test_log (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruStore) other = board_fixture_open (self);
  gint64 id = board_add_post (self, "a.jpg", 1);
  Follower tags = { 0 }, posts = { 0 }, everything = { 0 }, uses = { 0 };

  require_changes (other, &tags, BOORU_CHANGE_TAG, "all");
  require_changes (other, &everything, BOORU_CHANGE_ANY, "all");
  require_changes (other, &posts, BOORU_CHANGE_POST, "all");
  board_add_post (self, "b.jpg", 2);
  board_add_post (self, "c.jpg", 3);
  booru_post_unref (board_edit (self->store, id, "sky"));
  booru_post_unref (board_edit (self->store, id, "sky tree lake"));
  booru_post_unref (board_edit (self->store, id, "sky"));

  require_changes (other, &posts, BOORU_CHANGE_POST, "2-2 3-3 1-1 1-1 1-1 ");
  require_changes (other, &everything, BOORU_CHANGE_ANY,
                   "2-2 3-3 1-1 1-1 1-1 1-1 2-3 2-3 1-1 2-3 2-3 ");
  require_changes (other, &tags, BOORU_CHANGE_TAG, "1-1 2-3 2-3 ");
  require_changes (other, &tags, BOORU_CHANGE_TAG, "");

  /* Which tags posts have, not how many. */
  require_changes (other, &uses, BOORU_CHANGE_USE, "all");
  booru_post_unref (board_edit (self->store, 2, "sky"));
  require_changes (other, &uses, BOORU_CHANGE_USE, "");
  booru_post_unref (board_edit (self->store, 2, "tree"));
  booru_post_unref (board_edit (self->store, id, "tree"));
  require_changes (other, &uses, BOORU_CHANGE_USE, "3-3 1-1 ");
}

/* A backup was put back. */
static void
test_back (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  Follower tags = { 0 };

  require_changes (self->store, &tags, BOORU_CHANGE_TAG, "all");
  booru_post_unref (board_edit (self->store, id, "sky"));
  require_changes (self->store, &tags, BOORU_CHANGE_TAG, "1-1 ");
  board_execute (self, "UPDATE board SET generation = generation - 1");
  require_changes (self->store, &tags, BOORU_CHANGE_TAG, "all");
}

/* Who was away for longer than the log lasts has to begin anew. */
static void
test_forgotten (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  Follower awake = { 0 }, asleep = { 0 };

  require_changes (self->store, &asleep, BOORU_CHANGE_TAG, "all");
  booru_post_unref (board_edit (self->store, id, "sky"));
  booru_post_unref (board_edit (self->store, id, "tree"));
  require_changes (self->store, &awake, BOORU_CHANGE_TAG, "all");
  board_execute (self, "DELETE FROM changes "
                       "WHERE generation < (SELECT max (generation) FROM changes)");
  board_execute (self, "UPDATE board SET generation = generation + 5");
  require_changes (self->store, &awake, BOORU_CHANGE_TAG, "");
  require_changes (self->store, &asleep, BOORU_CHANGE_TAG, "all");
}

static void
set_ages (BoardFixture *self, const char *days)
{
  g_auto (GStrv) ages = g_strsplit (days, " ", -1);
  gint64 now = g_get_real_time ();

  board_execute (self, "DELETE FROM changes");
  for (guint i = 0; ages[i]; i++)
    {
      g_autofree char *sql = g_strdup_printf (
          "INSERT INTO changes VALUES (%u, %d, 1, 1, NULL, %" G_GINT64_FORMAT ")", i + 1,
          BOORU_CHANGE_POST, now - g_ascii_strtoll (ages[i], NULL, 10) * G_TIME_SPAN_DAY);

      board_execute (self, sql);
    }
}

/* The log is forgotten from its beginning, without gaps and not to the end, whatever the clock said
 * when it was written. */
static void
test_pruned (BoardFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *ages, *left;
  } cases[] = {
    { "9 8 6 5", "34" },  { "30 20 10", "3" },        { "1 1", "12" },
    { "9 1 9 1", "234" }, { "9 -400 9 9 1 0", "56" }, { "9 8 -400", "3" },
  };
  g_autoptr (GError) error = NULL;
  gboolean more = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *left = NULL;

      set_ages (self, cases[i].ages);
      g_assert_true (booru_store_prune_changes (self->store, &error));
      g_assert_no_error (error);
      left = board_query_text (
          self, "SELECT replace (group_concat (CAST (generation AS text)), ',', '') FROM changes");
      g_assert_cmpstr (left, ==, cases[i].left);
    }

  /* Whoever writes the search index sees to it. */
  set_ages (self, "9 8 1");
  while (more)
    g_assert_true (booru_store_write_index (self->store, FALSE, &more, NULL));
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM changes"), ==, 1);
}

static gboolean
move_sky (BooruStore *store, gpointer data, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) ids = booru_id_list_new ();
  const BooruTagRef *tag;

  g_hash_table_insert (names, (gpointer) "sky", GINT_TO_POINTER (BOORU_TAG_META + 1));
  g_assert_true (booru_store_tags_ensure (store, names, FALSE, 1, ids, error));
  tag = booru_store_tag_lookup (store, g_array_index (ids, gint64, 0), error);
  g_assert_cmpint (tag->category, ==, BOORU_TAG_META);
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_FAILED, "It was not meant");
  return FALSE;
}

/* What a write saw of itself is forgotten if it is undone. */
static void
test_undone (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruStore) fresh = board_fixture_open (self);
  gint64 id = board_add_post (self, "a.jpg", 1);
  g_autoptr (BooruPost) edited = board_edit (self->store, id, "sky");
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = NULL;

  g_assert_false (booru_store_write (fresh, BOORU_SQL_NORMAL, move_sky, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_FAILED);
  g_clear_error (&error);
  post = booru_store_get_post (fresh, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (((BooruTagRef *)post->tags->pdata[0])->category, ==, BOORU_TAG_GENERAL);
}

/* A server that crashed has lost an edit and given its generation to something else: what was kept
 * of the edit is dropped with the connection, though the generation says that it is up to date. */
static void
test_history (BoardFixture *self, gconstpointer data)
{
  gint64 id;
  guint64 generation = 0, history = 0;
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  gboolean all, same;

  if (self->database == NULL)
    {
      g_test_skip ("a file is not lost while it is open");
      return;
    }
  id = board_add_post (self, "a.jpg", 1);
  booru_post_unref (board_edit (self->store, id, "kept"));
  booru_post_unref (board_edit (self->store, id, "lost"));
  g_assert_cmpint (board_count (self->store, "lost"), ==, 1);
  g_assert_true (
      booru_store_list_changes (self->store, BOORU_CHANGE_ANY, &generation, ranges, &all, NULL));
  g_assert_true (booru_store_check_history (self->store, &history, &same, NULL));
  g_assert_true (same);

  board_execute (self, "UPDATE posts SET tags = (SELECT tags_before FROM post_versions"
                       " ORDER BY id DESC LIMIT 1);"
                       "UPDATE tags SET post_count = CASE name WHEN 'kept' THEN 1 ELSE 0 END;"
                       "UPDATE changes SET created_at = created_at + 1"
                       " WHERE generation = (SELECT max (generation) FROM changes);"
                       "SELECT pg_terminate_backend (pid) FROM pg_stat_activity"
                       " WHERE datname = current_database () AND pid <> pg_backend_pid ()");
  g_test_expect_message (NULL, G_LOG_LEVEL_MESSAGE, "*lost its last writes*");
  g_assert_cmpint (board_count (self->store, "lost"), ==, 0);
  g_test_assert_expected_messages ();
  g_assert_cmpint (board_count (self->store, "kept"), ==, 1);
  board_require_tags (self->store, id, "kept");
  g_assert_true (booru_store_check_history (self->store, &history, &same, NULL));
  g_assert_false (same);
  g_assert_true (booru_store_check_history (self->store, &history, &same, NULL));
  g_assert_true (same);
}

typedef struct
{
  GMainLoop *loop;
  gint64 post;
  guint n_told;
} Listener;

static void
on_changes (const GArray *ranges, gboolean all, gpointer user_data)
{
  Listener *self = user_data;

  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruChangedRange *range = &g_array_index (ranges, BooruChangedRange, i);

      self->n_told += range->kind == BOORU_CHANGE_POST && range->first <= self->post
                      && self->post <= range->last;
    }
  if (self->n_told > 0)
    g_main_loop_quit (self->loop);
}

static gboolean
on_too_late (gpointer user_data)
{
  g_error ("nothing was told of a change");
  return G_SOURCE_REMOVE;
}

/* What another process writes is told while nothing is asked; also on a connection that was made
 * anew meanwhile. */
static void
test_feed (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruStore) other = board_fixture_open (self);
  Listener listener = { NULL, 0, 0 };
  guint limit;

  if (self->database == NULL)
    {
      g_test_skip ("SQLite tells nobody");
      return;
    }
  listener.loop = g_main_loop_new (NULL, FALSE);
  listener.post = board_add_post (self, "a.jpg", 1);
  booru_store_watch_changes (other, on_changes, &listener);
  limit = g_timeout_add_seconds (20, on_too_late, NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *tag = g_strdup_printf ("tag%u", i);

      /* The first look, from which on changes are told. */
      if (i == 0)
        g_main_context_iteration (NULL, TRUE);
      if (i == 2)
        board_execute (self, "SELECT pg_terminate_backend (pid) FROM pg_stat_activity"
                             " WHERE datname = current_database () AND pid <> pg_backend_pid ()");
      listener.n_told = 0;
      booru_post_unref (board_edit (self->store, listener.post, tag));
      g_main_loop_run (listener.loop);
    }
  g_source_remove (limit);
  g_main_loop_unref (listener.loop);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/changes/log", test_log);
  ADD ("/store/changes/back", test_back);
  ADD ("/store/changes/forgotten", test_forgotten);
  ADD ("/store/changes/pruned", test_pruned);
  ADD ("/store/changes/undone", test_undone);
  ADD ("/store/changes/history", test_history);
  ADD ("/store/changes/feed", test_feed);
  return g_test_run ();
}
