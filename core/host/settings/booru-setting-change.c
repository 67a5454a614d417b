/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-setting-change.h"

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"

/* Describing */

static gboolean
is_list (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY)
         || g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING_ARRAY);
}

static GStrv
dup_items (GVariant *list)
{
  return g_variant_is_of_type (list, G_VARIANT_TYPE_STRING_ARRAY)
             ? g_variant_dup_strv (list, NULL)
             : g_variant_dup_bytestring_array (list, NULL);
}

/* What is in @list, but not in @other. */
static void
append_difference (GString *out, const char *word, GVariant *list, GVariant *other)
{
  g_auto (GStrv) items = dup_items (list), others = dup_items (other);
  const char *separator = "";

  for (char **item = items; *item; item++)
    {
      g_autofree char *shown = g_filename_display_name (*item);

      if (g_strv_contains ((const char *const *)others, *item))
        continue;
      if (*separator == '\0')
        g_string_append_printf (out, "%s %s ", out->len ? ";" : "", word);
      g_string_append_printf (out, "%s“%s”", separator, shown);
      separator = ", ";
    }
}

/* A folder that lies in an added one is shown by that one from now on. */
static void
append_covered (GString *out, GVariant *before, GVariant *after)
{
  g_auto (GStrv) known = dup_items (before), folders = dup_items (after);

  for (char **folder = folders; *folder; folder++)
    for (char **inner = known; *inner; inner++)
      if (!g_strv_contains ((const char *const *)known, *folder)
          && booru_paths_is_inside (*inner, *folder))
        {
          g_autofree char *outer_shown = g_filename_display_name (*folder);
          g_autofree char *inner_shown = g_filename_display_name (*inner);

          g_string_append_printf (out,
                                  ". “%s” covers “%s”, which is part of it now. Its rules are kept",
                                  outer_shown, inner_shown);
        }
}

static char *
describe_lists (const char *summary, GVariant *before, GVariant *after)
{
  g_autoptr (GString) change = g_string_new (NULL);

  append_difference (change, "added", after, before);
  append_difference (change, "removed", before, after);
  if (g_variant_is_of_type (after, G_VARIANT_TYPE_BYTESTRING_ARRAY))
    append_covered (change, before, after);
  return g_strconcat (summary, " changed", change->len ? ":" : "", change->str, NULL);
}

char *
booru_setting_describe_change (BooruSettings *settings,
                               const char *key,
                               GVariant *before,
                               GVariant *after)
{
  g_autoptr (GVariant) facts = booru_settings_describe (settings, key);
  g_autofree char *printed = NULL, *shown = NULL;
  const char *summary = key;

  g_variant_lookup (facts, "summary", "&s", &summary);
  if (after == NULL)
    return g_strconcat (summary, " reset to the default", NULL);
  if (is_list (after))
    return describe_lists (summary, before, after);
  if (g_variant_is_of_type (after, G_VARIANT_TYPE_BOOLEAN))
    return g_strconcat (summary, g_variant_get_boolean (after) ? ": on" : ": off", NULL);
  if (g_variant_is_of_type (after, G_VARIANT_TYPE_STRING))
    return g_strdup_printf ("%s set to “%s”", summary, g_variant_get_string (after, NULL));
  if (g_variant_is_of_type (after, G_VARIANT_TYPE_BYTESTRING))
    {
      shown = g_filename_display_name (g_variant_get_bytestring (after));
      return g_strdup_printf ("%s set to “%s”", summary, shown);
    }
  if (g_variant_is_container (after))
    return g_strconcat (summary, " changed", NULL);
  printed = g_variant_print (after, FALSE);
  return g_strdup_printf ("%s set to %s", summary, printed);
}

/* Changing */

struct _BooruSettingChange
{
  BooruSettings *settings;
  char *schema, *key;
  GVariant *before; /* the effective value */
  GVariant *after;  /* NULL: the default */
  GVariant *stored; /* before; NULL: nothing was */
  GVariant *option; /* before, if @now */
  gboolean now;
};

void
booru_setting_change_free (BooruSettingChange *self)
{
  g_clear_object (&self->settings);
  g_free (self->schema);
  g_free (self->key);
  g_clear_pointer (&self->before, g_variant_unref);
  g_clear_pointer (&self->after, g_variant_unref);
  g_clear_pointer (&self->stored, g_variant_unref);
  g_clear_pointer (&self->option, g_variant_unref);
  g_free (self);
}

void
booru_setting_change_undo (BooruSettingChange *self)
{
  g_autoptr (GError) error = NULL;

  if (self->now)
    booru_settings_set_option (self->settings, self->key, self->option, NULL);
  if (!booru_settings_store (self->settings, self->key, self->stored, &error))
    g_warning ("The rejected value of the setting %s is still stored: %s", self->key,
               error->message);
}

char *
booru_setting_change_describe (BooruSettingChange *self)
{
  return booru_setting_describe_change (self->settings, self->key, self->before, self->after);
}

BooruConfig *
booru_setting_change_show (const BooruSettingChange *self, const char *plugin, BooruConfig *config)
{
  g_autofree char *own = g_strconcat (BOORU_SCHEMA_HOST ".", plugin, NULL);
  GVariant *values = booru_config_to_variant (config);
  g_autoptr (GVariant) told = g_variant_lookup_value (values, self->key, NULL);
  GVariantDict dictionary;

  if (self->after == NULL
      || !(g_str_equal (self->schema, BOORU_SCHEMA_HOST) || g_str_equal (self->schema, own))
      || (told && !g_variant_is_of_type (told, g_variant_get_type (self->after))))
    return booru_config_ref (config);
  g_variant_dict_init (&dictionary, values);
  g_variant_dict_insert_value (&dictionary, self->key, self->after);
  return booru_config_new (g_variant_dict_end (&dictionary));
}

/* What goes before stored values in this run is to be the same. */
static gboolean
override_run (BooruSettingChange *self, GError **error)
{
  BooruSettingOrigin origin = booru_settings_get_origin (self->settings, self->key);

  if (origin < BOORU_SETTING_ENVIRONMENT)
    return TRUE;
  self->now = TRUE;
  self->option = origin == BOORU_SETTING_OPTION ? g_variant_ref (self->before) : NULL;
  return booru_settings_set_option (self->settings, self->key, self->after, error);
}

BooruSettingChange *
booru_setting_change_new (BooruHostSettings *settings,
                          const char *schema,
                          const char *key,
                          GVariant *value,
                          gboolean now,
                          GError **error)
{
  g_autoptr (BooruSettingChange) self = g_new0 (BooruSettingChange, 1);

  self->after = value ? g_variant_ref_sink (value) : NULL;
  self->settings = booru_host_settings_find (settings, schema, error);
  if (self->settings == NULL)
    return NULL;
  if (!booru_settings_has_key (self->settings, key))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "There is no setting “%s” in %s: “booructl settings” lists all settings", key,
                   schema);
      return NULL;
    }
  self->schema = g_strdup (schema);
  self->key = g_strdup (key);
  self->before = booru_settings_get (self->settings, key);
  self->stored = booru_settings_dup_stored (self->settings, key);
  if (!booru_settings_store (self->settings, key, self->after, error))
    return NULL;
  if (!now || override_run (self, error))
    return g_steal_pointer (&self);
  booru_setting_change_undo (self);
  return NULL;
}
