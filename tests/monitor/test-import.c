/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sidecars and rules through the whole monitor: before, after and without their pictures. */
#include <glib/gstdio.h>
#include <string.h>

#include "library-fixture.h"

static gboolean
has_tags (Fixture *f, gint64 post_id, const char *tags, char rating, const char *source)
{
  g_autoptr (BooruPost) post = booru_store_get_post (f->store, post_id, NULL);
  g_autofree char *string = post ? booru_post_dup_tag_string (post) : NULL;

  return post != NULL && g_str_equal (string, tags) && post->rating == (BooruRating)rating
         && g_str_equal (post->source, source);
}

static void set_rules (Fixture *f, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
set_rules (Fixture *f, const char *format, ...)
{
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  value = g_variant_parse (G_VARIANT_TYPE ("a(aya{sv})"), text, NULL, NULL, &error);
  g_assert_no_error (error);
  monitor_library_set_rules (f->library,
                             monitor_rules_new (booru_folder_rules_parse (value, &error)));
  g_assert_no_error (error);
}

static const char full_json[] = "{\"category\": \"danbooru\", \"tag_string\": \"sky someone\", "
                                "\"tag_string_artist\": \"someone\", \"rating\": \"q\", "
                                "\"source\": \"https://example.org/1\"}";

static void
test_before (Fixture *f, gconstpointer data)
{
  write_file (f->a, "one.bmp.json", full_json, -1);
  write_file (f->a, "two.txt", "long hair\ncharacter:miku\n", -1);
  write_file (f->a, "diary.txt", "Dear diary, today I was at the lake.", -1);
  write_file (f->a, "three\xff.bmp.txt", "odd\n", -1);
  write_picture (f->a, "one.bmp", 1);
  write_picture (f->a, "two.bmp", 2);
  write_picture (f->a, "three\xff.bmp", 3);
  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, 3);
  g_assert_true (
      has_tags (f, post_at (f, f->a, "one.bmp"), "sky someone", 'q', "https://example.org/1"));
  g_assert_true (has_tags (f, post_at (f, f->a, "two.bmp"), "long_hair miku", 'g', ""));
  g_assert_true (has_tags (f, post_at (f, f->a, "three\xff.bmp"), "odd", 'g', ""));
  g_assert_null (failure_at (f, f->a, "diary.txt"));
  g_assert_null (failure_at (f, f->a, "one.bmp.json"));
  g_assert_cmpuint (count_files (f->a), ==, 7);
}

/* The sidecar comes after its picture, changes, and goes. */
static void
test_after (Fixture *f, gconstpointer data)
{
  g_autofree char *sidecar = path_in (f->a, "one.bmp.txt");
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruPost) edited = NULL;
  gint64 post;

  fixture_start (f);
  write_picture (f->a, "one.bmp", 1);
  eventually (f, n_posts (f) == 1);
  post = post_at (f, f->a, "one.bmp");
  write_file (f->a, "one.bmp.txt", "one\ntwo\nrating:e\n", -1);
  eventually (f, has_tags (f, post, "one two", 'e', ""));

  edit.tag_string = "two mine";
  edit.rating = 's';
  edited = booru_store_edit_post (f->store, post, &edit, NULL);
  g_assert_nonnull (edited);
  write_file (f->a, "one.bmp.txt", "one\nthree\nrating:q\n", -1);
  eventually (f, has_tags (f, post, "mine three", 's', ""));

  delete_file (sidecar);
  eventually (f, file_id_at (f, f->a, "one.bmp.txt") == 0);
  fixture_wait_idle (f);
  g_assert_true (has_tags (f, post, "mine three", 's', ""));
}

static gboolean
has_facts (Fixture *f, const char *name, const char *expected)
{
  g_autofree char *metadata = booru_store_get_metadata (f->store, post_at (f, f->a, name), NULL);

  return g_str_equal (metadata, expected);
}

/* What a sidecar says that is no tag is shown with the post, as long as it says so; one that says
 * nothing but that takes nothing away. */
