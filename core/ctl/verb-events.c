/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/booru-error.h"

typedef struct
{
  Ctl *ctl;
  GMainLoop *loop;
  guint64 last; /* serial of what was printed */
} Follower;

static void
print_event (Ctl *ctl, guint64 serial, gint64 time, const char *topic, const char *text)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *shown = g_date_time_format (local, "%Y-%m-%d %H:%M:%S");
  g_autoptr (JsonObject) object = json_object_new ();

  if (!ctl->json)
    {
      ctl_print (CTL_FAINT, "%s", shown);
      g_print ("  %-16s  %s\n", topic, text);
    }
  else
    {
      json_object_set_int_member (object, "serial", (gint64)serial);
      json_object_set_int_member (object, "time", time);
      json_object_set_string_member (object, "topic", topic);
      json_object_set_string_member (object, "text", text);
      ctl_print_json (json_node_init_object (json_node_alloc (), object));
    }
  fflush (stdout);
}

/* Events that arrived with the list are in both. */
static void
on_event (Follower *self, guint64 serial, gint64 time, const char *topic, const char *text)
{
  if (serial > self->last)
    print_event (self->ctl, serial, time, topic, text);
  self->last = MAX (self->last, serial);
}

static void
on_gone (Follower *self)
{
  g_main_loop_quit (self->loop);
}

static int
run (Ctl *ctl, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GVariant) events = NULL;
  Follower follower = { ctl, loop, 0 };
  GVariantIter iter;
  guint64 serial;
  gint64 time;
  const char *topic;
  const char *text;

  g_signal_connect_swapped (ctl->host, "event", G_CALLBACK (on_event), &follower);
  g_signal_connect_swapped (ctl->host, "notify::g-name-owner", G_CALLBACK (on_gone), &follower);
  g_signal_connect_swapped (ctl->connection, "closed", G_CALLBACK (on_gone), &follower);
  if (!booru_host1_call_list_events_sync (ctl->host, 0, &events, NULL, error))
    return EX_OK;
  g_variant_iter_init (&iter, events);
  while (g_variant_iter_next (&iter, "(tx&s&s)", &serial, &time, &topic, &text))
    on_event (&follower, serial, time, topic, text);
  if (!ctl->follow)
    return EX_OK;
  if (!g_dbus_connection_is_closed (ctl->connection))
    g_main_loop_run (loop);
  g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED, "The host has stopped");
  return EX_OK;
}

const CtlVerb ctl_verb_events = {
  "events", "[-f]", "Show recent events; -f: follow new ones", 0, 0, run,
};
