/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which plugins run, and how broken ones are kept from harming the others. */
#include "booru-host-plugins.h"

#include <string.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-probe.h"

static BooruPluginInfo *
find_plugin (GPtrArray *plugins, const char *name)
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

  if (find_plugin (available, name))
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

/**
 * booru_host_plugins_choose:
 * @options: the command line
 * @settings: those of BOORU_SCHEMA_HOST
 * @available: all plugins there are
 * @error: BOORU_ERROR_CONFIG for an option with a name that no plugin has, naming those that there
 *   are
 *
 * Returns: (transfer full): the names of the plugins to run, without their dependencies
 */
GStrv
booru_host_plugins_choose (const BooruHostOptions *options,
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

/* Loading */

/* Two services of one name, or two processes of one name in ps, would be taken for each other. */
static gboolean
check_services (GPtrArray *loaded, BooruPluginInfo *info, GError **error)
{
  GPtrArray *services = booru_plugin_info_get_services (info);

  for (guint i = 0; i < loaded->len; i++)
    {
      GPtrArray *others = booru_plugin_info_get_services (loaded->pdata[i]);

      for (guint j = 0; j < others->len * services->len; j++)
        {
          const BooruService *other = others->pdata[j / services->len];
          const BooruService *service = services->pdata[j % services->len];

          if (!g_str_equal (other->name, service->name))
            continue;
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                       "The plugin %s has a service “%s”, but so has the plugin %s: enable one of "
                       "them only",
                       booru_plugin_info_get_name (info), service->name,
                       booru_plugin_info_get_name (loaded->pdata[i]));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_dependencies (const BooruHostOptions *options,
                    GPtrArray *loaded,
                    BooruPluginInfo *info,
                    GError **error)
{
  const char *const *depends = booru_plugin_info_get_depends (info);

  for (; *depends; depends++)
    {
      if (g_strv_contains ((const char *const *)options->disable_plugins, *depends))
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
                       "The plugin %s depends on the plugin %s, which --disable-plugin=%s takes "
                       "away: disable both, or none",
                       booru_plugin_info_get_name (info), *depends, *depends);
          return FALSE;
        }
      if (!find_plugin (loaded, *depends))
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                       "The plugin %s depends on the plugin %s, which cannot be used",
                       booru_plugin_info_get_name (info), *depends);
          return FALSE;
        }
    }
  return TRUE;
}

/* The plugins in the order in which they are named, each behind what it depends on. One whose
 * dependencies are missing or run in a circle is left out, unless it is essential. */
static GPtrArray *
resolve (GPtrArray *available, const char *const *names, GError **error)
{
  g_autoptr (GPtrArray) ordered = g_ptr_array_new ();

  for (; *names; names++)
    {
      const char *single[] = { *names, NULL };
      g_autoptr (GError) local_error = NULL;
      g_autoptr (GPtrArray) plugins = booru_plugin_resolve (available, single, &local_error);
      BooruPluginInfo *info = find_plugin (available, *names);

      for (guint i = 0; plugins && i < plugins->len; i++)
        if (!g_ptr_array_find (ordered, plugins->pdata[i], NULL))
          g_ptr_array_add (ordered, plugins->pdata[i]);
      if (plugins)
        continue;
      if (info && !booru_plugin_info_is_essential (info))
        g_warning ("%s; going on without the plugin %s", local_error->message, *names);
      else
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }
  return g_steal_pointer (&ordered);
}

static void
clear_fault (gpointer fault)
{
  if (fault)
    g_error_free (fault);
}

/* Whether a plugin that failed badly before is to be left alone. Who asks for it by name gets it.
 */
static GError *
find_poison (const BooruHostOptions *options, BooruPoison *poison, BooruPluginInfo *info)
{
  const char *name = booru_plugin_info_get_name (info);
  GError *error = NULL;

  if (g_strv_contains ((const char *const *)options->enable_plugins, name))
    booru_poison_forget (poison, name);
  else
    booru_poison_check (poison, info, &error);
  return error;
}

/* What is wrong with each of @plugins; modules that are loaded already have stood the test. What
 * crashes or hangs on trial is remembered. */
