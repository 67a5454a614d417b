/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "host/settings/booru-host-options.h"
#include "host/booru-host.h"

G_BEGIN_DECLS

/**
 * BooruControl:
 *
 * Lets administrators' programs see and control the host: org.booru.Host on a message bus, and the
 * same objects on a private socket in the runtime folder. Neither the lack nor the end of a bus
 * disturbs anything: the socket serves, and the bus is looked for again, less and less often.
 */
typedef struct _BooruControl BooruControl;

/* host: unowned. */
BooruControl *booru_control_new (BooruHost *host, const char *runtime_dir, BooruHostBus bus);
void booru_control_free (BooruControl *self);
GVariant *booru_control_describe (BooruControl *self); /* a{sv}, floating: as GetStatus says */
void booru_control_changed (BooruControl *self); /* the objects are brought up to date, soon */
void booru_control_emit_event (BooruControl *self,
                               guint64 serial,
                               gint64 time,
                               const char *topic,
                               const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruControl, booru_control_free)

G_END_DECLS
