/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Settings: read at the start, taken over while running, stored on behalf of administrators. */
#include "host/booru-host-private.h"

#include <string.h>

#include "base/booru-error.h"
#include "base/booru-folder-rules.h"
#include "base/booru-log.h"
#include "base/booru-names.h"
#include "base/booru-pseudo.h"
#include "booru-setting-change.h"

static BooruSettings *
open_settings (BooruHost *self, const char *schema, GError **error)
{
  return booru_settings_new (schema, self->options->settings, error);
}

gboolean
booru_host_read_settings (BooruHost *self, GError **error)
{
  self->settings = open_settings (self, BOORU_SCHEMA_HOST, error);
  if (self->settings == NULL || !booru_settings_bind_variables (self->settings, error)
      || !booru_host_options_apply (self->options, self->settings, error))
    return FALSE;
  booru_log_set_verbose (booru_settings_get_boolean (self->settings, "verbose"));
  return TRUE;
}

/* Taking over */

static gboolean
is_outdated (gpointer folder, gpointer progress, gpointer user_data)
{
  const BooruHostConfig *config = user_data;

  return !g_strv_contains ((const char *const *)config->library_folders, folder)
         && g_strcmp0 (config->ingest_folder, folder) != 0
         && !g_str_has_prefix (folder, config->data_dir);
}

/**
 * booru_host_reconfigure:
 * @self: the host
 * @error: return location
 *
 * Takes over what changed, as far as that goes without new processes: folders, the number of
 * workers, the plugins' own keys. On error everything stays as it was.
 */
gboolean
booru_host_reconfigure (BooruHost *self, GError **error)
{
  g_autoptr (BooruHostConfig) config
      = booru_host_config_new (self->config->data_dir, self->options, self->settings, error);

  if (config == NULL)
    return FALSE;
  /* The socket stays the one that there is. */
  if (self->listener)
    {
      g_free (config->address);
      config->address = g_strdup (self->config->address);
      config->port = self->config->port;
    }
  /* So do the lock and the runtime folder. */
  config->shared = self->config->shared;
  g_free (config->runtime_dir);
  config->runtime_dir = g_strdup (self->config->runtime_dir);
  g_clear_pointer (&self->config, booru_host_config_free);
  self->config = g_steal_pointer (&config);
  booru_log_set_verbose (self->config->verbose);
  g_hash_table_foreach_remove (self->progress, is_outdated, self->config);

  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];
      g_autoptr (BooruConfig) told
          = booru_host_config_for_service (self->config, service->settings);

      service->spec.verbose = self->config->verbose;
      booru_supervisor_configure (service->runner, told);
    }
  booru_host_changed (self);
  return TRUE;
}

/* All of it, or nothing. */
static gboolean
take_over (BooruHost *self, GError **error)
{
  g_clear_handle_id (&self->reconfigure, g_source_remove);
  return booru_host_apply_plugins (self, error) && booru_host_reconfigure (self, error);
}

static gboolean
on_reconfigure (gpointer user_data)
{
  BooruHost *self = user_data;
  g_autoptr (GError) error = NULL;

  self->reconfigure = 0;
  if (self->stopping)
    return G_SOURCE_REMOVE;
  if (take_over (self, &error))
    booru_host_note (self, "settings-changed", "Settings changed");
  else
    {
      g_warning ("Changed settings not applied: %s", error->message);
      booru_host_note (self, "settings-refused", "Changed settings not applied: %s",
                       error->message);
    }
  return G_SOURCE_REMOVE;
}

/* Several keys change at once, as a rule. */
static void
on_settings_changed (BooruHost *self)
{
  if (self->reconfigure == 0 && !self->stopping && self->watching_settings)
    self->reconfigure = g_idle_add (on_reconfigure, self);
}

/**
 * booru_host_watch_settings:
 * @self: the host
 *
 * From now on changes take effect.
 */
void
booru_host_watch_settings (BooruHost *self)
{
  self->watching_settings = TRUE;
  g_signal_connect_swapped (self->settings, "changed", G_CALLBACK (on_settings_changed), self);
}

/* Finding */

/**
 * booru_host_open_plugin_settings:
 * @self: the host
 * @plugin: a plugin's name
 * @settings: (out) (transfer full) (nullable): those of the plugin's own schema; %NULL if it has
 *   none
 * @error: return location
 *
 * Returns: %FALSE with @error if they cannot be read
 */
gboolean
booru_host_open_plugin_settings (BooruHost *self,
                                 const char *plugin,
                                 BooruSettings **settings,
                                 GError **error)
{
  g_autofree char *id = g_strconcat (BOORU_SCHEMA_HOST ".", plugin, NULL);
  BooruSettings *found = g_hash_table_lookup (self->plugin_settings, plugin);

  *settings = NULL;
  if (found == NULL)
    {
      if (!booru_settings_has_schema (id))
        return TRUE;
      found = open_settings (self, id, error);
      if (found == NULL)
        return FALSE;
      g_signal_connect_swapped (found, "changed", G_CALLBACK (on_settings_changed), self);
      g_hash_table_insert (self->plugin_settings, g_strdup (plugin), found);
    }
  *settings = g_object_ref (found);
  return TRUE;
}

