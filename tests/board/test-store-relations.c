/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Aliases and implications: what follows from them for edits, imports and searches, and which are
 * refused. */
#include "board-fixture.h"

static gint64
relate (BoardFixture *self, BooruRelationKind kind, const char *antecedent, const char *consequent)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruRelation) relation
      = booru_store_add_relation (self->store, kind, antecedent, consequent, "", 1, NULL, &error);

  g_assert_no_error (error);
  return relation->id;
}

static gint64
alias (BoardFixture *self, const char *antecedent, const char *consequent)
{
  return relate (self, BOORU_RELATION_ALIAS, antecedent, consequent);
}

static gint64
imply (BoardFixture *self, const char *antecedent, const char *consequent)
{
  return relate (self, BOORU_RELATION_IMPLICATION, antecedent, consequent);
}

static void
require_refused (BoardFixture *self,
                 BooruRelationKind kind,
                 const char *antecedent,
                 const char *consequent,
                 BooruError code,
                 const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruRelation) relation
      = booru_store_add_relation (self->store, kind, antecedent, consequent, "", 1, NULL, &error);

  g_assert_null (relation);
  g_assert_error (error, BOORU_ERROR, (int)code);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” is not in: %s", part, error->message);
}

static void
edit (BoardFixture *self, gint64 id, const char *tags)
{
  booru_post_unref (board_edit (self->store, id, tags));
}

/* As a form sends it: with what was shown. */
static void
edit_seen (BoardFixture *self, gint64 id, const char *tags, const char *seen)
{
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  g_autoptr (GError) error = NULL;
  BooruPost *post;

  wanted.editor_id = 1;
  wanted.tag_string = tags;
  wanted.old_tag_string = seen;
  post = booru_store_edit_post (self->store, id, &wanted, &error);
  g_assert_no_error (error);
  booru_post_unref (post);
}

static void
test_alias (BoardFixture *self, gconstpointer data)
{
  gint64 old = board_add_post (self, "a.jpg", 1), later = board_add_post (self, "b.jpg", 2);

  edit (self, old, "kitty blue");
  alias (self, "Kitty", "cat");
  edit (self, later, "kitty red");
  board_require_tags (self->store, later, "cat red");
  /* Either name finds what is tagged with either. */
  g_assert_cmpint (board_count (self->store, "cat"), ==, 2);
  g_assert_cmpint (board_count (self->store, "kitty"), ==, 2);
  g_assert_cmpint (board_count (self->store, "-kitty"), ==, 0);
  g_assert_cmpint (board_count (self->store, "kitty red"), ==, 1);
  /* A post that is edited takes the tag that it means. */
  edit_seen (self, old, "kitty blue green", "kitty blue");
  board_require_tags (self->store, old, "blue cat green");
  edit_seen (self, old, "blue green -kitty", "blue cat green");
  board_require_tags (self->store, old, "blue green");
  board_require_consistent (self);
}

static void
test_chain (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  gint64 middle;
  g_autofree char *resolved = NULL;

  alias (self, "a", "b");
  middle = alias (self, "b", "c");
  alias (self, "x", "b");
  edit (self, id, "a");
  board_require_tags (self->store, id, "c");
  g_assert_cmpint (board_count (self->store, "x"), ==, 1);
  /* What was made by way of another stays when that goes. */
  booru_relation_free (
      booru_store_remove_relation (self->store, BOORU_RELATION_ALIAS, middle, 1, NULL, NULL));
  g_assert_true (booru_store_resolve_alias (self->store, "x", &resolved, NULL));
  g_assert_cmpstr (resolved, ==, "c");
  edit (self, id, "a");
  board_require_tags (self->store, id, "b");
}

