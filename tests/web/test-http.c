/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsers of HTTP that are the plugin's own: heads, ranges, tags, parameters. */
#include <booru.h>
#include <string.h>

#include "view/web-content.h"
#include "http/web-head.h"
#include "view/web-links.h"
#include "http/web-params.h"
#include "http/web-range.h"

static void
require_range (const char *header, gint64 size, WebRangeResult result, gint64 start, gint64 end)
{
  gint64 found_start, found_end;

  g_assert_cmpint (web_range_parse (header, size, &found_start, &found_end), ==, result);
  if (result == WEB_RANGE_UNSATISFIABLE)
    return;
  g_assert_cmpint (found_start, ==, start);
  g_assert_cmpint (found_end, ==, end);
}

static void
test_ranges (void)
{
  require_range (NULL, 100, WEB_RANGE_WHOLE, 0, 99);
  require_range ("bytes=0-9", 100, WEB_RANGE_PART, 0, 9);
  require_range ("bytes=90-", 100, WEB_RANGE_PART, 90, 99);
  require_range ("bytes=90-1000", 100, WEB_RANGE_PART, 90, 99);
  require_range ("bytes=-10", 100, WEB_RANGE_PART, 90, 99);
  require_range ("bytes=-1000", 100, WEB_RANGE_PART, 0, 99);
  require_range ("Bytes=99-99", 100, WEB_RANGE_PART, 99, 99);
  require_range ("bytes=100-", 100, WEB_RANGE_UNSATISFIABLE, 0, 0);
  require_range ("bytes=-0", 100, WEB_RANGE_UNSATISFIABLE, 0, 0);
  require_range ("bytes=0-", 0, WEB_RANGE_UNSATISFIABLE, 0, 0);
  require_range ("bytes=9-0", 100, WEB_RANGE_WHOLE, 0, 99);
  require_range ("bytes=0-1,5-6", 100, WEB_RANGE_WHOLE, 0, 99);
  require_range ("bytes=-", 100, WEB_RANGE_WHOLE, 0, 99);
  require_range ("bytes=a-b", 100, WEB_RANGE_WHOLE, 0, 99);
  require_range ("pages=1-2", 100, WEB_RANGE_WHOLE, 0, 99);
  require_range ("bytes=5", 100, WEB_RANGE_WHOLE, 0, 99);
  require_range ("bytes=5 -6", 100, WEB_RANGE_WHOLE, 0, 99);
  require_range ("bytes=0-99999999999999999999999", 100, WEB_RANGE_PART, 0, 99);
  require_range ("bytes=-99999999999999999999999", 100, WEB_RANGE_PART, 0, 99);
  require_range ("bytes=9223372036854775807-", 100, WEB_RANGE_UNSATISFIABLE, 0, 0);
  require_range ("bytes=18446744073709551615-", 100, WEB_RANGE_UNSATISFIABLE, 0, 0);
  require_range ("bytes=99999999999999999999999-99999999999999999999999", 100,
                 WEB_RANGE_UNSATISFIABLE, 0, 0);
}

static void
test_etags (void)
{
  g_assert_true (web_etag_matches ("\"a\"", "\"a\""));
  g_assert_true (web_etag_matches ("\"b\", W/\"a\"", "\"a\""));
  g_assert_true (web_etag_matches ("*", "\"a\""));
  g_assert_false (web_etag_matches ("\"ab\"", "\"a\""));
  g_assert_false (web_etag_matches ("a", "\"a\""));
  g_assert_false (web_etag_matches ("", "\"a\""));
  g_assert_false (web_etag_matches (NULL, "\"a\""));
}

static guint
parse (const char *text, WebHead *head)
{
  gsize length = web_head_find_end (text, strlen (text));

  g_assert_cmpuint (length, >, 0);
  return web_head_parse (text, length, head);
}

