/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uploads in the store: from the spool to posts. */
#include "board-fixture.h"

static BooruUpload *
create (BoardFixture *self, const BooruPostEdit *wanted)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  BooruUploadFile one = { "spool-1", "one.jpg", 1001 }, two = { "spool-2", NULL, 1002 };
  g_autoptr (GError) error = NULL;
  BooruUpload *upload;

  g_ptr_array_add (files, &one);
  g_ptr_array_add (files, &two);
  upload = booru_store_create_upload (self->store, "http://x/", files, wanted, BOORU_USER_OWNER,
                                      &error);
  g_assert_no_error (error);
  return upload;
}

static BooruAsset *
get_asset (BoardFixture *self, gint64 id)
{
  g_autoptr (GError) error = NULL;
  BooruAsset *asset = booru_store_get_asset (self->store, id, &error);

  g_assert_no_error (error);
  return asset;
}

static guint
n_to_do (BoardFixture *self)
{
  g_autoptr (GPtrArray) assets = booru_store_list_assets_to_do (self->store, 100, NULL);

  return assets->len;
}

/* As the monitor says it. */
static BooruFileChange *
say (BoardFixture *self, BooruFileChangeKind kind, gint64 asset_id, guint content)
{
  BooruFileChange *change = board_add (self, "original.jpg", content);

  change->kind = kind;
  change->asset_id = asset_id;
  return change;
}

static BooruFileChange *
say_at (BoardFixture *self, const char *path, gint64 asset_id, guint content)
{
  BooruFileChange *change = board_add (self, path, content);

  change->asset_id = asset_id;
  return change;
}

static void
want (BoardFixture *self, gint64 asset_id, const char *tags)
{
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruAsset) asset = NULL;

  wanted.tag_string = tags;
  wanted.rating = 'q';
  wanted.source = "http://y/";
  asset = booru_store_want_post (self->store, asset_id, &wanted, &error);
  g_assert_no_error (error);
}

static void
test_create (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruUpload) upload = create (self, NULL);
  g_autoptr (BooruUpload) again = booru_store_get_upload (self->store, upload->id, NULL);
  BooruPage page = { BOORU_PAGE_NUMBER, 1, 10 };
  g_autoptr (GPtrArray) uploads = NULL;
  g_autoptr (GHashTable) names = NULL;
  const BooruAsset *asset;

  g_assert_cmpuint (upload->assets->len, ==, 2);
  asset = again->assets->pdata[0];
  g_assert_cmpint (asset->status, ==, BOORU_ASSET_PENDING);
  g_assert_cmpstr (asset->file_name, ==, "one.jpg");
  g_assert_cmpstr (asset->spool, ==, "spool-1");
  g_assert_cmpint (asset->media.size, ==, 1001);
  g_assert_cmpstr (asset->media.md5, ==, "");
  g_assert_cmpstr (again->source, ==, "http://x/");
  g_assert_cmpuint (n_to_do (self), ==, 2);
  uploads = booru_store_list_uploads (self->store, &page, NULL);
  g_assert_cmpuint (uploads->len, ==, 1);
  names = booru_store_list_spool_names (self->store, NULL);
  g_assert_true (g_hash_table_contains (names, "spool-2"));
}

/* First it is known what it is, then somebody wants a post of it. */
static void
test_two_steps (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruUpload) upload = create (self, NULL);
  g_autoptr (BooruAsset) ready = NULL, posted = NULL, gone = NULL;
  g_autoptr (BooruPost) post = NULL;

  board_apply (self, say (self, BOORU_ASSET_READY, 1, 7), NULL);
  ready = get_asset (self, 1);
  g_assert_cmpint (ready->status, ==, BOORU_ASSET_ACTIVE);
  g_assert_cmpint (ready->media.width, ==, 640);
  g_assert_cmpuint (strlen (ready->media.md5), ==, 32);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM posts"), ==, 0);
  g_assert_cmpuint (n_to_do (self), ==, 1);

  want (self, 1, "sky artist:ann");
  g_assert_cmpuint (n_to_do (self), ==, 2);
  board_apply (self, say (self, BOORU_FILE_ADD, 1, 7), NULL);
  posted = get_asset (self, 1);
  g_assert_cmpint (posted->status, ==, BOORU_ASSET_POSTED);
  post = booru_store_get_post (self->store, posted->post_id, NULL);
  board_require_tags (self->store, post->id, "ann sky");
  g_assert_cmpint (post->rating, ==, 'q');
  g_assert_cmpstr (post->source, ==, "http://y/");

  /* The spool is cleared last: until then there is something to do. */
  g_assert_cmpuint (n_to_do (self), ==, 2);
  board_apply (self, say (self, BOORU_ASSET_GONE, 1, 7), NULL);
  gone = get_asset (self, 1);
  g_assert_null (gone->spool);
  g_assert_cmpint (gone->status, ==, BOORU_ASSET_POSTED);
  g_assert_cmpuint (n_to_do (self), ==, 1);
  board_require_consistent (self);
}

