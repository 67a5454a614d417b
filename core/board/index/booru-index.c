/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index.h"

#include "board/booru-id-list.h"
#include "booru-index-blocks.h"
#include "booru-index-page.h"
#include "booru-index-plan.h"
#include "booru-index-related.h"
#include "booru-index-tags.h"

/* Of those who wait for one call: the files are being written meanwhile. */
#define PATIENCE (5 * G_TIME_SPAN_SECOND)

struct _BooruIndex
{
  const BooruIndexSource *source;
  gpointer data;
  BooruIndexFolder *folder; /* NULL: all is in memory */
  BooruIndexBlocks *blocks;
  BooruIndexTags *tags;
};

BooruIndex *
booru_index_new (const char *folder,
                 const char *store_id,
                 const BooruIndexSource *source,
                 gpointer data)
{
  BooruIndex *self = g_new0 (BooruIndex, 1);

  self->source = source;
  self->data = data;
  self->folder = folder ? booru_index_folder_new (folder, store_id) : NULL;
  self->blocks = booru_index_blocks_new (store_id, source, data);
  if (folder)
    booru_index_blocks_set_patience (self->blocks, PATIENCE);
  self->tags = booru_index_tags_new (store_id, source, data);
  return self;
}

void
booru_index_free (BooruIndex *self)
{
  booru_index_tags_free (self->tags);
  booru_index_blocks_free (self->blocks);
  g_clear_pointer (&self->folder, booru_index_folder_free);
  g_free (self);
}

/* Files that are ahead of the store, as it was when the caller began, are tried again later. If the
 * store has gone back since they were written, they never fit again. */
static void
adopt_files (BooruIndex *self, guint64 generation)
{
  const BooruIndexManifest *manifest;
  gboolean blocks, tags;
  gint64 stamp;

  if (self->folder == NULL || !booru_index_folder_refresh (self->folder))
    return;
  manifest = booru_index_folder_get_manifest (self->folder);
  if (manifest->generation > generation
      || !self->source->get_stamp (self->data, manifest->generation, &stamp, NULL))
    {
      booru_index_folder_forget (self->folder);
      return;
    }
  if (stamp != manifest->stamp)
    return;
  blocks = booru_index_blocks_adopt (self->blocks, self->folder, generation);
  tags = booru_index_tags_adopt (self->tags, self->folder, generation);
  if (!blocks || !tags)
    booru_index_folder_forget (self->folder);
}

gboolean
booru_index_catch_up (BooruIndex *self, GError **error)
{
  guint64 generation;

  if (!self->source->get_generation (self->data, &generation, error))
    return FALSE;
  adopt_files (self, generation);
  return booru_index_blocks_catch_up (self->blocks, generation, error);
}

/* Names. */

static const BooruIndexNames *
get_names (BooruIndex *self, GError **error)
{
  if (!booru_index_catch_up (self, error))
    return NULL;
  return booru_index_tags_get (self->tags, booru_index_blocks_get_generation (self->blocks), error);
}

BooruTagRef *
booru_index_find_tag (BooruIndex *self, const char *name, GError **error)
{
  const BooruIndexNames *names = get_names (self, error);

  return names ? booru_index_names_find (names, name) : NULL;
}

typedef void (*FindNames) (const BooruIndexNames *names,
                           const char *text,
                           guint limit,
                           GPtrArray *tags);

static GPtrArray *
find_names (BooruIndex *self, FindNames find, const char *text, guint limit, GError **error)
{
  const BooruIndexNames *names = get_names (self, error);
  GPtrArray *tags;

  if (names == NULL)
    return NULL;
  tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);
  find (names, text, limit, tags);
  return tags;
}

GPtrArray *
booru_index_match_tags (BooruIndex *self, const char *pattern, guint limit, GError **error)
{
  return find_names (self, booru_index_names_match, pattern, limit, error);
}

GPtrArray *
booru_index_complete_tag (BooruIndex *self, const char *beginning, guint limit, GError **error)
{
  return find_names (self, booru_index_names_complete, beginning, limit, error);
}

static void
expand (const BooruIndexNames *names, const char *letters, guint limit, GPtrArray *tags)
{
  booru_index_names_expand (names, letters, FALSE, limit, tags);
}

