/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "web-fixture.h"

typedef struct
{
  const char *name;
  const char *type; /* b i s f a o, and ? after it: or null; "n": null */
} Member;

/* docs: the API's page, "A post". */
static const Member post_members[] = {
  { "id", "i" },
  { "uploader_id", "i" },
  { "score", "i" },
  { "up_score", "i" },
  { "down_score", "i" },
  { "fav_count", "i" },
  { "file_size", "i" },
  { "image_width", "i" },
  { "image_height", "i" },
  { "bit_flags", "i" },
  { "tag_count", "i" },
  { "tag_count_general", "i" },
  { "tag_count_artist", "i" },
  { "tag_count_character", "i" },
  { "tag_count_copyright", "i" },
  { "tag_count_meta", "i" },
  { "parent_id", "i?" },
  { "approver_id", "i?" },
  { "pixiv_id", "i?" },
  { "created_at", "s" },
  { "updated_at", "s" },
  { "source", "s" },
  { "md5", "s" },
  { "rating", "s" },
  { "file_ext", "s" },
  { "tag_string", "s" },
  { "tag_string_general", "s" },
  { "tag_string_artist", "s" },
  { "tag_string_character", "s" },
  { "tag_string_copyright", "s" },
  { "tag_string_meta", "s" },
  { "file_url", "s" },
  { "large_file_url", "s" },
  { "preview_file_url", "s" },
  { "last_noted_at", "s?" },
  { "last_commented_at", "s?" },
  { "last_comment_bumped_at", "s?" },
  { "is_pending", "b" },
  { "is_flagged", "b" },
  { "is_deleted", "b" },
  { "is_banned", "b" },
  { "has_children", "b" },
  { "has_active_children", "b" },
  { "has_visible_children", "b" },
  { "has_large", "b" },
  { "media_asset", "o" },
};

static const Member asset_members[] = {
  { "id", "i" },         { "created_at", "s" }, { "updated_at", "s" },  { "md5", "s" },
  { "file_ext", "s" },   { "file_size", "i" },  { "image_width", "i" }, { "image_height", "i" },
  { "duration", "f?" },  { "status", "s" },     { "file_key", "s" },    { "is_public", "b" },
  { "pixel_hash", "s" }, { "variants", "a" },
};

static const Member variant_members[] = {
  { "type", "s" }, { "url", "s" }, { "width", "i" }, { "height", "i" }, { "file_ext", "s" },
};

static const Member tag_members[] = {
  { "id", "i" },         { "name", "s" },       { "post_count", "i" },    { "category", "i" },
  { "created_at", "s" }, { "updated_at", "s" }, { "is_deprecated", "b" }, { "words", "a" },
};

static char
get_type (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return 'o';
  if (JSON_NODE_HOLDS_ARRAY (node))
    return 'a';
  if (JSON_NODE_HOLDS_NULL (node))
    return 'n';
  switch (json_node_get_value_type (node))
    {
    case G_TYPE_INT64:
      return 'i';
    case G_TYPE_DOUBLE:
      return 'f';
    case G_TYPE_BOOLEAN:
      return 'b';
    default:
      return 's';
    }
}

static void
require_shape (JsonObject *object, const Member *members, gsize n_members)
{
  for (gsize i = 0; i < n_members; i++)
    {
      JsonNode *node = json_object_get_member (object, members[i].name);
      char type;

      if (node == NULL)
        g_error ("The member %s is not there", members[i].name);
      type = get_type (node);
      if (type != members[i].type[0] && !(type == 'n' && members[i].type[1] == '?'))
        g_error ("The member %s is of type %c", members[i].name, type);
    }
  g_assert_cmpuint (json_object_get_size (object), ==, n_members);
}

#define REQUIRE_SHAPE(object, members) require_shape (object, members, G_N_ELEMENTS (members))

static JsonArray *
get_array (Answer *answer)
{
  require_status (answer, 200);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (answer->json));
  return json_node_get_array (answer->json);
}

