/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <string.h>
#include <sysexits.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-settings-private.h"

typedef struct
{
  const char *schema;
  const char *key;
  GVariant *value;
  const char *origin;
  gboolean live;
} Setting;

#define SETTING_FORMAT "(&s&s@v&sb)"

/* "workers" or "web.base-url": as a keyfile has it, but in one word. */
static char *
make_short_name (const Setting *setting)
{
  if (g_str_equal (setting->schema, BOORU_SCHEMA_HOST))
    return g_strdup (setting->key);
  return g_strdup_printf ("%s.%s", setting->schema + strlen (BOORU_SCHEMA_HOST "."), setting->key);
}

static gboolean
is_named (const Setting *setting, const char *name)
{
  g_autofree char *short_name = make_short_name (setting);
  g_autofree char *long_name = g_strdup_printf ("%s:%s", setting->schema, setting->key);

  return g_str_equal (name, short_name) || g_str_equal (name, long_name);
}

/* Finds a setting in what ListSettings answered. Its texts belong to @settings. */
static gboolean
find (GVariant *settings, const char *name, Setting *found, GError **error)
{
  GVariantIter iter;

  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_next (&iter, SETTING_FORMAT, &found->schema, &found->key, &found->value,
                              &found->origin, &found->live))
    {
      g_autoptr (GVariant) boxed = found->value;

      found->value = g_variant_get_variant (boxed);
      if (is_named (found, name))
        return TRUE;
      g_clear_pointer (&found->value, g_variant_unref);
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
               "There is no setting “%s”: “booructl settings” lists all", name);
  return FALSE;
}

static JsonNode *
make_node (const Setting *setting)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "schema", setting->schema);
  json_object_set_string_member (object, "key", setting->key);
  json_object_set_member (object, "value", ctl_to_json (setting->value));
  json_object_set_string_member (object, "origin", setting->origin);
  json_object_set_boolean_member (object, "live", setting->live);
  return json_node_init_object (json_node_alloc (), object);
}

static void
list (Ctl *ctl, GVariant *settings)
{
  g_autoptr (JsonArray) array = json_array_new ();
  CtlTable *table = ctl_table_new ("SETTING", "VALUE", "FROM", "CHANGES", NULL);
  GVariantIter iter;
  Setting setting;

  g_variant_iter_init (&iter, settings);
  while (g_variant_iter_next (&iter, SETTING_FORMAT, &setting.schema, &setting.key, &setting.value,
                              &setting.origin, &setting.live))
    {
      g_autoptr (GVariant) boxed = setting.value;
      g_autoptr (GVariant) value = g_variant_get_variant (boxed);
      g_autofree char *name = make_short_name (&setting);
      g_autofree char *shown = ctl_dup_value (value);

      setting.value = value;
      ctl_table_add (table, CTL_PLAIN, name, shown, setting.origin,
                     setting.live ? "at once" : "at the next start", NULL);
      json_array_add_element (array, make_node (&setting));
    }
  if (!ctl->json)
    ctl_table_print (table);
  else
    {
      ctl_table_free (table);
      ctl_print_json (json_node_init_array (json_node_alloc (), array));
    }
}

static void
show (Ctl *ctl, const Setting *setting)
{
  g_autofree char *shown = ctl_dup_value (setting->value);

  if (ctl->json)
    ctl_print_json (make_node (setting));
  else
    g_print ("%s\n", shown);
}

/* As gsettings(1) writes it, or in the words that variables of the environment use. */
static GVariant *
parse_value (const Setting *setting, const char *text, GError **error)
{
  const GVariantType *type = g_variant_get_type (setting->value);
  GVariant *value = NULL;

  if (*text == '[' && g_variant_type_is_array (type))
    value = g_variant_parse (type, text, NULL, NULL, NULL);
  if (value == NULL)
    value = booru_settings_parse (type, text);
  if (value == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "“%s” is not a value of type %s, which the setting %s needs", text,
                 g_variant_type_peek_string (type), setting->key);
  return value;
}

/* A stored value may be overridden. */
static gboolean
tell_effect (Ctl *ctl, const char *name, GError **error)
{
  g_autoptr (GVariant) settings = NULL;
  Setting setting;

  if (!booru_host1_call_list_settings_sync (ctl->host, &settings, NULL, error)
      || !find (settings, name, &setting, error))
    return FALSE;
  if (g_str_equal (setting.origin, "option") || g_str_equal (setting.origin, "environment"))
    g_printerr ("booructl: stored, but overridden by %s while this host runs\n",
                g_str_equal (setting.origin, "option") ? "a command-line option"
                                                       : "an environment variable");
  else if (!setting.live)
    g_printerr ("booructl: stored; takes effect at the next start of the host\n");
  show (ctl, &setting);
  g_variant_unref (setting.value);
  return TRUE;
}

static int
run (Ctl *ctl, GError **error)
{
  const char *name = ctl->arguments[0];
  const char *text = name ? ctl->arguments[1] : NULL;
  g_autoptr (GVariant) settings = NULL;
  g_autoptr (GVariant) old = NULL;
  g_autoptr (GVariant) value = NULL;
  Setting setting;

  if (ctl->reset && (name == NULL || text))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE, "Usage: “booructl settings --reset KEY”");
      return EX_OK;
    }
  if (!booru_host1_call_list_settings_sync (ctl->host, &settings, NULL, error))
    return EX_OK;
  if (name == NULL)
    {
      list (ctl, settings);
      return EX_OK;
    }
  if (!find (settings, name, &setting, error))
    return EX_OK;
  old = setting.value;
  if (!ctl->reset && text == NULL)
    show (ctl, &setting);
  else if (ctl->reset)
    {
      if (booru_host1_call_reset_setting_sync (ctl->host, setting.schema, setting.key, NULL, error))
        tell_effect (ctl, name, error);
    }
  else
    {
      value = parse_value (&setting, text, error);
      if (value
          && booru_host1_call_set_setting_sync (ctl->host, setting.schema, setting.key,
                                                g_variant_new_variant (value), NULL, error))
        tell_effect (ctl, name, error);
    }
  return EX_OK;
}

const CtlVerb ctl_verb_settings = {
  "settings", "[KEY [VALUE]]", "Show or change settings, and where each value comes from", 0, 2,
  run,
};
