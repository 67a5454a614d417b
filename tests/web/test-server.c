/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections: limits, deadlines, malformed requests, the end. */
#include <string.h>

#include "web-fixture.h"

#define HOST "Host: localhost\r\n"

/* Sends bytes, reads until the server closes, and wants the answer to begin with a status line. */
static void
require_refused (Fixture *fixture, const char *text, guint status)
{
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  g_autofree char *expected = g_strdup_printf ("HTTP/1.1 %u ", status);
  g_autofree char *answer = NULL;

  raw_send (connection, text);
  answer = raw_read_all (connection);
  if (!g_str_has_prefix (answer, expected))
    g_error ("“%s” was answered by “%s”", text, answer);
  g_assert_nonnull (strstr (answer, "Connection: close"));
}

static void
test_malformed (Fixture *fixture)
{
  g_autofree char *long_head = g_strnfill (70000, 'a');
  g_autofree char *large_head
      = g_strdup_printf ("GET / HTTP/1.1\r\n" HOST "X: %s\r\n\r\n", long_head);

  require_refused (fixture, "GARBAGE\r\n\r\n", 400);
  require_refused (fixture, "GET / HTTP/1.1\r\n\r\n", 400);
  require_refused (fixture,
                   "PUT /posts/1.json HTTP/1.1\r\n" HOST
                   "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                   400);
  require_refused (fixture, "GET /posts HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 400);
  require_refused (
      fixture, "GET /posts HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
  {
    g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
    g_autofree char *answer = NULL;

    raw_send (connection, "GET /posts/%zz HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    answer = raw_read_all (connection);
    g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 400 "));
  }
  require_refused (fixture, "GET / HTTP/3.0\r\n" HOST "\r\n", 505);
  require_refused (fixture, large_head, 431);
}

static void
test_large_body (Fixture *fixture)
{
  g_autofree char *filler = g_strnfill (700000, 'a');
  g_autofree char *chunked = g_strdup_printf ("PUT /posts/1.json HTTP/1.1\r\n" HOST
                                              "Content-Type: application/x-www-form-urlencoded\r\n"
                                              "Transfer-Encoding: chunked\r\n\r\nfffff\r\n%s",
                                              filler);
  g_autofree char *slightly
      = g_strdup_printf ("PUT /posts/1.json HTTP/1.1\r\n" HOST "Connection: close\r\n"
                         "Transfer-Encoding: chunked\r\n\r\n40100\r\n%.*s\r\n0\r\n\r\n",
                         0x40100, filler);

  /* Refused by its length, before a byte of it was sent. */
  require_refused (fixture,
                   "PUT /posts/1.json HTTP/1.1\r\n" HOST "Content-Length: 900000000\r\n\r\n", 413);
  require_refused (fixture, "POST /nothing HTTP/1.1\r\n" HOST "Content-Length: 900000000\r\n\r\n",
                   413);
  require_refused (fixture, chunked, 413);
  require_refused (fixture, slightly, 413);
}

static void
test_chunked (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  g_autofree char *answer = NULL;

  raw_send (connection, "PUT /posts/1.json HTTP/1.1\r\n" HOST "Connection: close\r\n"
                        "Content-Type: application/x-www-form-urlencoded\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n"
                        "5\r\npost[\r\n9\r\nrating]=s\r\n0\r\n\r\n");
  answer = raw_read_all (connection);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
  g_assert_nonnull (strstr (answer, "\"rating\":\"s\""));
}

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, what)); at += strlen (what))
    n++;
  return n;
}

