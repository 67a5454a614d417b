/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruHeartbeat:
 *
 * A page of memory that the host and one child share, in which the child's main loop says since
 * when it has been busy; how many requests the child has answered; and what it is at and whose code
 * it runs, which survives its crash.
 *
 * It takes the place of pings: five idle processes that answered one every two seconds would wake
 * up six times a second together, three times the budget of the whole tree. This way an idle child
 * sleeps for ever in poll(), and the host needs one timer for all of them. Nor can a full channel
 * or a slow bus thread look like a hang: it is the main loop itself that is watched.
 */
typedef struct _BooruHeartbeat BooruHeartbeat;

BooruHeartbeat *booru_heartbeat_new (GError **error);
BooruHeartbeat *booru_heartbeat_new_for_fd (int fd, GError **error);
void booru_heartbeat_free (BooruHeartbeat *self);

int booru_heartbeat_dup_fd (BooruHeartbeat *self, GError **error);
void booru_heartbeat_attach (BooruHeartbeat *self, GMainContext *context);
gint64 booru_heartbeat_get_busy_since (BooruHeartbeat *self);
void booru_heartbeat_count_request (BooruHeartbeat *self);
guint64 booru_heartbeat_get_requests (BooruHeartbeat *self);

/* What the child's main loop is at, in a few words, and which plugin's code it runs; NULL: nothing,
 * none. Nothing has to be done when the child crashes: the page stays with the host. Set from the
 * thread of the main loop; dup: transfer full. */
void booru_heartbeat_set_task (BooruHeartbeat *self, const char *task);
char *booru_heartbeat_dup_task (BooruHeartbeat *self);
void booru_heartbeat_set_plugin (BooruHeartbeat *self, const char *plugin);
char *booru_heartbeat_dup_plugin (BooruHeartbeat *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruHeartbeat, booru_heartbeat_free)

G_END_DECLS
