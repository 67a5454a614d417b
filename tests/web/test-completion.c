/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /autocomplete.json, /related_tag.json, what is liked best, and the API of Danbooru 1. */
#include "web-fixture.h"

static void
add (Fixture *fixture, const char *name, const char *tags)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, name, "jpg", name, strlen (name));

  booru_post_unref (fixture_tag (fixture, post, tags));
}

static void
fill (Fixture *fixture)
{
  add (fixture, "a.jpg", "long_hair blue_sky solo artist:someone");
  add (fixture, "b.jpg", "long_hair blue_sky character:hatsune_miku");
  add (fixture, "c.jpg", "long_hair night_sky");
  add (fixture, "d.jpg", "red_hat");
}

static JsonObject *
get_item (Answer *answer, guint i)
{
  JsonArray *array = json_node_get_array (answer->json);

  g_assert_cmpuint (json_array_get_length (array), >, i);
  return json_array_get_object_element (array, i);
}

static void
require_item (Answer *answer, guint i, const char *member, const char *value)
{
  g_assert_cmpstr (json_object_get_string_member (get_item (answer, i), member), ==, value);
}

static void
require_length (Answer *answer, guint length)
{
  require_status (answer, 200);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (answer->json)), ==, length);
}

/* Asks for @query of @type, and whatever else. */
static Answer *
complete (Fixture *fixture, const char *type, const char *query)
{
  g_autofree char *path = g_strdup_printf (
      "/autocomplete.json?search[query]=%s&search[type]=%s&limit=10", query, type);

  return fixture_ask (fixture, "GET", path, NULL);
}

static void
require_first (Fixture *fixture,
               const char *query,
               const char *type,
               const char *value,
               const char *label)
{
  g_autoptr (Answer) answer = complete (fixture, "tag_query", query);

  require_status (answer, 200);
  g_test_message ("%s: %s", query, answer->text);
  require_item (answer, 0, "type", type);
  require_item (answer, 0, "value", value);
  require_item (answer, 0, "label", label);
}

