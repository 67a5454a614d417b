/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-request.h"

G_BEGIN_DECLS

/**
 * WebFile:
 *
 * A file to be answered with.
 */
typedef struct
{
  int fd;
  gint64 size;
  gint64 mtime; /* seconds since 1970 */
  const char *content_type;
  const char *encoding;  /* Content-Encoding; NULL: none */
  const char *tag;       /* what the ETag is made of: unique for the content */
  const char *file_name; /* the user's own, raw bytes; NULL: none is told */
  gboolean active;       /* a document that could run scripts, such as SVG */
} WebFile;

/* As HTTP dates are written: 30 bytes. */
void web_file_format_time (gint64 seconds, char *buffer, gsize size);

/* All but status, Date and Content-Length; each line with CRLF. */
void web_file_append_headers (const WebFile *file, GString *out);

/* Answers with the file, or the part asked for, or 304, or 416. The file is read as it is sent, so
 * its size does not matter. Closes the descriptor. */
void web_request_respond_file (WebRequest *request, const WebFile *file);

G_END_DECLS