static void
test_duplicate (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 7);
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruUpload) upload = NULL;
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (BooruAsset) asset = NULL;
  BooruFileChange *join;

  booru_post_unref (board_edit (self->store, id, "old rating:s source:z"));
  wanted.tag_string = "fresh";
  wanted.rating = 'e';
  wanted.source = "other";
  upload = create (self, &wanted);
  join = say (self, BOORU_ASSET_JOIN, 1, 7);
  join->post_id = id;
  board_apply (self, join, NULL);
  board_require_tags (self->store, id, "fresh old");
  post = booru_store_get_post (self->store, id, NULL);
  g_assert_cmpint (post->rating, ==, 's');
  g_assert_cmpstr (post->source, ==, "z");
  asset = get_asset (self, 1);
  g_assert_cmpint (asset->post_id, ==, id);
  g_assert_cmpint (asset->media.width, ==, 640);

  /* And once more, when it is a post already. */
  want (self, 1, "newer");
  board_require_tags (self->store, id, "fresh newer old");
  board_require_consistent (self);
}

static gint64
media_asset_of_post (BoardFixture *self, gint64 id)
{
  g_autoptr (BooruPost) post = booru_store_get_post (self->store, id, NULL);
  g_autoptr (BooruPost) found = NULL;
  g_autoptr (BooruAsset) asset = NULL;

  g_assert_true (
      booru_store_find_media_asset (self->store, post->media_asset_id, &found, &asset, NULL));
  g_assert_null (asset);
  g_assert_cmpint (found->id, ==, id);
  return post->media_asset_id;
}

static gint64
media_asset_of_upload (BoardFixture *self, gint64 id)
{
  g_autoptr (BooruAsset) asset = get_asset (self, id);

  return asset->media_asset_id;
}

/* A content keeps its number, whichever of its uploads is decoded or posted first, and if it turns
 * up in a library folder. */
