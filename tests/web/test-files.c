/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "web-fixture.h"

#define LARGE_SIZE (3 * 1024 * 1024 + 17)

static char *
make_large (void)
{
  char *data = g_malloc (LARGE_SIZE);

  for (gsize i = 0; i < LARGE_SIZE; i++)
    data[i] = (char)(i * 31 + i / 257);
  return data;
}

static char *
original_path (const BooruPost *post)
{
  return g_strdup_printf ("/original/%.2s/%.2s/%s.%s", post->media.md5, post->media.md5 + 2,
                          post->media.md5, post->media.ext);
}

static void
require_part (Fixture *fixture,
              const char *path,
              const char *range,
              guint status,
              const char *content_range,
              const char *data,
              gsize size)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, "Range", range, NULL);

  require_status (answer, status);
  g_assert_cmpstr (answer_header (answer, "Content-Range"), ==, content_range);
  g_assert_cmpmem (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body), data,
                   size);
}

static void
test_original (Fixture *fixture)
{
  g_autofree char *data = make_large ();
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "sub/a b é.jpg", "jpg", data, LARGE_SIZE);
  g_autofree char *path = original_path (post), *etag = NULL, *danbooru = NULL, *named = NULL;
  g_autoptr (Answer) whole = fixture_ask (fixture, "GET", path, NULL);
  g_autoptr (Answer) head = fixture_ask (fixture, "HEAD", path, NULL);
  g_autoptr (Answer) second = NULL, third = NULL;

  require_status (whole, 200);
  g_assert_cmpmem (g_bytes_get_data (whole->body, NULL), g_bytes_get_size (whole->body), data,
                   LARGE_SIZE);
  g_assert_cmpstr (answer_header (whole, "Content-Type"), ==, "image/jpeg");
  etag = g_strdup_printf ("\"%s\"", post->media.md5);
  g_assert_cmpstr (answer_header (whole, "ETag"), ==, etag);
  g_assert_nonnull (answer_header (whole, "Last-Modified"));
  g_assert_nonnull (strstr (answer_header (whole, "Cache-Control"), "immutable"));
  g_assert_cmpstr (answer_header (whole, "Content-Disposition"), ==,
                   "inline; filename=\"a b _.jpg\"; filename*=UTF-8''a%20b%20%C3%A9.jpg");
  g_assert_cmpstr (answer_header (whole, "X-Content-Type-Options"), ==, "nosniff");

  require_status (head, 200);
  g_assert_cmpuint (g_bytes_get_size (head->body), ==, 0);
  g_assert_cmpint (soup_message_headers_get_content_length (head->headers), ==, LARGE_SIZE);

  danbooru = g_strdup_printf ("/data/original/%.2s/%.2s/__some_tags__%s.jpg", post->media.md5,
                              post->media.md5 + 2, post->media.md5);
  second = fixture_ask (fixture, "GET", danbooru, NULL);
  require_status (second, 200);
  named = g_strdup_printf ("/original/%.2s/%.2s/%s.png", post->media.md5, post->media.md5 + 2,
                           post->media.md5);
  third = fixture_ask (fixture, "GET", named, NULL);
  require_status (third, 404);
}

static void
test_ranges (Fixture *fixture)
{
  g_autofree char *data = make_large ();
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.mp4", "mp4", data, LARGE_SIZE);
  g_autofree char *path = original_path (post);

  require_part (fixture, path, "bytes=0-99", 206, "bytes 0-99/3145745", data, 100);
  require_part (fixture, path, "bytes=1000000-", 206, "bytes 1000000-3145744/3145745",
                data + 1000000, LARGE_SIZE - 1000000);
  require_part (fixture, path, "bytes=-5", 206, "bytes 3145740-3145744/3145745",
                data + LARGE_SIZE - 5, 5);
  require_part (fixture, path, "bytes=3145745-", 416, "bytes */3145745", "", 0);
  require_part (fixture, path, "bytes=0-1,4-5", 200, NULL, data, LARGE_SIZE);
  require_part (fixture, path, "nonsense", 200, NULL, data, LARGE_SIZE);
}

