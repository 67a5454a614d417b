/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

static void
on_gone (GMainLoop *loop)
{
  g_main_loop_quit (loop);
}

/* The host has answered, and stops; it has stopped when it leaves the bus, or closes its end. */
static int
run (Ctl *ctl, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *owner = NULL;

  g_signal_connect_swapped (ctl->connection, "closed", G_CALLBACK (on_gone), loop);
  g_signal_connect_swapped (ctl->host, "notify::g-name-owner", G_CALLBACK (on_gone), loop);
  if (!booru_host1_call_stop_sync (ctl->host, NULL, error))
    return EX_OK;
  owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (ctl->host));
  if (!g_dbus_connection_is_closed (ctl->connection) && (ctl->bus_name == NULL || owner))
    g_main_loop_run (loop);
  ctl_print_done (ctl, "Stopped");
  return EX_OK;
}

const CtlVerb ctl_verb_stop = {
  "stop", "", "Stop the host cleanly, and wait for it", 0, 0, run,
};
