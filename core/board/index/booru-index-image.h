/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of an index file, mapped or in memory: a header, a table of sections, the sections,
 * each at a multiple of 64. Numbers are in the byte order of the machine that wrote them; another
 * machine takes the file for a damaged one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Raised with every change to what is in a file. Files of other versions are not read. */
#define BOORU_INDEX_VERSION 3

typedef enum
{
  BOORU_INDEX_KIND_BLOCK = 1,
  BOORU_INDEX_KIND_NAMES,
  BOORU_INDEX_KIND_MANIFEST,
} BooruIndexKind;

/* What a file is, besides its sections. */
typedef struct
{
  BooruIndexKind kind;
  guint32 number;       /* of the block */
  guint64 generation;   /* of the store that it has reached */
  const char *store_id; /* up to 39 bytes count */
  gint64 stamp;         /* BooruIndexSource.get_stamp() of the generation */
} BooruIndexIdentity;

typedef struct _BooruIndexImage BooruIndexImage;

/* @sections: of GBytes, at most 64. Transfer full. */
GBytes *booru_index_image_make (const BooruIndexIdentity *identity, GPtrArray *sections);

/* Checks the header, not yet the sections: NULL with BOORU_ERROR_CORRUPT if it is not what @wanted
 * says, but for generation and stamp; BOORU_ERROR_NOT_FOUND or _IO if a file cannot be read.
 * Transfer full. */
BooruIndexImage *
booru_index_image_new (GBytes *bytes, const BooruIndexIdentity *wanted, GError **error);
BooruIndexImage *
booru_index_image_map (const char *path, const BooruIndexIdentity *wanted, GError **error);
void booru_index_image_free (BooruIndexImage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruIndexImage, booru_index_image_free)

GBytes *booru_index_image_ref_bytes (const BooruIndexImage *self); /* transfer full */
guint64 booru_index_image_get_generation (const BooruIndexImage *self);
gint64 booru_index_image_get_stamp (const BooruIndexImage *self);
gsize booru_index_image_get_size (const BooruIndexImage *self);
gboolean booru_index_image_is_mapped (const BooruIndexImage *self);

/* A section, checked when it is touched first. NULL: it is damaged, or there is none. */
gconstpointer booru_index_image_get_section (BooruIndexImage *self, guint section, gsize *length);

/* Whether all sections are right. */
gboolean booru_index_image_is_whole (BooruIndexImage *self);

/* Writes a file beside @path and renames it. */
gboolean booru_index_image_write (GBytes *bytes, const char *path, GError **error);

/* Makes the sums right again after somebody changed the bytes: for tests. */
void booru_index_image_seal (guint8 *bytes, gsize length);

G_END_DECLS
