/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pools and the other records, as clients of the API use them. */
#include <string.h>

#include "web-fixture.h"

#define JSON_TYPE "application/json"

static void
add_posts (Fixture *fixture, guint n)
{
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u.png", i);

      booru_post_unref (fixture_add_post (fixture, path, "png", path, strlen (path)));
    }
}

/* The JSON of an answer, without what depends on the time. */
static void
require_json (Answer *answer, guint status, const char *expected)
{
  g_autoptr (GRegex) times = g_regex_new ("\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[^\"]*\"", 0, 0, NULL);
  g_autofree char *text = NULL;

  require_status (answer, status);
  text = g_regex_replace_literal (times, answer->text, -1, 0, "T", 0, NULL);
  g_assert_cmpstr (text, ==, expected);
}

static void
require_get (Fixture *fixture, const char *path, const char *expected)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

  require_json (answer, 200, expected);
}

static void
send_form (Fixture *fixture, const char *method, const char *path, const char *form, guint status)
{
  g_autoptr (Answer) answer = fixture_send (fixture, method, path, FORM, form);

  require_status (answer, status);
}

#define POOL(id, name, category, ids, count)                                                       \
  "{\"id\":" id ",\"name\":\"" name "\",\"created_at\":T,\"updated_at\":T,\"description\":\"\","   \
  "\"is_active\":true,\"is_deleted\":false,\"category\":\"" category "\",\"post_ids\":[" ids "],"  \
  "\"post_count\":" count "}"

static void
test_pools (Fixture *fixture)
{
  g_autoptr (Answer) made = NULL, again = NULL;

  add_posts (fixture, 4);
  made = fixture_send (fixture, "POST", "/pools.json", JSON_TYPE,
                       "{\"pool\":{\"name\":\"A story\",\"post_ids\":[3,1]}}");
  require_json (made, 201, POOL ("1", "A_story", "series", "3,1", "2"));
  require_get (fixture, "/pools/1.json", POOL ("1", "A_story", "series", "3,1", "2"));
  again = fixture_send (fixture, "POST", "/pools.json", FORM,
                        "pool[name]=a_STORY&pool[category]=collection");
  require_json (again, 422, "{\"errors\":{\"name\":[\"has already been taken by pool 1\"]}}");
  send_form (fixture, "POST", "/pools.json",
             "pool[name]=Best of&pool[category]=collection&pool[post_ids_string]=2 3", 201);

  send_form (fixture, "PUT", "/pools/1.json", "pool[post_ids]=4 3 1", 204);
  require_get (fixture, "/pools.json?search[name_contains]=story&only=id,post_ids",
               "[{\"id\":1,\"post_ids\":[4,3,1]}]");
  require_get (fixture, "/pools.json?search[post_ids_include_all]=2,3&only=id,post_count",
               "[{\"id\":2,\"post_count\":2}]");
  require_get (fixture, "/pools.json?search[category]=series&search[order]=name&only=name",
               "[{\"name\":\"A_story\"}]");
  require_get (fixture, "/pools.json?search[order]=post_count&limit=1&only=id", "[{\"id\":1}]");
  require_get (fixture, "/pools.json?page=b2&only=id", "[{\"id\":1}]");

  send_form (fixture, "DELETE", "/pools/1.json", "", 204);
  require_get (fixture, "/pools.json?search[is_deleted]=true&only=id,post_ids",
               "[{\"id\":1,\"post_ids\":[4,3,1]}]");
  send_form (fixture, "POST", "/pools/1/undelete.json", "", 204);
  require_get (fixture, "/pools/1.json?only=is_deleted", "{\"is_deleted\":false}");
}

static void
test_elements (Fixture *fixture)
{
  g_autoptr (Answer) added = NULL, unknown = NULL, missing = NULL;

  add_posts (fixture, 3);
  send_form (fixture, "POST", "/pools.json", "pool[name]=A story&pool[post_ids]=2", 201);
  added = fixture_send (fixture, "POST", "/pool_element.json", FORM, "pool_name=a story&post_id=1");
  require_json (added, 201, POOL ("1", "A_story", "series", "2,1", "2"));
  send_form (fixture, "POST", "/pool_element.json", "pool_id=1&post_id=1", 201);
  send_form (fixture, "DELETE", "/pool_element.json", "pool_id=1&post_id=2", 200);
  require_get (fixture, "/pools/1.json?only=post_ids", "{\"post_ids\":[1]}");
  unknown = fixture_send (fixture, "POST", "/pool_element.json", FORM, "pool_id=9&post_id=1");
  require_error (unknown, 404);
  missing = fixture_send (fixture, "POST", "/pool_element.json", FORM, "pool_id=1&post_id=99");
  require_json (missing, 422, "{\"errors\":{\"base\":[\"There is no post 99\"]}}");

  send_form (fixture, "PUT", "/pools/1/revert.json", "version_id=1", 204);
  require_get (fixture, "/pools/1.json?only=post_ids", "{\"post_ids\":[2]}");
  require_get (fixture,
               "/pool_versions.json?search[pool_id]=1&only=version,post_ids,added_post_ids",
               "[{\"version\":4,\"post_ids\":[2],\"added_post_ids\":[2]},"
               "{\"version\":3,\"post_ids\":[1],\"added_post_ids\":[]},"
               "{\"version\":2,\"post_ids\":[2,1],\"added_post_ids\":[1]},"
               "{\"version\":1,\"post_ids\":[2],\"added_post_ids\":[2]}]");
}

