/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A piece of the buffer that was parsed; not terminated. */
typedef struct
{
  const char *data;
  gsize length;
} WebSlice;

/**
 * WebHead:
 *
 * The head of an HTTP/1 request as far as the server looks at it before the server library does:
 * where it ends, how long its body is, and whether it is one that can be answered at once.
 */
typedef struct
{
  WebSlice method;
  WebSlice target;
  WebSlice path;          /* of the target, encoded: without scheme and host, query and fragment */
  WebSlice host;          /* data NULL: absent */
  WebSlice cookie;        /* likewise */
  WebSlice authorization; /* likewise */
  gint minor_version;
  gint64 content_length; /* -1: absent */
  gboolean chunked;
  gboolean gzip; /* may be answered with */
  gboolean
      plain; /* has no header that changes what is answered, but for those that tell who asks */
} WebHead;

/* The length of the head with its blank line; 0: incomplete. Lines end in LF, with or without CR
 * before it, as the server library takes them too. */
gsize web_head_find_end (const char *data, gsize length);

/* Parses a complete head; @head points into @data. Returns 0, or the HTTP status to refuse it with:
 * the connection is then closed, since it is not certain where the request ends. */
guint web_head_parse (const char *data, gsize length, WebHead *head);
gboolean web_slice_equal (const WebSlice *slice, const char *string);

G_END_DECLS
