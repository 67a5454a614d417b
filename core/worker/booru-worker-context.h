/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ipc/booru-heartbeat.h"
#include "plugin/booru-service.h"

G_BEGIN_DECLS

/**
 * BooruWorkerContext:
 *
 * A service's view of the world in a process of its own: everything goes through the channel to the
 * host.
 */
#define BOORU_TYPE_WORKER_CONTEXT (booru_worker_context_get_type ())
G_DECLARE_FINAL_TYPE (BooruWorkerContext,
                      booru_worker_context,
                      BOORU,
                      WORKER_CONTEXT,
                      BooruServiceContext)

BooruWorkerContext *
booru_worker_context_new (int channel_fd, BooruHeartbeat *heartbeat, GError **error);

int booru_worker_context_run (BooruWorkerContext *self); /* the main loop; returns the exit code */

G_END_DECLS
