/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Uploads, as Danbooru's clients and browsers make them. There is no monitor here: the tests say
 * what it would say. */
#include <glib/gstdio.h>
#include <string.h>

#include "web-fixture.h"

#define MULTIPART "multipart/form-data; boundary=B"
#define PART(name, file, content)                                                                  \
  "--B\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" file                     \
  "\"\r\nContent-Type: image/jpeg\r\n\r\n" content "\r\n"
#define FIELD(name, content)                                                                       \
  "--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" content "\r\n"
#define END "--B--\r\n"

static JsonObject *
get_object (Answer *answer, guint status)
{
  require_status (answer, status);
  return json_node_get_object (answer->json);
}

static JsonObject *
get_asset (Answer *answer, guint status, guint i)
{
  return json_array_get_object_element (
      json_object_get_array_member (get_object (answer, status), "upload_media_assets"), i);
}

static guint
n_spooled (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->data_dir, BOORU_DIR_SPOOL, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir && g_dir_read_name (dir))
    n++;
  return n;
}

static void
require_spooled (Fixture *fixture, gint64 asset_id, const char *content)
{
  g_autoptr (BooruAsset) asset = booru_store_get_asset (fixture->store, asset_id, NULL);
  g_autofree char *path = g_build_filename (fixture->data_dir, BOORU_DIR_SPOOL, asset->spool, NULL);
  g_autofree char *got = NULL;

  g_assert_true (g_file_get_contents (path, &got, NULL, NULL));
  g_assert_cmpstr (got, ==, content);
}

static void
test_create (Fixture *fixture)
{
  g_autoptr (Answer) created = fixture_send (fixture, "POST", "/uploads.json", MULTIPART,
                                             PART ("upload[files][0]", "a.jpg", "one\r\n--\r\n")
                                                 PART ("upload[files][1]", "/x/b.jpg", "two")
                                                     FIELD ("upload[source]", "http://e.org/") END);
  g_autoptr (Answer) shown = NULL, listed = NULL, only = NULL, missing = NULL;
  JsonObject *asset = get_asset (created, 201, 0);
  const char *event = fixture->published->pdata[fixture->published->len - 1];

  g_assert_cmpint (json_object_get_int_member (asset, "id"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (asset, "status"), ==, "pending");
  g_assert_true (json_object_get_null_member (asset, "media_asset"));
  g_assert_cmpstr (json_object_get_string_member (get_object (created, 201), "status"), ==,
                   "pending");
  g_assert_cmpint (json_object_get_int_member (get_object (created, 201), "media_asset_count"), ==,
                   2);
  g_assert_cmpstr (json_object_get_string_member (get_object (created, 201), "source"), ==,
                   "http://e.org/");
  require_spooled (fixture, 1, "one\r\n--\r\n");
  require_spooled (fixture, 2, "two");
  g_assert_cmpstr (event, ==, "uploads-changed [1, 2]");

  shown = fixture_ask (fixture, "GET", "/uploads/1.json", NULL);
  g_assert_cmpstr (json_object_get_string_member (get_asset (shown, 200, 1), "source_url"), ==,
                   "b.jpg");
  listed = fixture_ask (fixture, "GET", "/uploads.json", NULL);
  require_status (listed, 200);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (listed->json)), ==, 1);
  only = fixture_ask (fixture, "GET", "/uploads/1.json?only=status,upload_media_assets[id]", NULL);
  g_assert_cmpstr (only->text, ==,
                   "{\"status\":\"pending\",\"upload_media_assets\":[{\"id\":1},{\"id\":2}]}");
  missing = fixture_ask (fixture, "GET", "/uploads/9.json", NULL);
  require_error (missing, 404);
}

static void
test_refused (Fixture *fixture)
{
  g_autoptr (Answer) empty = NULL, source = NULL, broken = NULL, foreign = NULL, form = NULL;

  empty = fixture_send (fixture, "POST", "/uploads.json", MULTIPART,
                        PART ("upload[files][0]", "", "") END);
  require_error (empty, 422);
  source = fixture_post_form (fixture, "/uploads.json", "upload[source]=http://127.0.0.1/secret");
  require_error (source, 422);
  require_text (source, "not fetched from URLs");
  broken = fixture_send (fixture, "POST", "/uploads.json", MULTIPART,
                         PART ("upload[files][0]", "a.jpg", "one"));
  require_error (broken, 400);
  form = fixture_post_form (fixture, "/uploads.json", "a=b");
  require_error (form, 422);
  foreign = fixture_ask (fixture, "POST", "/uploads.json", "Origin", "https://evil.example", NULL);
  require_error (foreign, 403);
  g_assert_cmpuint (n_spooled (fixture), ==, 0);
}

