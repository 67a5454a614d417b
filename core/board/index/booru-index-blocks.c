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
  guint n_built, n_damaged;
  guint verified;                  /* the block whose file was looked at last */
  gint64 patience, building_since; /* µs, monotonic; 0: nothing was built in this call */
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
  self->patience = G_MAXINT64;
  return self;
}

void
booru_index_blocks_set_patience (BooruIndexBlocks *self, gint64 patience)
{
  self->patience = patience;
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

  while (id <= last)
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

static GBytes *
build_image (BooruIndexBlocks *self, guint32 number, GError **error)
{
  g_autoptr (BooruIndexBuilder) builder = booru_index_builder_new (number);
  gint64 first = (gint64)number * BOORU_INDEX_BLOCK_SIZE;
  BooruIndexIdentity identity
      = { BOORU_INDEX_KIND_BLOCK, number, self->generation, self->store_id, 0 };

  if (!self->source->get_stamp (self->data, self->generation, &identity.stamp, error)
      || !self->source->read_rows (self->data, first, first + BOORU_INDEX_BLOCK_SIZE - 1, add_row,
                                   builder, error))
    return NULL;
  self->n_built++;
  return booru_index_builder_finish (builder, &identity);
}

static gboolean
build (BooruIndexBlocks *self, BooruIndexSlot *slot, GError **error)
{
  BooruIndexIdentity identity = { BOORU_INDEX_KIND_BLOCK, slot->number, 0, self->store_id, 0 };
  g_autoptr (GBytes) bytes = build_image (self, slot->number, error);

  if (bytes == NULL)
    return FALSE;
  invalidate (slot);
  slot->block = booru_index_block_new (booru_index_image_new (bytes, &identity, NULL));
  return TRUE;
}

static gboolean
may_build (BooruIndexBlocks *self, GError **error)
{
  gint64 now = g_get_monotonic_time ();

  if (self->building_since == 0)
    self->building_since = now;
  if (now - self->building_since < self->patience)
    return TRUE;
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_BUSY,
                       "The search index is being built: try again in a few seconds");
  return FALSE;
}