static void
test_conditions (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "0123456789", 10);
  g_autofree char *path = original_path (post);
  g_autofree char *etag = g_strdup_printf ("\"%s\"", post->media.md5);
  g_autoptr (Answer) first = fixture_ask (fixture, "GET", path, NULL);
  const char *modified = answer_header (first, "Last-Modified");
  g_autoptr (Answer) match = fixture_ask (fixture, "GET", path, "If-None-Match", etag, NULL);
  g_autoptr (Answer) other = fixture_ask (fixture, "GET", path, "If-None-Match", "\"x\"", NULL);
  g_autoptr (Answer) since
      = fixture_ask (fixture, "GET", path, "If-Modified-Since", modified, NULL);
  g_autoptr (Answer) old = fixture_ask (fixture, "GET", path, "If-Modified-Since",
                                        "Sat, 01 Jan 2000 00:00:00 GMT", NULL);
  g_autoptr (Answer) same
      = fixture_ask (fixture, "GET", path, "Range", "bytes=2-3", "If-Range", etag, NULL);
  g_autoptr (Answer) changed
      = fixture_ask (fixture, "GET", path, "Range", "bytes=2-3", "If-Range", "\"x\"", NULL);

  require_status (match, 304);
  g_assert_cmpstr (answer_header (match, "ETag"), ==, etag);
  require_status (other, 200);
  require_status (since, 304);
  require_status (old, 200);
  require_status (same, 206);
  g_assert_cmpstr (same->text, ==, "23");
  require_status (changed, 200);
  g_assert_cmpstr (changed->text, ==, "0123456789");
}

static void
test_gone (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autoptr (BooruPost) same = fixture_add_file (fixture, post, "b.jpg", "content", 7);
  g_autofree char *path = original_path (post);
  g_autofree char *first = g_build_filename (fixture->library, "a.jpg", NULL);
  g_autofree char *second = g_build_filename (fixture->library, "b.jpg", NULL);
  g_autofree char *secret = g_build_filename (fixture->data_dir, "secret", NULL);
  g_autoptr (Answer) other = NULL, changed = NULL, linked = NULL;

  g_unlink (first);
  other = fixture_ask (fixture, "GET", path, NULL);
  require_status (other, 200);
  g_assert_cmpstr (other->text, ==, "content");
  g_file_set_contents (second, "something else", -1, NULL);
  changed = fixture_ask (fixture, "GET", path, NULL);
  require_status (changed, 404);

  /* A link out of the library, as large as the file was. */
  g_file_set_contents (secret, "private", -1, NULL);
  g_unlink (second);
  g_assert_cmpint (symlink (secret, second), ==, 0);
  linked = fixture_ask (fixture, "GET", path, NULL);
  require_status (linked, 404);
}

static void
test_svg (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.svg", "svg", "<svg/>", 6);
  g_autofree char *path = original_path (post);
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);
  const char *policy = answer_header (answer, "Content-Security-Policy");

  require_status (answer, 200);
  g_assert_cmpstr (answer_header (answer, "Content-Type"), ==, "image/svg+xml");
  g_assert_nonnull (strstr (policy, "sandbox"));
  g_assert_null (strstr (policy, "script-src"));
  g_assert_null (strstr (policy, "allow-scripts"));
}

/* Handed out as it is by its own name; as what browsers draw, and as carefully, by the other. */
static void
test_svgz (Fixture *fixture)
{
  /* gzip of "<svg/>" */
  static const char packed[] = "\x1f\x8b\x08\0\0\0\0\0\2\3\xb3\x29\x2e\x4b\xd7\xb7\3\0"
                               "\x49\xfb\xb9\xac\6\0\0\0";
  gsize size = sizeof packed - 1;
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.svgz", "svgz", packed, size);
  g_autofree char *path = original_path (post);
  g_autofree char *drawn = g_strndup (path, strlen (path) - 1);
  g_autoptr (Answer) whole = fixture_ask (fixture, "GET", path, NULL);
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", drawn, NULL);
  const char *policy = answer_header (answer, "Content-Security-Policy");

  require_status (whole, 200);
  g_assert_cmpstr (answer_header (whole, "Content-Type"), ==, "application/gzip");
  g_assert_null (answer_header (whole, "Content-Encoding"));
  g_assert_cmpmem (g_bytes_get_data (whole->body, NULL), g_bytes_get_size (whole->body), packed,
                   size);
  require_status (answer, 200);
  g_assert_cmpstr (answer_header (answer, "Content-Type"), ==, "image/svg+xml");
  g_assert_cmpstr (answer_header (answer, "Content-Encoding"), ==, "gzip");
  g_assert_null (answer_header (answer, "Content-Disposition"));
  g_assert_nonnull (strstr (policy, "sandbox"));
  g_assert_null (strstr (policy, "script"));
}

