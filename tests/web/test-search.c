/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Searches as clients and browsers ask for them: what is refused, what is wrong, neighbours. */
#include <stdlib.h>
#include <string.h>

#include "../test-util.h"
#include "web-fixture.h"

/* Posts 1 to @n_posts, tagged "all", "odd" or "even". */
static void
add_posts (Fixture *fixture, guint n_posts)
{
  for (guint i = 1; i <= n_posts; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u.jpg", i);
      g_autofree char *tags = g_strdup_printf ("all %s", i % 2 ? "odd" : "even");
      g_autoptr (BooruPost) post = fixture_add_post (fixture, path, "jpg", path, strlen (path));
      g_autoptr (BooruPost) tagged = fixture_tag (fixture, post, tags);

      g_assert_cmpint (post->id, ==, i);
    }
}

static char *
search_path (const char *path, const char *tags)
{
  GString *out = g_string_new (path);

  g_string_append (out, strchr (path, '?') ? "&tags=" : "?tags=");
  g_string_append_uri_escaped (out, tags, NULL, FALSE);
  return g_string_free (out, FALSE);
}

static void
require_ids (Fixture *fixture, const char *path, const char *expected)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);
  g_autoptr (GString) ids = g_string_new (NULL);
  JsonArray *array;

  require_status (answer, 200);
  array = json_node_get_array (answer->json);
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (
        ids, "%s%" G_GINT64_FORMAT, i ? " " : "",
        json_object_get_int_member (json_array_get_object_element (array, i), "id"));
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
require_found (Fixture *fixture, const char *tags, const char *expected)
{
  g_autofree char *path = search_path ("/posts.json", tags);

  require_ids (fixture, path, expected);
}

static guint
count (Fixture *fixture, const char *path)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

  require_status (answer, 200);
  return json_array_get_length (json_node_get_array (answer->json));
}

static gint64
count_posts (Fixture *fixture, const char *tags)
{
  g_autofree char *path = search_path ("/counts/posts.json", tags);
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

  require_status (answer, 200);
  return json_object_get_int_member (
      json_object_get_object_member (json_node_get_object (answer->json), "counts"), "posts");
}

/* What cannot be parsed and what the board does not have finds nothing. */
static void
test_nothing (Fixture *fixture)
{
  static const char *const texts[] = { "(odd",          "odd )",          "-",
                                       "odd or",        "folder:1",       "-folder:1",
                                       "odd -folder:1", "-filename:me",   "-approver:none",
                                       "source:\"x",    "-(odd folder:1)" };

  add_posts (fixture, 3);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      require_found (fixture, texts[i], "");
      g_assert_cmpint (count_posts (fixture, texts[i]), ==, 0);
    }
  require_found (fixture, "odd or folder:1", "3 1");
}

static void
test_refused (Fixture *fixture)
{
  static const char *const texts[]
      = { "order:score order:id", "limit:1 limit:2", "random:1 random:2", "-order:score",
          "odd or order:score",   "order:",          "order:id ordpool:1" };
  static const char *const paths[]
      = { "/posts.json", "/counts/posts.json", "/posts/random.json", "/posts.json?random=1" };

  add_posts (fixture, 1);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (paths); j++)
      {
        g_autofree char *path = search_path (paths[j], texts[i]);
        g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

        require_error (answer, 422);
      }
  /* A random one of an ordered search. */
  require_ids (fixture, "/posts.json?random=1&tags=order:score", "1");
}

/* "random:N" finds N posts, over all pages. */
static void
test_cap (Fixture *fixture)
{
  add_posts (fixture, 9);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=random:5"), ==, 5);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=random:5&limit=200"), ==, 5);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=random:5&limit=3"), ==, 3);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=random:5&limit=3&page=2"), ==, 2);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=random:5&limit=3&page=3"), ==, 0);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=odd+random:20"), ==, 5);
  g_assert_cmpint (count_posts (fixture, "random:5"), ==, 5);
  g_assert_cmpint (count_posts (fixture, "odd random:20"), ==, 5);
  g_assert_cmpint (count_posts (fixture, "random:0"), ==, 0);
}

/* Certain posts are found where they are. */
static void
test_trash (Fixture *fixture)
{
  g_autoptr (BooruPost) post = NULL;
  g_autofree char *md5 = NULL;

  add_posts (fixture, 4);
  post = booru_store_get_post (fixture->store, 2, NULL);
  md5 = g_strdup_printf ("md5:%s", post->media.md5);
  g_assert_true (booru_store_delete_post (fixture->store, 2, BOORU_USER_OWNER, NULL));
  require_found (fixture, "", "4 3 1");
  require_found (fixture, "id:2", "2");
  require_found (fixture, "id:1,2,3", "3 2 1");
  require_found (fixture, "even id:1,2,4", "4 2");
  require_found (fixture, "id:3,2,1 order:custom", "3 2 1");
  require_found (fixture, md5, "2");
  require_found (fixture, "id:2 status:active", "");
  require_found (fixture, "id:>1", "4 3");
  require_found (fixture, "-id:1", "4 3");
  g_assert_cmpint (count_posts (fixture, "id:1,2"), ==, 2);
}

