/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages as a browser gets them. */
#include <string.h>

#include "web-fixture.h"

static gboolean
is_void (const char *name)
{
  static const char *const names[]
      = { "!doctype", "meta", "link", "img", "source", "input", "br", "hr", NULL };

  return g_strv_contains (names, name);
}

/* Each element is closed, in order; no id is given twice. */
static void
require_well_formed (Answer *answer)
{
  g_autoptr (GRegex) tag
      = g_regex_new ("<!--.*?-->|<(/?)([a-zA-Z!][a-zA-Z0-9]*)((?:[^\"'>]|\"[^\"]*\"|'[^']*')*)>",
                     G_REGEX_DOTALL, 0, NULL);
  g_autoptr (GRegex) id = g_regex_new ("\\sid=\"([^\"]*)\"", 0, 0, NULL);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GMatchInfo) match = NULL;

  g_assert_true (g_utf8_validate (answer->text, -1, NULL));
  for (g_regex_match (tag, answer->text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *end = g_match_info_fetch (match, 1);
      g_autofree char *name = g_match_info_fetch (match, 2);
      g_autofree char *attributes = g_match_info_fetch (match, 3);
      g_autoptr (GMatchInfo) found = NULL;

      if (name == NULL || *name == '\0' || is_void (name))
        continue;
      if (g_regex_match (id, attributes ? attributes : "", 0, &found))
        g_assert_true (g_hash_table_add (ids, g_match_info_fetch (found, 1)));
      if (end && *end)
        {
          g_assert_cmpuint (open->len, >, 0);
          g_assert_cmpstr (name, ==, g_ptr_array_index (open, open->len - 1));
          g_ptr_array_set_size (open, (gint)open->len - 1);
        }
      else if (!g_str_has_suffix (attributes, "/"))
        g_ptr_array_add (open, g_strdup (name));
    }
  g_assert_cmpuint (open->len, ==, 0);
}

/* A page that is one: complete, and with a policy that no script on it could get around. */
static Answer *
get_page (Fixture *fixture, const char *path, guint status)
{
  Answer *answer = fixture_ask (fixture, "GET", path, "Accept", "text/html,*/*;q=0.8", NULL);
  const char *policy = answer_header (answer, "Content-Security-Policy");

  require_status (answer, status);
  g_assert_cmpstr (answer_header (answer, "Content-Type"), ==, "text/html; charset=utf-8");
  g_assert_nonnull (policy);
  g_assert_nonnull (strstr (policy, "script-src 'self'"));
  g_assert_null (strstr (policy, "unsafe"));
  require_well_formed (answer);
  prohibit_text (answer, " style=");
  prohibit_text (answer, "{{");
  return answer;
}

static BooruPost *
add_post (Fixture *fixture, const char *path, const char *tags)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, path, "jpg", path, strlen (path));

  return tags ? fixture_tag (fixture, post, tags) : g_steal_pointer (&post);
}

static char *
post_path (const BooruPost *post)
{
  return g_strdup_printf ("/posts/%" G_GINT64_FORMAT, post->id);
}

/* @fields: names and values in pairs. */
static Answer *
send_form (Fixture *fixture, const BooruPost *post, const char *const *fields)
{
  g_autofree char *path = post_path (post);
  g_autoptr (GString) form = g_string_new (NULL);

  for (gsize i = 0; fields[i]; i += 2)
    {
      g_string_append_printf (form, "%s%s=", i ? "&" : "", fields[i]);
      g_string_append_uri_escaped (form, fields[i + 1], NULL, FALSE);
    }
  return fixture_post_form (fixture, path, form->str);
}

/* What is transparent lies on a checker, as a still and as it moves; nothing else does. */
static void
test_transparent (Fixture *fixture)
{
  g_autoptr (BooruPost) opaque = fixture_add_post (fixture, "a.jpg", "jpg", "a", 1);
  g_autoptr (BooruPost) clear = fixture_add_post (fixture, "b.png", "png", "b", 1);
  g_autoptr (Answer) gallery = get_page (fixture, "/posts?tags=order:id", 200);
  g_autoptr (Answer) of_opaque = get_page (fixture, "/posts/1", 200);
  g_autoptr (Answer) of_clear = get_page (fixture, "/posts/2", 200);
  const char *cell = strstr (gallery->text, "class=\"alpha\"");

  g_assert_nonnull (cell);
  g_assert_true (strstr (gallery->text, opaque->media.md5) < cell);
  g_assert_null (strstr (cell + 1, "class=\"alpha\""));
  prohibit_text (of_opaque, "checker");
  /* As large as the picture, so that it is where the picture is. */
  require_text (of_clear, "class=\"checker\" viewBox=\"0 0 2000 1000\"");
  require_text (of_clear, "scale(50)");
}

