/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-builder.h"

#include <string.h>

#include "booru-index-block.h"

#define DIGIT_BITS 11
#define N_DIGITS (1u << DIGIT_BITS)

struct _BooruIndexBuilder
{
  guint32 number;
  GPtrArray *exts;
  GArray *terms; /* guint32: of one row */
  GArray *pairs; /* guint64: a term, and in the lower 16 bits the post that has it */
  guint32 max_term;
  gint64 *values[BOORU_INDEX_N_STORED];
  gint64 min[BOORU_INDEX_N_STORED], max[BOORU_INDEX_N_STORED];
  guint n; /* numbers in each of @values, up to the last post */
};

/* The sections of the terms as they grow. */
typedef struct
{
  GArray *groups; /* BooruIndexGroup */
  GByteArray *stream;
  GArray *arrays; /* guint16 */
  GByteArray *bitsets;
  guint32 last; /* term */
  guint n;      /* terms */
} TermWriter;

BooruIndexBuilder *
booru_index_builder_new (guint32 number)
{
  BooruIndexBuilder *self = g_new0 (BooruIndexBuilder, 1);

  self->number = number;
  self->exts = g_ptr_array_new_with_free_func (g_free);
  self->terms = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->pairs = g_array_new (FALSE, FALSE, sizeof (guint64));
  for (guint i = 0; i < BOORU_INDEX_N_STORED; i++)
    self->values[i] = g_new0 (gint64, BOORU_INDEX_BLOCK_SIZE);
  return self;
}

void
booru_index_builder_free (BooruIndexBuilder *self)
{
  g_ptr_array_unref (self->exts);
  g_array_unref (self->terms);
  g_array_unref (self->pairs);
  for (guint i = 0; i < BOORU_INDEX_N_STORED; i++)
    g_free (self->values[i]);
  g_free (self);
}

/* Ids that are no posts have the numbers of the next one: those lie between the extremes, too. */
static void
add_values (BooruIndexBuilder *self, const BooruIndexRow *row, guint low)
{
  for (guint i = 0; i < BOORU_INDEX_N_STORED; i++)
    {
      gint64 value = booru_index_compute_value (row->values, i);

      for (guint j = self->n; j <= low; j++)
        self->values[i][j] = value;
      self->min[i] = self->n ? MIN (self->min[i], value) : value;
      self->max[i] = self->n ? MAX (self->max[i], value) : value;
    }
  self->n = low + 1;
}

gboolean
booru_index_builder_add (BooruIndexBuilder *self, const BooruIndexRow *row, GError **error)
{
  guint low = (guint)(row->id % BOORU_INDEX_BLOCK_SIZE), n_pairs = self->pairs->len;

  g_array_set_size (self->terms, 0);
  if (!booru_index_row_list_terms (row, self->exts, self->terms, error))
    return FALSE;
  g_return_val_if_fail (row->id / BOORU_INDEX_BLOCK_SIZE == self->number && low >= self->n, FALSE);

  g_array_set_size (self->pairs, n_pairs + self->terms->len);
  for (guint i = 0; i < self->terms->len; i++)
    {
      guint32 term = g_array_index (self->terms, guint32, i);

      g_array_index (self->pairs, guint64, n_pairs + i) = (guint64)term << 16 | low;
      self->max_term = MAX (self->max_term, term);
    }
  add_values (self, row, low);
  return TRUE;
}

/* By one digit of their terms; what is equal stays in its order. */
static void
sort_by_digit (const guint64 *from, guint64 *to, guint n, guint shift)
{
  guint places[N_DIGITS] = { 0 }, place = 0;

  for (guint i = 0; i < n; i++)
    places[(from[i] >> shift) % N_DIGITS]++;
  for (guint i = 0; i < N_DIGITS; i++)
    {
      guint count = places[i];

      places[i] = place;
      place += count;
    }
  for (guint i = 0; i < n; i++)
    to[places[(from[i] >> shift) % N_DIGITS]++] = from[i];
}

/* By term, then by post: a radix sort, as the posts are in order already. */
static void
sort_pairs (BooruIndexBuilder *self)
{
  GArray *spare = g_array_sized_new (FALSE, FALSE, sizeof (guint64), self->pairs->len);

  g_array_set_size (spare, self->pairs->len);
  for (guint shift = 0; (guint64)self->max_term >> shift; shift += DIGIT_BITS)
    {
      GArray *sorted = spare;

      sort_by_digit ((const guint64 *)(gpointer)self->pairs->data, (guint64 *)(gpointer)spare->data,
                     spare->len, 16 + shift);
      spare = self->pairs;
      self->pairs = sorted;
    }
  g_array_unref (spare);
}