/* No filter is ignored. */
static void
test_filters (Fixture *fixture)
{
  static const char *const paths[] = {
    "/posts.json?search[foo]=1",
    "/posts.json?search[foo]=",
    "/posts.json?search[foo][]=1",
    "/posts/random.json?search[foo]=1",
    "/counts/posts.json?search[foo]=1",
    "/tags.json?search[foo]=",
    "/tags.json?search[name][x]=1",
    "/tags.json?search[is_deprecated]=true",
    "/post_versions.json?search[foo]=1",
    "/uploads.json?search[foo]=1",
    "/post_versions.json?search[post_id][eq]=1",
  };

  add_posts (fixture, 1);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (Answer) answer = fixture_ask (fixture, "GET", paths[i], NULL);

      require_error (answer, 422);
    }
  g_assert_cmpuint (count (fixture, "/tags.json?search[name]=all"), ==, 1);
  g_assert_cmpuint (count (fixture, "/posts.json?foo=1"), ==, 1);
}

/* What Danbooru's tag strings know and this board cannot do is no tag. */
static void
test_tag_strings (Fixture *fixture)
{
  static const char *const words[]
      = { "newpool:none", "newpool:ab", "pool:1",      "-pool:1",
          "child:1",      "favgroup:1", "status:x",    "approver:me",
          "comm:x",       "ordfav:x",   "reacted:x",   "note_count:1",
          "flags:1",      "pixiv:1",    "unaliased:x", "artist:newpool:x" };

  add_posts (fixture, 1);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *form = g_strdup_printf ("post[tag_string]=all+%s", words[i]);
      g_autoptr (Answer) answer = fixture_send (fixture, "PUT", "/posts/1.json", FORM, form);

      g_test_message ("%s", words[i]);
      require_status (answer, 422);
    }
  require_found (fixture, "all", "1");
  g_assert_cmpuint (count (fixture, "/tags.json?search[name_matches]=*:*"), ==, 0);
}

static void
test_versions (Fixture *fixture)
{
  g_autoptr (Answer) deleted = NULL, undone = NULL, page = NULL;

  add_posts (fixture, 1);
  deleted = fixture_ask (fixture, "DELETE", "/posts/1.json", NULL);
  require_status (deleted, 200);
  g_assert_true (
      json_object_get_boolean_member (json_node_get_object (deleted->json), "is_deleted"));
  undone = fixture_ask (fixture, "PUT", "/post_versions/2/undo.json", NULL);
  require_error (undone, 422);
  page = fixture_post_form (fixture, "/post_versions/2/undo", "q=odd");
  require_status (page, 422);
  require_found (fixture, "odd", "");
}

/* Searches, pages and the API agree about the day of a post. */
static void
test_zone (Fixture *fixture)
{
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("<+14>-14");
  g_autoptr (GDateTime) utc = NULL, local = NULL;
  g_autofree char *day = NULL, *iso = NULL, *tags = NULL;
  g_autoptr (Answer) shown = NULL, page = NULL, profile = NULL;

  add_posts (fixture, 1);
  post = booru_store_get_post (fixture->store, 1, NULL);
  utc = g_date_time_new_from_unix_utc (post->created_at / G_USEC_PER_SEC);
  local = g_date_time_to_timezone (utc, zone);
  day = g_date_time_format (local, "%Y-%m-%d");
  iso = g_date_time_format (local, "\"created_at\":\"%Y-%m-%dT%H:%M:%S.");
  tags = g_strdup_printf ("date:%s", day);
  require_found (fixture, tags, "1");
  shown = fixture_ask (fixture, "GET", "/posts/1.json", NULL);
  require_text (shown, iso);
  require_text (shown, "+14:00\"");
  page = fixture_ask (fixture, "GET", "/posts/1", NULL);
  require_text (page, day);
  profile = fixture_ask (fixture, "GET", "/profile.json", NULL);
  require_text (profile, "\"time_zone\":\"<+14>-14\"");
}

