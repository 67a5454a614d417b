/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which plugins run, while the host runs. */
#include "host/booru-host-private.h"

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "booru-host-plugins.h"

static BooruPluginInfo *
find_plugin (GPtrArray *plugins, const char *name)
{
  for (guint i = 0; i < plugins->len; i++)
    if (g_str_equal (booru_plugin_info_get_name (plugins->pdata[i]), name))
      return plugins->pdata[i];
  return NULL;
}

/**
 * booru_host_discover:
 * @self: the host
 *
 * Looks for plugins anew. Those whose modules are loaded already stay what they are.
 */
void
booru_host_discover (BooruHost *self)
{
  GPtrArray *found = booru_plugin_discover (booru_paths_get_plugin_path ());

  for (guint i = 0; self->available && i < self->available->len; i++)
    {
      BooruPluginInfo *info = self->available->pdata[i];
      guint at = 0;

      if (!booru_plugin_info_knows_services (info))
        continue;
      while (at < found->len
             && !g_str_equal (booru_plugin_info_get_name (found->pdata[at]),
                              booru_plugin_info_get_name (info)))
        at++;
      if (at < found->len)
        g_ptr_array_remove_index (found, at);
      g_ptr_array_insert (found, (int)at, g_object_ref (info));
    }
  g_clear_pointer (&self->available, g_ptr_array_unref);
  self->available = found;
  booru_host_changed (self);
}

/* The plugins that are to run now, loaded. */
static GPtrArray *
choose (BooruHost *self, GError **error)
{
  g_auto (GStrv) names
      = booru_host_plugins_choose (self->options, self->settings, self->available, error);

  return names
             ? booru_host_plugins_load (self->options, self->available, (const char *const *)names,
                                        self->poison, self->faults, error)
             : NULL;
}

static gboolean
check_wanted (BooruHost *self, GPtrArray *plugins, GError **error)
{
  guint n_services = 0;

  for (guint i = 0; i < plugins->len; i++)
    {
      GPtrArray *services = booru_plugin_info_get_services (plugins->pdata[i]);

      for (guint j = 0; j < services->len; j++)
        {
          const BooruService *described = services->pdata[j];
          BooruHostService *service = booru_host_find_service (self, described->name);

          n_services++;
          if (service == NULL || !service->removing)
            continue;
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
                       "The service %s is still stopping: try again in a moment", described->name);
          return FALSE;
        }
    }
  if (n_services > 0)
    return TRUE;
  g_set_error (
      error, BOORU_ERROR, BOORU_ERROR_CONFIG,
      "That would leave no service running. Enable another plugin first, or stop the host");
  return FALSE;
}

static gboolean
is_new_setting (BooruHost *self)
{
  g_autoptr (GVariant) enabled = booru_settings_get (self->settings, "enabled-plugins");

  return self->enabled == NULL || !g_variant_equal (enabled, self->enabled);
}

/* Starts what is to run and does not, stops what runs and is not to. On error nothing is changed.
 */
static gboolean
apply (BooruHost *self, const char *required, GError **error)
{
  g_autoptr (GPtrArray) plugins = choose (self, error);

  if (plugins == NULL)
    return FALSE;
  if (required && !find_plugin (plugins, required))
    {
      const char *fault = g_hash_table_lookup (self->faults, required);

      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "The plugin %s cannot be enabled: %s",
                   required, fault ? fault : "it is unusable");
      return FALSE;
    }
  if (!check_wanted (self, plugins, error) || !booru_host_listen (self, plugins, error)
      || !booru_host_add_services (self, plugins, NULL, error))
    return FALSE;

  for (guint i = self->services->len; i > 0; i--)
    {
      BooruHostService *service = self->services->pdata[i - 1];

      if (!g_ptr_array_find (plugins, service->plugin, NULL) && !service->removing)
        booru_host_remove_service (service);
    }
  g_clear_pointer (&self->enabled, g_variant_unref);
  self->enabled = booru_settings_get (self->settings, "enabled-plugins");
  g_clear_pointer (&self->plugins, g_ptr_array_unref);
  self->plugins = g_ptr_array_ref (plugins);
  booru_host_watch_files (self);
  booru_host_extend_services (self, plugins);
  booru_host_start_services (self);
  booru_host_changed (self);
  return TRUE;
}

