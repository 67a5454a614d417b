/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The generated D-Bus objects hold values. These look some of theirs up when they are asked for, so
 * that nothing has to be kept up to date in between. */
#pragma once

#include "booru-control-generated.h"
#include "host/booru-host.h"

G_BEGIN_DECLS

/* Hosts outlive both. */
/* "uptime", "memory", "cpu-time"; and what its methods do. */
BooruHost1 *booru_live_host_new (BooruHost *host);

#define BOORU_TYPE_LIVE_PROCESS (booru_live_process_get_type ())
G_DECLARE_FINAL_TYPE (BooruLiveProcess,
                      booru_live_process,
                      BOORU,
                      LIVE_PROCESS,
                      BooruProcess1Skeleton) /* "requests", "memory", "cpu-time" */

void booru_live_process_set_host (GDBusInterfaceSkeleton *process, BooruHost *host);

G_END_DECLS