static void
test_thumbnails (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autofree char *large = make_large ();
  g_autofree char *path = NULL, *sample = NULL, *data = NULL;
  g_autoptr (Answer) first = NULL, second = NULL, third = NULL, slow = NULL, big = NULL;
  static const char *const bad[] = {
    "/thumbnails/180x180/00/00/00000000000000000000000000000000.webp",
    "/thumbnails/180x180/../../booru.sqlite",
    "/thumbnails/181x181/ab/cd/abcd0000000000000000000000000000.webp",
    "/thumbnails/180x180/ab/cd/abcd0000000000000000000000000000.jpg",
    "/thumbnails/180x180/%2e%2e/%2e%2e/booru.sqlite",
    "/data/180x180/ab/cd/..%2f..%2fbooru.sqlite",
    "/original/ab/cd/abcd",
  };

  fixture_add_variant (fixture, post, BOORU_VARIANT_180, "thumbnail", 9);
  fixture_add_variant (fixture, post, BOORU_VARIANT_SAMPLE, large, LARGE_SIZE);
  path = g_strdup_printf ("/thumbnails/180x180/%.2s/%.2s/%s.webp", post->media.md5,
                          post->media.md5 + 2, post->media.md5);
  first = fixture_ask (fixture, "GET", path, NULL);
  require_status (first, 200);
  g_assert_cmpstr (first->text, ==, "thumbnail");
  g_assert_cmpstr (answer_header (first, "Content-Type"), ==, "image/webp");
  g_assert_nonnull (answer_header (first, "Date"));

  /* Asked for with a header of its own, the same comes the long way. */
  slow = fixture_ask (fixture, "GET", path, "X-Something", "else", NULL);
  require_status (slow, 200);
  g_assert_cmpstr (slow->text, ==, "thumbnail");
  g_assert_cmpstr (answer_header (slow, "ETag"), ==, answer_header (first, "ETag"));
  g_assert_cmpstr (answer_header (slow, "Cache-Control"), ==,
                   answer_header (first, "Cache-Control"));
  second = fixture_ask (fixture, "GET", path, "If-None-Match", answer_header (first, "ETag"), NULL);
  require_status (second, 304);

  sample = g_strdup_printf ("/thumbnails/sample/%.2s/%.2s/%s.jpg", post->media.md5,
                            post->media.md5 + 2, post->media.md5);
  big = fixture_ask (fixture, "GET", sample, NULL);
  require_status (big, 200);
  g_assert_cmpmem (g_bytes_get_data (big->body, NULL), g_bytes_get_size (big->body), large,
                   LARGE_SIZE);
  data = g_strdup_printf ("/data/180x180/%.2s/%.2s/%s.webp", post->media.md5, post->media.md5 + 2,
                          post->media.md5);
  third = fixture_ask (fixture, "GET", data, NULL);
  require_status (third, 200);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (Answer) answer = fixture_ask (fixture, "GET", bad[i], NULL);

      require_status (answer, 404);
    }
}

static void
test_accel (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a b?.jpg", "jpg", "content", 7);
  g_autofree char *path = original_path (post);
  g_autofree char *expected = g_strdup_printf ("/internal%s/a%%20b%%3F.jpg", fixture->library);
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

  require_status (answer, 200);
  g_assert_cmpstr (answer_header (answer, "X-Accel-Redirect"), ==, expected);
  g_assert_cmpuint (g_bytes_get_size (answer->body), ==, 0);
}

/* A proxy that sends the file by itself would not say how it is packed. */
static void
test_svgz_accel (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.svgz", "svgz", "packed", 6);
  g_autofree char *path = original_path (post);
  g_autofree char *drawn = g_strndup (path, strlen (path) - 1);
  g_autoptr (Answer) whole = fixture_ask (fixture, "GET", path, NULL);
  g_autoptr (Answer) answer = fixture_ask (fixture, "HEAD", drawn, NULL);

  g_assert_nonnull (answer_header (whole, "X-Accel-Redirect"));
  require_status (answer, 200);
  g_assert_null (answer_header (answer, "X-Accel-Redirect"));
  g_assert_cmpstr (answer_header (answer, "Content-Encoding"), ==, "gzip");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/files/original", NULL, test_original);
  fixture_add_test ("/web/files/ranges", NULL, test_ranges);
  fixture_add_test ("/web/files/conditions", NULL, test_conditions);
  fixture_add_test ("/web/files/gone", NULL, test_gone);
  fixture_add_test ("/web/files/svg", NULL, test_svg);
  fixture_add_test ("/web/files/svgz", NULL, test_svgz);
  fixture_add_test ("/web/files/svgz-accel", "{'accel-redirect': <'/internal'>}", test_svgz_accel);
  fixture_add_test ("/web/files/thumbnails", NULL, test_thumbnails);
  fixture_add_test ("/web/files/accel", "{'accel-redirect': <'/internal'>}", test_accel);
  return g_test_run ();
}
