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

static void
test_people (Fixture *fixture)
{
  g_autoptr (Answer) favored = NULL, voted = NULL, unknown = NULL, wrong = NULL;

  add_posts (fixture, 3);
  favored = fixture_send (fixture, "POST", "/favorites.json?only=id,fav_count,score", FORM,
                          "post_id=2");
  require_json (favored, 201, "{\"id\":2,\"score\":1,\"fav_count\":1}");
  require_get (fixture, "/favorites.json?search[user_id]=1",
               "[{\"id\":1,\"user_id\":1,\"post_id\":2}]");
  require_get (fixture, "/posts.json?tags=ordfav:self&only=id", "[{\"id\":2}]");
  send_form (fixture, "DELETE", "/favorites/2.json", "", 204);
  require_get (fixture, "/favorites.json", "[]");
  unknown = fixture_send (fixture, "POST", "/favorites.json", FORM, "post_id=99");
  require_error (unknown, 404);

  voted = fixture_send (fixture, "POST", "/posts/1/votes.json?only=post_id,score,is_deleted", FORM,
                        "score=-1");
  require_json (voted, 201, "{\"post_id\":1,\"score\":-1,\"is_deleted\":false}");
  require_get (fixture, "/posts/1.json?only=score,up_score,down_score",
               "{\"score\":-1,\"up_score\":0,\"down_score\":-1}");
  wrong = fixture_send (fixture, "POST", "/posts/1/votes.json", FORM, "score=5");
  require_json (wrong, 422, "{\"errors\":{\"score\":[\"must be 1 or -1\"]}}");
  send_form (fixture, "DELETE", "/posts/1/votes.json", "", 204);
  require_get (fixture, "/posts/1.json?only=score", "{\"score\":0}");

  send_form (fixture, "POST", "/favorite_groups.json", "favorite_group[name]=Best", 201);
  send_form (fixture, "PUT", "/favorite_groups/1/add_post.json?post_id=3", "", 204);
  require_get (fixture, "/favorite_groups.json?only=name,post_ids,is_public",
               "[{\"name\":\"Best\",\"post_ids\":[3],\"is_public\":true}]");
  send_form (fixture, "POST", "/saved_searches.json",
             "saved_search[query]=sky&saved_search[label_string]=a b", 201);
  require_get (fixture, "/saved_searches.json?search[label]=b&only=query,labels",
               "[{\"query\":\"sky\",\"labels\":[\"a\",\"b\"]}]");
}

static void
test_opinion_page (Fixture *fixture)
{
  g_autoptr (Answer) before = NULL, done = NULL, after = NULL, voted = NULL, list = NULL;

  add_posts (fixture, 1);
  before = fixture_get_page (fixture, "/posts/1", 200);
  require_text (before, "♡ Favorite <span class=\"quiet\">0</span>");
  done = fixture_post_form (fixture, "/posts/1/favorite", "q=");
  require_status (done, 303);
  voted = fixture_post_form (fixture, "/posts/1/vote", "score=-1");
  require_status (voted, 303);
  after = fixture_get_page (fixture, "/posts/1", 200);
  require_text (after, "♥ Favorite <span class=\"quiet\">1</span>");
  require_text (after, "<span class=\"score\">-1</span>");
  list = fixture_ask (fixture, "GET", "/favorites", NULL);
  require_status (list, 302);
}

static void
test_on_posts (Fixture *fixture)
{
  g_autoptr (Answer) outside = NULL, commentary = NULL;

  add_posts (fixture, 1);
  send_form (fixture, "POST", "/comments.json", "comment[post_id]=1&comment[body]=Nice", 201);
  require_get (fixture, "/comments.json?group_by=comment&search[post_id]=1&only=id,body,creator_id",
               "[{\"id\":1,\"creator_id\":1,\"body\":\"Nice\"}]");
  send_form (fixture, "POST", "/comments/1/votes.json?score=1", "", 201);
  require_get (fixture, "/comments/1.json?only=score", "{\"score\":1}");
  send_form (fixture, "POST", "/notes.json",
             "note[post_id]=1&note[x]=0&note[y]=0&note[width]=1&note[height]=1&note[body]=Hi", 201);
  require_get (fixture, "/posts/1/notes.json?only=id,body,version,is_active",
               "[{\"id\":1,\"is_active\":true,\"body\":\"Hi\",\"version\":1}]");
  outside = fixture_send (
      fixture, "POST", "/notes.json", FORM,
      "note[post_id]=1&note[x]=0&note[y]=0&note[width]=99999&note[height]=1&note[body]=Hi");
  require_status (outside, 422);
  commentary = fixture_send (fixture, "PUT", "/posts/1/artist_commentary/create_or_update.json",
                             FORM, "artist_commentary[original_title]=Sky");
  require_status (commentary, 201);
  require_get (fixture, "/posts/1/artist_commentary.json?only=id,original_title",
               "{\"id\":1,\"original_title\":\"Sky\"}");
  require_get (fixture, "/posts/1.json?only=last_noted_at", "{\"last_noted_at\":T}");
}

static void
test_on_tags (Fixture *fixture)
{
  send_form (fixture, "POST", "/wiki_pages.json",
             "wiki_page[title]=Blue Sky&wiki_page[body]=A sky&wiki_page[other_names]=x", 201);
  require_get (fixture, "/wiki_pages/blue_sky.json?only=id,title,other_names",
               "{\"id\":1,\"title\":\"blue_sky\",\"other_names\":[\"x\"]}");
  send_form (fixture, "PUT", "/wiki_pages/blue_sky.json", "wiki_page[body]=Blue", 204);
  require_get (fixture, "/wiki_page_versions.json?search[wiki_page_id]=1&only=body",
               "[{\"body\":\"Blue\"},{\"body\":\"A sky\"}]");
  send_form (fixture, "POST", "/artists.json",
             "artist[name]=someone&artist[url_string]=https://example.org/someone", 201);
  require_get (
      fixture,
      "/artists.json?search[url_matches]=http://www.example.org/someone/1&only=name,urls[url]",
      "[{\"name\":\"someone\",\"urls\":[{\"url\":\"https://example.org/someone\"}]}]");
  require_get (fixture, "/artists.json?search[url_matches]=https://example.com/x", "[]");
  require_get (fixture, "/artists.json?search[any_name_matches]=some*&only=id", "[{\"id\":1}]");
  require_get (fixture, "/forum_topics.json?search[foo]=1", "[]");
  require_get (fixture, "/post_flags.json", "[]");
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
  fixture_add_test ("/records/people", NULL, test_people);
  fixture_add_test ("/records/opinion-page", NULL, test_opinion_page);
  fixture_add_test ("/records/on-posts", NULL, test_on_posts);
  fixture_add_test ("/records/on-tags", NULL, test_on_tags);
  fixture_add_test ("/records/kept", NULL, test_kept);
  return g_test_run ();
}