static void
test_left_out (Fixture *f, gconstpointer data)
{
  gint64 post;

  write_picture (f->a, "one.bmp", 1);
  write_file (f->a, "one.bmp.txt", "good tag\nbad,comma\npage:2\nlast one\n", -1);
  fixture_start (f);
  post = post_at (f, f->a, "one.bmp");
  g_assert_true (has_tags (f, post, "bad_comma good_tag last_one", 'g', ""));
  g_assert_true (has_facts (f, "one.bmp", "{\"Sidecar:LeftOut\":[\"page:2\"]}"));

  write_file (f->a, "one.bmp.txt", "This is only what I thought of it.\n", -1);
  eventually (f, has_facts (f, "one.bmp",
                            "{\"Sidecar:LeftOut\":[\"This is only what I thought of it.\"]}"));
  fixture_wait_idle (f);
  g_assert_true (has_tags (f, post, "bad_comma good_tag last_one", 'g', ""));

  write_file (f->a, "one.bmp.txt", "good tag\n", -1);
  eventually (f, has_facts (f, "one.bmp", "{}"));
  eventually (f, has_tags (f, post, "good_tag", 'g', ""));
}

static void
write_by_exiftool (const char *dir, const char *name, const char *first, const char *second)
{
  g_autofree char *path = path_in (dir, name);
  const char *argv[] = { "exiftool",           "-q", "-o", path, first, second, "-XMP-xmp:Rating=5",
                         "-XMP-dc:Title=Lake", NULL };
  g_autoptr (GError) error = NULL;
  gint status = 0;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

/* By both names, before and after their pictures, and changed. */
static void
test_xmp (Fixture *f, gconstpointer data)
{
  g_autofree char *program = g_find_program_in_path ("exiftool");
  g_autofree char *sidecar = path_in (f->a, "one.bmp.xmp");

  if (program == NULL)
    {
      g_test_skip ("exiftool is not installed");
      return;
    }
  write_by_exiftool (f->a, "one.bmp.xmp", "-XMP-dc:Subject=night sky",
                     "-XMP-lr:HierarchicalSubject=Artist|someone");
  write_picture (f->a, "one.bmp", 1);
  write_picture (f->a, "two.bmp", 2);
  fixture_start (f);
  g_assert_true (has_tags (f, post_at (f, f->a, "one.bmp"), "night_sky someone", 'g', ""));
  g_assert_true (has_facts (f, "one.bmp", "{\"Sidecar:Title\":\"Lake\",\"Sidecar:Rating\":5}"));
  g_assert_true (has_facts (f, "two.bmp", "{}"));

  write_by_exiftool (f->a, "two.xmp", "-XMP-digiKam:TagsList=Places/lake",
                     "-XMP-dc:Source=https://example.org/2");
  eventually (f, has_tags (f, post_at (f, f->a, "two.bmp"), "lake", 'g', "https://example.org/2"));
  delete_file (sidecar);
  write_by_exiftool (f->a, "one.bmp.xmp", "-XMP-dc:Subject=day", "-XMP-dc:Subject=someone");
  eventually (f, has_tags (f, post_at (f, f->a, "one.bmp"), "day someone", 'g', ""));
  g_assert_true (has_facts (f, "two.bmp", "{\"Sidecar:Title\":\"Lake\",\"Sidecar:Rating\":5}"));

  /* What it no longer says is no longer shown. */
  write_file (f->a, "two.xmp",
              "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
              "<rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Label='red'/>"
              "</rdf:RDF>",
              -1);
  eventually (f, has_facts (f, "two.bmp", "{\"Sidecar:Label\":\"red\"}"));
  g_assert_null (failure_at (f, f->a, "one.bmp.xmp"));
}

static void
test_broken (Fixture *f, gconstpointer data)
{
  g_autofree char *failure = NULL, *large = g_strnfill (2000000, ' ');

  write_picture (f->a, "one.bmp", 1);
  write_picture (f->a, "two.bmp", 2);
  write_file (f->a, "one.bmp.json", "{\"tags\": [", -1);
  write_file (f->a, "one.bmp.txt", "kept\n", -1);
  write_file (f->a, "two.json", large, 2000000);
  write_file (f->a, "alone.json", "{\"tags\": [", -1);
  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, 2);
  g_assert_true (has_tags (f, post_at (f, f->a, "one.bmp"), "kept", 'g', ""));
  failure = failure_at (f, f->a, "one.bmp.json");
  g_assert_nonnull (strstr (failure, "sidecar"));
  g_assert_nonnull (strstr (failure, "JSON"));
  g_free (failure);
  failure = failure_at (f, f->a, "two.json");
  g_assert_nonnull (strstr (failure, "at most"));
  g_assert_null (failure_at (f, f->a, "alone.json"));

  write_file (f->a, "one.bmp.json", "{\"tags\": [\"mended\"]}", -1);
  eventually (f, has_tags (f, post_at (f, f->a, "one.bmp"), "kept mended", 'g', ""));
  eventually (f, failure_at (f, f->a, "one.bmp.json") == NULL);
}

