/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "web-params.h"

G_BEGIN_DECLS

/**
 * WebBody:
 *
 * The body of an upload: its files go to the spool while they come, its fields are kept. Nothing of
 * a file has a name until the whole body has come and is on disk, so a crash before leaves nothing.
 */
typedef struct _WebBody WebBody;

typedef struct
{
  char *field;     /* "upload[files][0]" */
  char *file_name; /* as the client calls it, UTF-8 */
  char *spool;     /* its name in the spool, once web_body_store_async() is done */
  gint64 size;
  int fd;
} WebBodyFile;

/* files_dir: NULL to leave files out. content_type: multipart/form-data. */
WebBody *web_body_new (const char *files_dir, const char *content_type);
void web_body_free (WebBody *self);
/* After an error the rest is read and thrown away, so that the client reads the answer. */
void web_body_feed (WebBody *self, GBytes *chunk);
const GError *web_body_get_error (WebBody *self); /* what was wrong with what came; NULL: nothing */
GPtrArray *web_body_get_files (WebBody *self);    /* of WebBodyFile; transfer none */
WebParams *web_body_steal_fields (WebBody *self); /* transfer full; once */

/* When the whole body has come without an error: makes the files durable, under names of the spool,
 * in a thread, since disks are slow. The body outlives the call. */
void web_body_store_async (WebBody *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean web_body_store_finish (WebBody *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebBody, web_body_free)

G_END_DECLS
