/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host-private.h"

#include <glib-unix.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-log.h"
#include "booru-build-config.h"

/* Reloading */

/* Takes over what changed, as far as that goes without new processes: folders, the number of
 * workers, the plugins' own keys. On error everything stays as it was. */
static gboolean
reconfigure (BooruHost *self, GError **error)
{
  g_autoptr (BooruHostConfig) config
      = booru_host_config_new (self->config->data_dir, self->options, self->settings, error);

  if (config == NULL)
    return FALSE;
  /* The socket stays the one that there is. */
  g_free (config->address);
  config->address = g_strdup (self->config->address);
  config->port = self->config->port;
  g_clear_pointer (&self->config, booru_host_config_free);
  self->config = g_steal_pointer (&config);
  booru_log_set_verbose (self->config->verbose);

  for (guint i = 0; i < self->services->len; i++)
    {
      Service *service = self->services->pdata[i];
      g_autoptr (BooruConfig) told
          = booru_host_config_for_service (self->config, service->settings);

      service->spec.verbose = self->config->verbose;
      booru_service_runner_configure (service->runner, told);
    }
  return TRUE;
}

static gboolean
on_reconfigure (gpointer user_data)
{
  BooruHost *self = user_data;
  g_autoptr (GError) error = NULL;

  self->reconfigure = 0;
  if (!self->stopping && !reconfigure (self, &error))
    g_warning ("The changed settings are not taken over: %s", error->message);
  return G_SOURCE_REMOVE;
}

/* Several keys change at once, as a rule. */
void
booru_host_settings_changed (BooruHost *self)
{
  if (self->reconfigure == 0 && !self->stopping)
    self->reconfigure = g_idle_add (on_reconfigure, self);
}

static void
reload (BooruHost *self)
{
  g_autoptr (GError) error = NULL;
  gboolean good = booru_settings_reload (self->settings, &error);

  for (guint i = 0; i < self->services->len && good; i++)
    {
      Service *service = self->services->pdata[i];

      good = service->settings == NULL || booru_settings_reload (service->settings, &error);
    }
  if (!good || !reconfigure (self, &error))
    {
      g_warning ("Reloading is called off, everything stays as it was: %s", error->message);
      return;
    }

  g_message ("Settings reloaded; replacing the workers");
  for (guint i = 0; i < self->services->len; i++)
    {
      Service *service = self->services->pdata[i];

      if (service->spec.service->instances == BOORU_SERVICE_WORKERS || service->failed)
        booru_service_runner_roll (service->runner);
      service->failed = FALSE;
    }
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
    reload (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_report (gpointer user_data)
{
  BooruHost *self = user_data;
  g_autoptr (GString) report = g_string_new (NULL);

  for (guint i = 0; i < self->services->len; i++)
    {
      Service *service = self->services->pdata[i];

      g_string_append_printf (report, "\n%s: %s", service->spec.service->label,
                              booru_host_get_service_state (service));
      booru_service_runner_describe (service->runner, report);
    }
  g_message ("Status of booru-host %s (pid %d)%s%s%s", BOORU_VERSION, getpid (),
             self->listener ? " on " : "",
             self->listener ? booru_listener_get_url (self->listener) : "", report->str);
  return G_SOURCE_CONTINUE;
}

void
booru_host_watch_signals (BooruHost *self)
{
  struct sigaction hangup;

  self->hangup_stops = isatty (STDERR_FILENO) && sigaction (SIGHUP, NULL, &hangup) == 0
                       && hangup.sa_handler != SIG_IGN;
  booru_host_add_source (self, g_unix_signal_add (SIGINT, on_interrupt, self));
  booru_host_add_source (self, g_unix_signal_add (SIGTERM, on_terminate, self));
  booru_host_add_source (self, g_unix_signal_add (SIGHUP, on_hangup, self));
  booru_host_add_source (self, g_unix_signal_add (SIGUSR1, on_report, self));
  signal (SIGPIPE, SIG_IGN);
}
