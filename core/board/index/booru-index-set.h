/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets of posts within one block: numbers from 0 to 65,535, the low halves of their ids. Few are a
 * sorted array, many are bits; whichever takes less room, as in https://roaringbitmap.org. */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#define BOORU_INDEX_BLOCK_SIZE 65536u
#define BOORU_INDEX_N_WORDS (BOORU_INDEX_BLOCK_SIZE / 64)
#define BOORU_INDEX_MAX_ARRAY 4096u /* numbers; more are bits */

/* In files less are bits already: that takes some more room, but two of them are combined in a
 * hundredth of the time. */
#define BOORU_INDEX_MAX_STORED_ARRAY 1024u

typedef enum
{
  BOORU_INDEX_ARRAY,
  BOORU_INDEX_BITS,
  BOORU_INDEX_FULL,
} BooruIndexSetKind;

/* Refers to numbers that lie elsewhere: in a file, in a buffer. All zeros: the empty set. */
typedef struct
{
  BooruIndexSetKind kind;
  guint n; /* how many, or BOORU_INDEX_UNCOUNTED */
  union
  {
    const guint16 *array;
    const guint64 *bits;
  };
} BooruIndexSet;

#define BOORU_INDEX_UNCOUNTED G_MAXUINT /* of bits only */

/* Room for one set of either kind. */
typedef union
{
  guint64 bits[BOORU_INDEX_N_WORDS];
  guint16 array[BOORU_INDEX_MAX_ARRAY];
} __attribute__ ((aligned (64))) BooruIndexBuffer;

static inline gboolean
booru_index_bits_have (const guint64 *bits, guint low)
{
  return (bits[low >> 6] >> (low & 63)) & 1;
}

static inline void
booru_index_bits_add (guint64 *bits, guint low)
{
  bits[low >> 6] |= G_GUINT64_CONSTANT (1) << (low & 63);
}

static inline BooruIndexSet
booru_index_set_of_array (const guint16 *array, guint n)
{
  return (BooruIndexSet){ BOORU_INDEX_ARRAY, n, { .array = array } };
}

static inline BooruIndexSet
booru_index_set_of_bits (const guint64 *bits, guint n)
{
  return (BooruIndexSet){ BOORU_INDEX_BITS, n, { .bits = bits } };
}

/* One byte, 0 or 1, of each of 64 numbers, to the bits of a word: each product gathers eight. */
static inline guint64
booru_index_gather_flags (const guint8 *flags)
{
  guint64 word = 0;

  for (guint i = 0; i < 8; i++)
    {
      guint64 eight;

      memcpy (&eight, flags + 8 * i, 8);
      eight = GUINT64_FROM_LE (eight);
      word |= ((eight * G_GUINT64_CONSTANT (0x0102040810204080)) >> 56) << (8 * i);
    }
  return word;
}

guint booru_index_set_count (BooruIndexSet set);
gboolean booru_index_set_has (BooruIndexSet set, guint low);

/* The result lies in @out, or is one of the sets itself. Neither may lie in @out. */
BooruIndexSet booru_index_set_and (BooruIndexSet a, BooruIndexSet b, BooruIndexBuffer *out);
BooruIndexSet booru_index_set_without (BooruIndexSet a, BooruIndexSet b, BooruIndexBuffer *out);
BooruIndexSet booru_index_set_or (BooruIndexSet a, BooruIndexSet b, BooruIndexBuffer *out);
BooruIndexSet
booru_index_set_clip (BooruIndexSet set, guint first, guint last, BooruIndexBuffer *out);

/* How many are in both. */
guint booru_index_set_count_common (BooruIndexSet a, BooruIndexSet b);

/* Adds a set to bits, or the numbers from @first to @last. */
void booru_index_bits_add_set (guint64 *bits, BooruIndexSet set);
void booru_index_bits_add_range (guint64 *bits, guint first, guint last);

/* Calls @func for each, ascending or descending, until it returns FALSE; whether it never did. */
typedef gboolean (*BooruIndexLowFunc) (guint low, gpointer data);
gboolean
booru_index_set_walk (BooruIndexSet set, gboolean down, BooruIndexLowFunc func, gpointer data);

G_END_DECLS
