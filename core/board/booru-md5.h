/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* FALSE: not 32 hex digits. */
gboolean booru_md5_from_hex (const char *hex, guint8 bytes[16]);
void booru_md5_to_hex (const guint8 *bytes, char hex[33]);

G_END_DECLS
