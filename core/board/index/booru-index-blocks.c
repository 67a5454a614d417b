/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-blocks.h"

#include "base/booru-error.h"
#include "booru-index-builder.h"

/* Changed posts that are kept in all; beyond, the block that has most of them is built anew. */
#define MAX_CHANGED 20000

struct _BooruIndexBlocks
{
  char *store_id;
  const BooruIndexSource *source;
  gpointer data;
  guint64 generation; /* reached; 0: nothing was read yet */
  GPtrArray *slots;   /* BooruIndexSlot */
};

static void
invalidate (BooruIndexSlot *slot)
{
  g_clear_pointer (&slot->block, booru_index_block_free);
  g_clear_pointer (&slot->overlay, booru_index_overlay_free);
}

static void
free_slot (gpointer data)
{
  invalidate (data);
  g_free (data);
}

BooruIndexBlocks *
booru_index_blocks_new (const char *store_id, const BooruIndexSource *source, gpointer data)
{
  BooruIndexBlocks *self = g_new0 (BooruIndexBlocks, 1);

  self->store_id = g_strdup (store_id);
  self->source = source;
  self->data = data;
  self->slots = g_ptr_array_new_with_free_func (free_slot);
  return self;
}

void
booru_index_blocks_free (BooruIndexBlocks *self)
{
  g_ptr_array_unref (self->slots);
  g_free (self->store_id);
  g_free (self);
}

guint64
booru_index_blocks_get_generation (const BooruIndexBlocks *self)
{
  return self->generation;
}

guint
booru_index_blocks_get_n (const BooruIndexBlocks *self)
{
  return self->slots->len;
}

const BooruIndexSlot *
booru_index_blocks_peek (const BooruIndexBlocks *self, guint i)
{
  return self->slots->pdata[i];
}

/* Where the slot of a number is, or would be. */
static guint
find_place (const BooruIndexBlocks *self, guint32 number)
{
  guint from = 0, end = self->slots->len;

  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (((const BooruIndexSlot *)self->slots->pdata[middle])->number < number)
        from = middle + 1;
      else
        end = middle;
    }
  return from;
}

static BooruIndexSlot *
find_slot (const BooruIndexBlocks *self, guint32 number)
{
  guint place = find_place (self, number);
  BooruIndexSlot *slot = place < self->slots->len ? self->slots->pdata[place] : NULL;

  return slot && slot->number == number ? slot : NULL;
}

guint
booru_index_blocks_find (const BooruIndexBlocks *self, gint64 id)
{
  if (id < 0 || id >= BOORU_INDEX_MAX_ID
      || find_slot (self, (guint32)(id / BOORU_INDEX_BLOCK_SIZE)) == NULL)
    return G_MAXUINT;
  return find_place (self, (guint32)(id / BOORU_INDEX_BLOCK_SIZE));
}

static void
add_slot (BooruIndexBlocks *self, guint32 number)
{
  BooruIndexSlot *slot;

  if (find_slot (self, number))
    return;
  slot = g_new0 (BooruIndexSlot, 1);
  slot->number = number;
  g_ptr_array_insert (self->slots, (gint)find_place (self, number), slot);
}

/* A slot for each block in which there are posts with ids from @first to @last. */
static gboolean
discover (BooruIndexBlocks *self, gint64 first, gint64 last, GError **error)
{
  gint64 id = MAX (first, 0);

  while (id <= last && id < BOORU_INDEX_MAX_ID)
    {
      if (!self->source->find_next_id (self->data, id, &id, error))
        return FALSE;
      if (id < 0 || id > last)
        break;
      if (id >= BOORU_INDEX_MAX_ID)
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                       "The search index cannot hold post %" G_GINT64_FORMAT
                       ": ids end at %" G_GINT64_FORMAT,
                       id, BOORU_INDEX_MAX_ID - 1);
          return FALSE;
        }
      add_slot (self, (guint32)(id / BOORU_INDEX_BLOCK_SIZE));
      id = (id / BOORU_INDEX_BLOCK_SIZE + 1) * BOORU_INDEX_BLOCK_SIZE;
    }
  return TRUE;
}

/* Building. */

static gboolean
add_row (const BooruIndexRow *row, gpointer data, GError **error)
{
  return booru_index_builder_add (data, row, error);
}

static gboolean
build (BooruIndexBlocks *self, BooruIndexSlot *slot, GError **error)
{
  g_autoptr (BooruIndexBuilder) builder = booru_index_builder_new (slot->number);
  gint64 first = (gint64)slot->number * BOORU_INDEX_BLOCK_SIZE;
  BooruIndexIdentity identity = { BOORU_INDEX_KIND_BLOCK, slot->number, 0, self->store_id };
  g_autoptr (GBytes) bytes = NULL;

  if (!self->source->read_rows (self->data, first, first + BOORU_INDEX_BLOCK_SIZE - 1, add_row,
                                builder, error))
    return FALSE;
  bytes = booru_index_builder_finish (builder, self->store_id, self->generation);
  invalidate (slot);
  slot->block = booru_index_block_new (booru_index_image_new (bytes, &identity, NULL));
  return TRUE;
}

static gboolean
load (BooruIndexBlock *block, guint columns)
{
  for (guint i = 0; i < BOORU_INDEX_N_STORED; i++)
    if (((columns >> i) & 1) && !booru_index_block_load_column (block, i))
      return FALSE;
  return TRUE;
}

