/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WebMultipart:
 *
 * Takes a multipart/form-data body (RFC 7578) apart while it comes, in pieces of any size. Never
 * keeps more than a part's headers and a boundary.
 */
typedef struct _WebMultipart WebMultipart;

/* Each returns FALSE with an error to stop. */
typedef struct
{
  /* file_name: NULL for a field; "" for a field of files that was left empty. */
  gboolean (*begin) (const char *name, const char *file_name, gpointer user_data, GError **error);
  gboolean (*data) (const void *data, gsize size, gpointer user_data, GError **error);
  gboolean (*end) (gpointer user_data, GError **error);
} WebMultipartFuncs;

/* content_type: the request's, with its boundary; funcs: outlive the parser. BOORU_ERROR_INVALID:
 * no boundary. */
WebMultipart *web_multipart_new (const char *content_type,
                                 const WebMultipartFuncs *funcs,
                                 gpointer user_data,
                                 GError **error);
void web_multipart_free (WebMultipart *self);

/* BOORU_ERROR_INVALID, or the error of a function; the parser must not be fed any more then. */
gboolean web_multipart_feed (WebMultipart *self, const void *data, gsize size, GError **error);

/* BOORU_ERROR_INVALID: it is not whole. */
gboolean web_multipart_finish (WebMultipart *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebMultipart, web_multipart_free)

G_END_DECLS
