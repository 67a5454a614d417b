/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of a store's tags, as new as its blocks. They are read when somebody asks for one. */
#pragma once

#include "booru-index-folder.h"
#include "booru-index-names.h"

G_BEGIN_DECLS

typedef struct _BooruIndexTags BooruIndexTags;

BooruIndexTags *
booru_index_tags_new (const char *store_id, const BooruIndexSource *source, gpointer data);
void booru_index_tags_free (BooruIndexTags *self);

/* As booru_index_blocks_adopt(). */
gboolean
booru_index_tags_adopt (BooruIndexTags *self, const BooruIndexFolder *folder, guint64 generation);

/* Transfer none; NULL: the source failed. */
const BooruIndexNames *
booru_index_tags_get (BooruIndexTags *self, guint64 generation, GError **error);

/* Whether there is no file, or one that misses as much as @min_changes changed posts amount to. */
gboolean booru_index_tags_is_unwritten (const BooruIndexTags *self, guint min_changes);

/* Writes the names as of @generation, and uses the file from then on. */
gboolean booru_index_tags_write (BooruIndexTags *self,
                                 const BooruIndexFolder *folder,
                                 guint64 generation,
                                 GError **error);

/* The generation and the size of the file that is used; 0: none. */
guint64 booru_index_tags_get_file (const BooruIndexTags *self, guint64 *size);

G_END_DECLS
