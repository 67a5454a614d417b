/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-terms.h"

#include <string.h>

#include "base/booru-error.h"

guint32
booru_index_find_ext (const GPtrArray *exts, const char *ext)
{
  for (guint i = 0; i < exts->len; i++)
    if (g_str_equal (exts->pdata[i], ext))
      return BOORU_INDEX_TERM_EXT + i;
  return 0;
}

static void
add_term (GArray *terms, guint32 term)
{
  g_array_append_val (terms, term);
}

/* One term for each bit of @mask. */
static void
add_mask (GArray *terms, guint32 first, guint mask)
{
  for (guint i = 0; mask >> i; i++)
    if ((mask >> i) & 1)
      add_term (terms, first + i);
}

static guint
get_rating_mask (BooruRating rating)
{
  const char *place = strchr ("gsqe", rating);

  return rating && place ? 1u << (place - "gsqe") : 0;
}

static gboolean
add_ext (GPtrArray *exts, const char *ext, GArray *terms)
{
  guint32 term = booru_index_find_ext (exts, ext);

  if (term == 0 && exts->len >= BOORU_INDEX_MAX_EXTS)
    return FALSE;
  if (term == 0)
    {
      g_ptr_array_add (exts, g_strdup (ext));
      term = BOORU_INDEX_TERM_EXT + exts->len - 1;
    }
  add_term (terms, term);
  return TRUE;
}

gboolean
booru_index_row_list_terms (const BooruIndexRow *row,
                            GPtrArray *exts,
                            GArray *terms,
                            GError **error)
{
  if (row->id < 0 || row->id >= BOORU_INDEX_MAX_ID)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "The search index cannot hold post %" G_GINT64_FORMAT
                   ": ids end at %" G_GINT64_FORMAT,
                   row->id, BOORU_INDEX_MAX_ID - 1);
      return FALSE;
    }
  if (row->n_tags > 0 && row->tags[row->n_tags - 1] > BOORU_INDEX_MAX_TAG)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "The search index cannot hold tag %" G_GINT64_FORMAT ": ids end at %u",
                   row->tags[row->n_tags - 1], BOORU_INDEX_MAX_TAG);
      return FALSE;
    }

  add_term (terms, BOORU_INDEX_TERM_POST);
  if (row->status != BOORU_POST_ACTIVE)
    add_term (terms, BOORU_INDEX_TERM_HIDDEN);
  if (row->parent_mask)
    add_term (terms, BOORU_INDEX_TERM_PARENT);
  if (row->child_mask)
    add_term (terms, BOORU_INDEX_TERM_CHILD);
  add_mask (terms, BOORU_INDEX_TERM_STATUS, BOORU_STATUS_MASK (row->status));
  add_mask (terms, BOORU_INDEX_TERM_PARENT_STATUS, row->parent_mask & BOORU_STATUS_MASK_ALL);
  add_mask (terms, BOORU_INDEX_TERM_CHILD_STATUS, row->child_mask & BOORU_STATUS_MASK_ALL);
  add_mask (terms, BOORU_INDEX_TERM_RATING, get_rating_mask (row->rating));
  add_mask (terms, BOORU_INDEX_TERM_FACT, row->facts);
  if (!add_ext (exts, row->ext, terms))
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                           "The search index cannot hold so many kinds of files");
      return FALSE;
    }
  for (guint i = 0; i < row->n_tags; i++)
    add_term (terms, BOORU_INDEX_TERM_TAG + (guint32)row->tags[i]);
  return TRUE;
}