/* Refused by what the head says, before anything of the body is stored. */
static void
test_too_large (Fixture *fixture)
{
  g_autoptr (GSocketConnection) connection = fixture_connect (fixture);
  g_autofree char *answer = NULL;

  raw_send (connection, "POST /uploads.json HTTP/1.1\r\nHost: localhost\r\n"
                        "Content-Type: multipart/form-data; boundary=B\r\n"
                        "Content-Length: 2097152\r\n\r\n");
  answer = raw_read_all (connection);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 413 "));
  g_assert_cmpuint (n_spooled (fixture), ==, 0);
}

/* Of a client that goes away half-way nothing stays. */
static void
test_broken_off (Fixture *fixture)
{
  GSocketConnection *connection = fixture_connect (fixture);
  g_autoptr (Answer) later = NULL;

  raw_send (connection, "POST /uploads.json HTTP/1.1\r\nHost: localhost\r\n"
                        "Content-Type: multipart/form-data; boundary=B\r\n"
                        "Content-Length: 100000\r\n\r\n" PART ("upload[files][0]", "a.jpg", "one"));
  g_object_unref (connection);
  later = fixture_ask (fixture, "GET", "/uploads.json", NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (later->json)), ==, 0);
  g_assert_cmpuint (n_spooled (fixture), ==, 0);
}

/* The monitor's part. */

static void
say (Fixture *fixture, BooruFileChange *change)
{
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (changes, change);
  booru_store_apply_file_changes (fixture->store, changes, &error);
  g_assert_no_error (error);
}

static BooruFileChange *
new_change (Fixture *fixture, BooruFileChangeKind kind, gint64 asset_id)
{
  BooruFileChange *change = booru_file_change_new (kind);

  change->asset_id = asset_id;
  change->folder_id = fixture->folder->id;
  change->path = g_strdup ("original.jpg");
  g_strlcpy (change->media.md5, "0123456789abcdef0123456789abcdef", sizeof change->media.md5);
  g_strlcpy (change->media.ext, "jpg", sizeof change->media.ext);
  change->media.size = 3;
  change->media.width = 2000;
  change->media.height = 1000;
  return change;
}

static void
upload (Fixture *fixture)
{
  g_autoptr (Answer) created = fixture_send (fixture, "POST", "/uploads.json", MULTIPART,
                                             PART ("upload[files][0]", "a.jpg", "one") END);

  require_status (created, 201);
}

static void
emit_changed (Fixture *fixture)
{
  gint64 id = 1;
  g_autoptr (GVariant) ids
      = g_variant_ref_sink (g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, &id, 1, sizeof id));

  booru_service_context_emit_event (fixture->context, BOORU_EVENT_UPLOADS_CHANGED, ids);
}

static gpointer
be_monitor (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (BooruStore) store
      = booru_store_open (fixture->data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, NULL);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  gboolean wanted = FALSE;

  /* Until the request has said what it wants. */
  while (!wanted)
    {
      g_autoptr (BooruAsset) asset = booru_store_get_asset (store, 1, NULL);

      wanted = asset->wanted;
      g_thread_yield ();
    }
  g_ptr_array_add (changes, new_change (fixture, BOORU_FILE_ADD, 1));
  g_assert_true (booru_store_apply_file_changes (store, changes, NULL));
  fixture_invoke (emit_changed, fixture);
  return NULL;
}

static void
test_post (Fixture *fixture)
{
  g_autoptr (Answer) ready = NULL, posted = NULL, again = NULL, shown = NULL;
  JsonObject *asset, *media;
  GThread *monitor;

  upload (fixture);
  say (fixture, new_change (fixture, BOORU_ASSET_READY, 1));
  ready = fixture_ask (fixture, "GET", "/uploads/1.json", NULL);
  asset = get_asset (ready, 200, 0);
  g_assert_cmpstr (json_object_get_string_member (get_object (ready, 200), "status"), ==,
                   "completed");
  g_assert_cmpstr (json_object_get_string_member (asset, "status"), ==, "active");
  media = json_object_get_object_member (asset, "media_asset");
  g_assert_cmpint (json_object_get_int_member (media, "image_width"), ==, 2000);
  g_assert_true (json_object_get_null_member (media, "post"));
  /* Nothing but the thumbnails can be had yet. */
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (media, "variants")), ==,
                    3);

  monitor = g_thread_new ("monitor", be_monitor, fixture);
  posted = fixture_post_form (fixture, "/posts.json",
                              "upload_media_asset_id=1&post[tag_string]=sky&post[rating]=q"
                              "&post[source]=http://e.org/");
  g_thread_join (monitor);
  require_status (posted, 201);
  g_assert_cmpstr (json_object_get_string_member (get_object (posted, 201), "tag_string"), ==,
                   "sky");
  g_assert_cmpstr (json_object_get_string_member (get_object (posted, 201), "rating"), ==, "q");

  /* Once more: the tags are added. */
  again = fixture_send (fixture, "POST", "/posts.json", "application/json",
                        "{\"upload_media_asset_id\":1,\"post\":{\"tag_string\":\"more\"}}");
  g_assert_cmpstr (json_object_get_string_member (get_object (again, 201), "tag_string"), ==,
                   "more sky");
  shown = fixture_ask (fixture, "GET", "/uploads/1.json", NULL);
  media = json_object_get_object_member (get_asset (shown, 200, 0), "media_asset");
  g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (media, "post"), "id"),
                   ==, 1);
}