/**
 * booru_host_apply_plugins:
 * @self: the host
 * @error: return location; everything is as it was then
 *
 * Lets the setting enabled-plugins take effect, if it changed.
 */
gboolean
booru_host_apply_plugins (BooruHost *self, GError **error)
{
  return !is_new_setting (self) || apply (self, NULL, error);
}

/* One plugin */

static GStrv
with_name (GStrv names, const char *name, gboolean present)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; names[i]; i++)
    if (!g_str_equal (names[i], name))
      g_strv_builder_add (builder, names[i]);
  if (present)
    g_strv_builder_add (builder, name);
  return g_strv_builder_end (builder);
}

static void
set_option (GStrv *names, const char *name, gboolean present)
{
  GStrv changed = with_name (*names, name, present);

  g_strfreev (*names);
  *names = changed;
}

static gboolean
check_may_change (BooruHost *self, const char *name, gboolean enabled, GError **error)
{
  if (self->stopping)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY, "The host is about to stop");
      return FALSE;
    }
  if (!find_plugin (self->available, name))
    booru_host_discover (self);
  if (!find_plugin (self->available, name))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "There is no plugin “%s”: “booructl plugins” lists all plugins", name);
      return FALSE;
    }
  for (guint i = 0; i < self->plugins->len && !enabled; i++)
    if (g_strv_contains (booru_plugin_info_get_depends (self->plugins->pdata[i]), name))
      {
        const char *other = booru_plugin_info_get_name (self->plugins->pdata[i]);

        g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                     "The plugin %s needs the plugin %s: disable %s first", other, name, other);
        return FALSE;
      }
  return TRUE;
}

/* The setting, and what goes before it in this run: the administrator's word is the latest. */
static gboolean
change_choice (BooruHost *self, const char *name, gboolean enabled, GError **error)
{
  g_auto (GStrv) stored = booru_settings_get_strv (self->settings, "enabled-plugins");
  g_auto (GStrv) changed = with_name (stored, name, enabled);
  g_auto (GStrv) names = NULL;

  if (g_strv_contains ((const char *const *)stored, name) != enabled
      && !booru_settings_store (self->settings, "enabled-plugins",
                                g_variant_new_strv ((const char *const *)changed, -1), error))
    return FALSE;
  set_option (enabled ? &self->options->disable_plugins : &self->options->enable_plugins, name,
              FALSE);
  names = booru_host_plugins_choose (self->options, self->settings, self->available, error);
  if (names == NULL)
    return FALSE;
  if (g_strv_contains ((const char *const *)names, name) != enabled)
    set_option (enabled ? &self->options->enable_plugins : &self->options->disable_plugins, name,
                TRUE);
  return apply (self, enabled ? name : NULL, error);
}

/**
 * booru_host_set_plugin_enabled:
 * @self: the host
 * @name: a plugin's name
 * @enabled: whether it is to run
 * @error: BOORU_ERROR_NOT_FOUND if there is none; BOORU_ERROR_CONFIG if it is broken, if others
 *   need it, or if nothing would be left to run; BOORU_ERROR_BUSY while it is stopping;
 *   BOORU_ERROR_DENIED if the setting cannot be stored
 *
 * Enables or disables a plugin, in the settings and now. On error everything stays as it was.
 */
gboolean
booru_host_set_plugin_enabled (BooruHost *self, const char *name, gboolean enabled, GError **error)
{
  g_autoptr (GVariant) stored = booru_settings_dup_stored (self->settings, "enabled-plugins");
  GStrv enable_before = g_strdupv (self->options->enable_plugins);
  GStrv disable_before = g_strdupv (self->options->disable_plugins);
  gboolean good = check_may_change (self, name, enabled, error);

  if (good && !change_choice (self, name, enabled, error))
    {
      booru_settings_store (self->settings, "enabled-plugins", stored, NULL);
      g_clear_handle_id (&self->reconfigure, g_source_remove);
      good = FALSE;
    }
  if (good)
    {
      g_strfreev (enable_before);
      g_strfreev (disable_before);
      booru_host_note (self, enabled ? "plugin-enabled" : "plugin-disabled", "The plugin %s was %s",
                       name, enabled ? "enabled" : "disabled");
      return TRUE;
    }
  g_strfreev (self->options->enable_plugins);
  g_strfreev (self->options->disable_plugins);
  self->options->enable_plugins = enable_before;
  self->options->disable_plugins = disable_before;
  return FALSE;
}
