/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of the search index in which any bytes are any others, with sums that are right all the
 * same: whatever is read from them, nothing beside them is. The input: places of four bytes, each
 * with what is to stand there. */
#include <string.h>

#include "board/index/booru-index-block.h"
#include "board/index/booru-index-builder.h"
#include "board/index/booru-index-names-builder.h"
#include "board/index/booru-index-names.h"
#include "fuzz-main.h"

#define N_POSTS 3000
#define N_TAGS 40

static GBytes *
make_block (void)
{
  g_autoptr (BooruIndexBuilder) builder = booru_index_builder_new (0);

  for (gint64 id = 1; id <= N_POSTS; id++)
    {
      gint64 tags[N_TAGS];
      BooruIndexRow row = { .id = id, .rating = BOORU_RATING_GENERAL, .ext = "png", .tags = tags };

      for (gint64 tag = 1; tag <= N_TAGS; tag++)
        if (id % tag == 0)
          tags[row.n_tags++] = tag * tag;
      for (guint i = 0; i < BOORU_INDEX_N_COLUMNS; i++)
        row.values[i] = id << (4 * i % 40);
      g_assert_true (booru_index_builder_add (builder, &row, NULL));
    }
  return booru_index_builder_finish (
      builder, &(BooruIndexIdentity){ BOORU_INDEX_KIND_BLOCK, 0, 1, "fuzz", 0 });
}

static GBytes *
make_names (void)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);

  for (gint64 id = 1; id <= N_TAGS; id++)
    {
      g_autofree char *name = g_strdup_printf ("tag_%" G_GINT64_FORMAT "_(of_x)", id * 37 % 100);

      g_ptr_array_add (tags, booru_tag_ref_new (id, name, BOORU_TAG_GENERAL, id));
    }
  return booru_index_names_build (tags,
                                  &(BooruIndexIdentity){ BOORU_INDEX_KIND_NAMES, 0, 1, "fuzz", 0 });
}

/* Transfer full; NULL: not even the header is right. */
static BooruIndexImage *
damage (GBytes *bytes, BooruIndexKind kind, const guint8 *data, gsize size)
{
  BooruIndexIdentity wanted = { kind, 0, 0, "fuzz", 0 };
  gsize length = g_bytes_get_size (bytes);
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  g_autoptr (GBytes) damaged = NULL;

  for (; size >= 5; data += 5, size -= 5)
    {
      guint32 place;

      memcpy (&place, data, sizeof place);
      copy[place % length] = data[4];
    }
  booru_index_image_seal (copy, length);
  damaged = g_bytes_new_take (copy, length);
  return booru_index_image_new (damaged, &wanted, NULL);
}

static void
read_block (BooruIndexImage *image)
{
  g_autoptr (BooruIndexBlock) block = booru_index_block_new (image);
  BooruIndexBuffer bits = { { 0 } }, out;
  guint columns = 0;

  for (guint i = 0; i < BOORU_INDEX_N_STORED; i++)
    if (booru_index_block_load (block, 1u << i))
      columns |= 1u << i;
  for (guint32 term = 0; term < BOORU_INDEX_TERM_TAG + 2000; term++)
    {
      BooruIndexSet set = booru_index_block_find (block, term), both;

      both = booru_index_set_and (set, booru_index_block_find (block, BOORU_INDEX_TERM_POST), &out);
      booru_index_bits_add_set (bits.bits, both);
    }
  for (guint i = 0; i < BOORU_INDEX_N_STORED; i++)
    {
      const BooruIndexNumbers *numbers = booru_index_block_get_column (block, i);

      for (guint low = 0; low < BOORU_INDEX_BLOCK_SIZE; low += 63)
        g_assert_cmpint (booru_index_numbers_get (numbers, low), >=, G_MININT64);
      if (((columns >> i) & 1) && numbers->width > 0)
        booru_index_numbers_scan (numbers, numbers->min, numbers->max - 1, bits.bits);
    }
}

static void
read_names (BooruIndexImage *image)
{
  g_autoptr (BooruIndexNames) names = booru_index_names_new (image);
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);
  BooruTagRef changed = { 7, (char *)"tag_7", BOORU_TAG_META, 3 };

  if (names == NULL)
    return;
  booru_index_names_match (names, "*a*_1*", 50, tags);
  booru_index_names_complete (names, "o", 50, tags);
  booru_index_names_complete (names, "", 50, tags);
  booru_index_names_put (names, &changed);
  for (gint64 id = 0; id < N_TAGS + 2; id++)
    {
      g_autoptr (BooruTagRef) tag = booru_index_names_get (names, id);
      g_autoptr (BooruTagRef) again = tag ? booru_index_names_find (names, tag->name) : NULL;

      g_assert_true (tag == NULL || tag->id == id);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static GBytes *block, *names;
  BooruIndexImage *image;

  if (block == NULL)
    {
      block = make_block ();
      names = make_names ();
    }
  image = damage (block, BOORU_INDEX_KIND_BLOCK, data, size);
  if (image)
    read_block (image);
  image = damage (names, BOORU_INDEX_KIND_NAMES, data, size);
  if (image)
    read_names (image);
  return 0;
}
