/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-overlay.h"

#include <string.h>

typedef struct
{
  guint64 change, read; /* generations */
  gint64 values[BOORU_INDEX_N_COLUMNS];
  guint n_terms; /* 0: it is gone */
  guint32 terms[];
} Post;

/* The posts that have a term, ascending. */
typedef struct
{
  guint n, capacity;
  guint16 *lows;
} List;

struct _BooruIndexOverlay
{
  GArray *lows;      /* guint16, ascending */
  GPtrArray *posts;  /* Post, likewise */
  GHashTable *lists; /* term → List */
  GPtrArray *exts;
  GArray *terms; /* guint32: of one row */
};

static void
free_list (gpointer data)
{
  g_free (((List *)data)->lows);
  g_free (data);
}

BooruIndexOverlay *
booru_index_overlay_new (void)
{
  BooruIndexOverlay *self = g_new0 (BooruIndexOverlay, 1);

  self->lows = g_array_new (FALSE, FALSE, sizeof (guint16));
  self->posts = g_ptr_array_new_with_free_func (g_free);
  self->lists = g_hash_table_new_full (NULL, NULL, NULL, free_list);
  self->exts = g_ptr_array_new_with_free_func (g_free);
  self->terms = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

void
booru_index_overlay_free (BooruIndexOverlay *self)
{
  g_array_unref (self->lows);
  g_ptr_array_unref (self->posts);
  g_hash_table_unref (self->lists);
  g_ptr_array_unref (self->exts);
  g_array_unref (self->terms);
  g_free (self);
}

/* Where @low is, or would be. New posts are mostly the last ones. */
static guint
find_place (const guint16 *lows, guint n, guint low)
{
  guint from = 0, end = n;

  if (n > 0 && lows[n - 1] < low)
    return n;
  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (lows[middle] < low)
        from = middle + 1;
      else
        end = middle;
    }
  return from;
}

static Post *
find_post (const BooruIndexOverlay *self, guint low)
{
  const guint16 *lows = (const guint16 *)(gpointer)self->lows->data;
  guint place = find_place (lows, self->lows->len, low);

  return place < self->lows->len && lows[place] == low ? self->posts->pdata[place] : NULL;
}

static void
add_to_list (BooruIndexOverlay *self, guint32 term, guint low)
{
  List *list = g_hash_table_lookup (self->lists, GUINT_TO_POINTER (term));
  guint place;

  if (list == NULL)
    {
      list = g_new0 (List, 1);
      g_hash_table_insert (self->lists, GUINT_TO_POINTER (term), list);
    }
  if (list->n == list->capacity)
    {
      list->capacity = list->capacity * 2 + 2;
      list->lows = g_renew (guint16, list->lows, list->capacity);
    }
  place = find_place (list->lows, list->n, low);
  memmove (list->lows + place + 1, list->lows + place, (list->n - place) * sizeof (guint16));
  list->lows[place] = (guint16)low;
  list->n++;
}

static void
remove_from_list (BooruIndexOverlay *self, guint32 term, guint low)
{
  List *list = g_hash_table_lookup (self->lists, GUINT_TO_POINTER (term));
  guint place = find_place (list->lows, list->n, low);

  list->n--;
  memmove (list->lows + place, list->lows + place + 1, (list->n - place) * sizeof (guint16));
  if (list->n == 0)
    g_hash_table_remove (self->lists, GUINT_TO_POINTER (term));
}

static void
clear_terms (BooruIndexOverlay *self, const Post *post, guint low)
{
  for (guint i = 0; i < post->n_terms; i++)
    remove_from_list (self, post->terms[i], low);
}

/* Takes @post over. */
static void
put_post (BooruIndexOverlay *self, guint low, Post *post)
{
  const guint16 *lows = (const guint16 *)(gpointer)self->lows->data;
  guint place = find_place (lows, self->lows->len, low);
  guint16 key = (guint16)low;

  if (place < self->lows->len && lows[place] == low)
    {
      Post *old = self->posts->pdata[place];

      clear_terms (self, old, low);
      post->change = MIN (post->change, old->change);
      g_free (old);
      self->posts->pdata[place] = post;
    }
  else
    {
      g_array_insert_val (self->lows, place, key);
      g_ptr_array_insert (self->posts, (gint)place, post);
    }
  for (guint i = 0; i < post->n_terms; i++)
    add_to_list (self, post->terms[i], low);
}

gboolean
booru_index_overlay_put (BooruIndexOverlay *self,
                         const BooruIndexRow *row,
                         guint64 change,
                         guint64 read,
                         GError **error)
{
  Post *post;

  g_array_set_size (self->terms, 0);
  if (!booru_index_row_list_terms (row, self->exts, self->terms, error))
    return FALSE;
  post = g_malloc (sizeof *post + self->terms->len * sizeof *post->terms);
  post->change = change;
  post->read = read;
  memcpy (post->values, row->values, sizeof post->values);
  post->n_terms = self->terms->len;
  memcpy (post->terms, self->terms->data, self->terms->len * sizeof *post->terms);
  put_post (self, (guint)(row->id % BOORU_INDEX_BLOCK_SIZE), post);
  return TRUE;
}

void
booru_index_overlay_put_gone (BooruIndexOverlay *self, guint low, guint64 change, guint64 read)
{
  Post *post = g_new0 (Post, 1);

  post->change = change;
  post->read = read;
  put_post (self, low, post);
}

guint64
booru_index_overlay_get_read (const BooruIndexOverlay *self, guint low)
{
  const Post *post = find_post (self, low);

  return post ? post->read : 0;
}

guint64
booru_index_overlay_get_first_change (const BooruIndexOverlay *self)
{
  guint64 first = G_MAXUINT64;

  for (guint i = 0; i < self->posts->len; i++)
    first = MIN (first, ((const Post *)self->posts->pdata[i])->change);
  return first;
}

BooruIndexSet
booru_index_overlay_get_changed (const BooruIndexOverlay *self)
{
  return booru_index_set_of_array ((const guint16 *)(gpointer)self->lows->data, self->lows->len);
}

BooruIndexSet
booru_index_overlay_find (const BooruIndexOverlay *self, guint32 term)
{
  const List *list = g_hash_table_lookup (self->lists, GUINT_TO_POINTER (term));

  return list ? booru_index_set_of_array (list->lows, list->n) : (BooruIndexSet){ 0 };
}

const GPtrArray *
booru_index_overlay_get_exts (const BooruIndexOverlay *self)
{
  return self->exts;
}

const gint64 *
booru_index_overlay_get_values (const BooruIndexOverlay *self, guint low)
{
  const Post *post = find_post (self, low);

  return post && post->n_terms ? post->values : NULL;
}
