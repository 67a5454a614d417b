/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "monitor-tags.h"

G_BEGIN_DECLS

/* Takes the keywords out of what a file says of itself: a JSON object as DecoderMetadata has it. */
void monitor_tags_add_keywords (MonitorTags *self, const char *metadata);

G_END_DECLS