GPtrArray *
booru_index_expand_tag (BooruIndex *self, const char *letters, guint limit, GError **error)
{
  return find_names (self, expand, letters, limit, error);
}

GPtrArray *
booru_index_correct_tag (BooruIndex *self, const char *name, guint limit, GError **error)
{
  return find_names (self, booru_index_names_correct, name, limit, error);
}

/* Searching. */

static BooruIndexPlan *
make_plan (BooruIndex *self, const BooruQuery *query, GArray **hits, GError **error)
{
  const BooruIndexNames *names = NULL;

  if (!booru_index_query_has_names (query->root))
    {
      if (!booru_index_catch_up (self, error))
        return NULL;
    }
  else if ((names = get_names (self, error)) == NULL)
    return NULL;
  return booru_index_plan_new (query, names, self->source, self->data, hits, error);
}

/* Where a post stands in an order; FALSE: there is no such post, or an error. */
static gboolean
find_rank (BooruIndex *self,
           const BooruIndexOrder *order,
           gint64 id,
           BooruIndexRank *rank,
           GError **error)
{
  guint at = booru_index_blocks_find (self->blocks, id), low = (guint)(id % BOORU_INDEX_BLOCK_SIZE);
  const BooruIndexSlot *slot;
  BooruIndexView view;

  if (at == G_MAXUINT)
    return FALSE;
  slot = booru_index_blocks_get (self->blocks, at, booru_index_order_get_columns (order), error);
  if (slot == NULL)
    return FALSE;
  view = (BooruIndexView){ slot->number, slot->block, NULL };
  if (slot->overlay && booru_index_overlay_get_read (slot->overlay, low) > 0)
    view.overlay = slot->overlay;
  if (!booru_index_set_has (booru_index_view_find (&view, BOORU_INDEX_TERM_POST), low))
    return FALSE;
  *rank = booru_index_order_get_rank (order, &view, low);
  return TRUE;
}

