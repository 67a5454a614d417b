/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What org.booru.Host1's methods do. Each one that fails leaves everything as it was. */
#include <string.h>
#include <sysexits.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-control-objects.h"
#include "booru-host-private.h"

/* Answers with nothing, or with @error, which is freed. */
static gboolean
answer (GDBusMethodInvocation *invocation, GError *error)
{
  if (error)
    g_dbus_method_invocation_take_error (invocation, error);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
  return TRUE;
}

static void
on_done (const GError *error, gpointer invocation)
{
  answer (invocation, error ? g_error_copy (error) : NULL);
}

static gboolean
on_reload (BooruHost *host, GDBusMethodInvocation *invocation)
{
  booru_host_reload (host, on_done, invocation);
  return TRUE;
}

static gboolean
stop (gpointer host)
{
  booru_host_stop (host, EX_OK);
  return G_SOURCE_REMOVE;
}

/* The answer goes out first. */
static gboolean
on_stop (BooruHost *host, GDBusMethodInvocation *invocation)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, stop, g_object_ref (host), g_object_unref);
  return answer (invocation, NULL);
}

/* The text in bytes of type ay, or NULL if it does not end as one does. */
static const char *
get_bytes (GVariant *bytes, const char *what, GError **error)
{
  gsize length;
  const char *data = g_variant_get_fixed_array (bytes, &length, 1);

  if (length == 0)
    return "";
  if (memchr (data, '\0', length) == data + length - 1)
    return data;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "%s must be a path that ends in a zero byte, and holds no other", what);
  return NULL;
}

static gboolean
on_scan (BooruHost *host, GDBusMethodInvocation *invocation, GVariant *bytes)
{
  GError *error = NULL;
  const char *folder = get_bytes (bytes, "The folder", &error);

  if (folder)
    booru_host_scan (host, BOORU_EVENT_SCAN_REQUESTED, folder, &error);
  return answer (invocation, error);
}

static gboolean
on_apply_rules (BooruHost *host, GDBusMethodInvocation *invocation, GVariant *bytes)
{
  GError *error = NULL;
  const char *folder = get_bytes (bytes, "The folder", &error);

  if (folder)
    booru_host_scan (host, BOORU_EVENT_RULES_REQUESTED, folder, &error);
  return answer (invocation, error);
}

static GVariant *
describe_plugin (BooruHost *host, BooruPluginInfo *info)
{
  const char *name = booru_plugin_info_get_name (info);
  const char *fault = g_hash_table_lookup (host->faults, name);
  g_auto (GVariantDict) dictionary = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dictionary, "description", "s", booru_plugin_info_get_description (info));
  g_variant_dict_insert (&dictionary, "enabled", "b", g_ptr_array_find (host->plugins, info, NULL));
  g_variant_dict_insert (&dictionary, "loaded", "b",
                         booru_plugin_info_get_descriptor (info) != NULL);
  g_variant_dict_insert (&dictionary, "essential", "b", booru_plugin_info_is_essential (info));
  g_variant_dict_insert (&dictionary, "path", "^ay", booru_plugin_info_get_path (info));
  if (fault)
    g_variant_dict_insert (&dictionary, "error", "s", fault);
  return g_variant_new ("(s@a{sv})", name, g_variant_dict_end (&dictionary));
}

static gboolean
on_list_plugins (BooruHost *host, GDBusMethodInvocation *invocation)
{
  GVariantBuilder builder;

  booru_host_discover (host);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sa{sv})"));
  for (guint i = 0; i < host->available->len; i++)
    g_variant_builder_add_value (&builder, describe_plugin (host, host->available->pdata[i]));
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(a(sa{sv}))", &builder));
  return TRUE;
}

static gboolean
on_enable_plugin (BooruHost *host, GDBusMethodInvocation *invocation, const char *name)
{
  GError *error = NULL;

  booru_host_set_plugin_enabled (host, name, TRUE, &error);
  return answer (invocation, error);
}

static gboolean
on_disable_plugin (BooruHost *host, GDBusMethodInvocation *invocation, const char *name)
{
  GError *error = NULL;

  booru_host_set_plugin_enabled (host, name, FALSE, &error);
  return answer (invocation, error);
}