static JsonObject *
get_object (Answer *answer)
{
  require_status (answer, 200);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (answer->json));
  return json_node_get_object (answer->json);
}

/* The ids that an answer lists: "3 2 1". */
static void
require_ids (Fixture *fixture, const char *path, const char *expected)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);
  JsonArray *array = get_array (answer);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (
        ids, "%s%" G_GINT64_FORMAT, i ? " " : "",
        json_object_get_int_member (json_array_get_object_element (array, i), "id"));
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
add_posts (Fixture *fixture, guint n_posts)
{
  for (guint i = 1; i <= n_posts; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u.jpg", i);
      g_autofree char *tags = g_strdup_printf ("all number_%u %s", i, i % 2 ? "odd" : "even");
      g_autoptr (BooruPost) post = fixture_add_post (fixture, path, "jpg", path, strlen (path));
      g_autoptr (BooruPost) tagged = fixture_tag (fixture, post, tags);

      g_assert_cmpint (post->id, ==, i);
    }
}

static void
test_shape (Fixture *fixture)
{
  g_autoptr (BooruPost) picture = fixture_add_post (fixture, "a.jpg", "jpg", "picture", 7);
  g_autoptr (BooruPost) video = fixture_add_post (fixture, "b.mp4", "mp4", "video", 5);
  g_autoptr (BooruPost) tagged
      = fixture_tag (fixture, picture, "artist:someone 1girl character:her meta:highres cat");
  g_autoptr (Answer) list = fixture_ask (fixture, "GET", "/posts.json", NULL);
  JsonArray *array = get_array (list), *variants;
  JsonObject *post, *asset, *last;
  g_autofree char *url = NULL, *prefix = NULL;

  g_assert_cmpuint (json_array_get_length (array), ==, 2);
  post = json_array_get_object_element (array, 1);
  REQUIRE_SHAPE (post, post_members);
  asset = json_object_get_object_member (post, "media_asset");
  REQUIRE_SHAPE (asset, asset_members);
  variants = json_object_get_array_member (asset, "variants");
  g_assert_cmpuint (json_array_get_length (variants), ==, 5);
  for (guint i = 0; i < 5; i++)
    REQUIRE_SHAPE (json_array_get_object_element (variants, i), variant_members);

  prefix = g_strndup (picture->media.md5, 4);
  url = g_strdup_printf ("%s/original/%.2s/%.2s/%s.jpg", fixture->base_url, prefix, prefix + 2,
                         picture->media.md5);
  last = json_array_get_object_element (variants, 4);
  g_assert_cmpstr (json_object_get_string_member (last, "type"), ==, "original");
  g_assert_cmpstr (json_object_get_string_member (last, "url"), ==, url);
  g_assert_cmpstr (json_object_get_string_member (post, "file_url"), ==, url);
  g_assert_true (
      g_str_has_suffix (json_object_get_string_member (post, "preview_file_url"), ".webp"));
  g_assert_true (g_str_has_suffix (json_object_get_string_member (post, "large_file_url"), ".jpg"));
  g_assert_cmpstr (json_object_get_string_member (post, "tag_string"), ==,
                   "1girl cat her highres someone");
  g_assert_cmpstr (json_object_get_string_member (post, "tag_string_artist"), ==, "someone");
  g_assert_cmpstr (json_object_get_string_member (post, "tag_string_general"), ==, "1girl cat");
  g_assert_cmpint (json_object_get_int_member (post, "tag_count"), ==, 5);
  g_assert_cmpint (json_object_get_int_member (post, "tag_count_general"), ==, 2);
  g_assert_true (
      g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+00:00$",
                            json_object_get_string_member (post, "created_at"), 0, 0));

  asset = json_object_get_object_member (json_array_get_object_element (array, 0), "media_asset");
  g_assert_cmpfloat (json_object_get_double_member (asset, "duration"), ==, 2.5);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (asset, "variants")), ==,
                    4);
  g_assert_cmpstr (answer_header (list, "Access-Control-Allow-Origin"), ==, "*");
  g_assert_cmpstr (answer_header (list, "X-Content-Type-Options"), ==, "nosniff");
}

