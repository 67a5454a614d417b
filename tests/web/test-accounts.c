/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may do what, and how somebody becomes known: sessions, API keys, forms, and those who try
 * without. */
#include <string.h>

#include "web-fixture.h"

#define PASSWORD "correct horse"

static const BooruActor nobody = { 0, NULL };
static char *password_hash; /* of PASSWORD: made once, as that takes long */

static gint64
add_user (Fixture *fixture, const char *name, BooruAccess access)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (password_hash == NULL)
    password_hash = booru_password_hash (PASSWORD, NULL);
  id = booru_store_add_account (fixture->store, name, access, password_hash, NULL, &nobody, &error);
  g_assert_no_error (error);
  return id;
}

/* A session, as signing in makes one: "booru-session=…". */
static char *
add_session (Fixture *fixture, gint64 user_id)
{
  g_autofree char *token = booru_token_new ();
  g_autoptr (GError) error = NULL;

  booru_store_add_session (fixture->store, user_id, token, G_TIME_SPAN_HOUR, "::1", "test", &error);
  g_assert_no_error (error);
  return g_strconcat ("booru-session=", token, NULL);
}

/* For the header Authorization. */
static char *
make_basic (const char *name, const char *key)
{
  g_autofree char *text = g_strconcat (name, ":", key, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *)text, strlen (text));

  return g_strconcat ("Basic ", encoded, NULL);
}

static char *
add_key (Fixture *fixture, gint64 user_id, BooruAccess access, const char *routes)
{
  g_autoptr (GError) error = NULL;
  char *token = booru_token_new ();

  booru_store_add_api_key (fixture->store, user_id, token, "test", access, routes, &nobody, &error);
  g_assert_no_error (error);
  return token;
}

static void
add_post (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "picture", 7);
  g_autoptr (BooruPost) tagged = fixture_tag (fixture, post, "sky tree");
}

static void
require_get (Fixture *fixture,
             const char *path,
             const char *header,
             const char *value,
             guint status)
{
  g_autoptr (Answer) answer
      = header ? fixture_ask (fixture, "GET", path, header, value, "Accept", "*/*", NULL)
               : fixture_ask (fixture, "GET", path, "Accept", "*/*", NULL);

  g_test_message ("%s", path);
  require_status (answer, status);
}

/* The value of the first field of that name. */
static char *
find_field (Answer *page, const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("name=\"%s\" value=\"", name);
  const char *found = strstr (page->text, pattern);

  g_assert_nonnull (found);
  found += strlen (pattern);
  return g_strndup (found, strcspn (found, "\""));
}

static char *
find_cookie (Answer *answer)
{
  const char *cookie = answer_header (answer, "Set-Cookie");

  g_assert_nonnull (cookie);
  return g_strndup (cookie, strcspn (cookie, ";"));
}

/* Without accounts everything is as it was; with the first one everybody has to sign in. */
static void
test_closing (Fixture *fixture)
{
  add_post (fixture);
  require_get (fixture, "/posts.json", NULL, NULL, 200);
  require_get (fixture, "/posts", NULL, NULL, 200);
  require_get (fixture, "/system", NULL, NULL, 200);

  add_user (fixture, "anna", BOORU_ACCESS_ADMIN);
  require_get (fixture, "/posts.json", NULL, NULL, 401); /* also what was kept */
  require_get (fixture, "/posts", NULL, NULL, 401);
  require_get (fixture, "/system", NULL, NULL, 401);
  require_get (fixture, "/login", NULL, NULL, 200);
  require_get (fixture, "/health", NULL, NULL, 200);
}

static Answer *
log_in (Fixture *fixture, const char *name, const char *password, const char *more)
{
  g_autoptr (Answer) page = fixture_ask (fixture, "GET", "/login", "Accept", "text/html", NULL);
  g_autofree char *cookie = find_cookie (page), *token = find_field (page, "token");
  g_autofree char *form
      = g_strdup_printf ("token=%s&name=%s&password=%s%s", token, name, password, more);

  return fixture_send_with (fixture, "POST", "/login", FORM, form, "Cookie", cookie, "Accept",
                            "text/html", NULL);
}

