/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways in which clients ask for the same thing, and who may read the answer. */
#include <string.h>

#include "web-fixture.h"

static void
add_post (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autoptr (BooruPost) tagged = fixture_tag (fixture, post, "cat");
}

static void
require_json (Fixture *fixture, const char *path, const char *accept)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, "Accept", accept, NULL);

  require_status (answer, 200);
  if (answer->json == NULL || strstr (answer->text, "\"tag_string\":\"cat\"") == NULL)
    g_error ("%s was answered by %s", path, answer->text);
}

static void
require_page (Fixture *fixture, const char *path, const char *accept)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, "Accept", accept, NULL);

  require_status (answer, 200);
  g_assert_true (g_str_has_prefix (answer->text, "<!doctype html>"));
}

#define BROWSER "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"

static void
test_format (Fixture *fixture)
{
  add_post (fixture);
  require_json (fixture, "/posts/1.json", "*/*");
  require_json (fixture, "/posts/1.json", BROWSER);
  require_json (fixture, "/posts/1.json/", "*/*");
  require_json (fixture, "//posts//1.json//", "*/*");
  require_json (fixture, "/posts/1?format=json", "*/*");
  require_json (fixture, "/posts?format=json&tags=cat", BROWSER);
  require_json (fixture, "//posts.json", "*/*");
  /* Neither is kept for the other. */
  for (guint i = 0; i < 2; i++)
    {
      require_json (fixture, "/posts/1", "application/json");
      require_json (fixture, "/posts/1", "application/json, text/plain, */*");
      require_json (fixture, "/posts/", "application/json");
      require_page (fixture, "/posts/1", BROWSER);
      require_page (fixture, "/posts/", "*/*");
    }
  require_page (fixture, "/posts//1/", BROWSER);
  require_page (fixture, "/posts/1.html", "*/*");
  require_page (fixture, "/posts/1?format=html", "application/json");
  require_page (fixture, "/upload", "application/json");
}

static void
require_answer (Fixture *fixture,
                const char *method,
                const char *path,
                const char *accept,
                guint status)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, method, path, "Accept", accept, NULL);

  if (answer->status != status)
    g_error ("%s %s was answered by %u", method, path, answer->status);
}

static void
test_not_served (Fixture *fixture)
{
  g_autoptr (Answer) format = NULL, method = NULL, nothing = NULL;

  add_post (fixture);
  require_answer (fixture, "GET", "/posts.xml", "*/*", 406);
  require_answer (fixture, "GET", "/posts/1.xml", "*/*", 406);
  require_answer (fixture, "GET", "/posts?format=xml", "*/*", 406);
  require_answer (fixture, "GET", "/posts", "application/xml", 406);
  require_answer (fixture, "GET", "/upload.json", "*/*", 406);
  require_answer (fixture, "GET", "/posts.json", "application/xml", 200);
  require_answer (fixture, "GET", "/nothing.xml", "*/*", 404);
  require_answer (fixture, "GET", "/assets/app.xml", "application/json", 404);
  require_answer (fixture, "PUT", "/tags.json", "*/*", 405);
  require_answer (fixture, "PUT", "/tags", "application/json", 405);
  format = fixture_ask (fixture, "GET", "/posts/1?format=csv", "Accept", "application/json", NULL);
  require_status (format, 406);
  method = fixture_ask (fixture, "DELETE", "/tags", "Accept", "application/json", NULL);
  require_error (method, 405);
  g_assert_cmpstr (answer_header (method, "Allow"), ==, "GET, HEAD");
  nothing = fixture_ask (fixture, "GET", "/nothing?format=json", NULL);
  require_error (nothing, 404);
}

static void
require_source (Fixture *fixture, Answer *answer, const char *source)
{
  g_autoptr (Answer) post = fixture_ask (fixture, "GET", "/posts/1.json?only=source", NULL);
  g_autofree char *expected = g_strdup_printf ("{\"source\":\"%s\"}", source);

  require_status (answer, 200);
  g_assert_nonnull (answer->json);
  g_assert_cmpstr (post->text, ==, expected);
}