static void
test_circles (BoardFixture *self, gconstpointer data)
{
  const BooruRelationKind is = BOORU_RELATION_ALIAS, implies = BOORU_RELATION_IMPLICATION;

  require_refused (self, is, "a", "A", BOORU_ERROR_INVALID, "itself");
  require_refused (self, implies, "a", "a", BOORU_ERROR_INVALID, "itself");
  require_refused (self, is, "a", "-", BOORU_ERROR_INVALID, "");
  alias (self, "a", "b");
  alias (self, "b", "c");
  require_refused (self, is, "c", "a", BOORU_ERROR_INVALID, "c → a → b → c");
  require_refused (self, is, "a", "b", BOORU_ERROR_EXISTS, "already");
  require_refused (self, is, "a", "d", BOORU_ERROR_EXISTS, "“b” already");
  imply (self, "kitten", "cat");
  imply (self, "cat", "animal");
  require_refused (self, implies, "animal", "kitten", BOORU_ERROR_INVALID,
                   "animal → kitten → cat → animal");
  require_refused (self, implies, "kitten", "cat", BOORU_ERROR_EXISTS, "already");
  /* One tag cannot both be another and imply it. */
  require_refused (self, is, "kitten", "animal", BOORU_ERROR_INVALID, "kitten → cat → animal");
  require_refused (self, is, "animal", "kitten", BOORU_ERROR_INVALID, "kitten → cat → animal");
  require_refused (self, implies, "a", "c", BOORU_ERROR_INVALID, "the same tag");
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM tag_aliases"), ==, 2);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM tag_implications"), ==, 2);
}

static void
test_implication (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);

  imply (self, "kitten", "cat");
  imply (self, "cat", "animal");
  alias (self, "kitty", "kitten");
  edit (self, id, "kitty");
  board_require_tags (self->store, id, "animal cat kitten");
  g_assert_cmpint (board_tag_count (self, "animal"), ==, 1);
  g_assert_cmpint (board_count (self->store, "animal"), ==, 1);
  /* What a person takes away stays away … */
  edit_seen (self, id, "cat kitten", "animal cat kitten");
  board_require_tags (self->store, id, "cat kitten");
  edit_seen (self, id, "cat kitten red", "cat kitten");
  board_require_tags (self->store, id, "cat kitten red");
  /* … and what a person leaves stays. */
  edit (self, id, "cat red");
  board_require_tags (self->store, id, "cat red");
  edit (self, id, "cat red animal");
  board_require_tags (self->store, id, "animal cat red");
  board_require_consistent (self);
}

static void
test_refused_at_once (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);

  imply (self, "cat", "animal");
  edit (self, id, "cat -animal");
  board_require_tags (self->store, id, "cat");
  edit_seen (self, id, "cat red", "cat");
  board_require_tags (self->store, id, "cat red");
}

static void
test_undo (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1), version;

  imply (self, "cat", "animal");
  edit (self, id, "red");
  edit_seen (self, id, "red cat", "red");
  board_require_tags (self->store, id, "animal cat red");
  version = board_query_number (self, "SELECT max (id) FROM post_versions");
  booru_post_unref (booru_store_undo_version (self->store, version, 1, NULL));
  board_require_tags (self->store, id, "red");
  /* It was the cat that was taken away, not the animal. */
  edit_seen (self, id, "red cat", "red");
  board_require_tags (self->store, id, "animal cat red");
}

static BooruFileChange *
say (BoardFixture *self, const char *path, guint content, const char *tags)
{
  BooruFileChange *change = board_add (self, path, content);
  BooruImport *import = booru_import_new (BOORU_IMPORT_SIDECAR);

  import->tags = g_strdup (tags);
  change->imports = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_import_free);
  g_ptr_array_add (change->imports, import);
  return change;
}

static void
test_imports (BoardFixture *self, gconstpointer data)
{
  gint64 id;

  imply (self, "cat", "animal");
  alias (self, "kitty", "cat");
  board_apply (self, say (self, "a.jpg", 1, "kitty red"), NULL);
  id = board_query_number (self, "SELECT max (id) FROM posts");
  board_require_tags (self->store, id, "animal cat red");
  /* What nobody says any more, and nothing implies, goes. */
  board_apply (self, say (self, "a.jpg", 1, "red"), NULL);
  board_require_tags (self->store, id, "red");
  board_apply (self, say (self, "a.jpg", 1, "cat red"), NULL);
  edit_seen (self, id, "cat red", "animal cat red");
  board_apply (self, say (self, "a.jpg", 1, "cat red blue"), NULL);
  board_require_tags (self->store, id, "blue cat red");
  board_require_consistent (self);
}

/* An import that says what an implication says, too, keeps it when that goes. */
static void
test_said_twice (BoardFixture *self, gconstpointer data)
{
  gint64 id;

  imply (self, "cat", "animal");
  board_apply (self, say (self, "a.jpg", 1, "cat animal"), NULL);
  id = board_query_number (self, "SELECT max (id) FROM posts");
  board_apply (self, say (self, "a.jpg", 1, "animal"), NULL);
  board_require_tags (self->store, id, "animal");
}