const BooruIndexSlot *
booru_index_blocks_get (BooruIndexBlocks *self, guint i, guint columns, GError **error)
{
  BooruIndexSlot *slot = self->slots->pdata[i];

  if (slot->block && booru_index_block_load (slot->block, columns))
    return slot;
  if (slot->block)
    self->n_damaged++;
  if (!may_build (self, error) || !build (self, slot, error))
    return NULL;
  booru_index_block_load (slot->block, columns);
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
  if (first == last && booru_index_overlay_get_read (slot->overlay, first) >= change)
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

/* Whether a slot has a block that a change of @generation came after. What is not built yet will be
 * new enough, and what was built later is. */
static gboolean
is_older (BooruIndexBlocks *self, BooruIndexSlot *slot, guint64 generation)
{
  if (slot->block && !booru_index_block_load (slot->block, 0))
    {
      self->n_damaged++;
      invalidate (slot);
    }
  return slot->block
         && booru_index_image_get_generation (booru_index_block_get_image (slot->block))
                < generation;
}

static gboolean
add_low (guint low, gpointer data)
{
  g_array_append_val ((GArray *)data, low);
  return TRUE;
}

/* The posts of a slot that have the tag are read again. */
static gboolean
update_tagged (BooruIndexBlocks *self,
               BooruIndexSlot *slot,
               const BooruIndexChange *change,
               guint64 read,
               GError **error)
{
  guint32 term = BOORU_INDEX_TERM_TAG + (guint32)change->tag;
  g_autoptr (GArray) lows = g_array_new (FALSE, FALSE, sizeof (guint));

  booru_index_set_walk (booru_index_block_find (slot->block, term), FALSE, add_low, lows);
  if (slot->overlay)
    booru_index_set_walk (booru_index_overlay_find (slot->overlay, term), FALSE, add_low, lows);
  for (guint i = 0; i < lows->len && slot->block; i++)
    {
      guint low = g_array_index (lows, guint, i);

      if (!update_range (self, slot, low, low, change->generation, read, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_category (BooruIndexBlocks *self,
                const BooruIndexChange *change,
                guint64 read,
                GError **error)
{
  if (change->tag > BOORU_INDEX_MAX_TAG)
    return TRUE;
  for (guint i = 0; i < self->slots->len; i++)
    if (is_older (self, self->slots->pdata[i], change->generation)
        && !update_tagged (self, self->slots->pdata[i], change, read, error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_range (BooruIndexBlocks *self, const BooruIndexChange *change, guint64 read, GError **error)
{
  gint64 first = MAX (change->first, 0), last = MIN (change->last, BOORU_INDEX_MAX_ID - 1);
  gint64 first_number = first / BOORU_INDEX_BLOCK_SIZE, last_number = last / BOORU_INDEX_BLOCK_SIZE;

  if ((first_number != last_number || change->last > last
       || find_slot (self, (guint32)first_number) == NULL)
      && !discover (self, first, change->last, error))
    return FALSE;
  for (guint i = find_place (self, (guint32)first_number); i < self->slots->len; i++)
    {
      BooruIndexSlot *slot = self->slots->pdata[i];
      gint64 base = (gint64)slot->number * BOORU_INDEX_BLOCK_SIZE;

      if (base > last)
        break;
      if (is_older (self, slot, change->generation)
          && !update_range (self, slot, (guint)(MAX (first, base) - base),
                            (guint)(MIN (last, base + BOORU_INDEX_BLOCK_SIZE - 1) - base),
                            change->generation, read, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_change (BooruIndexBlocks *self, const BooruIndexChange *change, guint64 read, GError **error)
{
  return change->tag != 0 ? apply_category (self, change, read, error)
                          : apply_range (self, change, read, error);
}

static guint
get_n_changed (const BooruIndexSlot *slot)
{
  return slot->overlay ? booru_index_overlay_get_changed (slot->overlay).n : 0;
}

static void
limit_overlays (BooruIndexBlocks *self)
{
  guint n = 0, most = 0;
  BooruIndexSlot *fullest = NULL;

  for (guint i = 0; i < self->slots->len; i++)
    {
      BooruIndexSlot *slot = self->slots->pdata[i];
      guint n_changed = get_n_changed (slot);

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
booru_index_blocks_catch_up (BooruIndexBlocks *self, guint64 generation, GError **error)
{
  g_autoptr (GArray) changes = NULL;

  self->building_since = 0;
  if (generation == self->generation)
    return TRUE;
  if (generation < self->generation)
    {
      /* The store went back to an earlier state. */
      g_ptr_array_set_size (self->slots, 0);
      self->generation = 0;
    }
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

/* Files. */

/* Takes @image over. Changes that it does not have are read again. */
static void
use_file (BooruIndexSlot *slot, BooruIndexImage *image)
{
  invalidate (slot);
  slot->block = booru_index_block_new (image);
}

/* FALSE: the file is from after @generation, or it cannot be told. */
static gboolean
adopt_file (BooruIndexBlocks *self,
            const BooruIndexEntry *entry,
            const BooruIndexFolder *folder,
            guint64 generation)
{
  BooruIndexSlot *slot;
  g_autoptr (BooruIndexImage) image = NULL;
  g_autoptr (GError) error = NULL;
  gint64 stamp = 0;

  add_slot (self, entry->number);
  slot = find_slot (self, entry->number);
  if (entry->generation == 0 || (entry->generation == slot->seen && entry->serial == slot->serial))
    return TRUE;
  image = booru_index_folder_map_block (folder, entry->number, &error);
  if (entry->generation > generation
      || (image && booru_index_image_get_generation (image) > generation)
      || (image
          && !self->source->get_stamp (self->data, booru_index_image_get_generation (image), &stamp,
                                       NULL)))
    return FALSE;
  slot->seen = entry->generation;
  slot->serial = entry->serial;
  /* One that is older than the manifest says would miss changes. */
  if (image && booru_index_image_get_generation (image) >= entry->generation
      && (stamp == 0 || booru_index_image_get_stamp (image) == stamp))
    use_file (slot, g_steal_pointer (&image));
  else if (!g_error_matches (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND))
    self->n_damaged++;
  return TRUE;
}

gboolean
booru_index_blocks_adopt (BooruIndexBlocks *self,
                          const BooruIndexFolder *folder,
                          guint64 generation)
{
  const BooruIndexManifest *manifest = booru_index_folder_get_manifest (folder);
  const GArray *entries = booru_index_folder_get_entries (folder);
  gboolean complete = TRUE;

  if (manifest->generation == 0)
    return TRUE;
  if (manifest->generation > generation)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    complete = adopt_file (self, &g_array_index (entries, BooruIndexEntry, i), folder, generation)
               && complete;
  if (self->generation == 0 || self->generation > manifest->generation)
    self->generation = manifest->generation;
  return complete;
}

static gboolean
has_file (const BooruIndexSlot *slot)
{
  return slot->block && booru_index_image_is_mapped (booru_index_block_get_image (slot->block));
}

guint
booru_index_blocks_find_unwritten (const BooruIndexBlocks *self, guint min_changes)
{
  guint found = G_MAXUINT, most = MAX (min_changes, 1);

  for (guint i = self->slots->len; i-- > 0;)
    {
      const BooruIndexSlot *slot = self->slots->pdata[i];
      guint n = has_file (slot) ? get_n_changed (slot) : G_MAXUINT;

      if (n < most || (found != G_MAXUINT && n == most))
        continue;
      found = i;
      most = n;
    }
  return found;
}

gboolean
booru_index_blocks_write (BooruIndexBlocks *self,
                          guint i,
                          const BooruIndexFolder *folder,
                          GError **error)
{
  BooruIndexSlot *slot = self->slots->pdata[i];
  g_autoptr (GBytes) bytes = NULL;
  BooruIndexImage *image;

  if (slot->block && !has_file (slot) && get_n_changed (slot) == 0)
    bytes = booru_index_image_ref_bytes (booru_index_block_get_image (slot->block));
  else
    bytes = build_image (self, slot->number, error);
  if (bytes == NULL || !booru_index_folder_write_block (folder, slot->number, bytes, error))
    return FALSE;
  image = booru_index_folder_map_block (folder, slot->number, error);
  if (image == NULL)
    return FALSE;
  slot->seen = booru_index_image_get_generation (image);
  slot->serial = (guint32)(g_get_real_time () / 1000);
  use_file (slot, image);
  return TRUE;
}

void
booru_index_blocks_verify_next (BooruIndexBlocks *self, const BooruIndexFolder *folder)
{
  BooruIndexSlot *slot;

  if (self->slots->len == 0)
    return;
  self->verified = (self->verified + 1) % self->slots->len;
  slot = self->slots->pdata[self->verified];
  if (!has_file (slot)
      || (booru_index_folder_has_block (folder, slot->number)
          && booru_index_image_is_whole (booru_index_block_get_image (slot->block))))
    return;
  self->n_damaged++;
  invalidate (slot);
}

guint64
booru_index_blocks_list_files (const BooruIndexBlocks *self, GArray *entries)
{
  guint64 generation = self->generation;

  for (guint i = 0; i < self->slots->len; i++)
    {
      const BooruIndexSlot *slot = self->slots->pdata[i];
      BooruIndexEntry entry = { .number = slot->number, .serial = slot->serial };

      if (has_file (slot))
        {
          const BooruIndexImage *image = booru_index_block_get_image (slot->block);

          entry.generation = booru_index_image_get_generation (image);
          entry.size = booru_index_image_get_size (image);
          if (get_n_changed (slot) > 0)
            generation = MIN (generation, booru_index_overlay_get_first_change (slot->overlay) - 1);
        }
      g_array_append_val (entries, entry);
    }
  return generation;
}

void
booru_index_blocks_get_built (const BooruIndexBlocks *self, guint *n_built, guint *n_damaged)
{
  *n_built = self->n_built;
  *n_damaged = self->n_damaged;
}
