/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder-pool.h"

G_BEGIN_DECLS

/**
 * MonitorHasher:
 *
 * Says what a picture looks like that another process has, such as one that was uploaded to be
 * searched for: BOORU_EVENT_HASHES_REQUESTED is answered by BOORU_EVENT_HASHES_FOUND. Decoding is
 * the same as of a file that is taken in; nothing is stored. BOORU_EVENT_HASHES_CANCELLED stops it.
 */
typedef struct _MonitorHasher MonitorHasher;

/* @context: where answers go
 * @data_dir: the data folder
 * Returns: (transfer full): a hasher */
MonitorHasher *monitor_hasher_new (BooruServiceContext *context, const char *data_dir);

/* Waits for what is under way, having cancelled it. */
void monitor_hasher_free (MonitorHasher *self);

/* Decodes it and publishes the answer, or why there is none.
 * @pool: what decodes
 * @name: of a file that was handed over, see booru_spool_take() */
void monitor_hasher_answer (MonitorHasher *self, MonitorDecoderPool *pool, const char *name);

/* Stops decoding it. Nothing is published.
 * @name: as it was given to monitor_hasher_answer() */
void monitor_hasher_cancel (MonitorHasher *self, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorHasher, monitor_hasher_free)

G_END_DECLS