/* Samples have no transparency. */
static void
test_transparent_sample (Fixture *fixture)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "b.png", "png", "b", 1);
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_ADD);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autoptr (Answer) page = NULL;

  change->folder_id = fixture->folder->id;
  change->path = g_strdup ("b.png");
  change->media = post->media;
  change->media.has_sample = TRUE;
  g_ptr_array_add (changes, change);
  g_assert_true (booru_store_apply_file_changes (fixture->store, changes, NULL));
  page = get_page (fixture, "/posts/1", 200);
  prohibit_text (page, "/sample/");
  require_text (page, "/original/");
}

static void
require_tags (Fixture *fixture, const BooruPost *post, const char *tags)
{
  g_autoptr (BooruPost) now = booru_store_get_post (fixture->store, post->id, NULL);
  g_autofree char *found = booru_post_dup_tag_string (now);

  g_assert_cmpstr (found, ==, tags);
}

/* What moves has a preview, and says what it is; what stands still has not. */
static void
test_moving (Fixture *fixture)
{
  g_autoptr (BooruPost) still = fixture_add_post (fixture, "a.jpg", "jpg", "a", 1);
  g_autoptr (BooruPost) video = fixture_add_post (fixture, "b.mp4", "mp4", "b", 1);
  g_autoptr (BooruPost) animation = fixture_add_post (fixture, "c.gif", "gif", "c", 1);
  g_autofree char *of_video = booru_variant_get_path (BOORU_VARIANT_MOTION, video->media.md5);
  g_autofree char *attribute = g_strdup_printf ("data-motion=\"/%s\"", of_video);
  g_autofree char *of_still = booru_variant_get_path (BOORU_VARIANT_MOTION, still->media.md5);
  g_autofree char *url = g_strconcat ("/", of_video, NULL);
  g_autofree char *video_path = post_path (video);
  g_autofree char *still_path = post_path (still);
  g_autoptr (Answer) gallery = get_page (fixture, "/posts", 200);
  g_autoptr (Answer) video_page = get_page (fixture, video_path, 200);
  g_autoptr (Answer) still_page = get_page (fixture, still_path, 200);
  g_autoptr (Answer) preview = NULL;

  require_text (gallery, attribute);
  prohibit_text (gallery, of_still);
  require_text (gallery, "▶ 0:03 ♪</span>");
  require_text (gallery, "GIF 1:00</span>");
  require_text (gallery, "2000 × 1000, 1,200 frames, gif");
  require_text (gallery, "50 frames, with sound, mp4");
  require_text (video_page, "0:03 <span class=\"quiet\">(with sound)</span>");
  require_text (video_page, "<dt>Frames</dt><dd>50</dd>");
  prohibit_text (still_page, "<dt>Frames</dt>");

  fixture_add_variant (fixture, video, BOORU_VARIANT_MOTION, "moving", 6);
  preview = fixture_ask (fixture, "GET", url, NULL);
  require_status (preview, 200);
  g_assert_cmpstr (answer_header (preview, "Content-Type"), ==, "image/webp");
}