/* "a.txt" of two pictures belongs to neither. */
static void
test_ambiguous (Fixture *f, gconstpointer data)
{
  write_picture (f->a, "a.bmp", 1);
  write_picture (f->a, "a.png", 2);
  write_file (f->a, "a.txt", "neither\n", -1);
  write_file (f->a, "a.png.txt", "this\n", -1);
  fixture_start (f);
  g_assert_true (has_tags (f, post_at (f, f->a, "a.bmp"), "", 'g', ""));
  g_assert_true (has_tags (f, post_at (f, f->a, "a.png"), "this", 'g', ""));
}

static void
test_rules (Fixture *f, gconstpointer data)
{
  g_autofree char *sub = path_in (f->a, "Some One"), *other = path_in (f->a, "other");
  g_autofree char *from = path_in (sub, "one.bmp"), *to = path_in (other, "one.bmp");
  gint64 post;

  g_assert_cmpint (g_mkdir (sub, 0755), ==, 0);
  g_assert_cmpint (g_mkdir (other, 0755), ==, 0);
  fixture_start (f);
  set_rules (f, "[(b'%s', {'tags': <'mine'>, 'rating': <'q'>, 'folder-names': <'last'>})]", f->a);
  write_picture (sub, "one.bmp", 1);
  eventually (f, n_posts (f) == 1);
  post = post_at (f, f->a, "Some One/one.bmp");
  g_assert_true (has_tags (f, post, "mine some_one", 'q', ""));
  move_file (from, to);
  eventually (f, has_tags (f, post, "mine other", 'q', ""));

  write_file (other, "two.bmp.txt", "said\nrating:g\n", -1);
  write_picture (other, "two.bmp", 2);
  eventually (f, n_posts (f) == 2);
  fixture_wait_idle (f);
  post = post_at (f, f->a, "other/two.bmp");
  g_assert_true (has_tags (f, post, "mine other said", 'g', ""));

  /* A changed rule waits until it is asked for. */
  set_rules (f, "[(b'%s', {'tags': <'ours'>, 'sidecars': <false>})]", f->a);
  monitor_library_scan_path (f->library, f->a);
  fixture_wait_idle (f);
  g_assert_true (has_tags (f, post, "mine other said", 'g', ""));
  monitor_library_apply_rules (f->library, f->a);
  eventually (f, has_tags (f, post, "ours", 'g', ""));
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 2);
}

static char *
managed (Fixture *f, const char *source, const char *suffix)
{
  g_autofree char *md5 = file_md5 (source);

  return g_strdup_printf ("%s/%s/%.2s/%.2s/%s%s", f->data_dir, BOORU_DIR_ORIGINALS, md5, md5 + 2,
                          md5, suffix);
}

static gboolean
is_file (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static gint64
only_post (Fixture *f)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("");
  BooruPage page = { BOORU_PAGE_NUMBER, 1, 1 };
  g_autoptr (GPtrArray) posts = booru_store_search (f->store, query, &page, NULL);

  g_assert_cmpuint (posts->len, ==, 1);
  return ((BooruPost *)posts->pdata[0])->id;
}

static void
test_inbox (Fixture *f, gconstpointer data)
{
  g_autofree char *source = path_in (f->inbox, "one.bmp");
  g_autofree char *json = NULL, *text = NULL;

  write_file (f->inbox, "one.bmp.json", full_json, -1);
  write_file (f->inbox, "one.txt", "more\n", -1);
  write_file (f->inbox, "alone.json", full_json, -1);
  write_file (f->inbox, "empty.txt", "", 0);
  write_picture (f->inbox, "one.bmp", 1);
  json = managed (f, source, ".bmp.json");
  text = managed (f, source, ".txt");
  fixture_start (f);
  g_assert_true (has_tags (f, only_post (f), "more sky someone", 'q', "https://example.org/1"));
  g_assert_true (is_file (json));
  g_assert_true (is_file (text));
  g_assert_false (exists (f->inbox, "one.bmp.json"));
  g_assert_true (exists (f->inbox, "alone.json"));
  g_assert_true (exists (f->inbox, "empty.txt"));

  /* A look at the managed folder takes nothing back. */
  monitor_library_reconcile (f->library);
  fixture_wait_idle (f);
  g_assert_true (has_tags (f, only_post (f), "more sky someone", 'q', "https://example.org/1"));
}

