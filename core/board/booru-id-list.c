/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Packed lists: ascending, each as its difference to the one before, as an unsigned
 * LEB128 varint (DWARF 5, section 7.6). 24 tags of a hundred thousand take some 45 bytes. */
#include "board/booru-id-list.h"

#include <stdlib.h>

GArray *
booru_id_list_new (void)
{
  return g_array_sized_new (FALSE, FALSE, sizeof (gint64), 32);
}

static int
compare_ids (const void *a, const void *b)
{
  gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;

  return (left > right) - (left < right);
}

void
booru_id_list_sort (GArray *ids)
{
  guint kept = 0;

  g_array_sort (ids, compare_ids);
  for (guint i = 0; i < ids->len; i++)
    if (kept == 0 || g_array_index (ids, gint64, i) != g_array_index (ids, gint64, kept - 1))
      g_array_index (ids, gint64, kept++) = g_array_index (ids, gint64, i);
  g_array_set_size (ids, kept);
}

gboolean
booru_id_list_contain (const GArray *ids, gint64 id)
{
  return ids->len > 0 && bsearch (&id, ids->data, ids->len, sizeof (gint64), compare_ids) != NULL;
}

void
booru_id_list_unite (GArray *to, const GArray *from)
{
  g_array_append_vals (to, from->data, from->len);
  booru_id_list_sort (to);
}

void
booru_id_list_keep (GArray *ids, const GArray *others, gboolean contained)
{
  guint kept = 0;

  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      if (booru_id_list_contain (others, id) == contained)
        g_array_index (ids, gint64, kept++) = id;
    }
  g_array_set_size (ids, kept);
}

GBytes *
booru_id_list_pack (const GArray *ids)
{
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (ids->len * 3);
  guint64 previous = 0;

  for (guint i = 0; i < ids->len; i++)
    {
      guint64 id = g_array_index (ids, gint64, i);
      guint64 rest = id - previous;

      previous = id;
      do
        {
          guint8 byte = (rest & 0x7f) | (rest > 0x7f ? 0x80 : 0);

          g_byte_array_append (bytes, &byte, 1);
          rest >>= 7;
        }
      while (rest > 0);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

gboolean
booru_id_list_unpack (const void *data, gsize length, GArray *ids)
{
  const guint8 *bytes = data;
  guint64 value = 0;
  guint64 id = 0;
  guint shift = 0;

  g_array_set_size (ids, 0);
  for (gsize i = 0; i < length; i++)
    {
      value |= (guint64)(bytes[i] & 0x7f) << shift;
      if (bytes[i] & 0x80)
        {
          shift += 7;
          if (shift > 56)
            return FALSE;
          continue;
        }
      /* Ascending, from 1: a difference of nothing is no list of ours, nor is an overflow. */
      if (value == 0 || value > (guint64)G_MAXINT64 - id)
        return FALSE;
      id += value;
      g_array_append_val (ids, id);
      value = 0;
      shift = 0;
    }
  return shift == 0;
}
