/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a search index: written, replaced, damaged, missing. Whatever becomes of them, what
 * is found is right. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../test-util.h"
#include "base/booru-error.h"
#include "board/index/booru-index-block.h"
#include "index-checks.h"

typedef struct
{
  char *folder;
  IndexBoard *board;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = test_make_folder ();
  self->board = index_board_make ((guint32)g_test_rand_int ());
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  index_board_free (self->board);
  test_remove_folder (self->folder);
  g_free (self->folder);
}

static BooruIndex *
open_index (Fixture *self)
{
  return booru_index_new (self->folder, "test", &index_board_source, self->board);
}

static void
write_all (BooruIndex *index, guint min_changes)
{
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr (GError) error = NULL;

      booru_index_write (index, min_changes, &more, &error);
      g_assert_no_error (error);
    }
}

static BooruIndexStats
get_stats (BooruIndex *index)
{
  BooruIndexStats stats;

  g_assert_true (booru_index_catch_up (index, NULL));
  booru_index_get_stats (index, &stats);
  return stats;
}

/* Queries that touch every column and the names. */
static void
require_all (IndexBoard *board, BooruIndex *index)
{
  index_require_query (board, index, "solo -long_hair");
  index_require_query (board, index, "*hair* filetype:jpg");
  index_require_query (board, index, "width:>1000 height:>1000 mpixels:>2 ratio:>1 filesize:>1mb");
  index_require_query (board, index,
                       "score:>0 upvotes:>2 downvotes:>2 favcount:>1 date:>2000-01-01");
  index_require_query (board, index, "tagcount:>2 gentags:>1 arttags:>1 copytags:<5 chartags:<5");
  index_require_query (board, index, "metatags:<3 duration:>1");
  index_require_query (board, index, "pixiv:<1000000 child_count:<5");
  index_require_query (board, index, "active_child_count:<5 deleted_child_count:<5");
  index_require_query (board, index, "order:md5");
  index_require_query (board, index, "order:change");
}

static char *
get_path (Fixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
test_written (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self), reader = open_index (self);
  BooruIndexStats stats;

  write_all (writer, 1);
  self->board->n_rows_read = 0;
  require_all (self->board, reader);
  stats = get_stats (reader);
  g_assert_cmpuint (self->board->n_rows_read, ==, 0);
  g_assert_cmpuint (stats.n_blocks, ==, 4);
  g_assert_cmpuint (stats.n_mapped, ==, 4);
  g_assert_cmpuint (stats.n_built, ==, 0);
  g_assert_cmpuint (stats.file_generation, ==, self->board->generation);
  g_assert_cmpuint (stats.n_bytes, >, 100000);
  g_assert_cmpint (stats.written_at, >, g_get_real_time () - 60 * G_USEC_PER_SEC);
}

/* What has changed is in memory until it is written, and in no one's memory then. */
static void
test_merged (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self), reader = open_index (self);
  g_autoptr (BooruIndex) late = NULL;

  write_all (writer, 1);
  require_all (self->board, reader);
  for (guint i = 0; i < 30; i++)
    index_board_edit (self->board);
  require_all (self->board, reader);
  g_assert_cmpuint (get_stats (reader).n_changed, >, 0);
  write_all (writer, 1000);
  g_assert_cmpuint (get_stats (reader).n_changed, >, 0);
  late = open_index (self);
  require_all (self->board, late);
  write_all (writer, 1);
  g_assert_cmpuint (get_stats (writer).n_changed, ==, 0);
  g_assert_cmpuint (get_stats (reader).n_changed, ==, 0);
  g_assert_cmpuint (get_stats (reader).n_in_memory, ==, 0);
  g_assert_cmpuint (get_stats (late).n_changed, ==, 0);
  require_all (self->board, reader);
  require_all (self->board, late);
}

/* What was built because there was no file is dropped when there is one. */
static void
test_appearing (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self), reader = open_index (self);

  require_all (self->board, reader);
  g_assert_cmpuint (get_stats (reader).n_in_memory, ==, 4);
  write_all (writer, 1);
  g_assert_cmpuint (get_stats (reader).n_mapped, ==, 4);
  require_all (self->board, reader);
}

static char *
read_file (const char *path, gsize *length)
{
  g_autoptr (GError) error = NULL;
  char *contents;

  g_file_get_contents (path, &contents, length, &error);
  g_assert_no_error (error);
  return contents;
}

