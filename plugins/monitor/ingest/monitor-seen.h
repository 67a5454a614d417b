/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* What the decoder found in the latest uploads, until somebody wants posts of them: that is mostly
 * a moment later. What is forgotten, or was seen before the monitor started, is decoded again. */
typedef struct _MonitorSeen MonitorSeen;

MonitorSeen *monitor_seen_new (void);
void monitor_seen_free (MonitorSeen *self);

/* metadata: JSON or NULL. */
void monitor_seen_put (MonitorSeen *self, const BooruMedia *media, const char *metadata);

/* And forgets it; metadata: transfer full. */
gboolean monitor_seen_take (MonitorSeen *self, const char *md5, BooruMedia *media, char **metadata);

G_END_DECLS
