/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searching by picture, as clients and browsers ask for it. */
#include <string.h>
#include <unistd.h>

#include "web-fixture.h"

#define LAKE G_GUINT64_CONSTANT (0xf0f0f0f0f0f0f0f0)

/* "1:100 3:93.75": posts and scores. */
static void
require_matches (JsonNode *json, const char *expected)
{
  JsonArray *array = json_node_get_array (json);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *match = json_array_get_object_element (array, i);
      JsonObject *post = json_object_get_object_member (match, "post");

      g_assert_cmpint (json_object_get_int_member (post, "id"), ==,
                       json_object_get_int_member (match, "post_id"));
      g_string_append_printf (text, "%s%" G_GINT64_FORMAT ":%g", i ? " " : "",
                              json_object_get_int_member (match, "post_id"),
                              json_object_get_double_member (match, "score"));
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
require_found (Fixture *fixture, const char *path, const char *expected)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

  require_status (answer, 200);
  require_matches (answer->json, expected);
}

static void
add_posts (Fixture *fixture)
{
  fixture_add_hashed (fixture, "a.jpg", LAKE, "lake");
  fixture_add_hashed (fixture, "b.jpg", ~LAKE, "other");
  fixture_add_hashed (fixture, "c.jpg", LAKE ^ 3, "lake big");
  fixture_add_hashed (fixture, "d.jpg", LAKE ^ 0xffff0f, "");
  fixture_add_hashed (fixture, "e.jpg", 0, "blank");
}

static void
test_search_by_post (Fixture *fixture)
{
  add_posts (fixture);
  require_found (fixture, "/iqdb_queries.json?post_id=1", "1:100 3:93.75");
  require_found (fixture, "/iqdb_queries.json?search[post_id]=3&search[limit]=1", "3:100");
  require_found (fixture, "/iqdb_queries.json?post_id=1&similarity=95", "1:100");
  require_found (fixture, "/iqdb_queries.json?post_id=1&similarity=0", "1:100 3:93.75 4:37.5");
  require_found (fixture, "/iqdb_queries.json?post_id=5", "");
  require_found (fixture, "/iqdb_queries.json?media_asset_id=2", "1:100 3:93.75");
  require_found (fixture, "/iqdb_queries.json?search[media_asset_id]=6&limit=1", "3:100");
  require_found (fixture, "/iqdb_queries.json?hash=f0f0f0f0f0f0f0f1", "3:96.88 1:96.88");
  require_found (fixture, "/iqdb_queries.json", "");
  require_found (fixture, "/posts.json?tags=similar:999", "");
}

static void
require_refused (Fixture *fixture, const char *path, guint status)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

  require_error (answer, status);
}

static void
test_bad_questions (Fixture *fixture)
{
  require_refused (fixture, "/iqdb_queries.json?post_id=99", 404);
  require_refused (fixture, "/iqdb_queries.json?post_id=x", 400);
  require_refused (fixture, "/iqdb_queries.json?media_asset_id=1", 404);
  require_refused (fixture, "/iqdb_queries.json?media_asset_id=x", 400);
  require_refused (fixture, "/iqdb_queries.json?hash=12", 400);
  require_refused (fixture, "/iqdb_queries.json?hash=zzzzzzzzzzzzzzzz", 400);
  require_refused (fixture, "/iqdb_queries.json?url=https://example.org/a.jpg", 501);
}

static void
test_hash_member (Fixture *fixture)
{
  g_autoptr (Answer) answer = NULL;
  JsonObject *match;

  add_posts (fixture);
  answer = fixture_ask (fixture, "GET", "/iqdb_queries.json?post_id=1", NULL);
  match = json_array_get_object_element (json_node_get_array (answer->json), 1);
  g_assert_cmpstr (json_object_get_string_member (match, "hash"), ==, "f0f0f0f0f0f0f0f3");
}

/* An upload, and what the monitor says to it. */

static GSocketConnection *
send_picture (Fixture *fixture, const char *path, const char *field)
{
  GSocketConnection *connection = fixture_connect (fixture);
  g_autofree char *body = g_strdup_printf ("--b\r\nContent-Disposition: form-data; name=\"%s\"; "
                                           "filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
                                           "the picture\r\n--b--\r\n",
                                           field);
  g_autofree char *text = g_strdup_printf (
      "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n"
      "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %zu\r\n\r\n%s",
      path, fixture->port, strlen (body), body);

  raw_send (connection, text);
  return connection;
}

