/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define G_SETTINGS_ENABLE_BACKEND
#include "base/booru-settings.h"

#include <gio/gsettingsbackend.h>
#include <stdlib.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "base/booru-settings-private.h"

#define DEFAULT_KEYFILE "settings.conf"

/* What is known of one key. */
typedef struct
{
  GSettingsSchemaKey *schema_key;
  GVariant *option;      /* NULL: none */
  GVariant *environment; /* NULL: none */
  GVariant *stored;      /* never NULL: stored value, or the default */
  gboolean is_stored;
} Setting;

struct _BooruSettings
{
  GObject parent_instance;
  GSettingsSchemaSource *source;
  GSettingsSchema *schema;
  GSettings *settings;
  char *keyfile;       /* NULL: another backend */
  GHashTable *by_key;  /* name → Setting */
  gboolean was_broken; /* the keyfile, when last looked at: warn once */
};

G_DEFINE_FINAL_TYPE (BooruSettings, booru_settings, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
setting_free (gpointer data)
{
  Setting *setting = data;

  g_settings_schema_key_unref (setting->schema_key);
  g_clear_pointer (&setting->option, g_variant_unref);
  g_clear_pointer (&setting->environment, g_variant_unref);
  g_clear_pointer (&setting->stored, g_variant_unref);
  g_free (setting);
}

static GVariant *
setting_effective (const Setting *setting)
{
  return setting->option ?: setting->environment ?: setting->stored;
}

static void
booru_settings_finalize (GObject *object)
{
  BooruSettings *self = BOORU_SETTINGS (object);

  if (self->settings)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
  g_clear_pointer (&self->schema, g_settings_schema_unref);
  g_clear_pointer (&self->source, g_settings_schema_source_unref);
  g_free (self->keyfile);
  G_OBJECT_CLASS (booru_settings_parent_class)->finalize (object);
}

static void
booru_settings_class_init (BooruSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_settings_finalize;
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED,
                      0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
booru_settings_init (BooruSettings *self)
{
  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, setting_free);
}

/* A programming error if there is no such key: GSettings aborts too. */
static Setting *
get_setting (BooruSettings *self, const char *key)
{
  Setting *setting = g_hash_table_lookup (self->by_key, key);

  if (setting == NULL)
    g_error ("The schema %s has no key “%s”", g_settings_schema_get_id (self->schema), key);
  return setting;
}

/* Replaces one of a setting's values and tells if that makes a difference. */
static void
replace_value (BooruSettings *self, const char *key, GVariant **slot, GVariant *value)
{
  Setting *setting = get_setting (self, key);
  g_autoptr (GVariant) before = g_variant_ref (setting_effective (setting));
  GVariant *replaced = *slot;

  *slot = value ? g_variant_ref (value) : NULL;
  g_clear_pointer (&replaced, g_variant_unref);
  if (!g_variant_equal (before, setting_effective (setting)))
    g_signal_emit (self, signals[SIGNAL_CHANGED], g_quark_from_string (key), key);
}

static void
refresh (BooruSettings *self, const char *key)
{
  Setting *setting = get_setting (self, key);
  g_autoptr (GVariant) user_value = g_settings_get_user_value (self->settings, key);
  g_autoptr (GVariant) value = g_settings_get_value (self->settings, key);

  setting->is_stored = user_value != NULL;
  replace_value (self, key, &setting->stored, value);
}

static void
refresh_all (BooruSettings *self)
{
  g_auto (GStrv) keys = g_settings_schema_list_keys (self->schema);

  for (guint i = 0; keys[i]; i++)
    refresh (self, keys[i]);
}

/* A keyfile's backend tells of each key when the file changes, also when it became unreadable and
 * all keys seem to be at their defaults. */
static void
on_stored_changed (GSettings *settings, const char *key, BooruSettings *self)
{
  g_autoptr (GError) error = NULL;
  gboolean broken
      = self->keyfile
        && !booru_settings_check_keyfile (self->schema, self->source, self->keyfile, &error);

  if (broken && !self->was_broken)
    g_warning ("%s. The settings are unchanged", error->message);
  if (!broken && self->was_broken)
    refresh_all (self);
  else if (!broken)
    refresh (self, key);
  self->was_broken = broken;
}

static gboolean
have_session_bus (void)
{
  const char *address = g_getenv ("DBUS_SESSION_BUS_ADDRESS");
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *socket = runtime ? g_build_filename (runtime, "bus", NULL) : NULL;

  return (address && *address) || (socket && g_file_test (socket, G_FILE_TEST_EXISTS));
}

/* Whether GSettings stores things by itself; asking it right away would make it complain if not. */
static gboolean
have_default_backend (void)
{
  g_autoptr (GFile) unused = NULL;
  GIOExtensionPoint *point;

  if (g_getenv ("GSETTINGS_BACKEND"))
    return TRUE;
  if (!have_session_bus ())
    return FALSE;
  unused = g_file_new_for_path ("/"); /* loads GIO's modules */
  point = g_io_extension_point_lookup (G_SETTINGS_BACKEND_EXTENSION_POINT_NAME);
  return point && g_io_extension_point_get_extension_by_name (point, "dconf");
}

char *
booru_settings_dup_keyfile (const char *keyfile)
{
  const char *variable = g_getenv (BOORU_ENV_SETTINGS);

  if (keyfile && *keyfile)
    return g_canonicalize_filename (keyfile, NULL);
  if (variable && *variable)
    return g_canonicalize_filename (variable, NULL);
  if (have_default_backend ())
    return NULL;
  return g_build_filename (g_get_user_config_dir (), "booru-host", DEFAULT_KEYFILE, NULL);
}

static gboolean
find_schema (BooruSettings *self, const char *schema_id, GError **error)
{
  g_autoptr (GError) local = NULL;

  self->source = booru_settings_open_source (&local);
  if (self->source)
    self->schema = g_settings_schema_source_lookup (self->source, schema_id, TRUE);
  if (self->schema)
    return TRUE;

  g_set_error (
      error, BOORU_ERROR, BOORU_ERROR_CONFIG,
      "The settings schema %s is not installed%s%s. Build or install the program again, or "
      "set GSETTINGS_SCHEMA_DIR to the folder of its schemas",
      schema_id, local ? ": " : "", local ? local->message : "");
  return FALSE;
}

static gboolean
open_backend (BooruSettings *self, GError **error)
{
  g_autoptr (GSettingsBackend) backend = NULL;

  if (self->keyfile)
    {
      if (!booru_settings_check_keyfile (self->schema, self->source, self->keyfile, error))
        return FALSE;
      backend = g_keyfile_settings_backend_new (self->keyfile, BOORU_SCHEMA_PATH,
                                                BOORU_SETTINGS_ROOT_GROUP);
    }
  if (self->settings)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  self->settings = g_settings_new_full (self->schema, backend, NULL);
  g_signal_connect (self->settings, "changed", G_CALLBACK (on_stored_changed), self);
  self->was_broken = FALSE;
  return TRUE;
}

static void
add_settings (BooruSettings *self)
{
  g_auto (GStrv) keys = g_settings_schema_list_keys (self->schema);

  for (guint i = 0; keys[i]; i++)
    {
      Setting *setting = g_new0 (Setting, 1);

      setting->schema_key = g_settings_schema_get_key (self->schema, keys[i]);
      setting->stored = g_settings_schema_key_get_default_value (setting->schema_key);
      g_hash_table_insert (self->by_key, g_strdup (keys[i]), setting);
    }
}

BooruSettings *
booru_settings_new (const char *schema_id, const char *keyfile, GError **error)
{
  g_autoptr (BooruSettings) self = g_object_new (BOORU_TYPE_SETTINGS, NULL);

  if (!find_schema (self, schema_id, error))
    return NULL;
  self->keyfile = booru_settings_dup_keyfile (keyfile);
  if (!open_backend (self, error))
    return NULL;
  add_settings (self);
  refresh_all (self);
  return g_steal_pointer (&self);
}

gboolean
booru_settings_reload (BooruSettings *self, GError **error)
{
  if (self->keyfile && !open_backend (self, error))
    return FALSE;
  refresh_all (self);
  return TRUE;
}

gboolean
booru_settings_bind_environment (BooruSettings *self,
                                 const char *key,
                                 const char *variable,
                                 GError **error)
{
  Setting *setting = get_setting (self, key);
  const char *text = g_getenv (variable);
  g_autoptr (GVariant) value = NULL;
  g_autofree char *wanted = NULL;

  if (text == NULL || *text == '\0' || setting->environment)
    return TRUE;

  value = booru_settings_parse (g_settings_schema_key_get_value_type (setting->schema_key), text);
  if (value && g_settings_schema_key_range_check (setting->schema_key, value))
    {
      replace_value (self, key, &setting->environment, value);
      return TRUE;
    }
  wanted = booru_settings_describe_key (setting->schema_key);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "The environment variable %s is “%s”, but the setting %s takes %s", variable, text,
               key, wanted);
  return FALSE;
}