static void
test_head (void)
{
  const char *text = "GET /posts?a=b HTTP/1.1\r\nHost: localhost:5000\r\nUser-Agent: x\r\n\r\nrest";
  WebHead head;

  g_assert_cmpuint (web_head_find_end (text, strlen (text)), ==, strlen (text) - 4);
  for (gsize i = 0; i < strlen (text) - 4; i++)
    g_assert_cmpuint (web_head_find_end (text, i), ==, 0);
  g_assert_cmpuint (parse (text, &head), ==, 0);
  g_assert_true (web_slice_equal (&head.method, "GET"));
  g_assert_true (web_slice_equal (&head.target, "/posts?a=b"));
  g_assert_true (web_slice_equal (&head.host, "localhost:5000"));
  g_assert_true (head.plain);
  g_assert_cmpint (head.content_length, ==, -1);

  g_assert_cmpuint (parse ("POST / HTTP/1.1\nHost: a\nContent-Length: 12\n\n", &head), ==, 0);
  g_assert_cmpint (head.content_length, ==, 12);
  g_assert_false (head.plain);
  g_assert_cmpuint (parse ("GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n", &head), ==, 0);
  g_assert_false (head.plain);
  g_assert_cmpuint (parse ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", &head), ==, 0);
  g_assert_false (head.plain);
  g_assert_cmpuint (parse ("GET / HTTP/1.1\r\nHost: a\r\nCookie: c=d\r\n\r\n", &head), ==, 0);
  g_assert_true (head.plain); /* who asks is found out beforehand */
  g_assert_true (web_slice_equal (&head.cookie, "c=d"));
}

static void
test_bad_heads (void)
{
  static const char *const bad[] = {
    "GET\r\n\r\n",
    "GET /\r\n\r\n",
    "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    "G@T / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\nCookie: c=d\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
  };
  static const char with_nul[] = "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n";
  WebHead head;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_cmpuint (parse (bad[i], &head), ==, 400);
  g_assert_cmpuint (web_head_parse (with_nul, sizeof with_nul - 1, &head), ==, 400);
  g_assert_cmpuint (parse ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", &head), ==, 505);
}

static gboolean
add_form (WebParams *params, const char *form)
{
  return web_params_add_form (params, form, strlen (form), NULL);
}

static void
test_form (void)
{
  g_autoptr (WebParams) params = web_params_new ();

  g_assert_true (add_form (params, "tags=a+b%20c&search%5Bname%5D=x&empty=&flag&&=no"
                                   "&ids[]=1&ids%5B%5D=2&ids[]=&tags=last&percent=50%"));
  g_assert_cmpstr (web_params_get (params, "tags"), ==, "last");
  g_assert_cmpstr (web_params_get (params, "search[name]"), ==, "x");
  g_assert_cmpstr (web_params_get (params, "empty"), ==, "");
  g_assert_cmpstr (web_params_get (params, "flag"), ==, "");
  g_assert_cmpstr (web_params_get (params, "ids"), ==, "1,2,");
  g_assert_cmpstr (web_params_get (params, "percent"), ==, "50%");
  g_assert_null (web_params_get (params, ""));
  g_assert_false (add_form (params, "a=%ff"));
  g_assert_false (add_form (params, "%ff=a"));
  g_assert_false (add_form (params, "a=%00"));
  g_assert_false (add_form (params, "a%00b"));
  g_assert_false (web_params_add_form (params, "a=\0b", 4, NULL));
}

static gboolean
add_json (WebParams *params, const char *json)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (json, strlen (json));
  g_autoptr (GError) error = NULL;
  gboolean added = web_params_add_json (params, bytes, &error);

  g_assert_true (added == (error == NULL));
  if (!added)
    g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  return added;
}

static void
test_json_params (void)
{
  static const char *const bad[] = {
    "{\"a\":",
    "[]",
    "{\"a\":\"\\u0000\"}",
    "{\"a\\u0000\":1}",
    "{\"a\":[\"x\\\\\\u0000\"]}",
    "{\"a\":\"\xff\"}",
    "{\"a\":\"\\ud800\"}",
    "{\"a\":1}{\"b\":2}",
    "{\"a\":[[[[[[[[[[1]]]]]]]]]]}",
  };
  g_autoptr (WebParams) params = web_params_new ();

  g_assert_true (add_json (params, "{\"post\":{\"tag_string\":\"a b\",\"parent_id\":null,\"n\":3},"
                                   "\"l\":[1,\"x\"],\"b\":true,\"e\":\"\\\\u0000\"}"));
  g_assert_cmpstr (web_params_get (params, "post[tag_string]"), ==, "a b");
  g_assert_cmpstr (web_params_get (params, "post[parent_id]"), ==, "");
  g_assert_cmpstr (web_params_get (params, "post[n]"), ==, "3");
  g_assert_cmpstr (web_params_get (params, "l"), ==, "1,x");
  g_assert_cmpstr (web_params_get (params, "b"), ==, "true");
  g_assert_cmpstr (web_params_get (params, "e"), ==, "\\u0000");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (add_json (params, bad[i]));
}

static void
test_room (void)
{
  g_autoptr (WebParams) many = web_params_new ();
  g_autoptr (WebParams) list = web_params_new ();
  g_autoptr (WebParams) names = web_params_new ();
  g_autofree char *name = g_strnfill (64 * 1024, 'a');
  guint n = 0;

  while (add_form (many, "a=&="))
    n++;
  g_assert_cmpuint (n, ==, 2048);
  for (n = 0; n < 4096; n++)
    g_assert_true (add_form (list, "a[]=1"));
  g_assert_cmpuint (strlen (web_params_get (list, "a")), ==, 2 * 4096 - 1);
  g_assert_false (add_form (list, "b=1"));
  for (n = 0; add_form (names, name); n++)
    ;
  g_assert_cmpuint (n, ==, 8);
}

static void
require_disposition (const char *name, const char *expected)
{
  g_autofree char *disposition = web_content_make_disposition (name);

  g_assert_cmpstr (disposition, ==, expected);
}

static void
test_disposition (void)
{
  require_disposition ("a.jpg", "inline; filename=\"a.jpg\"; filename*=UTF-8''a.jpg");
  require_disposition ("é \"1\".jpg",
                       "inline; filename=\"_ _1_.jpg\"; filename*=UTF-8''%C3%A9%20%221%22.jpg");
  require_disposition ("a\nb%\xff",
                       "inline; filename=\"a_b__\"; filename*=UTF-8''a%0Ab%25%EF%BF%BD");
}

static void
require_links (const char *html, const char *expected)
{
  g_autoptr (GString) text = g_string_new (html);

  web_links_add_base_path (text, "");
  g_assert_cmpstr (text->str, ==, html);
  web_links_add_base_path (text, "/b&c");
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_links (void)
{
  require_links ("<a class=x href=\"/\"><img src=\"/a\" srcset=\"/a 1w, /b?c=,d 2w\">",
                 "<a class=x href=\"/b&amp;c/\"><img src=\"/b&amp;c/a\" "
                 "srcset=\"/b&amp;c/a 1w, /b&amp;c/b?c=,d 2w\">");
  require_links ("<form action=\"/p\"><button formaction=\"/q\">",
                 "<form action=\"/b&amp;c/p\"><button formaction=\"/b&amp;c/q\">");
  /* Paths of the machine, other hosts, text. */
  require_links (
      "<input value=\"/home/me\" placeholder=\"/x\"><a href=\"//host/\">href=&quot;/</a>",
      "<input value=\"/home/me\" placeholder=\"/x\"><a href=\"//host/\">href=&quot;/</a>");
  require_links ("no link", "no link");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/http/ranges", test_ranges);
  g_test_add_func ("/web/http/etags", test_etags);
  g_test_add_func ("/web/http/head", test_head);
  g_test_add_func ("/web/http/bad-heads", test_bad_heads);
  g_test_add_func ("/web/http/form", test_form);
  g_test_add_func ("/web/http/json", test_json_params);
  g_test_add_func ("/web/http/room", test_room);
  g_test_add_func ("/web/http/links", test_links);
  g_test_add_func ("/web/http/disposition", test_disposition);
  return g_test_run ();
}
