/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-status-notifier.h"

#include "booru-notify.h"

/* What is going on is bounded by limits of the host's own; as long as its main loop looks at them,
 * the manager's limits need not end it. Longer than the time between two looks. */
#define EXTENSION_USEC (15 * G_USEC_PER_SEC)

struct _BooruStatusNotifier
{
  BooruHostParts *parts; /* not owned */
  char *status;          /* as it was told last */
  guint n_reloads;       /* under way */
};

/* A start that takes long says what it is at. */
static char *
describe_start (BooruServiceSet *services)
{
  g_autoptr (GString) text = g_string_new ("Starting");

  for (guint i = 0; i < booru_service_set_get_n (services); i++)
    {
      BooruHostedService *service = booru_service_set_get (services, i);
      BooruServiceStatus status;

      booru_supervisor_get_status (booru_hosted_service_get_supervisor (service), &status);
      if (status.activity)
        g_string_append_printf (text, "; %s: %s", booru_hosted_service_get_name (service),
                                status.activity);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe (BooruStatusNotifier *self)
{
  BooruServiceSet *services = self->parts->services;
  const char *url = self->parts->listener ? booru_listener_get_url (self->parts->listener)
                                          : "nothing over HTTP";
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean failing = FALSE;

  if (booru_service_set_is_stopping (services))
    return g_strdup ("Stopping");
  if (!booru_service_set_is_settled (services))
    return describe_start (services);
  for (guint i = 0; i < booru_service_set_get_n (services); i++)
    {
      BooruHostedService *service = booru_service_set_get (services, i);
      const char *state = booru_hosted_service_get_state (service);

      failing |= g_str_equal (state, "failing");
      if (!booru_hosted_service_is_removed (service) && !g_str_equal (state, "ready"))
        g_string_append_printf (text, "; %s: %s", booru_hosted_service_get_name (service), state);
    }
  return g_strdup_printf ("%s %s%s",
                          failing           ? "Failing to serve"
                          : self->n_reloads ? "Reloading, serving"
                                            : "Serving",
                          url, text->str);
}

void
booru_status_notifier_update (BooruStatusNotifier *self)
{
  char *status = describe (self);

  if (g_strcmp0 (status, self->status) != 0)
    booru_notify ("STATUS=%s", status);
  g_free (self->status);
  self->status = status;
}

static gboolean
is_serving (BooruStatusNotifier *self)
{
  return booru_service_set_is_settled (self->parts->services)
         && !booru_service_set_is_stopping (self->parts->services);
}

void
booru_status_notifier_set_reloading (BooruStatusNotifier *self, gboolean begins)
{
  gboolean tell = begins ? self->n_reloads++ == 0 : --self->n_reloads == 0;

  if (!tell || !is_serving (self))
    return;
  if (begins)
    booru_notify ("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
  else
    booru_notify ("READY=1");
  booru_status_notifier_update (self);
}

void
booru_status_notifier_tell_alive (BooruStatusNotifier *self, gboolean healthy)
{
  gboolean stopping = booru_service_set_is_stopping (self->parts->services);

  if (!is_serving (self) || self->n_reloads > 0)
    booru_notify ("EXTEND_TIMEOUT_USEC=%" G_GINT64_FORMAT, (gint64)EXTENSION_USEC);
  if ((healthy || stopping) && booru_notify_get_watchdog () > 0)
    booru_notify ("WATCHDOG=1");
}

guint
booru_status_notifier_get_interval (guint usual)
{
  guint64 watchdog = booru_notify_get_watchdog () / 1000;

  return watchdog > 0 ? (guint)CLAMP (watchdog / 3, 10, usual) : usual;
}

void
booru_status_notifier_free (BooruStatusNotifier *self)
{
  g_free (self->status);
  g_free (self);
}

BooruStatusNotifier *
booru_status_notifier_new (BooruHostParts *parts)
{
  BooruStatusNotifier *self = g_new0 (BooruStatusNotifier, 1);

  self->parts = parts;
  return self;
}
