/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "library/monitor-library.h"

G_BEGIN_DECLS

/* The library of the monitor that runs in this process; NULL: it has not taken its role. */
typedef MonitorLibrary *(*MonitorLibraryFunc) (BooruServiceContext *context);

/* Has the service do what administrators ask for: BOORU_REQUEST_SCAN, _APPLY_RULES and _RETRY. */
void monitor_requests_register (BooruServiceContext *context, MonitorLibraryFunc get_library);

G_END_DECLS
