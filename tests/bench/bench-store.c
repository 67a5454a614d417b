/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measures the store in process, on a database that make-library built:
 *
 *     bench-store DATA-DIR
 *
 * Prints a table. What writes does so on a small database of its own; DATA-DIR is only read. */
#include <booru.h>

#include <glib/gstdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 25

static const char *const queries[] = {
  "",
  "{1}",
  "{2} {3}",
  "{1} {50}",
  "{1} -{2}",
  "{3} {4} {5}",
  "{1} -{2} -{3} -{4}",
  "{500}",
  "{500} {1}",
  "{20000}",
  "{20000} {30000}",
  "{60} {70} {80} {90}",
  "rating:s",
  "rating:e {10}",
  "-rating:g {1} {2}",
  "{1} order:id",
  "order:random",
  "{40} order:random",
  "id:>500000 {2}",
  "id:1..1000",
  "nothing_has_this",
  "similar:500000",
  "similar:500000,20 {1}",
};

static double
now_ms (void)
{
  return g_get_monotonic_time () / 1000.0;
}

/* Of this process: what a search costs on a machine that has other things to do. */
static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1000.0 + now.tv_nsec / 1e6;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *)a, right = *(const double *)b;

  return (left > right) - (left < right);
}

static double
quantile (GArray *values, double part)
{
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, (guint)(part * (values->len - 1)));
}

/* Tags are counted by how common they are made, not by how common they are. */
static char *
tag_name (BooruStore *store, gint64 id)
{
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  g_autoptr (GPtrArray) tags = NULL;

  filter.before_id = id + 1;
  filter.limit = 1;
  tags = booru_store_list_tags (store, &filter, NULL);
  if (tags == NULL || tags->len != 1 || ((BooruTag *)tags->pdata[0])->id != id)
    g_error ("tag %" G_GINT64_FORMAT " is missing: not a library of make-library's", id);
  return g_strdup (((BooruTag *)tags->pdata[0])->name);
}

/* "{N}" stands for the tag that is the N-th most common. */
static char *
expand (BooruStore *store, const char *pattern)
{
  GString *text = g_string_new (NULL);

  for (; *pattern != '\0'; pattern++)
    if (*pattern == '{')
      {
        g_autofree char *name = tag_name (store, strtol (pattern + 1, (char **)&pattern, 10));

        g_string_append (text, name);
      }
    else
      g_string_append_c (text, *pattern);
  return g_string_free (text, FALSE);
}

static double
time_search (BooruStore *store, const char *text, gint64 page_number)
{
  g_autoptr (GError) error = NULL;
  BooruPage page = { BOORU_PAGE_NUMBER, page_number, 40 };
  double start = now_ms ();
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GPtrArray) posts = booru_store_search (store, query, &page, &error);

  if (posts == NULL)
    g_error ("%s: %s", text, error->message);
  return now_ms () - start;
}

static double
time_count (BooruStore *store, const char *text, gint64 *count)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  double start = now_ms ();

  *count = booru_store_count (store, query, NULL, NULL);
  return now_ms () - start;
}

static void
bench_query (BooruStore *store, const char *pattern, GArray *pages, GArray *counts)
{
  g_autofree char *text = expand (store, pattern);
  g_autoptr (GArray) mine = g_array_new (FALSE, FALSE, sizeof (double));
  double first, deep, cold, again;
  gint64 count;

  cold = time_count (store, text, &count);
  again = time_count (store, text, &count);
  first = time_search (store, text, 1);
  for (guint i = 0; i < ROUNDS; i++)
    {
      double taken = time_search (store, text, 1);

      g_array_append_val (mine, taken);
      g_array_append_val (pages, taken);
    }
  g_array_append_val (pages, first);
  g_array_append_val (counts, cold);
  deep = time_search (store, text, 100);
  g_print ("| %-40s | %9" G_GINT64_FORMAT " | %7.3f | %7.3f | %7.2f | %7.3f | %7.3f | %7.2f |\n",
           text, count, cold, again, first, quantile (mine, 0.5), quantile (mine, 1), deep);
}

static void
bench_similar (BooruStore *store, guint n_hashes, guint max_distance)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) costs = g_array_new (FALSE, FALSE, sizeof (double));
  guint n_found = 0;
  double first = 0;

  for (guint i = 0; i <= ROUNDS; i++)
    {
      guint64 hashes[1 + BOORU_MAX_FRAME_HASHES];
      g_autoptr (GArray) found = NULL;
      double start, taken, cost;

      for (guint j = 0; j < n_hashes; j++)
        hashes[j] = (guint64)g_random_int () << 32 | g_random_int ();
      start = now_ms ();
      cost = cpu_ms ();
      found = booru_store_find_similar (store, hashes, n_hashes, max_distance, 20, NULL);
      taken = now_ms () - start;
      cost = cpu_ms () - cost;
      g_array_append_val (costs, cost);
      n_found += found->len;
      if (i == 0)
        first = taken;
      else
        g_array_append_val (times, taken);
    }
  g_print ("| %u | %u | %.1f | %.2f | %.2f | %.2f | %.2f |\n", n_hashes, max_distance,
           n_found / (ROUNDS + 1.0), first, quantile (times, 0.5), quantile (times, 1),
           quantile (costs, 0.5));
}

/* The nearest 20 of all hashes. */
static void
bench_similarity (BooruStore *store)
{
  g_print ("\n| hashes | distance | found | first | median | worst | median of CPU time |\n"
           "| --- | --- | --- | --- | --- | --- | --- |\n");
  bench_similar (store, 1, BOORU_SIMILAR_DISTANCE);
  bench_similar (store, 1, BOORU_SIMILAR_MAX_DISTANCE);
  bench_similar (store, 1 + BOORU_MAX_FRAME_HASHES, BOORU_SIMILAR_DISTANCE);
}