static void
test_paging (Fixture *fixture)
{
  g_autoptr (Answer) full = NULL, beyond = NULL, nonsense = NULL;

  add_posts (fixture, 25);
  full = fixture_ask (fixture, "GET", "/posts.json", NULL);
  g_assert_cmpuint (json_array_get_length (get_array (full)), ==, 20);
  require_ids (fixture, "/posts.json?limit=3", "25 24 23");
  require_ids (fixture, "/posts.json?limit=3&page=2", "22 21 20");
  require_ids (fixture, "/posts.json?limit=3&page=0", "25 24 23");
  require_ids (fixture, "/posts.json?limit=3&page=b10", "9 8 7");
  require_ids (fixture, "/posts.json?limit=3&page=a10", "13 12 11");
  require_ids (fixture, "/posts.json?limit=3&page=b1", "");
  require_ids (fixture, "/posts.json?tags=limit:2", "25 24");
  require_ids (fixture, "/posts.json?tags=limit:2&limit=1", "25");
  require_ids (fixture, "/posts.json?tags=even&limit=2", "24 22");
  require_ids (fixture, "/posts.json?tags=all+-even&limit=2", "25 23");
  require_ids (fixture, "/posts.json?tags=id:3", "3");
  require_ids (fixture, "/posts.json?tags=order:id&limit=2", "1 2");
  require_ids (fixture, "/posts.json?tags=no_such_tag", "");
  beyond = fixture_ask (fixture, "GET", "/posts.json?page=1001", NULL);
  require_error (beyond, 410);
  nonsense = fixture_ask (fixture, "GET", "/posts.json?page=x", NULL);
  g_assert_cmpuint (nonsense->status, <, 500);
}

static void
test_one (Fixture *fixture)
{
  g_autofree char *path = NULL;
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (Answer) by_id = NULL, by_md5 = NULL, random = NULL, many = NULL;
  static const char *const missing[] = {
    "/posts/99.json",
    "/posts/0.json",
    "/posts/x.json",
    "/posts/99999999999999999999.json",
    "/posts.json?md5=00000000000000000000000000000000",
    "/posts.json?md5=nonsense",
    "/nothing.json",
    "/posts/random.json?tags=no_such_tag",
  };

  add_posts (fixture, 3);
  post = booru_store_get_post (fixture->store, 2, NULL);
  by_id = fixture_ask (fixture, "GET", "/posts/2.json", NULL);
  REQUIRE_SHAPE (get_object (by_id), post_members);
  path = g_strdup_printf ("/posts.json?md5=%s", post->media.md5);
  by_md5 = fixture_ask (fixture, "GET", path, NULL);
  g_assert_cmpint (json_object_get_int_member (get_object (by_md5), "id"), ==, 2);
  random = fixture_ask (fixture, "GET", "/posts/random.json?tags=even", NULL);
  g_assert_cmpint (json_object_get_int_member (get_object (random), "id"), ==, 2);
  many = fixture_ask (fixture, "GET", "/posts.json?random=1&limit=2", NULL);
  g_assert_cmpuint (json_array_get_length (get_array (many)), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_autoptr (Answer) answer = fixture_ask (fixture, "GET", missing[i], NULL);

      require_error (answer, 404);
    }
}

static void
test_only (Fixture *fixture)
{
  g_autoptr (Answer) answer = NULL;

  add_posts (fixture, 1);
  answer = fixture_ask (fixture, "GET",
                        "/posts.json?only=id,rating,media_asset[file_ext,variants[type]]", NULL);
  require_status (answer, 200);
  g_assert_cmpstr (
      answer->text, ==,
      "[{\"id\":1,\"rating\":\"g\",\"media_asset\":{\"file_ext\":\"jpg\",\"variants\":["
      "{\"type\":\"180x180\"},{\"type\":\"360x360\"},{\"type\":\"720x720\"},"
      "{\"type\":\"sample\"},{\"type\":\"original\"}]}}]");
}