static void
test_login (Fixture *fixture)
{
  g_autoptr (Answer) wrong = NULL, unknown = NULL, right = NULL, forged = NULL, out = NULL;
  g_autoptr (Answer) page = NULL, astray = NULL;
  g_autofree char *cookie = NULL, *token = NULL, *form = NULL;

  add_post (fixture);
  add_user (fixture, "anna", BOORU_ACCESS_ADMIN);

  /* Whether there is such a name, nobody learns. */
  wrong = log_in (fixture, "anna", "wrong%20horse", "");
  require_status (wrong, 401);
  unknown = log_in (fixture, "peter", "wrong%20horse", "");
  require_status (unknown, 401);
  require_text (wrong, "The user name or the password is wrong.");
  require_text (unknown, "The user name or the password is wrong.");

  right = log_in (fixture, "ANNA", "correct%20horse", "&url=/posts/1");
  require_status (right, 303);
  g_assert_cmpstr (answer_header (right, "Location"), ==, "/posts/1");
  g_assert_nonnull (strstr (answer_header (right, "Set-Cookie"), "HttpOnly; SameSite=Lax"));
  astray = log_in (fixture, "anna", "correct%20horse", "&url=//evil.example/");
  g_assert_cmpstr (answer_header (astray, "Location"), ==, "/posts");

  cookie = find_cookie (right);
  require_get (fixture, "/posts/1", "Cookie", cookie, 200);
  page = fixture_ask (fixture, "GET", "/posts/1", "Cookie", cookie, "Accept", "text/html", NULL);
  require_text (page, ">anna</a>");
  token = find_field (page, "token");

  /* A login that another page makes. */
  forged = fixture_send_with (fixture, "POST", "/login", FORM, "name=anna&password=correct%20horse",
                              "Accept", "text/html", NULL);
  require_status (forged, 403);

  form = g_strdup_printf ("token=%s", token);
  out = fixture_send_with (fixture, "POST", "/logout", FORM, form, "Cookie", cookie, NULL);
  require_status (out, 303);
  require_get (fixture, "/posts/1", "Cookie", cookie, 401);
}

static void
test_guessing (Fixture *fixture)
{
  guint status = 0;

  add_user (fixture, "anna", BOORU_ACCESS_ADMIN);
  for (guint i = 0; i < 30 && status != 429; i++)
    {
      g_autoptr (Answer) answer = log_in (fixture, "anna", "guess", "");

      status = answer->status;
      g_assert_true (status == 401 || status == 429);
    }
  g_assert_cmpuint (status, ==, 429);
  /* Not even with the right one, nor with a name that there is not. */
  {
    g_autoptr (Answer) right = log_in (fixture, "anna", "correct%20horse", "");
    g_autoptr (Answer) other = log_in (fixture, "nobody", "guess", "");

    require_status (right, 429);
    require_status (other, 429);
  }
}

static Answer *
edit (Fixture *fixture, const char *cookie, const char *token, const char *tags)
{
  g_autofree char *form = g_strdup_printf ("post[tag_string]=%s%s%s", tags, token ? "&token=" : "",
                                           token ? token : "");

  return fixture_send_with (fixture, "POST", "/posts/1", FORM, form, "Cookie", cookie, "Accept",
                            "text/html", NULL);
}