static void
test_tags (Fixture *fixture)
{
  g_autoptr (Answer) sky = NULL, nothing = NULL, plain = NULL, made = NULL, alias = NULL;

  fill (fixture);
  require_first (fixture, "long", "tag-word", "long_hair", "long hair");
  require_first (fixture, "hair", "tag-word", "long_hair", "long hair");
  require_first (fixture, "Sky", "tag-word", "blue_sky", "blue sky");
  require_first (fixture, "sky_blue", "tag-word", "blue_sky", "blue sky");
  require_first (fixture, "/lh", "tag-abbreviation", "long_hair", "long hair");
  require_first (fixture, "logn_hair", "tag-autocorrect", "long_hair", "long hair");
  require_first (fixture, "*_ha*r", "tag-word", "long_hair", "long hair");
  require_first (fixture, "miku", "tag-word", "hatsune_miku", "hatsune miku");
  require_first (fixture, "-lon", "tag-word", "long_hair", "long hair");

  sky = complete (fixture, "tag", "sky");
  require_length (sky, 2);
  g_assert_cmpint (json_object_get_int_member (get_item (sky, 0), "post_count"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (get_item (sky, 0), "category"), ==, 0);
  g_assert_false (json_object_has_member (get_item (sky, 0), "antecedent"));
  nothing = complete (fixture, "tag", "qqqq");
  require_length (nothing, 0);

  made = fixture_send (fixture, "POST", "/tag_aliases.json", FORM,
                       "antecedent_name=tresses&consequent_name=long_hair");
  require_status (made, 201);
  alias = complete (fixture, "tag_query", "tre");
  require_item (alias, 0, "type", "tag-alias");
  require_item (alias, 0, "value", "long_hair");
  require_item (alias, 0, "antecedent", "tresses");
}

static void
test_metatags (Fixture *fixture)
{
  g_autoptr (Answer) ratings = NULL, orders = NULL, names = NULL, users = NULL;

  fill (fixture);
  ratings = complete (fixture, "tag_query", "rating:");
  require_length (ratings, 4);
  require_item (ratings, 0, "type", "static");
  require_item (ratings, 0, "value", "rating:explicit");
  require_item (ratings, 0, "label", "explicit");
  orders = complete (fixture, "tag_query", "ORDER:scor");
  require_length (orders, 2);
  require_item (orders, 1, "value", "order:score_asc");
  names = complete (fixture, "tag_query", "ratin");
  require_item (names, 0, "value", "rating:");
  users = complete (fixture, "emoji", "smile");
  require_length (users, 0);
}

static void
test_pools (Fixture *fixture)
{
  g_autoptr (Answer) made = NULL, pool = NULL, value = NULL, user = NULL;

  made = fixture_send (fixture, "POST", "/pools.json", FORM,
                       "pool[name]=Walk in the sun&pool[category]=series");
  require_status (made, 201);
  pool = complete (fixture, "pool", "THE");
  require_item (pool, 0, "type", "pool");
  require_item (pool, 0, "value", "Walk_in_the_sun");
  require_item (pool, 0, "label", "Walk in the sun");
  value = complete (fixture, "tag_query", "pool:walk");
  require_item (value, 0, "value", "pool:Walk_in_the_sun");
  user = complete (fixture, "user", "nobody");
  require_length (user, 0);
}

static void
test_within (Fixture *fixture)
{
  g_autoptr (Answer) within = NULL, unknown = NULL;

  fill (fixture);
  within = fixture_ask (fixture, "GET",
                        "/autocomplete.json?search[query]=sky&search[type]=tag&search[within]=solo",
                        NULL);
  require_length (within, 1);
  require_item (within, 0, "value", "blue_sky");
  g_assert_cmpint (json_object_get_int_member (get_item (within, 0), "count_within"), ==, 1);
  unknown = fixture_ask (fixture, "GET", "/autocomplete.json?search[odd]=1", NULL);
  require_error (unknown, 422);
}

static void
test_kept (Fixture *fixture)
{
  const char *path = "/autocomplete.json?search[query]=long&search[type]=tag_query";
  g_autoptr (Answer) first = NULL, same = NULL, other = NULL;

  fill (fixture);
  first = fixture_ask (fixture, "GET", path, NULL);
  g_assert_nonnull (answer_header (first, "ETag"));
  g_assert_true (g_str_has_prefix (answer_header (first, "Cache-Control"), "public"));
  same = fixture_ask (fixture, "GET", path, "If-None-Match", answer_header (first, "ETag"), NULL);
  require_status (same, 304);
  add (fixture, "e.jpg", "long_hair");
  other = fixture_ask (fixture, "GET", path, "If-None-Match", answer_header (first, "ETag"), NULL);
  require_status (other, 200);
  g_assert_cmpint (json_object_get_int_member (get_item (other, 0), "post_count"), ==, 4);
}

static void
test_related (Fixture *fixture)
{
  g_autoptr (Answer) answer = NULL, artists = NULL, none = NULL;
  JsonObject *object, *first, *tag;
  JsonArray *tags;

  fill (fixture);
  answer = fixture_ask (fixture, "GET", "/related_tag.json?search[query]=blue_sky&limit=2", NULL);
  require_status (answer, 200);
  object = json_node_get_object (answer->json);
  g_assert_cmpint (json_object_get_int_member (object, "post_count"), ==, 2);
  tag = json_object_get_object_member (object, "tag");
  g_assert_cmpstr (json_object_get_string_member (tag, "name"), ==, "blue_sky");
  tags = json_object_get_array_member (object, "related_tags");
  g_assert_cmpuint (json_array_get_length (tags), ==, 2);
  first = json_array_get_object_element (tags, 0);
  g_assert_cmpfloat (json_object_get_double_member (first, "frequency"), ==, 1);
  g_assert_true (json_object_has_member (first, "cosine_similarity"));
  g_assert_true (
      json_object_has_member (json_object_get_object_member (first, "tag"), "created_at"));

  artists = fixture_ask (fixture, "GET", "/related_tag.json?query=blue_sky&category=artist", NULL);
  tags = json_object_get_array_member (json_node_get_object (artists->json), "related_tags");
  g_assert_cmpuint (json_array_get_length (tags), ==, 1);
  none = fixture_ask (fixture, "GET", "/related_tag.json?query=blue_sky&category=nonsense", NULL);
  require_text (none, "\"related_tags\":[]");
}

static void
test_popular (Fixture *fixture)
{
  g_autoptr (Answer) today = NULL, month = NULL, before = NULL, wrong = NULL, viewed = NULL;

  fill (fixture);
  today = fixture_ask (fixture, "GET", "/explore/posts/popular.json", NULL);
  require_length (today, 4);
  month = fixture_ask (fixture, "GET", "/explore/posts/popular.json?scale=month&limit=3", NULL);
  require_length (month, 3);
  before = fixture_ask (fixture, "GET", "/explore/posts/popular.json?date=2001-01-01", NULL);
  require_length (before, 0);
  wrong = fixture_ask (fixture, "GET", "/explore/posts/popular.json?date=never", NULL);
  require_status (wrong, 422);
  viewed = fixture_ask (fixture, "GET", "/explore/posts/viewed.json?date=2024-01-01", NULL);
  require_length (viewed, 0);
}

static void
test_legacy (Fixture *fixture)
{
  g_autoptr (Answer) posts = NULL, tags = NULL, show = NULL;
  JsonObject *post;

  fill (fixture);
  posts = fixture_ask (fixture, "GET", "/post/index.json?tags=blue_sky&limit=1", NULL);
  require_length (posts, 1);
  post = get_item (posts, 0);
  g_assert_cmpint (json_object_get_int_member (post, "created_at"), >, 1500000000);
  g_assert_nonnull (strstr (json_object_get_string_member (post, "tags"), "blue_sky"));
  g_assert_true (g_str_has_suffix (json_object_get_string_member (post, "file_url"), ".jpg"));
  tags = fixture_ask (fixture, "GET", "/tag/index.json?name=sky&order=count", NULL);
  require_length (tags, 2);
  g_assert_cmpint (json_object_get_int_member (get_item (tags, 0), "count"), ==, 2);
  show = fixture_ask (fixture, "GET", "/post/show/1", NULL);
  require_status (show, 301);
  g_assert_true (g_str_has_suffix (answer_header (show, "Location"), "/posts/1"));
}

static void
test_parts (Fixture *fixture)
{
  g_autoptr (Answer) made = NULL, child = NULL, parent = NULL, approved = NULL, gone = NULL,
                     assets = NULL, records = NULL;
  JsonObject *object;

  fill (fixture);
  made = fixture_send (fixture, "PUT", "/posts/2.json", FORM, "post[parent_id]=1");
  require_status (made, 200);
  child = fixture_ask (fixture, "GET", "/posts/2.json?only=id,parent[id,md5],uploader[name]", NULL);
  require_status (child, 200);
  object = json_object_get_object_member (json_node_get_object (child->json), "parent");
  g_assert_cmpint (json_object_get_int_member (object, "id"), ==, 1);
  g_assert_cmpuint (json_object_get_size (object), ==, 2);
  object = json_object_get_object_member (json_node_get_object (child->json), "uploader");
  g_assert_cmpuint (json_object_get_size (object), ==, 1);
  parent = fixture_ask (fixture, "GET", "/posts/1.json?only=children[id],parent", NULL);
  require_text (parent, "\"children\":[{\"id\":2}]");
  require_text (parent, "\"parent\":null");
  records = fixture_ask (fixture, "GET", "/posts/1.json?only=id,notes,comments,artist_commentary",
                         NULL);
  require_text (records, "\"notes\":[],\"comments\":[],\"artist_commentary\":null");

  gone = fixture_send (fixture, "DELETE", "/posts/3.json", FORM, "");
  require_status (gone, 200);
  approved = fixture_send (fixture, "POST", "/post_approvals.json", FORM, "post_id=3");
  require_status (approved, 201);
  g_clear_pointer (&gone, answer_free);
  gone = fixture_ask (fixture, "GET", "/posts/3.json", NULL);
  require_text (gone, "\"is_deleted\":false");
  assets = fixture_ask (fixture, "GET", "/media_assets.json?limit=2", NULL);
  require_length (assets, 2);
  g_assert_true (json_object_has_member (get_item (assets, 0), "variants"));
}

/* Each path of the description is one that is answered. */
static void
test_openapi (Fixture *fixture)
{
  g_autoptr (Answer) answer = NULL;
  g_autoptr (GList) names = NULL;
  JsonObject *paths;
  guint n = 0;

  fill (fixture);
  answer = fixture_ask (fixture, "GET", "/openapi.json", NULL);
  require_status (answer, 200);
  paths = json_object_get_object_member (json_node_get_object (answer->json), "paths");
  names = json_object_get_members (paths);
  for (GList *name = names; name; name = name->next)
    {
      JsonObject *path = json_object_get_object_member (paths, name->data);
      g_autoptr (GString) url = g_string_new (name->data);
      g_autoptr (Answer) asked = NULL;

      n++;
      g_string_replace (url, "{id}", "999999", 0);
      if (!json_object_has_member (path, "get") || strstr (url->str, "{")
          || g_str_equal (url->str, "/events"))
        continue;
      g_test_message ("%s", url->str);
      asked = fixture_ask (fixture, "GET", url->str, NULL);
      g_assert_cmpuint (asked->status, <, 500);
      g_assert_cmpuint (asked->status, !=, 405);
      /* What has no number in it is there. */
      if (strstr (url->str, "999999") == NULL)
        g_assert_cmpuint (asked->status, !=, 404);
    }
  g_assert_cmpuint (n, >, 50);
  g_assert_true (json_object_has_member (paths, "/posts/{id}.json"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/completion/tags", NULL, test_tags);
  fixture_add_test ("/web/completion/metatags", NULL, test_metatags);
  fixture_add_test ("/web/completion/pools", NULL, test_pools);
  fixture_add_test ("/web/completion/within", NULL, test_within);
  fixture_add_test ("/web/completion/kept", NULL, test_kept);
  fixture_add_test ("/web/related", NULL, test_related);
  fixture_add_test ("/web/popular", NULL, test_popular);
  fixture_add_test ("/web/legacy", NULL, test_legacy);
  fixture_add_test ("/web/parts", NULL, test_parts);
  fixture_add_test ("/web/openapi", NULL, test_openapi);
  return g_test_run ();
}