static void
test_gallery (Fixture *fixture)
{
  g_autoptr (BooruPost) first = add_post (fixture, "a.jpg", "blue_sky artist:ann");
  g_autoptr (BooruPost) second = add_post (fixture, "b.jpg", "cat");
  g_autoptr (Answer) front = get_page (fixture, "/", 200);
  g_autoptr (Answer) all = get_page (fixture, "/posts", 200);
  g_autoptr (Answer) some = get_page (fixture, "/posts?tags=blue_sky", 200);
  g_autoptr (Answer) none = get_page (fixture, "/posts?tags=blue_sky+cat", 200);

  require_text (front, "<!-- Running Danbooru v2 -->");
  require_text (all, "2 posts");
  require_text (all, "alt=\"ann, blue sky\"");
  require_text (all, "alt=\"cat\"");
  require_text (all, "720w");
  require_text (all, "width=\"360\" height=\"180\"");
  require_text (some, "1 post<");
  require_text (some, "value=\"blue_sky\"");
  require_text (some, "href=\"/posts/1?q=blue_sky\"");
  require_text (some, "href=\"/posts?tags=blue_sky+-ann\"");
  prohibit_text (some, "alt=\"cat\"");
  require_text (none, "Nothing found");
  require_text (none, "no post has all of them");
}

static void
test_pager (Fixture *fixture)
{
  for (int i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.jpg", i);
      g_autoptr (BooruPost) post = add_post (fixture, name, "x");
    }
  {
    g_autoptr (Answer) first = get_page (fixture, "/posts?tags=x&limit=2", 200);
    g_autoptr (Answer) third = get_page (fixture, "/posts?tags=x&limit=2&page=3", 200);
    g_autoptr (Answer) last = get_page (fixture, "/posts?tags=x&limit=2&page=6", 200);
    g_autoptr (Answer) past = get_page (fixture, "/posts?tags=x&limit=2&page=7", 200);
    g_autoptr (Answer) far = get_page (fixture, "/posts?page=1001", 410);
    g_autoptr (Answer) wrong = get_page (fixture, "/posts?page=x", 400);
    g_autoptr (Answer) before = get_page (fixture, "/posts?limit=2&page=b5", 200);

    prohibit_text (first, "rel=\"prev\"");
    require_text (first, "rel=\"next\" href=\"/posts?tags=x&amp;limit=2&amp;page=2\"");
    require_text (third, "rel=\"prev\" href=\"/posts?tags=x&amp;limit=2&amp;page=2\"");
    require_text (third, "aria-current=\"page\">3<");
    require_text (last, "rel=\"prev\"");
    prohibit_text (last, "rel=\"next\"");
    require_text (past, "Past the last page");
    require_text (past, "href=\"/posts?tags=x&amp;limit=2&amp;page=6\"");
    require_text (far, "Only the first 1,000 pages can be opened. Narrow the search.</p>");
    require_text (wrong, "Bad request");
    require_text (before, "rel=\"next\" href=\"/posts?limit=2&amp;page=b3\"");
    require_text (before, "rel=\"prev\" href=\"/posts?limit=2&amp;page=a4\"");
  }
}

static void
test_empty_library (Fixture *fixture)
{
  g_autoptr (Answer) answer = get_page (fixture, "/posts", 200);

  require_text (answer, "No pictures yet");
  require_text (answer, "<code>/pictures/a&lt;b&gt;\\n\\xff</code>");
  require_text (answer, "1,200 of 5,000 files"); /* how far the scan is */
}

static void
test_no_folder (Fixture *fixture)
{
  g_autoptr (Answer) answer = get_page (fixture, "/posts", 200);
  g_autoptr (Answer) tags = get_page (fixture, "/tags", 200);
  g_autoptr (Answer) random = fixture_ask (fixture, "GET", "/posts/random", NULL);

  require_text (answer, "No folder has been added yet");
  require_text (tags, "No tags yet");
  require_status (random, 302);
  g_assert_cmpstr (answer_header (random, "Location"), ==, "/posts");
}

