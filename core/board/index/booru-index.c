/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index.h"

#include "booru-index-blocks.h"
#include "booru-index-names-builder.h"
#include "booru-index-names.h"
#include "booru-index-page.h"
#include "booru-index-plan.h"

/* With so many names beside their image it is made anew. */
#define MAX_NEW_NAMES 4096

struct _BooruIndex
{
  char *store_id;
  const BooruIndexSource *source;
  gpointer data;
  BooruIndexBlocks *blocks;
  BooruIndexNames *names;   /* NULL: not read yet */
  guint64 names_generation; /* that they have reached */
};

BooruIndex *
booru_index_new (const char *folder,
                 const char *store_id,
                 const BooruIndexSource *source,
                 gpointer data)
{
  BooruIndex *self = g_new0 (BooruIndex, 1);

  self->store_id = g_strdup (store_id);
  self->source = source;
  self->data = data;
  self->blocks = booru_index_blocks_new (store_id, source, data);
  return self;
}

void
booru_index_free (BooruIndex *self)
{
  booru_index_blocks_free (self->blocks);
  g_clear_pointer (&self->names, booru_index_names_free);
  g_free (self->store_id);
  g_free (self);
}

gboolean
booru_index_catch_up (BooruIndex *self, GError **error)
{
  return booru_index_blocks_catch_up (self->blocks, error);
}

/* Names. */

static gboolean
add_tag (const BooruTagRef *tag, gpointer data, GError **error)
{
  g_ptr_array_add (data, booru_tag_ref_new (tag->id, tag->name, tag->category, tag->post_count));
  return TRUE;
}

static gboolean
put_tag (const BooruTagRef *tag, gpointer data, GError **error)
{
  booru_index_names_put (data, tag);
  return TRUE;
}

static gboolean
build_names (BooruIndex *self, guint64 generation, GError **error)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);
  BooruIndexIdentity identity = { BOORU_INDEX_KIND_NAMES, 0, generation, self->store_id };
  g_autoptr (GBytes) bytes = NULL;

  if (!self->source->read_tags (self->data, 0, add_tag, tags, error))
    return FALSE;
  bytes = booru_index_names_build (tags, self->store_id, generation);
  g_clear_pointer (&self->names, booru_index_names_free);
  self->names = booru_index_names_new (booru_index_image_new (bytes, &identity, NULL));
  return TRUE;
}

/* Names are read when they are asked for first, and then as the blocks. */
static gboolean
ensure_names (BooruIndex *self, GError **error)
{
  guint64 generation = booru_index_blocks_get_generation (self->blocks);

  if (self->names && self->names_generation == generation)
    return TRUE;
  if (self->names == NULL || booru_index_names_get_n_new (self->names) > MAX_NEW_NAMES)
    {
      if (!build_names (self, generation, error))
        return FALSE;
    }
  else if (!self->source->read_tags (self->data, self->names_generation, put_tag, self->names,
                                     error))
    return FALSE;
  self->names_generation = generation;
  return TRUE;
}

BooruTagRef *
booru_index_find_tag (BooruIndex *self, const char *name, GError **error)
{
  if (!booru_index_catch_up (self, error) || !ensure_names (self, error))
    return NULL;
  return booru_index_names_find (self->names, name);
}

typedef void (*FindNames) (const BooruIndexNames *names,
                           const char *text,
                           guint limit,
                           GPtrArray *tags);

static GPtrArray *
find_names (BooruIndex *self, FindNames find, const char *text, guint limit, GError **error)
{
  GPtrArray *tags;

  if (!booru_index_catch_up (self, error) || !ensure_names (self, error))
    return NULL;
  tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);
  find (self->names, text, limit, tags);
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

/* Searching. */

static BooruIndexPlan *
make_plan (BooruIndex *self, const BooruQuery *query, GArray **hits, GError **error)
{
  if (!booru_index_catch_up (self, error)
      || (booru_index_query_has_names (query->root) && !ensure_names (self, error)))
    return NULL;
  return booru_index_plan_new (query, self->names, self->source, self->data, hits, error);
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
  g_autoptr (GError) local = NULL;
  BooruIndexRank rank;

  /* What stands before is what follows in the opposite order. */
  order->down = order->down == following;
  order->ids_down = order->ids_down == following;
  if (order->sort == BOORU_INDEX_SORT_ID)
    return order->ids_down
               ? booru_index_page_by_id (run, TRUE, 0, page->value - 1, 0, page->limit, ids, error)
               : booru_index_page_by_id (run, FALSE, page->value + 1, G_MAXINT64, 0, page->limit,
                                         ids, error);
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
  guint n = ids->len;

  switch (page->kind)
    {
    case BOORU_PAGE_BEFORE:
      return booru_index_page_by_id (run, TRUE, 0, page->value - 1, 0, page->limit, ids, error);
    case BOORU_PAGE_AFTER:
      if (!booru_index_page_by_id (run, FALSE, page->value + 1, G_MAXINT64, 0, page->limit, ids,
                                   error))
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