/* What stands next to a post, the nearest first. */
static gboolean
find_neighbours (BooruIndex *self,
                 BooruIndexRun *run,
                 BooruIndexOrder *order,
                 const BooruPage *page,
                 GArray *ids,
                 GError **error)
{
  gboolean following = page->kind == BOORU_PAGE_FOLLOWING;
  gint64 id = CLAMP (page->value, 0, BOORU_INDEX_MAX_ID);
  g_autoptr (GError) local = NULL;
  BooruIndexRank rank;

  /* What stands before is what follows in the opposite order. */
  order->down = order->down == following;
  order->ids_down = order->ids_down == following;
  if (order->sort == BOORU_INDEX_SORT_ID)
    return booru_index_page_by_id (run, order->ids_down, order->ids_down ? 0 : id + 1,
                                   order->ids_down ? id - 1 : G_MAXINT64, 0, page->limit, ids,
                                   error);
  if (find_rank (self, order, page->value, &rank, &local))
    return booru_index_page_sorted (run, order, &rank, 0, page->limit, ids, error);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static void
reverse (GArray *ids, guint from)
{
  for (guint i = from, j = ids->len; i + 1 < j; i++)
    {
      gint64 swapped = g_array_index (ids, gint64, i);

      j--;
      g_array_index (ids, gint64, i) = g_array_index (ids, gint64, j);
      g_array_index (ids, gint64, j) = swapped;
    }
}

static gboolean
find_page (BooruIndex *self,
           BooruIndexRun *run,
           BooruIndexOrder *order,
           const BooruPage *page,
           GArray *ids,
           GError **error)
{
  guint64 offset = (guint64)(MAX (page->value, 1) - 1) * page->limit;
  gint64 id = CLAMP (page->value, 0, BOORU_INDEX_MAX_ID);
  guint n = ids->len;

  switch (page->kind)
    {
    case BOORU_PAGE_BEFORE:
      return booru_index_page_by_id (run, TRUE, 0, id - 1, 0, page->limit, ids, error);
    case BOORU_PAGE_AFTER:
      if (!booru_index_page_by_id (run, FALSE, id + 1, G_MAXINT64, 0, page->limit, ids, error))
        return FALSE;
      reverse (ids, n);
      return TRUE;
    case BOORU_PAGE_PRECEDING:
    case BOORU_PAGE_FOLLOWING:
      return find_neighbours (self, run, order, page, ids, error);
    case BOORU_PAGE_NUMBER:
    default:
      break;
    }
  if (order->sort != BOORU_INDEX_SORT_ID)
    return booru_index_page_sorted (run, order, NULL, offset, page->limit, ids, error);
  return booru_index_page_by_id (run, order->ids_down, 0, G_MAXINT64, offset, page->limit, ids,
                                 error);
}

gboolean
booru_index_search (BooruIndex *self,
                    const BooruQuery *query,
                    const BooruPage *page,
                    GArray *ids,
                    GError **error)
{
  g_autoptr (GArray) hits = NULL;
  g_autoptr (BooruIndexPlan) plan = make_plan (self, query, &hits, error);
  g_auto (BooruIndexRun) run = { 0 };
  g_auto (BooruIndexOrder) order = { 0 };

  if (plan == NULL)
    return FALSE;
  if (plan->type == BOORU_INDEX_PLAN_NONE || page->limit == 0)
    return TRUE;
  booru_index_order_init (&order, query, hits, page->seed);
  /* Nothing stands next to a post in an order that is another one each time. */
  if (order.sort == BOORU_INDEX_SORT_RANDOM && page->seed == 0
      && (page->kind == BOORU_PAGE_PRECEDING || page->kind == BOORU_PAGE_FOLLOWING))
    order.sort = BOORU_INDEX_SORT_ID;
  booru_index_run_init (&run, self->blocks, plan, booru_index_order_get_columns (&order));
  return find_page (self, &run, &order, page, ids, error);
}

gint64
booru_index_count (BooruIndex *self, const BooruQuery *query, gboolean *exact, GError **error)
{
  g_autoptr (GArray) hits = NULL;
  g_autoptr (BooruIndexPlan) plan = make_plan (self, query, &hits, error);
  g_auto (BooruIndexRun) run = { 0 };
  guint n = booru_index_blocks_get_n (self->blocks), n_counted = 0, n_built = 0;
  gint64 count = 0;

  if (plan == NULL)
    return -1;
  if (exact)
    *exact = TRUE;
  if (plan->type == BOORU_INDEX_PLAN_NONE)
    return 0;
  booru_index_run_init (&run, self->blocks, plan, 0);
  for (guint i = n; i-- > 0;)
    {
      BooruIndexFound found;

      if (exact && booru_index_blocks_peek (self->blocks, i)->block == NULL && n_built++ > 0)
        continue;
      if (!booru_index_run_find (&run, i, &found, error))
        return -1;
      count += booru_index_found_count (&found);
      n_counted++;
    }
  if (n_counted == n)
    return count;
  *exact = FALSE;
  return count * n / n_counted;
}

gboolean
booru_index_count_tags (BooruIndex *self,
                        const BooruQuery *query,
                        const gint64 *tags,
                        guint n_tags,
                        gint64 *counts,
                        gint64 *n_posts,
                        GError **error)
{
  g_autoptr (GArray) hits = NULL;
  g_autoptr (BooruIndexPlan) plan = make_plan (self, query, &hits, error);
  g_auto (BooruIndexRun) run = { 0 };

  if (plan == NULL)
    return FALSE;
  booru_index_run_init (&run, self->blocks, plan, 0);
  return booru_index_run_count_tags (&run, tags, n_tags, counts, n_posts, error);
}

/* So many tags are looked for at once. */
#define TAGS_AT_ONCE 256

static gboolean
list_posts (BooruIndex *self, const gint64 *tags, guint n, GArray *ids, GError **error)
{
  g_autoptr (BooruIndexPlan) plan = booru_index_plan_new_tags (tags, n);
  g_auto (BooruIndexRun) run = { 0 };

  if (plan->type == BOORU_INDEX_PLAN_NONE)
    return TRUE;
  booru_index_run_init (&run, self->blocks, plan, 0);
  return booru_index_page_by_id (&run, FALSE, 0, G_MAXINT64, 0, G_MAXUINT, ids, error);
}

GArray *
booru_index_list_posts (BooruIndex *self, const GArray *tags, GError **error)
{
  g_autoptr (GArray) ids = booru_id_list_new ();

  if (!booru_index_catch_up (self, error))
    return NULL;
  for (guint i = 0; i < tags->len; i += TAGS_AT_ONCE)
    if (!list_posts (self, &g_array_index (tags, gint64, i), MIN (tags->len - i, TAGS_AT_ONCE), ids,
                     error))
      return NULL;
  booru_id_list_sort (ids);
  return g_steal_pointer (&ids);
}

GPtrArray *
booru_index_related_tags (BooruIndex *self,
                          const BooruQuery *query,
                          gint category,
                          BooruIndexRelation order,
                          guint limit,
                          gint64 *n_posts,
                          GError **error)
{
  g_autoptr (GArray) hits = NULL;
  g_autoptr (BooruIndexPlan) plan = make_plan (self, query, &hits, error);
  const BooruIndexNames *names = plan ? get_names (self, error) : NULL;
  g_auto (BooruIndexRun) run = { 0 };

  if (names == NULL)
    return NULL;
  booru_index_run_init (&run, self->blocks, plan, 0);
  return booru_index_run_relate (&run, names, self->source, self->data, category, order, limit,
                                 n_posts, error);
}

/* Writing. */

static gboolean
write_manifest (BooruIndex *self, GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (BooruIndexEntry));
  BooruIndexManifest manifest = { 0 };

  manifest.generation = booru_index_blocks_list_files (self->blocks, entries);
  manifest.names_generation = booru_index_tags_get_file (self->tags, &manifest.names_size);
  if (!self->source->get_stamp (self->data, manifest.generation, &manifest.stamp, error))
    return FALSE;
  return booru_index_folder_write_manifest (self->folder, &manifest, entries, error);
}

