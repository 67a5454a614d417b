/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which answers are given again after a write, and which are made anew. The test's own store is
 * written through: another connection, as another process has it. */
#include <string.h>

#include "web-fixture.h"

#define SHOWN_BY_ALL "/posts.json?tags=sky", "/posts?tags=sky", "/posts/1", "/posts/1.json"

static double n_hits;

static void
read_hits (Fixture *fixture)
{
  g_autoptr (GVariant) families = g_variant_ref_sink (
      booru_metrics_to_variant (booru_service_context_get_metrics (fixture->context)));
  g_autofree char *text = g_variant_print (families, FALSE);
  const char *found = strstr (text, "'booru_http_cache_hits_total'");

  g_assert_nonnull (found);
  found = strstr (found, "([], [");
  n_hits = found ? g_ascii_strtod (found + strlen ("([], ["), NULL) : 0;
}

/* Asks; returns whether the answer was a kept one. */
static gboolean
ask (Fixture *fixture, const char *path, char **text)
{
  g_autoptr (Answer) answer = NULL;
  double before;

  fixture_invoke (read_hits, fixture);
  before = n_hits;
  answer = fixture_ask (fixture, "GET", path, NULL);
  require_status (answer, 200);
  fixture_invoke (read_hits, fixture);
  if (text)
    *text = g_strdup (answer->text);
  return n_hits > before;
}

/* Has answers kept. */
static void
keep (Fixture *fixture, const char *const *paths)
{
  for (; *paths; paths++)
    {
      ask (fixture, *paths, NULL);
      if (!ask (fixture, *paths, NULL))
        g_error ("%s is not kept", *paths);
    }
}

static void
require_kept (Fixture *fixture, const char *const *paths)
{
  for (; *paths; paths++)
    if (!ask (fixture, *paths, NULL))
      g_error ("%s was made anew", *paths);
}

/* @words: what the new answers say. */
static void
require_new (Fixture *fixture, const char *words, const char *const *paths)
{
  for (; *paths; paths++)
    {
      g_autofree char *text = NULL;

      if (ask (fixture, *paths, &text))
        g_error ("%s was kept", *paths);
      if (strstr (text, words) == NULL)
        g_error ("%s does not say %s", *paths, words);
    }
}

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static BooruPost *
add_post (Fixture *fixture, const char *name, const char *tags)
{
  g_autoptr (BooruPost) post = fixture_add_post (fixture, name, "jpg", name, strlen (name));

  return fixture_tag (fixture, post, tags);
}

static void
retag (Fixture *fixture, const BooruPost *post, const char *tags)
{
  booru_post_unref (fixture_tag (fixture, post, tags));
}

static void
test_posts (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "sky tree");
  g_autoptr (BooruPost) b = add_post (fixture, "b.jpg", "lake");

  keep (fixture, PATHS (SHOWN_BY_ALL, "/counts/posts.json?tags=sky", "/posts"));
  retag (fixture, b, "lake sea");
  require_kept (fixture, PATHS (SHOWN_BY_ALL, "/counts/posts.json?tags=sky"));
  require_new (fixture, "sea", PATHS ("/posts"));

  retag (fixture, a, "sky tree cloud");
  require_kept (fixture, PATHS ("/counts/posts.json?tags=sky"));
  require_new (fixture, "cloud", PATHS (SHOWN_BY_ALL));
}

/* Written by this very process, too. */
static void
test_own (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "sky");
  g_autoptr (BooruPost) b = add_post (fixture, "b.jpg", "lake");
  g_autoptr (Answer) other = NULL, same = NULL;

  keep (fixture, PATHS (SHOWN_BY_ALL));
  other = fixture_send (fixture, "PUT", "/posts/2.json", FORM, "post[tag_string]=lake+sea");
  require_status (other, 200);
  require_kept (fixture, PATHS (SHOWN_BY_ALL));
  same = fixture_send (fixture, "PUT", "/posts/1.json", FORM, "post[tag_string]=sky+cloud");
  require_status (same, 200);
  require_new (fixture, "cloud", PATHS (SHOWN_BY_ALL));
}

