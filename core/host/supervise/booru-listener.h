/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruListener:
 *
 * The socket that all web processes accept on.
 */
typedef struct _BooruListener BooruListener;

/* guarded: whether everybody who reaches it is asked who it is; asked only if others can. */
typedef gboolean (*BooruListenerGuarded) (gpointer user_data);
BooruListener *booru_listener_new (const char *address,
                                   guint port,
                                   BooruListenerGuarded guarded,
                                   gpointer user_data,
                                   GError **error);
void booru_listener_free (BooruListener *self);
int booru_listener_get_fd (BooruListener *self);
const char *booru_listener_get_address (BooruListener *self);
guint booru_listener_get_port (BooruListener *self);
const char *booru_listener_get_url (BooruListener *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruListener, booru_listener_free)

G_END_DECLS
