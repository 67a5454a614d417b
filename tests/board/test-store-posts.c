/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts and tags in the store: editing, versions, lists, searching. */
#include "board-fixture.h"

#include "board/booru-id-list.h"

static void
require_invalid (BoardFixture *self, gint64 id, const BooruPostEdit *edit, const char *named)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before
      = board_query_text (self, "SELECT group_concat (id || hex (tags) || rating || source || "
                                "coalesce (parent_id, 0) || updated_at) FROM posts");
  gint64 tags = board_query_number (self, "SELECT count(*) FROM tags");
  g_autofree char *after = NULL;

  g_assert_null (booru_store_edit_post (self->store, id, edit, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, named));

  after = board_query_text (self, "SELECT group_concat (id || hex (tags) || rating || source || "
                                  "coalesce (parent_id, 0) || updated_at) FROM posts");
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM tags"), ==, tags);
}

static void
require_invalid_tags (BoardFixture *self, gint64 id, const char *tags, const char *named)
{
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;

  edit.tag_string = tags;
  require_invalid (self, id, &edit, named);
}

static void
test_edit_tags (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  g_autoptr (BooruPost) post = board_edit (self->store, id, " Sky\n  tree sky artist:Bob ");
  BooruTagRef *first;

  g_assert_cmpuint (post->tags->len, ==, 3);
  first = post->tags->pdata[0];
  g_assert_cmpstr (first->name, ==, "bob");
  g_assert_cmpint (first->category, ==, BOORU_TAG_ARTIST);
  g_assert_cmpint (first->post_count, ==, 1);
  g_assert_cmpuint (booru_post_count_tags (post, BOORU_TAG_GENERAL), ==, 2);
  board_require_tags (self->store, id, "bob sky tree");
  g_assert_cmpint (board_count (self->store, "arttags:1 gentags:2"), ==, 1);

  g_clear_pointer (&post, booru_post_unref);
  post = board_edit (self->store, id, "sky bob tree cloud -tree");
  board_require_tags (self->store, id, "bob cloud sky");
  g_assert_cmpint (board_tag_count (self, "tree"), ==, 0);
  g_assert_cmpint (board_tag_count (self, "cloud"), ==, 1);
  board_require_consistent (self);

  g_clear_pointer (&post, booru_post_unref);
  post = board_edit (self->store, id, "");
  g_assert_cmpuint (post->tags->len, ==, 0);
  board_require_consistent (self);
}

static void
test_edit_merge (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = board_add_post (self, "a.jpg", 1);
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruPost) post = NULL;

  booru_post_unref (board_edit (self->store, id, "one two three"));
  /* Somebody else: takes "one" away, adds "four", raises the rating. */
  booru_post_unref (board_edit (self->store, id, "two three four rating:q"));

  edit.old_tag_string = "one two three";
  edit.tag_string = "one Two five";
  edit.old_rating = edit.rating = 'g';
  post = booru_store_edit_post (self->store, id, &edit, &error);
  g_assert_no_error (error);
  board_require_tags (self->store, id, "five four two");
  g_assert_cmpint (post->rating, ==, BOORU_RATING_QUESTIONABLE);

  edit.tag_string = NULL;
  edit.rating = 'E';
  g_clear_pointer (&post, booru_post_unref);
  post = booru_store_edit_post (self->store, id, &edit, &error);
  g_assert_no_error (error);
  g_assert_cmpint (post->rating, ==, BOORU_RATING_EXPLICIT);
  board_require_consistent (self);
}

static void
test_edit_category (BoardFixture *self, gconstpointer data)
{
  gint64 one = board_add_post (self, "a.jpg", 1);
  gint64 two = board_add_post (self, "b.jpg", 2);
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  g_autoptr (GPtrArray) tags = NULL;

  booru_post_unref (board_edit (self->store, one, "miku sky"));
  booru_post_unref (board_edit (self->store, two, "miku 1:1"));
  booru_post_unref (board_edit (self->store, one, "CHAR:miku sky"));

  filter.category = BOORU_TAG_CHARACTER;
  tags = booru_store_list_tags (self->store, &filter, NULL);
  g_assert_cmpuint (tags->len, ==, 1);
  g_assert_cmpstr (((BooruTag *)tags->pdata[0])->name, ==, "miku");
  /* The other post counts it under its new category as well. */
  g_assert_cmpint (board_count (self->store, "chartags:1"), ==, 2);
  board_require_tags (self->store, two, "1:1 miku");

  booru_post_unref (board_edit (self->store, two, "gen:miku"));
  g_assert_cmpint (board_count (self->store, "chartags:1"), ==, 0);
  board_require_consistent (self);
}

