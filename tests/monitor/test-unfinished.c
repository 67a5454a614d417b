/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What others are still filling in the inbox, and the names of what is set aside there. */
#include <glib/gstdio.h>
#include <string.h>

#include "library-fixture.h"
#include "library/monitor-library-private.h"
#include "files/monitor-names.h"

static const char *const control_suffixes[] = {
  ".aria2", ".part",        ".crdownload", ".partial", ".download", ".filepart", ".opdownload",
  ".ytdl",  ".fdmdownload", ".dtapart",    ".xltd",    ".td",       ".st",       ".dctmp",
  ".!qB",   ".!ut",         ".!uT",        ".!bt",     ".!sync",    ".bc!",      ".jc!",
};

static void
delete_in (const char *dir, const char *name)
{
  g_autofree char *path = path_in (dir, name);

  delete_file (path);
}

/* Whole pictures, of which a file beside them says that they are not. */
static void
test_control_files (Fixture *f, gconstpointer data)
{
  guint n = G_N_ELEMENTS (control_suffixes);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);
      g_autofree char *control = g_strconcat (name, control_suffixes[i], NULL);

      write_file (f->inbox, control, i % 2 ? "state" : "", -1);
      write_picture (f->inbox, name, i);
    }
  write_picture (f->inbox, "whole.bmp", 1000);
  fixture_prepare (f);
  eventually (f, n_posts (f) == 1 && monitor_queue_get_n_waiting (f->library->queue) == n);
  g_assert_false (exists (f->inbox, "whole.bmp"));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);
      g_autofree char *control = g_strconcat (name, control_suffixes[i], NULL);

      g_assert_true (exists (f->inbox, name));
      delete_in (f->inbox, control);
    }
  eventually (f, n_posts (f) == n + 1);
  fixture_wait_idle (f);
  g_assert_false (exists (f->inbox, "failed"));
}

/* A download of many files has its control file beside their folder; Safari's lie in a folder. */
static void
test_folders (Fixture *f, gconstpointer data)
{
  g_autofree char *torrent = path_in (f->inbox, "torrent/disc 1");
  g_autofree char *bundle = path_in (f->inbox, "two.bmp.download");

  g_mkdir_with_parents (torrent, 0755);
  g_mkdir (bundle, 0755);
  write_file (f->inbox, "torrent.aria2", "state", -1);
  write_picture (torrent, "one.bmp", 1);
  write_picture (bundle, "two.bmp", 2);
  write_picture (f->inbox, "whole.bmp", 3);
  fixture_prepare (f);
  eventually (f, n_posts (f) == 1 && monitor_queue_get_n_waiting (f->library->queue) == 1);
  g_assert_true (exists (torrent, "one.bmp"));
  g_assert_true (exists (bundle, "two.bmp"));
  fixture_stop (f);

  delete_in (f->inbox, "torrent.aria2");
  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, 2);
  g_assert_true (exists (bundle, "two.bmp"));
}

/* Cut short and closed: it lies until the rest has come, and only then is a post. */
static void
test_cut (Fixture *f, gconstpointer data)
{
  g_autofree char *whole = path_in (f->root, "one.bmp");
  g_autofree char *bytes = NULL;
  gsize length;

  f->patient = TRUE;
  fixture_start (f);
  write_picture (f->root, "one.bmp", 1);
  g_assert_true (g_file_get_contents (whole, &bytes, &length, NULL));
  write_file (f->inbox, "empty.bmp", "", 0);
  write_file (f->inbox, "head.bmp", bytes, 10);
  write_file (f->inbox, "half.bmp", bytes, (gssize)length / 8);
  write_file (f->inbox, "most.bmp", bytes,
              (gssize)length * 7 / 8); /* would be shown as incomplete */
  eventually (f, monitor_queue_get_n_waiting (f->library->queue) == 4
                     && monitor_ingest_get_n_active (f->library->ingest) == 0
                     && monitor_decoder_pool_get_n_started (f->pool) > 0);
  g_assert_false (exists (f->inbox, "failed"));
  g_assert_cmpuint (n_posts (f), ==, 0);

  write_file (f->inbox, "half.bmp", bytes, (gssize)length);
  eventually (f, n_posts (f) == 1);
  g_assert_true (exists (f->inbox, "empty.bmp"));
  g_assert_true (exists (f->inbox, "head.bmp"));
  g_assert_true (exists (f->inbox, "most.bmp"));
  g_assert_false (exists (f->inbox, "failed"));
}