static gint64
get_id (JsonObject *object, const char *member)
{
  return json_object_get_int_member (json_object_get_object_member (object, member), "id");
}

/* The media asset that upload @id has, the same by all its names; 0: none yet. */
static gint64
get_media_asset (Fixture *fixture, gint64 id)
{
  g_autofree char *path = g_strdup_printf ("/uploads/%" G_GINT64_FORMAT ".json", id);
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);
  JsonObject *asset = get_asset (answer, 200, 0);

  if (json_object_get_null_member (asset, "media_asset_id"))
    {
      g_assert_true (json_object_get_null_member (asset, "media_asset"));
      return 0;
    }
  g_assert_cmpint (json_object_get_int_member (asset, "media_asset_id"), ==,
                   get_id (asset, "media_asset"));
  return get_id (asset, "media_asset");
}

/* media_assets/ID.json is that of @post_id, or of no post if that is 0. */
static void
require_media_asset (Fixture *fixture, gint64 id, gint64 post_id)
{
  g_autofree char *path = g_strdup_printf ("/media_assets/%" G_GINT64_FORMAT ".json", id);
  g_autofree char *post_path
      = g_strdup_printf ("/posts/%" G_GINT64_FORMAT ".json?include=media_metadata", post_id);
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL), post = NULL;
  JsonObject *asset = get_object (answer, 200), *of_post;

  g_assert_cmpint (json_object_get_int_member (asset, "id"), ==, id);
  if (post_id == 0)
    {
      g_assert_true (json_object_get_null_member (asset, "post"));
      return;
    }
  g_assert_cmpint (get_id (asset, "post"), ==, post_id);
  post = fixture_ask (fixture, "GET", post_path, NULL);
  g_assert_cmpint (get_id (get_object (post, 200), "media_asset"), ==, id);
  of_post = json_object_get_object_member (get_object (post, 200), "media_metadata");
  g_assert_cmpint (json_object_get_int_member (of_post, "media_asset_id"), ==, id);
}

/* One id from the upload to the post, and none given twice. */
static void
test_media_assets (Fixture *fixture)
{
  static const char *const missing[] = { "0", "-1", "x", "1", "99", "99999999999999999999" };
  g_autoptr (BooruPost) library = fixture_add_post (fixture, "a.jpg", "jpg", "library", 7);
  g_autoptr (Answer) only = NULL;
  BooruFileChange *join;
  gint64 id;

  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    {
      g_autofree char *path = g_strdup_printf ("/media_assets/%s.json", missing[i]);
      g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

      require_error (answer, 404);
    }

  upload (fixture);
  g_assert_cmpint (get_media_asset (fixture, 1), ==, 0);
  say (fixture, new_change (fixture, BOORU_ASSET_READY, 1));
  id = get_media_asset (fixture, 1);
  g_assert_cmpint (id, >, 0);
  require_media_asset (fixture, id, 0);

  say (fixture, new_change (fixture, BOORU_FILE_ADD, 1));
  g_assert_cmpint (get_media_asset (fixture, 1), ==, id);
  require_media_asset (fixture, id, 2);

  /* A duplicate of that one, before and after it joins it, and one of the library's. */
  upload (fixture);
  say (fixture, new_change (fixture, BOORU_ASSET_READY, 2));
  g_assert_cmpint (get_media_asset (fixture, 2), ==, id);
  join = new_change (fixture, BOORU_ASSET_JOIN, 2);
  join->post_id = 2;
  say (fixture, join);
  g_assert_cmpint (get_media_asset (fixture, 2), ==, id);
  upload (fixture);
  join = new_change (fixture, BOORU_ASSET_JOIN, 3);
  join->post_id = library->id;
  say (fixture, join);
  g_assert_cmpint (get_media_asset (fixture, 3), !=, id);
  require_media_asset (fixture, get_media_asset (fixture, 3), library->id);

  only = fixture_ask (fixture, "GET", "/media_assets/2.json?only=id,file_ext,post[id]", NULL);
  g_assert_cmpstr (only->text, ==, "{\"id\":2,\"file_ext\":\"jpg\",\"post\":{\"id\":1}}");
}

