/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-block.h"

#include <string.h>

struct _BooruIndexBlock
{
  BooruIndexImage *image;
  const BooruIndexGroup *groups;
  guint n_groups;
  const guint8 *stream, *stream_end;
  const guint16 *arrays;
  gsize n_arrays;
  const guint64 *bitsets;
  gsize n_bitsets;
  GPtrArray *exts;
  const BooruIndexColumnHead *heads;
  BooruIndexNumbers columns[BOORU_INDEX_N_STORED];
};

/* A section of @size each; NULL: damaged. */
static gconstpointer
get_section (BooruIndexBlock *self, guint section, gsize size, gsize *n)
{
  gsize length;
  gconstpointer data = booru_index_image_get_section (self->image, section, &length);

  if (data == NULL || length % size != 0)
    return NULL;
  *n = length / size;
  return data;
}

static gboolean
read_exts (BooruIndexBlock *self)
{
  gsize n;
  const char *at = get_section (self, BOORU_INDEX_EXTS, 1, &n);
  const char *end = at + n;

  if (at == NULL)
    return FALSE;
  while (at < end && self->exts->len < BOORU_INDEX_MAX_EXTS)
    {
      g_ptr_array_add (self->exts, g_strndup (at, (gsize)(end - at)));
      at += strnlen (at, (gsize)(end - at)) + 1;
    }
  return TRUE;
}

BooruIndexBlock *
booru_index_block_new (BooruIndexImage *image)
{
  BooruIndexBlock *self = g_new0 (BooruIndexBlock, 1);

  self->image = image;
  self->exts = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
booru_index_block_free (BooruIndexBlock *self)
{
  booru_index_image_free (self->image);
  g_ptr_array_unref (self->exts);
  g_free (self);
}

BooruIndexImage *
booru_index_block_get_image (const BooruIndexBlock *self)
{
  return self->image;
}

static gboolean
load_terms (BooruIndexBlock *self)
{
  gsize n_groups = 0, n_stream = 0, n_heads = 0;

  self->groups = get_section (self, BOORU_INDEX_GROUPS, sizeof *self->groups, &n_groups);
  self->stream = get_section (self, BOORU_INDEX_STREAM, 1, &n_stream);
  self->arrays = get_section (self, BOORU_INDEX_ARRAYS, sizeof *self->arrays, &self->n_arrays);
  self->bitsets
      = get_section (self, BOORU_INDEX_BITSETS, sizeof (BooruIndexBuffer), &self->n_bitsets);
  self->heads = get_section (self, BOORU_INDEX_COLUMN_HEADS, sizeof *self->heads, &n_heads);
  if (!self->groups || !self->stream || !self->arrays || !self->bitsets || !self->heads
      || n_heads != BOORU_INDEX_N_STORED || !read_exts (self))
    return FALSE;
  self->n_groups = (guint)n_groups;
  self->stream_end = self->stream + n_stream;
  return TRUE;
}

static gboolean
load_column (BooruIndexBlock *self, guint column)
{
  const BooruIndexColumnHead *head = &self->heads[column];
  BooruIndexNumbers *numbers = &self->columns[column];
  gsize length;

  if (numbers->data)
    return TRUE;
  if (head->min > head->max || head->n % 64 != 0 || head->n > BOORU_INDEX_BLOCK_SIZE
      || head->width != booru_index_numbers_get_width (head->min, head->max))
    return FALSE;
  numbers->data = get_section (self, BOORU_INDEX_COLUMNS + column, 1, &length);
  if (numbers->data == NULL || length != (gsize)head->n * head->width)
    {
      numbers->data = NULL;
      return FALSE;
    }
  numbers->min = head->min;
  numbers->max = head->max;
  numbers->width = head->width;
  numbers->n = head->n;
  return TRUE;
}

gboolean
booru_index_block_load (BooruIndexBlock *self, guint columns)
{
  if (self->stream_end == NULL && !load_terms (self))
    return FALSE;
  for (guint i = 0; i < BOORU_INDEX_N_STORED; i++)
    if (((columns >> i) & 1) && !load_column (self, i))
      return FALSE;
  return TRUE;
}

/* The last group that does not begin behind @term; NULL: it would stand before all. */
static const BooruIndexGroup *
find_group (const BooruIndexBlock *self, guint32 term)
{
  guint from = 0, end = self->n_groups;

  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (self->groups[middle].term <= term)
        from = middle + 1;
      else
        end = middle;
    }
  return from > 0 ? &self->groups[from - 1] : NULL;
}

static BooruIndexSet
get_set (const BooruIndexBlock *self, gsize array, gsize bitset, guint n)
{
  if (n == BOORU_INDEX_BLOCK_SIZE)
    return (BooruIndexSet){ BOORU_INDEX_FULL, n, { NULL } };
  if (n > BOORU_INDEX_MAX_STORED_ARRAY && bitset < self->n_bitsets)
    return booru_index_set_of_bits (self->bitsets + bitset * BOORU_INDEX_N_WORDS, n);
  if (n <= BOORU_INDEX_MAX_STORED_ARRAY && array <= self->n_arrays && n <= self->n_arrays - array)
    return booru_index_set_of_array (self->arrays + array, n);
  return (BooruIndexSet){ 0 };
}

BooruIndexSet
booru_index_block_find (const BooruIndexBlock *self, guint32 term)
{
  const BooruIndexGroup *group = find_group (self, term);
  const guint8 *at;
  guint32 other;
  gsize array, bitset;

  if (group == NULL || group->stream > (gsize)(self->stream_end - self->stream))
    return (BooruIndexSet){ 0 };
  at = self->stream + group->stream;
  other = group->term;
  array = group->array;
  bitset = group->bitset;
  for (guint i = 0; i < BOORU_INDEX_GROUP_SIZE && at < self->stream_end; i++)
    {
      guint n;

      if (i > 0)
        other += booru_index_read_varint (&at, self->stream_end);
      n = booru_index_read_varint (&at, self->stream_end) + 1;
      if (other == term)
        return get_set (self, array, bitset, n);
      if (other > term)
        break;
      if (n <= BOORU_INDEX_MAX_STORED_ARRAY)
        array += n;
      else if (n < BOORU_INDEX_BLOCK_SIZE)
        bitset++;
    }
  return (BooruIndexSet){ 0 };
}

const GPtrArray *
booru_index_block_get_exts (const BooruIndexBlock *self)
{
  return self->exts;
}

const BooruIndexNumbers *
booru_index_block_get_column (const BooruIndexBlock *self, guint column)
{
  return &self->columns[column];
}