static gboolean
check_value (Setting *setting, const char *key, GVariant *value, BooruError code, GError **error)
{
  g_autofree char *printed = NULL;
  g_autofree char *wanted = NULL;

  if (g_variant_is_of_type (value, g_settings_schema_key_get_value_type (setting->schema_key))
      && g_settings_schema_key_range_check (setting->schema_key, value))
    return TRUE;

  printed = g_variant_print (value, FALSE);
  wanted = booru_settings_describe_key (setting->schema_key);
  g_set_error (error, BOORU_ERROR, code, "%s cannot be %s: it takes %s", key, printed, wanted);
  return FALSE;
}

gboolean
booru_settings_set_option (BooruSettings *self, const char *key, GVariant *value, GError **error)
{
  Setting *setting = get_setting (self, key);
  g_autoptr (GVariant) sunk = value ? g_variant_ref_sink (value) : NULL;

  if (sunk && !check_value (setting, key, sunk, BOORU_ERROR_USAGE, error))
    return FALSE;
  replace_value (self, key, &setting->option, sunk);
  return TRUE;
}

/* @value: NULL: none, which leaves the default. */
static void
write_value (BooruSettings *self, const char *key, GVariant *value)
{
  if (value)
    g_settings_set_value (self->settings, key, value);
  else
    g_settings_reset (self->settings, key);
  g_settings_sync ();
  refresh (self, key);
}

