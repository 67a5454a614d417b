/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields of a request, however they are sent: as many and as long as anybody needs, and text only.
 */
#include <string.h>

#include "web-fixture.h"

#define MULTIPART "multipart/form-data; boundary=B"

static char *
repeat (const char *text, guint n, const char *end)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (out, text);
  g_string_append (out, end);
  return g_string_free (out, FALSE);
}

static void
require_refused (Fixture *fixture,
                 const char *method,
                 const char *path,
                 const char *type,
                 const char *body)
{
  g_autoptr (Answer) answer = fixture_send (fixture, method, path, type, body);

  require_status (answer, 400);
}

static void
require_kept (Fixture *fixture)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", "/posts/1.json?only=tag_string", NULL);

  g_assert_cmpstr (answer->text, ==, "{\"tag_string\":\"kept\"}");
}

static void
add_tagged_post (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autoptr (BooruPost) tagged = fixture_tag (fixture, post, "kept");
}

/* Forms that are read into memory. */
static void
test_many (Fixture *fixture)
{
  g_autofree char *fields = repeat ("a&", 5000, "post[tag_string]=gone");
  g_autofree char *list = repeat ("a[]=&", 5000, "post[tag_string]=gone");
  g_autofree char *parts
      = repeat ("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", 4500,
                "--B\r\nContent-Disposition: form-data; name=\"post[tag_string]\"\r\n\r\ngone\r\n"
                "--B--\r\n");
  g_autofree char *json = repeat ("[1],", 5000, "1],\"post\":{\"tag_string\":\"gone\"}}");
  g_autofree char *whole_json = g_strconcat ("{\"a\":[", json, NULL);
  g_autofree char *query = g_strconcat ("/posts/1.json?", fields, NULL);

  add_tagged_post (fixture);
  require_refused (fixture, "PUT", "/posts/1.json", FORM, fields);
  require_refused (fixture, "PUT", "/posts/1.json", FORM, list);
  require_refused (fixture, "PUT", "/posts/1.json", MULTIPART, parts);
  require_refused (fixture, "PUT", "/posts/1.json", "application/json", whole_json);
  require_refused (fixture, "PUT", query, FORM, "");
  require_kept (fixture);
}

/* Forms of any length, which are taken apart while they come. */
static void
test_upload (Fixture *fixture)
{
  g_autofree char *many
      = repeat ("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", 100000, "--B--\r\n");
  g_autofree char *files
      = repeat ("--B\r\nContent-Disposition: form-data; name=a; filename=\"\"\r\n\r\n\r\n", 100000,
                "--B--\r\n");
  g_autofree char *name = g_strnfill (15000, 'a');
  g_autofree char *part
      = g_strconcat ("--B\r\nContent-Disposition: form-data; name=", name, "\r\n\r\n\r\n", NULL);
  g_autofree char *long_names = repeat (part, 100, "--B--\r\n");
  g_autofree char *lines = repeat ("X: y\r\n", 1000, "\r\n\r\n--B--\r\n");
  g_autofree char *headers
      = g_strconcat ("--B\r\nContent-Disposition: form-data; name=a\r\n", lines, NULL);
  g_autoptr (Answer) list = NULL;

  require_refused (fixture, "POST", "/uploads.json", MULTIPART, many);
  require_refused (fixture, "POST", "/uploads.json", MULTIPART, files);
  require_refused (fixture, "POST", "/uploads.json", MULTIPART, long_names);
  require_refused (fixture, "POST", "/uploads.json", MULTIPART, headers);
  list = fixture_ask (fixture, "GET", "/uploads.json", NULL);
  g_assert_cmpstr (list->text, ==, "[]");
}

/* Not UTF-8, or with a NUL: on every route. */
static void
test_text (Fixture *fixture)
{
  static const char *const paths[] = {
    "/posts/1.json?a=%00",
    "/posts.json?tags=%ff",
    "/posts?tags=%ff",
    "/tags.json?%ff=1",
    "/health?a=%c3%28",
    "/nothing?a=%00",
    "/nothing/%00",
    "/posts/%ff",
    "/posts/1%00.json",
    "/posts//%ff",
    "/assets/a.js?%00",
    "/events?%ff",
    "/system.json?a=%ed%a0%80",
    "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/%ff",
  };

  add_tagged_post (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (Answer) answer = fixture_ask (fixture, "GET", paths[i], NULL);

      if (answer->status != 400)
        g_error ("%s was answered by %u", paths[i], answer->status);
    }
  require_refused (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=gone&a=%ff");
  require_refused (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=gone&%00=a");
  require_refused (fixture, "DELETE", "/posts/1.json", FORM, "a=%00");
  require_refused (fixture, "PUT", "/posts/1.json", "application/json",
                   "{\"post\":{\"tag_string\":\"gone\\u0000\"}}");
  require_refused (fixture, "PUT", "/posts/1.json", MULTIPART,
                   "--B\r\nContent-Disposition: form-data; name=\"post[tag_string]\"\r\n\r\n"
                   "gone\xff\r\n--B--\r\n");
  require_refused (fixture, "POST", "/duplicates", FORM, "a=%00");
  require_refused (fixture, "POST", "/nothing", FORM, "a=%00");
  require_kept (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/fields/many", NULL, test_many);
  fixture_add_test ("/web/fields/upload", NULL, test_upload);
  fixture_add_test ("/web/fields/text", NULL, test_text);
  return g_test_run ();
}
