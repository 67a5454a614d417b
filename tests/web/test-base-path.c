/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A board whose base URL has a path, behind a proxy that takes the path away and one that does not.
 */
#include <string.h>

#include "web-fixture.h"

#define BASE "/my/b&oo"
#define CONFIG "{'base-url': <'https://booru.example" BASE "/'>}"

static BooruPost *
add_post (Fixture *fixture)
{
  BooruPost *post = fixture_add_post (fixture, "a.jpg", "jpg", "content", 7);
  g_autoptr (BooruPost) tagged = fixture_tag (fixture, post, "cat");

  fixture_add_variant (fixture, post, BOORU_VARIANT_180, "thumbnail", 9);
  fixture_add_variant (fixture, post, BOORU_VARIANT_360, "thumbnail", 9);
  return post;
}

static void
require_reachable (Fixture *fixture, const char *link)
{
  g_autofree char *unescaped = NULL;
  g_auto (GStrv) parts = g_strsplit (link, "&amp;", -1);
  g_autoptr (Answer) kept = NULL, taken = NULL;

  unescaped = g_strjoinv ("&", parts);
  unescaped[strcspn (unescaped, "#")] = '\0';
  g_assert_true (g_str_has_prefix (unescaped, BASE "/"));
  kept = fixture_ask (fixture, "GET", unescaped, NULL);
  taken = fixture_ask (fixture, "GET", unescaped + strlen (BASE), NULL);
  if (strstr (kept->text, "Page not found") || taken->status != kept->status)
    g_error ("%s was answered by %u", unescaped, kept->status);
}

/* Returns: how many links there were */
static guint
follow_links (Fixture *fixture, const char *path)
{
  g_autoptr (Answer) page = fixture_ask (fixture, "GET", path, NULL);
  g_autoptr (GRegex) links = g_regex_new (" (href|src|action|poster|data-[a-z]+)=\"(/[^\"]*)\"| "
                                          "srcset=\"([^ \"]*) ([^\" ]*, (/[^ ]*))?",
                                          0, 0, NULL);
  g_autoptr (GMatchInfo) info = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  require_status (page, 200);
  for (g_regex_match (links, page->text, 0, &info); g_match_info_matches (info);
       g_match_info_next (info, NULL))
    for (gint group = 2; group <= 5; group++)
      {
        g_autofree char *link = g_match_info_fetch (info, group);

        if (link && *link == '/' && g_hash_table_add (seen, g_strdup (link)))
          require_reachable (fixture, link);
      }
  return g_hash_table_size (seen);
}

static void
test_links (Fixture *fixture)
{
  static const char *const pages[]
      = { "/posts", "/posts/1", "/tags", "/upload", "/system", "/uploads", "/system/settings" };
  g_autoptr (BooruPost) post = add_post (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *full = g_strconcat (BASE, pages[i], NULL);

      g_assert_cmpuint (follow_links (fixture, full), >, 5);
      g_assert_cmpuint (follow_links (fixture, pages[i]), >, 5);
    }
}

static void
test_requests (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture);
  g_autofree char *thumbnail
      = g_strdup_printf (BASE "/thumbnails/180x180/%.2s/%.2s/%s.webp", post->media.md5,
                         post->media.md5 + 2, post->media.md5);
  g_autoptr (Answer) root = fixture_ask (fixture, "GET", BASE, NULL);
  g_autoptr (Answer) other = fixture_ask (fixture, "GET", BASE "2/posts", NULL);
  g_autoptr (Answer) picture = fixture_ask (fixture, "GET", thumbnail, NULL);
  g_autoptr (Answer) random = fixture_ask (fixture, "GET", BASE "/posts/random?tags=cat", NULL);
  g_autoptr (Answer) json = fixture_ask (fixture, "GET", BASE "/posts/1.json", NULL);
  g_autoptr (Answer) system = fixture_ask (fixture, "GET", BASE "/system", NULL);
  g_autoptr (Answer) edited
      = fixture_send_with (fixture, "POST", BASE "/posts/1", FORM, "post[tag_string]=dog", "Origin",
                           "https://booru.example", NULL);

  require_status (root, 200);
  require_status (other, 404);
  require_status (picture, 200);
  g_assert_cmpstr (picture->text, ==, "thumbnail");
  require_status (random, 302);
  g_assert_true (g_str_has_prefix (answer_header (random, "Location"), BASE "/posts/1"));
  require_text (json, "\"https://booru.example" BASE "/original/");
  g_assert_nonnull (strstr (answer_header (system, "Set-Cookie"), "; Path=" BASE "/;"));
  require_status (edited, 303);
  g_assert_true (g_str_has_prefix (answer_header (edited, "Location"), BASE "/posts/1"));
}

/* Scripts find their address themselves. */
static void
test_scripts (Fixture *fixture)
{
  g_autoptr (Answer) page = fixture_ask (fixture, "GET", BASE "/system", NULL);
  g_autoptr (GRegex) scripts = g_regex_new ("src=\"(/[^\"]*\\.js)\"", 0, 0, NULL);
  g_autoptr (GRegex) absolute
      = g_regex_new ("[(\"'`]/(assets|events|[a-z_]+\\.json|counts)", 0, 0, NULL);
  g_autoptr (GMatchInfo) info = NULL;
  guint n = 0;

  for (g_regex_match (scripts, page->text, 0, &info); g_match_info_matches (info);
       g_match_info_next (info, NULL), n++)
    {
      g_autofree char *escaped = g_match_info_fetch (info, 1);
      g_auto (GStrv) link = g_strsplit (escaped, "&amp;", -1);
      g_autofree char *path = g_strjoinv ("&", link);
      g_autoptr (Answer) script = fixture_ask (fixture, "GET", path, NULL);

      require_status (script, 200);
      if (g_regex_match (absolute, script->text, 0, NULL))
        g_error ("%s has an absolute address", path);
    }
  g_assert_cmpuint (n, >, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/base-path/links", CONFIG, test_links);
  fixture_add_test ("/web/base-path/requests", CONFIG, test_requests);
  fixture_add_test ("/web/base-path/scripts", CONFIG, test_scripts);
  return g_test_run ();
}
