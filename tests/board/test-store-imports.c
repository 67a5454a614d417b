/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What sidecars and rules say, merged with what users did. */
#include "board-fixture.h"

static BooruImport *
import_of (const char *tags, char rating, const char *source)
{
  BooruImport *import = booru_import_new (BOORU_IMPORT_SIDECAR);

  import->tags = g_strdup (tags);
  import->rating = rating;
  import->source = g_strdup (source);
  import->note = g_strdup ("a.jpg.json");
  return import;
}

/* Takes @import. */
static BooruFileChange *
with_import (BooruFileChange *change, BooruImport *import)
{
  if (change->imports == NULL)
    change->imports = booru_imports_new ();
  g_ptr_array_add (change->imports, import);
  return change;
}

static void
say_of (BoardFixture *self, const char *path, const char *tags, char rating, const char *source)
{
  BooruFileChange *change = board_change (BOORU_FILE_IMPORT, board_file_id (self, path));

  board_apply (self, with_import (change, import_of (tags, rating, source)), NULL);
}

static void
say (BoardFixture *self, const char *tags)
{
  say_of (self, "a.jpg", tags, 0, NULL);
}

static gint64
add_saying (BoardFixture *self, const char *path, guint content, const char *tags)
{
  BooruFileChange *change = board_add (self, path, content);
  g_autoptr (BooruFile) file = NULL;

  with_import (change, import_of (tags, 'e', "https://example.org/1"));
  board_apply (self, change, NULL);
  file = booru_store_find_file (self->store, self->folder->id, path, NULL);
  return file->post_id;
}

static void
require_rating (BoardFixture *self, gint64 id, char rating, const char *source)
{
  g_autoptr (BooruPost) post = booru_store_get_post (self->store, id, NULL);

  g_assert_cmpint (post->rating, ==, rating);
  g_assert_cmpstr (post->source, ==, source);
}

static void
edit (BoardFixture *self, gint64 id, char rating, const char *source)
{
  BooruPostEdit change = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruPost) post = NULL;

  change.rating = rating;
  change.source = source;
  post = booru_store_edit_post (self->store, id, &change, NULL);
  g_assert_nonnull (post);
}

static void
test_new_post (BoardFixture *self, gconstpointer data)
{
  gint64 id = add_saying (self, "a.jpg", 1, "sky artist:someone character:x_(y) -bad a,b *");
  g_autofree char *note = NULL;

  board_require_tags (self->store, id, "a b sky someone x_(y)");
  require_rating (self, id, 'e', "https://example.org/1");
  g_assert_cmpint (board_count (self->store, "sky rating:e"), ==, 1);
  g_assert_cmpint (board_tag_count (self, "sky"), ==, 1);
  g_assert_cmpint (board_query_number (self, "SELECT category FROM tags WHERE name = 'someone'"),
                   ==, BOORU_TAG_ARTIST);
  note = board_query_text (self, "SELECT note FROM post_versions");
  g_assert_cmpstr (note, ==, "a.jpg.json");
  board_require_consistent (self);
}

static void
test_merge (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);

  say (self, "one two three");
  board_require_tags (self->store, id, "one three two");
  booru_post_unref (board_edit (self->store, id, "two three mine"));

  /* The user took "one" away and gave "mine". */
  say (self, "one two three four");
  board_require_tags (self->store, id, "four mine three two");
  /* "two" is said no longer; "mine" is said now, too. */
  say (self, "one three four mine");
  board_require_tags (self->store, id, "four mine three");
  /* What the user gave stays when the sidecar stops to say it, and when it is gone altogether. */
  say (self, "");
  board_require_tags (self->store, id, "mine");
  /* It comes back, and what was taken away by hand still stays away. */
  say (self, "one three mine");
  board_require_tags (self->store, id, "mine three");
  board_require_consistent (self);
}

static void
test_user_gives_back (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);

  say (self, "one");
  booru_post_unref (board_edit (self->store, id, ""));
  say (self, "one");
  board_require_tags (self->store, id, "");
  booru_post_unref (board_edit (self->store, id, "one"));
  say (self, "one two");
  board_require_tags (self->store, id, "one two");
  say (self, "two");
  board_require_tags (self->store, id, "one two");
}