static void
test_media_assets (BoardFixture *self, gconstpointer data)
{
  gint64 library = board_add_post (self, "a.jpg", 1), found, media_asset;
  g_autoptr (BooruUpload) upload = create (self, NULL);
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (BooruAsset) asset = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (media_asset_of_upload (self, 1), ==, 0);
  board_apply (self, say (self, BOORU_ASSET_READY, 2, 7), NULL);
  media_asset = media_asset_of_upload (self, 2);
  board_apply (self, say (self, BOORU_ASSET_READY, 1, 7), NULL);
  g_assert_cmpint (media_asset_of_upload (self, 1), ==, media_asset);
  g_assert_cmpint (media_asset_of_upload (self, 2), ==, media_asset);
  g_assert_true (booru_store_find_media_asset (self->store, media_asset, &post, &asset, NULL));
  g_assert_null (post);
  g_assert_cmpint (asset->id, ==, 2);

  found = board_add_post (self, "b.jpg", 7);
  g_assert_cmpint (media_asset_of_post (self, found), ==, media_asset);
  g_assert_cmpint (media_asset_of_post (self, library), !=, media_asset);
  board_apply (self, say (self, BOORU_FILE_ADD, 1, 7), NULL);
  g_assert_cmpint (media_asset_of_upload (self, 1), ==, media_asset);

  g_clear_pointer (&asset, booru_asset_free);
  g_assert_false (booru_store_find_media_asset (self->store, 99, &post, &asset, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
}

static void
test_failed (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruUpload) upload = create (self, NULL);
  BooruFileChange *failure = say (self, BOORU_ASSET_FAIL, 1, 7);
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruAsset) asset = NULL, expired = NULL;
  g_autoptr (GPtrArray) stale = NULL, later = NULL;
  g_autoptr (GError) error = NULL, expired_error = NULL;

  failure->failure = g_strdup ("no picture");
  board_apply (self, failure, NULL);
  asset = get_asset (self, 1);
  g_assert_cmpint (asset->status, ==, BOORU_ASSET_FAILED);
  g_assert_cmpstr (asset->error, ==, "no picture");
  g_assert_nonnull (asset->spool);
  g_assert_null (booru_store_want_post (self->store, 1, &wanted, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "no picture"));

  stale = booru_store_list_assets_stale (self->store, asset->updated_at, 10, NULL);
  g_assert_cmpuint (stale->len, ==, 0);
  later = booru_store_list_assets_stale (self->store, G_MAXINT64, 10, NULL);
  g_assert_cmpuint (later->len, ==, 1);
  board_apply (self, say (self, BOORU_ASSET_GONE, 1, 7), NULL);
  expired = get_asset (self, 1);
  g_assert_cmpint (expired->status, ==, BOORU_ASSET_EXPIRED);
  g_assert_null (booru_store_want_post (self->store, 1, &wanted, &expired_error));
  g_assert_error (expired_error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

static void
test_invalid (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();
  BooruUploadFile one = { "spool-1", "one.jpg", 1001 };
  BooruPostEdit bad_tags = BOORU_POST_EDIT_INIT, bad_parent = BOORU_POST_EDIT_INIT;
  g_autoptr (GError) tag_error = NULL, parent_error = NULL, missing = NULL;

  g_ptr_array_add (files, &one);
  bad_tags.tag_string = "rating:wrong";
  g_assert_null (booru_store_create_upload (self->store, NULL, files, &bad_tags, 1, &tag_error));
  g_assert_error (tag_error, BOORU_ERROR, BOORU_ERROR_INVALID);
  bad_parent.parent_id = 77;
  g_assert_null (
      booru_store_create_upload (self->store, NULL, files, &bad_parent, 1, &parent_error));
  g_assert_error (parent_error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM uploads"), ==, 0);
  g_assert_null (booru_store_want_post (self->store, 5, &bad_tags, &missing));
  g_assert_nonnull (missing);
}

/* A post of an asset wanted at the very moment when it would expire is not lost. */
/* A wish that the database refuses is given up, and nothing else with it. */
static void
test_refused (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruUpload) upload = create (self, NULL);
  g_autoptr (BooruAsset) refused = NULL, posted = NULL;

  if (self->database != NULL)
    board_execute (self, "CREATE FUNCTION refuse () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                         " RAISE EXCEPTION 'not that' USING ERRCODE = '22023'; END $$;"
                         "CREATE TRIGGER refuse BEFORE INSERT ON tags FOR EACH ROW"
                         " WHEN (new.name = 'forbidden') EXECUTE FUNCTION refuse ()");
  else
    {
      g_test_skip ("SQLite has no statement that spoils its transaction");
      return;
    }
  board_apply (self, say (self, BOORU_ASSET_READY, 1, 7), say (self, BOORU_ASSET_READY, 2, 8),
               NULL);
  want (self, 1, "forbidden");
  want (self, 2, "allowed");
  board_apply (self, say (self, BOORU_FILE_ADD, 1, 7), say_at (self, "second.jpg", 2, 8), NULL);
  refused = get_asset (self, 1);
  g_assert_cmpint (refused->status, ==, BOORU_ASSET_POSTED);
  g_assert_nonnull (strstr (refused->error, "22023"));
  board_require_tags (self->store, refused->post_id, "");
  posted = get_asset (self, 2);
  g_assert_cmpint (posted->status, ==, BOORU_ASSET_POSTED);
  board_require_tags (self->store, posted->post_id, "allowed");
  board_require_consistent (self);
}

static void
test_wanted_does_not_expire (BoardFixture *self, gconstpointer data)
{
  g_autoptr (BooruUpload) upload = create (self, NULL);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autoptr (BooruAsset) asset = NULL;
  g_autoptr (GError) error = NULL;

  board_apply (self, say (self, BOORU_ASSET_READY, 1, 7), NULL);
  want (self, 1, "sky");
  g_ptr_array_add (changes, say (self, BOORU_ASSET_GONE, 1, 7));
  g_assert_false (booru_store_apply_file_changes (self->store, changes, &error));
  asset = get_asset (self, 1);
  g_assert_cmpint (asset->status, ==, BOORU_ASSET_ACTIVE);
  g_assert_nonnull (asset->spool);
}

#define ADD(path, test)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, test, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/uploads/create", test_create);
  ADD ("/store/uploads/two-steps", test_two_steps);
  ADD ("/store/uploads/duplicate", test_duplicate);
  ADD ("/store/uploads/media-assets", test_media_assets);
  ADD ("/store/uploads/failed", test_failed);
  ADD ("/store/uploads/invalid", test_invalid);
  ADD ("/store/uploads/refused", test_refused);
  ADD ("/store/uploads/wanted-does-not-expire", test_wanted_does_not_expire);
  return g_test_run ();
}
