/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a sidecar says that is no tag, but shown with what the file says itself: its title, its
 * stars. The names are those of XMP with another group: "Sidecar:Title". */
#pragma once

#include <json-glib/json-glib.h>

#include "monitor-tags.h"

G_BEGIN_DECLS

void monitor_facts_take (MonitorTags *self, JsonObject *xmp); /* out of what an XMP reader found */

/* @metadata, of a file, with the sidecar's facts; transfer full. */
char *monitor_facts_add_to (const MonitorTags *self, const char *metadata);

/* How what is stored has to change (RFC 7396); transfer full. NULL: not at all. */
char *monitor_facts_to_patch (const MonitorTags *self);

G_END_DECLS
