/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages, menu entries and assets of another plugin: tests/plugins/greeter.c. */
#include "web-fixture.h"

#include <string.h>

#define TOKEN "0123456789abcdef0123456789abcdef"

static void
test_page (Fixture *fixture)
{
  g_autoptr (Answer) page = fixture_get_page (fixture, "/greeter", 200);
  g_autoptr (Answer) nobody = fixture_get_page (fixture, "/greeter/nobody", 404);

  require_text (page, "<title>Greeter · booru</title>");
  require_text (page, "<h1>Hello &lt;world&gt;</h1>");
  require_text (page, "<p>0 greeted.</p>");
  require_text (page, "action=\"/posts\""); /* the layout's search */
  require_text (nobody, "There is nobody here");
}

static void
test_menu (Fixture *fixture)
{
  g_autoptr (Answer) posts = fixture_get_page (fixture, "/posts", 200);
  g_autoptr (Answer) page = fixture_get_page (fixture, "/greeter", 200);
  g_autoptr (Answer) missing = fixture_get_page (fixture, "/nothing", 404);

  require_text (posts, "<a href=\"/greeter\">Greet</a>");
  require_text (posts, "<a href=\"/greeter/secret\">Secret</a>");
  prohibit_text (posts, "Other tags");
  require_text (page, "<a href=\"/greeter\" aria-current=\"page\">Greet</a>");
  require_text (missing, "<a href=\"/greeter\">Greet</a>");
}

/* A style names a picture by its hash, and is itself named by a hash. */
static void
test_assets (Fixture *fixture)
{
  g_autoptr (Answer) page = fixture_get_page (fixture, "/greeter", 200);
  g_autoptr (GRegex) regex
      = g_regex_new ("\"(/assets/greeter/hello\\.[0-9a-f]{12}\\.css)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *path = NULL;
  g_autoptr (Answer) css = NULL;
  g_autoptr (Answer) unknown
      = fixture_ask (fixture, "GET", "/assets/other/hello.000000000000.css", NULL);

  g_assert_true (g_regex_match (regex, page->text, 0, &match));
  path = g_match_info_fetch (match, 1);
  css = fixture_ask (fixture, "GET", path, NULL);
  require_status (css, 200);
  g_assert_cmpstr (answer_header (css, "Content-Type"), ==, "text/css; charset=utf-8");
  g_assert_cmpstr (answer_header (css, "Cache-Control"), ==, "public, max-age=31536000, immutable");
  g_assert_true (
      g_regex_match_simple ("url\\(\"\\./wave\\.[0-9a-f]{12}\\.svg\"\\)", css->text, 0, 0));
  require_status (unknown, 404);
}

static Answer *
send (Fixture *fixture, const char *path, const char *form)
{
  return fixture_send_with (fixture, "POST", path, FORM, form, "Cookie", "booru-form=" TOKEN,
                            "Accept", "text/html", NULL);
}

static void
test_form (Fixture *fixture)
{
  g_autoptr (Answer) without = send (fixture, "/greeter", "name=a");
  g_autoptr (Answer) wrong = send (fixture, "/greeter", "name=a&token=" TOKEN "0");
  g_autoptr (Answer) empty = send (fixture, "/greeter", "name=&token=" TOKEN);
  g_autoptr (Answer) before = fixture_get_page (fixture, "/greeter", 200);
  g_autoptr (Answer) right = send (fixture, "/greeter", "name=%3Cb%3E&token=" TOKEN);
  g_autoptr (Answer) no_form = send (fixture, "/greeter/secret", "token=" TOKEN);
  g_autoptr (Answer) after = NULL;

  require_status (without, 403);
  require_status (wrong, 403);
  require_status (empty, 400);
  require_text (empty, "Nobody to greet");
  require_text (before, "0 greeted");
  require_status (right, 303);
  g_assert_cmpstr (answer_header (right, "Location"), ==, "/greeter");
  require_status (no_form, 405);
  after = fixture_get_page (fixture, "/greeter", 200);
  require_text (after, "<li>&lt;b&gt;</li>");
  require_text (after, "1 greeted. Politely.");
}

/* Under another address than this machine's. */
static void
test_access (Fixture *fixture)
{
  g_autoptr (Answer) posts = fixture_get_page (fixture, "/posts", 200);
  g_autoptr (Answer) open = fixture_get_page (fixture, "/greeter", 200);
  g_autoptr (Answer) secret = fixture_get_page (fixture, "/greeter/secret", 401);

  require_text (posts, "<a href=\"/greeter\">Greet</a>");
  prohibit_text (posts, "/greeter/secret");
}

/* The board's page is what it was. */
static void
test_clash (Fixture *fixture)
{
  g_autoptr (Answer) tags = fixture_get_page (fixture, "/tags", 200);

  prohibit_text (tags, "Hello");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_plugin = "greeter";
  fixture_warning
      = "The route “GET /tags” of the plugin “greeter” is left out: the plugin “web” has "
        "“/tags”";

  fixture_add_test ("/web/plugin-pages/page", NULL, test_page);
  fixture_add_test ("/web/plugin-pages/development", "{'dev': <true>}", test_page);
  fixture_add_test ("/web/plugin-pages/menu", NULL, test_menu);
  fixture_add_test ("/web/plugin-pages/assets", NULL, test_assets);
  fixture_add_test ("/web/plugin-pages/form", NULL, test_form);
  fixture_add_test ("/web/plugin-pages/access", "{'address': <'0.0.0.0'>, 'public': <true>}",
                    test_access);
  fixture_add_test ("/web/plugin-pages/clash", NULL, test_clash);
  return g_test_run ();
}
