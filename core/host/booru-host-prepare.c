/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host-private.h"

#include "base/booru-error.h"
#include "base/booru-log.h"
#include "base/booru-names.h"
#include "booru-host-plugins.h"
#include "booru-inline-context.h"
#include "booru-pid-files.h"
#include "booru-supervisor.h"

static BooruSettings *
open_settings (BooruHost *self, const char *schema, GError **error)
{
  return booru_settings_new (schema, self->options->settings, error);
}

static gboolean
bind_environment (BooruSettings *settings, GError **error)
{
  static const struct
  {
    const char *key, *variable;
  } bindings[] = {
    { "workers", BOORU_ENV_WORKERS }, { "workers", BOORU_ENV_WORKERS_ORIGINAL },
    { "address", BOORU_ENV_ADDRESS }, { "address", BOORU_ENV_ADDRESS_ORIGINAL },
    { "port", BOORU_ENV_PORT },       { "port", BOORU_ENV_PORT_ORIGINAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    if (!booru_settings_bind_environment (settings, bindings[i].key, bindings[i].variable, error))
      return FALSE;
  return TRUE;
}

/* What a service's processes load: its own plugin, then those that extend it. */
static GPtrArray *
collect_plugins (GPtrArray *plugins, BooruPluginInfo *own, const char *service)
{
  GPtrArray *collected = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (collected, g_object_ref (own));
  for (guint i = 0; i < plugins->len; i++)
    if (plugins->pdata[i] != own
        && g_strv_contains (booru_plugin_info_get_extends (plugins->pdata[i]), service))
      g_ptr_array_add (collected, g_object_ref (plugins->pdata[i]));
  return collected;
}

static gboolean
open_plugin_settings (BooruHost *self, Service *service, const char *plugin, GError **error)
{
  g_autofree char *id = g_strconcat (BOORU_SCHEMA_HOST ".", plugin, NULL);
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema
      = source ? g_settings_schema_source_lookup (source, id, TRUE) : NULL;

  if (schema == NULL)
    return TRUE;
  service->settings = open_settings (self, id, error);
  if (service->settings)
    g_signal_connect_swapped (service->settings, "changed",
                              G_CALLBACK (booru_host_settings_changed), self);
  return service->settings != NULL;
}

static gboolean
add_service (BooruHost *self,
             GPtrArray *plugins,
             BooruPluginInfo *own,
             const BooruService *described,
             GError **error)
{
  Service *service = g_new0 (Service, 1);
  g_autoptr (BooruConfig) config = NULL;

  service->host = self;
  service->spec.service = described;
  service->spec.plugins = collect_plugins (plugins, own, described->name);
  service->spec.essential = booru_plugin_info_is_essential (own);
  service->spec.verbose = self->config->verbose;
  service->spec.listener = described->listener ? booru_listener_get_fd (self->listener) : -1;
  service->spec.url = described->listener ? booru_listener_get_url (self->listener) : NULL;
  service->spec.pid_dir = g_strdup (self->config->runtime_dir);
  g_ptr_array_add (self->services, service);
  if (!open_plugin_settings (self, service, booru_plugin_info_get_name (own), error))
    return FALSE;

  config = booru_host_config_for_service (self->config, service->settings);
  service->runner = self->options->dev ? booru_inline_runner_new (&service->spec, config)
                                       : booru_supervisor_new (&service->spec, config);
  booru_host_connect_runner (service);
  return TRUE;
}

static gboolean
needs_listener (GPtrArray *plugins)
{
  for (guint i = 0; i < plugins->len; i++)
    {
      GPtrArray *services = booru_plugin_info_get_services (plugins->pdata[i]);

      for (guint j = 0; j < services->len; j++)
        if (((const BooruService *)services->pdata[j])->listener)
          return TRUE;
    }
  return FALSE;
}

static gboolean
listen_for_services (BooruHost *self, GPtrArray *plugins, GError **error)
{
  if (!needs_listener (plugins))
    return TRUE;
  self->listener = booru_listener_new (self->config->address, self->config->port, error);
  if (self->listener == NULL)
    return FALSE;
  g_free (self->config->address);
  self->config->address = g_strdup (booru_listener_get_address (self->listener));
  self->config->port = booru_listener_get_port (self->listener);
  return TRUE;
}

/* Development mode has no monitor, nor anything else that wants a process to itself. */
static gboolean
add_services (BooruHost *self, GPtrArray *plugins, GError **error)
{
  for (guint i = 0; i < plugins->len; i++)
    {
      GPtrArray *services = booru_plugin_info_get_services (plugins->pdata[i]);

      for (guint j = 0; j < services->len; j++)
        {
          const BooruService *service = services->pdata[j];

          if (self->options->dev && service->instances == BOORU_SERVICE_ONE)
            continue;
          if (!add_service (self, plugins, plugins->pdata[i], service, error))
            return FALSE;
        }
    }
  if (self->services->len > 0)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "No service is left to run: enable a plugin with --enable-plugin=NAME "
               "(--list-plugins lists them)");
  return FALSE;
}

gboolean
booru_host_read_settings (BooruHost *self, GError **error)
{
  self->settings = open_settings (self, BOORU_SCHEMA_HOST, error);
  if (self->settings == NULL || !bind_environment (self->settings, error)
      || !booru_host_options_apply (self->options, self->settings, error))
    return FALSE;
  booru_log_set_verbose (booru_settings_get_boolean (self->settings, "verbose"));
  return TRUE;
}

/* All that can be wrong is looked at before anything is started. */
gboolean
booru_host_prepare (BooruHost *self, const char *const *names, GError **error)
{
  g_autofree char *data_dir = NULL;
  g_autoptr (GPtrArray) plugins = NULL;

  data_dir = booru_host_config_prepare_data_dir (self->options, self->settings, error);
  if (data_dir == NULL)
    return FALSE;
  self->config = booru_host_config_new (data_dir, self->options, self->settings, error);
  if (self->config == NULL)
    return FALSE;
  self->lock = booru_instance_lock_take (data_dir, error);
  if (self->lock == NULL)
    return FALSE;
  plugins = booru_host_plugins_load (self->options, self->available, names, error);
  if (plugins == NULL || !listen_for_services (self, plugins, error)
      || !booru_pid_files_prepare (self->config->runtime_dir, error))
    return FALSE;
  return add_services (self, plugins, error);
}
