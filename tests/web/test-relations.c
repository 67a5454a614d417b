/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Aliases and implications as clients see them. */
#include "web-fixture.h"

static JsonObject *
get_object (Answer *answer)
{
  g_assert_nonnull (answer->json);
  return json_node_get_object (answer->json);
}

static guint
count (Fixture *fixture, const char *path)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

  require_status (answer, 200);
  return json_array_get_length (json_node_get_array (answer->json));
}

static void
test_life (Fixture *fixture)
{
  g_autoptr (Answer) made = fixture_send (
      fixture, "POST", "/tag_aliases.json", FORM,
      "tag_alias[antecedent_name]=Kitty+Cat&tag_alias[consequent_name]=cat&tag_alias[reason]=same");
  g_autoptr (Answer) again = NULL, circle = NULL, gone = NULL, shown = NULL;
  JsonObject *object;

  require_status (made, 201);
  object = get_object (made);
  g_assert_cmpint (json_object_get_int_member (object, "id"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (object, "antecedent_name"), ==, "kitty_cat");
  g_assert_cmpstr (json_object_get_string_member (object, "consequent_name"), ==, "cat");
  g_assert_cmpstr (json_object_get_string_member (object, "status"), ==, "active");
  g_assert_cmpstr (json_object_get_string_member (object, "reason"), ==, "same");
  g_assert_true (json_object_get_null_member (object, "forum_topic_id"));

  again = fixture_send (fixture, "POST", "/tag_aliases.json", FORM,
                        "antecedent_name=kitty_cat&consequent_name=dog");
  require_status (again, 422);
  require_text (again, "is an alias of “cat” already");
  circle = fixture_send (fixture, "POST", "/tag_aliases.json", FORM,
                         "antecedent_name=cat&consequent_name=kitty_cat");
  require_status (circle, 422);
  require_text (circle, "cat → kitty_cat → cat");

  gone = fixture_send (fixture, "DELETE", "/tag_aliases/1.json", FORM, "");
  require_status (gone, 204);
  shown = fixture_ask (fixture, "GET", "/tag_aliases/1.json", NULL);
  require_text (shown, "\"deleted\"");
}

static void
test_lists (Fixture *fixture)
{
  g_autoptr (Answer) made = NULL, unknown = NULL, missing = NULL, incomplete = NULL;

  made = fixture_send (fixture, "POST", "/tag_implications.json", FORM,
                       "antecedent_name=cat&consequent_name=animal");
  require_status (made, 201);
  g_assert_cmpuint (count (fixture, "/tag_implications.json"), ==, 1);
  g_assert_cmpuint (count (fixture, "/tag_aliases.json"), ==, 0);
  g_assert_cmpuint (count (fixture, "/tag_implications.json?search[antecedent_name]=Cat"), ==, 1);
  g_assert_cmpuint (count (fixture, "/tag_implications.json?search[antecedent_name]=c*"), ==, 0);
  g_assert_cmpuint (count (fixture, "/tag_implications.json?search[name_matches]=an*"), ==, 1);
  g_assert_cmpuint (count (fixture, "/tag_implications.json?search[status]=active"), ==, 1);
  g_assert_cmpuint (count (fixture, "/tag_implications.json?search[status]=deleted"), ==, 0);
  g_assert_cmpuint (count (fixture, "/tag_implications.json?search[status]=odd"), ==, 0);
  g_assert_cmpuint (count (fixture, "/tag_implications.json?search[id]=x"), ==, 0);
  unknown = fixture_ask (fixture, "GET", "/tag_aliases.json?search[odd]=1", NULL);
  require_error (unknown, 422);
  missing = fixture_ask (fixture, "GET", "/tag_aliases/7.json", NULL);
  require_error (missing, 404);
  incomplete
      = fixture_send (fixture, "POST", "/tag_implications.json", FORM, "antecedent_name=cat");
  require_error (incomplete, 400);
}

/* An answer that was kept does not outlive the relation that it was made without. */
static void
test_kept (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "a", 1);
  g_autoptr (Answer) made = NULL;

  booru_post_unref (fixture_tag (fixture, post, "cat"));
  g_assert_cmpuint (count (fixture, "/posts.json?tags=kitty"), ==, 0);
  made = fixture_send (fixture, "POST", "/tag_aliases.json", FORM,
                       "antecedent_name=kitty&consequent_name=cat");
  require_status (made, 201);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=kitty"), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/relations/life", NULL, test_life);
  fixture_add_test ("/web/relations/lists", NULL, test_lists);
  fixture_add_test ("/web/relations/kept", NULL, test_kept);
  return g_test_run ();
}
