/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishes the event "test-echo" upon SIGUSR1, "test-hang" upon SIGUSR2; logs what comes back, and
 * each new configuration. */
#include "fixture.h"

#include <glib-unix.h>

static gboolean
on_usr1 (gpointer context)
{
  booru_service_context_publish (context, "test-echo", g_variant_new_string ("hello"));
  return G_SOURCE_CONTINUE;
}

static gboolean
on_usr2 (gpointer context)
{
  booru_service_context_publish (context, "test-hang", g_variant_new_string ("now"));
  return G_SOURCE_CONTINUE;
}

static void
on_event (BooruServiceContext *context, const char *topic, GVariant *payload)
{
  g_autofree char *text = g_variant_print (payload, FALSE);

  g_message ("Publisher heard %s: %s", topic, text);
}

static void
on_configure (BooruServiceContext *context)
{
  g_message (
      "Publisher is told of %u workers",
      booru_config_get_uint (booru_service_context_get_config (context), BOORU_CONFIG_WORKERS, 0));
}

static void
on_quiesce (BooruServiceContext *context)
{
  booru_service_context_stopped (context);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  g_unix_signal_add (SIGUSR1, on_usr1, context);
  g_unix_signal_add (SIGUSR2, on_usr2, context);
  g_signal_connect (context, "event", G_CALLBACK (on_event), NULL);
  g_signal_connect (context, "configure", G_CALLBACK (on_configure), NULL);
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), NULL);
  booru_service_context_ready (context);
  return TRUE;
}

static const BooruService service = {
  .name = FIXTURE_NAME,
  .process_name = "booru-publisher",
  .label = "Publisher",
  .instances = BOORU_SERVICE_ONE,
  .stop_timeout = 10,
  .start = start,
};

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  booru_plugin_context_add_service (context, &service);
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