/* The page says what is wrong, where, and what may be meant. */
static void
test_problems (Fixture *fixture)
{
  static const struct
  {
    const char *tags, *place, *message, *link;
    guint status;
  } problems[] = {
    { "(odd", "<mark>(</mark>odd", "never closed", NULL, 200 },
    { "odd order:scroe", "odd <mark>order:scroe</mark>", "order:score?", NULL, 200 },
    { "width:wide", "<mark>width:wide</mark>", "a number", NULL, 200 },
    { "-folder:5", "-<mark>folder:5</mark>", "cannot search by “folder:”", NULL, 200 },
    { "odd or order:id", "<mark>order:id</mark>", "alternatives", NULL, 422 },
    { "order:id order:score", "<mark>order:score</mark>", "only one order", NULL, 422 },
    { "evne", "", "No post has the tag “evne”. Did you mean", "/posts?tags=even\"", 200 },
    { "all -evne", "", "No post has the tag “evne”", "/posts?tags=all+-even\"", 200 },
    { "widht:5", "", "Did you mean", "/posts?tags=width:5\"", 200 },
    { "blue sky", "", "is one tag. Did you mean", "/posts?tags=blue_sky\"", 200 },
    { "all -blue sky odd", "", "is one tag", "/posts?tags=all+-blue_sky+odd\"", 200 },
    { "cat (animal)", "", "is one tag", "/posts?tags=cat_(animal)\"", 200 },
    { "xyzxyzxyz", "", "No post has the tag “xyzxyzxyz”.", NULL, 200 },
  };
  g_autoptr (BooruPost) post = NULL, tagged = NULL;
  g_autoptr (Answer) fine = NULL;

  add_posts (fixture, 2);
  post = fixture_add_post (fixture, "sky.jpg", "jpg", "sky", 3);
  tagged = fixture_tag (fixture, post, "blue_sky cat_(animal)");
  for (guint i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      g_autofree char *path = search_path ("/posts", problems[i].tags);
      g_autoptr (Answer) answer = fixture_get_page (fixture, path, problems[i].status);

      g_test_message ("%s", problems[i].tags);
      require_text (answer, "id=\"search-problems\"");
      require_text (answer, problems[i].place);
      require_text (answer, problems[i].message);
      if (problems[i].link)
        require_text (answer, problems[i].link);
    }
  fine = fixture_get_page (fixture, "/posts?tags=all+-odd+(even+or+blue_sky)+width:>1+order:score",
                           200);
  prohibit_text (fine, "search-problems");
}

/* The value of the first attribute that @before leads to, with "&" for "&amp;"; or NULL. */
static char *
dup_attribute (Answer *answer, const char *before)
{
  const char *start = strstr (answer->text, before);
  g_autoptr (GString) value = NULL;

  if (start == NULL)
    return NULL;
  start += strlen (before);
  value = g_string_new_len (start, (gssize)strcspn (start, "\""));
  g_string_replace (value, "&amp;", "&", 0);
  return g_strdup (value->str);
}

/* From the first post of a search on to the last one, as a reader goes. Returns the ids. */
static char *
walk (Fixture *fixture, const char *gallery)
{
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autofree char *url = NULL;

  {
    g_autoptr (Answer) page = fixture_get_page (fixture, gallery, 200);

    url = dup_attribute (page, "\"><a href=\"");
  }
  while (url)
    {
      g_autoptr (Answer) page = fixture_get_page (fixture, url, 200);

      g_string_append_printf (ids, "%s%d", ids->len ? " " : "", atoi (url + strlen ("/posts/")));
      g_free (url);
      url = dup_attribute (page, "rel=\"next\" href=\"");
      if (url)
        {
          g_autofree char *prefetched = dup_attribute (page, "<link rel=\"prefetch\" href=\"");

          g_assert_cmpstr (prefetched, ==, url);
          g_assert_cmpuint (ids->len, <, 100);
        }
    }
  return g_string_free (g_steal_pointer (&ids), FALSE);
}

static char *
list (Fixture *fixture, const char *gallery)
{
  g_autoptr (Answer) page = fixture_get_page (fixture, gallery, 200);
  GString *ids = g_string_new (NULL);

  for (const char *at = page->text; (at = strstr (at, "id=\"post-")); at++)
    g_string_append_printf (ids, "%s%d", ids->len ? " " : "", atoi (at + strlen ("id=\"post-")));
  return g_string_free (ids, FALSE);
}

static void
test_neighbours (Fixture *fixture)
{
  static const char *const galleries[] = { "/posts",
                                           "/posts?tags=odd",
                                           "/posts?tags=order:id",
                                           "/posts?tags=order:score",
                                           "/posts?tags=order:score_asc+all",
                                           "/posts?tags=id:3,1,7,5+order:custom",
                                           "/posts?tags=order:random&seed=5",
                                           "/posts?tags=odd+order:random&seed=6",
                                           "/posts?tags=order:md5" };

  add_posts (fixture, 9);
  for (guint i = 0; i < G_N_ELEMENTS (galleries); i++)
    {
      g_autofree char *listed = list (fixture, galleries[i]),
                      *walked = walk (fixture, galleries[i]);

      g_test_message ("%s", galleries[i]);
      g_assert_cmpstr (listed, ==, walked);
    }
}