static void
test_rating_and_source (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1), other = board_add_post (self, "b.jpg", 2);

  say_of (self, "a.jpg", "", 's', "https://example.org/1");
  require_rating (self, id, 's', "https://example.org/1");
  say_of (self, "a.jpg", "", 'q', "https://example.org/2");
  require_rating (self, id, 'q', "https://example.org/2");
  say (self, "");
  require_rating (self, id, 'q', "https://example.org/2");
  edit (self, id, 'e', "");
  say_of (self, "a.jpg", "", 'g', "https://example.org/3");
  require_rating (self, id, 'e', "");

  /* Set by a user before anything was said. */
  edit (self, other, 'e', "mine");
  edit (self, other, 'g', "");
  say_of (self, "b.jpg", "", 'q', "https://example.org/4");
  require_rating (self, other, 'g', "");
  board_require_consistent (self);
}

/* Two files of one post, with a sidecar each. */
static void
test_copies (BoardFixture *self, gconstpointer data)
{
  gint64 id = add_saying (self, "a.jpg", 1, "both first");

  add_saying (self, "b.jpg", 1, "both second");
  board_require_tags (self->store, id, "both first second");
  say (self, "first");
  board_require_tags (self->store, id, "both first second");
  say_of (self, "b.jpg", "second", 0, NULL);
  booru_post_unref (board_edit (self->store, id, "first"));
  say (self, "first second");
  board_require_tags (self->store, id, "first");
  board_require_consistent (self);
}

/* Gone and back under another name: it is remembered what was taken away. */
static void
test_return (BoardFixture *self, gconstpointer data)
{
  gint64 id = add_saying (self, "a.jpg", 1, "one two three");

  booru_post_unref (board_edit (self->store, id, "one two"));
  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "a.jpg")), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_MISSING);
  add_saying (self, "c.jpg", 1, "one three");
  board_require_tags (self->store, id, "one");
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_imports"), ==, 1);
  board_require_consistent (self);
}

/* The content at a path becomes another: that post has what the old one had, and its own. */
static void
test_replaced (BoardFixture *self, gconstpointer data)
{
  gint64 first = add_saying (self, "a.jpg", 1, "one"), second;

  second = add_saying (self, "a.jpg", 2, "two");
  g_assert_cmpint (first, !=, second);
  board_require_tags (self->store, first, "one");
  board_require_tags (self->store, second, "one two");
  add_saying (self, "b.jpg", 1, "three");
  board_require_tags (self->store, first, "three");
  board_require_consistent (self);
}

/* A picture is edited in place, and its sidecar still says what a user has corrected. */
static void
test_edited_file (BoardFixture *self, gconstpointer data)
{
  gint64 first = add_saying (self, "a.jpg", 1, "one two"), second;

  edit (self, first, 's', "mine");
  booru_post_unref (board_edit (self->store, first, "two mine"));
  second = add_saying (self, "a.jpg", 2, "one two three");
  g_assert_cmpint (first, !=, second);
  board_require_tags (self->store, second, "mine three two");
  require_rating (self, second, 's', "mine");
  say (self, "one two");
  board_require_tags (self->store, second, "mine two");
  board_require_consistent (self);
}

static gint64
category_of (BoardFixture *self, const char *name)
{
  g_autofree char *sql = g_strdup_printf ("SELECT category FROM tags WHERE name = '%s'", name);

  return board_query_number (self, sql);
}

static void
test_categories (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);

  booru_post_unref (board_edit (self->store, id, "plain artist:moved character:kept"));
  booru_post_unref (board_edit (self->store, id, "plain general:moved kept"));
  say (self, "artist:plain artist:moved artist:kept meta:fresh");
  g_assert_cmpint (category_of (self, "plain"), ==, BOORU_TAG_ARTIST);
  g_assert_cmpint (category_of (self, "moved"), ==, BOORU_TAG_GENERAL);
  g_assert_cmpint (category_of (self, "kept"), ==, BOORU_TAG_CHARACTER);
  g_assert_cmpint (category_of (self, "fresh"), ==, BOORU_TAG_META);
  board_require_consistent (self);
}

