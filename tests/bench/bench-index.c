/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measures the search index in process, over posts that are made up:
 *
 *     bench-index POSTS [FOLDER]
 *
 * Writes the index into FOLDER, or keeps it in memory, and prints a table: processor time of this
 * thread, medians. Tags are as frequent as in real libraries: tag N is on about 1/N of the posts
 * that tag 1 is on. */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "board/index/booru-index.h"

#define N_TAGS 200000
#define MIN_ROUNDS 5
#define MAX_ROUNDS 200
#define MAX_SECONDS 2

typedef struct
{
  gint64 n_posts;
  guint64 generation;
  gint64 changed; /* the post of the last change */
  guint32 *alias; /* Vose's method: https://www.keithschwarz.com/darts-dice-coins/ */
  double *chance;
  char **names;
} Library;

static guint64
mix (guint64 x)
{
  x += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return x ^ (x >> 31);
}

static void
prepare_tags (Library *self)
{
  g_autoptr (GArray) small = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) large = g_array_new (FALSE, FALSE, sizeof (guint32));
  double sum = 0;

  self->alias = g_new0 (guint32, N_TAGS);
  self->chance = g_new0 (double, N_TAGS);
  for (guint32 i = 0; i < N_TAGS; i++)
    sum += self->chance[i] = 1.0 / pow (i + 1, 0.95);
  for (guint32 i = 0; i < N_TAGS; i++)
    {
      self->chance[i] *= N_TAGS / sum;
      g_array_append_val (self->chance[i] < 1 ? small : large, i);
    }
  while (small->len > 0 && large->len > 0)
    {
      guint32 from = g_array_index (small, guint32, small->len - 1);
      guint32 to = g_array_index (large, guint32, large->len - 1);

      g_array_set_size (small, small->len - 1);
      self->alias[from] = to;
      self->chance[to] += self->chance[from] - 1;
      if (self->chance[to] >= 1)
        continue;
      g_array_set_size (large, large->len - 1);
      g_array_append_val (small, to);
    }
}

static void
prepare_names (Library *self)
{
  static const char *const kinds[] = { "tag", "long_hair", "artist", "blue", "character_(series)" };

  self->names = g_new0 (char *, N_TAGS + 1);
  for (guint i = 1; i <= N_TAGS; i++)
    self->names[i] = g_strdup_printf ("%s_%x_%u", kinds[i * 7 % G_N_ELEMENTS (kinds)],
                                      (guint)(mix (i) % 4096), i);
}

static gint64
draw_tag (const Library *self, guint64 number)
{
  guint32 i = (guint32)((number >> 32) * N_TAGS >> 32);

  return 1 + ((double)(guint32)number / 4294967296.0 < self->chance[i] ? i : self->alias[i]);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;

  return (left > right) - (left < right);
}

static guint
draw_tags (const Library *self, guint64 seed, gint64 *tags)
{
  guint n = 12 + (guint)(mix (seed) % 32), kept = 0;

  for (guint i = 0; i < n; i++)
    tags[i] = draw_tag (self, mix (seed + i + 1));
  qsort (tags, n, sizeof *tags, compare_ids);
  for (guint i = 0; i < n; i++)
    if (kept == 0 || tags[i] != tags[kept - 1])
      tags[kept++] = tags[i];
  return kept;
}

static void
draw_row (const Library *self, gint64 id, BooruIndexRow *row, gint64 *tags)
{
  guint64 a = mix ((guint64)id * 3), b = mix (a), c = mix (b);

  *row = (BooruIndexRow){ .id = id,
                          .status = a % 100 == 0 ? BOORU_POST_DELETED : BOORU_POST_ACTIVE,
                          .rating = "ggggssqe"[(a >> 8) % 8],
                          .ext = (a >> 16) % 10 ? "jpg" : "png",
                          .facts = (a >> 24) % 2 ? BOORU_INDEX_HAS_SOURCE : 0,
                          .parent_mask = (a >> 32) % 20 == 0 };
  row->values[BOORU_INDEX_WIDTH] = 300 + (gint64)(b % 4700);
  row->values[BOORU_INDEX_HEIGHT] = 300 + (gint64)((b >> 16) % 4700);
  row->values[BOORU_INDEX_FILESIZE] = 20000 + (gint64)((b >> 32) % 7980000);
  row->values[BOORU_INDEX_DURATION] = -1;
  row->values[BOORU_INDEX_SCORE] = (gint64)(pow ((double)(c & 0xfffff) / 1048576.0, 8) * 2000);
  row->values[BOORU_INDEX_FAVCOUNT] = row->values[BOORU_INDEX_SCORE] / 2;
  row->values[BOORU_INDEX_CREATED] = G_GINT64_CONSTANT (1600000000000000) + id * 60000000;
  row->values[BOORU_INDEX_UPDATED]
      = row->values[BOORU_INDEX_CREATED] + (gint64)((c >> 20) % 100000000000);
  row->values[BOORU_INDEX_MD5] = (gint64)mix (c);
  row->n_tags = draw_tags (self, a, tags);
  row->tags = tags;
  row->values[BOORU_INDEX_TAGCOUNT] = row->n_tags;
  row->values[BOORU_INDEX_GENTAGS] = row->n_tags - row->n_tags / 4;
  row->values[BOORU_INDEX_ARTTAGS] = row->n_tags / 8;
}