/* Up leads to the page that the post is on, and to the post there; writes keep the place. */
static void
test_up (Fixture *fixture)
{
  g_autoptr (Answer) second = NULL, post = NULL, next = NULL, random = NULL, one = NULL,
                     saved = NULL;
  g_autofree char *url = NULL, *next_url = NULL, *up = NULL, *edit = NULL, *undo = NULL;

  add_posts (fixture, 9);
  second = fixture_get_page (fixture, "/posts?tags=all&limit=3&page=2", 200);
  require_text (second, "id=\"post-6\"");
  url = g_strdup ("/posts/4?q=all&limit=3&n=5");
  require_text (second, "href=\"/posts/4?q=all&amp;limit=3&amp;n=5\"");
  post = fixture_get_page (fixture, url, 200);
  require_text (post, "class=\"up\" href=\"/posts?tags=all&amp;limit=3&amp;page=2#post-4\"");
  edit = dup_attribute (post, "action=\"/posts/4?");
  g_assert_cmpstr (edit, ==, "q=all&limit=3&n=5");
  undo = dup_attribute (post, "action=\"/post_versions/4/undo?");
  g_assert_cmpstr (undo, ==, "q=all&limit=3&n=5");
  saved = fixture_post_form (fixture, url, "post[tag_string]=all+even+x");
  require_status (saved, 303);
  g_assert_nonnull (strstr (answer_header (saved, "Location"), "/posts/4?q=all&limit=3&n=5&"));
  next_url = dup_attribute (post, "rel=\"next\" href=\"");
  g_assert_cmpstr (next_url, ==, "/posts/3?q=all&limit=3&n=6");
  next = fixture_get_page (fixture, next_url, 200);
  require_text (next, "class=\"up\" href=\"/posts?tags=all&amp;limit=3&amp;page=3#post-3\"");

  random = fixture_get_page (fixture, "/posts?tags=order:random&limit=3", 200);
  up = dup_attribute (random, "rel=\"next\" href=\"");
  g_assert_nonnull (strstr (up, "&seed="));
  one = fixture_get_page (fixture, "/posts/4", 200);
  require_text (one, "class=\"up\" href=\"/posts\"");
}

/* A form can lead on to the next post, which is edited then; other addresses than a post's are not
 * believed. */
static void
test_next (Fixture *fixture)
{
  g_autoptr (Answer) saved = NULL, elsewhere = NULL, trashed = NULL, page = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.jpg", i);

      booru_post_unref (fixture_add_post (fixture, name, "jpg", name, strlen (name)));
    }
  saved = fixture_post_form (fixture, "/posts/3?q=order:id_desc",
                             "post[tag_string]=sky,blue_sky&next=/posts/2?q=order:id_desc");
  require_status (saved, 303);
  test_assert_contains (answer_header (saved, "Location"), "/posts/2?");
  test_assert_contains (answer_header (saved, "Location"), "edit=1&done=saved&post=3");
  page = fixture_ask (fixture, "GET", answer_header (saved, "Location"), NULL);
  test_assert_contains (page->text, "<details class=\"fold edit\" id=\"edit\" open>");
  test_assert_contains (page->text, "Changes of post 3 saved.");

  trashed = fixture_post_form (fixture, "/posts/2/delete", "next=/posts/1");
  test_assert_contains (answer_header (trashed, "Location"), "/posts/1?done=deleted&post=2");
  elsewhere = fixture_post_form (fixture, "/posts/3",
                                 "post[tag_string]=sky&next=https://example.org/posts/2");
  test_assert_contains (answer_header (elsewhere, "Location"), "/posts/3?done=saved");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/search/nothing", NULL, test_nothing);
  fixture_add_test ("/web/search/refused", NULL, test_refused);
  fixture_add_test ("/web/search/cap", NULL, test_cap);
  fixture_add_test ("/web/search/trash", NULL, test_trash);
  fixture_add_test ("/web/search/filters", NULL, test_filters);
  fixture_add_test ("/web/search/tag-strings", NULL, test_tag_strings);
  fixture_add_test ("/web/search/versions", NULL, test_versions);
  fixture_add_test ("/web/search/problems", NULL, test_problems);
  fixture_add_test ("/web/search/neighbours", NULL, test_neighbours);
  fixture_add_test ("/web/search/up", NULL, test_up);
  fixture_add_test ("/web/search/zone", "{'time-zone': <'<+14>-14'>}", test_zone);
  fixture_add_test ("/web/search/next", NULL, test_next);
  return g_test_run ();
}