static void
test_edit_metatags (BoardFixture *self, gconstpointer data)
{
  gint64 parent = board_add_post (self, "a.jpg", 1);
  gint64 child = board_add_post (self, "b.jpg", 2);
  g_autofree char *tags = g_strdup_printf (
      "sky rating:Sensitive parent:%" G_GINT64_FORMAT " source:\"http://a.b/c d\"", parent);
  g_autofree char *unparent = g_strdup_printf ("sky -parent:%" G_GINT64_FORMAT, parent);
  g_autoptr (BooruPost) post = board_edit (self->store, child, tags);
  g_autoptr (BooruPost) above = booru_store_get_post (self->store, parent, NULL);

  g_assert_cmpint (post->rating, ==, BOORU_RATING_SENSITIVE);
  g_assert_cmpint (post->parent_id, ==, parent);
  g_assert_cmpstr (post->source, ==, "http://a.b/c d");
  board_require_tags (self->store, child, "sky");
  g_assert_true (above->has_children && above->has_active_children);

  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "b.jpg")), NULL);
  g_clear_pointer (&above, booru_post_unref);
  above = booru_store_get_post (self->store, parent, NULL);
  g_assert_true (above->has_children && !above->has_active_children);

  g_clear_pointer (&post, booru_post_unref);
  post = board_edit (self->store, child, unparent);
  g_assert_cmpint (post->parent_id, ==, 0);
  board_require_consistent (self);
}

static void
test_edit_invalid (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  gint64 id = board_add_post (self, "a.jpg", 1);
  g_autoptr (GString) many = g_string_new (NULL);

  booru_post_unref (board_edit (self->store, id, "sky"));
  require_invalid_tags (self, id, "fine bad* worse", "bad*");
  require_invalid_tags (self, id, "fine artist:", "artist:");
  require_invalid_tags (self, id, "\xff\xfe", "a valid tag");
  require_invalid_tags (self, id, "rating:x", "rating:x");
  require_invalid_tags (self, id, "parent:x", "parent:x");
  require_invalid_tags (self, id, "sky parent:999", "999");
  edit.parent_id = id;
  require_invalid (self, id, &edit, "parent");
  edit.parent_id = -1;
  edit.rating = 'z';
  require_invalid (self, id, &edit, "rating");
  edit.rating = 0;
  edit.source = "\xff";
  require_invalid (self, id, &edit, "source");

  for (guint i = 0; i < 1001; i++)
    g_string_append_printf (many, "tag%u ", i);
  require_invalid_tags (self, id, many->str, "1001");
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions"), ==, 1);
  g_string_truncate (many, many->len - strlen ("tag1000 "));
  booru_post_unref (board_edit (self->store, id, many->str));
  board_require_consistent (self);

  edit = (BooruPostEdit)BOORU_POST_EDIT_INIT;
  edit.tag_string = "sky";
  g_assert_null (booru_store_edit_post (self->store, 999, &edit, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "999"));
}

static void
test_versions (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  g_autoptr (BooruPost) created = booru_store_get_post (self->store, id, NULL);
  g_autoptr (BooruPost) edited = NULL;
  g_autofree char *row = NULL;

  booru_post_unref (board_edit (self->store, id, "sky"));
  booru_post_unref (board_edit (self->store, id, "sky"));
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM post_versions"), ==, 1);
  edited = board_edit (self->store, id, "sky tree rating:e source:x");
  g_assert_cmpint (edited->updated_at, >, created->updated_at);
  g_assert_cmpint (edited->created_at, ==, created->created_at);

  row = board_query_text (self,
                          "SELECT hex (tags_before) || ' ' || hex (tags_after) || rating_before || "
                          "rating_after || source_before || source_after || updater_id FROM "
                          "post_versions WHERE id = 2");
  g_assert_cmpstr (row, ==, "01 0101gex1");
}