static void
test_method (Fixture *fixture)
{
  g_autoptr (Answer) form = NULL, header = NULL, json = NULL, query = NULL, accept = NULL;
  g_autoptr (Answer) search = NULL, wrong = NULL, get = NULL, large = NULL, forged = NULL;
  g_autofree char *tags = g_strnfill (100000, 'a');
  g_autofree char *long_form = g_strconcat ("_method=put&post[source]=6&x=", tags, NULL);

  add_post (fixture);
  form = fixture_post_form (fixture, "/posts/1.json", "_method=put&post[source]=1");
  require_source (fixture, form, "1");
  header = fixture_send_with (fixture, "POST", "/posts/1.json", FORM, "post[source]=2",
                              "X-HTTP-Method-Override", "PATCH", NULL);
  require_source (fixture, header, "2");
  json = fixture_send (fixture, "POST", "/posts/1.json", "application/json",
                       "{\"_method\":\"PUT\",\"post\":{\"source\":\"3\"}}");
  require_source (fixture, json, "3");
  query = fixture_post_form (fixture, "/posts/1.json?_method=put", "post[source]=4");
  require_source (fixture, query, "4");
  accept = fixture_send_with (fixture, "PUT", "/posts/1", FORM, "post[source]=5", "Accept",
                              "application/json", NULL);
  require_source (fixture, accept, "5");
  large = fixture_post_form (fixture, "/posts/1.json", long_form);
  require_source (fixture, large, "6");

  search = fixture_post_form (fixture, "/posts.json", "_method=get&tags=cat");
  require_status (search, 200);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (search->json)), ==, 1);
  wrong = fixture_post_form (fixture, "/posts.json", "_method=delete");
  require_error (wrong, 405);
  /* What a link can do must not change anything. */
  get = fixture_ask (fixture, "GET", "/posts/1.json?_method=delete", "X-HTTP-Method-Override",
                     "DELETE", NULL);
  require_status (get, 200);
  require_text (get, "\"is_deleted\":false");
  forged = fixture_send_with (fixture, "POST", "/posts.json?_method=get", FORM, "", "Origin",
                              "https://evil.example", NULL);
  require_error (forged, 403);
}

static void
test_errors (Fixture *fixture)
{
  g_autoptr (Answer) answer = NULL;
  JsonObject *errors;

  add_post (fixture);
  answer = fixture_post_form (fixture, "/uploads.json", "");
  require_error (answer, 422);
  errors = json_object_get_object_member (json_node_get_object (answer->json), "errors");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (errors, "base")), ==, 1);
}

/* Pages of other sites read the API, but nothing of this machine. */
static void
test_other_sites (Fixture *fixture)
{
  static const char *const open[]
      = { "/posts.json", "/posts/1.json", "/tags.json", "//posts.json", "/profile.json" };
  static const char *const closed[] = {
    "/system.json",        "/system/failures.json", "//system.json", "/%73ystem.json", "/system",
    "/system?format=json", "/health.json",          "/health",       "/posts",         "/metrics"
  };

  add_post (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (open); i++)
    {
      g_autoptr (Answer) answer = fixture_ask (fixture, "GET", open[i], NULL);
      g_autoptr (Answer) options = fixture_ask (fixture, "OPTIONS", open[i], NULL);

      g_assert_cmpstr (answer_header (answer, "Access-Control-Allow-Origin"), ==, "*");
      g_assert_cmpstr (answer_header (options, "Access-Control-Allow-Origin"), ==, "*");
    }
  for (guint i = 0; i < G_N_ELEMENTS (closed); i++)
    {
      g_autoptr (Answer) answer
          = fixture_ask (fixture, "GET", closed[i], "Origin", "https://evil.example", NULL);
      g_autoptr (Answer) options
          = fixture_ask (fixture, "OPTIONS", closed[i], "Origin", "https://evil.example", NULL);

      require_status (answer, 200);
      g_assert_null (answer_header (answer, "Access-Control-Allow-Origin"));
      g_assert_null (answer_header (options, "Access-Control-Allow-Origin"));
    }
}

static void
ask_for_files (Fixture *fixture, const char *policy)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  const char *md5 = post->media.md5;
  g_autofree char *thumbnail
      = g_strdup_printf ("/thumbnails/180x180/%.2s/%.2s/%s.webp", md5, md5 + 2, md5);
  g_autofree char *original = g_strdup_printf ("/original/%.2s/%.2s/%s.jpg", md5, md5 + 2, md5);
  const char *const paths[] = { thumbnail, original, "/posts", "/posts.json", "/posts.json" };

  fixture_add_variant (fixture, post, BOORU_VARIANT_180, "thumbnail", 9);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (Answer) plain = fixture_ask (fixture, "GET", paths[i], NULL);
      g_autoptr (Answer) range = fixture_ask (fixture, "GET", paths[i], "Range", "bytes=0-3", NULL);

      require_status (plain, 200);
      g_assert_cmpstr (answer_header (plain, "Cross-Origin-Resource-Policy"), ==, policy);
      g_assert_cmpstr (answer_header (range, "Cross-Origin-Resource-Policy"), ==, policy);
    }
}

static void
test_private (Fixture *fixture)
{
  ask_for_files (fixture, "same-origin");
}

static void
test_public (Fixture *fixture)
{
  ask_for_files (fixture, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/asking/format", NULL, test_format);
  fixture_add_test ("/web/asking/not-served", NULL, test_not_served);
  fixture_add_test ("/web/asking/method", NULL, test_method);
  fixture_add_test ("/web/asking/errors", NULL, test_errors);
  fixture_add_test ("/web/asking/other-sites", NULL, test_other_sites);
  fixture_add_test ("/web/asking/private", NULL, test_private);
  fixture_add_test ("/web/asking/public", "{'base-url': <'https://booru.example'>}", test_public);
  return g_test_run ();
}