const BooruIndexSlot *
booru_index_blocks_get (BooruIndexBlocks *self, guint i, guint columns, GError **error)
{
  BooruIndexSlot *slot = self->slots->pdata[i];

  if (slot->block && load (slot->block, columns))
    return slot;
  if (!build (self, slot, error))
    return NULL;
  load (slot->block, columns);
  return slot;
}

/* Changes. */

/* Rows of one range of ids of a slot, as they come in. */
typedef struct
{
  BooruIndexBlocks *blocks;
  BooruIndexSlot *slot;
  guint64 change, read; /* generations */
  guint next;           /* low half of the id that is expected next */
} Update;

static gboolean
has_post (const BooruIndexSlot *slot, guint low)
{
  return booru_index_set_has (booru_index_block_find (slot->block, BOORU_INDEX_TERM_POST), low)
         || booru_index_overlay_get_read (slot->overlay, low) > 0;
}

/* Posts up to @end that did not come are gone. */
static void
skip_to (Update *self, guint end)
{
  for (; self->next < end; self->next++)
    if (has_post (self->slot, self->next))
      booru_index_overlay_put_gone (self->slot->overlay, self->next, self->change, self->read);
}

static gboolean
update_row (const BooruIndexRow *row, gpointer data, GError **error)
{
  Update *self = data;
  guint low = (guint)(row->id % BOORU_INDEX_BLOCK_SIZE);

  skip_to (self, low);
  self->next = low + 1;
  return booru_index_overlay_put (self->slot->overlay, row, self->change, self->read, error);
}

/* Reads posts @first to @last of a slot again. If those are many, the whole block will be. */
static gboolean
update_range (BooruIndexBlocks *self,
              BooruIndexSlot *slot,
              guint first,
              guint last,
              guint64 change,
              guint64 read,
              GError **error)
{
  gint64 base = (gint64)slot->number * BOORU_INDEX_BLOCK_SIZE;
  Update update = { self, slot, change, read, first };

  if (slot->overlay == NULL)
    slot->overlay = booru_index_overlay_new ();
  if (first == last && booru_index_overlay_get_read (slot->overlay, first) == read)
    return TRUE;
  if (booru_index_overlay_get_changed (slot->overlay).n + (last - first + 1)
      > BOORU_INDEX_MAX_OVERLAY)
    {
      invalidate (slot);
      return TRUE;
    }
  if (!self->source->read_rows (self->data, base + first, base + last, update_row, &update, error))
    return FALSE;
  skip_to (&update, last + 1);
  return TRUE;
}

static gboolean
apply_change (BooruIndexBlocks *self, const BooruIndexChange *change, guint64 read, GError **error)
{
  gint64 first = MAX (change->first, 0), last = MIN (change->last, BOORU_INDEX_MAX_ID - 1);
  gint64 first_number = first / BOORU_INDEX_BLOCK_SIZE, last_number = last / BOORU_INDEX_BLOCK_SIZE;

  if ((first_number != last_number || find_slot (self, (guint32)first_number) == NULL)
      && !discover (self, first, last, error))
    return FALSE;
  for (guint i = find_place (self, (guint32)first_number); i < self->slots->len; i++)
    {
      BooruIndexSlot *slot = self->slots->pdata[i];
      gint64 base = (gint64)slot->number * BOORU_INDEX_BLOCK_SIZE;

      if (base > last)
        break;
      /* What is not built yet will be new enough, and what was built later is. */
      if (slot->block == NULL
          || booru_index_image_get_generation (booru_index_block_get_image (slot->block))
                 >= change->generation)
        continue;
      if (!update_range (self, slot, (guint)(MAX (first, base) - base),
                         (guint)(MIN (last, base + BOORU_INDEX_BLOCK_SIZE - 1) - base),
                         change->generation, read, error))
        return FALSE;
    }
  return TRUE;
}

static void
limit_overlays (BooruIndexBlocks *self)
{
  guint n = 0, most = 0;
  BooruIndexSlot *fullest = NULL;

  for (guint i = 0; i < self->slots->len; i++)
    {
      BooruIndexSlot *slot = self->slots->pdata[i];
      guint n_changed = slot->overlay ? booru_index_overlay_get_changed (slot->overlay).n : 0;

      n += n_changed;
      if (n_changed > most)
        {
          most = n_changed;
          fullest = slot;
        }
    }
  if (n > MAX_CHANGED)
    invalidate (fullest);
}

gboolean
booru_index_blocks_catch_up (BooruIndexBlocks *self, GError **error)
{
  g_autoptr (GArray) changes = NULL;
  guint64 generation;

  if (!self->source->get_generation (self->data, &generation, error))
    return FALSE;
  if (generation == self->generation)
    return TRUE;
  if (self->generation == 0)
    {
      if (!discover (self, 0, G_MAXINT64, error))
        return FALSE;
      self->generation = generation;
      return TRUE;
    }
  changes = g_array_new (FALSE, FALSE, sizeof (BooruIndexChange));
  if (!self->source->read_changes (self->data, self->generation, changes, error))
    return FALSE;
  for (guint i = 0; i < changes->len; i++)
    if (!apply_change (self, &g_array_index (changes, BooruIndexChange, i), generation, error))
      return FALSE;
  self->generation = generation;
  limit_overlays (self);
  return TRUE;
}
