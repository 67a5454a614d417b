/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An IP address, or "localhost", that may be listened on: transfer full; BOORU_ERROR_CONFIG. */
GInetAddress *booru_address_parse (const char *text, GError **error);
gboolean booru_address_check (const char *text, GError **error); /* the same, without a result */
gboolean booru_address_check_loopback (GInetAddress *address, GError **error);

G_END_DECLS