static void
test_two_at_once (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruStore) other = board_fixture_open (self);
  g_autoptr (BooruRelation) relation = NULL;
  g_autoptr (GError) error = NULL;
  guint64 generation = booru_store_get_generation (other);

  g_assert_cmpint (board_count (other, "kitty"), ==, 0);
  edit (self, board_add_post (self, "a.jpg", 1), "cat");
  alias (self, "kitty", "cat");
  relation
      = booru_store_add_relation (other, BOORU_RELATION_ALIAS, "cat", "kitty", "", 2, NULL, &error);
  g_assert_null (relation);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  board_await_news (other, generation);
  g_assert_cmpint (board_count (other, "kitty"), ==, 1);
}

/* What was written in a transaction that failed is not remembered. */
static void
test_rolled_back (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);

  alias (self, "kitty", "cat");
  if (self->database == NULL)
    board_execute (self, "CREATE TRIGGER refuse BEFORE UPDATE OF relations ON board BEGIN "
                         "SELECT RAISE (ABORT, 'no'); END");
  else
    board_execute (self, "CREATE FUNCTION refuse () RETURNS trigger LANGUAGE plpgsql AS "
                         "'BEGIN RAISE EXCEPTION ''no''; END'; CREATE TRIGGER refuse BEFORE UPDATE "
                         "OF relations ON board FOR EACH ROW EXECUTE FUNCTION refuse ()");
  g_assert_null (booru_store_add_relation (self->store, BOORU_RELATION_ALIAS, "doggy", "dog", "", 1,
                                           NULL, NULL));
  board_execute (self,
                 self->database == NULL ? "DROP TRIGGER refuse" : "DROP TRIGGER refuse ON board");
  edit (self, id, "doggy kitty");
  board_require_tags (self->store, id, "cat doggy");
}

static guint
count_relations (BoardFixture *self, const BooruRelationFilter *filter)
{
  g_autoptr (GPtrArray) relations = booru_store_list_relations (self->store, filter, NULL);

  return relations->len;
}

static void
test_lists (BoardFixture *self, gconstpointer data)
{
  BooruRelationFilter filter = BOORU_RELATION_FILTER_INIT;
  const char *const names[] = { "cat", NULL };
  g_autoptr (GPtrArray) completed = NULL, of_cat = NULL;
  gint64 gone;

  alias (self, "kitty", "cat");
  alias (self, "kit", "cat");
  gone = alias (self, "pussy", "cat");
  imply (self, "cat", "animal");
  booru_relation_free (
      booru_store_remove_relation (self->store, BOORU_RELATION_ALIAS, gone, 1, NULL, NULL));
  g_assert_cmpuint (count_relations (self, &filter), ==, 3);
  filter.status = BOORU_RELATION_ACTIVE;
  g_assert_cmpuint (count_relations (self, &filter), ==, 2);
  filter.antecedent = "kitt*";
  g_assert_cmpuint (count_relations (self, &filter), ==, 1);
  filter.antecedent = NULL;
  filter.either = "cat";
  g_assert_cmpuint (count_relations (self, &filter), ==, 2);
  filter.kind = BOORU_RELATION_IMPLICATION;
  g_assert_cmpuint (count_relations (self, &filter), ==, 1);

  completed = booru_store_complete_alias (self->store, "kit", 10, NULL);
  g_assert_cmpuint (completed->len, ==, 2);
  g_assert_cmpstr (((BooruAliasName *)completed->pdata[1])->antecedent, ==, "kitty");
  g_assert_cmpstr (((BooruAliasName *)completed->pdata[1])->consequent, ==, "cat");
  of_cat = booru_store_list_relations_of (self->store, BOORU_RELATION_ALIAS, names, NULL);
  g_assert_cmpuint (of_cat->len, ==, 2);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (BoardFixture *self, gconstpointer data);
  } tests[] = {
    { "/store/relations/alias", test_alias },
    { "/store/relations/chain", test_chain },
    { "/store/relations/circles", test_circles },
    { "/store/relations/implication", test_implication },
    { "/store/relations/refused-at-once", test_refused_at_once },
    { "/store/relations/undo", test_undo },
    { "/store/relations/imports", test_imports },
    { "/store/relations/said-twice", test_said_twice },
    { "/store/relations/two-at-once", test_two_at_once },
    { "/store/relations/rolled-back", test_rolled_back },
    { "/store/relations/lists", test_lists },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, BoardFixture, NULL, board_fixture_set_up, tests[i].test,
                board_fixture_tear_down);
  return g_test_run ();
}
