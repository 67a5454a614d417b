/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures for the pages of posts, which the monitor makes when they are first asked for. */
#include <string.h>

#include "web-fixture.h"

#define IS_WEBP "the picture"

static BooruPost *shown;

static GSocketConnection *
ask (Fixture *fixture)
{
  GSocketConnection *connection = fixture_connect (fixture);
  g_autofree char *path = booru_variant_get_path (BOORU_VARIANT_DISPLAY, shown->media.md5);
  g_autofree char *text = g_strdup_printf (
      "GET /%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n", path, fixture->port);

  raw_send (connection, text);
  return connection;
}

static guint n_asked;

static void
count_asked (Fixture *fixture)
{
  g_autofree char *event = g_strdup_printf ("display-requested '%s'", shown->media.md5);

  n_asked = 0;
  for (guint i = 0; i < fixture->published->len; i++)
    n_asked += g_str_equal (fixture->published->pdata[i], event);
}

static void
await_asked (Fixture *fixture, guint n)
{
  do
    fixture_invoke (count_asked, fixture);
  while (n_asked < n);
  g_assert_cmpuint (n_asked, ==, n);
}

static void
answer (Fixture *fixture, const char *message)
{
  g_autoptr (GVariant) made
      = g_variant_ref_sink (g_variant_new ("(ss)", shown->media.md5, message));

  booru_service_context_emit_event (fixture->context, BOORU_EVENT_DISPLAY_MADE, made);
}

static void
answer_made (Fixture *fixture)
{
  fixture_add_variant (fixture, shown, BOORU_VARIANT_DISPLAY, IS_WEBP, strlen (IS_WEBP));
  answer (fixture, "");
}

static void
answer_failed (Fixture *fixture)
{
  answer (fixture, "The file is damaged");
}

static void
require_raw (GSocketConnection *connection, const char *status, const char *text)
{
  g_autofree char *all = raw_read_all (connection);

  if (!g_str_has_prefix (all, status) || strstr (all, text) == NULL)
    g_error ("not %s with “%s”: %s", status, text, all);
}

/* Two ask before it is there, and one afterwards: the monitor is asked once. */
static void
test_made (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "a", 1);
  g_autoptr (GSocketConnection) first = NULL;
  g_autoptr (GSocketConnection) second = NULL;
  g_autoptr (GSocketConnection) third = NULL;

  shown = post;
  first = ask (fixture);
  await_asked (fixture, 1);
  second = ask (fixture);
  /* Answered in the order of connections: the second has been read by then. */
  answer_free (fixture_ask (fixture, "GET", "/posts.json", NULL));
  fixture_invoke (answer_made, fixture);
  require_raw (first, "HTTP/1.1 200", IS_WEBP);
  require_raw (second, "HTTP/1.1 200", IS_WEBP);
  third = ask (fixture);
  require_raw (third, "HTTP/1.1 200", IS_WEBP);
  await_asked (fixture, 1);
}

/* A smaller picture is better than none. */
static void
test_failed (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "a", 1);
  g_autoptr (GSocketConnection) connection = NULL;

  shown = post;
  connection = ask (fixture);
  await_asked (fixture, 1);
  fixture_invoke (answer_failed, fixture);
  require_raw (connection, "HTTP/1.1 302", "/thumbnails/720x720/");
}

static void
say_monitor_is_off (Fixture *fixture)
{
  g_autoptr (GVariant) states = g_variant_ref_sink (g_variant_new_parsed ("{'web': 'ready'}"));

  booru_service_context_emit_event (fixture->context, BOORU_EVENT_SERVICES, states);
}

static void
test_no_monitor (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "a", 1);
  g_autoptr (GSocketConnection) connection = NULL;

  shown = post;
  fixture_invoke (say_monitor_is_off, fixture);
  connection = ask (fixture);
  require_raw (connection, "HTTP/1.1 302", "no-store");
  await_asked (fixture, 0);
}

/* What the page of a post offers. */

static char *
get_picture (Fixture *fixture, gint64 id)
{
  g_autofree char *path = g_strdup_printf ("/posts/%" G_GINT64_FORMAT, id);
  g_autoptr (Answer) page = fixture_ask (fixture, "GET", path, NULL);
  const char *start = strstr (page->text, "<picture>"), *end = strstr (page->text, "</picture>");

  require_status (page, 200);
  g_assert_true (start && end && start < end);
  return g_strndup (start, (gsize)(end - start));
}

static void
require_offered (Fixture *fixture, const BooruPost *post, const char *wanted, const char *unwanted)
{
  g_auto (GStrv) parts = g_strsplit (wanted, " ", -1);
  g_auto (GStrv) others = g_strsplit (unwanted, " ", -1);
  g_autofree char *html = get_picture (fixture, post->id);

  for (guint i = 0; parts[i]; i++)
    if (strstr (html, parts[i]) == NULL)
      g_error ("%s is missing in %s", parts[i], html);
  for (guint i = 0; others[i]; i++)
    if (strstr (html, others[i]))
      g_error ("%s is in %s", others[i], html);
}

static void
test_offered (Fixture *fixture)
{
  g_autofree char *large = g_malloc0 (2 << 20);
  g_autofree char *huge = g_malloc0 (5 << 20);
  g_autoptr (BooruPost) of_kilobytes = fixture_add_post (fixture, "a.jpg", "jpg", "a", 1);
  g_autoptr (BooruPost) of_megabytes = fixture_add_post (fixture, "b.jpg", "jpg", large, 2 << 20);
  g_autoptr (BooruPost) larger = fixture_add_post (fixture, "c.png", "png", huge, 5 << 20);
  g_autoptr (BooruPost) heic = fixture_add_post (fixture, "d.heic", "heic", "d", 1);
  g_autoptr (BooruPost) upright = fixture_add_post (fixture, "e.webp", "webp", "e", 1);
  g_autoptr (BooruPost) turned = fixture_add_post (fixture, "f.webp", "webp", "f", 1);

  require_offered (fixture, of_kilobytes, "720w 850w /original/ 2000w (min-resolution",
                   "2048x2048");
  require_offered (fixture, of_megabytes, "/sample/ 2048x2048", "/original/");
  require_offered (fixture, larger, "2048x2048", "/original/ /sample/");
  require_offered (fixture, heic, "2048x2048", "/original/");
  fixture_set_metadata (fixture, upright, "{\"EXIF:Orientation\": 1}");
  fixture_set_metadata (fixture, turned, "{\"EXIF:Orientation\": 6}");
  require_offered (fixture, upright, "/original/", "2048x2048");
  require_offered (fixture, turned, "2048x2048", "/original/");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/display/made", NULL, test_made);
  fixture_add_test ("/web/display/failed", NULL, test_failed);
  fixture_add_test ("/web/display/no-monitor", NULL, test_no_monitor);
  fixture_add_test ("/web/display/offered", NULL, test_offered);
  return g_test_run ();
}
