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

static void
test_import (Fixture *fixture)
{
  static const char *const csv = "antecedent,consequent\nkitty,cat\n\"puss, in boots\",cat\nx,x\n";
  static const char *const json
      = "[{\"antecedent_name\":\"kitty\",\"consequent_name\":\"cat\",\"status\":\"active\"},"
        "{\"antecedent_name\":\"gone\",\"consequent_name\":\"cat\",\"status\":\"deleted\"}]";
  g_autofree char *escaped_csv = g_uri_escape_string (csv, NULL, FALSE);
  g_autofree char *escaped_json = g_uri_escape_string (json, NULL, FALSE);
  g_autofree char *form = g_strdup_printf ("list=%s&dry_run=1", escaped_csv);
  g_autofree char *real = g_strdup_printf ("list=%s", escaped_json);
  g_autoptr (Answer) tried = NULL, made = NULL, again = NULL, broken = NULL;

  tried = fixture_send (fixture, "POST", "/tag_aliases/import.json", FORM, form);
  require_status (tried, 200);
  require_text (tried, "\"added\":1,\"known\":0,\"refused\":2");
  require_text (tried, "\"line\":4");
  g_assert_cmpuint (count (fixture, "/tag_aliases.json"), ==, 0);
  made = fixture_send (fixture, "POST", "/tag_aliases/import.json", FORM, real);
  require_status (made, 201);
  require_text (made, "\"added\":1,\"known\":0,\"refused\":0,\"job_id\":1");
  again = fixture_send (fixture, "POST", "/tag_aliases/import.json", FORM, real);
  require_text (again, "\"added\":0,\"known\":1,\"refused\":0,\"job_id\":null");
  g_assert_cmpuint (count (fixture, "/tag_aliases.json"), ==, 1);
  broken = fixture_send (fixture, "POST", "/tag_aliases/import.json", FORM, "list=[1]");
  require_status (broken, 422);
}

static void
test_tags (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "a", 1);
  g_autoptr (Answer) renamed = NULL, moved = NULL, wrong = NULL, missing = NULL, shown = NULL;

  booru_post_unref (fixture_tag (fixture, post, "kitty"));
  renamed = fixture_send (fixture, "PUT", "/tags/1.json", FORM, "tag[name]=cat");
  require_status (renamed, 204);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=kitty"), ==, 1);
  moved = fixture_send (fixture, "PUT", "/tags/1.json", FORM,
                        "tag[category]=4&tag[is_deprecated]=true");
  require_status (moved, 204);
  shown = fixture_ask (fixture, "GET", "/tags.json?search[name]=cat", NULL);
  require_text (shown, "\"category\":4");
  require_text (shown, "\"is_deprecated\":true");
  wrong = fixture_send (fixture, "PUT", "/tags/1.json", FORM, "tag[category]=9");
  require_status (wrong, 422);
  missing = fixture_send (fixture, "PUT", "/tags/77.json", FORM, "tag[category]=1");
  require_error (missing, 404);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/relations/life", NULL, test_life);
  fixture_add_test ("/web/relations/lists", NULL, test_lists);
  fixture_add_test ("/web/relations/kept", NULL, test_kept);
  fixture_add_test ("/web/relations/import", NULL, test_import);
  fixture_add_test ("/web/relations/tags", NULL, test_tags);
  return g_test_run ();
}