gboolean
booru_index_write (BooruIndex *self, guint min_changes, gboolean *more, GError **error)
{
  guint64 generation;
  guint block;

  *more = FALSE;
  if (self->folder == NULL)
    return TRUE;
  if (get_names (self, error) == NULL)
    return FALSE;
  generation = booru_index_blocks_get_generation (self->blocks);
  block = booru_index_blocks_find_unwritten (self->blocks, min_changes);
  if (block != G_MAXUINT)
    {
      if (!booru_index_blocks_write (self->blocks, block, self->folder, error))
        return FALSE;
    }
  else if (!booru_index_tags_is_unwritten (self->tags, min_changes))
    {
      booru_index_blocks_verify_next (self->blocks, self->folder);
      return TRUE;
    }
  else if (!booru_index_tags_write (self->tags, self->folder, generation, error))
    return FALSE;
  *more = TRUE;
  return write_manifest (self, error);
}

void
booru_index_get_stats (BooruIndex *self, BooruIndexStats *stats)
{
  const BooruIndexManifest none = { 0 };
  const BooruIndexManifest *manifest
      = self->folder ? booru_index_folder_get_manifest (self->folder) : &none;

  *stats = (BooruIndexStats){ .generation = booru_index_blocks_get_generation (self->blocks),
                              .written_at = manifest->written_at,
                              .n_bytes = manifest->names_size,
                              .n_blocks = booru_index_blocks_get_n (self->blocks) };
  for (guint i = 0; i < stats->n_blocks; i++)
    {
      const BooruIndexSlot *slot = booru_index_blocks_peek (self->blocks, i);
      const BooruIndexImage *image = slot->block ? booru_index_block_get_image (slot->block) : NULL;

      if (image == NULL)
        stats->n_missing++;
      else if (!booru_index_image_is_mapped (image))
        stats->n_in_memory++;
      else
        {
          stats->n_mapped++;
          stats->n_bytes += booru_index_image_get_size (image);
        }
      if (slot->overlay)
        stats->n_changed += booru_index_overlay_get_changed (slot->overlay).n;
    }
  if (stats->n_mapped == stats->n_blocks)
    stats->file_generation = manifest->generation;
  booru_index_blocks_get_built (self->blocks, &stats->n_built, &stats->n_damaged);
}