static void
test_hostile_texts (Fixture *fixture)
{
  const char *name = "<img src=x onerror=alert(1)>\n\xff\xe2\x80\xae\"'.jpg";
  g_autoptr (BooruPost) post = add_post (fixture, name, "<script>alert(1)</script> a\"b'c&d");
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (BooruPost) edited = NULL;
  static const char *const paths[] = {
    "/posts",
    "/posts?tags=%3Cscript%3Ealert(1)%3C/script%3E",
    "/posts?tags=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/posts?tags=%22%20onfocus=alert(1)%20x=%22",
    "/posts/1",
    "/posts/1?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/tags",
    "/tags?search[name_matches]=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/tags?search[category]=%22%3E%3Cscript%3E&search[order]=%22%3E%3Cscript%3E",
  };

  edit.source = "javascript:alert(1)";
  edited = booru_store_edit_post (fixture->store, post->id, &edit, NULL);
  g_assert_nonnull (edited);

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (Answer) answer = get_page (fixture, paths[i], 200);

      prohibit_text (answer, "<script>");
      prohibit_text (answer, "<img src=x");
      prohibit_text (answer, "href=\"javascript");
      prohibit_text (answer, "\" onfocus");
      prohibit_text (answer, "\xe2\x80\xae");
    }
  {
    g_autoptr (Answer) answer = get_page (fixture, "/posts/1", 200);

    require_text (answer, "&lt;img src=x onerror=alert(1)&gt;\\n\\xff\\u{202e}&quot;&#39;.jpg");
    require_text (answer, "a&quot;b&#39;c&amp;d");
    require_text (answer, "javascript:alert(1)");
  }
}

static void
test_unicode (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "初音ミク ✨.jpg", "初音ミク café character:ж");
  g_autoptr (Answer) found
      = get_page (fixture, "/posts?tags=%E5%88%9D%E9%9F%B3%E3%83%9F%E3%82%AF", 200);
  g_autoptr (Answer) shown = get_page (fixture, "/posts/1", 200);
  g_autoptr (Answer) tags = get_page (fixture, "/tags?search[name_matches]=CAF", 200);

  require_text (found, "1 post<");
  require_text (found, "value=\"初音ミク\"");
  require_text (shown, "初音ミク ✨.jpg");
  require_text (shown, "href=\"/posts?tags=%E5%88%9D%E9%9F%B3%E3%83%9F%E3%82%AF\"");
  require_text (tags, "café");
  prohibit_text (tags, "初音ミク");
}

static void
test_post (Fixture *fixture)
{
  g_autoptr (BooruPost) first = add_post (fixture, "a.jpg", "x");
  g_autoptr (BooruPost) second = add_post (fixture, "sub/b.jpg", "x y");
  g_autoptr (BooruPost) third = add_post (fixture, "c.jpg", "y");
  g_autoptr (BooruPost) video = fixture_add_post (fixture, "d.mp4", "mp4", "d", 1);
  g_autoptr (BooruPost) copy = fixture_add_file (fixture, first, "copy of a.jpg", "a.jpg", 5);
  g_autoptr (Answer) shown = get_page (fixture, "/posts/2", 200);
  g_autoptr (Answer) within = get_page (fixture, "/posts/2?q=x", 200);
  g_autoptr (Answer) reversed = get_page (fixture, "/posts/2?q=order:id", 200);
  g_autoptr (Answer) twice = get_page (fixture, "/posts/1", 200);
  g_autoptr (Answer) moving = get_page (fixture, "/posts/4", 200);

  require_text (shown, "2000 × 1000");
  require_text (shown, second->media.md5);
  require_text (shown, "<span class=\"name\">b.jpg</span>");
  require_text (shown, "2000w\"");
  require_text (shown, "rel=\"prev\" href=\"/posts/3\"");
  require_text (shown, "rel=\"next\" href=\"/posts/1?n=1\"");
  prohibit_text (within, "rel=\"prev\"");
  require_text (within, "rel=\"next\" href=\"/posts/1?q=x&amp;n=1\"");
  require_text (reversed, "rel=\"prev\" href=\"/posts/1?q=order:id\"");
  require_text (twice, "copy of a.jpg");
  require_text (moving, "<video id=\"image\" controls");
  require_text (moving, "0:03");
}

