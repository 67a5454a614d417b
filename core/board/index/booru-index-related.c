/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-related.h"

#include <math.h>

/* Posts of a sample, and tags of theirs whose numbers are then found out. */
#define N_SAMPLE 256
#define N_CANDIDATES 128

gboolean
booru_index_run_count_tags (BooruIndexRun *run,
                            const gint64 *tags,
                            guint n_tags,
                            gint64 *counts,
                            gint64 *n_posts,
                            GError **error)
{
  *n_posts = 0;
  for (guint i = 0; i < n_tags; i++)
    counts[i] = 0;
  for (guint i = 0; i < booru_index_blocks_get_n (run->blocks); i++)
    {
      BooruIndexFound found;

      if (!booru_index_run_find (run, i, &found, error))
        return FALSE;
      *n_posts += booru_index_found_count (&found);
      for (guint j = 0; j < found.n; j++)
        for (guint k = 0; k < n_tags && found.sets[j].n > 0; k++)
          if (tags[k] > 0 && tags[k] <= BOORU_INDEX_MAX_TAG)
            counts[k] += booru_index_set_count_common (
                found.sets[j],
                booru_index_view_find (&found.views[j], BOORU_INDEX_TERM_TAG + (guint32)tags[k]));
    }
  return TRUE;
}

typedef struct
{
  gint64 first;    /* id of the block */
  guint64 at;      /* how many posts came before */
  guint64 n_posts; /* of the query */
  guint wanted;
  GArray *ids;
} Sampler;

/* The post that the next one of the sample is. */
static guint64
get_next (const Sampler *self)
{
  return self->ids->len * self->n_posts / self->wanted;
}

static gboolean
sample_post (guint low, gpointer data)
{
  Sampler *self = data;
  gint64 id = self->first + low;

  if (self->at++ == get_next (self))
    g_array_append_val (self->ids, id);
  return self->ids->len < self->wanted;
}

/* Appends the ids of at most @n posts, evenly spread. */
static gboolean
draw_sample (BooruIndexRun *run, guint n, GArray *ids, gint64 *n_posts, GError **error)
{
  guint n_blocks = booru_index_blocks_get_n (run->blocks);
  g_autofree guint *counts = g_new0 (guint, n_blocks);
  Sampler sampler = { .ids = ids };
  BooruIndexFound found;

  for (guint i = 0; i < n_blocks; i++)
    {
      if (!booru_index_run_find (run, i, &found, error))
        return FALSE;
      counts[i] = booru_index_found_count (&found);
      sampler.n_posts += counts[i];
    }
  *n_posts = (gint64)sampler.n_posts;
  sampler.wanted = (guint)MIN (n, sampler.n_posts);
  for (guint i = 0; i < n_blocks && ids->len < sampler.wanted; i++)
    {
      if (sampler.at + counts[i] <= get_next (&sampler))
        {
          sampler.at += counts[i];
          continue;
        }
      if (!booru_index_run_find (run, i, &found, error))
        return FALSE;
      sampler.first = (gint64)found.views[0].number * BOORU_INDEX_BLOCK_SIZE;
      booru_index_set_walk (booru_index_run_merge (run, &found), FALSE, sample_post, &sampler);
    }
  return TRUE;
}

static gboolean
add_row_tags (const BooruIndexRow *row, gpointer data, GError **error)
{
  GHashTable *counts = data;

  for (guint i = 0; i < row->n_tags; i++)
    {
      gint64 *count = g_hash_table_lookup (counts, &row->tags[i]);

      if (count == NULL)
        {
          count = g_new0 (gint64, 2); /* the tag, its count */
          count[0] = row->tags[i];
          g_hash_table_insert (counts, count, count + 1);
          count++;
        }
      (*count)++;
    }
  return TRUE;
}

void
booru_index_related_free (BooruIndexRelated *self)
{
  booru_tag_ref_free (self->tag);
  g_free (self);
}

static void
set_likeness (BooruIndexRelated *self, gint64 n_together, gint64 n_posts)
{
  double together = (double)n_together, posts = (double)MAX (n_posts, 1);
  /* Of active posts only, while those of a query may be others. */
  double tagged = (double)MAX (self->tag->post_count, n_together);

  self->n_together = n_together;
  self->frequency = together / posts;
  self->cosine = tagged > 0 ? together / sqrt (tagged * posts) : 0;
  self->jaccard = tagged > 0 ? together / (tagged + posts - together) : 0;
  self->overlap = tagged > 0 ? together / MIN (tagged, posts) : 0;
}

