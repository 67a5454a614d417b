/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-set.h"

#include <string.h>

#include "booru-index-clones.h"

/* An array this many times longer than another is jumped through. */
#define GALLOP 16

BOORU_INDEX_CLONES static void
and_bits (guint64 *out, const guint64 *a, const guint64 *b)
{
  for (guint i = 0; i < BOORU_INDEX_N_WORDS; i++)
    out[i] = a[i] & b[i];
}

BOORU_INDEX_CLONES static void
and_not_bits (guint64 *out, const guint64 *a, const guint64 *b)
{
  for (guint i = 0; i < BOORU_INDEX_N_WORDS; i++)
    out[i] = a[i] & ~b[i];
}

BOORU_INDEX_CLONES static void
or_bits (guint64 *out, const guint64 *a)
{
  for (guint i = 0; i < BOORU_INDEX_N_WORDS; i++)
    out[i] |= a[i];
}

BOORU_INDEX_CLONES static guint
count_bits (const guint64 *bits)
{
  guint n = 0;

  for (guint i = 0; i < BOORU_INDEX_N_WORDS; i++)
    n += (guint)__builtin_popcountll (bits[i]);
  return n;
}

BOORU_INDEX_CLONES static guint
count_common_bits (const guint64 *a, const guint64 *b)
{
  guint n = 0;

  for (guint i = 0; i < BOORU_INDEX_N_WORDS; i++)
    n += (guint)__builtin_popcountll (a[i] & b[i]);
  return n;
}

guint
booru_index_set_count (BooruIndexSet set)
{
  return set.n == BOORU_INDEX_UNCOUNTED ? count_bits (set.bits) : set.n;
}

/* The place of the first number that is not below @low, from @from on, in steps that double. */
static guint
gallop (const guint16 *array, guint n, guint from, guint low)
{
  guint step = 1, end;

  while (from + step < n && array[from + step] < low)
    {
      from += step;
      step *= 2;
    }
  end = MIN (from + step, n);
  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (array[middle] < low)
        from = middle + 1;
      else
        end = middle;
    }
  return from;
}

gboolean
booru_index_set_has (BooruIndexSet set, guint low)
{
  guint place;

  if (set.kind == BOORU_INDEX_FULL)
    return TRUE;
  if (set.kind == BOORU_INDEX_BITS)
    return booru_index_bits_have (set.bits, low);
  place = gallop (set.array, set.n, 0, low);
  return place < set.n && set.array[place] == low;
}

/* The numbers of @few that are in @many, or that are not. */
static guint
pick_by_gallop (BooruIndexSet few, BooruIndexSet many, gboolean common, guint16 *out)
{
  guint n = 0, at = 0;

  for (guint i = 0; i < few.n; i++)
    {
      at = gallop (many.array, many.n, at, few.array[i]);
      if ((at < many.n && many.array[at] == few.array[i]) == common)
        out[n++] = few.array[i];
    }
  return n;
}

/* Without branches that depend on the numbers: nobody can predict those. */
static guint
pick_by_merge (BooruIndexSet a, BooruIndexSet b, gboolean common, guint16 *out)
{
  guint n = 0, i = 0, j = 0;

  while (i < a.n && j < b.n)
    {
      guint16 left = a.array[i], right = b.array[j];

      out[n] = left;
      n += common ? left == right : left < right;
      i += left <= right;
      j += left >= right;
    }
  if (common || i == a.n)
    return n;
  memcpy (out + n, a.array + i, (a.n - i) * sizeof *out);
  return n + a.n - i;
}

/* The numbers of the array @a that are in the bits @b, or that are not. */
static guint
pick_by_bits (BooruIndexSet a, BooruIndexSet b, gboolean common, guint16 *out)
{
  guint n = 0;

  for (guint i = 0; i < a.n; i++)
    {
      out[n] = a.array[i];
      n += booru_index_bits_have (b.bits, a.array[i]) == common;
    }
  return n;
}

BooruIndexSet
booru_index_set_and (BooruIndexSet a, BooruIndexSet b, BooruIndexBuffer *out)
{
  if (a.n == 0 || b.kind == BOORU_INDEX_FULL)
    return a;
  if (b.n == 0 || a.kind == BOORU_INDEX_FULL)
    return b;
  if (a.kind == BOORU_INDEX_BITS && b.kind == BOORU_INDEX_BITS)
    {
      and_bits (out->bits, a.bits, b.bits);
      return booru_index_set_of_bits (out->bits, BOORU_INDEX_UNCOUNTED);
    }
  if (a.kind == BOORU_INDEX_BITS || (b.kind == BOORU_INDEX_ARRAY && b.n < a.n))
    {
      BooruIndexSet swapped = a;

      a = b;
      b = swapped;
    }
  return booru_index_set_of_array (
      out->array, b.kind == BOORU_INDEX_BITS ? pick_by_bits (a, b, TRUE, out->array)
                  : a.n * GALLOP < b.n       ? pick_by_gallop (a, b, TRUE, out->array)
                                             : pick_by_merge (a, b, TRUE, out->array));
}