/* Several requests in one go are answered one after the other, whichever way each takes. */
static void
test_pipeline (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  GString *text = g_string_new ("\r\n");
  g_autofree char *sent = NULL, *answer = NULL;

  fixture_add_variant (fixture, post, BOORU_VARIANT_180, "thumbnail", 9);
  for (guint i = 0; i < 30; i++)
    g_string_append_printf (text,
                            "GET /thumbnails/180x180/%.2s/%.2s/%s.webp HTTP/1.1\r\n" HOST "\r\n"
                            "GET /posts/1.json HTTP/1.1\r\n" HOST "\r\n"
                            "PUT /posts/1.json HTTP/1.1\r\n" HOST
                            "Content-Type: application/x-www-form-urlencoded\r\n"
                            "Content-Length: 14\r\n\r\npost[rating]=s",
                            post->media.md5, post->media.md5 + 2, post->media.md5);
  g_string_append (text, "GET /health HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
  sent = g_string_free (text, FALSE);
  raw_send (connection, sent);
  answer = raw_read_all (connection);
  g_assert_cmpuint (count (answer, "HTTP/1.1 200 "), ==, 91);
  g_assert_cmpuint (count (answer, "\r\n\r\nthumbnail"), ==, 30);
  g_assert_cmpuint (count (answer, "\"rating\":\"s\""), >=, 59);
  g_assert_true (g_str_has_suffix (answer, "\"error\":null}"));
}

/* A client that sends byte by byte, and one that takes the answer in sips. */
static void
test_slow_but_steady (Fixture *fixture)
{
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  const char *text = "GET /health HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
  g_autofree char *answer = NULL;

  for (const char *at = text; *at; at++)
    {
      char one[2] = { *at, '\0' };

      raw_send (connection, one);
    }
  answer = raw_read_all (connection);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
}

static void
require_closed (GSocketConnection *connection)
{
  g_autofree char *rest = raw_read_all (connection);

  g_assert_cmpstr (rest, ==, "");
}

static void
test_header_deadline (Fixture *fixture)
{
  g_autoptr (GSocketConnection) silent = fixture_connect (fixture);
  g_autoptr (GSocketConnection) slow = fixture_connect (fixture);

  raw_send (slow, "GET /health HTTP/1.1\r\nHost: loc");
  require_closed (slow);
  require_closed (silent);
}

static void
test_idle_deadline (Fixture *fixture)
{
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  g_autoptr (GSocketConnection) half = fixture_connect (fixture);
  g_autofree char *answer = NULL, *nothing = NULL;

  raw_send (half, "PUT /posts/1.json HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\nabc");
  raw_send (connection, "GET /health HTTP/1.1\r\n" HOST "\r\n");
  answer = raw_read_all (connection); /* keep-alive, until it has been idle for too long */
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 "));
  nothing = raw_read_all (half);
  g_assert_cmpuint (count (nothing, "HTTP/1.1 200"), ==, 0);
}

/* A connection that its client closes between requests is let go of. */
static void
test_kept_alive (Fixture *fixture)
{
  for (guint n_done = 0; n_done < 10;)
    {
      g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
      char start[16] = "";

      raw_send (connection, "GET /health HTTP/1.1\r\n" HOST "\r\n");
      if (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), start, 12,
                               NULL, NULL)
              == 12
          && g_str_has_suffix (start, " 200"))
        n_done++; /* else: the one before has not been let go of yet */
    }
}

static void
test_guards (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autofree char *thumbnail
      = g_strdup_printf ("/thumbnails/180x180/%.2s/%.2s/%s.webp", post->media.md5,
                         post->media.md5 + 2, post->media.md5);
  g_autoptr (Answer) warm = fixture_ask (fixture, "GET", "/posts/1.json", NULL);
  g_autoptr (Answer) rebound = NULL, picture = NULL, forged = NULL, referred = NULL, own = NULL;

  fixture_add_variant (fixture, post, BOORU_VARIANT_180, "thumbnail", 9);
  rebound = fixture_ask (fixture, "GET", "/posts/1.json", "Host", "evil.example:5000", NULL);
  require_error (rebound, 403);
  picture = fixture_ask (fixture, "GET", thumbnail, "Host", "evil.example:5000", NULL);
  require_status (picture, 403);
  forged = fixture_ask (fixture, "PUT", "/posts/1.json", "Origin", "https://evil.example", NULL);
  require_error (forged, 403);
  referred
      = fixture_ask (fixture, "PUT", "/posts/1.json", "Referer", "https://evil.example/", NULL);
  require_error (referred, 403);
  own = fixture_ask (fixture, "PUT", "/posts/1.json", "Origin", fixture->base_url, NULL);
  require_status (own, 200);
}

static void
test_base_url (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autoptr (Answer) answer
      = fixture_ask (fixture, "GET", "/posts/1.json?only=file_url", "Host", "booru.example", NULL);
  g_autofree char *expected
      = g_strdup_printf ("{\"file_url\":\"https://booru.example/b/original/%.2s/%.2s/%s.jpg\"}",
                         post->media.md5, post->media.md5 + 2, post->media.md5);

  require_status (answer, 200);
  g_assert_cmpstr (answer->text, ==, expected);
}

