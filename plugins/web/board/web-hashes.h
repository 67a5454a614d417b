/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a picture looks like that somebody has sent. Web processes never decode: the picture is
 * handed over to the monitor's sandboxed decoders, and its hashes come back. */
#pragma once

#include "http/web-worker.h"

G_BEGIN_DECLS

/* fd: an open file with the picture; not taken. BOORU_ERROR_UNSUPPORTED, _INVALID, _LIMIT, _FAILED:
 * the picture's fault, see web_hashes_is_files_fault(); BOORU_ERROR_BUSY: nobody decodes now, or
 * not in time. */
void web_hashes_find_async (WebWorker *worker,
                            int fd,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* Transfer full, of guint64. */
GArray *web_hashes_find_finish (WebWorker *worker, GAsyncResult *result, GError **error);
gboolean web_hashes_is_files_fault (const GError *error);

G_END_DECLS
