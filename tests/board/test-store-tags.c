/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags by themselves: other names, categories, deprecated ones; lists of aliases and implications.
 */
#include "board-fixture.h"

static gint64
tag_id (BoardFixture *self, const char *name)
{
  g_autofree char *sql = g_strdup_printf ("SELECT id FROM tags WHERE name = '%s'", name);

  return board_query_number (self, sql);
}

static gint64
add_tagged (BoardFixture *self, guint content, const char *tags)
{
  g_autofree char *name = g_strdup_printf ("%u.jpg", content);
  gint64 id = board_add_post (self, name, content);

  booru_post_unref (board_edit (self->store, id, tags));
  return id;
}

static gint64
change (BoardFixture *self, gint64 tag, const BooruTagChange *wanted)
{
  g_autoptr (GError) error = NULL;
  gint64 job = 0;
  BooruTag *changed = booru_store_edit_tag (self->store, tag, wanted, 1, &job, &error);

  g_assert_no_error (error);
  booru_tag_free (changed);
  return job;
}

static gint64
rename_tag (BoardFixture *self, gint64 tag, const char *name)
{
  BooruTagChange wanted = BOORU_TAG_CHANGE_INIT;

  wanted.name = name;
  return change (self, tag, &wanted);
}

static gint64
undo (BoardFixture *self, gint64 id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruJob) job = booru_store_undo_job (self->store, id, 1, &error);

  g_assert_no_error (error);
  return job->id;
}

static void
test_rename (BoardFixture *self, gconstpointer data)
{
  gint64 post = add_tagged (self, 1, "kitty red"), other = add_tagged (self, 2, "red"), job, back;
  gint64 tag = tag_id (self, "kitty");

  job = rename_tag (self, tag, "House Cat");
  g_assert_cmpint (tag_id (self, "house_cat"), ==, tag);
  board_require_tags (self->store, post, "house_cat red");
  g_assert_cmpint (board_count (self->store, "house_cat"), ==, 1);
  g_assert_cmpint (board_count (self->store, "kitty"), ==, 1);
  booru_post_unref (board_edit (self->store, other, "kitty red"));
  board_require_tags (self->store, other, "house_cat red");
  board_require_consistent (self);

  back = undo (self, job);
  board_require_tags (self->store, post, "kitty red");
  g_assert_cmpint (board_count (self->store, "kitty"), ==, 2);
  undo (self, back);
  board_require_tags (self->store, post, "house_cat red");
  g_assert_cmpint (board_count (self->store, "kitty"), ==, 2);
  board_require_consistent (self);
}

