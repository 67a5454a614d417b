/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Deleting, undoing and the trash, as clients and browsers ask for them. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "web-fixture.h"

static BooruPost *
add_post (Fixture *fixture, const char *name, const char *tags)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, name, "jpg", name, strlen (name));

  return fixture_tag (fixture, post, tags);
}

static guint
count (Fixture *fixture, const char *path)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, "GET", path, NULL);

  require_status (answer, 200);
  return json_array_get_length (json_node_get_array (answer->json));
}

static void
do_ask (Fixture *fixture, const char *method, const char *path, guint status)
{
  g_autoptr (Answer) answer = fixture_ask (fixture, method, path, NULL);

  require_status (answer, status);
}

static void
test_api (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "sky");
  g_autoptr (Answer) deleted = NULL, shown = NULL, file = NULL;
  JsonObject *object;

  deleted = fixture_ask (fixture, "DELETE", "/posts/1.json", NULL);
  require_status (deleted, 200);
  g_assert_true (
      json_object_get_boolean_member (json_node_get_object (deleted->json), "is_deleted"));
  g_assert_cmpstr (fixture->published->pdata[fixture->published->len - 1], ==, "posts-changed [1]");

  /* Hidden, but not gone: neither the post by its number nor its file. */
  g_assert_cmpuint (count (fixture, "/posts.json?tags=sky"), ==, 0);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=status:deleted"), ==, 1);
  shown = fixture_ask (fixture, "GET", "/posts/1.json", NULL);
  require_status (shown, 200);
  object = json_node_get_object (shown->json);
  g_assert_true (json_object_get_boolean_member (object, "is_deleted"));
  file = fixture_ask (
      fixture, "GET",
      json_object_get_string_member (object, "file_url") + strlen (fixture->base_url), NULL);
  require_status (file, 200);

  do_ask (fixture, "DELETE", "/posts/1.json", 200);
  do_ask (fixture, "PUT", "/posts/1/undelete.json", 204);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=sky"), ==, 1);
  do_ask (fixture, "DELETE", "/posts/9.json", 404);
  do_ask (fixture, "DELETE", "/posts/x.json", 404);
  do_ask (fixture, "PUT", "/posts/9/undelete.json", 404);
}

static void
require_tags (Fixture *fixture, const char *tags)
{
  g_autoptr (BooruPost) post = booru_store_get_post (fixture->store, 1, NULL);
  g_autofree char *string = booru_post_dup_tag_string (post);

  g_assert_cmpstr (string, ==, tags);
}

static void
test_versions (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "sky tree");
  g_autoptr (BooruPost) edited = fixture_tag (fixture, post, "sky lake rating:q");
  g_autoptr (Answer) answer = NULL, missing = NULL;
  JsonObject *version;

  answer = fixture_ask (fixture, "GET", "/post_versions.json?search[post_id]=1", NULL);
  require_status (answer, 200);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (answer->json)), ==, 2);
  version = json_array_get_object_element (json_node_get_array (answer->json), 0);
  g_assert_cmpint (json_object_get_int_member (version, "version"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (version, "post_id"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (version, "tags"), ==, "lake sky");
  g_assert_cmpstr (json_object_get_string_member (version, "unchanged_tags"), ==, "sky");
  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (version, "added_tags"), 0), ==,
      "lake");
  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (version, "removed_tags"), 0), ==,
      "tree");
  g_assert_cmpstr (json_object_get_string_member (version, "rating"), ==, "q");
  g_assert_true (json_object_get_boolean_member (version, "rating_changed"));
  g_assert_true (json_object_get_null_member (version, "parent_id"));

  do_ask (fixture, "PUT", "/posts/1/revert.json?version_id=1", 204);
  require_tags (fixture, "sky tree");
  do_ask (fixture, "PUT", "/post_versions/3/undo.json", 204);
  require_tags (fixture, "lake sky");
  do_ask (fixture, "PUT", "/posts/1/revert.json?version_id=0", 204);
  require_tags (fixture, "");

  do_ask (fixture, "PUT", "/posts/1/revert.json?version_id=77", 404);
  missing = fixture_ask (fixture, "PUT", "/posts/1/revert.json", NULL);
  require_error (missing, 400);
  do_ask (fixture, "PUT", "/post_versions/77/undo.json", 404);
  g_assert_cmpuint (count (fixture, "/post_versions.json?search[post_id]=x"), ==, 0);
  g_assert_cmpuint (count (fixture, "/post_versions.json?limit=2&page=b3"), ==, 2);
}