/* A sidecar and a rule for the same file. */
static void
test_origins (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  BooruFileChange *change = board_change (BOORU_FILE_IMPORT, board_file_id (self, "a.jpg"));
  BooruImport *rule = import_of ("both rule", 'q', NULL);

  g_free (rule->origin);
  rule->origin = g_strdup (BOORU_IMPORT_FOLDER);
  with_import (with_import (change, import_of ("both one", 's', NULL)), rule);
  board_apply (self, change, NULL);
  board_require_tags (self->store, id, "both one rule");
  require_rating (self, id, 's', "");
  say (self, "one");
  board_require_tags (self->store, id, "both one rule");
  say (self, "");
  board_require_tags (self->store, id, "both rule");
  board_require_consistent (self);
}

static void
test_same_batch (BoardFixture *self, gconstpointer data)
{
  BooruFileChange *first = board_add (self, "a.jpg", 1), *second = board_add (self, "b.jpg", 1),
                  *third = board_add (self, "c.jpg", 3);

  with_import (first, import_of ("artist:fresh shared", 's', NULL));
  with_import (second, import_of ("fresh other", 0, NULL));
  with_import (third, import_of ("shared", 0, NULL));
  board_apply (self, first, second, third, NULL);
  board_require_tags (self->store, 1, "fresh other shared");
  g_assert_cmpint (board_tag_count (self, "shared"), ==, 2);
  board_require_consistent (self);
}

static void
test_bounds (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GString) many = g_string_new (NULL);
  gint64 id = board_add_post (self, "a.jpg", 1);
  g_autoptr (BooruPost) post = NULL;
  g_autofree char *long_source = g_strnfill (10000, 'x');

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (many, "tag_%u ", i);
  say_of (self, "a.jpg", many->str, 0, long_source);
  post = booru_store_get_post (self->store, id, NULL);
  g_assert_cmpuint (post->tags->len, ==, 1000);
  g_assert_cmpstr (post->source, ==, "");
  board_require_consistent (self);
}

/* What is said again changes nothing, and nobody is to hear of it. */
static void
test_again (BoardFixture *self, gconstpointer data)
{
  gint64 id = add_saying (self, "a.jpg", 1, "one two");
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  BooruFileChange *same = board_change (BOORU_FILE_IMPORT, board_file_id (self, "a.jpg"));
  BooruFileChange *other = board_change (BOORU_FILE_IMPORT, board_file_id (self, "a.jpg"));
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (changes,
                   with_import (same, import_of ("one two", 'e', "https://example.org/1")));
  g_ptr_array_add (changes, with_import (other, import_of ("one", 'e', NULL)));
  booru_store_apply_file_changes (self->store, changes, &error);
  g_assert_no_error (error);
  g_assert_cmpint (same->post_id, ==, 0);
  g_assert_cmpint (other->post_id, ==, id);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions"), ==, 2);
}

static void
test_nothing (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);

  say (self, "");
  say (self, NULL);
  board_require_tags (self->store, id, "");
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_imports"), ==, 0);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions"), ==, 0);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/imports/new-post", test_new_post);
  ADD ("/store/imports/merge", test_merge);
  ADD ("/store/imports/user-gives-back", test_user_gives_back);
  ADD ("/store/imports/rating-and-source", test_rating_and_source);
  ADD ("/store/imports/copies", test_copies);
  ADD ("/store/imports/return", test_return);
  ADD ("/store/imports/replaced", test_replaced);
  ADD ("/store/imports/edited-file", test_edited_file);
  ADD ("/store/imports/categories", test_categories);
  ADD ("/store/imports/origins", test_origins);
  ADD ("/store/imports/same-batch", test_same_batch);
  ADD ("/store/imports/bounds", test_bounds);
  ADD ("/store/imports/again", test_again);
  ADD ("/store/imports/nothing", test_nothing);
  return g_test_run ();
}
