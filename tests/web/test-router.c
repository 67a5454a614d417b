/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "http/web-negotiate.h"

static void
ignore (BooruRequest *request, gpointer user_data)
{
}

static const BooruRoute routes[] = {
  { "GET", "/", 0, ignore },
  { "GET", "/posts", 0, ignore },
  { "GET", "/posts.json", 0, ignore },
  { "GET", "/posts/random", 0, ignore },
  { "GET", "/posts/random.json", 0, ignore },
  { "GET", "/posts/:id", 0, ignore },
  { "GET", "/posts/:id.json", 0, ignore },
  { "PUT", "/posts/:id.json", 0, ignore },
  { "GET", "/posts/:id/files/:file", 0, ignore },
  { "POST", "/posts/new/files/only-post", 0, ignore },
  { "GET", "/original/:a/:b/:file", 0, ignore },
};

static BooruRouteEntry entries[G_N_ELEMENTS (routes)];

static WebRouter *
make_router (void)
{
  WebRouter *router = web_router_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      entries[i] = (BooruRouteEntry){ &routes[i], GUINT_TO_POINTER (i + 1), "web" };
      g_assert_true (web_router_add (router, &entries[i], &error));
      g_assert_no_error (error);
    }
  return router;
}

static WebMatchResult
match_path (WebRouter *router, const char *method, const char *path, WebMatch *match)
{
  g_autoptr (WebLookup) lookup = web_lookup_new (router, path);

  return web_lookup_match (lookup, WEB_SPELLING_EXACT, method, match);
}

static void
require_route (const char *method, const char *path, const char *pattern, const char *captures)
{
  g_autoptr (WebRouter) router = make_router ();
  g_auto (WebMatch) match = { 0 };
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_cmpint (match_path (router, method, path, &match), ==, WEB_MATCH_FOUND);
  g_assert_cmpstr (match.entry->route->pattern, ==, pattern);
  for (guint i = 0; match.names[i]; i++)
    g_string_append_printf (found, "%s=%s;", match.names[i], match.values[i]);
  g_assert_cmpstr (found->str, ==, captures);
}

static void
require_result (const char *method, const char *path, WebMatchResult result, const char *allow)
{
  g_autoptr (WebRouter) router = make_router ();
  g_auto (WebMatch) match = { 0 };

  g_assert_cmpint (match_path (router, method, path, &match), ==, result);
  g_assert_cmpstr (match.allow, ==, allow);
}

static void
test_found (void)
{
  require_route ("GET", "/", "/", "");
  require_route ("GET", "/posts", "/posts", "");
  require_route ("GET", "/posts/", "/posts", "");
  require_route ("GET", "/posts.json", "/posts.json", "");
  require_route ("GET", "/posts/12", "/posts/:id", "id=12;");
  require_route ("GET", "/posts/12/", "/posts/:id", "id=12;");
  require_route ("GET", "/original/ab/cd/x.jpg", "/original/:a/:b/:file", "a=ab;b=cd;file=x.jpg;");
}

static void
test_precedence (void)
{
  require_route ("GET", "/posts/random", "/posts/random", "");
  require_route ("GET", "/posts/random.json", "/posts/random.json", "");
  require_route ("GET", "/posts/12.json", "/posts/:id.json", "id=12;");
  require_route ("GET", "/posts/.json", "/posts/:id", "id=.json;");
  /* The literal way ends in nothing for GET: back to the capture. */
  require_route ("GET", "/posts/new/files/only-post", "/posts/:id/files/:file",
                 "id=new;file=only-post;");
  require_route ("POST", "/posts/new/files/only-post", "/posts/new/files/only-post", "");
}

static void
test_decoding (void)
{
  require_route ("GET", "/posts/a%20b", "/posts/:id", "id=a b;");
  require_route ("GET", "/posts/a%2Fb", "/posts/:id", "id=a/b;");
  require_route ("GET", "/p%6Fsts", "/posts", "");
  require_route ("GET", "/posts/%E2%82%AC.json", "/posts/:id.json", "id=€;");
  require_result ("GET", "/posts/%zz", WEB_MATCH_BAD_PATH, NULL);
  require_result ("GET", "/posts/%00", WEB_MATCH_BAD_PATH, NULL);
  require_result ("GET", "/posts/%ff", WEB_MATCH_BAD_PATH, NULL);
  require_result ("GET", "posts", WEB_MATCH_BAD_PATH, NULL);
}

static void
test_methods (void)
{
  require_route ("HEAD", "/posts", "/posts", "");
  require_route ("PUT", "/posts/1.json", "/posts/:id.json", "id=1;");
  require_result ("POST", "/posts/1.json", WEB_MATCH_WRONG_METHOD, "GET, HEAD, PUT");
  require_result ("BREW", "/posts", WEB_MATCH_WRONG_METHOD, "GET, HEAD");
  require_result ("OPTIONS", "/posts", WEB_MATCH_WRONG_METHOD, "GET, HEAD");
}