static void
test_forms (Fixture *fixture)
{
  gint64 anna = 0, eve;
  g_autofree char *cookie = NULL, *other = NULL, *token = NULL;
  g_autoptr (Answer) page = NULL, missing = NULL, foreign = NULL, right = NULL, api = NULL;
  g_autoptr (Answer) header = NULL, elsewhere = NULL, cached = NULL;
  g_autoptr (Answer) page_of_other = NULL;
  g_autofree char *token_of_other = NULL;

  add_post (fixture);
  anna = add_user (fixture, "anna", BOORU_ACCESS_EDITOR);
  eve = add_user (fixture, "quentin", BOORU_ACCESS_EDITOR);
  cookie = add_session (fixture, anna);
  other = add_session (fixture, eve);
  page = fixture_ask (fixture, "GET", "/posts/1", "Cookie", cookie, "Accept", "text/html", NULL);
  token = find_field (page, "token");
  page_of_other
      = fixture_ask (fixture, "GET", "/posts/1", "Cookie", other, "Accept", "text/html", NULL);
  token_of_other = find_field (page_of_other, "token");
  g_assert_cmpstr (token, !=, token_of_other);
  prohibit_text (page_of_other, "anna");
  cached = fixture_ask (fixture, "GET", "/posts/1", "Cookie", cookie, "Accept", "text/html", NULL);
  prohibit_text (cached, "quentin");

  missing = edit (fixture, cookie, NULL, "cat");
  require_status (missing, 403);
  foreign = edit (fixture, cookie, token_of_other, "dog");
  require_status (foreign, 403);
  require_text (foreign, "dog"); /* what was typed is there to be sent again */
  right = edit (fixture, cookie, token, "boat");
  require_status (right, 303);

  api = fixture_send_with (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=x", "Cookie",
                           cookie, NULL);
  require_error (api, 403);
  header = fixture_send_with (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=lake",
                              "Cookie", cookie, "X-CSRF-Token", token, NULL);
  require_status (header, 200);
  elsewhere
      = fixture_send_with (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=lake", "Cookie",
                           cookie, "X-CSRF-Token", token, "Origin", "https://evil.example", NULL);
  require_error (elsewhere, 403);
}

/* A session that ends in the middle of an edit. */
static void
test_expiry (Fixture *fixture)
{
  gint64 anna;
  g_autofree char *cookie = NULL, *token = NULL, *login_cookie = NULL, *login_token = NULL;
  g_autofree char *form = NULL, *resumed_cookie = NULL, *resumed_token = NULL;
  g_autoptr (Answer) asked = NULL, resumed = NULL, saved = NULL;
  g_autoptr (BooruPost) post = NULL;
  g_autofree char *tags = NULL;

  add_post (fixture);
  anna = add_user (fixture, "anna", BOORU_ACCESS_EDITOR);
  cookie = add_session (fixture, anna);
  g_assert_true (booru_store_end_session (fixture->store, anna, 0, 0, &nobody, NULL));

  asked = edit (fixture, cookie, "0123", "a%22b boat");
  require_status (asked, 401);
  require_text (asked, "name=\"carry[post[tag_string]]\" value=\"a&quot;b boat\"");
  login_cookie = find_cookie (asked);
  login_token = find_field (asked, "token");
  form = g_strdup_printf ("token=%s&name=anna&password=correct%%20horse&url=/posts/1&carrying=1&"
                          "carry[post[tag_string]]=boat",
                          login_token);
  resumed = fixture_send_with (fixture, "POST", "/login", FORM, form, "Cookie", login_cookie,
                               "Accept", "text/html", NULL);
  require_status (resumed, 200);
  require_text (resumed, "name=\"post[tag_string]\"");
  require_text (resumed, "boat</textarea>");
  resumed_cookie = find_cookie (resumed);
  resumed_token = find_field (resumed, "token");
  saved = edit (fixture, resumed_cookie, resumed_token, "boat");
  require_status (saved, 303);
  post = booru_store_get_post (fixture->store, 1, NULL);
  tags = booru_post_dup_tag_string (post);
  g_assert_cmpstr (tags, ==, "boat");
}