static void
post_form (Fixture *fixture, const char *path, const char *body, guint status)
{
  g_autoptr (Answer) answer = fixture_post_form (fixture, path, body);

  require_status (answer, status);
}

static void
test_pages (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "sky");
  g_autoptr (BooruPost) edited = fixture_tag (fixture, post, "lake <b>");
  g_autoptr (Answer) shown = NULL, deleted = NULL, gallery = NULL, trash = NULL, back = NULL;

  shown = fixture_ask (fixture, "GET", "/posts/1", NULL);
  require_text (shown, "action=\"/posts/1/delete\"");
  require_text (shown, "<del>−sky</del>");
  require_text (shown, "+&lt;b&gt;");
  prohibit_text (shown, "undelete");

  post_form (fixture, "/posts/1/delete", "q=lake", 303);
  deleted = fixture_ask (fixture, "GET", "/posts/1", NULL);
  require_text (deleted, "in <a href=\"/posts?tags=status:deleted\">the trash</a>");
  require_text (deleted, "action=\"/posts/1/undelete\"");
  gallery = fixture_ask (fixture, "GET", "/posts", NULL);
  require_text (gallery, "1 in the trash");
  trash = fixture_ask (fixture, "GET", "/posts?tags=status:deleted", NULL);
  require_text (trash, "href=\"/trash/empty\"");
  require_text (trash, "href=\"/posts/1?q=status:deleted\"");

  post_form (fixture, "/post_versions/3/undo", "", 422);
  post_form (fixture, "/posts/1/undelete", "", 303);
  post_form (fixture, "/posts/1/revert", "version_id=1", 303);
  require_tags (fixture, "sky");
  back = fixture_ask (fixture, "GET", "/posts", NULL);
  prohibit_text (back, "in the trash");
  post_form (fixture, "/posts/1/revert", "version_id=99", 404);
  post_form (fixture, "/posts/9/delete", "", 404);
}

/* An original in the managed folder, as an upload leaves it. */
static char *
add_original (Fixture *fixture, BooruPost **post)
{
  g_autofree char *originals = g_build_filename (fixture->data_dir, BOORU_DIR_ORIGINALS, NULL);
  char *path = g_build_filename (originals, "one.jpg", NULL);
  g_autoptr (BooruFolder) folder = NULL;
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_LINK);
  struct stat st;

  *post = add_post (fixture, "a.jpg", "sky");
  g_mkdir_with_parents (originals, 0700);
  g_assert_true (g_file_set_contents (path, "a.jpg", -1, NULL));
  g_assert_cmpint (stat (path, &st), ==, 0);
  folder = booru_store_ensure_folder (fixture->store, originals, BOORU_FOLDER_MANAGED, NULL);
  change->post_id = (*post)->id;
  change->folder_id = folder->id;
  change->path = g_strdup ("one.jpg");
  change->stat = (BooruFileStat){
    st.st_size,
    st.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + st.st_mtim.tv_nsec,
    st.st_ino,
    st.st_dev,
  };
  g_ptr_array_add (changes, change);
  g_assert_true (booru_store_apply_file_changes (fixture->store, changes, NULL));
  return path;
}

static void
test_empty (Fixture *fixture)
{
  g_autoptr (BooruPost) post = NULL;
  g_autofree char *original = add_original (fixture, &post);
  g_autofree char *library = g_build_filename (fixture->library, "a.jpg", NULL);
  g_autoptr (Answer) asked = NULL, wrong = NULL, done = NULL, foreign = NULL;

  do_ask (fixture, "DELETE", "/posts/1.json", 200);
  asked = fixture_ask (fixture, "GET", "/trash/empty", NULL);
  require_text (asked, "<strong>1 file</strong>");
  require_text (asked, "name=\"count\" value=\"1\"");
  require_text (asked, "stay in the trash: 1.");
  g_assert_true (g_file_test (original, G_FILE_TEST_EXISTS));

  wrong = fixture_post_form (fixture, "/trash/empty", "count=2");
  require_status (wrong, 409);
  require_text (wrong, "Nothing was deleted");
  foreign = fixture_ask (fixture, "POST", "/trash/empty?count=1", "Origin", "https://evil.example",
                         NULL);
  require_status (foreign, 403);
  g_assert_true (g_file_test (original, G_FILE_TEST_EXISTS));

  done = fixture_post_form (fixture, "/trash/empty", "count=1");
  require_status (done, 200);
  require_text (done, "Permanently deleted 1 file (");
  g_assert_false (g_file_test (original, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (library, G_FILE_TEST_EXISTS));
  /* It still has a file in a folder of the user's. */
  g_assert_cmpuint (count (fixture, "/posts.json?tags=status:deleted"), ==, 1);
}

static void
remove_files (Fixture *fixture)
{
  g_autoptr (GPtrArray) files = booru_store_list_post_files (fixture->store, 1, NULL);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_REMOVE);

  change->file_id = ((BooruFile *)files->pdata[0])->id;
  g_ptr_array_add (changes, change);
  g_assert_true (booru_store_apply_file_changes (fixture->store, changes, NULL));
}

