/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-child.h"

G_BEGIN_DECLS

/**
 * BooruChildWorker:
 *
 * One of the equal processes of a service, such as a web worker: g_spawn and a child watch.
 */
#define BOORU_TYPE_CHILD_WORKER (booru_child_worker_get_type ())
G_DECLARE_FINAL_TYPE (BooruChildWorker, booru_child_worker, BOORU, CHILD_WORKER, BooruChild)

G_END_DECLS
