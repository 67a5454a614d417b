/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers as stored in files, and reading at an offset. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline guint32
decoder_le16 (const guint8 *p)
{
  return p[0] | (guint32)p[1] << 8;
}

static inline guint32
decoder_le32 (const guint8 *p)
{
  return decoder_le16 (p) | decoder_le16 (p + 2) << 16;
}

static inline guint32
decoder_be32 (const guint8 *p)
{
  return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

/* Reads as many bytes as are available, up to @size; -1: errno is set. */
gssize decoder_read_at (int fd, guint8 *buffer, gsize size, goffset offset);

G_END_DECLS