/* Unlike the writer, in place of what is mapped: into a new file. */
static void
replace_file (const char *path, const char *contents, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  g_file_set_contents_full (path, contents, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
}

/* One more file of some kind: restarts, half of a merge, leftovers. */
static void
do_mischief (Fixture *self, BooruIndex *writer)
{
  static const char *const names[]
      = { "00000.block", "00001.block", "00007.block", "65535.block", "names", "manifest" };
  g_autofree char *manifest = get_path (self, "manifest");
  g_autofree char *path
      = get_path (self, names[g_rand_int_range (self->board->random, 0, G_N_ELEMENTS (names))]);
  g_autofree char *beside = g_strconcat (path, ".new", NULL);
  g_autofree char *old = NULL;
  gboolean more;
  gsize length;

  switch (g_rand_int_range (self->board->random, 0, 4))
    {
    case 0:
      /* The writer was killed before it wrote the manifest. */
      old = read_file (manifest, &length);
      g_assert_true (booru_index_write (writer, 1, &more, NULL));
      replace_file (manifest, old, length);
      break;
    case 1:
      replace_file (beside, "half", 4);
      break;
    case 2:
      g_unlink (path);
      break;
    default:
      old = read_file (path, &length);
      replace_file (path, old, length / 2);
      break;
    }
}

static void
test_long_life (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self);
  g_autoptr (GPtrArray) readers = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_index_free);
  GRand *random = self->board->random;

  g_ptr_array_add (readers, open_index (self));
  g_ptr_array_add (readers, open_index (self));
  for (guint i = g_test_slow () ? 40000 : 400; i > 0; i--)
    {
      guint reader = (guint)g_rand_int_range (random, 0, 2);
      gint dice = g_rand_int_range (random, 0, 40);

      index_board_edit (self->board);
      if (dice < 10)
        write_all (writer, (guint)g_rand_int_range (random, 1, 60));
      if (dice == 10)
        {
          write_all (writer, 1);
          do_mischief (self, writer);
        }
      if (dice == 11)
        {
          booru_index_free (writer);
          writer = open_index (self);
        }
      if (dice == 12)
        {
          booru_index_free (readers->pdata[reader]);
          readers->pdata[reader] = open_index (self);
        }
      if (dice == 13)
        self->board->forgotten = self->board->generation;
      index_require_random_query (self->board, readers->pdata[reader]);
    }
}

static const char *const block_names[] = { "00000.block", "65535.block" };

static void
require_damaged (Fixture *self)
{
  g_autoptr (BooruIndex) index = open_index (self);

  require_all (self->board, index);
  g_assert_cmpuint (get_stats (index).n_damaged, ==, 1);
}

/* Each section of a block, by one bit. */
static void
test_damaged_sections (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self);

  write_all (writer, 1);
  for (guint i = 0; i < G_N_ELEMENTS (block_names); i++)
    {
      g_autofree char *path = get_path (self, block_names[i]);
      BooruIndexIdentity identity = { BOORU_INDEX_KIND_BLOCK, i ? 65535 : 0, 0, "test", 0 };
      g_autoptr (BooruIndexImage) image = booru_index_image_map (path, &identity, NULL);
      g_autoptr (GBytes) bytes = booru_index_image_ref_bytes (image);
      const char *start = g_bytes_get_data (bytes, NULL);

      for (guint section = 0; section < BOORU_INDEX_N_SECTIONS; section++)
        {
          gsize length, size = g_bytes_get_size (bytes);
          const char *at = booru_index_image_get_section (image, section, &length);
          g_autofree char *copy = g_memdup2 (start, size);

          if (length == 0)
            continue;
          copy[(gsize)(at - start) + length / 2] ^= 4;
          replace_file (path, copy, size);
          require_damaged (self);
        }
      replace_file (path, start, g_bytes_get_size (bytes));
    }
}

/* Any byte of the beginning, where the header and the table of sections are, and any length. */
static void
test_damaged_headers (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self);
  g_autofree char *path = get_path (self, block_names[0]), *whole = NULL;
  gsize length;

  write_all (writer, 1);
  whole = read_file (path, &length);
  for (guint i = 0; i < 500; i += g_test_slow () ? 1 : 29)
    {
      g_autofree char *copy = g_memdup2 (whole, length);

      copy[i] ^= 32;
      replace_file (path, copy, length);
      require_damaged (self);
    }
  for (gsize n = 0; n < length; n = n * 3 + 1)
    {
      replace_file (path, whole, n);
      require_damaged (self);
    }
}

