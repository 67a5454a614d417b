/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A monitor that takes over from another machine's: folders that are not the same ones here, and a
 * files folder beside the data folder. */
#include <glib/gstdio.h>

#include "ingest/monitor-scratch.h"
#include "library-fixture.h"

#define N_PICTURES 3

static char *
make_node (Fixture *f, const char *name)
{
  char *path = path_in (f->root, name);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  return path;
}

static void
write_pictures (const char *dir, guint first)
{
  for (guint i = first; i < first + N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);

      write_picture (dir, name, i);
    }
}

static void
require_active (Fixture *f, const gint64 *posts)
{
  for (guint i = 0; i < N_PICTURES; i++)
    g_assert_cmpint (post_status (f, posts[i]), ==, BOORU_POST_ACTIVE);
}

/* The same path, but another folder: nothing of the first machine's goes missing, nor does anything
 * of this machine's become a post. */
static void
test_another_folder (Fixture *f, gconstpointer data)
{
  g_autofree char *first = make_node (f, "first"), *second = make_node (f, "second");
  g_autofree char *aside = path_in (f->root, "aside");
  gint64 posts[N_PICTURES];

  f->prohibit_missing = TRUE;
  write_pictures (f->a, 0);
  fixture_start_as (f, first);
  for (guint i = 0; i < N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bmp", i);

      posts[i] = post_at (f, f->a, name);
      g_assert_cmpint (posts[i], !=, 0);
    }
  fixture_stop (f);

  g_assert_cmpint (g_rename (f->a, aside), ==, 0);
  g_assert_cmpint (g_mkdir (f->a, 0755), ==, 0);
  write_pictures (f->a, 10);
  expect_warning ("*another machine's monitor looked at it last*");
  fixture_start_as (f, second);
  g_assert_false (is_present (f, f->a));
  g_assert_nonnull (f->trouble);
  g_assert_cmpuint (n_posts (f), ==, N_PICTURES);
  require_active (f, posts);
  fixture_stop (f);

  /* Where it is the same one after all, it goes on. */
  remove_tree (f->a);
  g_assert_cmpint (g_rename (aside, f->a), ==, 0);
  write_picture (f->a, "new.bmp", 20);
  fixture_start_as (f, second);
  g_assert_true (is_present (f, f->a));
  g_assert_cmpuint (n_posts (f), ==, N_PICTURES + 1);
  require_active (f, posts);
  fixture_stop (f);
}

/* What another machine's file system says of unchanged files is not written down each time. */
static void
test_take_over (Fixture *f, gconstpointer data)
{
  g_autofree char *first = make_node (f, "first"), *second = make_node (f, "second");
  gint64 file;
  BooruFile *before, *after;

  write_pictures (f->a, 0);
  fixture_start_as (f, first);
  file = file_id_at (f, f->a, "0.bmp");
  before = booru_store_get_file (f->store, file, NULL);
  fixture_stop (f);
  fixture_set_device (f, file, before->stat.device + 1);
  fixture_start_as (f, second);
  after = booru_store_get_file (f->store, file, NULL);
  g_assert_cmpuint (after->stat.device, ==, before->stat.device + 1);
  g_assert_cmpuint (n_posts (f), ==, N_PICTURES);
  booru_file_free (before);
  booru_file_free (after);
  fixture_stop (f);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/nodes/another-folder", test_another_folder);
  fixture_add ("/monitor/nodes/take-over", test_take_over);
  return g_test_run ();
}
