/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a picture looks like that somebody has sent. Web processes never decode: the picture is
 * handed over to the monitor's sandboxed decoders, and its hashes come back. */
#pragma once

#include "http/web-worker.h"

G_BEGIN_DECLS

/* Gives the file a name that goes when the answer comes, and asks the monitor. fd: an open file
 * with the picture; not taken. cancellable: cancelled when nobody waits for the answer any more;
 * decoding stops then. BOORU_ERROR_BUSY: nobody decodes now, or not in time; else it may be the
 * picture's fault (booru_err_file()). */
void web_hashes_find_async (WebWorker *worker,
                            int fd,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/* Transfer full, of guint64. */
GArray *web_hashes_find_finish (WebWorker *worker, GAsyncResult *result, GError **error);

G_END_DECLS