static void
test_post_refused (Fixture *fixture)
{
  static const struct
  {
    const char *body;
    guint status;
  } cases[] = {
    { "upload_media_asset_id=9", 404 },
    { "post[tag_string]=a", 422 },
    { "upload_media_asset_id=1&post[rating]=z", 422 },
    { "upload_media_asset_id=1&post[parent_id]=77", 422 },
    { "upload_media_asset_id=1&post[parent_id]=x", 422 },
    { "upload_media_asset_id=1&post[tag_string]=rating:wrong", 422 },
  };
  g_autoptr (Answer) failed = NULL, shown = NULL;
  BooruFileChange *failure = new_change (fixture, BOORU_ASSET_FAIL, 1);

  upload (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Answer) answer = fixture_post_form (fixture, "/posts.json", cases[i].body);

      require_error (answer, cases[i].status);
    }
  failure->failure = g_strdup ("no picture at all");
  say (fixture, failure);
  failed = fixture_post_form (fixture, "/posts.json", "upload_media_asset_id=1");
  require_error (failed, 422);
  require_text (failed, "no picture at all");
  shown = fixture_ask (fixture, "GET", "/uploads/1.json", NULL);
  g_assert_cmpstr (json_object_get_string_member (get_object (shown, 200), "status"), ==, "error");
  g_assert_cmpstr (json_object_get_string_member (get_object (shown, 200), "error"), ==,
                   "no picture at all");
}

static void
test_pages (Fixture *fixture)
{
  g_autoptr (Answer) form = fixture_ask (fixture, "GET", "/upload?tags=a+%3Cb%3E", NULL);
  g_autoptr (Answer) sent = NULL, pending = NULL, done = NULL, all = NULL, refused = NULL;
  g_autoptr (BooruAsset) asset = NULL;

  require_status (form, 200);
  require_text (form, "enctype=\"multipart/form-data\"");
  require_text (form, "a &lt;b&gt;</textarea>");
  refused = fixture_send (fixture, "POST", "/upload", MULTIPART,
                          FIELD ("post[tag_string]", "typed <b>") END);
  require_status (refused, 422);
  require_text (refused, "typed &lt;b&gt;</textarea>");

  sent = fixture_send (fixture, "POST", "/upload", MULTIPART,
                       PART ("upload[files][0]", "<a>.jpg", "one") FIELD ("post[tag_string]", "sky")
                           FIELD ("post[rating]", "s") FIELD ("post[source]", "") END);
  require_status (sent, 303);
  g_assert_cmpstr (answer_header (sent, "Location"), ==, "/uploads/1");
  asset = booru_store_get_asset (fixture->store, 1, NULL);
  g_assert_true (asset->wanted);
  g_assert_cmpstr (asset->tag_string, ==, "sky");

  pending = fixture_ask (fixture, "GET", "/uploads/1", NULL);
  require_text (pending, "Being processed");
  require_text (pending, "&lt;a&gt;.jpg");
  g_assert_nonnull (answer_header (pending, "Refresh"));
  say (fixture, new_change (fixture, BOORU_FILE_ADD, 1));
  done = fixture_ask (fixture, "GET", "/uploads/1", NULL);
  require_text (done, "href=\"/posts/1\"");
  g_assert_null (answer_header (done, "Refresh"));
  all = fixture_ask (fixture, "GET", "/uploads", NULL);
  require_text (all, "Upload 1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/uploads/create", NULL, test_create);
  fixture_add_test ("/web/uploads/refused", NULL, test_refused);
  fixture_add_test ("/web/uploads/too-large", "{'max-upload-size': <uint32 1>}", test_too_large);
  fixture_add_test ("/web/uploads/broken-off", NULL, test_broken_off);
  fixture_add_test ("/web/uploads/post", NULL, test_post);
  fixture_add_test ("/web/uploads/media-assets", NULL, test_media_assets);
  fixture_add_test ("/web/uploads/post-refused", NULL, test_post_refused);
  fixture_add_test ("/web/uploads/pages", NULL, test_pages);
  return g_test_run ();
}
