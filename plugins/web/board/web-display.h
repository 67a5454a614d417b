/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Display renditions (BOORU_VARIANT_DISPLAY) are made by the monitor when they are first requested.
 */
#pragma once

#include "http/web-worker.h"

G_BEGIN_DECLS

/* Asks the monitor for the picture of the post with that content. BOORU_ERROR_BUSY: the monitor
 * does not run, or not in time; BOORU_ERROR_FAILED: it cannot be made. Concurrent requests for one
 * content share the answer. */
void web_display_make_async (WebWorker *worker,
                             const char *md5,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean web_display_make_finish (WebWorker *worker, GAsyncResult *result, GError **error);

G_END_DECLS