static GPtrArray *
probe_new (const BooruHostOptions *options, GPtrArray *plugins, BooruPoison *poison)
{
  g_autoptr (GPtrArray) unknown = g_ptr_array_new ();
  g_autoptr (GPtrArray) found = NULL;
  GPtrArray *faults = g_ptr_array_new_with_free_func (clear_fault);

  for (guint i = 0; i < plugins->len; i++)
    {
      BooruPluginInfo *info = plugins->pdata[i];
      gboolean known = booru_plugin_info_knows_services (info);

      g_ptr_array_add (faults, known ? NULL : find_poison (options, poison, info));
      if (!known && faults->pdata[i] == NULL)
        g_ptr_array_add (unknown, info);
    }
  found = booru_probe_plugins (unknown);
  for (guint i = 0; i < plugins->len; i++)
    {
      guint at;

      if (!g_ptr_array_find (unknown, plugins->pdata[i], &at) || found->pdata[at] == NULL)
        continue;
      faults->pdata[i] = g_error_copy (found->pdata[at]);
      if (g_error_matches (found->pdata[at], BOORU_ERROR, BOORU_ERROR_FAILED))
        booru_poison_add (poison, plugins->pdata[i], ((GError *)found->pdata[at])->message);
    }
  return faults;
}

/**
 * booru_host_plugins_load:
 * @options: the command line
 * @available: all plugins there are
 * @names: those to run
 * @poison: those that crashed or hung before
 * @known_faults: name → why a plugin cannot be used; kept up to date
 * @error: BOORU_ERROR_CONFIG naming the essential plugin that cannot be used, and why
 *
 * Loads the modules of the plugins named and of those that they depend on. A plugin that is broken
 * and not essential is an error in the log, and left out with all that depends on it. Each module
 * is tried in a process of its own first: one that crashes or hangs when it is loaded costs only
 * itself.
 *
 * Returns: (transfer full): the plugins, dependencies first
 */
GPtrArray *
booru_host_plugins_load (const BooruHostOptions *options,
                         GPtrArray *available,
                         const char *const *names,
                         BooruPoison *poison,
                         GHashTable *known_faults,
                         GError **error)
{
  g_autoptr (GPtrArray) plugins = resolve (available, names, error);
  g_autoptr (GPtrArray) loaded = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) faults = NULL;

  if (plugins == NULL)
    return NULL;

  faults = probe_new (options, plugins, poison);
  for (guint i = 0; i < plugins->len; i++)
    {
      BooruPluginInfo *info = plugins->pdata[i];
      g_autoptr (GError) local_error = NULL;

      if (faults->pdata[i])
        local_error = g_error_copy (faults->pdata[i]);
      else if (check_dependencies (options, loaded, info, &local_error)
               && check_services (loaded, info, &local_error))
        {
          g_ptr_array_add (loaded, g_object_ref (info));
          g_hash_table_remove (known_faults, booru_plugin_info_get_name (info));
          continue;
        }

      g_hash_table_insert (known_faults, g_strdup (booru_plugin_info_get_name (info)),
                           g_strdup (local_error->message));
      if (booru_plugin_info_is_essential (info)
          || g_error_matches (local_error, BOORU_ERROR, BOORU_ERROR_USAGE))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      g_warning ("%s; going on without it", local_error->message);
    }
  return g_steal_pointer (&loaded);
}

/**
 * booru_host_plugins_list:
 * @available: all plugins there are
 * @names: those that would run
 *
 * Returns: (transfer full): a paragraph for each plugin
 */
char *
booru_host_plugins_list (GPtrArray *available, const char *const *names)
{
  g_autoptr (GPtrArray) faults = booru_probe_plugins (available);
  g_autoptr (GPtrArray) needed = booru_plugin_resolve (available, names, NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < available->len; i++)
    {
      BooruPluginInfo *info = available->pdata[i];
      const char *name = booru_plugin_info_get_name (info);
      const char *single[] = { name, NULL };
      g_autoptr (GError) fault = faults->pdata[i] ? g_error_copy (faults->pdata[i]) : NULL;
      g_autoptr (GPtrArray) resolved
          = booru_plugin_resolve (available, single, fault ? NULL : &fault);
      gboolean enabled
          = g_strv_contains (names, name) || (needed && g_ptr_array_find (needed, info, NULL));
      g_autofree char *path = g_filename_display_name (booru_plugin_info_get_path (info));

      g_string_append_printf (out, "%-16s %-8s %-9s %s\n", name,
                              fault     ? "broken"
                              : enabled ? "enabled"
                                        : "disabled",
                              booru_plugin_info_is_essential (info) ? "essential" : "-",
                              booru_plugin_info_get_description (info));
      if (fault)
        g_string_append_printf (out, "%-16s %s\n", "", fault->message);
      g_string_append_printf (out, "%-16s %s\n", "", path);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