/* Pages show how many posts have a tag, the API does not. */
static void
test_tag_counts (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "sky tree");
  g_autoptr (BooruPost) b = add_post (fixture, "b.jpg", "lake");

  keep (fixture, PATHS (SHOWN_BY_ALL, "/tags", "/tags.json"));
  retag (fixture, b, "lake tree");
  require_kept (fixture, PATHS ("/posts.json?tags=sky", "/posts/1.json"));
  require_new (fixture, ">2<", PATHS ("/posts?tags=sky", "/posts/1", "/tags"));
  require_new (fixture, "\"post_count\":2", PATHS ("/tags.json"));
}

/* In one write. */
static void
add_posts_of_sky (Fixture *fixture, guint n)
{
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);

  for (guint i = 0; i < n; i++)
    {
      BooruFileChange *change = booru_file_change_new (BOORU_FILE_ADD);
      BooruImport *import = booru_import_new (BOORU_IMPORT_SIDECAR);

      change->folder_id = fixture->folder->id;
      change->path = g_strdup_printf ("sky-%u.jpg", i);
      change->stat = (BooruFileStat){ 10, 1, i + 1000, 1 };
      g_snprintf (change->media.md5, sizeof change->media.md5, "%032x", i + 1);
      g_strlcpy (change->media.ext, "jpg", sizeof change->media.ext);
      change->media.width = change->media.height = 10;
      import->tags = g_strdup ("sky");
      change->imports = booru_imports_new ();
      g_ptr_array_add (change->imports, import);
      g_ptr_array_add (changes, change);
    }
  g_assert_true (booru_store_apply_file_changes (fixture->store, changes, NULL));
}

static void
retag_by_id (Fixture *fixture, gint64 id, const char *tags)
{
  g_autoptr (BooruPost) post = booru_store_get_post (fixture->store, id, NULL);

  retag (fixture, post, tags);
}

/* Large counts are rounded: pages hold until they read differently. */
static void
test_large_counts (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "lake sky");

  add_posts_of_sky (fixture, 1001);
  keep (fixture, PATHS ("/posts?tags=lake", "/posts/1", "/tags"));
  retag_by_id (fixture, 2, "tree");
  require_kept (fixture, PATHS ("/posts?tags=lake", "/posts/1"));
  require_new (fixture, ">1,001<", PATHS ("/tags"));

  retag_by_id (fixture, 3, "tree");
  require_kept (fixture, PATHS ("/posts?tags=lake", "/posts/1"));
  retag_by_id (fixture, 4, "tree");
  require_new (fixture, ">999<", PATHS ("/posts?tags=lake", "/posts/1"));
}

static void
test_categories (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "sky ann");
  g_autoptr (BooruPost) b = add_post (fixture, "b.jpg", "ann");

  keep (fixture, PATHS (SHOWN_BY_ALL));
  retag (fixture, b, "artist:ann");
  require_new (fixture, "artist", PATHS (SHOWN_BY_ALL));
}

/* What a search finds, though none of the posts that are shown was touched. */
static void
test_searches (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "sky");
  g_autoptr (BooruPost) b = add_post (fixture, "b.jpg", "sky");
  g_autoptr (BooruPost) c = add_post (fixture, "c.jpg", "lake");

  keep (fixture, PATHS ("/posts.json?tags=sky&limit=1", "/posts?tags=sky+-lake&limit=1",
                        "/counts/posts.json?tags=sky", "/posts/2?q=sky", "/posts/1?q=lake"));
  retag (fixture, c, "lake sky");
  require_new (fixture, "\"id\":3", PATHS ("/posts.json?tags=sky&limit=1"));
  require_new (fixture, "\"posts\":3", PATHS ("/counts/posts.json?tags=sky"));
  require_new (fixture, "/posts/3", PATHS ("/posts/2?q=sky"));

  keep (fixture, PATHS ("/posts?tags=sky+-lake&limit=1"));
  g_assert_true (booru_store_delete_post (fixture->store, 1, BOORU_USER_OWNER, NULL));
  require_kept (fixture, PATHS ("/posts.json?tags=sky&limit=1"));
  require_new (fixture, "1 post<", PATHS ("/posts?tags=sky+-lake&limit=1"));
  require_new (fixture, "\"posts\":2", PATHS ("/counts/posts.json?tags=sky"));
}

