/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <booru.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>

#include "view/web-assets.h"
#include "web-resources.h"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("booru-assets-XXXXXX", NULL);
}

static void
write_asset (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
}

static WebAssets *
new_assets (Fixture *self, GError **error)
{
  g_autoptr (GFile) folder = g_file_new_for_path (self->folder);

  return web_assets_new (folder, NULL, error);
}

static char *
dup_url (Fixture *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WebAssets) assets = new_assets (self, &error);

  g_assert_no_error (error);
  return g_strdup (web_assets_get (assets, name)->url);
}

static void
test_hash_follows_content (Fixture *self, gconstpointer data)
{
  g_autofree char *first = NULL, *same = NULL, *second = NULL;

  write_asset (self, "app.css", "a { }");
  first = dup_url (self, "app.css");
  same = dup_url (self, "app.css");
  write_asset (self, "app.css", "b { }");
  second = dup_url (self, "app.css");

  g_assert_cmpstr (first, ==, same);
  g_assert_cmpstr (first, !=, second);
  g_assert_true (g_regex_match_simple ("^/assets/app\\.[0-9a-f]{12}\\.css$", first, 0, 0));
}

static void
test_imports_are_part_of_it (Fixture *self, gconstpointer data)
{
  g_autoptr (WebAssets) assets = NULL;
  g_autofree char *before = NULL, *expected = NULL;
  const WebAsset *app;

  write_asset (self, "app.js", "import { a } from \"./part.js\";\n");
  write_asset (self, "part.js", "export const a = 1;\n");
  before = dup_url (self, "app.js");
  write_asset (self, "part.js", "export const a = 2;\n");

  assets = new_assets (self, NULL);
  app = web_assets_get (assets, "app.js");
  g_assert_cmpstr (before, !=, app->url);
  expected = g_strdup_printf ("import { a } from \"./%s\";\n",
                              web_assets_get (assets, "part.js")->url + strlen ("/assets/"));
  g_assert_cmpmem (g_bytes_get_data (app->bytes, NULL), g_bytes_get_size (app->bytes), expected,
                   strlen (expected));
}

static void
test_wrong_imports (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_asset (self, "a.js", "import \"./b.js\";");
  g_assert_null (new_assets (self, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_clear_error (&error);

  write_asset (self, "b.js", "import \"./a.js\";");
  g_assert_null (new_assets (self, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
}

static void
test_finding (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) folder = g_file_new_for_uri ("resource:///org/booru/web/assets");
  g_autoptr (WebAssets) assets
      = web_resources_get_resource () ? web_assets_new (folder, NULL, &error) : NULL;
  const WebAsset *css;
  gboolean current;

  g_assert_no_error (error);
  css = web_assets_get (assets, "app.css");
  g_assert_cmpstr (css->variable, ==, "asset-app-css");
  g_assert_true (web_assets_find (assets, css->url + strlen (WEB_ASSETS_PATH), &current) == css);
  g_assert_true (current);
  g_assert_true (web_assets_find (assets, "app.000000000000.css", &current) == css);
  g_assert_false (current);
  g_assert_null (web_assets_find (assets, "app.css", &current));
  g_assert_null (web_assets_find (assets, "../../etc.passwd.css", &current));
  g_assert_null (web_assets_find (assets, "", &current));
}

/* How light a grey of the style sheet is: WCAG 2.1, relative luminance. */
static double
read_luminance (const char *css, const char *name)
{
  const char *at = strstr (css, name);
  guint red, green, blue;
  double value;

  g_assert_nonnull (at);
  g_assert_cmpint (sscanf (at + strlen (name), " #%2x%2x%2x;", &red, &green, &blue), ==, 3);
  g_assert_true (red == green && green == blue);
  /* The same in both themes. */
  g_assert_null (strstr (at + 1, name));
  value = red / 255.0;
  return value <= .04045 ? value / 12.92 : pow ((value + .055) / 1.055, 2.4);
}

/* White as well as black is seen on what shows through, at 3:1 (WCAG 2.1, 1.4.11). */
static void
test_checker (void)
{
  static const char *const names[] = { "--check:", "--other-check:" };
  g_autoptr (GBytes) bytes = g_resource_lookup_data (web_resources_get_resource (),
                                                     "/org/booru/web/assets/app.css", 0, NULL);
  g_autofree char *css = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      double luminance = read_luminance (css, names[i]);

      g_assert_cmpfloat (1.05 / (luminance + .05), >=, 3);
      g_assert_cmpfloat ((luminance + .05) / .05, >=, 3);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/web/assets/hash-follows-content", Fixture, NULL, set_up, test_hash_follows_content,
              tear_down);
  g_test_add ("/web/assets/imports-are-part-of-it", Fixture, NULL, set_up,
              test_imports_are_part_of_it, tear_down);
  g_test_add ("/web/assets/wrong-imports", Fixture, NULL, set_up, test_wrong_imports, tear_down);
  g_test_add_func ("/web/assets/finding", test_finding);
  g_test_add_func ("/web/assets/checker", test_checker);
  return g_test_run ();
}
