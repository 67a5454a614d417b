/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-plugin-watch.h"

#include "booru-file-stamp.h"

/* How long nothing may happen to the files before they are read: they are written piece by piece,
 * and several at once. */
#define QUIET_MS 500

struct _BooruPluginWatch
{
  GObject parent_instance;

  GPtrArray *plugins;   /* BooruPluginInfo */
  GHashTable *stamps;   /* name → what a plugin's files looked like */
  GHashTable *monitors; /* folder → GFileMonitor */
  guint quiet;          /* source */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BooruPluginWatch, booru_plugin_watch, G_TYPE_OBJECT)

/* Stamps */

/* NULL: a file is missing. It is about to be replaced, or will not be missed before the next
 * start. */
static char *
stamp_plugin (BooruPluginInfo *info)
{
  g_autofree char *metadata = booru_file_stamp (booru_plugin_info_get_path (info));
  g_autofree char *module = booru_file_stamp (booru_plugin_info_get_module_path (info));

  return metadata && module ? g_strdup_printf ("%s; %s", metadata, module) : NULL;
}

GPtrArray *
booru_plugin_watch_take_changed (BooruPluginWatch *self)
{
  GPtrArray *changed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->plugins->len; i++)
    {
      BooruPluginInfo *info = self->plugins->pdata[i];
      const char *name = booru_plugin_info_get_name (info);
      g_autofree char *stamp = stamp_plugin (info);

      if (stamp == NULL || g_strcmp0 (stamp, g_hash_table_lookup (self->stamps, name)) == 0)
        continue;
      g_ptr_array_add (changed, g_object_ref (info));
      g_hash_table_insert (self->stamps, g_strdup (name), g_steal_pointer (&stamp));
    }
  return changed;
}

/* Watching */

static gboolean
on_quiet (gpointer user_data)
{
  BooruPluginWatch *self = user_data;

  self->quiet = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
is_watched (BooruPluginWatch *self, GFile *file)
{
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  for (guint i = 0; path && i < self->plugins->len; i++)
    if (g_str_equal (path, booru_plugin_info_get_path (self->plugins->pdata[i]))
        || g_str_equal (path, booru_plugin_info_get_module_path (self->plugins->pdata[i])))
      return TRUE;
  return FALSE;
}

static void
on_file_changed (GFileMonitor *monitor,
                 GFile *file,
                 GFile *other,
                 GFileMonitorEvent event,
                 gpointer user_data)
{
  BooruPluginWatch *self = user_data;

  if (!is_watched (self, file) && !is_watched (self, other))
    return;
  g_clear_handle_id (&self->quiet, g_source_remove);
  self->quiet = g_timeout_add (QUIET_MS, on_quiet, self);
}

static void
watch_folder_of (BooruPluginWatch *self, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  g_autoptr (GError) error = NULL;
  GFileMonitor *monitor;

  if (g_hash_table_contains (self->monitors, folder))
    return;
  monitor = g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
  if (monitor == NULL)
    {
      g_warning ("Changes in “%s” are not noticed, send SIGHUP instead: %s", folder,
                 error->message);
      return;
    }
  g_signal_connect (monitor, "changed", G_CALLBACK (on_file_changed), self);
  g_hash_table_insert (self->monitors, g_steal_pointer (&folder), monitor);
}

void
booru_plugin_watch_set_plugins (BooruPluginWatch *self, GPtrArray *plugins)
{
  g_autoptr (GPtrArray) changed = NULL;

  g_ptr_array_ref (plugins);
  g_clear_pointer (&self->plugins, g_ptr_array_unref);
  self->plugins = plugins;
  for (guint i = 0; i < plugins->len; i++)
    {
      watch_folder_of (self, booru_plugin_info_get_path (plugins->pdata[i]));
      watch_folder_of (self, booru_plugin_info_get_module_path (plugins->pdata[i]));
    }
  changed = booru_plugin_watch_take_changed (self);
}

/* Life */

static void
booru_plugin_watch_finalize (GObject *object)
{
  BooruPluginWatch *self = BOORU_PLUGIN_WATCH (object);
  GHashTableIter iter;
  gpointer monitor;

  g_clear_handle_id (&self->quiet, g_source_remove);
  g_hash_table_iter_init (&iter, self->monitors);
  while (g_hash_table_iter_next (&iter, NULL, &monitor))
    g_signal_handlers_disconnect_by_data (monitor, self);
  g_hash_table_unref (self->monitors);
  g_hash_table_unref (self->stamps);
  g_ptr_array_unref (self->plugins);
  G_OBJECT_CLASS (booru_plugin_watch_parent_class)->finalize (object);
}

static void
booru_plugin_watch_class_init (BooruPluginWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_plugin_watch_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
booru_plugin_watch_init (BooruPluginWatch *self)
{
  self->plugins = g_ptr_array_new ();
  self->stamps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->monitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

BooruPluginWatch *
booru_plugin_watch_new (void)
{
  return g_object_new (BOORU_TYPE_PLUGIN_WATCH, NULL);
}