/* What is certainly something else, or too large, need not be waited for. */
static void
test_not_cut (Fixture *f, gconstpointer data)
{
  f->patient = TRUE;
  fixture_start (f);
  write_file (f->inbox, "document.jpg", "%PDF-1.7 …", -1);
  eventually (f, exists (f->inbox, "failed/document.jpg.reason.txt"));
  fixture_limit_pixels (f, 1);
  write_picture (f->inbox, "large.bmp", 1);
  eventually (f, exists (f->inbox, "failed/large.bmp"));
}

static void
test_names (void)
{
#define A10 "aaaaaaaaaa"
#define A240                                                                                       \
  A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10
  static const struct
  {
    const char *name;
    guint n;
    gsize limit;
    const char *expected;
  } cases[] = {
    { "a.jpg", 1, 255, "a.jpg" },
    { "a.jpg", 2, 255, "a (2).jpg" },
    { ".jpg", 2, 255, ".jpg (2)" },
    { "noext", 3, 255, "noext (3)" },
    { A240 A10 ".jpg", 1, 255, A240 A10 ".jpg" },
    { A240 "aaaaaaa.jpg", 1, 244, A240 ".jpg" },
    { A240 "aaaaaaa.jpg", 2, 248, A240 " (2).jpg" },
    { "aé.jpg", 1, 7, "aé.jpg" },
    { "aé.jpg", 1, 6, "a.jpg" },
    { "a€b.jpg", 1, 8, "a€.jpg" },
    { "a€b.jpg", 1, 7, "a.jpg" },
    { "a€b.jpg", 1, 6, "a.jpg" },
    { "a😀b.jpg", 1, 9, "a😀.jpg" },
    { "a😀b.jpg", 1, 8, "a.jpg" },
    { "a😀b.jpg", 1, 6, "a.jpg" },
    { "あいう.png", 12, 12, "あ (12).png" },
    { "a\xe9\xe8\xe7.jpg", 1, 7, "a\xe9\xe8.jpg" },
    { "a\x82\x83\x84\x85\x86.jpg", 1, 8, "a\x82\x83\x84.jpg" }, /* no UTF-8: bytes */
    { "a.averyverylongextension", 1, 10, "a.averyver" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = monitor_name_number (cases[i].name, cases[i].n, cases[i].limit);

      g_assert_cmpstr (name, ==, cases[i].expected);
      g_assert_cmpuint (strlen (name), <=, cases[i].limit);
    }
}

static char *
find_one (const char *dir, const char *suffix)
{
  g_autoptr (GDir) handle = g_dir_open (dir, 0, NULL);
  const char *name;

  while (handle && (name = g_dir_read_name (handle)) != NULL)
    if (g_str_has_suffix (name, suffix))
      return g_strdup (name);
  return NULL;
}

/* The longest names that there can be, of characters of three bytes. */
static void
test_long_names (Fixture *f, gconstpointer data)
{
  g_autofree char *failed = path_in (f->inbox, "failed");
  g_autofree char *duplicates = path_in (f->inbox, "duplicates");
  g_autoptr (GString) stem = g_string_new ("ab");
  g_autofree char *name = NULL, *kept = NULL, *first = NULL, *second = NULL;

  while (stem->len + strlen ("あ.bmp") <= 255)
    g_string_append (stem, "あ");
  name = g_strconcat (stem->str, ".bmp", NULL);
  g_assert_cmpuint (strlen (name), ==, 255);

  write_picture (f->a, "one.bmp", 1);
  fixture_start (f);
  write_file (f->inbox, name, "BM, but no picture", -1);
  eventually (f, (kept = find_one (failed, ".bmp")) != NULL);
  g_assert_true (g_utf8_validate (kept, -1, NULL));
  g_assert_cmpuint (strlen (kept), >, 255 - strlen (".reason.txt") - 3);
  g_assert_cmpuint (strlen (kept), <=, 255 - strlen (".reason.txt"));

  write_picture (f->inbox, name, 1);
  eventually (f, (first = find_one (duplicates, ".bmp")) != NULL);
  g_assert_cmpstr (first, ==, name);
  write_picture (f->inbox, name, 1);
  eventually (f, (second = find_one (duplicates, " (2).bmp")) != NULL);
  g_assert_true (g_utf8_validate (second, -1, NULL));
  g_assert_cmpuint (strlen (second), >, 255 - strlen (".json") - 3);
  fixture_wait_idle (f);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/unfinished/control-files", test_control_files);
  fixture_add ("/monitor/unfinished/folders", test_folders);
  fixture_add ("/monitor/unfinished/cut", test_cut);
  fixture_add ("/monitor/unfinished/not-cut", test_not_cut);
  fixture_add ("/monitor/unfinished/long-names", test_long_names);
  g_test_add_func ("/monitor/unfinished/names", test_names);
  return g_test_run ();
}