static void
test_not_found (void)
{
  require_result ("GET", "/nothing", WEB_MATCH_NOT_FOUND, NULL);
  require_result ("GET", "/posts/1/2", WEB_MATCH_NOT_FOUND, NULL);
  require_result ("GET", "//posts//", WEB_MATCH_FOUND, NULL);
  require_result ("GET", "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", WEB_MATCH_NOT_FOUND, NULL);
}

/* Names of captures make no difference: the board's own route wins, and both plugins are named. */
static void
test_first_wins (void)
{
  static const BooruRoute first = { "GET", "/a/:x", 0, ignore },
                          second = { "GET", "/a/:y", 0, ignore },
                          other = { "PUT", "/a/:y", 0, ignore };
  BooruRouteEntry entries_of_two[]
      = { { &first, NULL, "web" }, { &second, NULL, "greeter" }, { &other, NULL, "greeter" } };
  g_autoptr (WebRouter) router = web_router_new ();
  g_autoptr (GError) error = NULL;
  g_auto (WebMatch) match = { 0 };
  g_auto (WebMatch) put = { 0 };

  g_assert_true (web_router_add (router, &entries_of_two[0], NULL));
  g_assert_false (web_router_add (router, &entries_of_two[1], &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS);
  g_assert_cmpstr (error->message, ==,
                   "The route “GET /a/:y” of the plugin “greeter” is left out: the plugin “web” "
                   "has “/a/:x”");
  g_assert_true (web_router_add (router, &entries_of_two[2], NULL));

  g_assert_cmpint (match_path (router, "GET", "/a/1", &match), ==, WEB_MATCH_FOUND);
  g_assert_true (match.entry == &entries_of_two[0]);
  g_assert_cmpstr (web_match_get_capture (&match, "x"), ==, "1");
  g_assert_null (web_match_get_capture (&match, "y"));
  g_assert_cmpint (match_path (router, "PUT", "/a/1", &put), ==, WEB_MATCH_FOUND);
  g_assert_cmpstr (web_match_get_capture (&put, "y"), ==, "1");
}

static void
require_negotiated (const char *method,
                    const char *path,
                    const char *accept,
                    WebMatchResult result,
                    const char *pattern)
{
  g_autoptr (WebRouter) router = make_router ();
  g_autoptr (WebLookup) lookup = web_lookup_new (router, path);
  WebFormatHints hints = { .accept = accept };
  g_auto (WebMatch) match = { 0 };

  g_assert_cmpint (web_negotiate_route (lookup, method, &hints, &match), ==, result);
  if (pattern)
    g_assert_cmpstr (match.entry->route->pattern, ==, pattern);
}

/* One look-up serves whatever format and method the request turns out to mean. */
static void
test_formats (void)
{
  require_negotiated ("GET", "/posts", NULL, WEB_MATCH_FOUND, "/posts");
  require_negotiated ("GET", "/posts", "application/json", WEB_MATCH_FOUND, "/posts.json");
  require_negotiated ("GET", "/posts.html", NULL, WEB_MATCH_FOUND, "/posts");
  require_negotiated ("GET", "/posts.json/", "text/html", WEB_MATCH_FOUND, "/posts.json");
  require_negotiated ("GET", "/posts.xml", NULL, WEB_MATCH_WRONG_FORMAT, NULL);
  require_negotiated ("GET", "/posts", "image/png", WEB_MATCH_WRONG_FORMAT, NULL);
  require_negotiated ("GET", "/posts/7.json", NULL, WEB_MATCH_FOUND, "/posts/:id.json");
  require_negotiated ("GET", "/posts/7", "application/json", WEB_MATCH_FOUND, "/posts/:id.json");
  require_negotiated ("PUT", "/posts/7", "application/json", WEB_MATCH_FOUND, "/posts/:id.json");
  require_negotiated ("GET", "/posts/%ff.json", NULL, WEB_MATCH_BAD_PATH, NULL);
}

static void
test_bad_routes (void)
{
  static const BooruRoute bad[] = {
    { "BREW", "/coffee", 0, ignore },
    { "GET", "coffee", 0, ignore },
    { "GET", "/:", 0, ignore },
    { "GET", "/:a/:b/:c/:d/:e/:f/:g", 0, ignore },
  };
  g_autoptr (WebRouter) router = web_router_new ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      BooruRouteEntry entry = { &bad[i], NULL, "greeter" };

      g_assert_false (web_router_add (router, &entry, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG);
      g_assert_nonnull (strstr (error->message, bad[i].pattern));
      g_assert_nonnull (strstr (error->message, "“greeter”"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web/router/found", test_found);
  g_test_add_func ("/web/router/precedence", test_precedence);
  g_test_add_func ("/web/router/decoding", test_decoding);
  g_test_add_func ("/web/router/methods", test_methods);
  g_test_add_func ("/web/router/not-found", test_not_found);
  g_test_add_func ("/web/router/first-wins", test_first_wins);
  g_test_add_func ("/web/router/formats", test_formats);
  g_test_add_func ("/web/router/bad-routes", test_bad_routes);
  return g_test_run ();
}