static void
test_packed_tags (void)
{
  static const gint64 values[] = { 1, 2, 127, 128, 129, 16384, 99999, G_MAXINT32, G_MAXINT64 };
  static const guint8 bad[][3] = { { 0 }, { 1, 0 }, { 5, 0x80 } };
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autoptr (GArray) read = booru_id_list_new ();
  g_autoptr (GBytes) packed = NULL;
  gsize length;
  const void *bytes;

  for (guint i = G_N_ELEMENTS (values); i > 0; i--)
    g_array_append_val (ids, values[i - 1]);
  g_array_append_val (ids, values[0]);
  booru_id_list_sort (ids);
  g_assert_cmpuint (ids->len, ==, G_N_ELEMENTS (values));

  packed = booru_id_list_pack (ids);
  bytes = g_bytes_get_data (packed, &length);
  g_assert_true (booru_id_list_unpack (bytes, length, read));
  g_assert_cmpmem (read->data, read->len * sizeof (gint64), values, sizeof values);
  g_assert_true (booru_id_list_contain (read, 128));
  g_assert_false (booru_id_list_contain (read, 130));

  g_assert_true (booru_id_list_unpack ("", 0, read));
  g_assert_cmpuint (read->len, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (booru_id_list_unpack (bad[i], i == 0 ? 1 : 2, read));
  for (length--; length > 15; length--) /* within the last of them */
    g_assert_false (booru_id_list_unpack (bytes, length, read));
}

static void
require_list (BoardFixture *self, const BooruTagFilter *filter, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tags = booru_store_list_tags (self->store, filter, &error);
  g_autoptr (GString) names = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < tags->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", ((BooruTag *)tags->pdata[i])->name);
  g_assert_cmpstr (names->str, ==, expected);
}

static void
test_list_tags (BoardFixture *self, gconstpointer data)
{
  gint64 one = board_add_post (self, "a.jpg", 1);
  gint64 two = board_add_post (self, "b.jpg", 2);
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  static const char *const names[]
      = { "blue_sky", "none_such", "say_\"a\\b\"", "\xff", "sq[uare]", NULL };

  booru_post_unref (board_edit (self->store, one, "blue_sky"));
  booru_post_unref (board_edit (self->store, one, "blue_sky sky"));
  booru_post_unref (board_edit (self->store, one, "blue_sky sky say_\"a\\b\""));
  booru_post_unref (board_edit (self->store, one, "blue_sky say_\"a\\b\" sq[uare]"));
  booru_post_unref (board_edit (self->store, two, "blue_sky"));

  require_list (self, &filter, "sq[uare] say_\"a\\b\" sky blue_sky");
  filter.order = BOORU_TAG_ORDER_NAME;
  require_list (self, &filter, "blue_sky say_\"a\\b\" sky sq[uare]");
  filter.order = BOORU_TAG_ORDER_COUNT;
  require_list (self, &filter, "blue_sky sq[uare] say_\"a\\b\" sky");
  filter.hide_empty = TRUE;
  filter.limit = 2;
  require_list (self, &filter, "blue_sky sq[uare]");
  filter.page = 2;
  require_list (self, &filter, "say_\"a\\b\"");

  filter = (BooruTagFilter)BOORU_TAG_FILTER_INIT;
  filter.names = names;
  require_list (self, &filter, "sq[uare] say_\"a\\b\" blue_sky");
  filter.name_matches = "*b*";
  require_list (self, &filter, "say_\"a\\b\" blue_sky");
  filter.names = NULL;
  filter.name_matches = "*sky";
  filter.order = BOORU_TAG_ORDER_NAME;
  require_list (self, &filter, "blue_sky sky");
  filter.name_matches = "sq[*";
  require_list (self, &filter, "sq[uare]");
  filter.name_matches = "?ky*";
  require_list (self, &filter, "");

  filter = (BooruTagFilter)BOORU_TAG_FILTER_INIT;
  filter.limit = 2;
  filter.after_id = 1;
  require_list (self, &filter, "say_\"a\\b\" sky");
  filter.after_id = 0;
  filter.before_id = 3;
  require_list (self, &filter, "sky blue_sky");
}

static void
test_read (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BooruFileChange *change = board_add (self, "a.webm", 1);
  g_autofree char *md5 = g_strdup (change->media.md5);
  g_autoptr (BooruPost) post = NULL;

  change->media.duration = 1.5;
  change->media.frames = 45;
  change->media.has_sound = change->media.has_sample = TRUE;
  board_apply (self, change, NULL);

  post = booru_store_get_post_by_md5 (self->store, md5, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (post->media.md5, ==, md5);
  g_assert_cmpstr (post->media.ext, ==, "jpg");
  g_assert_cmpint (post->media.size, ==, 1001);
  g_assert_cmpfloat (post->media.duration, ==, 1.5);
  g_assert_cmpint (post->media.frames, ==, 45);
  g_assert_true (post->media.has_sound && post->media.has_sample);
  g_assert_cmphex (post->media.phash, ==, G_GUINT64_CONSTANT (0xfedcba9876543211));
  g_assert_cmpint (post->rating, ==, BOORU_RATING_GENERAL);
  g_assert_cmpint (post->uploader_id, ==, BOORU_USER_OWNER);
  g_assert_cmpint (ABS (post->created_at - g_get_real_time ()), <, 60 * G_USEC_PER_SEC);
  g_assert_false (post->has_children);

  g_assert_null (booru_store_get_post (self->store, post->id + 1, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (booru_store_get_post_by_md5 (self->store, "xyz", &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
}

static void
test_search (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruQuery) query = booru_query_parse ("sky");
  BooruPage page = { BOORU_PAGE_NUMBER, 1, 2 };
  g_autoptr (GPtrArray) posts = NULL;

  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *path = g_strdup_printf ("%u.jpg", i);
      gint64 id = board_add_post (self, path, i);

      booru_post_unref (board_edit (self->store, id, i == 3 ? "tree" : "sky tree"));
    }
  posts = booru_store_search (self->store, query, &page, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (posts->len, ==, 2);
  g_assert_cmpint (((BooruPost *)posts->pdata[0])->id, ==, 5);
  g_assert_cmpint (((BooruPost *)posts->pdata[1])->id, ==, 4);
  g_assert_cmpuint (((BooruPost *)posts->pdata[1])->tags->len, ==, 2);

  page = (BooruPage){ BOORU_PAGE_AFTER, 1, 2 };
  g_clear_pointer (&posts, g_ptr_array_unref);
  posts = booru_store_search (self->store, query, &page, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (posts->len, ==, 2);
  g_assert_cmpint (((BooruPost *)posts->pdata[0])->id, ==, 4);
  g_assert_cmpint (((BooruPost *)posts->pdata[1])->id, ==, 2);

  g_assert_cmpint (board_count (self->store, "sky"), ==, 4);
  g_assert_cmpint (board_count (self->store, ""), ==, 5);
  g_assert_cmpint (board_count (self->store, "tree -sky"), ==, 1);
  g_assert_cmpint (board_count (self->store, "no_such_tag"), ==, 0);
}

/* What one connection has cached, another's writes make invalid. */
static void
test_generation (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruStore) other = board_fixture_open (self);
  gint64 id = board_add_post (self, "a.jpg", 1);
  guint64 mine = booru_store_get_generation (self->store);
  guint64 others = booru_store_get_generation (other);
  g_autoptr (BooruPost) post = NULL;

  g_assert_cmpint (board_count (other, "sky"), ==, 0);
  g_assert_cmpint (board_count (self->store, "sky"), ==, 0);
  g_assert_cmpuint (booru_store_get_generation (self->store), ==, mine);
  g_assert_cmpuint (booru_store_get_generation (other), ==, others);

  booru_post_unref (board_edit (self->store, id, "sky"));
  g_assert_cmpuint (booru_store_get_generation (self->store), !=, mine);
  board_await_news (other, others);
  g_assert_cmpint (board_count (other, "sky"), ==, 1);
  g_assert_cmpint (board_count (self->store, "sky"), ==, 1);

  /* Names, categories and counts of cached tags too. */
  board_require_tags (other, id, "sky");
  others = booru_store_get_generation (other);
  booru_post_unref (board_edit (self->store, id, "meta:sky"));
  board_await_news (other, others);
  post = booru_store_get_post (other, id, NULL);
  g_assert_cmpint (((BooruTagRef *)post->tags->pdata[0])->category, ==, BOORU_TAG_META);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

/* Kilobytes of the database's map that this process has looked at. */
static guint64
get_mapped (BoardFixture *self)
{
  g_autofree char *path = board_fixture_database (self);
  g_autofree char *text = NULL;
  guint64 sum = 0;
  gboolean ours = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &text, NULL, NULL));
  for (char *line = text; line != NULL; line = strchr (line, '\n') ? strchr (line, '\n') + 1 : NULL)
    {
      gsize length = strcspn (line, "\n");

      if (g_ascii_isxdigit (*line) && !g_ascii_isupper (*line))
        ours = length >= strlen (path)
               && memcmp (line + length - strlen (path), path, strlen (path)) == 0;
      else if (ours && g_str_has_prefix (line, "Rss:"))
        sum += g_ascii_strtoull (line + strlen ("Rss:"), NULL, 10);
    }
  return sum;
}

static void
test_trim (BoardFixture *self, gconstpointer data)
{
  if (board_skip_but_for_sqlite (self))
    return;
  board_add_post (self, "a.jpg", 1);
  board_execute (self, "PRAGMA wal_checkpoint (TRUNCATE)");
  g_assert_cmpint (board_count (self->store, ""), ==, 1);
  g_assert_cmpuint (get_mapped (self), >, 0);
  booru_store_trim (self->store);
  g_assert_cmpuint (get_mapped (self), ==, 0);
  g_assert_cmpint (board_count (self->store, ""), ==, 1);
  board_add_post (self, "b.jpg", 2);
  board_require_consistent (self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/posts/packed-tags", test_packed_tags);
  ADD ("/store/posts/read", test_read);
  ADD ("/store/posts/edit-tags", test_edit_tags);
  ADD ("/store/posts/edit-merge", test_edit_merge);
  ADD ("/store/posts/edit-category", test_edit_category);
  ADD ("/store/posts/edit-metatags", test_edit_metatags);
  ADD ("/store/posts/edit-invalid", test_edit_invalid);
  ADD ("/store/posts/versions", test_versions);
  ADD ("/store/posts/list-tags", test_list_tags);
  ADD ("/store/posts/search", test_search);
  ADD ("/store/posts/generation", test_generation);
  ADD ("/store/posts/trim", test_trim);
  return g_test_run ();
}
