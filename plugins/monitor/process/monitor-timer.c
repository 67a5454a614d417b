/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-timer.h"

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

GSource *
monitor_timer_new (const char *name, GSourceFunc func, gpointer user_data)
{
  static GSourceFuncs funcs = { .dispatch = dispatch };
  GSource *timer = g_source_new (&funcs, sizeof (GSource));

  g_source_set_static_name (timer, name);
  g_source_set_callback (timer, func, user_data, NULL);
  g_source_attach (timer, g_main_context_get_thread_default ());
  return timer;
}

void
monitor_timer_free (GSource *timer)
{
  g_source_destroy (timer);
  g_source_unref (timer);
}