static void
test_damaged_names (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self);

  write_all (writer, 1);
  for (guint file = 0; file < 2; file++)
    {
      g_autofree char *path = get_path (self, file ? "names" : "manifest"), *whole = NULL;
      gsize length;

      whole = read_file (path, &length);
      for (gsize i = 0; i < length; i += g_test_slow () ? 7 : 97)
        {
          g_autofree char *copy = g_memdup2 (whole, length);
          g_autoptr (BooruIndex) index = open_index (self);

          copy[i] ^= 1;
          replace_file (path, copy, length);
          index_require_query (self->board, index, "*hair* -solo");
        }
      replace_file (path, whole, length);
    }
}

/* Bytes that are wrong although their sums are right find something, without a crash. */
static void
test_crafted (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self);
  const char *const names[] = { "00000.block", "names" };

  write_all (writer, 1);
  for (guint i = g_test_slow () ? 20000 : 200; i > 0; i--)
    {
      g_autofree char *path = get_path (self, names[i % 2]), *whole = NULL, *copy = NULL;
      g_autoptr (BooruIndex) index = open_index (self);
      gsize length;

      whole = read_file (path, &length);
      copy = g_memdup2 (whole, length);
      for (gint j = g_rand_int_range (self->board->random, 1, 20); j > 0; j--)
        copy[g_rand_int_range (self->board->random, 104, (gint)length)]
            = (char)g_rand_int (self->board->random);
      booru_index_image_seal ((guint8 *)copy, length);
      replace_file (path, copy, length);
      for (guint j = 0; j < 10; j++)
        {
          g_autofree char *text = index_board_draw_query (self->board);
          g_autoptr (BooruQuery) query = booru_query_parse (text);
          g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
          BooruPage page = { BOORU_PAGE_NUMBER, 1, 50, 1 };

          booru_index_count (index, query, NULL, NULL);
          booru_index_search (index, query, &page, ids, NULL);
        }
      replace_file (path, whole, length);
    }
}

/* A change that no log knows of: of a board that went back and on from there. */
static void
change_unlogged (IndexBoard *board)
{
  for (guint i = 0; i < board->posts->len; i += 3)
    {
      IndexPost *post = board->posts->pdata[i];

      post->score += 7;
      post->rating = post->rating == 'g' ? 's' : 'g';
    }
}

/* A board of which an older copy was put back comes to the same generations again: with other
 * posts. */
static void
test_gone_back (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self), index = NULL, late = NULL;
  g_autofree char *path = get_path (self, "00000.block"), *old = NULL;
  gsize length;

  write_all (writer, 1);
  self->board->forked = self->board->generation - 1;
  self->board->history = 1;
  self->board->generation += 5;
  change_unlogged (self->board);
  index = open_index (self);
  index_require_query (self->board, index, "rating:s score:>3");
  g_assert_cmpuint (get_stats (index).n_mapped, ==, 0);

  /* A manifest that fits, and one file that does not. */
  write_all (index, 1);
  old = read_file (path, &length);
  self->board->generation--;
  self->board->history = 2;
  change_unlogged (self->board);
  g_clear_pointer (&index, booru_index_free);
  index = open_index (self);
  write_all (index, 1);
  self->board->generation++;
  replace_file (path, old, length);
  late = open_index (self);
  index_require_query (self->board, late, "rating:s score:>3");
  g_assert_cmpuint (get_stats (late).n_mapped, ==, 3);
}

/* Files that are right, but not for us. */
static void
test_foreign (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) other
      = booru_index_new (self->folder, "other", &index_board_source, self->board);
  g_autoptr (BooruIndex) index = open_index (self), versioned = NULL, next = NULL;
  g_autofree char *path = get_path (self, "00000.block"), *whole = NULL;
  gsize length;

  write_all (other, 1);
  require_all (self->board, index);
  g_assert_cmpuint (get_stats (index).n_mapped, ==, 0);
  write_all (index, 1);
  g_assert_cmpuint (get_stats (index).n_mapped, ==, 4);

  /* Of another version: the number behind magic and byte order. */
  whole = read_file (path, &length);
  whole[12]++;
  booru_index_image_seal ((guint8 *)whole, length);
  replace_file (path, whole, length);
  require_damaged (self);

  /* What is not a file. */
  g_unlink (path);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  require_damaged (self);
  g_unlink (path);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  require_damaged (self);
  g_rmdir (path);
  g_assert_cmpint (symlink ("/dev/zero", path), ==, 0);
  require_damaged (self);
}

