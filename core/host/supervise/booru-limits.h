/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-config.h"
#include "plugin/booru-service.h"

G_BEGIN_DECLS

/* How long a process may take, in seconds. Tests shorten them by environment variables that are
 * documented for developers only (docs/architecture.md). */
guint booru_limits_get_start (void); /* from the spawn to "ready" */
/* For which a main loop may be busy, or a process stopped. */
guint booru_limits_get_heartbeat (void);
guint booru_limits_get_check (void); /* between two looks at the heartbeats */

/* From SIGABRT, which leaves a core dump that shows where it hung, to SIGKILL. */
#define BOORU_LIMIT_ABORT 5

/* What a process of a service may use; 0: no limit. */
typedef struct
{
  guint memory; /* MiB */
  guint processes;
} BooruUseLimits;

/* As the service itself says, or the administrator. */
BooruUseLimits booru_limits_get_use (const BooruService *service, BooruConfig *config);

/* FALSE with BOORU_ERROR_LIMIT, the predicate of a sentence, if the process uses more. cookie: as
 * in booru-descendants.h. */
gboolean
booru_limits_check_use (BooruUseLimits limits, GPid pid, const char *cookie, GError **error);

gboolean booru_limits_check_descriptors (const char *name, GError **error);
gboolean booru_limits_set_spawn_error (GError **error, const char *name, const GError *cause);

G_END_DECLS