/* A keyfile's backend that cannot write its file logs that, and goes on with what is in memory. */
static gboolean
is_written (BooruSettings *self, const char *key, GVariant *value)
{
  g_autoptr (GVariant) written = g_settings_get_user_value (self->settings, key);

  if (value ? !written || !g_variant_equal (written, value) : written != NULL)
    return FALSE;
  return self->keyfile == NULL
         || booru_settings_keyfile_holds (self->schema, self->keyfile, key, value);
}

gboolean
booru_settings_store (BooruSettings *self, const char *key, GVariant *value, GError **error)
{
  Setting *setting = get_setting (self, key);
  g_autoptr (GVariant) sunk = value ? g_variant_ref_sink (value) : NULL;

  if (sunk && !check_value (setting, key, sunk, BOORU_ERROR_INVALID, error))
    return FALSE;

  if (g_settings_is_writable (self->settings, key))
    {
      g_autoptr (GVariant) before = g_settings_get_user_value (self->settings, key);

      write_value (self, key, sunk);
      if (is_written (self, key, sunk))
        return TRUE;
      write_value (self, key, before);
    }
  g_set_error (
      error, BOORU_ERROR, BOORU_ERROR_DENIED,
      "Storing the setting %s in %s failed: the user %s cannot write to it. Change its owner, "
      "or edit it by hand",
      key, self->keyfile ?: "the user's settings", g_get_user_name ());
  return FALSE;
}

GVariant *
booru_settings_get (BooruSettings *self, const char *key)
{
  return g_variant_ref (setting_effective (get_setting (self, key)));
}

char *
booru_settings_get_string (BooruSettings *self, const char *key)
{
  return g_variant_dup_string (setting_effective (get_setting (self, key)), NULL);
}

