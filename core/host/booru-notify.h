/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void booru_notify_init (void);
void booru_notify (const char *format, ...) G_GNUC_PRINTF (1, 2);
guint64 booru_notify_get_watchdog (void);

G_END_DECLS
