/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is compressed on its way, for whom, and what is not. */
#include <string.h>

#include "web-fixture.h"

#define GZIP "gzip, deflate, br"

/* An answer as it came over the wire. */
typedef struct
{
  char *head;
  GByteArray *body;
} Raw;

static void
raw_clear (Raw *raw)
{
  g_free (raw->head);
  g_byte_array_unref (raw->body);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Raw, raw_clear)

static Raw
ask (Fixture *fixture, const char *method, const char *path, const char *accepted)
{
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autofree char *text = g_strdup_printf (
      "%s %s HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: %s\r\n\r\n", method, path, accepted);
  Raw raw = { NULL, g_byte_array_new () };
  const char *end = NULL, *field;
  gsize wanted = 0;

  raw_send (connection, text);
  while (end == NULL || raw.body->len < wanted)
    {
      guint8 buffer[4096];
      gssize got = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL);

      g_assert_cmpint (got, >, 0);
      g_byte_array_append (raw.body, buffer, (guint)got);
      if (end == NULL && (end = memmem (raw.body->data, raw.body->len, "\r\n\r\n", 4)) != NULL)
        {
          raw.head = g_strndup ((char *)raw.body->data, (gsize)(end - (char *)raw.body->data + 2));
          g_byte_array_remove_range (raw.body, 0, (guint)strlen (raw.head) + 2);
          field = strstr (raw.head, "Content-Length: ");
          wanted = field && !g_str_equal (method, "HEAD") ? g_ascii_strtoull (field + 16, NULL, 10)
                                                          : 0;
        }
    }
  return raw;
}

static gboolean
is_packed (const Raw *raw)
{
  return strstr (raw->head, "Content-Encoding: gzip\r\n") != NULL;
}

static void
require_unpacked_equal (const Raw *packed, const Raw *plain)
{
  g_autoptr (GZlibDecompressor) decompressor
      = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autofree char *out = g_malloc (plain->body->len + 1);
  gsize read, written;

  g_assert_cmpint (g_converter_convert (G_CONVERTER (decompressor), packed->body->data,
                                        packed->body->len, out, plain->body->len + 1,
                                        G_CONVERTER_INPUT_AT_END, &read, &written, NULL),
                   ==, G_CONVERTER_FINISHED);
  g_assert_cmpmem (out, written, plain->body->data, plain->body->len);
}

static const char *
length_of (const Raw *raw)
{
  const char *field = strstr (raw->head, "Content-Length: ");

  g_assert_nonnull (field);
  *strchr (field, '\r') = '\0';
  return field;
}

/* Asked for twice each, as the second answer is one that was kept. */
static void
require_packed (Fixture *fixture, const char *path)
{
  for (guint i = 0; i < 2; i++)
    {
      g_auto (Raw) packed = ask (fixture, "GET", path, GZIP);
      g_auto (Raw) plain = ask (fixture, "GET", path, "identity");
      g_auto (Raw) refused = ask (fixture, "GET", path, "gzip;q=0, *");
      g_auto (Raw) head = ask (fixture, "HEAD", path, GZIP);

      g_assert_true (is_packed (&packed) && is_packed (&head));
      g_assert_false (is_packed (&plain) || is_packed (&refused));
      g_assert_nonnull (strstr (packed.head, "Accept-Encoding"));
      g_assert_nonnull (strstr (plain.head, "Accept-Encoding")); /* Vary */
      require_unpacked_equal (&packed, &plain);
      g_assert_cmpuint (packed.body->len, <, plain.body->len);
      g_assert_cmpstr (length_of (&head), ==, length_of (&packed));
    }
}

static char *
find_asset (Fixture *fixture, const char *start)
{
  g_autoptr (Answer) page = fixture_ask (fixture, "GET", "/posts", NULL);
  const char *at = strstr (page->text, start);

  g_assert_nonnull (at);
  return g_strndup (at, strcspn (at, "\""));
}

static void
test_packed (Fixture *fixture)
{
  g_autofree char *style = find_asset (fixture, "/assets/app."), *script = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      booru_post_unref (fixture_add_post (fixture, name, "jpg", name, strlen (name)));
    }
  script = find_asset (fixture, "/assets/complete.");
  require_packed (fixture, "/posts");
  require_packed (fixture, "/posts/1");
  require_packed (fixture, "/posts.json");
  require_packed (fixture, "/posts/999999");
  require_packed (fixture, style);
  require_packed (fixture, script);
}

static void
prohibit_packed (Fixture *fixture, const char *path)
{
  g_auto (Raw) raw = ask (fixture, "GET", path, GZIP);

  if (is_packed (&raw))
    g_error ("%s is compressed", path);
}

/* Pictures are dense already; others are small, never end, or hold what a length could give away.
 */
static void
test_not_packed (Fixture *fixture)
{
  g_autofree char *content = g_strnfill (5000, ' ');
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.svg", "svg", content, 5000);
  g_autofree char *original = g_strdup_printf ("/original/%.2s/%.2s/%s.svg", post->media.md5,
                                               post->media.md5 + 2, post->media.md5);
  g_autofree char *thumbnail
      = g_strdup_printf ("/thumbnails/180x180/%.2s/%.2s/%s.webp", post->media.md5,
                         post->media.md5 + 2, post->media.md5);
  g_autoptr (Answer) part = NULL, unchanged = NULL, whole = NULL;

  fixture_add_variant (fixture, post, BOORU_VARIANT_180, content, 5000);
  prohibit_packed (fixture, original);
  prohibit_packed (fixture, thumbnail);
  prohibit_packed (fixture, "/events");
  prohibit_packed (fixture, "/system");
  prohibit_packed (fixture, "/system.json");
  prohibit_packed (fixture, "/system/settings");
  prohibit_packed (fixture, "/counts/posts.json");

  part = fixture_ask (fixture, "GET", original, "Range", "bytes=10-19", NULL);
  require_status (part, 206);
  g_assert_cmpuint (g_bytes_get_size (part->body), ==, 10);
  whole = fixture_ask (fixture, "GET", original, NULL);
  unchanged = fixture_ask (fixture, "GET", original, "If-None-Match", answer_header (whole, "ETag"),
                           NULL);
  require_status (unchanged, 304);
}

/* All modules are named in the head, each once, so that none waits for another. */
static void
test_modules (Fixture *fixture)
{
  static const char *const modules[]
      = { "base", "complete", "keys", "live", "stream", "ugoira", "zip" };
  g_autoptr (Answer) page = fixture_ask (fixture, "GET", "/posts", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    {
      g_autofree char *link
          = g_strdup_printf ("<link rel=\"modulepreload\" href=\"/assets/%s.", modules[i]);
      const char *found = strstr (page->text, link);

      g_assert_nonnull (found);
      g_assert_null (strstr (found + 1, link));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/encoding/packed", NULL, test_packed);
  fixture_add_test ("/web/encoding/not-packed", NULL, test_not_packed);
  fixture_add_test ("/web/encoding/modules", NULL, test_modules);
  return g_test_run ();
}
