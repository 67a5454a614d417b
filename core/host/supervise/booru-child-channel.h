/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "plugin/booru-config.h"

G_BEGIN_DECLS

/**
 * BooruChildChannel:
 *
 * The host's end of the channel to one process: what the process says, and what it is told.
 *
 * Signals:
 *  - "starting" (guint seconds, const char *what): it is not ready yet, but at @what, and will say
 *    something again within @seconds
 *  - "ready" ()
 *  - "trouble" (const char *what): it works, but cannot do all that it should; "": it can
 *  - "fail" (GError *): it cannot go on
 *  - "publish" (const char *topic, GVariant *payload): an event for all others
 *  - "ask" (guint question, GVariant *argument, GTask *): it asks a BooruHostQuestion
 */
#define BOORU_TYPE_CHILD_CHANNEL (booru_child_channel_get_type ())
G_DECLARE_FINAL_TYPE (BooruChildChannel, booru_child_channel, BOORU, CHILD_CHANNEL, GObject)

/* fd: transfer full: the host's end of a socket pair. name: of the process, for messages. config:
 * the answer to its hello. */
BooruChildChannel *
booru_child_channel_new (int fd, const char *name, BooruConfig *config, GError **error);

/* Tells the process that its configuration changed. */
void booru_child_channel_configure (BooruChildChannel *self, BooruConfig *config);
void booru_child_channel_deliver (BooruChildChannel *self, const char *topic, GVariant *payload);
void booru_child_channel_quiesce (BooruChildChannel *self, gboolean handover);

/* task: transfer full: returns what the process says, a GVariant. */
void booru_child_channel_report (BooruChildChannel *self,
                                 const char *name,
                                 GVariant *arguments,
                                 GTask *task);

/* For calls of org.booru.Child1; transfer none. */
GDBusProxy *booru_child_channel_get_proxy (BooruChildChannel *self);

G_END_DECLS
