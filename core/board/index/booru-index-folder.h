/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of an index: "manifest", "names" and "NUMBER.block". Each is written anew and renamed,
 * the manifest last, so that readers never see half of one; what they have mapped stays theirs. */
#pragma once

#include "booru-index-image.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 number;     /* of the block */
  guint32 serial;     /* another one each time that its file is written */
  guint64 generation; /* of its file; 0: there is none that is of use */
  guint64 size;
} BooruIndexEntry;

/* What the manifest says. Other files than the listed ones may be there, and listed ones be newer:
 * a writer may have been killed in between. */
typedef struct
{
  guint64 generation; /* up to which the files know all changes, and all blocks are listed */
  gint64 stamp;       /* of that generation */
  gint64 written_at;  /* microseconds since 1970 */
  guint64 names_generation, names_size; /* as of an entry */
} BooruIndexManifest;

typedef struct _BooruIndexFolder BooruIndexFolder;

BooruIndexFolder *booru_index_folder_new (const char *path, const char *store_id);
void booru_index_folder_free (BooruIndexFolder *self);

/* Reads the manifest, if it is another one than before; whether it is. */
gboolean booru_index_folder_refresh (BooruIndexFolder *self);

/* Lets the next refresh find another one. */
void booru_index_folder_forget (BooruIndexFolder *self);

/* All zeros: there is none, or it is damaged. */
const BooruIndexManifest *booru_index_folder_get_manifest (const BooruIndexFolder *self);

/* BooruIndexEntry, ascending by number. */
const GArray *booru_index_folder_get_entries (const BooruIndexFolder *self);

/* Transfer full; NULL: there is none that is of use, BOORU_ERROR_NOT_FOUND or why. */
BooruIndexImage *
booru_index_folder_map_block (const BooruIndexFolder *self, guint32 number, GError **error);
gboolean booru_index_folder_has_block (const BooruIndexFolder *self, guint32 number);
BooruIndexImage *booru_index_folder_map_names (const BooruIndexFolder *self, GError **error);

gboolean booru_index_folder_write_block (const BooruIndexFolder *self,
                                         guint32 number,
                                         GBytes *bytes,
                                         GError **error);
gboolean
booru_index_folder_write_names (const BooruIndexFolder *self, GBytes *bytes, GError **error);

/* Sets its written_at. */
gboolean booru_index_folder_write_manifest (BooruIndexFolder *self,
                                            const BooruIndexManifest *manifest,
                                            const GArray *entries,
                                            GError **error);

G_END_DECLS