static void
test_metadata (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "picture", 7);
  g_autoptr (Answer) none = NULL, plain = NULL, only = NULL, included = NULL;
  JsonObject *object;

  none = fixture_ask (fixture, "GET", "/posts/1.json?only=media_metadata[metadata]", NULL);
  g_assert_cmpstr (none->text, ==, "{\"media_metadata\":{\"metadata\":{}}}");

  fixture_set_metadata (fixture, post, "{\"EXIF:Model\":\"K\",\"XMP:Subject\":[\"a\",\"b\"]}");
  plain = fixture_ask (fixture, "GET", "/posts/1.json", NULL);
  g_assert_false (json_object_has_member (get_object (plain), "media_metadata"));
  only = fixture_ask (fixture, "GET", "/posts.json?only=id,media_metadata", NULL);
  object = json_object_get_object_member (json_array_get_object_element (get_array (only), 0),
                                          "media_metadata");
  g_assert_cmpint (json_object_get_int_member (object, "media_asset_id"), ==, 2);
  object = json_object_get_object_member (object, "metadata");
  g_assert_cmpstr (json_object_get_string_member (object, "EXIF:Model"), ==, "K");
  included = fixture_ask (fixture, "GET", "/posts/1.json?include=media_metadata", NULL);
  g_assert_true (json_object_has_member (get_object (included), "media_metadata"));
  g_assert_true (json_object_has_member (get_object (included), "md5"));
}

static void
test_counts (Fixture *fixture)
{
  g_autoptr (Answer) all = NULL, odd = NULL;

  add_posts (fixture, 5);
  all = fixture_ask (fixture, "GET", "/counts/posts.json", NULL);
  g_assert_cmpstr (all->text, ==, "{\"counts\":{\"posts\":5}}");
  odd = fixture_ask (fixture, "GET", "/counts/posts.json?tags=odd", NULL);
  g_assert_cmpstr (odd->text, ==, "{\"counts\":{\"posts\":3}}");
}

static void
require_names (Fixture *fixture, const char *path, const char *expected)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);
  JsonArray *array = get_array (answer);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *tag = json_array_get_object_element (array, i);

      REQUIRE_SHAPE (tag, tag_members);
      g_string_append_printf (names, "%s%s", i ? " " : "",
                              json_object_get_string_member (tag, "name"));
    }
  g_assert_cmpstr (names->str, ==, expected);
}

static void
test_tags (Fixture *fixture)
{
  g_autoptr (BooruPost) post = NULL, tagged = NULL, again = NULL;

  add_posts (fixture, 3);
  post = booru_store_get_post (fixture->store, 1, NULL);
  tagged = fixture_tag (fixture, post, "all odd number_1 artist:some_one gone");
  again = fixture_tag (fixture, post, "all odd number_1 some_one");
  require_names (fixture, "/tags.json?search[name]=odd", "odd");
  require_names (fixture, "/tags.json?search[name_comma]=odd,even,none&search[order]=name",
                 "even odd");
  require_names (fixture, "/tags.json?search[name_matches]=number_*&search[order]=name",
                 "number_1 number_2 number_3");
  require_names (fixture, "/tags.json?search[category]=1", "some_one");
  require_names (fixture, "/tags.json?search[category]=artist", "some_one");
  require_names (fixture, "/tags.json?search[category]=nonsense", "");
  require_names (fixture, "/tags.json?search[order]=count&limit=2", "all odd");
  require_names (fixture, "/tags.json?search[order]=count&limit=1&page=2", "odd");
  require_names (fixture, "/tags.json?search[name]=gone", "gone");
  require_names (fixture, "/tags.json?search[name]=gone&search[hide_empty]=yes", "");
  require_names (fixture, "/tags.json?search[name]=gone&search[hide_empty]=no", "gone");
  require_names (fixture, "/tags.json?name=odd", "odd");
}

