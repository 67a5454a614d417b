/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What administrators are told of the settings. */
#include "booru-control-settings.h"

#include "base/booru-names.h"

static const char *const origins[] = { "default", "stored", "environment", "option" };

typedef void (*AddFunc) (GVariantBuilder *builder,
                         const char *schema,
                         const char *key,
                         BooruSettings *settings);

static void
add_schema (GVariantBuilder *builder, const char *schema, BooruSettings *settings, AddFunc add)
{
  g_auto (GStrv) keys = booru_settings_list_keys (settings);

  for (char **key = keys; *key; key++)
    add (builder, schema, *key, settings);
}

/* Of the host itself, then of each plugin that there is. */
static GVariant *
collect (const BooruControlModel *model, const char *type, AddFunc add)
{
  BooruHostSettings *all = model->parts->settings;
  GPtrArray *available = booru_plugin_set_get_available (model->parts->plugins);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (type));
  add_schema (&builder, BOORU_SCHEMA_HOST, booru_host_settings_get_own (all), add);
  for (guint i = 0; i < available->len; i++)
    {
      const char *name = booru_plugin_info_get_name (available->pdata[i]);
      g_autofree char *schema = g_strconcat (BOORU_SCHEMA_HOST ".", name, NULL);
      g_autoptr (BooruSettings) settings = NULL;

      if (booru_host_settings_open_plugin (all, name, &settings, NULL) && settings)
        add_schema (&builder, schema, settings, add);
    }
  return g_variant_builder_end (&builder);
}

static void
add_value (GVariantBuilder *builder, const char *schema, const char *key, BooruSettings *settings)
{
  g_autoptr (GVariant) value = booru_settings_get (settings, key);

  g_variant_builder_add (builder, "(ssvsb)", schema, key, value,
                         origins[booru_settings_get_origin (settings, key)],
                         booru_host_setting_is_live (schema, key));
}

static void
add_description (GVariantBuilder *builder,
                 const char *schema,
                 const char *key,
                 BooruSettings *settings)
{
  g_autoptr (GVariant) value = booru_settings_get (settings, key);
  g_autoptr (GVariant) stored = booru_settings_dup_stored (settings, key);
  g_autoptr (GVariant) schema_says = booru_settings_describe (settings, key);
  GVariantDict dict;

  g_variant_dict_init (&dict, schema_says);
  g_variant_dict_insert_value (&dict, "value", g_variant_new_variant (value));
  if (stored)
    g_variant_dict_insert_value (&dict, "stored", g_variant_new_variant (stored));
  g_variant_dict_insert (&dict, "origin", "s", origins[booru_settings_get_origin (settings, key)]);
  g_variant_dict_insert (&dict, "live", "b", booru_host_setting_is_live (schema, key));
  g_variant_builder_add (builder, "(ss@a{sv})", schema, key, g_variant_dict_end (&dict));
}

GVariant *
booru_control_list_settings (const BooruControlModel *model)
{
  return collect (model, "a(ssvsb)", add_value);
}

GVariant *
booru_control_describe_settings (const BooruControlModel *model)
{
  return collect (model, "a(ssa{sv})", add_description);
}