static void
test_inbox_late (Fixture *f, gconstpointer data)
{
  g_autofree char *source = path_in (f->a, "same.bmp"), *json = NULL;

  write_picture (f->a, "same.bmp", 7);
  json = managed (f, source, ".bmp.json");
  delete_file (source);
  fixture_start (f);
  write_picture (f->inbox, "one.bmp", 7);
  eventually (f, n_posts (f) == 1 && !exists (f->inbox, "one.bmp"));
  write_file (f->inbox, "one.bmp.json", full_json, -1);
  eventually (f, has_tags (f, only_post (f), "sky someone", 'q', "https://example.org/1"));
  eventually (f, is_file (json));
  g_assert_false (exists (f->inbox, "one.bmp.json"));

  /* Another one adds to it. */
  write_file (f->inbox, "one.txt", "more\n", -1);
  eventually (f, has_tags (f, only_post (f), "more sky someone", 'q', "https://example.org/1"));
  eventually (f, !exists (f->inbox, "one.txt"));
}

/* The monitor was restarted since the pictures came. */
static void
test_inbox_restart (Fixture *f, gconstpointer data)
{
  gint64 one, two;

  fixture_start (f);
  write_picture (f->inbox, "one.BMP", 1);
  eventually (f, n_posts (f) == 1);
  one = only_post (f);
  write_picture (f->inbox, "two.bmp", 2);
  eventually (f, n_posts (f) == 2);
  two = one + 1;
  fixture_wait_idle (f);
  fixture_stop (f);

  write_file (f->inbox, "one.txt", "sky\n", -1);
  write_file (f->inbox, "two.bmp.txt", "lake\n", -1);
  write_file (f->inbox, "three.txt", "none\n", -1);
  fixture_start (f);
  eventually (f, has_tags (f, one, "sky", 'g', ""));
  eventually (f, has_tags (f, two, "lake", 'g', ""));
  eventually (f, count_files (f->inbox) == 1);
  g_assert_true (exists (f->inbox, "three.txt"));
}

/* A sidecar that comes while its picture is on its way is neither lost nor left. */
static void
test_inbox_meanwhile (Fixture *f, gconstpointer data)
{
  g_autoptr (BooruQuery) said = booru_query_parse ("sky");

  fixture_start (f);
  for (guint i = 1; i <= 40; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);
      g_autofree char *json = g_strconcat (name, ".json", NULL);

      write_picture (f->inbox, name, i);
      for (guint turn = 0; turn < i; turn++)
        g_main_context_iteration (NULL, FALSE);
      write_file (f->inbox, json, full_json, -1);
    }
  eventually (f, booru_store_count (f->store, said, NULL, NULL) == 40);
  fixture_wait_idle (f);
  g_assert_cmpuint (count_files (f->inbox), ==, 0);
}

static void
test_inbox_aside (Fixture *f, gconstpointer data)
{
  write_picture (f->a, "one.bmp", 1);
  write_picture (f->inbox, "same.bmp", 1);
  write_file (f->inbox, "same.json", full_json, -1);
  write_file (f->inbox, "broken.jpg", "\xff\xd8\xff\xe0 nothing", -1);
  write_file (f->inbox, "broken.jpg.txt", "sky\n", -1);
  fixture_start (f);
  eventually (f, exists (f->inbox, "failed/broken.jpg.txt"));
  eventually (f, exists (f->inbox, "duplicates/same.json"));
  g_assert_true (exists (f->inbox, "duplicates/same.bmp"));
  g_assert_true (exists (f->inbox, "failed/broken.jpg"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/import/before", test_before);
  fixture_add ("/monitor/import/after", test_after);
  fixture_add ("/monitor/import/left-out", test_left_out);
  fixture_add ("/monitor/import/xmp", test_xmp);
  fixture_add ("/monitor/import/broken", test_broken);
  fixture_add ("/monitor/import/ambiguous", test_ambiguous);
  fixture_add ("/monitor/import/rules", test_rules);
  fixture_add ("/monitor/import/inbox", test_inbox);
  fixture_add ("/monitor/import/inbox-late", test_inbox_late);
  fixture_add ("/monitor/import/inbox-restart", test_inbox_restart);
  fixture_add ("/monitor/import/inbox-meanwhile", test_inbox_meanwhile);
  fixture_add ("/monitor/import/inbox-aside", test_inbox_aside);
  return g_test_run ();
}