static void
reconfigure (Fixture *fixture)
{
  g_autoptr (BooruConfig) old
      = booru_config_ref (booru_service_context_get_config (fixture->context));
  GVariantDict dict;

  g_variant_dict_init (&dict, booru_config_to_variant (old));
  g_variant_dict_insert (&dict, "base-url", "s", "https://new.example");
  booru_service_context_take_config (fixture->context,
                                     booru_config_new (g_variant_dict_end (&dict)));
}

static void
test_configure (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autoptr (Answer) before = fixture_ask (fixture, "GET", "/posts/1.json?only=file_url", NULL);
  g_autoptr (Answer) after = NULL;

  require_text (before, fixture->base_url);
  fixture_invoke (reconfigure, fixture);
  after = fixture_ask (fixture, "GET", "/posts/1.json?only=file_url", NULL);
  require_text (after, "https://new.example/original/");
}

#define LARGE_SIZE (16 * 1024 * 1024)

static gsize
read_exactly (GInputStream *input, gsize size)
{
  g_autofree char *buffer = g_malloc (65536);
  gsize done = 0;

  while (done < size)
    {
      gssize got = g_input_stream_read (input, buffer, MIN (size - done, 65536), NULL, NULL);

      if (got <= 0)
        break;
      done += (gsize)got;
    }
  return done;
}

static void
test_quiesce (Fixture *fixture)
{
  g_autofree char *data = g_malloc0 (LARGE_SIZE);
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", data, LARGE_SIZE);
  g_autoptr (GSocketConnection) idle = fixture_connect (fixture);
  g_autoptr (GSocketConnection) download = fixture_connect (fixture);
  g_autofree char *request
      = g_strdup_printf ("GET /original/%.2s/%.2s/%s.jpg HTTP/1.1\r\n" HOST "\r\n", post->media.md5,
                         post->media.md5 + 2, post->media.md5);
  g_autofree char *idle_rest = NULL;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (download));
  gsize got;

  raw_send (idle, "GET /health HTTP/1.1\r\n" HOST "\r\n");
  read_exactly (g_io_stream_get_input_stream (G_IO_STREAM (idle)), 20);
  raw_send (download, request);
  g_assert_cmpuint (read_exactly (input, 100000), ==, 100000);

  fixture_quiesce (fixture);
  idle_rest = raw_read_all (idle);
  g_assert_cmpint (g_atomic_int_get (&fixture->stopped), ==, 0);
  got = read_exactly (input, LARGE_SIZE * 2); /* to the end: the server closes */
  g_assert_cmpuint (got + 100000, >, LARGE_SIZE);
  g_assert_cmpuint (got + 100000, <, LARGE_SIZE + 2000);
  fixture_wait (&fixture->stopped);
}

static void
test_quiesce_idle (Fixture *fixture)
{
  fixture_quiesce (fixture);
  fixture_wait (&fixture->stopped);
}

/* Whoever keeps a connection gets one more answer, which says that it is the last one. */
static void
test_hand_over (Fixture *fixture)
{
  g_autoptr (GSocketConnection) kept = fixture_connect (fixture);
  g_autoptr (GSocketConnection) fresh = fixture_connect (fixture);
  g_autofree char *last = NULL;
  g_autofree char *first = NULL;

  /* Once the one is answered, the other one has been accepted as well. */
  raw_send (fresh, "GET /health");
  raw_send (kept, "GET /health HTTP/1.1\r\n" HOST "\r\n");
  read_exactly (g_io_stream_get_input_stream (G_IO_STREAM (kept)), 20);
  fixture_hand_over (fixture);
  raw_send (fresh, " HTTP/1.1\r\n" HOST "\r\n");
  raw_send (kept, "GET /posts.json HTTP/1.1\r\n" HOST "\r\n");
  last = raw_read_all (kept);
  first = raw_read_all (fresh);
  g_assert_nonnull (strstr (last, "HTTP/1.1 200 OK"));
  g_assert_nonnull (strstr (last, "Connection: close"));
  g_assert_nonnull (strstr (first, "HTTP/1.1 200 OK"));
  g_assert_nonnull (strstr (first, "Connection: close"));
  fixture_wait (&fixture->stopped);
}