static void
test_metadata (Fixture *fixture)
{
  static const char *const shown[] = {
    "<dt>Camera</dt><dd>Canon EOS</dd>",
    "<dt>Taken</dt><dd>2024-01-31 12:00:00 +01:00</dd>",
    "<dt>Exposure</dt><dd>1/125 s, f/2.8, ISO 200, 35 mm</dd>",
    "<dt>Keywords</dt><dd>a &lt;b&gt;, c, d</dd>",
    "<h3>Prompt</h3>",
    ">a lake,\n(dusk:1.2)</pre>",
    ">people &lt;script&gt;</pre>",
    ">Steps: 20, Size: 8x8</pre>",
    "<dt>PNG:&lt;odd&gt;</dt><dd>1.5</dd>",
  };
  g_autoptr (BooruPost) post = fixture_add_post (fixture, "a.jpg", "jpg", "picture", 7);
  g_autoptr (Answer) without = get_page (fixture, "/posts/1", 200), page = NULL;

  prohibit_text (without, "Metadata");
  fixture_set_metadata (
      fixture, post,
      "{\"EXIF:Make\":\"Canon\",\"EXIF:Model\":\"Canon EOS\","
      "\"EXIF:DateTimeOriginal\":\"2024:01:31 12:00:00\",\"EXIF:OffsetTimeOriginal\":\"+01:00\","
      "\"EXIF:ExposureTime\":0.008,\"EXIF:FNumber\":2.8,\"EXIF:ISO\":200,\"EXIF:FocalLength\":35,"
      "\"XMP:Subject\":[\"a <b>\",\"c\"],\"IPTC:Keywords\":[\"a <b>\",\"d\"],"
      "\"PNG:parameters\":\"a lake,\\n(dusk:1.2)\\nNegative prompt: people <script>\\nSteps: 20, "
      "Size: 8x8\",\"PNG:<odd>\":1.5}");
  page = get_page (fixture, "/posts/1", 200);
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    require_text (page, shown[i]);
}

static void
test_what_is_not_there (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "x");
  g_autoptr (Answer) missing = get_page (fixture, "/posts/77", 404);
  g_autoptr (Answer) word = get_page (fixture, "/posts/abc", 404);
  g_autoptr (Answer) large = get_page (fixture, "/posts/99999999999999999999", 404);
  g_autoptr (Answer) path = get_page (fixture, "/nothing/here", 404);
  g_autoptr (Answer) md5 = get_page (fixture, "/posts?md5=ffffffffffffffffffffffffffffffff", 404);
  g_autoptr (Answer) no_md5 = get_page (fixture, "/posts?md5=%3Cb%3E", 404);
  g_autofree char *by_md5 = g_strconcat ("/posts?md5=", post->media.md5, NULL);
  g_autoptr (Answer) redirect = fixture_ask (fixture, "GET", by_md5, NULL);

  require_text (missing, "Post 77 doesn");
  require_text (path, "Not found");
  require_status (redirect, 302);
  g_assert_cmpstr (answer_header (redirect, "Location"), ==, "/posts/1");
}

static void
test_lost_file (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "x");
  g_autoptr (GPtrArray) files = booru_store_list_post_files (fixture->store, post->id, NULL);
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_REMOVE);

  change->file_id = ((BooruFile *)g_ptr_array_index (files, 0))->id;
  g_ptr_array_add (changes, change);
  g_assert_true (booru_store_apply_file_changes (fixture->store, changes, NULL));
  {
    g_autoptr (Answer) answer = get_page (fixture, "/posts/1", 200);

    require_text (answer, "The file of this post is missing");
    require_text (answer, "Edit tags");
    prohibit_text (answer, "/original/");
  }
}

static void
test_edit (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "old stays");
  const char *fields[] = { "post[tag_string]",
                           "stays\r\nfresh artist:ann",
                           "post[old_tag_string]",
                           "old stays",
                           "post[rating]",
                           "q",
                           "post[old_rating]",
                           "g",
                           "post[source]",
                           "https://example.org/",
                           "old_source",
                           "",
                           "q",
                           "a b",
                           NULL };
  g_autoptr (Answer) answer = send_form (fixture, post, fields);
  g_autoptr (Answer) shown = NULL;
  g_autoptr (BooruPost) now = booru_store_get_post (fixture->store, post->id, NULL);

  require_status (answer, 303);
  g_assert_cmpstr (answer_header (answer, "Location"), ==,
                   "/posts/1?q=a+b&done=saved&post=1&change=2");
  require_tags (fixture, post, "ann fresh stays");
  g_assert_cmpint (now->rating, ==, 'q');
  g_assert_cmpstr (now->source, ==, "https://example.org/");

  shown = get_page (fixture, answer_header (answer, "Location"), 200);
  require_text (shown, "Changes saved.");
  require_text (shown, "action=\"/post_versions/2/undo\"");
  require_text (shown, "href=\"https://example.org/\"");
  require_text (shown, "value=\"q\" checked");
}