static void
test_edit (Fixture *fixture)
{
  g_autofree char *deep = g_strnfill (200000, '[');
  g_autoptr (Answer) form = NULL, json = NULL, multipart = NULL, bad_rating = NULL, bad_json = NULL,
                     deep_json = NULL, missing = NULL, bad_parent = NULL, seen = NULL;
  JsonObject *post;

  add_posts (fixture, 2);
  form = fixture_send (
      fixture, "PUT", "/posts/1.json", FORM,
      "post%5Btag_string%5D=fresh+tags&post[rating]=q&post[source]=https%3A%2F%2Fe.org");
  post = get_object (form);
  REQUIRE_SHAPE (post, post_members);
  g_assert_cmpstr (json_object_get_string_member (post, "tag_string"), ==, "fresh tags");
  g_assert_cmpstr (json_object_get_string_member (post, "rating"), ==, "q");
  g_assert_cmpstr (json_object_get_string_member (post, "source"), ==, "https://e.org");
  g_assert_cmpuint (fixture->published->len, ==, 1);
  g_assert_cmpstr (fixture->published->pdata[0], ==, "posts-changed [1]");

  json = fixture_send (fixture, "PUT", "/posts/1.json", "application/json",
                       "{\"post\":{\"tag_string\":\"fresh tags more\","
                       "\"old_tag_string\":\"fresh tags\","
                       "\"parent_id\":2}}");
  g_assert_cmpint (json_object_get_int_member (get_object (json), "parent_id"), ==, 2);
  multipart
      = fixture_send (fixture, "PUT", "/posts/1.json", "multipart/form-data; boundary=B",
                      "--B\r\nContent-Disposition: form-data; name=\"post[parent_id]\"\r\n\r\n"
                      "\r\n--B--\r\n");
  g_assert_true (json_object_get_null_member (get_object (multipart), "parent_id"));
  seen = fixture_ask (fixture, "GET", "/posts/1.json", NULL);
  g_assert_cmpstr (json_object_get_string_member (get_object (seen), "tag_string"), ==,
                   "fresh more tags");

  bad_rating = fixture_send (fixture, "PUT", "/posts/1.json", FORM, "post[rating]=z");
  require_status (bad_rating, 422);
  g_assert_true (json_object_has_member (
      json_object_get_object_member (json_node_get_object (bad_rating->json), "errors"), "rating"));
  bad_parent = fixture_send (fixture, "PUT", "/posts/1.json", FORM, "post[parent_id]=1");
  require_status (bad_parent, 422);
  bad_json = fixture_send (fixture, "PUT", "/posts/1.json", "application/json", "{");
  require_error (bad_json, 400);
  deep_json = fixture_send (fixture, "PUT", "/posts/1.json", "application/json", deep);
  require_error (deep_json, 400);
  missing = fixture_send (fixture, "PUT", "/posts/9.json", FORM, "post[rating]=s");
  require_error (missing, 404);
}