/* The source. */

static gboolean
get_generation (gpointer data, guint64 *generation, GError **error)
{
  *generation = ((Library *)data)->generation;
  return TRUE;
}

static gboolean
get_stamp (gpointer data, guint64 generation, gint64 *stamp, GError **error)
{
  *stamp = 0;
  return TRUE;
}

static gboolean
find_next_id (gpointer data, gint64 from, gint64 *id, GError **error)
{
  *id = from <= ((Library *)data)->n_posts ? MAX (from, 1) : -1;
  return TRUE;
}

static gboolean
read_rows (gpointer data,
           gint64 first,
           gint64 last,
           BooruIndexRowFunc func,
           gpointer func_data,
           GError **error)
{
  const Library *self = data;

  for (gint64 id = MAX (first, 1); id <= MIN (last, self->n_posts); id++)
    {
      gint64 tags[64];
      BooruIndexRow row;

      draw_row (self, id, &row, tags);
      if (!func (&row, func_data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_changes (gpointer data, guint64 after, GArray *changes, GError **error)
{
  const Library *self = data;
  BooruIndexChange change = { self->generation, self->changed, self->changed };

  g_array_append_val (changes, change);
  return TRUE;
}

static gboolean
read_tags (gpointer data, guint64 after, BooruIndexTagFunc func, gpointer func_data, GError **error)
{
  const Library *self = data;

  for (gint64 id = 1; after == 0 && id <= N_TAGS; id++)
    {
      BooruTagRef tag = { id, self->names[id], BOORU_TAG_GENERAL,
                          (gint64)(2.0 * (double)self->n_posts / pow ((double)id, 0.95)) + 1 };

      if (!func (&tag, func_data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_leaf (gpointer data, const BooruQueryNode *node, GArray *hits, GError **error)
{
  return TRUE;
}

static const BooruIndexSource source
    = { get_generation, get_stamp, find_next_id, read_rows, read_changes, read_tags, read_leaf };

/* Measuring. */

static double
cpu_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *)a, right = *(const double *)b;

  return (left > right) - (left < right);
}

typedef void (*Job) (BooruIndex *index, gconstpointer data);

static double
measure (BooruIndex *index, Job job, gconstpointer data)
{
  double times[MAX_ROUNDS];
  gint64 end = g_get_monotonic_time () + MAX_SECONDS * G_USEC_PER_SEC;
  guint n = 0;

  while (n < MAX_ROUNDS && (n < MIN_ROUNDS || g_get_monotonic_time () < end))
    {
      double start = cpu_us ();

      job (index, data);
      times[n++] = cpu_us () - start;
    }
  qsort (times, n, sizeof *times, compare_doubles);
  return times[n / 2];
}

static void
search (BooruIndex *index, gconstpointer text)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  BooruPage page = { BOORU_PAGE_NUMBER, 1, 40, 1 };

  booru_index_search (index, query, &page, ids, &error);
  g_assert_no_error (error);
}

static void
count (BooruIndex *index, gconstpointer text)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GError) error = NULL;

  booru_index_count (index, query, NULL, &error);
  g_assert_no_error (error);
}

static void
complete (BooruIndex *index, gconstpointer beginning)
{
  g_autoptr (GPtrArray) tags = booru_index_complete_tag (index, beginning, 10, NULL);

  g_assert_nonnull (tags);
}

static void
relate (BooruIndex *index, gconstpointer text)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  gint64 n_posts;
  g_autoptr (GPtrArray) related
      = booru_index_related_tags (index, query, -1, BOORU_INDEX_BY_COSINE, 20, &n_posts, NULL);

  g_assert_nonnull (related);
}

/* {N} becomes the name of tag N. */
static char *
fill_in (const Library *library, const char *template)
{
  GString *text = g_string_new (NULL);

  for (const char *p = template; *p; p++)
    if (*p == '{')
      {
        g_string_append (text, library->names[strtoul (p + 1, NULL, 10)]);
        p = strchr (p, '}');
      }
    else
      g_string_append_c (text, *p);
  return g_string_free (text, FALSE);
}

static void
measure_queries (const Library *library, BooruIndex *index)
{
  static const char *const templates[] = {
    "",
    "{1}",
    "{2} {3}",
    "{1} -{2} -{3} -{4}",
    "({1} or {2}) ({3} or {4}) -{5}",
    "{60} {70} {80} {90}",
    "{500}",
    "{20000}",
    "{20000} {30000}",
    "-{1}",
    "nothing_has_this",
    "tag_*",
    "*_hair_*",
    "*9*_77*",
    "rating:e {10}",
    "{1} width:>3000",
    "{50} width:>3000",
    "{1} date:2022-01-01..2022-03-31",
    "mpixels:>12",
    "ratio:16:9",
    "id:1..1000",
    "order:id",
    "order:score",
    "{1} order:score",
    "{50} order:score",
    "order:change",
    "order:filesize",
    "order:mpixels",
    "order:landscape",
    "order:md5",
    "order:random",
    "{1} order:random",
    "{500} order:random",
  };
  static const char *const beginnings[]
      = { "", "t", "tag", "tag_1", "l", "long_hair", "hair", "1", "b" };

  g_print ("%-36s %12s %12s\n", "query", "page, µs", "count, µs");
  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++)
    {
      g_autofree char *text = fill_in (library, templates[i]);

      g_print ("%-36s %12.1f %12.1f\n", templates[i], measure (index, search, text),
               measure (index, count, text));
    }
  for (gsize i = 1; i < 12; i += 5)
    {
      g_autofree char *text = fill_in (library, templates[i]);

      g_print ("related to %s: %.1f µs\n", templates[i], measure (index, relate, text));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    g_print ("complete “%s”: %.1f µs\n", beginnings[i], measure (index, complete, beginnings[i]));
}

/* One post changes before each search. */
static void
measure_edits (Library *library, BooruIndex *index)
{
  g_autofree char *text = fill_in (library, "{2} {3}");
  double times[1000];

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      double start;

      library->generation++;
      library->changed = 1 + (gint64)(mix (i) % (guint64)library->n_posts);
      start = cpu_us ();
      booru_index_catch_up (index, NULL);
      times[i] = cpu_us () - start;
    }
  qsort (times, G_N_ELEMENTS (times), sizeof *times, compare_doubles);
  g_print ("one edit: %.1f µs; then, with %u changed posts, {2} {3}: page %.1f µs, count %.1f µs\n",
           times[G_N_ELEMENTS (times) / 2], (guint)G_N_ELEMENTS (times),
           measure (index, search, text), measure (index, count, text));
}

/* Of this process and nobody else. What stands in files is not counted, even while the kernel has
 * not written it to the disk yet. */
static gint64
get_memory (void)
{
  g_autofree char *text = NULL;
  const char *private;

  if (!g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL))
    return 0;
  private = strstr (text, "Anonymous:");
  return private ? g_ascii_strtoll (private + strlen ("Anonymous:"), NULL, 10) : 0;
}

