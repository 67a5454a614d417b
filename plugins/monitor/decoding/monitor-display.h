/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "decoder-pool.h"

G_BEGIN_DECLS

/**
 * MonitorDisplay:
 *
 * Makes the display rendition of a post (BOORU_VARIANT_DISPLAY) when it is first requested:
 * BOORU_EVENT_DISPLAY_REQUESTED is answered by BOORU_EVENT_DISPLAY_MADE. Renditions are a cache:
 * the least recently used ones are removed when it exceeds its limit.
 */
typedef struct _MonitorDisplay MonitorDisplay;

MonitorDisplay *
monitor_display_new (BooruServiceContext *context, BooruStore *store, const char *files_dir);

/* Waits for what is in progress, having cancelled it. */
void monitor_display_free (MonitorDisplay *self);

void monitor_display_set_limit (MonitorDisplay *self, guint64 bytes); /* of all of them together */

/* Makes the picture and publishes that it is there, or why not. Several requests for one content
 * share the answer.
 * @pool: what decodes
 * @md5: of a post's content */
void monitor_display_make (MonitorDisplay *self, MonitorDecoderPool *pool, const char *md5);

/* Removes the longest unused files of the cache until it takes at most nine tenths of @limit, if it
 * is larger than @limit. May run in any thread. Returns the bytes that are left. */
guint64 monitor_display_trim (const char *files_dir, guint64 limit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorDisplay, monitor_display_free)

G_END_DECLS