/* Files from before what the manifest says miss changes. */
static void
test_outdated (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "00000.block", "names" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (BooruIndex) writer = open_index (self), reader = NULL;
      g_autofree char *path = get_path (self, names[i]), *old = NULL;
      gsize length;

      write_all (writer, 1);
      old = read_file (path, &length);
      for (guint j = 0; j < 50; j++)
        index_board_edit (self->board);
      write_all (writer, 1);
      replace_file (path, old, length);
      reader = open_index (self);
      require_all (self->board, reader);
      for (guint j = 0; j < INDEX_N_TAGS; j++)
        index_require_query (self->board, reader, self->board->tags[j].name);
    }
}

static void
test_deleted_while_mapped (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self), reader = open_index (self);

  write_all (writer, 1);
  g_assert_cmpuint (get_stats (reader).n_mapped, ==, 4);
  test_remove_folder (self->folder);
  for (guint i = 0; i < 20; i++)
    {
      index_board_edit (self->board);
      require_all (self->board, reader);
    }
  write_all (writer, 1);
  require_all (self->board, reader);
}

/* What is damaged or gone while the writer has nothing to do is written again. */
static void
test_healed (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self), reader = NULL;
  g_autofree char *damaged = get_path (self, "00001.block"), *gone = get_path (self, "00007.block");
  g_autofree char *contents = NULL;
  gsize length;

  write_all (writer, 1);
  contents = read_file (damaged, &length);
  contents[length / 2] ^= 1;
  replace_file (damaged, contents, length);
  g_unlink (gone);
  booru_index_free (writer);
  writer = open_index (self);
  for (guint i = 0; i < 10; i++)
    write_all (writer, 1);
  reader = open_index (self);
  require_all (self->board, reader);
  g_assert_cmpuint (get_stats (reader).n_mapped, ==, 4);
  g_unlink (gone);
  booru_index_free (reader);
  reader = open_index (self);
  require_all (self->board, reader);
  g_assert_cmpuint (get_stats (reader).n_mapped, ==, 3);
  for (guint i = 0; i < 10; i++)
    write_all (writer, 1);
  g_assert_true (g_file_test (gone, G_FILE_TEST_EXISTS));
  require_all (self->board, reader);
  g_assert_cmpuint (get_stats (reader).n_mapped, ==, 4);
}

/* The folder cannot be written, or only a part of a file: an error, and what was there stays. */
static void
test_disk_full (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self), reader = open_index (self);
  struct rlimit old, small;
  g_autoptr (GError) error = NULL;
  gboolean more;

  write_all (writer, 1);
  require_all (self->board, reader);
  for (guint i = 0; i < 20; i++)
    index_board_edit (self->board);

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = 5000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (booru_index_write (writer, 1, &more, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  signal (SIGXFSZ, SIG_DFL);

  require_all (self->board, writer);
  require_all (self->board, reader);
  write_all (writer, 1);
  require_all (self->board, reader);
  g_assert_cmpuint (get_stats (reader).n_changed, ==, 0);
  g_assert_cmpuint (get_stats (reader).n_damaged, ==, 0);
}

/* A store that went back to an earlier state: files are ahead of it. */
static void
test_rolled_back (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) writer = open_index (self), reader = open_index (self);
  g_autoptr (BooruIndex) fresh = NULL;

  index_board_edit (self->board);
  write_all (writer, 1);
  require_all (self->board, reader);
  index_board_add (self->board, 100000, 50, 1);
  self->board->generation = 2;
  g_array_set_size (self->board->changes, 0);
  fresh = open_index (self);
  require_all (self->board, reader);
  require_all (self->board, fresh);
  require_all (self->board, writer);
  write_all (writer, 1);
  require_all (self->board, reader);
  require_all (self->board, fresh);
}

