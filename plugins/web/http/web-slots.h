/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-connection.h"

G_BEGIN_DECLS

/**
 * WebSlots:
 *
 * The connections that a worker keeps open, by address; their deadlines; and who gives way when
 * there are too many.
 */
typedef struct _WebSlots WebSlots;

WebSlots *web_slots_new (void);
void web_slots_detach (WebSlots *self); /* all of them; nothing is heard of them any more */
void web_slots_free (WebSlots *self);

/* Fewer than max, if the system lets the process have fewer files. */
void web_slots_set_limits (WebSlots *self, guint max, guint max_per_address);
guint web_slots_count (WebSlots *self);

/* Whether the address may have one more connection; another one of it may be closed for that. */
gboolean web_slots_make_room (WebSlots *self, GSocketAddress *address);
gboolean web_slots_give_up_one (WebSlots *self); /* whoever gives way first; FALSE: nobody can */
gboolean web_slots_is_scarce (WebSlots *self);   /* whoever comes takes another one's */
gboolean web_slots_is_full (WebSlots *self);     /* the reserve, too */

/* The connection is not owned, and removed before it is freed. If all slots are taken and nobody
 * gives way, it goes into the reserve. trusted: a proxy, by which many clients come. */
void web_slots_add (WebSlots *self,
                    WebConnection *connection,
                    GSocketAddress *address,
                    gboolean trusted);
gboolean web_slots_remove (WebSlots *self, WebConnection *connection); /* FALSE: it had given way */
/* Beyond the limit, for what cannot wait. */
gboolean web_slots_is_reserve (WebSlots *self, WebConnection *connection);
void web_slots_drain (WebSlots *self);

/* One of them has set this; monotonic time, µs. */
void web_slots_rearm (WebSlots *self, gint64 deadline);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebSlots, web_slots_free)

G_END_DECLS