char **
booru_settings_get_strv (BooruSettings *self, const char *key)
{
  return g_variant_dup_strv (setting_effective (get_setting (self, key)), NULL);
}

guint
booru_settings_get_uint (BooruSettings *self, const char *key)
{
  GVariant *value = setting_effective (get_setting (self, key));

  return g_variant_is_of_type (value, G_VARIANT_TYPE_UINT16) ? g_variant_get_uint16 (value)
                                                             : g_variant_get_uint32 (value);
}

gboolean
booru_settings_get_boolean (BooruSettings *self, const char *key)
{
  return g_variant_get_boolean (setting_effective (get_setting (self, key)));
}

BooruSettingOrigin
booru_settings_get_origin (BooruSettings *self, const char *key)
{
  Setting *setting = get_setting (self, key);

  if (setting->option)
    return BOORU_SETTING_OPTION;
  if (setting->environment)
    return BOORU_SETTING_ENVIRONMENT;
  return setting->is_stored ? BOORU_SETTING_STORED : BOORU_SETTING_DEFAULT;
}

const char *
booru_settings_get_keyfile (BooruSettings *self)
{
  return self->keyfile;
}

gboolean
booru_settings_has_key (BooruSettings *self, const char *key)
{
  return g_hash_table_contains (self->by_key, key);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

char **
booru_settings_list_keys (BooruSettings *self)
{
  char **keys = g_settings_schema_list_keys (self->schema);

  qsort (keys, g_strv_length (keys), sizeof *keys, compare_keys);
  return keys;
}

/* Between which values, or out of which. */
static void
describe_range (GSettingsSchemaKey *key, GVariantDict *dict)
{
  g_autoptr (GVariant) range = g_settings_schema_key_get_range (key);
  g_autoptr (GVariant) limits = NULL;
  const char *kind;

  g_variant_get (range, "(&sv)", &kind, &limits);
  if (g_str_equal (kind, "range"))
    {
      g_autoptr (GVariant) minimum = g_variant_get_child_value (limits, 0);
      g_autoptr (GVariant) maximum = g_variant_get_child_value (limits, 1);

      g_variant_dict_insert_value (dict, "minimum", g_variant_new_variant (minimum));
      g_variant_dict_insert_value (dict, "maximum", g_variant_new_variant (maximum));
    }
  else if (g_str_equal (kind, "enum"))
    g_variant_dict_insert_value (dict, "choices", limits);
}

GVariant *
booru_settings_describe (BooruSettings *self, const char *key)
{
  GSettingsSchemaKey *schema_key = get_setting (self, key)->schema_key;
  g_autoptr (GVariant) fallback = g_settings_schema_key_get_default_value (schema_key);
  g_autofree char *takes = booru_settings_describe_key (schema_key);
  const char *summary = g_settings_schema_key_get_summary (schema_key);
  const char *description = g_settings_schema_key_get_description (schema_key);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "summary", "s", summary ? summary : key);
  g_variant_dict_insert (&dict, "description", "s", description ? description : "");
  g_variant_dict_insert (&dict, "takes", "s", takes);
  g_variant_dict_insert_value (&dict, "default", g_variant_new_variant (fallback));
  describe_range (schema_key, &dict);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

GVariant *
booru_settings_dup_stored (BooruSettings *self, const char *key)
{
  Setting *setting = get_setting (self, key);

  return setting->is_stored ? g_variant_ref (setting->stored) : NULL;
}

GVariant *
booru_settings_to_dictionary (BooruSettings *self, gboolean options)
{
  g_auto (GVariantDict) dictionary = G_VARIANT_DICT_INIT (NULL);
  GHashTableIter iter;
  Setting *setting;
  gpointer key;

  g_hash_table_iter_init (&iter, self->by_key);
  while (g_hash_table_iter_next (&iter, &key, (gpointer *)&setting))
    g_variant_dict_insert_value (&dictionary, key,
                                 options ? setting_effective (setting)
                                         : setting->environment ?: setting->stored);
  return g_variant_take_ref (g_variant_dict_end (&dictionary));
}