BooruIndexSet
booru_index_set_without (BooruIndexSet a, BooruIndexSet b, BooruIndexBuffer *out)
{
  if (a.n == 0 || b.n == 0)
    return a;
  if (b.kind == BOORU_INDEX_FULL)
    return (BooruIndexSet){ 0 };
  if (a.kind == BOORU_INDEX_ARRAY)
    return booru_index_set_of_array (
        out->array, b.kind == BOORU_INDEX_BITS ? pick_by_bits (a, b, FALSE, out->array)
                    : a.n * GALLOP < b.n       ? pick_by_gallop (a, b, FALSE, out->array)
                                               : pick_by_merge (a, b, FALSE, out->array));
  if (a.kind == BOORU_INDEX_BITS && b.kind == BOORU_INDEX_BITS)
    {
      and_not_bits (out->bits, a.bits, b.bits);
      return booru_index_set_of_bits (out->bits, BOORU_INDEX_UNCOUNTED);
    }

  if (a.kind == BOORU_INDEX_FULL)
    memset (out->bits, 0xff, sizeof out->bits);
  else
    memcpy (out->bits, a.bits, sizeof out->bits);
  for (guint i = 0; b.kind == BOORU_INDEX_ARRAY && i < b.n; i++)
    out->bits[b.array[i] >> 6] &= ~(G_GUINT64_CONSTANT (1) << (b.array[i] & 63));
  if (b.kind == BOORU_INDEX_BITS)
    and_not_bits (out->bits, out->bits, b.bits);
  return booru_index_set_of_bits (out->bits, BOORU_INDEX_UNCOUNTED);
}

BooruIndexSet
booru_index_set_or (BooruIndexSet a, BooruIndexSet b, BooruIndexBuffer *out)
{
  if (a.n == 0 || b.kind == BOORU_INDEX_FULL)
    return b;
  if (b.n == 0 || a.kind == BOORU_INDEX_FULL)
    return a;
  memset (out->bits, 0, sizeof out->bits);
  booru_index_bits_add_set (out->bits, a);
  booru_index_bits_add_set (out->bits, b);
  return booru_index_set_of_bits (out->bits, BOORU_INDEX_UNCOUNTED);
}

BooruIndexSet
booru_index_set_clip (BooruIndexSet set, guint first, guint last, BooruIndexBuffer *out)
{
  guint start, end;

  if (set.n == 0 || (first == 0 && last == BOORU_INDEX_BLOCK_SIZE - 1))
    return set;
  if (set.kind == BOORU_INDEX_ARRAY)
    {
      start = gallop (set.array, set.n, 0, first);
      end = gallop (set.array, set.n, 0, last + 1);
      return booru_index_set_of_array (set.array + start, end - start);
    }
  memset (out->bits, 0, sizeof out->bits);
  booru_index_bits_add_range (out->bits, first, last);
  if (set.kind == BOORU_INDEX_BITS)
    and_bits (out->bits, out->bits, set.bits);
  return booru_index_set_of_bits (out->bits, BOORU_INDEX_UNCOUNTED);
}

guint
booru_index_set_count_common (BooruIndexSet a, BooruIndexSet b)
{
  BooruIndexBuffer out;

  if (a.kind == BOORU_INDEX_BITS && b.kind == BOORU_INDEX_BITS)
    return count_common_bits (a.bits, b.bits);
  return booru_index_set_count (booru_index_set_and (a, b, &out));
}

void
booru_index_bits_add_set (guint64 *bits, BooruIndexSet set)
{
  switch (set.kind)
    {
    case BOORU_INDEX_ARRAY:
      for (guint i = 0; i < set.n; i++)
        booru_index_bits_add (bits, set.array[i]);
      break;
    case BOORU_INDEX_BITS:
      or_bits (bits, set.bits);
      break;
    case BOORU_INDEX_FULL:
    default:
      memset (bits, 0xff, sizeof (BooruIndexBuffer));
      break;
    }
}

void
booru_index_bits_add_range (guint64 *bits, guint first, guint last)
{
  guint64 from = ~G_GUINT64_CONSTANT (0) << (first & 63);
  guint64 to = ~G_GUINT64_CONSTANT (0) >> (63 - (last & 63));
  guint i = first >> 6, end = last >> 6;

  if (i == end)
    {
      bits[i] |= from & to;
      return;
    }
  bits[i++] |= from;
  for (; i < end; i++)
    bits[i] = ~G_GUINT64_CONSTANT (0);
  bits[end] |= to;
}

static gboolean
walk_word (guint64 word, guint first, gboolean down, BooruIndexLowFunc func, gpointer data)
{
  while (word)
    {
      guint bit = (guint)(down ? 63 - __builtin_clzll (word) : __builtin_ctzll (word));

      word &= ~(G_GUINT64_CONSTANT (1) << bit);
      if (!func (first + bit, data))
        return FALSE;
    }
  return TRUE;
}

gboolean
booru_index_set_walk (BooruIndexSet set, gboolean down, BooruIndexLowFunc func, gpointer data)
{
  if (set.kind == BOORU_INDEX_ARRAY)
    {
      for (guint i = 0; i < set.n; i++)
        if (!func (set.array[down ? set.n - 1 - i : i], data))
          return FALSE;
      return TRUE;
    }
  for (guint i = 0; i < BOORU_INDEX_N_WORDS; i++)
    {
      guint at = down ? BOORU_INDEX_N_WORDS - 1 - i : i;
      guint64 word = set.kind == BOORU_INDEX_FULL ? ~G_GUINT64_CONSTANT (0) : set.bits[at];

      if (!walk_word (word, at * 64, down, func, data))
        return FALSE;
    }
  return TRUE;
}