static gboolean
on_restart_service (BooruHost *host, GDBusMethodInvocation *invocation, const char *name)
{
  BooruHostService *service = booru_host_find_service (host, name);
  g_autoptr (GPtrArray) services = g_ptr_array_new ();

  if (service == NULL)
    return answer (invocation,
                   g_error_new (BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                                "There is no service “%s”: “booructl status” lists those that run",
                                name));
  if (service->stop_requested)
    return answer (invocation, g_error_new (BOORU_ERROR, BOORU_ERROR_BUSY,
                                            "The service %s is about to stop", name));
  g_ptr_array_add (services, service);
  booru_host_note (host, "service-restart", "%s is replaced on request",
                   service->spec.service->label);
  booru_host_roll (host, services, on_done, invocation);
  return TRUE;
}

static gboolean
on_set_workers (BooruHost *host, GDBusMethodInvocation *invocation, guint workers)
{
  GError *error = NULL;

  booru_host_set_workers (host, workers, &error);
  return answer (invocation, error);
}

static void
add_settings (GVariantBuilder *builder, const char *schema, BooruSettings *settings)
{
  static const char *const origins[] = { "default", "stored", "environment", "option" };
  g_auto (GStrv) keys = booru_settings_list_keys (settings);

  for (char **key = keys; *key; key++)
    {
      g_autoptr (GVariant) value = booru_settings_get (settings, *key);

      g_variant_builder_add (builder, "(ssvsb)", schema, *key, value,
                             origins[booru_settings_get_origin (settings, *key)],
                             booru_host_setting_is_live (schema, *key));
    }
}

static gboolean
on_list_settings (BooruHost *host, GDBusMethodInvocation *invocation)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ssvsb)"));
  add_settings (&builder, BOORU_SCHEMA_HOST, host->settings);
  for (guint i = 0; i < host->available->len; i++)
    {
      const char *name = booru_plugin_info_get_name (host->available->pdata[i]);
      g_autofree char *schema = g_strconcat (BOORU_SCHEMA_HOST ".", name, NULL);
      g_autoptr (BooruSettings) settings = NULL;

      if (booru_host_open_plugin_settings (host, name, &settings, NULL) && settings)
        add_settings (&builder, schema, settings);
    }
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(a(ssvsb))", &builder));
  return TRUE;
}

static gboolean
on_set_setting (BooruHost *host,
                GDBusMethodInvocation *invocation,
                const char *schema,
                const char *key,
                GVariant *boxed)
{
  g_autoptr (GVariant) value = g_variant_get_variant (boxed);
  GError *error = NULL;

  booru_host_store_setting (host, schema, key, value, &error);
  return answer (invocation, error);
}

static gboolean
on_reset_setting (BooruHost *host,
                  GDBusMethodInvocation *invocation,
                  const char *schema,
                  const char *key)
{
  GError *error = NULL;

  booru_host_store_setting (host, schema, key, NULL, &error);
  return answer (invocation, error);
}

static gboolean
on_list_events (BooruHost *host, GDBusMethodInvocation *invocation, guint64 since)
{
  g_dbus_method_invocation_return_value (
      invocation, g_variant_new ("(@a(txss))", booru_event_log_list (host->events, since)));
  return TRUE;
}

void
booru_control_methods_connect (BooruHost1 *skeleton, BooruHost *host)
{
  static const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "handle-reload", G_CALLBACK (on_reload) },
    { "handle-stop", G_CALLBACK (on_stop) },
    { "handle-scan", G_CALLBACK (on_scan) },
    { "handle-apply-rules", G_CALLBACK (on_apply_rules) },
    { "handle-list-plugins", G_CALLBACK (on_list_plugins) },
    { "handle-enable-plugin", G_CALLBACK (on_enable_plugin) },
    { "handle-disable-plugin", G_CALLBACK (on_disable_plugin) },
    { "handle-restart-service", G_CALLBACK (on_restart_service) },
    { "handle-set-workers", G_CALLBACK (on_set_workers) },
    { "handle-list-settings", G_CALLBACK (on_list_settings) },
    { "handle-set-setting", G_CALLBACK (on_set_setting) },
    { "handle-reset-setting", G_CALLBACK (on_reset_setting) },
    { "handle-list-events", G_CALLBACK (on_list_events) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_swapped (skeleton, handlers[i].signal, handlers[i].callback, host);
}

void
booru_control_methods_disconnect (BooruHost1 *skeleton, BooruHost *host)
{
  g_signal_handlers_disconnect_by_data (skeleton, host);
}