static double
get_likeness (const BooruIndexRelated *self, BooruIndexRelation order)
{
  switch (order)
    {
    case BOORU_INDEX_BY_COSINE:
      return self->cosine;
    case BOORU_INDEX_BY_JACCARD:
      return self->jaccard;
    case BOORU_INDEX_BY_OVERLAP:
      return self->overlap;
    case BOORU_INDEX_BY_FREQUENCY:
    default:
      return self->frequency;
    }
}

/* The most alike first; among equals the most used. */
static int
compare_related (gconstpointer a, gconstpointer b, gpointer data)
{
  const BooruIndexRelated *left = *(BooruIndexRelated *const *)a,
                          *right = *(BooruIndexRelated *const *)b;
  double difference = get_likeness (left, *(BooruIndexRelation *)data)
                      - get_likeness (right, *(BooruIndexRelation *)data);

  if (difference != 0)
    return difference > 0 ? -1 : 1;
  if (left->tag->post_count != right->tag->post_count)
    return left->tag->post_count > right->tag->post_count ? -1 : 1;
  return (left->tag->id > right->tag->id) - (left->tag->id < right->tag->id);
}

static void
sort_related (GPtrArray *related, BooruIndexRelation order, guint limit)
{
  g_ptr_array_sort_with_data (related, compare_related, &order);
  if (related->len > limit)
    g_ptr_array_set_size (related, (gint)limit);
}

/* The tags of a sample, with numbers as if it stood for all. */
static GPtrArray *
list_candidates (GHashTable *counts,
                 guint n_sample,
                 gint64 n_posts,
                 const BooruIndexNames *names,
                 gint category)
{
  GPtrArray *related = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_index_related_free);
  GHashTableIter iter;
  gpointer id, count;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &id, &count))
    {
      BooruTagRef *tag = NULL;
      BooruIndexRelated *one;

      /* One of so many posts tells nothing. */
      if (*(gint64 *)count > 1 || n_sample < N_SAMPLE)
        tag = booru_index_names_get (names, *(gint64 *)id);
      if (tag == NULL || (category >= 0 && (gint)tag->category != category))
        {
          g_clear_pointer (&tag, booru_tag_ref_free);
          continue;
        }
      one = g_new0 (BooruIndexRelated, 1);
      one->tag = tag;
      set_likeness (one, *(gint64 *)count * n_posts / n_sample, n_posts);
      g_ptr_array_add (related, one);
    }
  return related;
}

static gboolean
count_candidates (BooruIndexRun *run, GPtrArray *related, gint64 *n_posts, GError **error)
{
  g_autofree gint64 *tags = g_new0 (gint64, related->len + 1);
  g_autofree gint64 *counts = g_new0 (gint64, related->len + 1);

  for (guint i = 0; i < related->len; i++)
    tags[i] = ((const BooruIndexRelated *)related->pdata[i])->tag->id;
  if (!booru_index_run_count_tags (run, tags, related->len, counts, n_posts, error))
    return FALSE;
  for (guint i = 0; i < related->len; i++)
    set_likeness (related->pdata[i], counts[i], *n_posts);
  return TRUE;
}

GPtrArray *
booru_index_run_relate (BooruIndexRun *run,
                        const BooruIndexNames *names,
                        const BooruIndexSource *source,
                        gpointer source_data,
                        gint category,
                        BooruIndexRelation order,
                        guint limit,
                        gint64 *n_posts,
                        GError **error)
{
  g_autoptr (GArray) sample = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GPtrArray) related = NULL;

  if (!draw_sample (run, N_SAMPLE, sample, n_posts, error))
    return NULL;
  for (guint i = 0; i < sample->len; i++)
    {
      gint64 id = g_array_index (sample, gint64, i);

      if (!source->read_rows (source_data, id, id, add_row_tags, counts, error))
        return NULL;
    }
  related = list_candidates (counts, MAX (sample->len, 1), *n_posts, names, category);
  sort_related (related, order, MAX (limit, N_CANDIDATES));
  if (!count_candidates (run, related, n_posts, error))
    return NULL;
  sort_related (related, order, limit);
  return g_steal_pointer (&related);
}
