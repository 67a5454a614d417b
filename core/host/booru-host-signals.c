/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unix signals, and the look at all heartbeats. */
#include "booru-host-private.h"

#include <glib-unix.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "booru-build-config.h"
#include "host/supervise/booru-limits.h"
#include "host/supervise/booru-reaper.h"

/* Looks at all heartbeats. A host that did not run itself, as after Ctrl+Z or with the machine
 * overloaded, gives its children time to catch up first. */
static gboolean
on_check (gpointer user_data)
{
  BooruHost *self = user_data;
  gint64 now = g_get_monotonic_time ();
  gboolean late = now - self->last_check > 3 * booru_limits_get_check () * G_USEC_PER_SEC;
  gboolean healthy = TRUE;

  self->last_check = now;
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      if (!late)
        booru_supervisor_check (service->runner, now);
      healthy &= !service->spec.essential || booru_supervisor_is_healthy (service->runner)
                 || g_str_equal (booru_host_get_service_state (service), "failing");
    }
  booru_host_notify_alive (self, healthy);
  if (getpid () == 1)
    booru_reaper_look (&self->orphans);
  return G_SOURCE_CONTINUE;
}

/* Signals */

static gboolean
on_interrupt (gpointer user_data)
{
  BooruHost *self = user_data;

  if (self->stopping)
    booru_host_kill (self);
  else
    booru_host_stop (self, EX_OK);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate (gpointer user_data)
{
  booru_host_stop (user_data, EX_OK);
  return G_SOURCE_CONTINUE;
}

/* "Reload", by convention of daemons; but also what the kernel says when the terminal window that
 * the program runs in is closed. */
static gboolean
on_hangup (gpointer user_data)
{
  BooruHost *self = user_data;

  if (self->stopping)
    return G_SOURCE_CONTINUE;
  if (self->hangup_stops && tcgetpgrp (STDERR_FILENO) < 0)
    booru_host_stop (self, EX_OK);
  else
    booru_host_reload (self, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_report (gpointer user_data)
{
  BooruHost *self = user_data;
  g_autoptr (GString) report = g_string_new (NULL);

  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      g_string_append_printf (report, "\n%s: %s", service->spec.service->label,
                              booru_host_get_service_state (service));
      booru_supervisor_describe (service->runner, report);
    }
  g_message ("Status of booru-host %s (pid %d)%s%s%s", BOORU_VERSION, getpid (),
             self->listener ? " on " : "",
             self->listener ? booru_listener_get_url (self->listener) : "", report->str);
  return G_SOURCE_CONTINUE;
}

static void
add_source (BooruHost *self, guint source)
{
  g_array_append_val (self->sources, source);
}

void
booru_host_watch_signals (BooruHost *self)
{
  guint usual = booru_limits_get_check () * 1000;
  guint interval = booru_host_notify_get_interval (usual);
  struct sigaction hangup;

  self->hangup_stops = isatty (STDERR_FILENO) && sigaction (SIGHUP, NULL, &hangup) == 0
                       && hangup.sa_handler != SIG_IGN;
  add_source (self, g_unix_signal_add (SIGINT, on_interrupt, self));
  add_source (self, g_unix_signal_add (SIGTERM, on_terminate, self));
  add_source (self, g_unix_signal_add (SIGHUP, on_hangup, self));
  add_source (self, g_unix_signal_add (SIGUSR1, on_report, self));
  signal (SIGPIPE, SIG_IGN);

  self->last_check = g_get_monotonic_time ();
  add_source (self, interval < usual ? g_timeout_add (interval, on_check, self)
                                     : g_timeout_add_seconds (usual / 1000, on_check, self));
}