static char *spool; /* name of the file, once the monitor was asked */

static void
look_for_question (Fixture *fixture)
{
  for (guint i = 0; i < fixture->published->len; i++)
    {
      const char *text = fixture->published->pdata[i];

      if (g_str_has_prefix (text, "hashes-requested '"))
        {
          spool = g_strndup (strchr (text, '\'') + 1, strcspn (strchr (text, '\'') + 1, "'"));
          g_ptr_array_remove_index (fixture->published, i);
          return;
        }
    }
}

/* What is to be looked at, as the monitor takes it. */
static char *
take_question (Fixture *fixture)
{
  char content[64] = { 0 };
  int fd;

  g_clear_pointer (&spool, g_free);
  while (spool == NULL)
    {
      fixture_invoke (look_for_question, fixture);
      g_usleep (500);
    }
  fd = booru_spool_take (fixture->data_dir, spool, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (read (fd, content, sizeof content - 1), >, 0);
  close (fd);
  return g_strdup (content);
}

static void
answer_hashes (Fixture *fixture)
{
  g_autoptr (GVariant) others
      = g_variant_ref_sink (g_variant_new_parsed ("('spool-another', [uint64 5], uint32 0, '')"));
  g_autoptr (GVariant) found = g_variant_ref_sink (
      g_variant_new_parsed ("(%s, [uint64 0, %t], uint32 0, '')", spool, LAKE));

  booru_service_context_emit_event (fixture->context, BOORU_EVENT_HASHES_FOUND, others);
  booru_service_context_emit_event (fixture->context, BOORU_EVENT_HASHES_FOUND, found);
}

static void
answer_damaged (Fixture *fixture)
{
  g_autoptr (GVariant) found = g_variant_ref_sink (
      g_variant_new ("(s@atus)", spool, g_variant_new_array (G_VARIANT_TYPE_UINT64, NULL, 0),
                     (guint)BOORU_ERROR_INVALID, "The PNG ends too soon"));

  booru_service_context_emit_event (fixture->context, BOORU_EVENT_HASHES_FOUND, found);
}

static void
say_monitor (Fixture *fixture, const char *state)
{
  GVariantBuilder builder;
  g_autoptr (GVariant) states = NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&builder, "{ss}", "web", "ready");
  if (state)
    g_variant_builder_add (&builder, "{ss}", "monitor", state);
  states = g_variant_ref_sink (g_variant_builder_end (&builder));
  booru_service_context_emit_event (fixture->context, BOORU_EVENT_SERVICES, states);
}

static void
monitor_is_ready (Fixture *fixture)
{
  say_monitor (fixture, "ready");
}

static void
monitor_is_restarted (Fixture *fixture)
{
  say_monitor (fixture, "degraded");
}

static void
monitor_is_off (Fixture *fixture)
{
  say_monitor (fixture, NULL);
}

static void
require_answer (GSocketConnection *connection, const char *status, const char *text)
{
  g_autofree char *answer = raw_read_all (connection);

  if (!g_str_has_prefix (answer, status) || strstr (answer, text) == NULL)
    g_error ("not %s with “%s”: %s", status, text, answer);
}

/* Files come and go; none is left. */
static void
require_nothing_spooled (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->data_dir, BOORU_DIR_TEMPORARY, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  g_assert_nonnull (dir);
  g_assert_null (g_dir_read_name (dir));
}

static void
test_upload (Fixture *fixture)
{
  static const char *const fields[] = { "file", "search[file]" };

  add_posts (fixture);
  fixture_invoke (monitor_is_ready, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (GSocketConnection) connection
          = send_picture (fixture, "/iqdb_queries.json", fields[i]);
      g_autofree char *content = take_question (fixture);

      g_assert_cmpstr (content, ==, "the picture");
      fixture_invoke (answer_hashes, fixture);
      require_answer (connection, "HTTP/1.1 201", "[{\"post_id\":1,\"score\":100.0,");
      require_nothing_spooled (fixture);
    }
}

