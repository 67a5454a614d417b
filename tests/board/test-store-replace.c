/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files whose content is replaced: what the new post takes over from the old one. */
#include "board-fixture.h"

static BooruPost *
get_post (BoardFixture *self, gint64 id)
{
  g_autoptr (GError) error = NULL;
  BooruPost *post = booru_store_get_post (self->store, id, &error);

  g_assert_no_error (error);
  return post;
}

static void
require_heir (BoardFixture *self, gint64 id, gint64 former)
{
  g_autoptr (BooruPost) post = get_post (self, id);

  g_assert_cmpint (id, !=, former);
  board_require_tags (self->store, id, "sky tree");
  g_assert_cmpint (post->rating, ==, 'q');
  g_assert_cmpstr (post->source, ==, "x");
  g_assert_cmpint (post->parent_id, ==, former);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_ACTIVE);
}

static gint64
add_tagged (BoardFixture *self, const char *path, guint content)
{
  gint64 id = board_add_post (self, path, content);

  booru_post_unref (board_edit (self->store, id, "sky tree rating:q source:x"));
  return id;
}

static void
test_in_place (BoardFixture *self, gconstpointer data)
{
  gint64 former = add_tagged (self, "a.jpg", 1);
  gint64 id = board_add_post (self, "a.jpg", 2);
  g_autoptr (BooruPost) undone = NULL;

  require_heir (self, id, former);
  g_assert_cmpint (board_status (self, former), ==, BOORU_POST_MISSING);
  g_assert_cmpint (board_tag_count (self, "sky"), ==, 1);
  g_assert_cmpint (
      board_query_number (self, "SELECT action FROM post_versions ORDER BY id DESC LIMIT 1"), ==,
      BOORU_ACTION_INHERIT);
  board_require_consistent (self);

  /* The old content back: its post, as it was. The other keeps what it took over. */
  g_assert_cmpint (board_add_post (self, "a.jpg", 1), ==, former);
  g_assert_cmpint (board_status (self, former), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_MISSING);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions"), ==, 2);

  undone = booru_store_undo_version (self->store, 2, BOORU_USER_OWNER, NULL);
  g_assert_cmpuint (undone->tags->len, ==, 0);
  g_assert_cmpint (undone->parent_id, ==, 0);
  board_require_consistent (self);
}

static void
test_one_of_two_copies (BoardFixture *self, gconstpointer data)
{
  gint64 former = add_tagged (self, "a.jpg", 1), id;

  board_apply (self, board_add (self, "copy.jpg", 1), NULL);
  id = board_add_post (self, "copy.jpg", 2);
  require_heir (self, id, former);
  g_assert_cmpint (board_status (self, former), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (board_tag_count (self, "sky"), ==, 2);
  board_require_consistent (self);
}

/* Half-way through being written a file cannot be read. */
static void
test_unreadable_between (BoardFixture *self, gconstpointer data)
{
  gint64 former = add_tagged (self, "a.jpg", 1);
  BooruFileChange *failure = board_add (self, "a.jpg", 2);

  failure->kind = BOORU_FILE_FAIL;
  failure->failure = g_strdup ("truncated");
  board_apply (self, failure, NULL);
  g_assert_cmpint (board_status (self, former), ==, BOORU_POST_MISSING);
  require_heir (self, board_add_post (self, "a.jpg", 3), former);
  board_require_consistent (self);
}

/* As many programs save: beside the file, then renamed over it. */
static void
test_renamed_over (BoardFixture *self, gconstpointer data)
{
  gint64 former = add_tagged (self, "a.jpg", 1), id = board_add_post (self, "a.new.jpg", 2);
  BooruFileChange *move = board_add (self, "a.jpg", 2);

  move->kind = BOORU_FILE_MOVE;
  move->file_id = board_file_id (self, "a.new.jpg");
  board_apply (self, move, NULL);
  require_heir (self, id, former);
  g_assert_cmpint (board_status (self, former), ==, BOORU_POST_MISSING);
  board_require_consistent (self);
}

static void
move_over (BoardFixture *self, const char *from, const char *to, guint content)
{
  BooruFileChange *move = board_add (self, to, content);

  move->kind = BOORU_FILE_MOVE;
  move->file_id = board_file_id (self, from);
  board_apply (self, move, NULL);
}

/* A picture with a life of its own takes nothing over by being renamed. */
static void
test_not_renamed_over (BoardFixture *self, gconstpointer data)
{
  gint64 one = add_tagged (self, "1.jpg", 1), two = board_add_post (self, "2.jpg", 2);
  gint64 three = board_add_post (self, "3.jpg", 3);
  g_autoptr (BooruPost) second = NULL, third = NULL;

  booru_post_unref (board_edit (self->store, two, "lake"));
  move_over (self, "2.jpg", "1.jpg", 2);
  board_require_tags (self->store, two, "lake");
  second = get_post (self, two);
  g_assert_cmpint (second->parent_id, ==, 0);
  g_assert_cmpint (board_status (self, one), ==, BOORU_POST_MISSING);

  /* Nor one that has been there for long. */
  board_execute (self, "UPDATE posts SET created_at = created_at - 3600000000");
  move_over (self, "3.jpg", "1.jpg", 3);
  third = get_post (self, three);
  g_assert_cmpuint (third->tags->len, ==, 0);
  g_assert_cmpint (third->parent_id, ==, 0);
  board_require_consistent (self);
}

/* Names that change round: each picture goes on with its own tags. */
static void
test_swapped (BoardFixture *self, gconstpointer data)
{
  gint64 one = add_tagged (self, "1.jpg", 1), two = board_add_post (self, "2.jpg", 2);
  BooruFileChange *there = board_add (self, "2.jpg", 1), *back = board_add (self, "1.jpg", 2);
  g_autoptr (BooruPost) second = NULL;

  there->kind = back->kind = BOORU_FILE_LINK;
  there->post_id = one;
  back->post_id = two;
  board_apply (self, there, back, NULL);
  second = get_post (self, two);
  g_assert_cmpuint (second->tags->len, ==, 0);
  g_assert_cmpint (second->parent_id, ==, 0);
  board_require_tags (self->store, one, "sky tree");
  board_require_consistent (self);
}

/* Edited again and again: each is the child of the one before. */
static void
test_chain (BoardFixture *self, gconstpointer data)
{
  gint64 first = add_tagged (self, "a.jpg", 1), second = board_add_post (self, "a.jpg", 2);
  gint64 third = board_add_post (self, "a.jpg", 3);

  g_autoptr (BooruPost) between = get_post (self, second);

  g_assert_cmpint (between->parent_id, ==, first);
  require_heir (self, third, second);
  board_require_consistent (self);
}

#define ADD(path, test)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, test, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/replace/in-place", test_in_place);
  ADD ("/store/replace/one-of-two-copies", test_one_of_two_copies);
  ADD ("/store/replace/unreadable-between", test_unreadable_between);
  ADD ("/store/replace/renamed-over", test_renamed_over);
  ADD ("/store/replace/not-renamed-over", test_not_renamed_over);
  ADD ("/store/replace/swapped", test_swapped);
  ADD ("/store/replace/chain", test_chain);
  return g_test_run ();
}
