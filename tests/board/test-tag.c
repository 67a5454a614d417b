/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags, posts, files and variants by themselves. */
#include <booru.h>

#include <string.h>

#include "board/booru-word.h"
#include "board/query/booru-query-ast.h"

static void
require_tag (const char *name, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *tag = booru_tag_normalize (name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (tag, ==, expected);
}

static void
refuse_tag (const char *name)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (booru_tag_normalize (name, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_normalize (void)
{
  require_tag ("sky", "sky");
  require_tag ("Blue Sky", "blue_sky");
  require_tag ("  blue \t sky ", "blue_sky");
  require_tag ("blue__sky_", "blue_sky");
  require_tag ("\xc3\x89T\xc3\x89", "\xc3\xa9t\xc3\xa9");
  require_tag ("e\xcc\x81", "\xc3\xa9");
  require_tag ("\xe7\xa9\xba", "\xe7\xa9\xba");
  require_tag ("cat_(animal)", "cat_(animal)");
  require_tag (":)", ":)");
  require_tag (">:(", ">:(");
  require_tag ("re:zero", "re:zero");
  require_tag ("3:1", "3:1");
  require_tag ("a-b", "a-b");
  require_tag ("100%", "100%");
}

static void
test_refuse (void)
{
  static const char *const names[] = {
    "",         " ",      "___",         "a*b",  "a,b",    "-a",        "~a",
    "%a",       "`a",     "(a)",         ")a",   "{a}",    "[a]",       "/a",
    "and",      "OR",     "not",         "new",  "search", "a\nb\x01c", "a\x7f",
    "\xff",     "a\xc3",  "rating:s",    "ID:5", "user:x", "folder:x",  "artist:x",
    "general:", "char:x", "cat_(animal", "cat)", "a)(b",   ":(x",       "a\xe2\x80\x8b",
  };
  g_autofree char *fits = g_strnfill (170, 'x'), *long_name = g_strnfill (171, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *shown = g_strescape (names[i], NULL);

      g_test_message ("%s", shown);
      refuse_tag (names[i]);
    }
  require_tag (fits, fits);
  refuse_tag (long_name);
}

/* What normalizing made is normal, and the search for it is that tag. */
static void
test_searchable (void)
{
  static const char *const names[]
      = { "sky", "Blue Sky", ":)", "cat_(animal)", "re:zero", "a'b\"c", "a\\b", "1+1=2", "^_^" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *tag = booru_tag_normalize (names[i], NULL);
      g_autofree char *grouped = g_strdup_printf ("(%s)", tag);
      g_autoptr (BooruQuery) query = booru_query_parse (tag);
      g_autoptr (BooruQuery) group = booru_query_parse (grouped);

      require_tag (tag, tag);
      g_assert_cmpint (query->root->type, ==, BOORU_QUERY_TAG);
      g_assert_cmpstr (query->root->text, ==, tag);
      g_assert_cmpint (group->root->type, ==, BOORU_QUERY_TAG);
      g_assert_cmpstr (group->root->text, ==, tag);
    }
}

/* Each metatag that searches know is kept from being the beginning of a tag. */
static void
test_metatags (void)
{
  for (BooruMetatag metatag = 0; metatag < BOORU_METATAG_RESERVED; metatag++)
    {
      const char *name = booru_metatag_get_name (metatag);

      g_assert_true (booru_word_is_metatag (name, strlen (name)));
    }
  g_assert_false (booru_word_is_metatag ("i", 1));
  g_assert_false (booru_word_is_metatag ("idx", 3));
  g_assert_true (booru_word_is_metatag ("Pool:5", 4));
}

static void
test_categories (void)
{
  BooruTagCategory category;

  for (gsize i = 0; i < BOORU_N_TAG_CATEGORIES; i++)
    {
      g_assert_true (booru_tag_category_from_string (
          booru_tag_category_to_string (booru_tag_categories[i]), &category));
      g_assert_cmpint (category, ==, booru_tag_categories[i]);
    }
  g_assert_true (booru_tag_category_from_string ("Char", &category));
  g_assert_cmpint (category, ==, BOORU_TAG_CHARACTER);
  g_assert_true (booru_tag_category_from_string ("3", &category));
  g_assert_cmpint (category, ==, BOORU_TAG_COPYRIGHT);
  g_assert_false (booru_tag_category_from_string ("2", &category));
  g_assert_false (booru_tag_category_from_string ("", &category));
}

static void
test_post (void)
{
  g_autoptr (BooruPost) post = booru_post_new ();
  g_autoptr (GString) general = g_string_new ("kept ");
  g_autofree char *all = NULL, *none = booru_post_dup_tag_string (post);

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpint (post->rating, ==, BOORU_RATING_GENERAL);
  g_ptr_array_add (post->tags, booru_tag_ref_new (2, "zoe", BOORU_TAG_ARTIST, 1));
  g_ptr_array_add (post->tags, booru_tag_ref_new (1, "sea", BOORU_TAG_GENERAL, 2));
  g_ptr_array_add (post->tags, booru_tag_ref_new (3, "sky", BOORU_TAG_GENERAL, 3));

  all = booru_post_dup_tag_string (post);
  booru_post_append_tags (post, BOORU_TAG_GENERAL, general);
  g_assert_cmpstr (all, ==, "sea sky zoe");
  g_assert_cmpstr (general->str, ==, "kept sea sky");
  g_assert_cmpuint (booru_post_count_tags (post, BOORU_TAG_GENERAL), ==, 2);
  g_assert_cmpuint (booru_post_count_tags (post, BOORU_TAG_META), ==, 0);

  booru_post_unref (booru_post_ref (post));
  g_assert_cmpuint (post->tags->len, ==, 3);
}

static void
require_size (BooruVariant variant, gint width, gint height, gint out_width, gint out_height)
{
  gint w, h;

  booru_variant_get_size (variant, width, height, &w, &h);
  g_assert_cmpint (w, ==, out_width);
  g_assert_cmpint (h, ==, out_height);
}

static void
test_variants (void)
{
  g_autofree char *path
      = booru_variant_get_path (BOORU_VARIANT_180, "0123456789abcdef0123456789abcdef");
  BooruVariant found;

  g_assert_cmpstr (path, ==, "thumbnails/180x180/01/23/0123456789abcdef0123456789abcdef.webp");
  for (BooruVariant variant = 0; variant < BOORU_N_VARIANTS; variant++)
    {
      g_assert_true (booru_variant_from_name (booru_variant_get_name (variant), &found));
      g_assert_cmpint (found, ==, variant);
    }
  g_assert_false (booru_variant_from_name ("180", &found));

  require_size (BOORU_VARIANT_180, 1800, 900, 180, 90);
  require_size (BOORU_VARIANT_180, 900, 1800, 90, 180);
  require_size (BOORU_VARIANT_360, 100, 50, 100, 50);
  require_size (BOORU_VARIANT_720, 100000, 1, 720, 1);
  require_size (BOORU_VARIANT_SAMPLE, 1700, 10000, 850, 5000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tag/normalize", test_normalize);
  g_test_add_func ("/tag/refuse", test_refuse);
  g_test_add_func ("/tag/searchable", test_searchable);
  g_test_add_func ("/tag/metatags", test_metatags);
  g_test_add_func ("/tag/categories", test_categories);
  g_test_add_func ("/post/tags", test_post);
  g_test_add_func ("/variant/all", test_variants);
  return g_test_run ();
}