/* Of more posts than a form may have fields; and of none. */
static void
test_many (Fixture *fixture)
{
  g_autoptr (GString) body = g_string_new ("{\"pool\":{\"name\":\"A story\",\"post_ids\":[");
  g_autoptr (Answer) made = NULL, emptied = NULL;

  add_posts (fixture, 2);
  for (guint i = 0; i < 5000; i++)
    g_string_append (body, "1,");
  g_string_append (body, "2]}}");
  made = fixture_send (fixture, "POST", "/pools.json", JSON_TYPE, body->str);
  require_json (made, 201, POOL ("1", "A_story", "series", "1,2", "2"));
  emptied
      = fixture_send (fixture, "PUT", "/pools/1.json", JSON_TYPE, "{\"pool\":{\"post_ids\":[]}}");
  require_status (emptied, 204);
  require_get (fixture, "/pools/1.json?only=post_ids", "{\"post_ids\":[]}");
}

static void
test_refused (Fixture *fixture)
{
  static const char *const paths[]
      = { "/pools.json?search[foo]=1", "/pools.json?search[id]=x", "/pools.json?search[order]=foo",
          "/pool_versions.json?search[foo]=1", "/pools.json?search[name][eq]=1" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (Answer) answer = fixture_ask (fixture, "GET", paths[i], NULL);

      require_error (answer, 422);
    }
  send_form (fixture, "GET", "/pools/1.json", "", 404);
  send_form (fixture, "GET", "/pools.json?page=1001", "", 410);
  send_form (fixture, "POST", "/pools.json", "pool[name]=story&pool[foo]=1", 422);
}

/* An answer that is kept is dropped as soon as a pool changes. */
static void
test_kept (Fixture *fixture)
{
  add_posts (fixture, 2);
  send_form (fixture, "POST", "/pools.json", "pool[name]=A story&pool[post_ids]=2", 201);
  for (guint i = 0; i < 2; i++)
    require_get (fixture, "/pools.json?only=post_ids", "[{\"post_ids\":[2]}]");
  send_form (fixture, "POST", "/pool_element.json", "pool_id=1&post_id=1", 201);
  require_get (fixture, "/pools.json?only=post_ids", "[{\"post_ids\":[2,1]}]");
}

static void
test_pages (Fixture *fixture)
{
  g_autoptr (Answer) empty = NULL, list = NULL, gallery = NULL, page = NULL, form = NULL;
  g_autoptr (Answer) made = NULL, bad = NULL, post = NULL, deleted = NULL, gone = NULL;

  add_posts (fixture, 3);
  empty = fixture_get_page (fixture, "/pools", 200);
  require_text (empty, "No pools yet");
  made = fixture_post_form (fixture, "/pools",
                            "pool[name]=A <story>&pool[category]=series&pool[post_ids]=3 1"
                            "&pool[description]=It <b>began</b>");
  require_status (made, 303);
  g_assert_cmpstr (answer_header (made, "Location"), ==, "/pools/1");
  list = fixture_get_page (fixture, "/pools?search[name_contains]=story", 200);
  require_text (list,
                "<a class=\"tag pool-category-series\" href=\"/pools/1\">A &lt;story&gt;</a>");
  gallery = fixture_get_page (fixture, "/pools/gallery", 200);
  require_text (gallery, "<article class=\"post-preview\">");
  require_text (gallery, "<a class=\"post-preview-link\" href=\"/pools/1\">");
  page = fixture_get_page (fixture, "/pools/1", 200);
  require_text (page, "It &lt;b&gt;began&lt;/b&gt;");
  g_assert_true (strstr (page->text, "id=\"post-3\"") < strstr (page->text, "id=\"post-1\""));
  form = fixture_get_page (fixture, "/pools/1/edit", 200);
  require_text (form, "\n3 1</textarea>");
  bad = fixture_post_form (fixture, "/pools/1", "pool[name]=A story&pool[post_ids]=1 77");
  require_status (bad, 422);
  require_text (bad, "There is no post 77");
  require_text (bad, "\n1 77</textarea>");
  post = fixture_get_page (fixture, "/posts/1", 200);
  require_text (post, "href=\"/pools/1\"");
  require_text (post, "href=\"/posts/3?q=ordpool");
  deleted = fixture_post_form (fixture, "/pools/1/delete", "");
  require_status (deleted, 303);
  gone = fixture_get_page (fixture, "/pools", 200);
  prohibit_text (gone, "story");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/records/pools", NULL, test_pools);
  fixture_add_test ("/records/elements", NULL, test_elements);
  fixture_add_test ("/records/many", NULL, test_many);
  fixture_add_test ("/records/refused", NULL, test_refused);
  fixture_add_test ("/records/pages", NULL, test_pages);
  fixture_add_test ("/records/kept", NULL, test_kept);
  return g_test_run ();
}
