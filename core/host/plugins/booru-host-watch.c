/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modules and metadata that change while the host runs. (A settings keyfile is watched by GSettings
 * itself.) */
#include "host/booru-host-private.h"

#include <string.h>

#include "base/booru-error.h"
#include "booru-file-stamp.h"
#include "booru-probe.h"

/* How long nothing may happen to the files before they are looked at: they are written piece by
 * piece, and several at once. */
#define QUIET_MS 500

static char *
stamp_plugin (BooruPluginInfo *info)
{
  g_autofree char *metadata = booru_file_stamp (booru_plugin_info_get_path (info));
  g_autofree char *module = booru_file_stamp (booru_plugin_info_get_module_path (info));

  return metadata && module ? g_strdup_printf ("%s; %s", metadata, module) : NULL;
}

/**
 * booru_host_stamp_plugins:
 * @self: the host
 *
 * Notes what the files of the plugins that run look like, so that changes are known from now on.
 */
void
booru_host_stamp_plugins (BooruHost *self)
{
  for (guint i = 0; i < self->plugins->len; i++)
    {
      BooruPluginInfo *info = self->plugins->pdata[i];
      char *stamp = stamp_plugin (info);

      if (stamp)
        g_hash_table_insert (self->stamps, g_strdup (booru_plugin_info_get_name (info)), stamp);
    }
}

/* Plugins whose files are other ones than when they were last looked at. A file that is missing is
 * about to be replaced, or will not be missed before the next start. */
static GPtrArray *
list_changed (BooruHost *self)
{
  GPtrArray *changed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->plugins->len; i++)
    {
      BooruPluginInfo *info = self->plugins->pdata[i];
      g_autofree char *stamp = stamp_plugin (info);
      const char *known = g_hash_table_lookup (self->stamps, booru_plugin_info_get_name (info));

      if (stamp && g_strcmp0 (stamp, known) != 0)
        g_ptr_array_add (changed, g_object_ref (info));
    }
  return changed;
}

/**
 * booru_host_check_plugins:
 * @self: the host
 * @changed: (out) (transfer full): the plugins whose files changed since they were last looked at
 * @error: BOORU_ERROR_CONFIG naming the one that cannot be used as it is now
 *
 * Reads metadata that changed, and has modules that changed loaded by a process of their own.
 * Whatever comes of it, the same files are not looked at again.
 *
 * Returns: whether processes that are started from now on can be expected to work
 */
gboolean
booru_host_check_plugins (BooruHost *self, GPtrArray **changed, GError **error)
{
  g_autoptr (GPtrArray) plugins = list_changed (self);
  g_autoptr (GPtrArray) faults = NULL;

  booru_host_stamp_plugins (self);
  for (guint i = 0; i < plugins->len; i++)
    if (!booru_plugin_info_read_again (plugins->pdata[i], error))
      return FALSE;
  faults = booru_probe_plugins (plugins);
  for (guint i = 0; i < plugins->len; i++)
    if (faults->pdata[i])
      {
        g_propagate_error (error, g_error_copy (faults->pdata[i]));
        return FALSE;
      }
  *changed = g_steal_pointer (&plugins);
  return TRUE;
}

/* Watching */

static gboolean
loads_any (BooruHostService *service, GPtrArray *changed)
{
  for (guint i = 0; i < changed->len; i++)
    if (g_ptr_array_find (service->spec.plugins, changed->pdata[i], NULL))
      return TRUE;
  return FALSE;
}

/**
 * booru_host_list_loading:
 * @self: the host
 * @changed: plugins
 *
 * Returns: (transfer container): the services (BooruHostService) whose processes load any of them
 */
GPtrArray *
booru_host_list_loading (BooruHost *self, GPtrArray *changed)
{
  GPtrArray *services = g_ptr_array_new ();

  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      if (!service->stop_requested && loads_any (service, changed))
        g_ptr_array_add (services, service);
    }
  return services;
}

static void
on_replaced (const GError *error, gpointer user_data)
{
  if (error)
    booru_host_note (user_data, "reload-refused", "Kept the old processes: %s", error->message);
  else
    booru_host_note (user_data, "reload-done", "All processes use the new plugins");
}

/* Replaces the processes that load what changed, if that can be loaded. */
static void
replace_changed (BooruHost *self)
{
  g_autoptr (GPtrArray) changed = NULL;
  g_autoptr (GPtrArray) services = NULL;
  g_autoptr (GError) error = NULL;

  if (!booru_host_check_plugins (self, &changed, &error))
    {
      g_warning ("A plugin was replaced, but the processes there are go on as they are: %s",
                 error->message);
      on_replaced (error, self);
      return;
    }
  if (changed->len == 0)
    return;
  for (guint i = 0; i < changed->len; i++)
    g_message ("The plugin %s was replaced; so are the processes that load it",
               booru_plugin_info_get_name (changed->pdata[i]));
  booru_host_extend_services (self, self->plugins);
  services = booru_host_list_loading (self, changed);
  booru_host_roll (self, services, on_replaced, self);
}

static gboolean
on_quiet (gpointer user_data)
{
  BooruHost *self = user_data;

  self->quiet = 0;
  if (!self->stopping)
    replace_changed (self);
  return G_SOURCE_REMOVE;
}

static gboolean
concerns_us (BooruHost *self, GFile *file)
{
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  for (guint i = 0; path && i < self->plugins->len; i++)
    if (g_str_equal (path, booru_plugin_info_get_path (self->plugins->pdata[i]))
        || g_str_equal (path, booru_plugin_info_get_module_path (self->plugins->pdata[i])))
      return TRUE;
  return FALSE;
}

static void
on_file_changed (GFileMonitor *monitor,
                 GFile *file,
                 GFile *other,
                 GFileMonitorEvent event,
                 gpointer user_data)
{
  BooruHost *self = user_data;

  if (!concerns_us (self, file) && !concerns_us (self, other))
    return;
  g_clear_handle_id (&self->quiet, g_source_remove);
  self->quiet = g_timeout_add (QUIET_MS, on_quiet, self);
}

static void
watch_folder_of (BooruHost *self, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GError) error = NULL;
  GFileMonitor *monitor;

  if (g_hash_table_contains (self->monitors, folder))
    return;
  monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
  if (monitor == NULL)
    {
      g_warning ("Changes in “%s” are not noticed, send SIGHUP instead: %s", folder,
                 error->message);
      return;
    }
  g_signal_connect (monitor, "changed", G_CALLBACK (on_file_changed), self);
  g_hash_table_insert (self->monitors, g_steal_pointer (&folder), monitor);
}

/**
 * booru_host_watch_files:
 * @self: the host
 *
 * Notices from now on when the files of plugins that run change. To be called again when other
 * plugins run.
 */
void
booru_host_watch_files (BooruHost *self)
{
  booru_host_stamp_plugins (self);
  for (guint i = 0; i < self->plugins->len; i++)
    {
      watch_folder_of (self, booru_plugin_info_get_path (self->plugins->pdata[i]));
      watch_folder_of (self, booru_plugin_info_get_module_path (self->plugins->pdata[i]));
    }
}

void
booru_host_unwatch_files (BooruHost *self)
{
  GHashTableIter iter;
  gpointer monitor;

  g_clear_handle_id (&self->quiet, g_source_remove);
  g_hash_table_iter_init (&iter, self->monitors);
  while (g_hash_table_iter_next (&iter, NULL, &monitor))
    g_signal_handlers_disconnect_by_data (monitor, self);
  g_hash_table_remove_all (self->monitors);
}
