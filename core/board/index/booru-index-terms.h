/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a post can have, as one number: a tag, or one of a few things beside. Part of the format of
 * files: other numbers need another BOORU_INDEX_VERSION. */
#pragma once

#include "booru-index-source.h"

G_BEGIN_DECLS

enum
{
  BOORU_INDEX_TERM_POST = 1, /* what each post has */
  BOORU_INDEX_TERM_HIDDEN,   /* it is not active */
  BOORU_INDEX_TERM_PARENT,   /* it has one */
  BOORU_INDEX_TERM_CHILD,
  BOORU_INDEX_TERM_STATUS = 8, /* these and the next: with the number of the status */
  BOORU_INDEX_TERM_PARENT_STATUS = 12,
  BOORU_INDEX_TERM_CHILD_STATUS = 16,
  BOORU_INDEX_TERM_RATING = 20, /* with its place in "gsqe" */
  BOORU_INDEX_TERM_FACT = 32,   /* with its bit in BooruIndexFacts */
  BOORU_INDEX_TERM_EXT = 256,   /* with its place in the block's list of extensions */
  BOORU_INDEX_TERM_TAG = 1024,  /* with the tag's id */
};

#define BOORU_INDEX_MAX_EXTS (BOORU_INDEX_TERM_TAG - BOORU_INDEX_TERM_EXT)
#define BOORU_INDEX_MAX_TAG (G_MAXUINT32 - BOORU_INDEX_TERM_TAG)

/* Appends each term of a post (guint32), ascending. @exts: of strings, to which its extension is
 * added. FALSE with BOORU_ERROR_LIMIT if numbers are beyond what an index holds. */
gboolean booru_index_row_list_terms (const BooruIndexRow *row,
                                     GPtrArray *exts,
                                     GArray *terms,
                                     GError **error);

/* The term of an extension; 0: not among @exts. */
guint32 booru_index_find_ext (const GPtrArray *exts, const char *ext);

G_END_DECLS
