/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A source of the calling thread that is dispatched at the time that g_source_set_ready_time()
 * says, which costs nothing while there is none. Ends by monitor_timer_free(). */
GSource *monitor_timer_new (const char *name, GSourceFunc func, gpointer user_data);

void monitor_timer_free (GSource *timer);

G_END_DECLS
