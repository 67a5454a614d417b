/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders and files that are left out: the system's own, and what rules say. */
#include <glib/gstdio.h>

#include "library-fixture.h"
#include "library/monitor-library-private.h"

static const char *const system_folders[] = {
  "@eaDir",
  "@eaDir/one.bmp",
  "@__thumb",
  ".@__thumb",
  "#recycle",
  "@Recycle",
  "@Recently-Snapshot",
  "#snapshot/GMT-2026.01.02",
  "@GMT-2026.01.02-03.04.05",
  "$RECYCLE.BIN/S-1-5-21-1",
  "$Recycle.Bin",
  "RECYCLER",
  "System Volume Information",
  "lost+found",
  ".Trash-1000/files",
  ".Trashes/501",
  ".thumbnails/normal",
  "__MACOSX",
};

static void
make_picture (const char *folder, const char *dir, const char *name, guint seed)
{
  g_autofree char *path = path_in (folder, dir);

  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
  write_picture (path, name, seed);
}

static void
rename_dir (const char *folder, const char *from, const char *to)
{
  g_autofree char *old = path_in (folder, from);
  g_autofree char *new = path_in (folder, to);

  move_file (old, new);
}

static void
fill (Fixture *f, const char *below, guint seed)
{
  for (guint i = 0; i < G_N_ELEMENTS (system_folders); i++)
    {
      g_autofree char *dir = g_build_filename (below, system_folders[i], NULL);

      make_picture (f->a, dir, "x.bmp", seed + i);
    }
}

/* At the top and further below, before the start and while the monitor runs. */
static void
test_system_folders (Fixture *f, gconstpointer data)
{
  make_picture (f->a, "holiday", "one.bmp", 1);
  fill (f, "", 100);
  fill (f, "holiday", 200);
  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, 1);
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->library->watcher), ==,
                    4 /* a, a/holiday, b, inbox */);

  fill (f, "new", 300);
  make_picture (f->a, "new", "two.bmp", 2);
  eventually (f, post_at (f, f->a, "new/two.bmp") != 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 2);
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->library->watcher), ==, 5);
}

/* Whoever means such a folder names it. */
static void
test_named_itself (Fixture *f, gconstpointer data)
{
  g_autofree char *found = path_in (f->a, "lost+found");
  const char *const folders[] = { found, NULL };

  make_picture (f->a, "lost+found", "one.bmp", 1);
  fixture_start_with (f, folders, NULL);
  g_assert_cmpuint (n_posts (f), ==, 1);
}

/* A folder that turns into the system's own is no longer watched; its posts are missing, and come
 * back with it. */
static void
test_renamed (Fixture *f, gconstpointer data)
{
  gint64 post;

  make_picture (f->a, "holiday/deep", "one.bmp", 1);
  fixture_start (f);
  post = post_at (f, f->a, "holiday/deep/one.bmp");
  add_tag (f, post, "kept");

  rename_dir (f->a, "holiday", "#recycle");
  eventually (f, post_status (f, post) == BOORU_POST_MISSING);
  fixture_wait_idle (f);
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->library->watcher), ==, 3);
  g_assert_true (has_tag (f, post, "kept"));

  rename_dir (f->a, "#recycle", "again");
  eventually (f, post_at (f, f->a, "again/deep/one.bmp") == post);
  g_assert_cmpint (post_status (f, post), ==, BOORU_POST_ACTIVE);
  g_assert_true (has_tag (f, post, "kept"));
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->library->watcher), ==, 5);
}

static void
set_rules (Fixture *f, const char *folder, const char *options)
{
  g_autofree char *text = g_strdup_printf ("[(b'%s', {%s})]", folder, options);
  g_autoptr (GVariant) value
      = g_variant_parse (G_VARIANT_TYPE ("a(aya{sv})"), text, NULL, NULL, NULL);
  const char *const folders[] = { f->a, f->b, NULL };
  g_autoptr (GError) error = NULL;
  GPtrArray *rules;

  g_assert_nonnull (value);
  rules = booru_folder_rules_parse (value, &error);
  g_assert_no_error (error);
  monitor_library_set_rules (f->library, monitor_rules_new (rules));
  monitor_library_set_folders (f->library, folders, f->inbox, &error);
  g_assert_no_error (error);
}

