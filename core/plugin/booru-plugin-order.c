/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/booru-plugin-info.h"

#include "base/booru-error.h"

#define METADATA_SUFFIX ".plugin"

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static int
compare_plugins (gconstpointer a, gconstpointer b)
{
  BooruPluginInfo *const *first = a;
  BooruPluginInfo *const *second = b;

  return g_strcmp0 (booru_plugin_info_get_name (*first), booru_plugin_info_get_name (*second));
}

static BooruPluginInfo *
find_plugin (GPtrArray *plugins, const char *name)
{
  for (guint i = 0; i < plugins->len; i++)
    {
      BooruPluginInfo *plugin = g_ptr_array_index (plugins, i);

      if (g_str_equal (booru_plugin_info_get_name (plugin), name))
        return plugin;
    }
  return NULL;
}

typedef struct
{
  GPtrArray *found; /* BooruPluginInfo */
  guint n_before;   /* of those, in folders that take precedence */
  GPtrArray *faults;
  GPtrArray *broken; /* BooruPluginInfo */
} Discovery;

static void
add_broken (Discovery *self, const char *path, char *fault)
{
  BooruPluginInfo *plugin = booru_plugin_info_new_broken (path, fault);

  if (plugin)
    g_ptr_array_add (self->broken, plugin);
  g_ptr_array_add (self->faults, fault);
}

/* Two of a name in one folder are a mistake. */
static void
add_plugin (Discovery *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPluginInfo) plugin = booru_plugin_info_new_from_file (path, &error);
  BooruPluginInfo *first;
  guint at;

  if (plugin == NULL)
    {
      add_broken (self, path, g_strdup (error->message));
      return;
    }
  first = find_plugin (self->found, booru_plugin_info_get_name (plugin));
  if (first == NULL)
    g_ptr_array_add (self->found, g_steal_pointer (&plugin));
  else if (g_ptr_array_find (self->found, first, &at) && at >= self->n_before)
    add_broken (self, path,
                g_strdup_printf ("Plugin metadata “%s”: “%s” has the name %s already", path,
                                 booru_plugin_info_get_path (first),
                                 booru_plugin_info_get_name (first)));
  else
    g_debug ("“%s” is hidden by “%s”", path, booru_plugin_info_get_path (first));
}

/* In the order of names, so that what is found does not depend on the file system. */
static GPtrArray *
list_folder (const char *folder)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_strings);
  return paths;
}

static void
discover_in (Discovery *self, const char *folder, gboolean with_folders)
{
  g_autoptr (GPtrArray) paths = list_folder (folder);

  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = g_ptr_array_index (paths, i);

      if (g_str_has_suffix (path, METADATA_SUFFIX))
        add_plugin (self, path);
      else if (with_folders && g_file_test (path, G_FILE_TEST_IS_DIR))
        discover_in (self, path, FALSE);
    }
}

/* Those that are broken are shown unless they only stand in for one that is not. */
static void
take_over_broken (Discovery *self)
{
  for (guint i = 0; i < self->broken->len; i++)
    if (!find_plugin (self->found, booru_plugin_info_get_name (self->broken->pdata[i])))
      g_ptr_array_add (self->found, g_object_ref (self->broken->pdata[i]));
}

static GPtrArray *
discover (const char *const *search_path, GPtrArray *faults, gboolean with_broken)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) broken = g_ptr_array_new_with_free_func (g_object_unref);
  Discovery discovery = { found, 0, faults, broken };

  for (guint i = 0; search_path[i]; i++)
    {
      discovery.n_before = found->len;
      discover_in (&discovery, search_path[i], TRUE);
    }
  if (with_broken)
    take_over_broken (&discovery);
  g_ptr_array_sort (found, compare_plugins);
  return found;
}

GPtrArray *
booru_plugin_discover_all (const char *const *search_path, GPtrArray *faults)
{
  return discover (search_path, faults, FALSE);
}