/* What was kept must not be given again when somebody has written. */
static void
test_kept (Fixture *fixture)
{
  add_posts (fixture, 2);
  require_ids (fixture, "/posts.json?tags=odd", "1");
  require_ids (fixture, "/posts.json?tags=odd", "1");
  {
    g_autoptr (BooruPost) post = booru_store_get_post (fixture->store, 2, NULL);
    g_autoptr (BooruPost) tagged = fixture_tag (fixture, post, "odd");
  }
  require_ids (fixture, "/posts.json?tags=odd", "2 1");
  {
    g_autoptr (Answer) edit
        = fixture_send (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=x");
    require_status (edit, 200);
  }
  require_ids (fixture, "/posts.json?tags=odd", "2");
  {
    g_autoptr (Answer) first = fixture_ask (fixture, "GET", "/posts.json", NULL);
    g_autoptr (Answer) second = fixture_ask (fixture, "GET", "/posts.json", NULL);

    g_assert_cmpstr (first->text, ==, second->text);
    g_assert_cmpstr (answer_header (second, "Access-Control-Allow-Origin"), ==, "*");
    g_assert_cmpstr (answer_header (second, "Content-Type"), ==,
                     answer_header (first, "Content-Type"));
  }
}

/* What is found by chance is never kept. */
static void
test_random (Fixture *fixture)
{
  static const char *const paths[]
      = { "/posts.json?tags=order:random&only=id", "/posts?tags=order:random" };

  add_posts (fixture, 12);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (Answer) first = fixture_ask (fixture, "GET", paths[i], NULL);
      gboolean differs = FALSE;

      require_status (first, 200);
      while (!differs) /* one in 479,001,600 does not */
        {
          g_autoptr (Answer) next = fixture_ask (fixture, "GET", paths[i], NULL);

          differs = !g_str_equal (first->text, next->text);
        }
    }
}

static void
test_others (Fixture *fixture)
{
  g_autoptr (Answer) profile = fixture_ask (fixture, "GET", "/profile.json", NULL);
  g_autoptr (Answer) health = fixture_ask (fixture, "GET", "/health", NULL);
  g_autoptr (Answer) wrong = fixture_ask (fixture, "DELETE", "/tags.json", NULL);
  g_autoptr (Answer) options = fixture_ask (fixture, "OPTIONS", "/posts/1.json", NULL);
  g_autoptr (Answer) head = fixture_ask (fixture, "HEAD", "/posts.json", NULL);
  g_autoptr (Answer) page = fixture_ask (fixture, "GET", "/nothing", NULL);
  g_autoptr (Answer) half = fixture_ask (fixture, "GET", "/posts.json?login=me", NULL);
  g_autoptr (Answer) whole = fixture_ask (fixture, "GET", "/posts.json?login=me&api_key=x", NULL);

  require_error (half, 401);
  require_status (whole, 200);
  g_assert_cmpstr (json_object_get_string_member (get_object (profile), "level_string"), ==,
                   "Owner");
  g_assert_cmpstr (json_object_get_string_member (get_object (health), "status"), ==, "ready");
  require_error (wrong, 405);
  g_assert_cmpstr (answer_header (wrong, "Allow"), ==, "GET, HEAD");
  require_status (options, 204);
  g_assert_nonnull (strstr (answer_header (options, "Allow"), "PUT"));
  g_assert_cmpstr (answer_header (options, "Access-Control-Allow-Origin"), ==, "*");
  g_assert_nonnull (
      strstr (answer_header (options, "Access-Control-Allow-Headers"), "Authorization"));
  require_status (head, 200);
  g_assert_cmpuint (g_bytes_get_size (head->body), ==, 0);
  require_status (page, 404);
  g_assert_true (g_str_has_prefix (answer_header (page, "Content-Type"), "text/html"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/api/shape", NULL, test_shape);
  fixture_add_test ("/web/api/paging", NULL, test_paging);
  fixture_add_test ("/web/api/one", NULL, test_one);
  fixture_add_test ("/web/api/only", NULL, test_only);
  fixture_add_test ("/web/api/metadata", NULL, test_metadata);
  fixture_add_test ("/web/api/counts", NULL, test_counts);
  fixture_add_test ("/web/api/tags", NULL, test_tags);
  fixture_add_test ("/web/api/edit", NULL, test_edit);
  fixture_add_test ("/web/api/kept", NULL, test_kept);
  fixture_add_test ("/web/api/random", NULL, test_random);
  fixture_add_test ("/web/api/others", NULL, test_others);
  return g_test_run ();
}