static void
test_rename_refused (BoardFixture *self, gconstpointer data)
{
  BooruTagChange wanted = BOORU_TAG_CHANGE_INIT;
  g_autoptr (GError) error = NULL;

  add_tagged (self, 1, "kitty cat");
  booru_relation_free (booru_store_add_relation (self->store, BOORU_RELATION_ALIAS, "doggy", "dog",
                                                 "", 1, NULL, NULL));
  wanted.name = "cat";
  g_assert_null (
      booru_store_edit_tag (self->store, tag_id (self, "kitty"), &wanted, 1, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS);
  g_clear_error (&error);
  wanted.name = "doggy";
  g_assert_null (
      booru_store_edit_tag (self->store, tag_id (self, "kitty"), &wanted, 1, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS);
  g_clear_error (&error);
  wanted.name = "-";
  g_assert_null (
      booru_store_edit_tag (self->store, tag_id (self, "kitty"), &wanted, 1, NULL, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (booru_store_edit_tag (self->store, 777, &wanted, 1, NULL, NULL));
}

static void
test_category (BoardFixture *self, gconstpointer data)
{
  BooruTagChange wanted = BOORU_TAG_CHANGE_INIT;
  gint64 tag, job;

  add_tagged (self, 1, "someone");
  tag = tag_id (self, "someone");
  wanted.category = BOORU_TAG_ARTIST;
  job = change (self, tag, &wanted);
  g_assert_cmpint (board_count (self->store, "arttags:1"), ==, 1);
  /* Undone only where nobody has changed it since. */
  wanted.category = BOORU_TAG_CHARACTER;
  change (self, tag, &wanted);
  undo (self, job);
  g_assert_cmpint (board_count (self->store, "chartags:1"), ==, 1);
  g_assert_cmpint (change (self, tag, &wanted), ==, 0);
}

static void
test_deprecated (BoardFixture *self, gconstpointer data)
{
  BooruTagChange wanted = BOORU_TAG_CHANGE_INIT;
  gint64 with = add_tagged (self, 1, "cute"), without = add_tagged (self, 2, "red"), job;
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (GError) error = NULL;

  wanted.is_deprecated = TRUE;
  job = change (self, tag_id (self, "cute"), &wanted);
  edit.editor_id = 1;
  edit.tag_string = "red cute";
  g_assert_null (booru_store_edit_post (self->store, without, &edit, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "“cute” is deprecated"));
  board_require_tags (self->store, without, "red");
  /* It stays where it is. */
  booru_post_unref (board_edit (self->store, with, "cute blue"));
  board_require_tags (self->store, with, "blue cute");
  undo (self, job);
  booru_post_unref (board_edit (self->store, without, "red cute"));
  board_require_tags (self->store, without, "cute red");
}

static void
add_item (GPtrArray *items, const char *antecedent, const char *consequent)
{
  BooruRelationItem *item = g_new0 (BooruRelationItem, 1);

  item->line = items->len + 1;
  item->antecedent = g_strdup (antecedent);
  item->consequent = g_strdup (consequent);
  g_ptr_array_add (items, item);
}

static void
run_all (BoardFixture *self)
{
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (gint64));
  BooruJobStep step = { .posts = posts };

  do
    g_assert_true (booru_store_run_jobs (self->store, &step, NULL));
  while (step.job_id != 0);
}

static void
test_list (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_relation_item_free);
  gint64 first = add_tagged (self, 1, "kitten"), second = add_tagged (self, 2, "cat");
  BooruRelationReport report;
  g_autoptr (GError) error = NULL;

  booru_relation_free (booru_store_add_relation (self->store, BOORU_RELATION_ALIAS, "kitty", "cat",
                                                 "", 1, NULL, NULL));
  run_all (self);
  add_item (items, "Kitten", "kitty"); /* which is cat */
  add_item (items, "kitty", "animal");
  add_item (items, "animal", "kitten"); /* a circle */
  add_item (items, "-", "x");
  add_item (items, "cat", "animal"); /* the same again */
  add_item (items, "dog", "animal");
  booru_store_add_relations (self->store, BOORU_RELATION_IMPLICATION, items, 1, TRUE, &report,
                             &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_added, ==, 3);
  g_assert_cmpuint (report.n_known, ==, 1);
  g_assert_cmpuint (report.n_refused, ==, 2);
  g_assert_cmpint (report.n_posts, ==, 2);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM tag_implications"), ==, 0);

  booru_store_add_relations (self->store, BOORU_RELATION_IMPLICATION, items, 1, FALSE, &report,
                             &error);
  g_assert_no_error (error);
  g_assert_cmpuint (report.n_added, ==, 3);
  g_assert_cmpint (report.job_id, >, 0);
  run_all (self);
  board_require_tags (self->store, first, "animal cat kitten");
  board_require_tags (self->store, second, "animal cat");
  board_require_consistent (self);
  undo (self, report.job_id);
  run_all (self);
  board_require_tags (self->store, first, "kitten");
  board_require_tags (self->store, second, "cat");
  board_require_consistent (self);
}

static void
test_list_of_aliases (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) items
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_relation_item_free);
  gint64 post = add_tagged (self, 1, "a");
  BooruRelationReport report;

  add_item (items, "a", "b");
  add_item (items, "b", "c");
  add_item (items, "c", "a");
  add_item (items, "a", "d");
  g_assert_true (booru_store_add_relations (self->store, BOORU_RELATION_ALIAS, items, 1, FALSE,
                                            &report, NULL));
  g_assert_cmpuint (report.n_added, ==, 2);
  g_assert_cmpuint (report.n_refused, ==, 1);
  g_assert_cmpuint (report.n_known, ==, 1);
  run_all (self);
  board_require_tags (self->store, post, "c");
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (BoardFixture *self, gconstpointer data);
  } tests[] = {
    { "/store/tags/rename", test_rename },
    { "/store/tags/rename-refused", test_rename_refused },
    { "/store/tags/category", test_category },
    { "/store/tags/deprecated", test_deprecated },
    { "/store/tags/list", test_list },
    { "/store/tags/list-of-aliases", test_list_of_aliases },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, BoardFixture, NULL, board_fixture_set_up, tests[i].test,
                board_fixture_tear_down);
  return g_test_run ();
}
