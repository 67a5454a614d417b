/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Jobs and edits of many posts as clients and people see them. Nobody does them here but the test.
 */
#include "web-fixture.h"

static void
run_all (Fixture *fixture)
{
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (gint64));
  BooruJobStep step = { .posts = posts };

  do
    g_assert_true (booru_store_run_jobs (fixture->store, &step, NULL));
  while (step.job_id != 0);
}

static void
add_posts (Fixture *fixture, guint n, const char *tags)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);
      g_autoptr (BooruPost) post = fixture_add_post (fixture, name, "jpg", name, strlen (name));

      booru_post_unref (fixture_tag (fixture, post, tags));
    }
}

static guint
count (Fixture *fixture, const char *path)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

  require_status (answer, 200);
  return json_array_get_length (json_node_get_array (answer->json));
}

static void
test_api (Fixture *fixture)
{
  g_autoptr (Answer) preview = NULL, made = NULL, again = NULL, shown = NULL, undone = NULL;
  g_autoptr (Answer) early = NULL;
  JsonObject *object;

  add_posts (fixture, 3, "a");
  preview = fixture_send (fixture, "POST", "/bulk_edits.json", FORM, "tags=a&script=b+-a");
  require_status (preview, 200);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (preview->json), "count"), ==,
                   3);
  again = fixture_send (fixture, "POST", "/jobs.json", FORM, "tags=a&script=b+-a&count=2");
  require_error (again, 409);
  made = fixture_send (fixture, "POST", "/jobs.json", FORM, "tags=a&script=b+-a&count=3");
  require_status (made, 201);
  object = json_node_get_object (made->json);
  g_assert_cmpint (json_object_get_int_member (object, "id"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (object, "state"), ==, "queued");
  g_assert_cmpstr (json_object_get_string_member (object, "kind"), ==, "bulk");
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (object, "params"), "script"),
      ==, "b -a");
  early = fixture_send (fixture, "POST", "/jobs/1/undo.json", FORM, "");
  require_status (early, 422);
  run_all (fixture);
  shown = fixture_ask (fixture, "GET", "/jobs/1.json", NULL);
  require_text (shown, "\"done\"");
  g_assert_cmpuint (count (fixture, "/posts.json?tags=b"), ==, 3);
  undone = fixture_send (fixture, "POST", "/jobs/1/undo.json", FORM, "");
  require_status (undone, 201);
  run_all (fixture);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=a"), ==, 3);
  g_assert_cmpuint (count (fixture, "/jobs.json"), ==, 2);
  g_assert_cmpuint (count (fixture, "/jobs.json?search[state]=undone"), ==, 1);
  g_assert_cmpuint (count (fixture, "/jobs.json?search[state]=odd"), ==, 0);
}

static void
test_refused (Fixture *fixture)
{
  static const struct
  {
    const char *path, *form;
    guint status;
  } cases[] = {
    { "/jobs.json", "script=b", 422 },
    { "/jobs.json", "tags=a", 422 },
    { "/jobs.json", "tags=a&script=rating:x", 422 },
    { "/jobs.json", "tags=a&ids=1&script=b", 422 },
    { "/jobs.json", "ids=1,x&script=b", 422 },
    { "/jobs.json", "tags=a&script=b&action=explode", 422 },
    { "/bulk_edits.json", "tags=a+order:odd&script=b", 422 },
    { "/jobs/7/undo.json", "", 404 },
    { "/jobs/7/cancel.json", "", 404 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Answer) answer
          = fixture_send (fixture, "POST", cases[i].path, FORM, cases[i].form);

      require_status (answer, cases[i].status);
    }
  g_assert_cmpuint (count (fixture, "/jobs.json"), ==, 0);
}

static void
test_cancel (Fixture *fixture)
{
  g_autoptr (Answer) made = NULL, cancelled = NULL;

  add_posts (fixture, 1, "a");
  made = fixture_send (fixture, "POST", "/jobs.json", FORM, "ids=1&action=trash");
  require_status (made, 201);
  cancelled = fixture_send (fixture, "POST", "/jobs/1/cancel.json", FORM, "");
  require_status (cancelled, 200);
  require_text (cancelled, "\"cancelled\"");
  run_all (fixture);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=a"), ==, 1);
}

static void
test_pages (Fixture *fixture)
{
  g_autoptr (Answer) empty = fixture_get_page (fixture, "/jobs", 200);
  g_autoptr (Answer) form = fixture_get_page (fixture, "/bulk_edits/new?tags=a", 200);
  g_autoptr (Answer) counted = NULL, made = NULL, listed = NULL, undone = NULL, wrong = NULL;

  require_text (empty, "No jobs yet");
  require_text (form, "value=\"a\"");
  add_posts (fixture, 2, "a");
  counted = fixture_post_form (fixture, "/bulk_edits", "tags=a&script=b&preview=1");
  require_status (counted, 200);
  require_text (counted, "Change 2 posts");
  wrong = fixture_post_form (fixture, "/bulk_edits", "tags=a&script=b&count=1");
  require_status (wrong, 409);
  require_text (wrong, "finds 2 posts now, not 1");
  made = fixture_post_form (fixture, "/bulk_edits", "tags=a&script=b&count=2");
  require_status (made, 303);
  run_all (fixture);
  listed = fixture_get_page (fixture, "/jobs", 200);
  require_text (listed, "Edit all of “a”: b");
  require_text (listed, "2 of 2 posts changed");
  require_text (listed, "action=\"/jobs/1/undo\"");
  undone = fixture_post_form (fixture, "/jobs/1/undo", "");
  require_status (undone, 303);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/jobs/api", NULL, test_api);
  fixture_add_test ("/web/jobs/refused", NULL, test_refused);
  fixture_add_test ("/web/jobs/cancel", NULL, test_cancel);
  fixture_add_test ("/web/jobs/pages", NULL, test_pages);
  return g_test_run ();
}