/* Two people open the form, one after the other saves: both their changes stay. */
static void
test_edit_conflict (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "a b");
  const char *one[] = { "post[tag_string]",
                        "a b mine",
                        "post[old_tag_string]",
                        "a b",
                        "post[source]",
                        "https://one.example/",
                        "old_source",
                        "",
                        NULL };
  const char *other[] = { "post[tag_string]",
                          "b theirs",
                          "post[old_tag_string]",
                          "a b",
                          "post[source]",
                          "",
                          "old_source",
                          "",
                          NULL };
  g_autoptr (Answer) first = send_form (fixture, post, one);
  g_autoptr (Answer) second = send_form (fixture, post, other);
  g_autoptr (BooruPost) now = booru_store_get_post (fixture->store, post->id, NULL);

  require_status (first, 303);
  require_status (second, 303);
  require_tags (fixture, post, "b mine theirs");
  g_assert_cmpstr (now->source, ==, "https://one.example/");
}

static void
test_invalid_edit (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "a b");
  const char *bad_tag[] = { "post[tag_string]",
                            "a kept_text bad*tag </textarea>",
                            "post[old_tag_string]",
                            "what_was_seen",
                            "post[rating]",
                            "e",
                            "post[source]",
                            "my source",
                            NULL };
  const char *bad_rating[] = { "post[tag_string]", "a c", "post[rating]", "zz", NULL };
  g_autoptr (Answer) tag = send_form (fixture, post, bad_tag);
  g_autoptr (Answer) rating = send_form (fixture, post, bad_rating);

  require_status (tag, 422);
  require_well_formed (tag);
  require_text (tag, "role=\"alert\"");
  require_text (tag, "a valid tag");
  require_text (tag, "a kept_text bad*tag &lt;/textarea&gt;</textarea>");
  require_text (tag, "value=\"what_was_seen\"");
  require_text (tag, "value=\"e\" checked");
  require_text (tag, "value=\"my source\"");
  require_status (rating, 422);
  require_text (rating, "“zz” is not a rating");
  require_text (rating, "a c</textarea>");
  require_tags (fixture, post, "a b");
}

static void
test_refused_edit (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "a");
  g_autoptr (BooruPost) nowhere = booru_post_new ();
  const char *fields[] = { "post[tag_string]", "b", NULL };
  g_autoptr (Answer) forged = fixture_ask (fixture, "POST", "/posts/1?post[tag_string]=b", "Origin",
                                           "https://evil.example", NULL);
  g_autoptr (Answer) lost = NULL;

  nowhere->id = 99;
  lost = send_form (fixture, nowhere, fields);
  require_status (forged, 403);
  require_status (lost, 404);
  require_text (lost, "nothing was saved");
  require_tags (fixture, post, "a");
}

static void
test_tags (Fixture *fixture)
{
  g_autoptr (BooruPost) first = add_post (fixture, "a.jpg", "artist:ann blue_sky");
  g_autoptr (BooruPost) second = add_post (fixture, "b.jpg", "blue_sky");
  g_autoptr (Answer) all = get_page (fixture, "/tags", 200);
  g_autoptr (Answer) artists = get_page (fixture, "/tags?search[category]=artist", 200);
  g_autoptr (Answer) part = get_page (fixture, "/tags?search[name_matches]=e+sk", 200);
  g_autoptr (Answer) none = get_page (fixture, "/tags?search[name_matches]=zebra", 200);
  g_autoptr (Answer) far = get_page (fixture, "/tags?page=1001", 410);
  const char *sky = strstr (all->text, ">blue sky<"), *ann = strstr (all->text, ">ann<");

  g_assert_true (sky && ann && sky < ann);
  require_text (artists, ">ann<");
  prohibit_text (artists, ">blue sky<");
  require_text (artists, "value=\"artist\" selected");
  require_text (part, ">blue sky<");
  prohibit_text (part, ">ann<");
  require_text (none, "No such tag");
}

static void
test_hints (Fixture *fixture)
{
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "blue_sky");
  g_autoptr (Answer) answer = get_page (fixture, "/posts?tags=sky+-rating:e", 200);

  require_text (answer, "No post has the tag “sky”. Did you mean "
                        "<a href=\"/posts?tags=blue_sky+-rating:e\">blue sky?</a>");
  prohibit_text (answer, "the tag “-rating:e”");
}

