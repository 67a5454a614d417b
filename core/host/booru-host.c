/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-host-private.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "booru-build-config.h"
#include "booru-host-describe.h"
#include "booru-host-links.h"
#include "host/plugins/booru-host-plugins.h"
#include "host/supervise/booru-pid-files.h"

#define HOST_PID_FILE "booru-host.pid"

G_DEFINE_FINAL_TYPE (BooruHost, booru_host, G_TYPE_OBJECT)

/* Hosts that share the data folder have a runtime folder each: pid files and sockets. */
static gboolean
take_lock (BooruHost *self, const char *data_dir, GError **error)
{
  char *own;

  self->lock = booru_instance_lock_take (data_dir, self->config->shared, error);
  if (self->lock == NULL || !self->config->shared)
    return self->lock != NULL;
  own = booru_instance_lock_take_slot (self->lock, self->config->runtime_dir, error);
  if (own == NULL)
    return FALSE;
  g_free (self->config->runtime_dir);
  self->config->runtime_dir = own;
  return TRUE;
}

/* All that can be wrong is looked at before anything is started. */
static gboolean
prepare (BooruHost *self, const char *const *names, GError **error)
{
  g_autofree char *data_dir = NULL;

  data_dir = booru_host_config_prepare_data_dir (self->options, self->settings, error);
  if (data_dir == NULL)
    return FALSE;
  self->config = booru_host_config_new (data_dir, self->options, self->settings, error);
  if (self->config == NULL)
    return FALSE;
  if (!take_lock (self, data_dir, error))
    return FALSE;
  self->poison = booru_poison_new (data_dir);
  self->enabled = booru_settings_get (self->settings, "enabled-plugins");
  self->plugins = booru_host_plugins_load (self->options, self->available, names, self->poison,
                                           self->faults, error);
  if (self->plugins == NULL || !booru_host_listen (self, self->plugins, error)
      || !booru_pid_files_prepare (self->config->runtime_dir, error)
      || !booru_host_add_services (self, self->plugins, NULL, error))
    return FALSE;
  if (self->services->len > 0)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "No service to run: enable a plugin with --enable-plugin=NAME "
               "(--list-plugins lists them)");
  return FALSE;
}

static void
serve (BooruHost *self)
{
  booru_host_watch_signals (self);
  booru_host_watch_settings (self);
  booru_pid_files_write (self->config->runtime_dir, HOST_PID_FILE, getpid ());
  booru_host_watch_files (self);
  self->control = booru_control_new (self, self->config->runtime_dir, self->options->bus);
  booru_host_links_make (self->config->data_dir, self->config->runtime_dir);
  booru_host_start_services (self);

  g_main_loop_run (self->loop);
  g_clear_pointer (&self->control, booru_control_free);
  booru_pid_files_remove (self->config->runtime_dir, HOST_PID_FILE, getpid ());
}

static int
run (BooruHost *self, GError **error)
{
  g_auto (GStrv) names = NULL;

  if (self->options->show_version)
    {
      printf ("booru-host %s\n", BOORU_VERSION);
      return EX_OK;
    }
  if (self->options->describe)
    {
      g_autofree char *text = booru_host_describe (self->options->data_dir);

      printf ("%s\n", text);
      return EX_OK;
    }
  if (!booru_host_read_settings (self, error))
    return EX_CONFIG;
  booru_host_discover (self);
  names = booru_host_plugins_choose (self->options, self->settings, self->available, error);
  if (names == NULL)
    return EX_CONFIG;

  if (self->options->list_plugins)
    {
      g_autofree char *list = booru_host_plugins_list (self->available, (const char *const *)names);

      fputs (list, stdout);
      return EX_OK;
    }
  if (!prepare (self, (const char *const *)names, error))
    return EX_CONFIG;
  serve (self);
  return self->exit_code;
}

/**
 * booru_host_run:
 * @self: the host
 *
 * Does what the options say: prints something, or runs the services until a signal comes or an
 * essential one fails for good.
 *
 * Returns: the exit code of the process, as in sysexits(3)
 */
int
booru_host_run (BooruHost *self)
{
  g_autoptr (GError) error = NULL;
  int exit_code = run (self, &error);

  if (error == NULL)
    return exit_code;
  g_printerr ("booru-host: %s\n", error->message);
  return booru_error_to_exit_code (error);
}

static void
disconnect_plugin_settings (BooruHost *self)
{
  GHashTableIter iter;
  gpointer settings;

  g_hash_table_iter_init (&iter, self->plugin_settings);
  while (g_hash_table_iter_next (&iter, NULL, &settings))
    g_signal_handlers_disconnect_by_data (settings, self);
}

static void
booru_host_finalize (GObject *object)
{
  BooruHost *self = BOORU_HOST (object);

  for (guint i = 0; i < self->sources->len; i++)
    g_source_remove (g_array_index (self->sources, guint, i));
  g_array_unref (self->sources);
  g_clear_handle_id (&self->reconfigure, g_source_remove);
  g_clear_handle_id (&self->purge, g_source_remove);
  booru_host_unwatch_files (self);
  g_hash_table_unref (self->monitors);
  g_hash_table_unref (self->stamps);
  g_clear_pointer (&self->control, booru_control_free);
  booru_host_forget_askers (self);
  g_ptr_array_unref (self->services);
  if (self->settings)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  disconnect_plugin_settings (self);
  g_hash_table_unref (self->plugin_settings);
  g_hash_table_unref (self->faults);
  g_hash_table_unref (self->progress);
  g_clear_pointer (&self->ingest, g_variant_unref);
  booru_event_log_free (self->events);
  g_clear_pointer (&self->enabled, g_variant_unref);
  g_clear_pointer (&self->plugins, g_ptr_array_unref);
  g_clear_pointer (&self->available, g_ptr_array_unref);
  g_clear_pointer (&self->listener, booru_listener_free);
  g_clear_pointer (&self->config, booru_host_config_free);
  g_clear_pointer (&self->poison, booru_poison_free);
  g_clear_pointer (&self->lock, booru_instance_lock_free);
  g_clear_pointer (&self->options, booru_host_options_free);
  g_free (self->status);
  g_clear_pointer (&self->orphans, g_array_unref);
  g_main_loop_unref (self->loop);
  G_OBJECT_CLASS (booru_host_parent_class)->finalize (object);
}

static void
booru_host_class_init (BooruHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_host_finalize;
}

static void
booru_host_init (BooruHost *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->sources = g_array_new (FALSE, FALSE, sizeof (guint));
  self->services = booru_host_services_new ();
  self->plugin_settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->faults = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->progress
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_variant_unref);
  self->stamps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->monitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->events = booru_event_log_new ();
  self->started_at = g_get_monotonic_time ();
}

BooruHost *
booru_host_new (BooruHostOptions *options)
{
  BooruHost *self = g_object_new (BOORU_TYPE_HOST, NULL);

  self->options = options;
  return self;
}