static gboolean
count_file (const BooruFile *file, gpointer user_data)
{
  ++*(gint64 *)user_data;
  return TRUE;
}

static void
bench_reading (const char *data_dir)
{
  g_autoptr (GError) error = NULL;
  double start = now_ms ();
  g_autoptr (BooruStore) store
      = booru_store_open (data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, &error);
  g_autoptr (GArray) pages = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (double));
  gint64 n_files = 0;

  if (store == NULL)
    g_error ("%s", error->message);
  g_print ("open: %.2f ms\n\n", now_ms () - start);
  g_print ("All times in milliseconds, pages of 40.\n\n| query | found | count | again | first | "
           "median | worst "
           "| page 100 |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    bench_query (store, queries[i], pages, counts);
  g_print ("\npages: median %.3f ms, worst %.2f ms; cold counts: median %.2f ms, worst %.2f ms\n",
           quantile (pages, 0.5), quantile (pages, 1), quantile (counts, 0.5),
           quantile (counts, 1));

  bench_similarity (store);
  start = now_ms ();
  for (guint i = 0; i < 10000; i++)
    booru_store_get_generation (store);
  g_print ("generation: %.2f us\n", (now_ms () - start) / 10);
  for (guint i = 0; i < 2; i++)
    {
      n_files = 0;
      start = now_ms ();
      booru_store_foreach_file (store, 1, NULL, NULL, count_file, &n_files, &error);
      g_print ("walk over %" G_GINT64_FORMAT " files: %.2f million a second\n", n_files,
               n_files / (now_ms () - start) / 1000);
    }
}

static GPtrArray *
make_batch (gint64 folder_id, guint first, guint n)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);

  for (guint i = first; i < first + n; i++)
    {
      BooruFileChange *change = booru_file_change_new (BOORU_FILE_ADD);
      g_autofree char *path = g_strdup_printf ("%u/%u.jpg", i / 1000, i);
      g_autofree char *md5 = g_compute_checksum_for_string (G_CHECKSUM_MD5, path, -1);

      change->folder_id = folder_id;
      change->path = g_steal_pointer (&path);
      change->stat = (BooruFileStat){ i, i, i, 1 };
      change->media = (BooruMedia){
        .ext = "jpg", .size = i, .width = 10, .height = 10, .duration = -1, .frames = 1
      };
      g_strlcpy (change->media.md5, md5, sizeof change->media.md5);
      g_ptr_array_add (changes, change);
    }
  return changes;
}

static double
time_batch (BooruStore *store, gint64 folder_id, guint first, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) changes = make_batch (folder_id, first, n);
  double start = now_ms ();

  if (!booru_store_apply_file_changes (store, changes, &error))
    g_error ("%s", error->message);
  return now_ms () - start;
}

static double
time_edit (BooruStore *store, guint turn)
{
  g_autoptr (GError) error = NULL;
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  g_autoptr (GString) tags = g_string_new (NULL);
  double start;

  for (guint i = 0; i < 24; i++)
    g_string_append_printf (tags, "tag_%u ", (turn * 7 + i * i) % 5000);
  edit.tag_string = tags->str;
  start = now_ms ();
  booru_post_unref (booru_store_edit_post (store, 1 + turn % 1000, &edit, &error));
  if (error != NULL)
    g_error ("%s", error->message);
  return now_ms () - start;
}

static void
bench_writing (const char *temporary)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruStore) store
      = booru_store_open (temporary, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_autoptr (BooruFolder) folder = NULL;
  g_autoptr (GArray) batches = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) singles = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) edits = g_array_new (FALSE, FALSE, sizeof (double));
  double taken;

  if (store == NULL)
    g_error ("%s", error->message);
  folder = booru_store_ensure_folder (store, "/bench", BOORU_FOLDER_LIBRARY, &error);
  for (guint i = 0; i < 20; i++)
    {
      taken = time_batch (store, folder->id, i * 1000, 1000);
      g_array_append_val (batches, taken);
    }
  for (guint i = 0; i < 200; i++)
    {
      taken = time_batch (store, folder->id, 1000000 + i, 1);
      g_array_append_val (singles, taken);
    }
  for (guint i = 0; i < 5000; i++)
    {
      taken = time_edit (store, i);
      g_array_append_val (edits, taken);
    }
  g_print ("1000 new posts in one durable write: median %.1f ms, worst %.1f ms\n",
           quantile (batches, 0.5), quantile (batches, 1));
  g_print ("one new post in one durable write: median %.2f ms, worst %.2f ms\n",
           quantile (singles, 0.5), quantile (singles, 1));
  g_print ("one edit to 24 other tags: median %.2f ms, 99 %% %.2f ms, worst %.2f ms\n",
           quantile (edits, 0.5), quantile (edits, 0.99), quantile (edits, 1));
}

int
main (int argc, char *argv[])
{
  g_autofree char *temporary = NULL, *lock = NULL;
  static const char *const suffixes[] = { "", "-wal", "-shm" };

  if (argc != 2)
    {
      g_printerr ("Usage: %s DATA-DIR\n", argv[0]);
      return 64;
    }
  bench_reading (argv[1]);

  temporary = g_dir_make_tmp ("booru-bench-XXXXXX", NULL);
  bench_writing (temporary);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (temporary, "/" BOORU_FILE_DATABASE, suffixes[i], NULL);

      g_remove (path);
    }
  lock = g_build_filename (temporary, BOORU_FILE_WRITE_LOCK, NULL);
  g_remove (lock);
  g_rmdir (temporary);
  return 0;
}