static void
test_assets (Fixture *fixture)
{
  g_autoptr (Answer) page = get_page (fixture, "/tags", 200);
  g_autoptr (GRegex) regex = g_regex_new ("\"(/assets/[^\"]+)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (Answer) stale = fixture_ask (fixture, "GET", "/assets/app.000000000000.css", NULL);
  g_autoptr (Answer) unknown = fixture_ask (fixture, "GET", "/assets/x.000000000000.css", NULL);
  guint n_assets = 0;

  for (g_regex_match (regex, page->text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL), n_assets++)
    {
      g_autofree char *path = g_match_info_fetch (match, 1);
      g_autoptr (Answer) asset = fixture_ask (fixture, "GET", path, NULL);

      require_status (asset, 200);
      g_assert_cmpstr (answer_header (asset, "Cache-Control"), ==,
                       "public, max-age=31536000, immutable");
    }
  g_assert_cmpuint (n_assets, >, 3);
  require_status (stale, 200);
  g_assert_cmpstr (answer_header (stale, "Cache-Control"), ==, "no-cache");
  require_status (unknown, 404);
}

/* In development mode a name that a page forgot to set is an error. */
static void
test_development (Fixture *fixture)
{
  g_autoptr (Answer) empty = get_page (fixture, "/posts", 200);
  g_autoptr (Answer) no_tags = get_page (fixture, "/tags", 200);
  g_autoptr (BooruPost) post = add_post (fixture, "a.jpg", "x artist:y");
  g_autoptr (BooruPost) bare = fixture_add_post (fixture, "b.mp4", "mp4", "b", 1);
  const char *bad_tag[] = { "post[tag_string]", "bad*tag", NULL };
  g_autoptr (Answer) refused = send_form (fixture, post, bad_tag);
  static const char *const paths[]
      = { "/",     "/posts?limit=1",  "/posts?tags=x", "/posts/1", "/posts/2?q=-x", "/posts?page=2",
          "/tags", "/posts?tags=none" };

  require_status (refused, 422);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (Answer) answer = get_page (fixture, paths[i], 200);
    }
  {
    g_autoptr (Answer) answer = get_page (fixture, "/posts/9", 404);

    require_text (answer, "Post 9 doesn");
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  fixture_add_test ("/web/pages/gallery", NULL, test_gallery);
  fixture_add_test ("/web/pages/moving", NULL, test_moving);
  fixture_add_test ("/web/pages/transparent", NULL, test_transparent);
  fixture_add_test ("/web/pages/transparent-sample", NULL, test_transparent_sample);
  fixture_add_test ("/web/pages/pager", NULL, test_pager);
  fixture_add_test ("/web/pages/empty-library",
                    "{'library-folders': <[b'/pictures/a<b>\\n\\377']>}", test_empty_library);
  fixture_add_test ("/web/pages/no-folder", NULL, test_no_folder);
  fixture_add_test ("/web/pages/hostile-texts", NULL, test_hostile_texts);
  fixture_add_test ("/web/pages/unicode", NULL, test_unicode);
  fixture_add_test ("/web/pages/post", NULL, test_post);
  fixture_add_test ("/web/pages/metadata", NULL, test_metadata);
  fixture_add_test ("/web/pages/what-is-not-there", NULL, test_what_is_not_there);
  fixture_add_test ("/web/pages/lost-file", NULL, test_lost_file);
  fixture_add_test ("/web/pages/edit", NULL, test_edit);
  fixture_add_test ("/web/pages/edit-conflict", NULL, test_edit_conflict);
  fixture_add_test ("/web/pages/invalid-edit", NULL, test_invalid_edit);
  fixture_add_test ("/web/pages/refused-edit", NULL, test_refused_edit);
  fixture_add_test ("/web/pages/tags", NULL, test_tags);
  fixture_add_test ("/web/pages/hints", NULL, test_hints);
  fixture_add_test ("/web/pages/assets", NULL, test_assets);
  fixture_add_test ("/web/pages/development", "{'dev': <true>}", test_development);
  return g_test_run ();
}
