/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-generation.h"

#include "base/booru-error.h"
#include "base/booru-log.h"
#include "host/plugins/booru-plugin-choice.h"
#include "host/plugins/booru-probe.h"
#include "host/settings/booru-guarded.h"

struct _BooruGeneration
{
  BooruHostParts *parts;            /* not owned */
  const BooruSettingChange *change; /* not owned; NULL: none */
  GPtrArray *plugins;               /* BooruPluginInfo, dependencies first */
  BooruHostConfig *config;
  guint n_checks;  /* plugins that have not answered yet */
  GError *refusal; /* of the first one */
};

void
booru_generation_free (BooruGeneration *self)
{
  g_clear_pointer (&self->plugins, g_ptr_array_unref);
  g_clear_pointer (&self->config, booru_host_config_free);
  g_clear_error (&self->refusal);
  g_free (self);
}

GPtrArray *
booru_generation_get_plugins (BooruGeneration *self)
{
  return self->plugins;
}

/* Checking the configuration */

/* What the services of @plugin are told, or would be without the options of this run; NULL with
 * @error: its settings cannot be read. */
static BooruConfig *
make_config (BooruGeneration *self, BooruPluginInfo *plugin, gboolean options, GError **error)
{
  g_autoptr (BooruSettings) settings = NULL;

  if (!booru_host_settings_open_plugin (self->parts->settings, booru_plugin_info_get_name (plugin),
                                        &settings, error))
    return NULL;
  return booru_host_config_for_service (self->config, settings, options);
}

static void
end_check (GTask *task)
{
  BooruGeneration *self = g_task_get_task_data (task);

  if (--self->n_checks > 0)
    return;
  if (self->refusal)
    g_task_return_error (task, g_steal_pointer (&self->refusal));
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BooruGeneration *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!booru_probe_check_settings_finish (BOORU_PLUGIN_INFO (source), result, &error)
      && self->refusal == NULL)
    self->refusal = g_steal_pointer (&error);
  end_check (task);
}

static void
check_config (GTask *task)
{
  BooruGeneration *self = g_task_get_task_data (task);
  BooruHostParts *parts = self->parts;

  self->config = booru_host_config_new (parts->config->data_dir, NULL, parts->options,
                                        booru_host_settings_get_own (parts->settings));
  booru_host_config_inherit (self->config, parts->config, parts->listener != NULL);

  self->n_checks = 1;
  for (guint i = 0; i < self->plugins->len; i++)
    {
      BooruPluginInfo *plugin = self->plugins->pdata[i];
      const char *name = booru_plugin_info_get_name (plugin);
      BooruHostedService *service = booru_service_set_find (parts->services, name);
      g_autoptr (BooruConfig) told = make_config (self, plugin, TRUE, &self->refusal);
      g_autoptr (BooruConfig) wanted = NULL;
      g_autoptr (BooruConfig) current = NULL;

      if (told == NULL)
        break;
      wanted = self->change ? booru_setting_change_show (self->change, name, told)
                            : booru_config_ref (told);
      current = service ? booru_config_ref (booru_hosted_service_get_config (service))
                        : make_config (self, plugin, FALSE, NULL);
      self->n_checks++;
      booru_probe_check_settings_async (plugin, wanted, current, NULL, on_checked,
                                        g_object_ref (task));
    }
  end_check (task);
}

/* Choosing the plugins */

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BooruGeneration *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->plugins = booru_plugin_set_load_finish (BOORU_PLUGIN_SET (source), result, &error);
  if (self->plugins)
    check_config (task);
  else
    g_task_return_error (task, error);
}

