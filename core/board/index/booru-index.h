/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search index: from a query to a page of ids, an exact count, related tags; from the beginning
 * of a name to tags. It is derived from the store, and kept in a folder of files, one for each
 * 65,536 ids, that all processes map. What changed since a file was written, or whose file is
 * missing or damaged, a process keeps in its own memory.
 *
 * Every call first catches up with the store, so that it sees what was written before. While files
 * are missing, a call that would have to build many blocks itself is BOORU_ERROR_BUSY after some
 * seconds; what it has built stays. Not for several threads at once. */
#pragma once

#include "board/index/booru-index-source.h"

G_BEGIN_DECLS

typedef struct _BooruIndex BooruIndex;

/* @folder: where the files are, made when they are written; NULL: all is kept in memory.
 * @store_id: files of another store are not used, nor are those of this one from before it went
 * back to an earlier state, as a restored backup does. Reads nothing yet, so that it cannot fail.
 * Transfer full. */
BooruIndex *booru_index_new (const char *folder,
                             const char *store_id,
                             const BooruIndexSource *source,
                             gpointer data);
void booru_index_free (BooruIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruIndex, booru_index_free)

/* Reads what changed in the store. The calls below do so by themselves. */
gboolean booru_index_catch_up (BooruIndex *self, GError **error);

/* Appends the ids of a page (gint64) to @ids, in its order. A query that is refused is
 * BOORU_ERROR_LIMIT. random:N is the caller's to heed. */
gboolean booru_index_search (BooruIndex *self,
                             const BooruQuery *query,
                             const BooruPage *page,
                             GArray *ids,
                             GError **error);

/* How many posts @query finds; -1 on error. Blocks that have to be built first can take long: with
 * @exact, one of them is built in each call, and the rest is estimated until *@exact is TRUE. */
gint64
booru_index_count (BooruIndex *self, const BooruQuery *query, gboolean *exact, GError **error);

/* Tags, by exact name: NULL if there is none, too. Transfer full. */
BooruTagRef *booru_index_find_tag (BooruIndex *self, const char *name, GError **error);

/* Those in use whose names match a pattern with *, or in which @beginning begins the name or a word
 * of it; the most used first. Transfer full: of BooruTagRef. */
GPtrArray *
booru_index_match_tags (BooruIndex *self, const char *pattern, guint limit, GError **error);
GPtrArray *
booru_index_complete_tag (BooruIndex *self, const char *beginning, guint limit, GError **error);

/* Those whose words begin with @letters, "lh": long_hair; and those that are spelled nearly as
 * @name. Likewise. */
GPtrArray *
booru_index_expand_tag (BooruIndex *self, const char *letters, guint limit, GError **error);
GPtrArray *
booru_index_correct_tag (BooruIndex *self, const char *name, guint limit, GError **error);

/* How many posts of what @query finds have each of @n_tags tags, by their ids. @n_posts: (out): how
 * many it finds. */
gboolean booru_index_count_tags (BooruIndex *self,
                                 const BooruQuery *query,
                                 const gint64 *tags,
                                 guint n_tags,
                                 gint64 *counts,
                                 gint64 *n_posts,
                                 GError **error);

/* All posts that have any of these tags (ids), whatever their status. Ids, ascending; NULL: @error.
 * Transfer full. */
GArray *booru_index_list_posts (BooruIndex *self, const GArray *tags, GError **error);

/* A tag of some of the posts that a query finds. */
typedef struct
{
  BooruTagRef *tag;
  gint64 n_together;               /* posts of the query with this tag */
  double cosine, jaccard, overlap; /* likeness of the two sets of posts, 0 to 1 */
  double frequency;                /* part of the query's posts that have it */
} BooruIndexRelated;
void booru_index_related_free (BooruIndexRelated *self);

typedef enum
{
  BOORU_INDEX_BY_FREQUENCY,
  BOORU_INDEX_BY_COSINE,
  BOORU_INDEX_BY_JACCARD,
  BOORU_INDEX_BY_OVERLAP,
} BooruIndexRelation;

/* The tags that go best with a query, of @category, or -1: of any. They are those of a sample of
 * its posts, which the source reads; their numbers are exact. @n_posts: (out): how many posts the
 * query finds. Transfer full: of BooruIndexRelated. */
GPtrArray *booru_index_related_tags (BooruIndex *self,
                                     const BooruQuery *query,
                                     gint category,
                                     BooruIndexRelation order,
                                     guint limit,
                                     gint64 *n_posts,
                                     GError **error);

/* For the one process that writes the folder: writes the file that needs it most, be it a block
 * that is missing, damaged or has at least @min_changes changed posts, or the names. To be called
 * again while *@more. A call takes a tenth of a second, or a third for the names. When there is
 * nothing to write it looks whether one of the files is still as it should be. */
gboolean booru_index_write (BooruIndex *self, guint min_changes, gboolean *more, GError **error);

/* When a block is worth writing while there is other work. */
#define BOORU_INDEX_MANY_CHANGES 2000

typedef struct
{
  guint64 generation;      /* of the store, as last seen */
  guint64 file_generation; /* that all files have reached; 0: some are missing */
  gint64 written_at;       /* the files, microseconds since 1970; 0: never */
  guint64 n_bytes;         /* on disk */
  guint n_blocks, n_mapped, n_in_memory, n_missing; /* the latter: to be built at need */
  guint n_changed; /* posts that are kept in memory because they changed since */
  guint n_built;   /* blocks that this process had to build … */
  guint n_damaged; /* … of which so many because their file was damaged */
} BooruIndexStats;
void booru_index_get_stats (BooruIndex *self, BooruIndexStats *stats);

G_END_DECLS