/* What is kept for a while when others take over ends at once when nobody does. */
static void
test_hurry (Fixture *fixture)
{
  g_autoptr (GSocketConnection) idle = fixture_connect (fixture);
  g_autoptr (GSocketConnection) silent = fixture_connect (fixture);
  g_autofree char *rest = NULL;

  raw_send (idle, "GET /health HTTP/1.1\r\n" HOST "\r\n");
  read_exactly (g_io_stream_get_input_stream (G_IO_STREAM (idle)), 20);
  fixture_hand_over (fixture);
  g_assert_cmpint (g_atomic_int_get (&fixture->stopped), ==, 0);
  fixture_quiesce (fixture);
  rest = raw_read_all (idle);
  fixture_wait (&fixture->stopped);
}

static void
emit_event (Fixture *fixture)
{
  const gint64 ids[] = { 3, 4 };
  g_autoptr (GVariant) payload
      = g_variant_ref_sink (g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, ids, 2, sizeof *ids));

  booru_service_context_emit_event (fixture->context, BOORU_EVENT_POSTS_CHANGED, payload);
}

static void
test_events (Fixture *fixture)
{
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autofree char *rest = NULL;
  char buffer[512];
  gssize got;

  raw_send (connection, "GET /events HTTP/1.1\r\n" HOST "\r\n");
  while (strstr (heard->str, "retry:") == NULL)
    {
      got = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL);
      g_assert_cmpint (got, >, 0);
      g_string_append_len (heard, buffer, got);
    }
  g_assert_nonnull (strstr (heard->str, "text/event-stream"));
  fixture_invoke (emit_event, fixture);
  while (strstr (heard->str, "event: posts-changed\ndata: {\"ids\":[3,4]}\n\n") == NULL)
    {
      got = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL);
      g_assert_cmpint (got, >, 0);
      g_string_append_len (heard, buffer, got);
    }
  fixture_quiesce (fixture);
  rest = raw_read_all (connection);
  fixture_wait (&fixture->stopped);
}

#define MAX_STREAMS 64 /* as in route-events.c */

/* An event stream that was answered with this status. */
static GSocketConnection *
open_stream (Fixture *fixture, guint *status)
{
  GSocketConnection *connection = fixture_connect (fixture);
  char start[13] = "";

  raw_send (connection, "GET /events HTTP/1.1\r\n" HOST "\r\n");
  g_assert_true (g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                          start, 12, NULL, NULL, NULL));
  *status = (guint)g_ascii_strtoull (start + 9, NULL, 10);
  return connection;
}

/* Whoever closes makes room at once for another one. */
static void
test_streams_freed (Fixture *fixture)
{
  guint status;

  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (GPtrArray) streams = g_ptr_array_new_with_free_func (g_object_unref);

      while (streams->len < MAX_STREAMS)
        {
          g_autoptr (GSocketConnection) stream = open_stream (fixture, &status);

          if (status == 200)
            g_ptr_array_add (streams, g_steal_pointer (&stream));
          else
            g_assert_cmpuint (round, >, 0); /* it may not have seen yet that the others closed */
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/server/malformed", NULL, test_malformed);
  fixture_add_test ("/web/server/large-body", NULL, test_large_body);
  fixture_add_test ("/web/server/chunked", NULL, test_chunked);
  fixture_add_test ("/web/server/pipeline", NULL, test_pipeline);
  fixture_add_test ("/web/server/slow-but-steady", NULL, test_slow_but_steady);
  fixture_add_test ("/web/server/header-deadline", "{'header-timeout': <uint32 1>}",
                    test_header_deadline);
  fixture_add_test ("/web/server/idle-deadline", "{'idle-timeout': <uint32 1>}",
                    test_idle_deadline);
  fixture_add_test ("/web/server/kept-alive", "{'max-connections-per-address': <uint32 2>}",
                    test_kept_alive);
  fixture_add_test ("/web/server/guards", NULL, test_guards);
  fixture_add_test ("/web/server/base-url", "{'base-url': <'https://booru.example/b/'>}",
                    test_base_url);
  fixture_add_test ("/web/server/configure", NULL, test_configure);
  fixture_add_test ("/web/server/quiesce", NULL, test_quiesce);
  fixture_add_test ("/web/server/quiesce-idle", NULL, test_quiesce_idle);
  fixture_add_test ("/web/server/hand-over", NULL, test_hand_over);
  fixture_add_test ("/web/server/hurry", NULL, test_hurry);
  fixture_add_test ("/web/server/events", NULL, test_events);
  fixture_add_test ("/web/server/streams-freed", NULL, test_streams_freed);
  return g_test_run ();
}
