/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host-settings.h"

#include <string.h>

#include "base/booru-error.h"
#include "base/booru-log.h"
#include "base/booru-names.h"

struct _BooruHostSettings
{
  GObject parent_instance;

  const BooruHostOptions *options; /* not owned */
  BooruSettings *own;
  GHashTable *plugins; /* name → BooruSettings, of plugins that have a schema */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BooruHostSettings, booru_host_settings, G_TYPE_OBJECT)

static void
on_changed (BooruHostSettings *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static BooruSettings *
open_settings (BooruHostSettings *self, const char *schema, GError **error)
{
  BooruSettings *settings = booru_settings_new (schema, self->options->settings, error);

  if (settings)
    g_signal_connect_swapped (settings, "changed", G_CALLBACK (on_changed), self);
  return settings;
}

BooruSettings *
booru_host_settings_get_own (BooruHostSettings *self)
{
  return self->own;
}

gboolean
booru_host_settings_open_plugin (BooruHostSettings *self,
                                 const char *plugin,
                                 BooruSettings **settings,
                                 GError **error)
{
  g_autofree char *id = g_strconcat (BOORU_SCHEMA_HOST ".", plugin, NULL);
  BooruSettings *found = g_hash_table_lookup (self->plugins, plugin);

  *settings = NULL;
  if (found == NULL)
    {
      if (!booru_settings_has_schema (id))
        return TRUE;
      found = open_settings (self, id, error);
      if (found == NULL)
        return FALSE;
      g_hash_table_insert (self->plugins, g_strdup (plugin), found);
    }
  *settings = g_object_ref (found);
  return TRUE;
}

BooruSettings *
booru_host_settings_find (BooruHostSettings *self, const char *schema, GError **error)
{
  const char *prefix = BOORU_SCHEMA_HOST ".";
  BooruSettings *settings = NULL;

  if (g_str_equal (schema, BOORU_SCHEMA_HOST))
    return g_object_ref (self->own);
  if (g_str_has_prefix (schema, prefix) && schema[strlen (prefix)]
      && !booru_host_settings_open_plugin (self, schema + strlen (prefix), &settings, error))
    return NULL;
  if (settings == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no settings schema “%s”",
                 schema);
  return settings;
}

gboolean
booru_host_settings_reload (BooruHostSettings *self, GError **error)
{
  GHashTableIter iter;
  gpointer settings;

  if (!booru_settings_reload (self->own, error))
    return FALSE;
  g_hash_table_iter_init (&iter, self->plugins);
  while (g_hash_table_iter_next (&iter, NULL, &settings))
    if (!booru_settings_reload (settings, error))
      return FALSE;
  return TRUE;
}

gboolean
booru_host_setting_is_live (const char *schema, const char *key)
{
  static const char *const later[]
      = { "data-dir", "database", "files-dir", "address", "port", "shared", NULL };

  return !g_str_equal (schema, BOORU_SCHEMA_HOST) || !g_strv_contains (later, key);
}

static void
booru_host_settings_finalize (GObject *object)
{
  BooruHostSettings *self = BOORU_HOST_SETTINGS (object);
  GHashTableIter iter;
  gpointer settings;

  g_hash_table_iter_init (&iter, self->plugins);
  while (g_hash_table_iter_next (&iter, NULL, &settings))
    g_signal_handlers_disconnect_by_data (settings, self);
  g_hash_table_unref (self->plugins);
  if (self->own)
    g_signal_handlers_disconnect_by_data (self->own, self);
  g_clear_object (&self->own);
  G_OBJECT_CLASS (booru_host_settings_parent_class)->finalize (object);
}

static void
booru_host_settings_class_init (BooruHostSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_host_settings_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
booru_host_settings_init (BooruHostSettings *self)
{
  self->plugins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

BooruHostSettings *
booru_host_settings_new (const BooruHostOptions *options, GError **error)
{
  g_autoptr (BooruHostSettings) self = g_object_new (BOORU_TYPE_HOST_SETTINGS, NULL);

  self->options = options;
  self->own = open_settings (self, BOORU_SCHEMA_HOST, error);
  if (self->own == NULL || !booru_settings_bind_variables (self->own, error)
      || !booru_host_options_apply (options, self->own, error))
    return NULL;
  booru_log_set_verbose (booru_settings_get_boolean (self->own, "verbose"));
  return g_steal_pointer (&self);
}
