/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A ZIP archive that tells what it is told to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GByteArray *bytes, *directory;
  guint16 n;
  gboolean deflated;
  /* Lies about the next entry; 0: none. */
  guint16 flags;
  guint32 size, offset_shift;
  gboolean wrong_checksum;
} Zip;

void zip_add (Zip *zip, const char *name, gconstpointer data, gsize size);

/* Takes the archive, which may be filled anew; returns the path of its file. */
char *zip_write (Zip *zip, const char *folder, const char *name);

/* gzip data of one member. file_name: what it was made of, or NULL. Transfer full. */
GByteArray *gzip_bytes (gconstpointer data, gsize size, const char *file_name);

G_END_DECLS