static void
write_files (Library *library, const char *folder)
{
  g_autoptr (BooruIndex) index = booru_index_new (folder, "bench", &source, library);
  double start = cpu_us (), worst = 0;
  gboolean more = TRUE;
  guint n = 0;

  for (; more; n++)
    {
      double before = cpu_us ();

      g_assert_true (booru_index_write (index, 1, &more, NULL));
      worst = MAX (worst, cpu_us () - before);
    }
  g_print ("writing %u files, with making up: %.2f s, the longest %.0f ms\n", n - 1,
           (cpu_us () - start) / 1e6, worst / 1e3);
}

/* What it takes to make up the posts, which is not the index's. */
static void
measure_source (const Library *library)
{
  double start = cpu_us ();

  for (gint64 id = 1; id <= library->n_posts; id++)
    {
      gint64 tags[64];
      BooruIndexRow row;

      draw_row (library, id, &row, tags);
    }
  g_print ("making up %" G_GINT64_FORMAT " posts: %.2f s\n", library->n_posts,
           (cpu_us () - start) / 1e6);
}

static void
measure_start (Library *library, BooruIndex *index)
{
  g_autofree char *text = fill_in (library, "{2} {3}");
  BooruIndexStats stats;
  gint64 memory = get_memory ();
  double start = cpu_us ();

  booru_index_catch_up (index, NULL);
  g_print ("opening: %.1f ms", (cpu_us () - start) / 1e3);
  start = cpu_us ();
  search (index, text);
  g_print ("; first page of {2} {3}: %.1f ms", (cpu_us () - start) / 1e3);
  start = cpu_us ();
  count (index, text);
  g_print ("; first count: %.1f ms\n", (cpu_us () - start) / 1e3);
  booru_index_get_stats (index, &stats);
  g_print ("%u blocks, %.1f MB of files, %" G_GINT64_FORMAT " KB of memory\n", stats.n_blocks,
           (double)stats.n_bytes / 1e6, get_memory () - memory);
}

int
main (int argc, char **argv)
{
  Library library = { .generation = 1 };
  g_autoptr (BooruIndex) index = NULL;
  gint64 memory;

  setlocale (LC_ALL, "C.UTF-8");
  if (argc < 2)
    {
      g_printerr ("usage: bench-index POSTS [FOLDER]\n");
      return 64;
    }
  library.n_posts = g_ascii_strtoll (argv[1], NULL, 10);
  prepare_tags (&library);
  prepare_names (&library);
  index = booru_index_new (argc > 2 ? argv[2] : NULL, "bench", &source, &library);

  measure_source (&library);
  memory = get_memory ();
  if (argc > 2)
    write_files (&library, argv[2]);
  measure_start (&library, index);
  measure_queries (&library, index);
  g_print ("%" G_GINT64_FORMAT " KB of memory\n", get_memory () - memory);
  measure_edits (&library, index);
  g_print ("%" G_GINT64_FORMAT " KB of memory\n", get_memory () - memory);
  return 0;
}