static void
choose_plugins (GTask *task)
{
  BooruGeneration *self = g_task_get_task_data (task);
  BooruHostParts *parts = self->parts;
  GError *error = NULL;
  g_auto (GStrv) names
      = booru_plugin_choose (parts->options, booru_host_settings_get_own (parts->settings),
                             booru_plugin_set_get_available (parts->plugins), &error);

  if (names)
    booru_plugin_set_load_async (parts->plugins, (const char *const *)names, on_loaded,
                                 g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static GVariant *
get_enabled (BooruHostParts *parts)
{
  return booru_settings_get (booru_host_settings_get_own (parts->settings), "enabled-plugins");
}

void
booru_generation_prepare_async (BooruHostParts *parts,
                                gboolean again,
                                const BooruSettingChange *change,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  BooruGeneration *self = g_new0 (BooruGeneration, 1);
  g_autoptr (GVariant) enabled = get_enabled (parts);

  self->parts = parts;
  self->change = change;
  g_task_set_task_data (task, self, (GDestroyNotify)booru_generation_free);
  if (again || parts->enabled == NULL || !g_variant_equal (enabled, parts->enabled))
    {
      choose_plugins (task);
      return;
    }
  self->plugins = g_ptr_array_ref (booru_plugin_set_get_running (parts->plugins));
  check_config (task);
}

BooruGeneration *
booru_generation_prepare_finish (GAsyncResult *result, GError **error)
{
  BooruGeneration *self = g_task_get_task_data (G_TASK (result));
  BooruGeneration *copy;

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  copy = g_new0 (BooruGeneration, 1);
  *copy = (BooruGeneration){ .parts = self->parts,
                             .plugins = g_steal_pointer (&self->plugins),
                             .config = g_steal_pointer (&self->config) };
  return copy;
}

/* Taking effect */

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
is_guarded (gpointer user_data)
{
  return booru_guarded_check (user_data);
}

/* The socket stays the one that there is, once there is one. */
static gboolean
listen_if_needed (BooruGeneration *self, GError **error)
{
  BooruHostParts *parts = self->parts;

  if (parts->listener || !needs_listener (self->plugins))
    return TRUE;
  parts->listener = booru_listener_new (self->config->address, self->config->port, is_guarded,
                                        self->config, error);
  if (parts->listener == NULL)
    return FALSE;
  g_free (self->config->address);
  self->config->address = g_strdup (booru_listener_get_address (parts->listener));
  self->config->port = booru_listener_get_port (parts->listener);
  return TRUE;
}

static BooruHostedService *
make_service (BooruGeneration *self,
              BooruPluginInfo *plugin,
              const BooruService *described,
              GError **error)
{
  BooruHostParts *parts = self->parts;
  const BooruServiceSurroundings surroundings = {
    .verbose = self->config->verbose,
    .listener = parts->listener ? booru_listener_get_fd (parts->listener) : -1,
    .url = parts->listener ? booru_listener_get_url (parts->listener) : NULL,
    .runtime_dir = self->config->runtime_dir,
  };
  g_autoptr (BooruConfig) config = make_config (self, plugin, TRUE, error);

  return config ? booru_hosted_service_new (plugin, described, self->plugins, &surroundings, config)
                : NULL;
}

static gboolean
check_free (BooruServiceSet *services, const char *name, GError **error)
{
  BooruHostedService *service = booru_service_set_find (services, name);

  if (service == NULL || !booru_hosted_service_is_removed (service))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
               "The service %s is still stopping: try again in a moment", name);
  return FALSE;
}

/* Services that are to run and are not there yet; NULL on error. */
static GPtrArray *
make_services (BooruGeneration *self, GError **error)
{
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = 0;

  for (guint i = 0; i < self->plugins->len; i++)
    {
      GPtrArray *services = booru_plugin_info_get_services (self->plugins->pdata[i]);

      for (guint j = 0; j < services->len; j++, n++)
        {
          const BooruService *described = services->pdata[j];
          BooruHostedService *service;

          if (!check_free (self->parts->services, described->name, error))
            return NULL;
          if (booru_service_set_find (self->parts->services, described->name))
            continue;
          service = make_service (self, self->plugins->pdata[i], described, error);
          if (service == NULL)
            return NULL;
          g_ptr_array_add (made, service);
        }
    }
  if (n > 0)
    return g_steal_pointer (&made);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "There would be no service to run. Enable a plugin that has one, such as web "
               "(“booru-host --list-plugins” lists all plugins)");
  return NULL;
}

/* Those that stay are configured and extended, those whose plugins do not run any more go. */
static void
update_services (BooruGeneration *self, GPtrArray *touched)
{
  BooruServiceSet *services = self->parts->services;

  for (guint i = booru_service_set_get_n (services); i > 0; i--)
    {
      BooruHostedService *service = booru_service_set_get (services, i - 1);
      BooruPluginInfo *plugin = booru_hosted_service_get_plugin (service);
      g_autoptr (BooruConfig) config = NULL;

      if (booru_hosted_service_is_removed (service))
        continue;
      if (!g_ptr_array_find (self->plugins, plugin, NULL))
        {
          booru_hosted_service_remove (service);
          continue;
        }
      config = make_config (self, plugin, TRUE, NULL);
      if (config)
        booru_hosted_service_configure (service, config, self->config->verbose);
      if (booru_hosted_service_extend (service, self->plugins))
        g_ptr_array_add (touched, g_object_ref (service));
    }
}

GPtrArray *
booru_generation_commit (BooruGeneration *self, GError **error)
{
  BooruHostParts *parts = self->parts;
  GPtrArray *made = listen_if_needed (self, error) ? make_services (self, error) : NULL;

  if (made == NULL)
    return NULL;
  for (guint i = 0; i < made->len; i++)
    booru_service_set_add (parts->services, made->pdata[i]);
  update_services (self, made);
  g_clear_pointer (&parts->config, booru_host_config_free);
  parts->config = g_steal_pointer (&self->config);
  booru_log_set_verbose (parts->config->verbose);
  g_clear_pointer (&parts->enabled, g_variant_unref);
  parts->enabled = get_enabled (parts);
  if (booru_plugin_set_get_running (parts->plugins) != self->plugins)
    booru_plugin_set_set_running (parts->plugins, self->plugins);
  booru_service_set_start (parts->services);
  return made;
}