static void
test_cookies (Fixture *fixture)
{
  gint64 anna;
  g_autofree char *cookie = NULL, *second = NULL, *cut = NULL, *many = NULL;
  g_autoptr (GPtrArray) sessions = NULL;
  BooruAccountChange disabled = { .deleted = 1, .per_page = -1 };

  add_user (fixture, "root", BOORU_ACCESS_ADMIN);
  anna = add_user (fixture, "anna", BOORU_ACCESS_EDITOR);
  cookie = add_session (fixture, anna);
  second = add_session (fixture, anna);
  cut = g_strndup (cookie, strlen (cookie) - 1);
  many = g_strdup_printf ("a=b; booru-sessio=x; %s; c=\"d\"", cookie);

  require_get (fixture, "/posts.json", "Cookie", cookie, 200);
  require_get (fixture, "/posts.json", "Cookie", many, 200);
  require_get (fixture, "/posts.json", "Cookie", cut, 401);
  require_get (fixture, "/posts.json", "Cookie", "booru-session=", 401);
  require_get (fixture, "/posts.json", "Cookie", "booru-session", 401);

  /* It stops at once. */
  sessions = booru_store_list_sessions (fixture->store, anna, NULL);
  for (guint i = 0; i < sessions->len; i++)
    g_assert_true (booru_store_end_session (
        fixture->store, anna, ((BooruSession *)sessions->pdata[i])->id, 0, &nobody, NULL));
  require_get (fixture, "/posts.json", "Cookie", cookie, 401);
  require_get (fixture, "/posts.json", "Cookie", second, 401);

  g_free (cookie);
  cookie = add_session (fixture, anna);
  require_get (fixture, "/posts.json", "Cookie", cookie, 200);
  g_assert_true (booru_store_change_account (fixture->store, anna, &disabled, 0, &nobody, NULL));
  require_get (fixture, "/posts.json", "Cookie", cookie, 401);
}

static void
test_keys (Fixture *fixture)
{
  gint64 anna, eve;
  g_autofree char *key = NULL, *reader = NULL, *tags = NULL, *basic = NULL, *of_reader = NULL;
  g_autofree char *of_tags = NULL, *stolen = NULL, *query = NULL, *form = NULL, *bad = NULL;
  g_autoptr (Answer) written = NULL, refused = NULL, cross = NULL, by_form = NULL, half = NULL;
  g_autoptr (Answer) cross_form = NULL, cross_none = NULL;
  g_autoptr (GPtrArray) keys = NULL;

  add_post (fixture);
  anna = add_user (fixture, "anna", BOORU_ACCESS_ADMIN);
  eve = add_user (fixture, "eve", BOORU_ACCESS_VIEWER);
  key = add_key (fixture, anna, BOORU_ACCESS_ADMIN, "");
  reader = add_key (fixture, anna, BOORU_ACCESS_VIEWER, "");
  tags = add_key (fixture, anna, BOORU_ACCESS_ADMIN, "/tags /counts");
  basic = make_basic ("Anna", key);
  of_reader = make_basic ("anna", reader);
  of_tags = make_basic ("anna", tags);
  stolen = make_basic ("eve", key); /* somebody else's */
  bad = make_basic ("anna", "x");

  require_get (fixture, "/posts.json", "Authorization", basic, 200);
  require_get (fixture, "/posts.json", "Authorization", stolen, 401);
  require_get (fixture, "/posts.json", "Authorization", bad, 401);
  require_get (fixture, "/posts.json", "Authorization", "Basic !!", 401);
  require_get (fixture, "/posts.json", "Authorization", of_reader, 200);
  query = g_strdup_printf ("/posts.json?login=anna&api_key=%s", key);
  require_get (fixture, query, NULL, NULL, 200);
  require_get (fixture, "/posts.json?login=anna&api_key=wrong", NULL, NULL, 401);
  half = fixture_ask (fixture, "GET", "/posts.json?login=anna", NULL);
  require_error (half, 401);

  written = fixture_send_with (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=lake",
                               "Authorization", basic, NULL);
  require_status (written, 200);
  refused = fixture_send_with (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=x",
                               "Authorization", of_reader, NULL);
  require_error (refused, 403);

  /* Only the paths that it is for, whatever was kept. */
  require_get (fixture, "/tags.json", "Authorization", of_tags, 200);
  require_get (fixture, "/counts/posts.json", "Authorization", of_tags, 200);
  require_get (fixture, "/posts.json", "Authorization", of_tags, 403);
  require_get (fixture, "/system", "Authorization", of_tags, 403);

  /* A page elsewhere may write by a key, and not without one. */
  cross = fixture_send_with (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=sea",
                             "Authorization", basic, "Origin", "https://app.example", NULL);
  require_status (cross, 200);
  g_assert_cmpstr (answer_header (cross, "Access-Control-Allow-Origin"), ==, "*");
  form = g_strdup_printf ("post[tag_string]=hill&login=anna&api_key=%s", key);
  cross_form = fixture_send_with (fixture, "PUT", "/posts/1.json", FORM, form, "Origin",
                                  "https://app.example", NULL);
  require_status (cross_form, 200);
  cross_none = fixture_send_with (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=x",
                                  "Origin", "https://app.example", NULL);
  require_error (cross_none, 403);

  keys = booru_store_list_api_keys (fixture->store, anna, NULL);
  g_assert_true (booru_store_remove_api_key (fixture->store, anna,
                                             ((BooruApiKey *)keys->pdata[0])->id, &nobody, NULL));
  require_get (fixture, "/posts.json", "Authorization", basic, 401);
  g_assert_cmpint (eve, >, 0);
}

