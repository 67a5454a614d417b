/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-names-builder.h"

#include <string.h>

#include "booru-index-names.h"
#include "booru-index-terms.h"

typedef struct
{
  GArray *starts, *ids, *counts, *places, *words, *pairs;
  GByteArray *text, *categories;
} Builder;

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(BooruTagRef *const *)a)->name, (*(BooruTagRef *const *)b)->name);
}

/* The bytes of a name from @start on, for words that end with their name. */
static int
compare_words (gconstpointer a, gconstpointer b, gpointer data)
{
  const Builder *self = data;
  const BooruIndexWord *words[2] = { a, b };
  guint length[2];
  int order;

  for (guint i = 0; i < 2; i++)
    length[i] = g_array_index (self->starts, guint32, words[i]->place + 1) - words[i]->start;
  order = memcmp (self->text->data + words[0]->start, self->text->data + words[1]->start,
                  MIN (length[0], length[1]));
  return order ? order : (length[0] > length[1]) - (length[0] < length[1]);
}

static int
compare_ids (gconstpointer a, gconstpointer b, gpointer data)
{
  const GArray *ids = data;
  guint32 left = g_array_index (ids, guint32, *(const guint32 *)a);
  guint32 right = g_array_index (ids, guint32, *(const guint32 *)b);

  return (left > right) - (left < right);
}

/* A word begins behind punctuation. What is not ASCII counts as letters. */
static void
add_words (Builder *self, guint32 place, guint32 start, const char *name)
{
  for (guint32 i = 1; name[0] && name[i]; i++)
    if (g_ascii_ispunct (name[i - 1]) && !g_ascii_ispunct (name[i]))
      {
        BooruIndexWord word = { place, start + i };

        g_array_append_val (self->words, word);
      }
}

static void
add_tag (Builder *self, const BooruTagRef *tag)
{
  guint32 place = self->ids->len, start = self->text->len, id = (guint32)tag->id;
  guint32 count = (guint32)CLAMP (tag->post_count, 0, G_MAXUINT32);
  guint8 category = (guint8)tag->category;
  guint64 pairs = booru_index_get_pairs (tag->name, strlen (tag->name));

  g_array_append_val (self->starts, start);
  g_array_append_val (self->ids, id);
  g_array_append_val (self->counts, count);
  g_array_append_val (self->places, place);
  g_array_append_val (self->pairs, pairs);
  g_byte_array_append (self->categories, &category, 1);
  g_byte_array_append (self->text, (const guint8 *)tag->name, (guint)strlen (tag->name));
  add_words (self, place, start, tag->name);
}

static GBytes *
array_to_bytes (GArray *array)
{
  gsize size = (gsize)array->len * g_array_get_element_size (array);

  return g_bytes_new_take (g_array_free (array, FALSE), size);
}

GBytes *
booru_index_names_build (GPtrArray *tags, const BooruIndexIdentity *identity)
{
  Builder self = { .starts = g_array_new (FALSE, FALSE, sizeof (guint32)),
                   .ids = g_array_new (FALSE, FALSE, sizeof (guint32)),
                   .counts = g_array_new (FALSE, FALSE, sizeof (guint32)),
                   .places = g_array_new (FALSE, FALSE, sizeof (guint32)),
                   .words = g_array_new (FALSE, FALSE, sizeof (BooruIndexWord)),
                   .pairs = g_array_new (FALSE, FALSE, sizeof (guint64)),
                   .text = g_byte_array_new (),
                   .categories = g_byte_array_new () };
  g_autoptr (GPtrArray) sections = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  g_ptr_array_sort (tags, compare_names);
  for (guint i = 0; i < tags->len; i++)
    {
      const BooruTagRef *tag = tags->pdata[i];

      if (tag->id > 0 && tag->id <= BOORU_INDEX_MAX_TAG)
        add_tag (&self, tag);
    }
  g_array_append_val (self.starts, self.text->len);
  g_array_sort_with_data (self.places, compare_ids, self.ids);
  g_array_sort_with_data (self.words, compare_words, &self);

  g_ptr_array_set_size (sections, BOORU_INDEX_NAME_N_SECTIONS);
  sections->pdata[BOORU_INDEX_NAME_STARTS] = array_to_bytes (self.starts);
  sections->pdata[BOORU_INDEX_NAME_TEXT] = g_byte_array_free_to_bytes (self.text);
  sections->pdata[BOORU_INDEX_NAME_IDS] = array_to_bytes (self.ids);
  sections->pdata[BOORU_INDEX_NAME_COUNTS] = array_to_bytes (self.counts);
  sections->pdata[BOORU_INDEX_NAME_CATEGORIES] = g_byte_array_free_to_bytes (self.categories);
  sections->pdata[BOORU_INDEX_NAME_PLACES] = array_to_bytes (self.places);
  sections->pdata[BOORU_INDEX_NAME_WORDS] = array_to_bytes (self.words);
  sections->pdata[BOORU_INDEX_NAME_PAIRS] = array_to_bytes (self.pairs);
  return booru_index_image_make (identity, sections);
}