/* A rule takes effect at once, on what is there and what comes; its end likewise. */
static void
test_rule (Fixture *f, gconstpointer data)
{
  gint64 draft, other;

  make_picture (f->a, "work/drafts/old", "one.bmp", 1);
  make_picture (f->a, "work", "two.tmp.bmp", 2);
  make_picture (f->a, "work", "three.bmp", 3);
  make_picture (f->b, "drafts", "four.bmp", 4);
  fixture_start (f);
  draft = post_at (f, f->a, "work/drafts/old/one.bmp");
  other = post_at (f, f->a, "work/three.bmp");
  add_tag (f, draft, "kept");
  g_assert_cmpuint (n_posts (f), ==, 4);

  set_rules (f, f->a, "'exclude': <['drafts/', '*.tmp.*']>");
  eventually (f, post_status (f, draft) == BOORU_POST_MISSING);
  fixture_wait_idle (f);
  g_assert_cmpint (post_at (f, f->a, "work/two.tmp.bmp"), ==, 0);
  g_assert_cmpint (post_status (f, other), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (post_at (f, f->b, "drafts/four.bmp"), !=, 0);
  g_assert_cmpuint (monitor_watcher_get_n_watches (f->library->watcher), ==,
                    5 /* a, a/work, b, b/drafts, inbox */);

  make_picture (f->a, "work/drafts", "five.bmp", 5);
  make_picture (f->a, "more/drafts", "six.bmp", 6);
  make_picture (f->a, "more", "seven.tmp.bmp", 7);
  make_picture (f->a, "more", "eight.bmp", 8);
  eventually (f, post_at (f, f->a, "more/eight.bmp") != 0);
  fixture_wait_idle (f);
  g_assert_cmpuint (n_posts (f), ==, 3);

  set_rules (f, f->a, "");
  eventually (f, post_at (f, f->a, "work/drafts/old/one.bmp") == draft);
  g_assert_true (has_tag (f, draft, "kept"));
  eventually (f, n_posts (f) == 8);
  g_assert_cmpint (post_at (f, f->a, "work/three.bmp"), ==, other);
}

/* Nothing in the inbox is moved that a rule leaves out. */
static void
test_inbox (Fixture *f, gconstpointer data)
{
  g_autofree char *kept = path_in (f->inbox, "later/one.bmp");

  fixture_start (f);
  set_rules (f, f->inbox, "'exclude': <['later']>");
  make_picture (f->inbox, "later", "one.bmp", 1);
  make_picture (f->inbox, "now", "two.bmp", 2);
  eventually (f, n_posts (f) == 1);
  fixture_wait_idle (f);
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (n_posts (f), ==, 1);
}

/* Which of a pattern's kind matches what; the rule may be of a folder above or below. */
static void
test_patterns (void)
{
  static const struct
  {
    const char *rule_folder, *pattern, *path;
    gboolean excluded;
  } cases[] = {
    { "/p", "*.gif", "a.gif", TRUE },
    { "/p", "*.gif", "x/y/a.gif", TRUE },
    { "/p", "*.gif", "a.GIF", FALSE },
    { "/p", "*.gif", "a.gif.png", FALSE },
    { "/p", "drafts", "x/drafts", TRUE },
    { "/p", "drafts", "x/drafts/y/a.png", TRUE },
    { "/p", "drafts", "x/drafts2/a.png", FALSE },
    { "/p", "/drafts", "drafts/a.png", TRUE },
    { "/p", "/drafts", "x/drafts/a.png", FALSE },
    { "/p", "x/*", "x/a.png", TRUE },
    { "/p", "x/*", "x/y/a.png", TRUE },
    { "/p", "x/*.png", "x/y/a.png", FALSE },
    { "/p", "x/*.png", "x/a.png", TRUE },
    { "/p", "*/y", "x/y/a.png", TRUE },
    { "/p", "[Tt]humbs", "thumbs/a.png", TRUE },
    { "/p", "a?.png", "ab.png", TRUE },
    { "/p", "*.png", "\xff\xf0.png", TRUE },
    { "/p", "a\\*", "ab", FALSE },
    { "/", "*.gif", "a.gif", TRUE },
    { "/", "p", "a.gif", FALSE }, /* the library itself was named */
    { "/", "p/x", "x/a.gif", TRUE },
    { "/p/x", "y", "x/y/a.gif", TRUE },
    { "/p/x", "y", "y/a.gif", FALSE },
    { "/p/x", "x", "x/a.gif", FALSE },
    { "/q", "*", "a.gif", FALSE },
    { "/pp", "*", "a.gif", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MonitorFolder) folder = monitor_folder_new (MONITOR_FOLDER_LIBRARY, "/p");
      GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_folder_rule_free);
      BooruFolderRule *rule = g_new0 (BooruFolderRule, 1);
      g_autoptr (MonitorRules) rules = NULL;
      const char *const patterns[] = { cases[i].pattern, NULL };

      rule->folder = g_strdup (cases[i].rule_folder);
      rule->tags = g_strdup ("");
      rule->exclude = g_strdupv ((char **)patterns);
      g_ptr_array_add (list, rule);
      rules = monitor_rules_new (list);
      g_strfreev (folder->patterns);
      folder->patterns = monitor_rules_dup_excluded (rules, "/p");
      g_test_message ("%s: %s: %s", cases[i].rule_folder, cases[i].pattern, cases[i].path);
      g_assert_cmpint (monitor_folder_excludes (folder, cases[i].path), ==, cases[i].excluded);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/left-out/system-folders", test_system_folders);
  fixture_add ("/monitor/left-out/named-itself", test_named_itself);
  fixture_add ("/monitor/left-out/renamed", test_renamed);
  fixture_add ("/monitor/left-out/rule", test_rule);
  fixture_add ("/monitor/left-out/inbox", test_inbox);
  g_test_add_func ("/monitor/left-out/patterns", test_patterns);
  return g_test_run ();
}