GPtrArray *
booru_plugin_discover (const char *const *search_path)
{
  g_autoptr (GPtrArray) faults = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *found = discover (search_path, faults, TRUE);

  for (guint i = 0; i < faults->len; i++)
    g_warning ("%s. The plugin is skipped", (char *)faults->pdata[i]);
  for (guint i = 0; i < found->len; i++)
    for (const char *const *text = booru_plugin_info_get_warnings (found->pdata[i]); *text; text++)
      g_warning ("Plugin metadata “%s”: %s", booru_plugin_info_get_path (found->pdata[i]), *text);
  return found;
}

/* A depth-first topological sort. */
typedef struct
{
  GPtrArray *available;
  GPtrArray *ordered; /* what is done, dependencies first */
  GPtrArray *way;     /* what is being looked at, each needing the next */
} Sort;

static void
set_cycle_error (const Sort *sort, BooruPluginInfo *plugin, GError **error)
{
  g_autoptr (GString) ring = g_string_new (NULL);
  guint start = 0;

  g_ptr_array_find (sort->way, plugin, &start);
  for (guint i = start; i < sort->way->len; i++)
    g_string_append_printf (ring, "%s → ", booru_plugin_info_get_name (sort->way->pdata[i]));
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "The plugin %s depends on itself: %s%s. Disable one of them",
               booru_plugin_info_get_name (plugin), ring->str, booru_plugin_info_get_name (plugin));
}

static void
set_missing_error (const Sort *sort, const char *name, GError **error)
{
  if (sort->way->len == 0)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                 "There is no plugin “%s”. --list-plugins shows the available ones", name);
  else
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                 "The plugin %s depends on the plugin “%s”, which is not installed",
                 booru_plugin_info_get_name (sort->way->pdata[sort->way->len - 1]), name);
}

static gboolean
visit (Sort *sort, const char *name, GError **error)
{
  BooruPluginInfo *plugin = find_plugin (sort->available, name);
  const char *const *depends;
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  if (plugin == NULL)
    {
      set_missing_error (sort, name, error);
      return FALSE;
    }
  if (g_ptr_array_find (sort->ordered, plugin, NULL))
    return TRUE;
  if (g_ptr_array_find (sort->way, plugin, NULL))
    {
      set_cycle_error (sort, plugin, error);
      return FALSE;
    }

  depends = booru_plugin_info_get_depends (plugin);
  for (guint i = 0; depends[i]; i++)
    g_ptr_array_add (sorted, (gpointer)depends[i]);
  g_ptr_array_sort (sorted, compare_strings);

  g_ptr_array_add (sort->way, plugin);
  for (guint i = 0; i < sorted->len; i++)
    {
      if (!visit (sort, g_ptr_array_index (sorted, i), error))
        return FALSE;
    }
  g_ptr_array_set_size (sort->way, (int)sort->way->len - 1);
  g_ptr_array_add (sort->ordered, plugin);
  return TRUE;
}

/**
 * booru_plugin_resolve:
 * @available: (element-type BooruPluginInfo): the plugins that there are
 * @names: those wanted
 * @error: %BOORU_ERROR_CONFIG naming the plugin and its missing or circular dependency
 *
 * Returns: (transfer container) (element-type BooruPluginInfo): the plugins to load, in this order;
 *   they belong to @available
 */
GPtrArray *
booru_plugin_resolve (GPtrArray *available, const char *const *names, GError **error)
{
  g_autoptr (GPtrArray) ordered = g_ptr_array_new ();
  g_autoptr (GPtrArray) way = g_ptr_array_new ();
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  Sort sort = { available, ordered, way };

  for (guint i = 0; names[i]; i++)
    g_ptr_array_add (wanted, (gpointer)names[i]);
  g_ptr_array_sort (wanted, compare_strings);
  for (guint i = 0; i < wanted->len; i++)
    {
      if (!visit (&sort, g_ptr_array_index (wanted, i), error))
        return NULL;
    }
  return g_steal_pointer (&ordered);
}
