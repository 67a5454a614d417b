/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-plugin-choice.h"

#include <string.h>

#include "base/booru-error.h"
#include "base/booru-names.h"

BooruPluginInfo *
booru_plugin_find (GPtrArray *plugins, const char *name)
{
  for (guint i = 0; i < plugins->len; i++)
    if (g_str_equal (booru_plugin_info_get_name (plugins->pdata[i]), name))
      return plugins->pdata[i];
  return NULL;
}

static gboolean
check_known (GPtrArray *available, const char *name, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  if (booru_plugin_find (available, name))
    return TRUE;
  for (guint i = 0; i < available->len; i++)
    g_string_append_printf (known, "%s%s", i ? ", " : "",
                            booru_plugin_info_get_name (available->pdata[i]));
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "There is no plugin “%s”. Known plugins: %s. (%s names more folders to look in)",
               name, known->len ? known->str : "none", BOORU_ENV_PLUGIN_PATH);
  return FALSE;
}

static void
add_name (GPtrArray *names, const char *name)
{
  if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

static gboolean
remove_name (GPtrArray *names, const char *name)
{
  guint at;

  if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, &at))
    return FALSE;
  g_ptr_array_remove_index (names, at);
  return TRUE;
}

/* BOORU_MONITOR_ENABLED stands between the options and the setting enabled-plugins. */
static gboolean
apply_monitor_variable (GPtrArray *names, GError **error)
{
  static const char *const variables[]
      = { BOORU_ENV_MONITOR_ENABLED, BOORU_ENV_MONITOR_ENABLED_ORIGINAL };

  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      const char *text = g_getenv (variables[i]);
      gboolean wanted;

      if (text == NULL || *text == '\0')
        continue;
      if (!booru_settings_parse_boolean (text, &wanted))
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                       "The environment variable %s is “%s”, but takes 1 or 0", variables[i], text);
          return FALSE;
        }
      if (wanted)
        add_name (names, BOORU_PLUGIN_MONITOR);
      else
        remove_name (names, BOORU_PLUGIN_MONITOR);
      return TRUE;
    }
  return TRUE;
}

/* A name in the settings that no plugin has, as when a package was removed, is no reason not to
 * serve. */
static void
drop_unknown (GPtrArray *names, GPtrArray *available)
{
  for (guint i = names->len; i > 0; i--)
    {
      g_autoptr (GError) error = NULL;

      if (check_known (available, names->pdata[i - 1], &error))
        continue;
      g_warning ("The setting enabled-plugins: %s. Going on without it", error->message);
      g_ptr_array_remove_index (names, i - 1);
    }
}

GStrv
booru_plugin_choose (const BooruHostOptions *options,
                     BooruSettings *settings,
                     GPtrArray *available,
                     GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) stored = booru_settings_get_strv (settings, "enabled-plugins");

  for (char **name = stored; *name; name++)
    add_name (names, *name);
  if (!apply_monitor_variable (names, error))
    return NULL;
  if (options->dev)
    remove_name (names, BOORU_PLUGIN_MONITOR);
  for (char **name = options->disable_plugins; *name; name++)
    if (!remove_name (names, *name) && !check_known (available, *name, error))
      return NULL;
  drop_unknown (names, available);

  for (char **name = options->enable_plugins; *name; name++)
    {
      if (!check_known (available, *name, error))
        return NULL;
      add_name (names, *name);
    }
  g_ptr_array_add (names, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}
