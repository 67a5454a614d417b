/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measures jobs on a database that make-library built, and that is changed:
 *
 *     bench-jobs DATA-DIR [POSTS]
 *
 * Takes the tag whose number of posts is nearest to POSTS (100000), has it imply another, edits all
 * of its posts, and undoes both, with the pauses that the monitor makes; meanwhile another thread
 * searches and edits. */
#include <booru.h>

#include <stdlib.h>
#include <time.h>

#define PAUSE 10000 /* µs */

static double
now_ms (void)
{
  return g_get_monotonic_time () / 1000.0;
}

/* Of this thread: what the job costs on a machine that has other things to do. */
static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
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
  if (values->len == 0)
    return 0;
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, (guint)(part * (values->len - 1)));
}

static BooruStore *
open_store (const char *data_dir)
{
  g_autoptr (GError) error = NULL;
  BooruStore *store = booru_store_open (data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, &error);

  if (store == NULL)
    g_error ("%s", error->message);
  return store;
}

/* What others do meanwhile. */
typedef struct
{
  const char *data_dir, *query;
  gint64 post_id;
  gint over;                /* atomic */
  GArray *searches, *edits; /* ms */
} Others;

static void
edit (BooruStore *store, Others *self, guint n)
{
  g_autofree char *tags = g_strdup_printf ("others_%u", n % 10);
  BooruPostEdit wanted = BOORU_POST_EDIT_INIT;
  double start = now_ms (), taken;
  g_autoptr (GError) error = NULL;

  wanted.editor_id = 1;
  wanted.tag_string = tags;
  wanted.old_tag_string = "";
  booru_post_unref (booru_store_edit_post (store, self->post_id, &wanted, &error));
  if (error != NULL)
    g_error ("%s", error->message);
  taken = now_ms () - start;
  g_array_append_val (self->edits, taken);
}

static gpointer
run_others (gpointer data)
{
  Others *self = data;
  g_autoptr (BooruStore) store = open_store (self->data_dir);
  g_autoptr (BooruQuery) query = booru_query_parse (self->query);
  BooruPage page = { BOORU_PAGE_NUMBER, 1, 40 };

  for (guint n = 0; !g_atomic_int_get (&self->over); n++)
    {
      double start = now_ms (), taken;
      g_autoptr (GPtrArray) posts = booru_store_search (store, query, &page, NULL);

      taken = now_ms () - start;
      g_array_append_val (self->searches, taken);
      if (n % 10 == 0)
        edit (store, self, n);
      g_usleep (10000);
    }
  return NULL;
}

static void
run (BooruStore *store, const char *data_dir, const char *query, gint64 post_id, const char *what)
{
  Others others = { data_dir,
                    query,
                    post_id,
                    0,
                    g_array_new (FALSE, FALSE, sizeof (double)),
                    g_array_new (FALSE, FALSE, sizeof (double)) };
  g_autoptr (GArray) posts = g_array_new (FALSE, FALSE, sizeof (gint64));
  BooruJobStep step = { .posts = posts };
  GThread *thread = g_thread_new ("others", run_others, &others);
  double start = now_ms (), longest = 0;
  double cpu = cpu_ms ();
  guint n_parts = 0;
  gint64 changed = 0;

  do
    {
      double part = now_ms ();
      g_autoptr (GError) error = NULL;

      if (!booru_store_run_jobs (store, &step, &error) && !booru_err_busy (error))
        g_error ("%s", error->message);
      longest = MAX (longest, now_ms () - part);
      changed += posts->len;
      n_parts++;
      g_usleep (PAUSE);
    }
  while (step.job_id != 0);
  start = now_ms () - start;
  cpu = cpu_ms () - cpu;
  g_atomic_int_set (&others.over, 1);
  g_thread_join (thread);
  g_print ("%-28s %7" G_GINT64_FORMAT
           " posts  %6.2f s (of CPU: %5.2f)  %4u parts, longest %4.0f ms;  searches "
           "median %5.2f ms, 99 %% %5.1f ms;  edits median %5.1f ms, 99 %% %5.1f ms\n",
           what, changed, start / 1000, cpu / 1000, n_parts, longest,
           quantile (others.searches, 0.5), quantile (others.searches, 0.99),
           quantile (others.edits, 0.5), quantile (others.edits, 0.99));
  g_array_unref (others.searches);
  g_array_unref (others.edits);
}

static char *
choose_tag (BooruStore *store, gint64 wanted)
{
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  g_autoptr (GPtrArray) tags = NULL;
  const BooruTag *best = NULL;

  filter.order = BOORU_TAG_ORDER_COUNT;
  filter.limit = 1000;
  tags = booru_store_list_tags (store, &filter, NULL);
  for (guint i = 0; i < tags->len; i++)
    {
      const BooruTag *tag = tags->pdata[i];

      if (best == NULL || llabs (tag->post_count - wanted) < llabs (best->post_count - wanted))
        best = tag;
    }
  g_print ("Tag %s, on %" G_GINT64_FORMAT " posts\n", best->name, best->post_count);
  return g_strdup (best->name);
}

int
main (int argc, char *argv[])
{
  const char *data_dir = argc > 1 ? argv[1] : NULL;
  g_autoptr (BooruStore) store = NULL;
  g_autofree char *tag = NULL;
  BooruBulkEdit bulk = { .action = BOORU_BULK_EDIT, .creator_id = 1, .expected = -1 };
  g_autoptr (GError) error = NULL;
  gint64 job = 0;

  if (data_dir == NULL)
    g_error ("bench-jobs DATA-DIR [POSTS]");
  store = open_store (data_dir);
  tag = choose_tag (store, argc > 2 ? atoll (argv[2]) : 100000);
  booru_relation_free (booru_store_add_relation (store, BOORU_RELATION_IMPLICATION, tag,
                                                 "bench_implied", "", 1, &job, &error));
  if (error != NULL)
    g_error ("%s", error->message);
  run (store, data_dir, tag, 1, "an implication");
  booru_job_free (booru_store_undo_job (store, job, 1, NULL));
  run (store, data_dir, tag, 1, "its undo");

  bulk.query = tag;
  bulk.script = "bench_added bench_also -bench_gone rating:q";
  job = booru_store_add_bulk (store, &bulk, NULL)->id;
  run (store, data_dir, tag, 1, "an edit of two tags, rating");
  booru_job_free (booru_store_undo_job (store, job, 1, NULL));
  run (store, data_dir, tag, 1, "its undo");
  return 0;
}