static void
test_errors (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) index = open_index (self);
  g_autoptr (BooruQuery) query = booru_query_parse ("solo");
  g_autoptr (GError) busy = NULL, limit = NULL;

  self->board->fails = TRUE;
  g_assert_cmpint (booru_index_count (index, query, NULL, &busy), ==, -1);
  g_assert_error (busy, BOORU_ERROR, BOORU_ERROR_BUSY);
  self->board->fails = FALSE;
  require_all (self->board, index);
  index_board_add (self->board, BOORU_INDEX_MAX_ID, 1, 0);
  g_assert_cmpint (booru_index_count (index, query, NULL, &limit), ==, -1);
  g_assert_error (limit, BOORU_ERROR, BOORU_ERROR_LIMIT);
}

/* Counts tell when they are only estimated, and become exact. */
static void
test_estimated (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) index = open_index (self);
  g_autoptr (BooruQuery) query = booru_query_parse ("status:any");
  gboolean exact = FALSE;
  guint n_tries = 0;

  while (!exact && n_tries++ < 10)
    g_assert_cmpint (booru_index_count (index, query, &exact, NULL), >, 0);
  g_assert_cmpuint (n_tries, ==, 4);
  g_assert_cmpint (booru_index_count (index, query, &exact, NULL), ==, self->board->posts->len);
}

/* A process that has to answer does not build all of a large index first. */
static void
test_slow (Fixture *self, gconstpointer data)
{
  g_autoptr (BooruIndex) index = open_index (self);
  g_autoptr (BooruQuery) query = booru_query_parse ("status:any");
  g_autoptr (GError) error = NULL;

  self->board->delay = 3;
  g_assert_cmpint (booru_index_count (index, query, NULL, &error), ==, -1);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_BUSY);
  g_assert_cmpuint (get_stats (index).n_missing, ==, 2);
  self->board->delay = 0;
  require_all (self->board, index);
}

/* Another process that sees the same edits, at its own pace. */
static void
read_in_process (Fixture *self, guint n_rounds)
{
  GRand *edits = self->board->random, *queries = g_rand_new_with_seed ((guint32)getpid ());
  BooruIndex *index = open_index (self);

  for (guint i = 0; i < n_rounds; i++)
    {
      self->board->random = edits;
      index_board_edit (self->board);
      self->board->random = queries;
      index_require_random_query (self->board, index);
    }
  _exit (0);
}

static void
test_processes (Fixture *self, gconstpointer data)
{
  guint n_rounds = g_test_slow () ? 5000 : 150;
  g_autoptr (BooruIndex) writer = open_index (self);
  pid_t pids[2];

  write_all (writer, 1);
  for (guint i = 0; i < 2; i++)
    {
      pids[i] = fork ();
      g_assert_cmpint (pids[i], >=, 0);
      if (pids[i] == 0)
        read_in_process (self, n_rounds);
    }
  for (guint i = 0; i < n_rounds; i++)
    {
      index_board_edit (self->board);
      write_all (writer, 1 + i % 5);
    }
  for (guint i = 0; i < 2; i++)
    {
      int status;

      g_assert_cmpint (waitpid (pids[i], &status, 0), ==, pids[i]);
      g_assert_cmpint (status, ==, 0);
    }
}

#define TEST(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/index-files/written", test_written);
  TEST ("/index-files/merged", test_merged);
  TEST ("/index-files/appearing", test_appearing);
  TEST ("/index-files/long-life", test_long_life);
  TEST ("/index-files/damaged-sections", test_damaged_sections);
  TEST ("/index-files/damaged-headers", test_damaged_headers);
  TEST ("/index-files/damaged-names", test_damaged_names);
  TEST ("/index-files/crafted", test_crafted);
  TEST ("/index-files/gone-back", test_gone_back);
  TEST ("/index-files/foreign", test_foreign);
  TEST ("/index-files/outdated", test_outdated);
  TEST ("/index-files/deleted-while-mapped", test_deleted_while_mapped);
  TEST ("/index-files/healed", test_healed);
  TEST ("/index-files/disk-full", test_disk_full);
  TEST ("/index-files/rolled-back", test_rolled_back);
  TEST ("/index-files/errors", test_errors);
  TEST ("/index-files/estimated", test_estimated);
  TEST ("/index-files/slow", test_slow);
  TEST ("/index-files/processes", test_processes);
  return g_test_run ();
}
