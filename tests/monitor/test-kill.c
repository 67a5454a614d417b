/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The monitor is killed at random moments, over and over, while files come; what is left must at
 * each time be such that the next run completes it: every file once, thumbnails for every post. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "library-fixture.h"

#define ROUNDS 12
#define FILES_PER_ROUND 6
#define LONGEST_LIFE 400 /* ms */

static void
write_round (Fixture *f, guint round)
{
  for (guint i = 0; i < FILES_PER_ROUND; i++)
    {
      guint seed = round * 100 + i;
      g_autofree char *name = g_strdup_printf ("%u-%u.bmp", round, i);

      write_picture (i % 3 == 0 ? f->inbox : i % 3 == 1 ? f->a : f->b, name, seed);
    }
}

/* Each file is in the inbox, in the managed folder, or set aside: none is lost in between. */
static void
check_nothing_lost (Fixture *f, guint rounds)
{
  g_autofree char *originals = path_in (f->data_dir, BOORU_DIR_ORIGINALS);

  g_assert_cmpuint (count_files (f->inbox) + count_files (originals), >=,
                    rounds * FILES_PER_ROUND / 3);
}

static void
check_complete (Fixture *f)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("");
  BooruPage page = { .kind = BOORU_PAGE_NUMBER, .value = 1, .limit = 200 };
  BooruFailureFilter any = BOORU_FAILURE_FILTER_INIT;
  g_autoptr (GPtrArray) posts = NULL;
  g_autoptr (GPtrArray) failures = NULL;
  g_autofree char *originals = path_in (f->data_dir, BOORU_DIR_ORIGINALS);

  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, ROUNDS * FILES_PER_ROUND);
  posts = booru_store_search (f->store, query, &page, NULL);
  g_assert_cmpuint (posts->len, ==, ROUNDS * FILES_PER_ROUND);
  for (guint i = 0; i < posts->len; i++)
    {
      const BooruPost *post = g_ptr_array_index (posts, i);

      g_assert_true (has_thumbnails (f, post->id));
      g_assert_cmpuint (n_files_of (f, post->id), ==, 1);
    }
  failures = booru_store_list_failures (f->store, &any, NULL);
  g_assert_cmpuint (failures->len, ==, 0);
  g_assert_cmpuint (count_files (originals), ==, ROUNDS * FILES_PER_ROUND / 3);
  g_assert_cmpuint (count_files (f->inbox), ==, 0);
}

static void
test_killed (Fixture *f, gconstpointer data)
{
  for (guint round = 0; round < ROUNDS; round++)
    {
      GPid pid = fixture_start_child (f);
      gulong life = (gulong)g_test_rand_int_range (1, LONGEST_LIFE);

      write_round (f, round);
      /* Not a wait for something to have happened: the moment is to be any. */
      g_usleep (life * 1000);
      kill (pid, SIGKILL);
      g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
      g_spawn_close_pid (pid);
      check_nothing_lost (f, round + 1);
    }
  check_complete (f);
}

int
main (int argc, char *argv[])
{
  fixture_run_child (argc, argv);
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/killed", test_killed);
  return g_test_run ();
}