/* The page says what was perhaps meant. */
static void
test_names (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "blue sea");
  g_autoptr (BooruPost) b = add_post (fixture, "b.jpg", "lake shore");
  g_autoptr (BooruPost) c = add_post (fixture, "c.jpg", "lake shore");

  keep (fixture, PATHS ("/posts?tags=blue+sea"));
  retag (fixture, b, "lake");
  require_kept (fixture, PATHS ("/posts?tags=blue+sea"));
  retag (fixture, b, "lake blue_sea");
  require_new (fixture, "Did you mean", PATHS ("/posts?tags=blue+sea"));
}

/* What the page of a post shows beside its row. */
static void
test_surroundings (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "sky");
  g_autoptr (BooruPost) b = add_post (fixture, "b.jpg", "lake");
  g_autoptr (BooruPost) copied = NULL;

  keep (fixture, PATHS ("/posts/1"));
  copied = fixture_add_file (fixture, a, "copy-of-a.jpg", "a.jpg", 5);
  require_new (fixture, "copy-of-a.jpg", PATHS ("/posts/1"));

  keep (fixture, PATHS ("/posts/1", "/posts/1.json"));
  retag (fixture, b, "lake parent:1");
  require_new (fixture, "Children", PATHS ("/posts/1"));
  require_new (fixture, "\"has_children\":true", PATHS ("/posts/1.json"));

  keep (fixture, PATHS ("/posts/1"));
  fixture_set_metadata (fixture, a, "{\"EXIF:Model\":\"Box\"}");
  require_new (fixture, "Box", PATHS ("/posts/1"));

  keep (fixture, PATHS ("/posts/1"));
  g_assert_true (
      booru_store_set_folder_state (fixture->store, fixture->folder->id, FALSE, 1, NULL));
  require_new (fixture, "currently unavailable", PATHS ("/posts/1"));
}

static void
test_nothing (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "sky");

  keep (fixture, PATHS (SHOWN_BY_ALL, "/tags", "/tags.json"));
  booru_folder_free (
      booru_store_ensure_folder (fixture->store, "/elsewhere", BOORU_FOLDER_LIBRARY, NULL));
  require_kept (fixture, PATHS (SHOWN_BY_ALL, "/tags", "/tags.json"));
}

/* More than are remembered. */
static void
test_many (Fixture *fixture)
{
  g_autoptr (BooruPost) a = add_post (fixture, "a.jpg", "sky");
  g_autoptr (BooruPost) b = add_post (fixture, "b.jpg", "lake");

  keep (fixture, PATHS ("/posts.json?tags=sky"));
  for (guint i = 0; i < 1200; i++)
    retag (fixture, b, i % 2 ? "lake" : "lake sea");
  retag (fixture, a, "sky cloud");
  require_new (fixture, "cloud", PATHS ("/posts.json?tags=sky"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add_test ("/web/kept/posts", NULL, test_posts);
  fixture_add_test ("/web/kept/own", NULL, test_own);
  fixture_add_test ("/web/kept/tag-counts", NULL, test_tag_counts);
  fixture_add_test ("/web/kept/large-counts", NULL, test_large_counts);
  fixture_add_test ("/web/kept/categories", NULL, test_categories);
  fixture_add_test ("/web/kept/searches", NULL, test_searches);
  fixture_add_test ("/web/kept/names", NULL, test_names);
  fixture_add_test ("/web/kept/surroundings", NULL, test_surroundings);
  fixture_add_test ("/web/kept/nothing", NULL, test_nothing);
  fixture_add_test ("/web/kept/many", NULL, test_many);
  return g_test_run ();
}