static void
test_public (Fixture *fixture)
{
  g_autoptr (Answer) written = NULL, upload = NULL;

  add_post (fixture);
  add_user (fixture, "anna", BOORU_ACCESS_ADMIN);
  require_get (fixture, "/posts.json", NULL, NULL, 200);
  require_get (fixture, "/posts", NULL, NULL, 200);
  require_get (fixture, "/system", NULL, NULL, 401);
  written = fixture_send (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=x");
  require_error (written, 401);
  upload = fixture_send (fixture, "POST", "/uploads.json", "multipart/form-data; boundary=x",
                         "--x\r\nContent-Disposition: form-data; name=\"upload[files][0]\"; "
                         "filename=\"a.jpg\"\r\n\r\nxx\r\n--x--\r\n");
  require_error (upload, 401);
}

static void
test_proxy (Fixture *fixture)
{
  g_autoptr (BooruAccount) first = NULL, second = NULL;

  add_post (fixture);
  require_get (fixture, "/posts.json", NULL, NULL, 401);
  require_get (fixture, "/system", "Remote-User", "anna", 200);
  require_get (fixture, "/system", "Remote-User", "eve", 403);
  require_get (fixture, "/posts.json", "Remote-User", "eve", 200);
  require_get (fixture, "/posts.json", "Remote-User", "e v e", 401);
  first = booru_store_find_account (fixture->store, "anna", NULL, NULL);
  g_assert_cmpint (first->access, ==, BOORU_ACCESS_ADMIN);
  second = booru_store_find_account (fixture->store, "eve", NULL, NULL);
  g_assert_cmpint (second->access, ==, BOORU_ACCESS_VIEWER);
}

/* The header of somebody who is no proxy of ours. */
static void
test_no_proxy (Fixture *fixture)
{
  add_user (fixture, "anna", BOORU_ACCESS_ADMIN);
  require_get (fixture, "/posts.json", "Remote-User", "anna", 401);
}

static void
test_rates (Fixture *fixture)
{
  guint n = 0, status = 0;

  add_post (fixture);
  for (; n < 20 && status != 429; n++)
    {
      g_autoptr (Answer) answer
          = fixture_send (fixture, "PUT", "/posts/1.json", FORM, "post[rating]=q");

      status = answer->status;
      g_assert_nonnull (answer_header (answer, "X-Rate-Limit"));
    }
  g_assert_cmpuint (status, ==, 429);
  g_assert_cmpuint (n, >=, 5);
  require_get (fixture, "/posts.json", NULL, NULL, 200);
}

static void
require_refusal (Fixture *fixture, const BooruRoute *route, const char *authorization, guint status)
{
  g_autofree char *path = fixture_make_path (route->pattern);
  const char *name = authorization ? "Authorization" : NULL;
  g_autoptr (Answer) answer
      = g_str_equal (route->method, "GET")
            ? fixture_ask (fixture, "GET", path, "Accept", "*/*", name, authorization, NULL)
            : fixture_send_with (fixture, route->method, path, FORM, "a=b", "Accept", "*/*", name,
                                 authorization, NULL);

  g_test_message ("%s %s", route->method, path);
  require_status (answer, status);
}

/* Every route that there is, by everybody who may not use it. */
static void
test_routes (Fixture *fixture)
{
  BooruAccess access[] = { BOORU_ACCESS_VIEWER, BOORU_ACCESS_EDITOR, BOORU_ACCESS_ADMIN };
  char *users[G_N_ELEMENTS (access)], *limited[G_N_ELEMENTS (access)];
  g_autofree char *elsewhere = NULL;
  gsize n_routes, n_refused = 0;
  const BooruRouteEntry *entries = booru_extensions_get_routes (
      booru_service_context_get_extensions (fixture->context), &n_routes);
  gint64 root = add_user (fixture, "root", BOORU_ACCESS_ADMIN);

  add_post (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (access); i++)
    {
      const char *name = booru_access_to_name (access[i]);
      g_autofree char *user = g_strconcat ("one-", name, NULL);
      g_autofree char *key
          = add_key (fixture, add_user (fixture, user, access[i]), BOORU_ACCESS_ADMIN, "");
      g_autofree char *less = add_key (fixture, root, access[i], "");

      users[i] = make_basic (user, key);
      limited[i] = make_basic ("root", less);
    }
  {
    g_autofree char *key = add_key (fixture, root, BOORU_ACCESS_ADMIN, "/nowhere");

    elsewhere = make_basic ("root", key);
  }

  g_assert_cmpuint (n_routes, >, 50);
  for (gsize i = 0; i < n_routes; i++)
    {
      const BooruRoute *route = entries[i].route;

      if (fixture_get_access (route) == BOORU_ACCESS_PUBLIC)
        continue;
      require_refusal (fixture, route, NULL, 401);
      require_refusal (fixture, route, elsewhere, 403);
      for (guint k = 0; k < G_N_ELEMENTS (access); k++)
        if (access[k] < fixture_get_access (route))
          {
            require_refusal (fixture, route, users[k], 403);
            require_refusal (fixture, route, limited[k], 403);
            n_refused++;
          }
    }
  g_assert_cmpuint (n_refused, >, 30);
  g_assert_cmpuint (fixture->controlled->len, ==, 0); /* nothing was done */
  for (guint i = 0; i < G_N_ELEMENTS (access); i++)
    {
      g_free (users[i]);
      g_free (limited[i]);
    }
}

/* On a public board visitors read, and write nothing. */
static void
test_public_routes (Fixture *fixture)
{
  gsize n_routes;
  const BooruRouteEntry *entries = booru_extensions_get_routes (
      booru_service_context_get_extensions (fixture->context), &n_routes);

  add_user (fixture, "root", BOORU_ACCESS_ADMIN);
  for (gsize i = 0; i < n_routes; i++)
    {
      const BooruRoute *route = entries[i].route;

      if (fixture_get_access (route) > BOORU_ACCESS_VIEWER
          || (fixture_get_access (route) == BOORU_ACCESS_VIEWER
              && !g_str_equal (route->method, "GET")))
        require_refusal (fixture, route, NULL, 401);
    }
}

static Answer *
send_own (Fixture *fixture, const char *path, const char *cookie, const char *form)
{
  g_autoptr (Answer) page
      = fixture_ask (fixture, "GET", "/account", "Cookie", cookie, "Accept", "text/html", NULL);
  g_autofree char *token = find_field (page, "token");
  g_autofree char *full = g_strdup_printf ("token=%s&%s", token, form);

  return fixture_send_with (fixture, "POST", path, FORM, full, "Cookie", cookie, "Accept",
                            "text/html", NULL);
}

static void
test_account (Fixture *fixture)
{
  gint64 anna = add_user (fixture, "anna", BOORU_ACCESS_ADMIN);
  gint64 peter = add_user (fixture, "peter", BOORU_ACCESS_VIEWER);
  g_autofree char *cookie = add_session (fixture, anna), *of_peter = add_session (fixture, peter);
  g_autofree char *left = add_session (fixture, peter);
  g_autoptr (Answer) saved = NULL, page = NULL, key = NULL, wrong = NULL, right = NULL, last = NULL;
  g_autoptr (Answer) promoted = NULL, users = NULL, audit = NULL, profile = NULL, invited = NULL;
  g_autoptr (BooruAccount) account = NULL;
  JsonObject *object;

  /* A viewer's own. */
  saved = send_own (fixture, "/account/settings", of_peter,
                    "theme=dark&blacklisted_tags=gore&per_page=60&time_zone=Europe/Berlin");
  require_status (saved, 303);
  page = fixture_ask (fixture, "GET", "/account", "Cookie", of_peter, "Accept", "text/html", NULL);
  require_text (page, "data-theme=\"dark\"");
  key = send_own (fixture, "/account/add-key", of_peter, "name=Phone&level=admin&routes=");
  require_status (key, 200);
  require_text (key, "which is shown only now: <code>");
  wrong = send_own (fixture, "/account/password", of_peter,
                    "old_password=wrong&new_password=other%20horse&repeated=other%20horse");
  require_status (wrong, 422);
  right
      = send_own (fixture, "/account/password", of_peter,
                  "old_password=correct%20horse&new_password=other%20horse&repeated=other%20horse");
  require_status (right, 303);
  require_get (fixture, "/account", "Cookie", of_peter, 200);
  require_get (fixture, "/account", "Cookie", left, 401);
  require_get (fixture, "/users", "Cookie", of_peter, 403);

  /* Everybody's, for administrators. */
  promoted = send_own (fixture, "/users/change", cookie, "id=2&level=editor");
  require_status (promoted, 303);
  account = booru_store_get_account (fixture->store, peter, NULL);
  g_assert_cmpint (account->access, ==, BOORU_ACCESS_EDITOR);
  last = send_own (fixture, "/users/change", cookie, "id=1&level=editor");
  require_status (last, 422);
  require_text (last, "last administrator");
  invited = send_own (fixture, "/users/invite", cookie, "level=viewer&days=3");
  require_text (invited, "/invitations/");
  audit = fixture_ask (fixture, "GET", "/audit", "Cookie", cookie, "Accept", "text/html", NULL);
  require_text (audit, "user.level");
  require_text (audit, "invitation.add");

  users
      = fixture_ask (fixture, "GET", "/users.json?search[name_matches]=P*", "Cookie", cookie, NULL);
  require_status (users, 200);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (users->json)), ==, 1);
  profile = fixture_ask (fixture, "GET", "/profile.json", "Cookie", of_peter, NULL);
  object = json_node_get_object (profile->json);
  g_assert_cmpstr (json_object_get_string_member (object, "name"), ==, "peter");
  g_assert_cmpint (json_object_get_int_member (object, "level"), ==, 35);
  g_assert_cmpstr (json_object_get_string_member (object, "blacklisted_tags"), ==, "gore");
}