static void
test_expunged (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "sky");
  g_autoptr (Answer) asked = NULL, done = NULL, page = NULL, json = NULL, again = NULL;

  do_ask (fixture, "DELETE", "/posts/1.json", 200);
  remove_files (fixture);
  asked = fixture_ask (fixture, "GET", "/trash/empty", NULL);
  require_text (asked, "also removed from it: 1.");
  done = fixture_post_form (fixture, "/trash/empty", "count=0");
  require_status (done, 200);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=status:deleted"), ==, 0);
  g_assert_cmpuint (count (fixture, "/posts.json?tags=status:expunged"), ==, 1);
  again = fixture_ask (fixture, "GET", "/trash/empty", NULL);
  require_text (again, "The trash holds nothing that can be deleted permanently");

  page = fixture_ask (fixture, "GET", "/posts/1", NULL);
  require_text (page, "This post was deleted permanently");
  require_text (page, "action=\"/posts/1/undelete\"");
  prohibit_text (page, "Download the original");
  json = fixture_ask (fixture, "GET", "/posts/1.json", NULL);
  g_assert_true (json_object_get_boolean_member (json_node_get_object (json->json), "is_deleted"));
}

/* Follows the form's answer: the page that it leads to says what was done. */
static char *
press (Fixture *fixture, const char *target, const char *said)
{
  g_autoptr (Answer) pressed = fixture_post_form (fixture, target, "q=x+y");
  g_autoptr (Answer) page = NULL;
  const char *location = answer_header (pressed, "Location");

  require_status (pressed, 303);
  g_assert_true (g_str_has_prefix (location, "/posts/1?q=x+y&done="));
  page = fixture_ask (fixture, "GET", location, NULL);
  require_text (page, said);
  require_text (page, ">Undo</button>");
  return g_strdup (location);
}

static void
test_done (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "sky");
  g_autofree char *saved = NULL, *undo = NULL;
  g_autoptr (Answer) edited = NULL, same = NULL, stale = NULL, gallery = NULL;

  edited = fixture_post_form (fixture, "/posts/1", "q=x+y&post[tag_string]=cloud");
  saved = g_strdup (answer_header (edited, "Location"));
  same = fixture_post_form (fixture, "/posts/1", "q=x+y&post[tag_string]=cloud");
  g_assert_nonnull (strstr (answer_header (same, "Location"), "done=nothing"));

  g_free (press (fixture, "/posts/1/delete", "Moved to trash."));
  g_free (press (fixture, "/posts/1/undelete", "Restored."));
  undo = g_strdup_printf ("/post_versions/%s/undo", strrchr (saved, '=') + 1);
  g_free (press (fixture, undo, "Change undone."));
  g_free (press (fixture, "/posts/1/revert?version_id=0", "Version restored."));

  /* Only the latest change can be taken back at once. */
  stale = fixture_ask (fixture, "GET", saved, NULL);
  require_text (stale, "Changes saved.");
  prohibit_text (stale, "class=\"button\" type=\"submit\">Undo</button>");
  gallery = fixture_ask (fixture, "GET", "/posts?done=deleted&post=1", NULL);
  require_text (gallery, "Post 1 moved to trash.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/trash/api", NULL, test_api);
  fixture_add_test ("/web/trash/versions", NULL, test_versions);
  fixture_add_test ("/web/trash/pages", NULL, test_pages);
  fixture_add_test ("/web/trash/empty", NULL, test_empty);
  fixture_add_test ("/web/trash/expunged", NULL, test_expunged);
  fixture_add_test ("/web/trash/done", NULL, test_done);
  return g_test_run ();
}
