/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An IP address, or "localhost": transfer full; BOORU_ERROR_CONFIG. */
GInetAddress *booru_address_parse (const char *text, GError **error);
/* Whether it may be listened on. guarded: whoever reaches it is asked who it is. */
gboolean booru_address_check (GInetAddress *address, gboolean guarded, GError **error);

G_END_DECLS
