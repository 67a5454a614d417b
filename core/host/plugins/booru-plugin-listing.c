/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-plugin-listing.h"

#include "base/booru-paths.h"
#include "booru-build-config.h"
#include "booru-poison.h"
#include "booru-probe.h"

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

char *
booru_plugin_listing_describe (const char *data_dir)
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

char *
booru_plugin_listing_print (GPtrArray *available, const char *const *names)
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
