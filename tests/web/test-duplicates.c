/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike, as clients and browsers see and decide about them. */
#include <string.h>

#include "web-fixture.h"

#define LAKE G_GUINT64_CONSTANT (0xf0f0f0f0f0f0f0f0)

static void
compare (Fixture *fixture)
{
  gboolean done = FALSE;

  while (!done)
    g_assert_true (booru_store_compare_posts (fixture->store, 8, G_USEC_PER_SEC, &done, NULL));
}

static void
add_posts (Fixture *fixture)
{
  fixture_add_hashed (fixture, "a.jpg", LAKE, "lake");
  fixture_add_hashed (fixture, "b.jpg", ~LAKE, "other");
  fixture_add_hashed (fixture, "c.png", LAKE ^ 3, "lake big");
  fixture_add_hashed (fixture, "d.jpg", LAKE ^ 0xffff0f, "");
  fixture_add_hashed (fixture, "e.jpg", 0, "blank");
}

static void
decide (Fixture *fixture, const char *form, guint status)
{
  g_autoptr (Answer) answer = fixture_post_form (fixture, "/duplicates.json", form);

  require_status (answer, status);
}

static guint
count_pairs (Fixture *fixture)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", "/duplicates.json", NULL);

  require_status (answer, 200);
  return json_array_get_length (json_node_get_array (answer->json));
}

static void
test_pairs_json (Fixture *fixture)
{
  g_autoptr (Answer) answer = NULL;
  JsonObject *pair;

  add_posts (fixture);
  compare (fixture);
  answer = fixture_ask (fixture, "GET", "/duplicates.json", NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (answer->json)), ==, 1);
  pair = json_array_get_object_element (json_node_get_array (answer->json), 0);
  g_assert_cmpint (json_object_get_int_member (pair, "post_id"), ==, 1);
  g_assert_cmpint (json_object_get_int_member (pair, "other_id"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (pair, "distance"), ==, 2);
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (pair, "other"), "tag_string"),
      ==, "big lake");

  decide (fixture, "post_id=1&other_id=3&verdict=nonsense", 422);
  decide (fixture, "post_id=1&other_id=3&verdict=trash", 422);
  decide (fixture, "post_id=1&other_id=3&verdict=trash:2", 422);
  decide (fixture, "post_id=1&verdict=keep", 422);
  decide (fixture, "post_id=1&other_id=2&verdict=keep", 404);
  g_assert_cmpuint (count_pairs (fixture), ==, 1);
  decide (fixture, "post_id=3&other_id=1&verdict=keep", 204);
  g_assert_cmpuint (count_pairs (fixture), ==, 0);
}

static void
test_pairs_page (Fixture *fixture)
{
  g_autoptr (Answer) page = NULL, decided = NULL, after = NULL;

  add_posts (fixture);
  compare (fixture);
  page = fixture_ask (fixture, "GET", "/duplicates", NULL);
  require_status (page, 200);
  require_text (page, "1 pair");
  require_text (page, "94 %");
  require_text (page, "value=\"trash:3\"");
  require_text (page, "value=\"merge:1\"");
  prohibit_text (page, "value=\"merge:3\""); /* it has all tags of the other */
  require_text (page, "a.jpg");
  require_text (page, "<img class=\"alpha\"");

  decided = fixture_post_form (fixture, "/duplicates",
                               "post_id=1&other_id=3&verdict=trash:3&merge_tags=1&page=1");
  require_status (decided, 303);
  g_assert_true (g_str_has_prefix (answer_header (decided, "Location"),
                                   "/duplicates?page=1&done=trash:1-3&change="));
  g_assert_cmpstr (fixture->published->pdata[fixture->published->len - 1], ==,
                   "posts-changed [1, 3]");
  after = fixture_ask (fixture, "GET", answer_header (decided, "Location"), NULL);
  require_text (after, "Moved post 3 to trash and kept post 1.");
  require_text (after, "No possible duplicates");
  {
    g_autoptr (BooruPost) kept = booru_store_get_post (fixture->store, 1, NULL);
    g_autoptr (BooruPost) gone = booru_store_get_post (fixture->store, 3, NULL);
    g_autofree char *tags = booru_post_dup_tag_string (kept);

    g_assert_cmpstr (tags, ==, "big lake");
    g_assert_cmpint (gone->status, ==, BOORU_POST_DELETED);
  }
}

/* Each decision is said, and can be taken back: with the tags that it copied, and out of the trash.
 */
static void
test_pairs_undo (Fixture *fixture)
{
  static const struct
  {
    const char *form, *said, *undo;
  } decisions[] = {
    { "verdict=keep", "This pair won", "undo=keep:1-3" },
    { "verdict=parent:3", "is now the parent", "undo=parent:3-1" },
    { "verdict=merge:1", "Copied the tags of post 3 to post 1.", "undo=merge:1-3&change=%ID" },
    { "verdict=trash:3&merge_tags=1", "Moved post 3 to trash", "undo=trash:1-3&change=%ID" },
    { "verdict=trash:1", "Moved post 1 to trash", "undo=trash:3-1&change=0" },
  };

  add_posts (fixture);
  compare (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (decisions); i++)
    {
      g_autofree char *form = g_strconcat ("post_id=1&other_id=3&", decisions[i].form, NULL);
      g_autoptr (Answer) decided = fixture_post_form (fixture, "/duplicates", form);
      const char *location = answer_header (decided, "Location");
      g_autoptr (Answer) shown = fixture_ask (fixture, "GET", location, NULL);
      g_autoptr (GString) undo = g_string_new (decisions[i].undo);
      g_autoptr (Answer) undone = NULL, after = NULL;
      g_autoptr (BooruPost) one = NULL, three = NULL;
      g_autofree char *tags = NULL;

      require_text (shown, decisions[i].said);
      require_text (shown, ">Undo</button>");
      g_string_replace (undo, "%ID", strrchr (location, '=') + 1, 1);
      undone = fixture_post_form (fixture, "/duplicates", undo->str);
      require_status (undone, 303);
      after = fixture_ask (fixture, "GET", answer_header (undone, "Location"), NULL);
      require_text (after, "Undone: posts");
      require_text (after, "1 pair");
      one = booru_store_get_post (fixture->store, 1, NULL);
      three = booru_store_get_post (fixture->store, 3, NULL);
      tags = booru_post_dup_tag_string (one);
      g_assert_cmpstr (tags, ==, "lake");
      g_assert_cmpint (one->parent_id, ==, 0);
      g_assert_cmpint (one->status, ==, BOORU_POST_ACTIVE);
      g_assert_cmpint (three->status, ==, BOORU_POST_ACTIVE);
    }
}

/* A page of another site can send forms, too. */
static void
test_pairs_from_elsewhere (Fixture *fixture)
{
  g_autoptr (Answer) answer = NULL;

  add_posts (fixture);
  compare (fixture);
  answer = fixture_ask (fixture, "POST", "/duplicates?post_id=1&other_id=3&verdict=trash:3",
                        "Origin", "https://example.org", NULL);
  require_status (answer, 403);
  g_assert_cmpuint (count_pairs (fixture), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/duplicates/json", NULL, test_pairs_json);
  fixture_add_test ("/web/duplicates/page", NULL, test_pairs_page);
  fixture_add_test ("/web/duplicates/undo", NULL, test_pairs_undo);
  fixture_add_test ("/web/duplicates/from-elsewhere", NULL, test_pairs_from_elsewhere);
  return g_test_run ();
}
