/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What “booructl doctor” asks this program, because it alone knows: the plugins. */
#include "booru-host-describe.h"

#include "base/booru-paths.h"
#include "booru-build-config.h"
#include "host/plugins/booru-poison.h"
#include "host/plugins/booru-probe.h"

/* Those that were found to crash are not tried again to tell so. */
static GPtrArray *
select_tried (GPtrArray *available, BooruPoison *poison)
{
  GPtrArray *tried = g_ptr_array_new ();

  for (guint i = 0; i < available->len; i++)
    if (poison == NULL || booru_poison_find (poison, available->pdata[i]) == NULL)
      g_ptr_array_add (tried, available->pdata[i]);
  return tried;
}

/* A missing or circular dependency makes a plugin as useless as a broken module. */
static char *
dup_fault (GPtrArray *available, BooruPluginInfo *info, const GError *found)
{
  const char *names[] = { booru_plugin_info_get_name (info), NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) resolved = NULL;

  if (found)
    return g_strdup (found->message);
  resolved = booru_plugin_resolve (available, names, &error);
  return resolved ? NULL : g_strdup (error->message);
}

static GVariant *
describe_plugin (BooruPluginInfo *info, const char *fault, const char *avoided)
{
  g_auto (GVariantDict) facts = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&facts, "essential", "b", booru_plugin_info_is_essential (info));
  g_variant_dict_insert (&facts, "path", "^ay", booru_plugin_info_get_path (info));
  g_variant_dict_insert (&facts, "module", "^ay", booru_plugin_info_get_module_path (info));
  if (fault)
    g_variant_dict_insert (&facts, "error", "s", fault);
  if (avoided)
    g_variant_dict_insert (&facts, "avoided", "s", avoided);
  return g_variant_new ("(s@a{sv})", booru_plugin_info_get_name (info),
                        g_variant_dict_end (&facts));
}

static GVariant *
describe_plugins (GPtrArray *available, BooruPoison *poison)
{
  g_autoptr (GPtrArray) tried = select_tried (available, poison);
  g_autoptr (GPtrArray) faults = booru_probe_plugins (tried);
  GVariantBuilder plugins;

  g_variant_builder_init (&plugins, G_VARIANT_TYPE ("a(sa{sv})"));
  for (guint i = 0; i < available->len; i++)
    {
      BooruPluginInfo *info = available->pdata[i];
      const char *avoided = poison ? booru_poison_find (poison, info) : NULL;
      g_autofree char *fault = NULL;
      guint at;

      if (g_ptr_array_find (tried, info, &at))
        fault = dup_fault (available, info, faults->pdata[at]);
      g_variant_builder_add_value (&plugins, describe_plugin (info, fault, avoided));
    }
  return g_variant_builder_end (&plugins);
}

/**
 * booru_host_describe:
 * @data_dir: (nullable): the data folder, which may not exist
 *
 * Loads each plugin on trial, in a process of its own.
 *
 * Returns: (transfer full): a text of the GVariant type a{sv}: version (s), plugin-path (aay),
 *   plugins (a(sa{sv}): name, and essential (b), path (ay), module (ay), error (s, why it cannot be
 *   used), avoided (s, why it is left alone)), faults (as, of metadata that cannot be used)
 */
char *
booru_host_describe (const char *data_dir)
{
  const char *const *path = booru_paths_get_plugin_path ();
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) available = booru_plugin_discover_all (path, faults);
  g_autoptr (BooruPoison) poison = data_dir ? booru_poison_new (data_dir) : NULL;
  g_auto (GVariantDict) facts = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) all = NULL;

  g_variant_dict_insert (&facts, "version", "s", BOORU_VERSION);
  g_variant_dict_insert (&facts, "plugin-path", "^aay", path);
  g_variant_dict_insert_value (&facts, "plugins", describe_plugins (available, poison));
  g_variant_dict_insert_value (
      &facts, "faults",
      g_variant_new_strv ((const char *const *)faults->pdata, (gssize)faults->len));
  all = g_variant_ref_sink (g_variant_dict_end (&facts));
  return g_variant_print (all, TRUE);
}