/**
 * booru_host_find_settings:
 * @self: the host
 * @schema: the name of a schema of the host, or of a plugin that there is
 * @error: BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): its settings
 */
BooruSettings *
booru_host_find_settings (BooruHost *self, const char *schema, GError **error)
{
  const char *prefix = BOORU_SCHEMA_HOST ".";
  BooruSettings *settings = NULL;

  if (g_str_equal (schema, BOORU_SCHEMA_HOST))
    return g_object_ref (self->settings);
  if (g_str_has_prefix (schema, prefix) && schema[strlen (prefix)]
      && !booru_host_open_plugin_settings (self, schema + strlen (prefix), &settings, error))
    return NULL;
  if (settings == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no settings schema “%s”",
                 schema);
  return settings;
}

/**
 * booru_host_setting_is_live:
 * @schema: a schema
 * @key: one of its keys
 *
 * Returns: whether a change of it takes effect without a restart of the host
 */
gboolean
booru_host_setting_is_live (const char *schema, const char *key)
{
  static const char *const later[] = { "data-dir", "address", "port", "shared", NULL };

  return !g_str_equal (schema, BOORU_SCHEMA_HOST) || !g_strv_contains (later, key);
}

/* Storing */

/* A folder that was stored before may be gone, as a disk that is not mounted; one that is named
 * just now and is not there is a mistake. */
static gboolean
check_folder (GVariant *before, const char *path, const char *what, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  for (gsize i = 0; before && i < g_variant_n_children (before); i++)
    {
      g_autoptr (GVariant) known = g_variant_get_child_value (before, i);

      if (g_str_equal (g_variant_get_bytestring (known), path))
        return TRUE;
    }
  if (!g_path_is_absolute (path))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "“%s” is not a full path. Enter the full path, starting with “/”", shown);
  else if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "“%s” is not a folder, or the user %s can't read it", shown, g_get_user_name ());
  else
    return booru_pseudo_check_folder (path, what, error);
  return FALSE;
}

static gboolean
check_folders (BooruSettings *settings, const char *key, GVariant *value, GError **error)
{
  g_autoptr (GVariant) before = NULL;
  g_autofree const char **paths = NULL;

  if (value && g_str_equal (key, "ingest-folder")
      && g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    return *g_variant_get_bytestring (value) == '\0'
           || check_folder (NULL, g_variant_get_bytestring (value), "ingest folder", error);
  if (value && g_str_equal (key, "folder-rules")
      && g_variant_is_of_type (value, G_VARIANT_TYPE ("a(aya{sv})")))
    {
      g_autoptr (GPtrArray) rules = booru_folder_rules_parse (value, error);

      return rules != NULL;
    }
  if (value == NULL || !g_str_equal (key, "library-folders")
      || !g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING_ARRAY))
    return TRUE;

  before = booru_settings_get (settings, key);
  paths = g_variant_get_bytestring_array (value, NULL);
  for (gsize i = 0; paths[i]; i++)
    if (!check_folder (before, paths[i], "library folder", error))
      return FALSE;
  return TRUE;
}

/* Stores a value and lets it take effect; puts everything back if it cannot. */
static gboolean
store (BooruHost *self, BooruSettings *settings, const char *key, GVariant *value, GError **error)
{
  g_autoptr (GVariant) before = booru_settings_dup_stored (settings, key);
  g_autoptr (GError) local_error = NULL;

  if (!booru_settings_store (settings, key, value, error))
    return FALSE;
  if (take_over (self, error))
    return TRUE;
  if (!booru_settings_store (settings, key, before, &local_error))
    g_warning ("The rejected value of the setting %s is still stored: %s", key,
               local_error->message);
  g_clear_handle_id (&self->reconfigure, g_source_remove);
  return FALSE;
}

/**
 * booru_host_store_setting:
 * @self: the host
 * @schema: a schema
 * @key: one of its keys
 * @value: (nullable): its value; %NULL: back to the default
 * @error: BOORU_ERROR_NOT_FOUND for an unknown schema, key or folder, BOORU_ERROR_INVALID for a
 *   value that does not fit, BOORU_ERROR_DENIED if it cannot be stored, or why it cannot take
 * effect
 *
 * Stores a value for good, and lets it take effect unless an option or a variable of the
 * environment goes before it. On error everything stays as it was.
 */
