/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DecoderMetadata:
 *
 * What a file says of itself, by names as ExifTool gives them, each with its group in front
 * ("EXIF:Model"). It is bounded: a value, a list and the whole have a largest size, beyond which
 * text is cut short and values are left out. All text is valid UTF-8 in the end.
 *
 * Positions, serial numbers and owners' names are never put in: a picture that is shown to others
 * should not tell where its maker lives. The readers below take only what they know by name.
 */
typedef struct _DecoderMetadata DecoderMetadata;

DecoderMetadata *decoder_metadata_new (void);
void decoder_metadata_free (DecoderMetadata *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DecoderMetadata, decoder_metadata_free)

/* length: bytes, -1 if NUL-terminated. Text is UTF-8, otherwise taken for Latin-1. Blank text is
 * ignored. The first value of a name is kept. */
void decoder_metadata_set_text (DecoderMetadata *self,
                                const char *name,
                                const char *text,
                                gssize length);

/* Finite, else ignored. */
void decoder_metadata_set_number (DecoderMetadata *self, const char *name, double value);
/* One more item of a list; a name has either a list or a single value. */
void decoder_metadata_add_text (DecoderMetadata *self,
                                const char *name,
                                const char *text,
                                gssize length);
void decoder_metadata_add_number (DecoderMetadata *self, const char *name, double value);

/* Transfer full; one object, at most DECODER_MAX_METADATA bytes. */
GString *decoder_metadata_to_json (const DecoderMetadata *self);

/* Readers of metadata blocks. Invalid data is skipped; @error, where there is one, describes it. */
/* A TIFF structure, with or without "Exif\0\0" before it. */
void decoder_exif_read (DecoderMetadata *self, const guint8 *data, gsize size);

/* A TIFF file, which is such a structure. */
void decoder_exif_read_file (DecoderMetadata *self, int fd);
gboolean decoder_xmp_read (DecoderMetadata *self, const char *packet, gsize size, GError **error);
void decoder_xmp_scan (DecoderMetadata *self, int fd); /* looks for a packet anywhere in the file */
/* IIM, bare or in Photoshop's resources. */
void decoder_iptc_read (DecoderMetadata *self, const guint8 *data, gsize size);
void decoder_gif_comments_read (DecoderMetadata *self, int fd); /* and XMP */
void decoder_jxl_boxes_read (DecoderMetadata *self, int fd);    /* EXIF and XMP of JPEG XL */
/* Also blocks that are stored as text; not XMP. */
void decoder_png_texts_read (DecoderMetadata *self, int fd);

G_END_DECLS
