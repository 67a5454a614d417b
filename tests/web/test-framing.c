/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bodies that do not end as their framing says change nothing; those that do leave the connection
 * usable. */
#include <string.h>

#include "web-fixture.h"

#define HOST "Host: localhost\r\n"
#define FORM_TYPE "Content-Type: application/x-www-form-urlencoded\r\n"
#define PUT "PUT /posts/1.json HTTP/1.1\r\n" HOST FORM_TYPE
#define CHUNKED PUT "Transfer-Encoding: chunked\r\n\r\n"
#define FIRST "16\r\npost[tag_string]=gone+\r\n"

static void
require_untouched (Fixture *fixture)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", "/posts/1.json?only=tag_string", NULL);

  require_status (answer, 200);
  g_assert_cmpstr (answer->text, ==, "{\"tag_string\":\"kept precious\"}");
}

/* The client sends no more, but reads on. */
static void
require_refused (Fixture *fixture, const char *text)
{
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  g_autofree char *answer = NULL;

  raw_send (connection, text);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  answer = raw_read_all (connection);
  if (!g_str_has_prefix (answer, "HTTP/1.1 400 "))
    g_error ("“%s” was answered by “%s”", text, answer);
  g_assert_nonnull (strstr (answer, "Connection: close"));
  require_untouched (fixture);
}

static void
add_tagged_post (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autoptr (BooruPost) tagged = fixture_tag (fixture, post, "kept precious");
}

static void
test_chunks (Fixture *fixture)
{
  static const char *const sizes[] = {
    "zz", "-5", "+5",  "0x0", "10000000000000000", "ffffffffffffffff", "",
    " ",  ";",  "0\n", "1\n", "\n0\r\n\r\n",
  };
  g_autofree char *long_line = g_strnfill (200, '0');
  g_autofree char *long_size = g_strconcat (CHUNKED FIRST, long_line, "\r\n\r\n", NULL);
  g_autofree char *long_trailer
      = g_strconcat (CHUNKED FIRST "0\r\nX: ", long_line, "\r\n\r\n", NULL);

  add_tagged_post (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text = g_strconcat (CHUNKED FIRST, sizes[i], "\r\n\r\n\r\n", NULL);

      require_refused (fixture, text);
    }
  require_refused (fixture, long_size);
  require_refused (fixture, long_trailer);
  require_refused (fixture, CHUNKED FIRST);
  require_refused (fixture, CHUNKED FIRST "0\r\n");
  require_refused (fixture, CHUNKED FIRST "0\r\nX: y\r\n");
  require_refused (fixture, CHUNKED FIRST "5\r\nab");
  require_refused (fixture, CHUNKED FIRST "1\r\nab\r\n0\r\n\r\n");
  require_refused (fixture, CHUNKED "16\r\npost[tag_string]=gone+0\r\n\r\n");
  require_refused (fixture, CHUNKED);
}

static void
test_length (Fixture *fixture)
{
  add_tagged_post (fixture);
  require_refused (fixture, PUT "Content-Length: 40\r\n\r\npost[tag_string]=gone");
  require_refused (fixture, PUT "Content-Length: 40\r\n\r\n");
}

/* What each kind of body makes of being cut, though its framing is whole. */
static void
test_content (Fixture *fixture)
{
  static const char multipart[] = "--B\r\nContent-Disposition: form-data; "
                                  "name=\"post[tag_string]\"\r\n\r\ngone\r\n--B\r\n";
  g_autoptr (Answer) cut = NULL, json = NULL, spooled = NULL;

  add_tagged_post (fixture);
  cut = fixture_send (fixture, "PUT", "/posts/1.json", "multipart/form-data; boundary=B",
                      multipart);
  require_error (cut, 400);
  json = fixture_send (fixture, "PUT", "/posts/1.json", "application/json",
                       "{\"post\":{\"tag_string\":\"gone\"}");
  require_error (json, 400);
  spooled = fixture_send (fixture, "POST", "/uploads.json", "multipart/form-data; boundary=B",
                          multipart);
  require_error (spooled, 400);
  require_untouched (fixture);
}

/* A file that went to the spool while it came. */
static void
test_upload (Fixture *fixture)
{
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  g_autofree char *answer = NULL;
  g_autoptr (Answer) list = NULL;

  raw_send (connection, "POST /uploads.json HTTP/1.1\r\n" HOST
                        "Content-Type: multipart/form-data; boundary=B\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n"
                        "57\r\n--B\r\nContent-Disposition: form-data; name=\"upload[files][0]\"; "
                        "filename=\"a.jpg\"\r\n\r\ndata\r\n");
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  answer = raw_read_all (connection);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 400 "));
  list = fixture_ask (fixture, "GET", "/uploads.json", NULL);
  g_assert_cmpstr (list->text, ==, "[]");
}

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, what)); at += strlen (what))
    n++;
  return n;
}

/* However the bytes are cut, and whatever follows them. */
static void
test_reuse (Fixture *fixture)
{
  static const char text[]
      = CHUNKED "17 ; a=b\r\npost[tag_string]=fresh+\r\n3;x\r\nair\r\n00\r\nX: y\r\n\r\n" PUT
                "Content-Length: 14\r\n\r\npost[rating]=s" CHUNKED "0\r\n\r\n"
                "OPTIONS /posts.json HTTP/1.1\r\n" HOST "\r\n"
                "GET /posts/1.json HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";

  add_tagged_post (fixture);
  for (gsize step = 1; step < 4; step++)
    {
      g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
      g_autofree char *answer = NULL;

      for (gsize at = 0; at < strlen (text); at += step)
        {
          g_autofree char *piece = g_strndup (text + at, step);

          raw_send (connection, piece);
        }
      answer = raw_read_all (connection);
      if (count (answer, "HTTP/1.1 200 ") != 4)
        g_error ("%s", answer);
      g_assert_cmpuint (count (answer, "HTTP/1.1 204 "), ==, 1);
      g_assert_cmpuint (count (answer, "Connection: close"), ==, 1);
      g_assert_cmpuint (count (answer, "\"tag_string\":\"air fresh\""), ==, 4);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/framing/chunks", NULL, test_chunks);
  fixture_add_test ("/web/framing/length", NULL, test_length);
  fixture_add_test ("/web/framing/content", NULL, test_content);
  fixture_add_test ("/web/framing/upload", NULL, test_upload);
  fixture_add_test ("/web/framing/reuse", NULL, test_reuse);
  return g_test_run ();
}