gboolean
booru_host_store_setting (BooruHost *self,
                          const char *schema,
                          const char *key,
                          GVariant *value,
                          GError **error)
{
  g_autoptr (BooruSettings) settings = booru_host_find_settings (self, schema, error);
  g_autoptr (GVariant) sunk = value ? g_variant_ref_sink (value) : NULL;
  g_autoptr (GVariant) before = NULL;
  g_autofree char *change = NULL;

  if (settings == NULL)
    return FALSE;
  if (!booru_settings_has_key (settings, key))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "There is no setting “%s” in %s: “booructl settings” lists all settings", key,
                   schema);
      return FALSE;
    }
  before = booru_settings_get (settings, key);
  if (!check_folders (settings, key, sunk, error) || !store (self, settings, key, sunk, error))
    return FALSE;
  change = booru_setting_change_describe (settings, key, before, sunk);
  booru_host_note (self, "settings-changed", "%s", change);
  return TRUE;
}

/**
 * booru_host_apply_setting:
 * @self: the host
 * @schema: a schema
 * @key: one of its keys
 * @value: its value
 * @error: as of booru_host_store_setting()
 *
 * Stores a value for good, and lets it count now, whatever the options and the environment of this
 * run said. On error everything stays as it was.
 */
gboolean
booru_host_apply_setting (BooruHost *self,
                          const char *schema,
                          const char *key,
                          GVariant *value,
                          GError **error)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (value);
  g_autoptr (BooruSettings) settings = booru_host_find_settings (self, schema, error);
  g_autoptr (GVariant) before = NULL;
  BooruSettingOrigin origin;

  if (settings == NULL || !booru_host_store_setting (self, schema, key, sunk, error))
    return FALSE;
  origin = booru_settings_get_origin (settings, key);
  if (origin < BOORU_SETTING_ENVIRONMENT)
    return TRUE;
  before = origin == BOORU_SETTING_OPTION ? booru_settings_get (settings, key) : NULL;
  if (!booru_settings_set_option (settings, key, sunk, error))
    return FALSE;
  if (take_over (self, error))
    return TRUE;
  booru_settings_set_option (settings, key, before, NULL);
  g_clear_handle_id (&self->reconfigure, g_source_remove);
  return FALSE;
}

/**
 * booru_host_set_workers:
 * @self: the host
 * @workers: how many processes a service of many workers is to have
 * @error: BOORU_ERROR_INVALID if that is out of range
 *
 * Stores the number, and changes it now.
 */
gboolean
booru_host_set_workers (BooruHost *self, guint workers, GError **error)
{
  return booru_host_apply_setting (self, BOORU_SCHEMA_HOST, "workers",
                                   g_variant_new_uint32 (workers), error);
}

/* Reloading */

static gboolean
read_again (BooruHost *self, GPtrArray **changed, GError **error)
{
  GHashTableIter iter;
  gpointer settings;

  if (!booru_settings_reload (self->settings, error))
    return FALSE;
  g_hash_table_iter_init (&iter, self->plugin_settings);
  while (g_hash_table_iter_next (&iter, NULL, &settings))
    if (!booru_settings_reload (settings, error))
      return FALSE;
  booru_host_discover (self);
  if (!booru_host_check_plugins (self, changed, error) || !take_over (self, error))
    return FALSE;
  booru_host_extend_services (self, self->plugins);
  return TRUE;
}

typedef struct
{
  BooruHost *host;
  BooruHostDone done;
  gpointer user_data;
} Reload;

static void
on_reloaded (const GError *error, gpointer user_data)
{
  g_autofree Reload *reload = user_data;

  if (error)
    booru_host_note (reload->host, "reload-refused", "Kept the old processes: %s", error->message);
  else
    booru_host_note (reload->host, "reload-done", "All processes use the new settings");
  booru_host_notify_reloading (reload->host, FALSE);
  if (reload->done)
    reload->done (error, reload->user_data);
}

/**
 * booru_host_reload:
 * @self: the host
 * @done: (nullable): called once, possibly before this returns, when the new generation of
 *   processes serves, or with the reason why the old one still does
 * @user_data: for @done
 *
 * Reads settings and plugins again, and replaces the processes that serve, new before old.
 */
void
booru_host_reload (BooruHost *self, BooruHostDone done, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) services = NULL;
  g_autoptr (GPtrArray) changed = NULL;
  Reload *reload = g_new0 (Reload, 1);

  *reload = (Reload){ self, done, user_data };
  booru_host_notify_reloading (self, TRUE);
  if (self->stopping)
    g_set_error (&error, BOORU_ERROR, BOORU_ERROR_CANCELLED, "The host is about to stop");
  else
    read_again (self, &changed, &error);
  if (error)
    {
      g_warning ("Reloading is called off, everything stays as it was: %s", error->message);
      on_reloaded (error, reload);
      return;
    }

  g_message ("Settings reloaded; replacing the workers");
  services = booru_host_list_loading (self, changed);
  for (guint i = 0; i < self->services->len; i++)
    {
      BooruHostService *service = self->services->pdata[i];

      if (!service->stop_requested && !g_ptr_array_find (services, service, NULL)
          && (service->spec.service->instances == BOORU_SERVICE_WORKERS || service->failed))
        g_ptr_array_add (services, service);
    }
  booru_host_roll (self, services, on_reloaded, reload);
}
