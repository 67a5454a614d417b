/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the posts of one block have, and their numbers, read from an image. Wherever its bytes lead,
 * nothing outside of it is read. */
#pragma once

#include "booru-index-image.h"
#include "booru-index-numbers.h"
#include "booru-index-terms.h"
#include "booru-index-values.h"

G_BEGIN_DECLS

/* The sections of a block. */
enum
{
  BOORU_INDEX_GROUPS,  /* BooruIndexGroup, ascending by their terms */
  BOORU_INDEX_STREAM,  /* varints: each term minus the one before, how many posts have it minus one
                        */
  BOORU_INDEX_ARRAYS,  /* guint16: of terms that few have, one after the other */
  BOORU_INDEX_BITSETS, /* 8 KiB each: of terms that many have, one after the other */
  BOORU_INDEX_EXTS,    /* strings that end with NUL */
  BOORU_INDEX_COLUMN_HEADS, /* BooruIndexColumnHead */
  BOORU_INDEX_COLUMNS,      /* and as many more */
  BOORU_INDEX_N_SECTIONS = BOORU_INDEX_COLUMNS + BOORU_INDEX_N_STORED,
};

/* So many terms, but for the last group, can be found by their first one. That one's difference is
 * not in the stream. */
#define BOORU_INDEX_GROUP_SIZE 32
typedef struct
{
  guint32 term;   /* the first one */
  guint32 stream; /* where it begins: bytes */
  guint32 array;  /* the array of its first term that has one: guint16 */
  guint32 bitset; /* likewise: bitsets */
} BooruIndexGroup;

typedef struct
{
  gint64 min, max;
  guint32 width, n;
} BooruIndexColumnHead;

typedef struct _BooruIndexBlock BooruIndexBlock;

/* Of an image of a block, which it takes over. Nothing is read yet. */
BooruIndexBlock *booru_index_block_new (BooruIndexImage *image);
void booru_index_block_free (BooruIndexBlock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruIndexBlock, booru_index_block_free)

BooruIndexImage *booru_index_block_get_image (const BooruIndexBlock *self);

/* Makes terms and the columns of a mask ready to be read; FALSE: damaged. What is not ready is
 * empty, or all 0. */
gboolean booru_index_block_load (BooruIndexBlock *self, guint columns);

/* The posts that have @term. */
BooruIndexSet booru_index_block_find (const BooruIndexBlock *self, guint32 term);
const GPtrArray *booru_index_block_get_exts (const BooruIndexBlock *self);
const BooruIndexNumbers *booru_index_block_get_column (const BooruIndexBlock *self, guint column);

/* An unsigned LEB128 varint (DWARF 5, section 7.6) of at most 32 bits; moves *at. What does not end
 * before @end is 0. */
static inline guint32
booru_index_read_varint (const guint8 **at, const guint8 *end)
{
  guint32 value = 0;

  for (guint shift = 0; *at < end && shift < 35; shift += 7)
    {
      guint8 byte = *(*at)++;

      value |= (guint32)(byte & 0x7f) << shift;
      if (byte < 0x80)
        return value;
    }
  return 0;
}

static inline void
booru_index_append_varint (GByteArray *bytes, guint32 value)
{
  guint8 buffer[5];
  guint n = 0;

  for (; value > 0x7f; value >>= 7)
    buffer[n++] = (guint8)(value | 0x80);
  buffer[n++] = (guint8)value;
  g_byte_array_append (bytes, buffer, n);
}

G_END_DECLS
