/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of services, in the order of dependency: what is in it, what goes into it and out. */
#include "booru-host-private.h"

#include "base/booru-error.h"
#include "host/supervise/booru-supervisor.h"

static void
service_free (BooruHostService *service)
{
  g_autoptr (GError) error = g_error_new (BOORU_ERROR, BOORU_ERROR_CANCELLED, "%s is stopped",
                                          service->spec.service->label);

  booru_host_release_waiters (service, error);
  g_ptr_array_unref (service->waiters);
  if (service->runner)
    g_signal_handlers_disconnect_by_data (service->runner, service);
  g_clear_object (&service->runner);
  g_clear_object (&service->settings);
  g_clear_object (&service->plugin);
  g_clear_pointer (&service->spec.plugins, g_ptr_array_unref);
  g_free (service->spec.pid_dir);
  g_free (service);
}

GPtrArray *
booru_host_services_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)service_free);
}

/* Adding and removing */

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
add_service (BooruHost *self,
             GPtrArray *plugins,
             BooruPluginInfo *own,
             const BooruService *described,
             GError **error)
{
  BooruHostService *service = g_new0 (BooruHostService, 1);
  g_autoptr (BooruConfig) config = NULL;

  service->host = self;
  service->plugin = g_object_ref (own);
  service->waiters = g_ptr_array_new ();
  service->spec.service = described;
  service->spec.plugins = collect_plugins (plugins, own, described->name);
  service->spec.essential = booru_plugin_info_is_essential (own);
  service->spec.verbose = self->config->verbose;
  service->spec.listener = described->listener ? booru_listener_get_fd (self->listener) : -1;
  service->spec.url = described->listener ? booru_listener_get_url (self->listener) : NULL;
  service->spec.pid_dir = g_strdup (self->config->runtime_dir);
  if (!booru_host_open_plugin_settings (self, booru_plugin_info_get_name (own), &service->settings,
                                        error))
    {
      service_free (service);
      return FALSE;
    }

  config = booru_host_config_for_service (self->config, service->settings);
  service->runner = booru_supervisor_new (&service->spec, config);
  booru_host_connect_service (service);
  g_ptr_array_add (self->services, service);
  return TRUE;
}

/**
 * booru_host_needs_listener:
 * @plugins: loaded plugins
 *
 * Returns: whether any of their services wants the listening socket
 */
gboolean
booru_host_needs_listener (GPtrArray *plugins)
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

/**
 * booru_host_listen:
 * @self: the host
 * @plugins: loaded plugins
 * @error: return location
 *
 * Binds the listening socket, if @plugins need one and there is none.
 */
gboolean
booru_host_listen (BooruHost *self, GPtrArray *plugins, GError **error)
{
  if (self->listener || !booru_host_needs_listener (plugins))
    return TRUE;
  self->listener = booru_listener_new (self->config->address, self->config->port, error);
  if (self->listener == NULL)
    return FALSE;
  g_free (self->config->address);
  self->config->address = g_strdup (booru_listener_get_address (self->listener));
  self->config->port = booru_listener_get_port (self->listener);
  return TRUE;
}

/**
 * booru_host_find_service:
 * @self: the host
 * @name: a service's name
 *
 * Returns: (nullable): the service, also one that is about to go
 */
BooruHostService *
booru_host_find_service (BooruHost *self, const char *name)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      if (g_str_equal (service->spec.service->name, name))
        return service;
    }
  return NULL;
}

/**
 * booru_host_add_services:
 * @self: the host
 * @plugins: all plugins that are to run, loaded, dependencies first
 * @n_added: (out) (optional): how many services were added, behind those that there were
 * @error: return location
 *
 * Adds the services of @plugins that are not there yet; starts nothing. On error what
 * was added is gone again.
 */
gboolean
booru_host_add_services (BooruHost *self, GPtrArray *plugins, guint *n_added, GError **error)
{
  guint n_before = self->services->len;

  for (guint i = 0; i < plugins->len; i++)
    {
      GPtrArray *services = booru_plugin_info_get_services (plugins->pdata[i]);

      for (guint j = 0; j < services->len; j++)
        {
          const BooruService *service = services->pdata[j];

          if (booru_host_find_service (self, service->name)
              || add_service (self, plugins, plugins->pdata[i], service, error))
            continue;
          g_ptr_array_set_size (self->services, (int)n_before);
          return FALSE;
        }
    }
  if (n_added)
    *n_added = self->services->len - n_before;
  return TRUE;
}

/**
 * booru_host_start_services:
 * @self: the host
 *
 * Starts the services that were added and not started yet.
 */
void
booru_host_start_services (BooruHost *self)
{
  for (guint i = 0; i < self->services->len && !self->stopping; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      if (service->running)
        continue;
      service->running = TRUE;
      booru_supervisor_start (service->runner);
    }
}

/**
 * booru_host_remove_service:
 * @service: a service
 *
 * Stops it, and takes it out of the table when it has stopped.
 */
void
booru_host_remove_service (BooruHostService *service)
{
  service->removing = TRUE;
  if (!service->stop_requested)
    booru_host_stop_service (service);
  booru_host_changed (service->host);
}

static gboolean
same_plugins (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (a->pdata[i] != b->pdata[i])
      return FALSE;
  return TRUE;
}

/**
 * booru_host_extend_services:
 * @self: the host
 * @plugins: all plugins that run
 *
 * Replaces the processes of the services that other plugins extend than before.
 */
void
booru_host_extend_services (BooruHost *self, GPtrArray *plugins)
{
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];
      g_autoptr (GPtrArray) collected
          = collect_plugins (plugins, service->plugin, service->spec.service->name);

      if (service->stop_requested || same_plugins (collected, service->spec.plugins))
        continue;
      g_clear_pointer (&service->spec.plugins, g_ptr_array_unref);
      service->spec.plugins = g_steal_pointer (&collected);
      if (service->running)
        booru_supervisor_roll (service->runner);
    }
}
