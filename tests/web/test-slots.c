/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who keeps a connection when there are more clients than slots, and slow ones hold on to theirs.
 */
#include <string.h>

#include "web-fixture.h"

#define HOST "Host: localhost\r\n"
#define LARGE_SIZE (16 * 1024 * 1024)

/* The status of an answer on a connection of its own. */
static guint
ask (Fixture *fixture, const char *path)
{
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  g_autofree char *text
      = g_strdup_printf ("GET %s HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", path);
  g_autofree char *answer = NULL;

  raw_send (connection, text);
  answer = raw_read_all (connection);
  return g_str_has_prefix (answer, "HTTP/1.1 ") ? (guint)g_ascii_strtoull (answer + 9, NULL, 10)
                                                : 0;
}

static void
require_start (GSocketConnection *connection, const char *expected)
{
  g_autofree char *start = g_malloc0 (strlen (expected) + 1);

  g_assert_true (g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                          start, strlen (expected), NULL, NULL, NULL));
  g_assert_cmpstr (start, ==, expected);
}

static GSocketConnection *
begin (Fixture *fixture, const char *text)
{
  GSocketConnection *connection = fixture_connect (fixture);

  raw_send (connection, text);
  return connection;
}

static GSocketConnection *
open_stream (Fixture *fixture)
{
  GSocketConnection *connection = begin (fixture, "GET /events HTTP/1.1\r\n" HOST "\r\n");

  require_start (connection, "HTTP/1.1 200");
  return connection;
}

/* A download that is not read on, if there is a slot for it. */
static GSocketConnection *
begin_download (Fixture *fixture, const BooruPost *post)
{
  g_autofree char *text
      = g_strdup_printf ("GET /original/%.2s/%.2s/%s.jpg HTTP/1.1\r\n" HOST "\r\n", post->media.md5,
                         post->media.md5 + 2, post->media.md5);
  GSocketConnection *connection = begin (fixture, text);

  require_start (connection, "HTTP/1.1 ");
  return connection;
}

/* As many bytes as keep an idle connection awake, but no body ends like that in a lifetime. */
static void
test_slow_body (Fixture *fixture)
{
  g_autoptr (GSocketConnection) connection
      = begin (fixture, "PUT /posts/1.json HTTP/1.1\r\n" HOST "Content-Length: 2000\r\n\r\n");
  GSocket *socket = g_socket_connection_get_socket (connection);
  guint n_sent = 0;

  while (!g_socket_condition_timed_wait (socket, G_IO_IN, 20000, NULL, NULL))
    {
      raw_send (connection, "a");
      n_sent++;
      g_assert_cmpuint (n_sent, <, 500);
    }
}

/* Whatever kind of slow client has the slots, others get one. */
static void
test_slow_give_way (Fixture *fixture)
{
  g_autofree char *data = g_malloc0 (LARGE_SIZE);
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", data, LARGE_SIZE);
  g_autoptr (GPtrArray) slow = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 4; i++)
    {
      while (slow->len < 8)
        {
          g_ptr_array_add (slow, i == 0   ? fixture_connect (fixture)
                                 : i == 1 ? begin (fixture, "GET /health HTTP/1.1\r\nX: ")
                                 : i == 2 ? begin (fixture, "PUT /posts/1.json HTTP/1.1\r\n" HOST
                                                            "Content-Length: 100\r\n\r\n")
                                          : begin_download (fixture, post));
          g_assert_cmpuint (ask (fixture, "/health"), ==, 200);
        }
      while (ask (fixture, "/posts.json") != 200)
        ; /* those who have just come may be quick ones */
      g_ptr_array_set_size (slow, 0);
    }
}

static GSocketConnection *
connect_from (Fixture *fixture, const char *address)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new_from_string (address, 0);
  GSocketConnection *connection;

  g_socket_client_set_timeout (client, 20);
  g_socket_client_set_local_address (client, local);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", fixture->port, NULL, NULL);
  g_assert_nonnull (connection);
  return connection;
}

/* Whoever has many connections loses them before somebody who has one, though it be idle for
 * longer. */
static void
test_many_give_way_first (Fixture *fixture)
{
  g_autoptr (GSocketConnection) single = fixture_connect (fixture);
  g_autoptr (GPtrArray) many = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *rest = NULL;

  raw_send (single, "GET /health HTTP/1.1\r\n" HOST "\r\n");
  require_start (single, "HTTP/1.1 200");
  while (many->len < 12)
    {
      g_ptr_array_add (many, connect_from (fixture, "127.0.0.2"));
      raw_send (many->pdata[many->len - 1], "GET /health HTTP/1.1\r\n" HOST "\r\n");
      require_start (many->pdata[many->len - 1], "HTTP/1.1 200");
    }
  raw_send (single, "GET /posts.json HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
  rest = raw_read_all (single);
  g_assert_nonnull (strstr (rest, "HTTP/1.1 200"));
}

/* An address that has all that it may have: its idle connections go, but none that is in use. */
static void
test_per_address (Fixture *fixture)
{
  g_autoptr (GSocketConnection) idle = fixture_connect (fixture);
  g_autoptr (GSocketConnection) first = open_stream (fixture);
  g_autoptr (GSocketConnection) second = open_stream (fixture);
  g_autoptr (GSocketConnection) third = fixture_connect (fixture);
  g_autofree char *nothing = raw_read_all (idle), *refusal = raw_read_all (third);

  g_assert_cmpstr (nothing, ==, "");
  g_assert_true (g_str_has_prefix (refusal, "HTTP/1.1 503 "));
  g_io_stream_close (G_IO_STREAM (first), NULL, NULL);
  while (ask (fixture, "/posts.json") != 200)
    ; /* until the server has seen that */
}

/* No slot is left and nobody can give way: whoever watches over the program is answered. */
static void
test_reserve (Fixture *fixture)
{
  g_autoptr (GSocketConnection) first = open_stream (fixture);
  g_autoptr (GSocketConnection) second = open_stream (fixture);

  g_assert_cmpuint (ask (fixture, "/health"), ==, 200);
  g_assert_cmpuint (ask (fixture, "/health.json"), ==, 200);
  g_assert_cmpuint (ask (fixture, "/posts.json"), ==, 503);
  g_io_stream_close (G_IO_STREAM (second), NULL, NULL);
  while (ask (fixture, "/posts.json") != 200)
    ; /* until the server has seen that */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/slots/slow-body", "{'idle-timeout': <uint32 1>}", test_slow_body);
  fixture_add_test ("/web/slots/slow-give-way", "{'max-connections': <uint32 4>}",
                    test_slow_give_way);
  fixture_add_test ("/web/slots/many-give-way-first", "{'max-connections': <uint32 6>}",
                    test_many_give_way_first);
  fixture_add_test ("/web/slots/per-address", "{'max-connections-per-address': <uint32 2>}",
                    test_per_address);
  fixture_add_test ("/web/slots/reserve", "{'max-connections': <uint32 2>}", test_reserve);
  return g_test_run ();
}
