/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the service manager is told about the host: the states of sd_notify(3). */
#include "booru-host-private.h"

#include "booru-notify.h"

/* What is going on is bounded by limits of the host's own; as long as its main loop looks at them,
 * the manager's limits need not end it. Longer than the time between two looks. */
#define EXTENSION_USEC (15 * G_USEC_PER_SEC)

/* A start that takes long says what it is at. */
static char *
describe_start (BooruHost *self)
{
  g_autoptr (GString) text = g_string_new ("Starting");

  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];
      BooruServiceStatus status;

      booru_supervisor_get_status (service->runner, &status);
      if (status.activity)
        g_string_append_printf (text, "; %s: %s", service->spec.service->name, status.activity);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe (BooruHost *self)
{
  const char *url = self->listener ? booru_listener_get_url (self->listener) : "nothing over HTTP";
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean failing = FALSE;

  if (self->stopping)
    return g_strdup ("Stopping");
  if (!self->ready)
    return describe_start (self);
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];
      const char *state = booru_host_get_service_state (service);

      failing |= g_str_equal (state, "failing");
      if (!service->removing && !g_str_equal (state, "ready"))
        g_string_append_printf (text, "; %s: %s", service->spec.service->name, state);
    }
  return g_strdup_printf ("%s %s%s",
                          failing           ? "Failing to serve"
                          : self->n_reloads ? "Reloading, serving"
                                            : "Serving",
                          url, text->str);
}

/**
 * booru_host_notify_status:
 * @self: the host
 *
 * Tells the service manager in a line how everything is, if that changed.
 */
void
booru_host_notify_status (BooruHost *self)
{
  char *status = describe (self);

  if (g_strcmp0 (status, self->status) != 0)
    booru_notify ("STATUS=%s", status);
  g_free (self->status);
  self->status = status;
}

/**
 * booru_host_notify_reloading:
 * @self: the host
 * @begins: whether a reload begins; otherwise it is over, for better or worse
 *
 * Reloads may overlap: the first and the last of them count.
 */
void
booru_host_notify_reloading (BooruHost *self, gboolean begins)
{
  gboolean tell = begins ? self->n_reloads++ == 0 : --self->n_reloads == 0;

  if (!tell || !self->ready || self->stopping)
    return;
  if (begins)
    booru_notify ("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
  else
    booru_notify ("READY=1");
  booru_host_notify_status (self);
}

/**
 * booru_host_notify_alive:
 * @self: the host
 * @healthy: whether all essential services are
 *
 * To be called at each look at the heartbeats.
 */
void
booru_host_notify_alive (BooruHost *self, gboolean healthy)
{
  if (!self->ready || self->n_reloads > 0 || self->stopping)
    booru_notify ("EXTEND_TIMEOUT_USEC=%" G_GINT64_FORMAT, (gint64)EXTENSION_USEC);
  if ((healthy || self->stopping) && booru_notify_get_watchdog () > 0)
    booru_notify ("WATCHDOG=1");
}

/**
 * booru_host_notify_get_interval:
 * @usual: milliseconds
 *
 * Returns: milliseconds between two calls of booru_host_notify_alive(), so that the service
 *   manager's patience is not used up by one of them that is late
 */
guint
booru_host_notify_get_interval (guint usual)
{
  guint64 watchdog = booru_notify_get_watchdog () / 1000;

  return watchdog > 0 ? (guint)CLAMP (watchdog / 3, 10, usual) : usual;
}
