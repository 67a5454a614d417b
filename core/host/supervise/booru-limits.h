/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long a process may take, in seconds. Tests shorten them by environment variables that are
 * documented for developers only (docs/architecture.md). */
guint booru_limits_get_start (void); /* from the spawn to "ready" */
/* For which a main loop may be busy, or a process stopped. */
guint booru_limits_get_heartbeat (void);
guint booru_limits_get_check (void); /* between two looks at the heartbeats */

/* From SIGABRT, which leaves a core dump that shows where it hung, to SIGKILL. */
#define BOORU_LIMIT_ABORT 5

gboolean booru_limits_check_descriptors (const char *name, GError **error);
gboolean booru_limits_set_spawn_error (GError **error, const char *name, const GError *cause);

G_END_DECLS
