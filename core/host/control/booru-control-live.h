/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The generated D-Bus objects hold values. These look some of theirs up when they are asked for, so
 * that nothing has to be kept up to date in between. */
#pragma once

#include "booru-control-generated.h"
#include "booru-control-model.h"

G_BEGIN_DECLS

/* What a method answers; takes over @task. */
typedef void (*BooruMethodFunc) (gpointer data,
                                 const char *method,
                                 GVariant *parameters,
                                 GTask *task);

/* "uptime", "memory", "cpu-time"; and what its methods do. @started_at: monotonic time, µs. */
BooruHost1 *booru_live_host_new (gint64 started_at, BooruMethodFunc call, gpointer data);

#define BOORU_TYPE_LIVE_PROCESS (booru_live_process_get_type ())
G_DECLARE_FINAL_TYPE (BooruLiveProcess,
                      booru_live_process,
                      BOORU,
                      LIVE_PROCESS,
                      BooruProcess1Skeleton) /* "requests", "memory", "cpu-time" */

/* @services: unowned, outlive it. */
void booru_live_process_set_services (GDBusInterfaceSkeleton *process, BooruServiceSet *services);

G_END_DECLS