static void
test_upload_page (Fixture *fixture)
{
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *content = NULL;

  add_posts (fixture);
  connection = send_picture (fixture, "/iqdb_queries", "file");
  content = take_question (fixture);
  fixture_invoke (answer_hashes, fixture);
  require_answer (connection, "HTTP/1.1 200", "/posts/3");
}

static void
test_upload_damaged (Fixture *fixture)
{
  static const char *const paths[] = { "/iqdb_queries.json", "/iqdb_queries" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GSocketConnection) connection = send_picture (fixture, paths[i], "file");
      g_autofree char *content = take_question (fixture);

      fixture_invoke (answer_damaged, fixture);
      require_answer (connection, "HTTP/1.1 422", "The PNG ends too soon");
    }
  require_nothing_spooled (fixture);
}

static void
test_monitor_goes (Fixture *fixture)
{
  g_autoptr (GSocketConnection) connection = NULL, late = NULL;
  g_autofree char *content = NULL;

  fixture_invoke (monitor_is_ready, fixture);
  connection = send_picture (fixture, "/iqdb_queries.json", "file");
  content = take_question (fixture);
  fixture_invoke (monitor_is_restarted, fixture);
  require_answer (connection, "HTTP/1.1 503", "which is starting");

  fixture_invoke (monitor_is_off, fixture);
  late = send_picture (fixture, "/iqdb_queries", "file");
  require_answer (late, "HTTP/1.1 503", "Enable the plugin monitor");
  require_nothing_spooled (fixture);
}

static gboolean cancelled;

static void
look_for_cancellation (Fixture *fixture)
{
  g_autofree char *expected = g_strdup_printf ("hashes-cancelled '%s'", spool);

  for (guint i = 0; i < fixture->published->len; i++)
    cancelled |= g_str_equal (fixture->published->pdata[i], expected);
}

static void
require_cancelled (Fixture *fixture)
{
  for (cancelled = FALSE; !cancelled;)
    {
      fixture_invoke (look_for_cancellation, fixture);
      g_usleep (500);
    }
  require_nothing_spooled (fixture);
}

/* The monitor is told to stop decoding, whether the client closes or only says that it sends no
 * more. */
static void
test_client_leaves (Fixture *fixture)
{
  static const char *const paths[] = { "/iqdb_queries.json", "/iqdb_queries" };

  fixture_invoke (monitor_is_ready, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GSocketConnection) closed = send_picture (fixture, paths[i], "file");
      g_autofree char *first = take_question (fixture), *second = NULL;
      g_autoptr (GSocketConnection) shut = NULL;

      g_io_stream_close (G_IO_STREAM (closed), NULL, NULL);
      require_cancelled (fixture);
      shut = send_picture (fixture, paths[i], "file");
      second = take_question (fixture);
      g_socket_shutdown (g_socket_connection_get_socket (shut), FALSE, TRUE, NULL);
      require_cancelled (fixture);
    }
}

static void
test_form (Fixture *fixture)
{
  g_autoptr (Answer) page = fixture_ask (fixture, "GET", "/iqdb_queries", NULL);
  g_autoptr (Answer) empty = fixture_post_form (fixture, "/iqdb_queries", "");
  g_autoptr (Answer) like = NULL;

  require_status (page, 200);
  require_text (page, "type=\"file\"");
  require_status (empty, 422);
  add_posts (fixture);
  like = fixture_ask (fixture, "GET", "/iqdb_queries?post_id=1", NULL);
  require_text (like, "/posts/3");
  require_text (like, "94 %");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/iqdb/by-post", NULL, test_search_by_post);
  fixture_add_test ("/web/iqdb/bad-questions", NULL, test_bad_questions);
  fixture_add_test ("/web/iqdb/hash", NULL, test_hash_member);
  fixture_add_test ("/web/iqdb/upload", NULL, test_upload);
  fixture_add_test ("/web/iqdb/upload-page", NULL, test_upload_page);
  fixture_add_test ("/web/iqdb/upload-damaged", NULL, test_upload_damaged);
  fixture_add_test ("/web/iqdb/monitor-goes", NULL, test_monitor_goes);
  fixture_add_test ("/web/iqdb/client-leaves", NULL, test_client_leaves);
  fixture_add_test ("/web/iqdb/form", NULL, test_form);
  return g_test_run ();
}
