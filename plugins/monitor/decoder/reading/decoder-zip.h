/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Limits beyond which an archive is not read. */
#define DECODER_ZIP_MAX_ENTRIES 4096
#define DECODER_ZIP_MAX_ENTRY_SIZE (32 * 1024 * 1024)

typedef struct
{
  char *name;
  guint32 offset; /* of its own header */
  guint32 packed_size, size;
  guint32 checksum;
  guint16 method, flags;
} DecoderZipEntry;

/**
 * decoder_zip_list:
 * @fd: a ZIP archive
 * @error: BOORU_ERROR_UNSUPPORTED if it is none, or of a kind that is not read (several disks, 64
 *   bits, too many entries); BOORU_ERROR_IO
 *
 * Reads the directory at the archive's end, and nothing else: a few bounded reads.
 *
 * Returns: (transfer full): of DecoderZipEntry, in the directory's order
 */
GPtrArray *decoder_zip_list (int fd, GError **error);

/**
 * decoder_zip_check:
 * @entries: what decoder_zip_list() gave
 * @error: BOORU_ERROR_INVALID, BOORU_ERROR_LIMIT
 *
 * Whether the archive can be what it looks like, before anything is unpacked: no name twice, stored
 * or deflated only, nothing encrypted, no entry within another or within the directory, none too
 * large, and in each place the entry that the directory tells of.
 */
gboolean decoder_zip_check (int fd, GPtrArray *entries, GError **error);

/* From a checked archive. BOORU_ERROR_INVALID if the content does not match the directory. */
GBytes *decoder_zip_extract (int fd, const DecoderZipEntry *entry, GError **error);

G_END_DECLS