static char *logged_code;

static GLogWriterOutput
keep_code (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    {
      const char *text = fields[i].value;

      if (g_str_equal (fields[i].key, "MESSAGE")
          && g_str_has_prefix (text, "The code for the first account"))
        logged_code = g_strdup (strrchr (text, ' ') + 1);
    }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

static Answer *
set_up (Fixture *fixture, const char *path, const char *code, const char *name)
{
  g_autoptr (Answer) page = fixture_ask (fixture, "GET", path, "Accept", "text/html", NULL);
  g_autofree char *cookie = find_cookie (page), *token = find_field (page, "token");
  g_autofree char *form = g_strdup_printf ("token=%s&code=%s&name=%s&password=correct%%20horse&"
                                           "repeated=correct%%20horse",
                                           token, code, name);

  return fixture_send_with (fixture, "POST", path, FORM, form, "Cookie", cookie, "Accept",
                            "text/html", NULL);
}

static void
test_setup (Fixture *fixture)
{
  g_autoptr (Answer) wrong = NULL, right = NULL, invited = NULL;
  g_autofree char *cookie = NULL, *code = booru_token_new (), *path = NULL;
  BooruActor anna = { 1, NULL };
  g_autoptr (BooruAccount) account = NULL;

  wrong = set_up (fixture, "/setup", "guess", "anna");
  require_status (wrong, 422);
  g_assert_nonnull (logged_code);
  right = set_up (fixture, "/setup", logged_code, "anna");
  require_status (right, 303);
  cookie = find_cookie (right);
  require_get (fixture, "/system", "Cookie", cookie, 200);
  require_get (fixture, "/setup", NULL, NULL, 404);

  booru_store_add_invitation (fixture->store, code, BOORU_ACCESS_EDITOR, G_TIME_SPAN_HOUR, &anna,
                              NULL);
  path = g_strconcat ("/invitations/", code, NULL);
  invited = set_up (fixture, path, "", "peter");
  require_status (invited, 303);
  require_get (fixture, path, NULL, NULL, 404);
  account = booru_store_find_account (fixture->store, "peter", NULL, NULL);
  g_assert_cmpint (account->access, ==, BOORU_ACCESS_EDITOR);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (keep_code, NULL, NULL);
  fixture_add_test ("/web/accounts/closing", "@a{sv} {}", test_closing);
  fixture_add_test ("/web/accounts/login", "@a{sv} {}", test_login);
  fixture_add_test ("/web/accounts/guessing", "@a{sv} {}", test_guessing);
  fixture_add_test ("/web/accounts/forms", "@a{sv} {}", test_forms);
  fixture_add_test ("/web/accounts/expiry", "@a{sv} {}", test_expiry);
  fixture_add_test ("/web/accounts/cookies", "@a{sv} {}", test_cookies);
  fixture_add_test ("/web/accounts/keys", "@a{sv} {}", test_keys);
  fixture_add_test ("/web/accounts/public", "{'public': <true>}", test_public);
  fixture_add_test ("/web/accounts/proxy",
                    "{'user-header': <'Remote-User'>, 'trusted-proxies': <['127.0.0.1']>,"
                    " 'new-user-level': <'viewer'>}",
                    test_proxy);
  fixture_add_test ("/web/accounts/no-proxy",
                    "{'user-header': <'Remote-User'>, 'trusted-proxies': <['10.0.0.1']>}",
                    test_no_proxy);
  fixture_add_test ("/web/accounts/rates", "{'write-rate': <uint32 5>}", test_rates);
  fixture_add_test ("/web/accounts/routes", "@a{sv} {}", test_routes);
  fixture_add_test ("/web/accounts/public-routes", "{'public': <true>}", test_public_routes);
  fixture_add_test ("/web/accounts/account", "@a{sv} {}", test_account);
  fixture_add_test ("/web/accounts/setup", "@a{sv} {}", test_setup);
  return g_test_run ();
}