static void
write_bitset (TermWriter *self, const guint64 *pairs, guint n)
{
  guint at = self->bitsets->len;
  guint64 *bits;

  g_byte_array_set_size (self->bitsets, at + sizeof (BooruIndexBuffer));
  bits = (guint64 *)(gpointer)(self->bitsets->data + at);
  memset (bits, 0, sizeof (BooruIndexBuffer));
  for (guint i = 0; i < n; i++)
    booru_index_bits_add (bits, (guint16)pairs[i]);
}

static void
write_term (TermWriter *self, const guint64 *pairs, guint n)
{
  guint32 term = (guint32)(pairs[0] >> 16);

  if (self->n++ % BOORU_INDEX_GROUP_SIZE == 0)
    {
      BooruIndexGroup group = { term, self->stream->len, self->arrays->len,
                                (guint32)(self->bitsets->len / sizeof (BooruIndexBuffer)) };

      g_array_append_val (self->groups, group);
    }
  else
    booru_index_append_varint (self->stream, term - self->last);
  booru_index_append_varint (self->stream, n - 1);
  self->last = term;

  if (n <= BOORU_INDEX_MAX_STORED_ARRAY)
    for (guint i = 0; i < n; i++)
      {
        guint16 low = (guint16)pairs[i];

        g_array_append_val (self->arrays, low);
      }
  else if (n < BOORU_INDEX_BLOCK_SIZE)
    write_bitset (self, pairs, n);
}

static void
write_terms (TermWriter *self, const GArray *pairs)
{
  const guint64 *all = (const guint64 *)(gpointer)pairs->data;

  for (guint i = 0, end; i < pairs->len; i = end)
    {
      for (end = i + 1; end < pairs->len && all[end] >> 16 == all[i] >> 16; end++)
        continue;
      write_term (self, all + i, end - i);
    }
}

/* Takes them over. */
static void
put_bytes (GPtrArray *sections, guint section, GByteArray *bytes)
{
  sections->pdata[section] = g_byte_array_free_to_bytes (bytes);
}

static void
put_array (GPtrArray *sections, guint section, GArray *array)
{
  gsize size = (gsize)array->len * g_array_get_element_size (array);

  sections->pdata[section] = g_bytes_new_take (g_array_free (array, FALSE), size);
}

static void
put_terms (BooruIndexBuilder *self, GPtrArray *sections)
{
  TermWriter writer = { .groups = g_array_new (FALSE, FALSE, sizeof (BooruIndexGroup)),
                        .stream = g_byte_array_new (),
                        .arrays = g_array_new (FALSE, FALSE, sizeof (guint16)),
                        .bitsets = g_byte_array_new () };

  sort_pairs (self);
  write_terms (&writer, self->pairs);
  put_array (sections, BOORU_INDEX_GROUPS, writer.groups);
  put_bytes (sections, BOORU_INDEX_STREAM, writer.stream);
  put_array (sections, BOORU_INDEX_ARRAYS, writer.arrays);
  put_bytes (sections, BOORU_INDEX_BITSETS, writer.bitsets);
}

static void
put_exts (BooruIndexBuilder *self, GPtrArray *sections)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < self->exts->len; i++)
    g_byte_array_append (bytes, self->exts->pdata[i], (guint)strlen (self->exts->pdata[i]) + 1);
  put_bytes (sections, BOORU_INDEX_EXTS, bytes);
}

static void
put_columns (BooruIndexBuilder *self, GPtrArray *sections)
{
  GArray *heads = g_array_new (FALSE, FALSE, sizeof (BooruIndexColumnHead));

  for (guint i = 0; i < BOORU_INDEX_N_STORED; i++)
    {
      BooruIndexColumnHead head = { self->min[i], self->max[i],
                                    booru_index_numbers_get_width (self->min[i], self->max[i]),
                                    (self->n + 63) / 64 * 64 };
      GByteArray *bytes = g_byte_array_new ();

      for (guint j = self->n; j < head.n; j++)
        self->values[i][j] = head.min;
      booru_index_numbers_append (bytes, self->values[i], head.n, head.min, head.width);
      put_bytes (sections, BOORU_INDEX_COLUMNS + i, bytes);
      g_array_append_val (heads, head);
    }
  put_array (sections, BOORU_INDEX_COLUMN_HEADS, heads);
}

GBytes *
booru_index_builder_finish (BooruIndexBuilder *self, const BooruIndexIdentity *identity)
{
  g_autoptr (GPtrArray) sections = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  g_ptr_array_set_size (sections, BOORU_INDEX_N_SECTIONS);
  put_terms (self, sections);
  put_exts (self, sections);
  put_columns (self, sections);
  return booru_index_image_make (identity, sections);
}
