/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorFeed:
 *
 * What hosts on other machines change: this host's pages are told as if it were its own, and its
 * monitor of uploads. One host needs it once, so that it is the monitor's, whether it works or
 * waits.
 */
typedef struct _MonitorFeed MonitorFeed;

/* @uploaded: told when there may be uploads to process, with @user_data
 * Returns: (transfer full): to be freed after @store */
MonitorFeed *monitor_feed_new (BooruServiceContext *context,
                               BooruStore *store,
                               void (*uploaded) (gpointer user_data),
                               gpointer user_data);
void monitor_feed_free (MonitorFeed *self);

/* Posts of which this host's pages have been told already; payload of BOORU_EVENT_POSTS_CHANGED. */
void monitor_feed_note_told (MonitorFeed *self, GVariant *posts);

G_END_DECLS
