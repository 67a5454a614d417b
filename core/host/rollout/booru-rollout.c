/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-rollout.h"

#include "base/booru-error.h"
#include "host/plugins/booru-plugin-choice.h"
#include "host/plugins/booru-plugin-switch.h"
#include "host/settings/booru-setting-change.h"

struct _BooruRollout
{
  GObject parent_instance;

  BooruHostParts *parts;  /* not owned */
  GQueue waiting;         /* GTask, whose data is an Operation */
  GTask *current;         /* NULL: none */
  guint settings_changed; /* source */
};

/* Something that is to take effect. */
typedef struct
{
  void (*begin) (GTask *task);
  gboolean again; /* choose the plugins anew */
  /* What follows once a generation is in effect; NULL: nothing. */
  void (*committed) (GTask *task);
  /* Puts back what was changed for it; NULL: nothing was. */
  void (*undo) (GTask *task);
  void (*done) (GTask *task, const GError *error); /* NULL: nobody is told */

  char *name; /* of a plugin or a service */
  gboolean enabled;
  BooruPluginSwitch *plugin_switch;
  char *schema, *key;
  GVariant *value;
  gboolean now;
  BooruSettingChange *change;
  GPtrArray *replaced; /* plugins (BooruPluginInfo) whose files were */
  GPtrArray *touched;  /* BooruHostedService, whose processes are started or replaced for it */
} Operation;

enum
{
  SIGNAL_EVENT,
  SIGNAL_RELOADING,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BooruRollout, booru_rollout, G_TYPE_OBJECT)

static void G_GNUC_PRINTF (3, 4)
    note (BooruRollout *self, const char *topic, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, topic, text);
}

/* One after the other */

static void
operation_free (gpointer data)
{
  Operation *self = data;

  g_free (self->name);
  g_clear_pointer (&self->plugin_switch, booru_plugin_switch_free);
  g_free (self->schema);
  g_free (self->key);
  g_clear_pointer (&self->value, g_variant_unref);
  g_clear_pointer (&self->change, booru_setting_change_free);
  g_clear_pointer (&self->replaced, g_ptr_array_unref);
  g_clear_pointer (&self->touched, g_ptr_array_unref);
  g_free (self);
}

static void
begin_next (BooruRollout *self)
{
  if (self->current || (self->current = g_queue_pop_head (&self->waiting)) == NULL)
    return;
  ((Operation *)g_task_get_task_data (self->current))->begin (self->current);
}

/* The next one may begin, though this one still waits for processes. */
static void
let_next (GTask *task)
{
  BooruRollout *self = g_task_get_source_object (task);

  if (self->current != task)
    return;
  self->current = NULL;
  begin_next (self);
}

/* Takes over @task and @error, which may be NULL: why it is called off. */
static void
end (GTask *task, GError *error)
{
  g_autoptr (GTask) owned = task;
  Operation *operation = g_task_get_task_data (task);

  if (operation->done)
    operation->done (task, error);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  let_next (task);
}

static Operation *
enqueue (BooruRollout *self,
         void (*begin) (GTask *task),
         GAsyncReadyCallback callback,
         gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Operation *operation = g_new0 (Operation, 1);

  operation->begin = begin;
  g_task_set_task_data (task, operation, operation_free);
  g_queue_push_tail (&self->waiting, task);
  return operation;
}

gboolean
booru_rollout_finish (BooruRollout *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Taking effect */

/* Nothing waits for what is put back: it was in effect before. */
static void
call_off (GTask *task, GError *error)
{
  Operation *operation = g_task_get_task_data (task);

  if (operation->undo)
    operation->undo (task);
  g_clear_handle_id (&((BooruRollout *)g_task_get_source_object (task))->settings_changed,
                     g_source_remove);
  end (task, error);
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BooruRollout *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (BooruGeneration) generation = booru_generation_prepare_finish (result, &error);

  if (generation && booru_service_set_is_stopping (self->parts->services))
    g_set_error (&error, BOORU_ERROR, BOORU_ERROR_BUSY, "The host is stopping");
  else if (generation && operation->name && operation->enabled
           && !booru_plugin_find (booru_generation_get_plugins (generation), operation->name))
    {
      const char *fault = booru_plugin_set_get_fault (self->parts->plugins, operation->name);

      g_set_error (&error, BOORU_ERROR, BOORU_ERROR_CONFIG, "The plugin %s cannot be enabled: %s",
                   operation->name, fault ? fault : "it is unusable");
    }
  if (error == NULL)
    operation->touched = booru_generation_commit (generation, &error);
  if (error)
    call_off (task, error);
  else if (operation->committed)
    operation->committed (task);
  else
    end (task, NULL);
}

/* Has the settings take effect as they are now. */
static void
take_over (GTask *task)
{
  BooruRollout *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);

  g_clear_handle_id (&self->settings_changed, g_source_remove);
  if (booru_service_set_is_stopping (self->parts->services))
    call_off (task, g_error_new (BOORU_ERROR, BOORU_ERROR_BUSY, "The host is stopping"));
  else
    booru_generation_prepare_async (self->parts, operation->again, operation->change, on_prepared,
                                    task);
}

static void
on_waited (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  booru_services_wait_finish (result, &error);
  end (user_data, error);
}

/* Until all processes that were started or replaced are ready. */
static void
await_processes (GTask *task)
{
  const Operation *operation = g_task_get_task_data (task);

  booru_services_wait_async (operation->touched, on_waited, task);
  let_next (task);
}

void
booru_rollout_begin_async (BooruRollout *self, GAsyncReadyCallback callback, gpointer user_data)
{
  enqueue (self, take_over, callback, user_data);
  begin_next (self);
}

/* Settings */

static void
on_set (GTask *task, const GError *error)
{
  Operation *operation = g_task_get_task_data (task);
  g_autofree char *text = NULL;

  if (error)
    return;
  text = booru_setting_change_describe (operation->change);
  note (g_task_get_source_object (task), "settings-changed", "%s", text);
}

static void
undo_set (GTask *task)
{
  booru_setting_change_undo (((Operation *)g_task_get_task_data (task))->change);
}

static void
set (GTask *task)
{
  BooruRollout *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  if (booru_host_config_check_later (self->parts->config, operation->schema, operation->key,
                                     operation->value, &error))
    operation->change
        = booru_setting_change_new (self->parts->settings, operation->schema, operation->key,
                                    operation->value, operation->now, &error);
  if (operation->change == NULL)
    {
      end (task, error);
      return;
    }
  operation->undo = undo_set;
  operation->done = on_set;
  take_over (task);
}

void
booru_rollout_set_async (BooruRollout *self,
                         const char *schema,
                         const char *key,
                         GVariant *value,
                         gboolean now,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  Operation *operation = enqueue (self, set, callback, user_data);

  operation->schema = g_strdup (schema);
  operation->key = g_strdup (key);
  operation->value = value ? g_variant_ref_sink (value) : NULL;
  operation->now = now;
  begin_next (self);
}

static void
on_changed (GTask *task, const GError *error)
{
  BooruRollout *self = g_task_get_source_object (task);

  if (error)
    {
      g_warning ("Changed settings not applied: %s", error->message);
      note (self, "settings-refused", "Changed settings not applied: %s", error->message);
    }
  else
    note (self, "settings-changed", "Settings changed");
}

static gboolean
on_settings_settled (gpointer user_data)
{
  BooruRollout *self = user_data;

  self->settings_changed = 0;
  if (!booru_service_set_is_stopping (self->parts->services))
    {
      enqueue (self, take_over, NULL, NULL)->done = on_changed;
      begin_next (self);
    }
  return G_SOURCE_REMOVE;
}

/* Several keys change at once, as a rule. */
static void
on_settings_changed (BooruRollout *self)
{
  if (self->settings_changed == 0)
    self->settings_changed = g_idle_add (on_settings_settled, self);
}

/* Plugins */

static gboolean
check_may_change (BooruRollout *self, const char *name, gboolean enabled, GError **error)
{
  BooruPluginSet *plugins = self->parts->plugins;
  GPtrArray *running = booru_plugin_set_get_running (plugins);

  if (!booru_plugin_find (booru_plugin_set_get_available (plugins), name))
    booru_plugin_set_discover (plugins);
  if (!booru_plugin_find (booru_plugin_set_get_available (plugins), name))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "There is no plugin “%s”: “booructl plugins” lists all plugins", name);
      return FALSE;
    }
  for (guint i = 0; i < running->len && !enabled; i++)
    if (g_strv_contains (booru_plugin_info_get_depends (running->pdata[i]), name))
      {
        const char *other = booru_plugin_info_get_name (running->pdata[i]);

        g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
                     "The plugin %s needs the plugin %s: disable %s first", other, name, other);
        return FALSE;
      }
  return TRUE;
}

static void
undo_enable (GTask *task)
{
  booru_plugin_switch_undo (((Operation *)g_task_get_task_data (task))->plugin_switch);
}

/* Its processes do not work: @error says why. */
typedef struct
{
  GTask *task;
  GError *error;
} Retreat;

static void
on_retreated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Retreat *retreat = user_data;
  g_autoptr (GError) error = NULL;

  if (!booru_rollout_finish (BOORU_ROLLOUT (source), result, &error))
    g_warning ("What ran before cannot be run again: %s", error->message);
  end (retreat->task, retreat->error);
}

static void
on_enabled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BooruRollout *self = g_task_get_source_object (task);
  Retreat *retreat;
  GError *error = NULL;

  if (booru_services_wait_finish (result, &error)
      || booru_service_set_is_stopping (self->parts->services))
    {
      end (task, error);
      return;
    }
  undo_enable (task);
  retreat = g_new (Retreat, 1);
  *retreat = (Retreat){ task, error };
  enqueue (self, take_over, on_retreated, retreat)->again = TRUE;
  begin_next (self);
}

static void
await_enabled (GTask *task)
{
  const Operation *operation = g_task_get_task_data (task);

  booru_services_wait_async (operation->touched, on_enabled, task);
  let_next (task);
}

static void
tell_enabled (GTask *task, const GError *error)
{
  const Operation *operation = g_task_get_task_data (task);

  if (error == NULL)
    note (g_task_get_source_object (task),
          operation->enabled ? "plugin-enabled" : "plugin-disabled", "The plugin %s was %s",
          operation->name, operation->enabled ? "enabled" : "disabled");
}

static void
enable (GTask *task)
{
  BooruRollout *self = g_task_get_source_object (task);
  BooruHostParts *parts = self->parts;
  Operation *operation = g_task_get_task_data (task);
  GError *error = NULL;

  operation->again = TRUE;
  operation->done = tell_enabled;
  operation->committed = operation->enabled ? await_enabled : NULL;
  if (operation->enabled)
    booru_plugin_set_forgive (parts->plugins, operation->name);
  if (check_may_change (self, operation->name, operation->enabled, &error))
    operation->plugin_switch
        = booru_plugin_switch_new (parts->options, booru_host_settings_get_own (parts->settings),
                                   booru_plugin_set_get_available (parts->plugins), operation->name,
                                   operation->enabled, &error);
  if (operation->plugin_switch == NULL)
    {
      end (task, error);
      return;
    }
  operation->undo = undo_enable;
  take_over (task);
}

void
booru_rollout_enable_async (BooruRollout *self,
                            const char *name,
                            gboolean enabled,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Operation *operation = enqueue (self, enable, callback, user_data);

  operation->name = g_strdup (name);
  operation->enabled = enabled;
  begin_next (self);
}

void
booru_rollout_leave_out (BooruRollout *self)
{
  enqueue (self, take_over, NULL, NULL)->again = TRUE;
  begin_next (self);
}

/* Replacing processes */

static gboolean
loads_any (BooruHostedService *service, GPtrArray *plugins)
{
  GPtrArray *loaded = booru_hosted_service_get_spec (service)->plugins;

  for (guint i = 0; i < plugins->len; i++)
    if (g_ptr_array_find (loaded, plugins->pdata[i], NULL))
      return TRUE;
  return FALSE;
}

/* Those that load what was replaced; @all: also those with several processes, and those that
 * failed. */
static void
roll (BooruRollout *self, Operation *operation, gboolean all)
{
  BooruServiceSet *services = self->parts->services;

  for (guint i = 0; i < booru_service_set_get_n (services); i++)
    {
      BooruHostedService *service = booru_service_set_get (services, i);
      gboolean wanted = all
                        && (booru_hosted_service_has_failed (service)
                            || booru_hosted_service_get_spec (service)->service->instances
                                   == BOORU_SERVICE_WORKERS);

      if (booru_hosted_service_is_stopping (service) || booru_hosted_service_is_rolling (service))
        continue;
      if (!wanted && !loads_any (service, operation->replaced))
        continue;
      booru_hosted_service_roll (service);
      g_ptr_array_add (operation->touched, g_object_ref (service));
    }
}

static void
on_replaced (GTask *task, const GError *error)
{
  BooruRollout *self = g_task_get_source_object (task);
  const Operation *operation = g_task_get_task_data (task);

  if (error)
    {
      g_warning ("A plugin was replaced, but the processes there are go on as they are: %s",
                 error->message);
      note (self, "reload-refused", "Kept the old processes: %s", error->message);
    }
  else if (operation->replaced->len > 0)
    note (self, "reload-done", "All processes use the new plugins");
}

static void
use_replaced (GTask *task)
{
  BooruRollout *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);

  for (guint i = 0; i < operation->replaced->len; i++)
    g_message ("The plugin %s was replaced; so are the processes that load it",
               booru_plugin_info_get_name (operation->replaced->pdata[i]));
  roll (self, operation, FALSE);
  await_processes (task);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Operation *operation = g_task_get_task_data (user_data);
  GError *error = NULL;

  operation->replaced = booru_plugin_set_check_finish (BOORU_PLUGIN_SET (source), result, &error);
  if (error)
    call_off (user_data, error);
  else
    take_over (user_data);
}

static void
check_replaced (GTask *task)
{
  BooruRollout *self = g_task_get_source_object (task);

  booru_plugin_set_check_async (self->parts->plugins, on_checked, task);
}

static void
on_files_replaced (BooruRollout *self)
{
  Operation *operation = enqueue (self, check_replaced, NULL, NULL);

  operation->done = on_replaced;
  operation->committed = use_replaced;
  begin_next (self);
}

static void
on_reloaded (GTask *task, const GError *error)
{
  BooruRollout *self = g_task_get_source_object (task);

  if (error)
    {
      g_warning ("Reloading is called off, everything stays as it was: %s", error->message);
      note (self, "reload-refused", "Kept the old processes: %s", error->message);
    }
  else
    note (self, "reload-done", "All processes use the new settings");
  g_signal_emit (self, signals[SIGNAL_RELOADING], 0, FALSE);
}

static void
use_reloaded (GTask *task)
{
  BooruRollout *self = g_task_get_source_object (task);

  g_message ("Settings reloaded; replacing the workers");
  roll (self, g_task_get_task_data (task), TRUE);
  await_processes (task);
}

static void
reload (GTask *task)
{
  BooruRollout *self = g_task_get_source_object (task);
  GError *error = NULL;

  g_signal_emit (self, signals[SIGNAL_RELOADING], 0, TRUE);
  if (!booru_host_settings_reload (self->parts->settings, &error))
    {
      call_off (task, error);
      return;
    }
  booru_plugin_set_discover (self->parts->plugins);
  check_replaced (task);
}

void
booru_rollout_reload_async (BooruRollout *self, GAsyncReadyCallback callback, gpointer user_data)
{
  Operation *operation = enqueue (self, reload, callback, user_data);

  operation->done = on_reloaded;
  operation->committed = use_reloaded;
  begin_next (self);
}

static void
restart (GTask *task)
{
  BooruRollout *self = g_task_get_source_object (task);
  Operation *operation = g_task_get_task_data (task);
  const char *name = operation->name;
  BooruHostedService *service = booru_service_set_find (self->parts->services, name);

  if (service == NULL)
    end (task,
         g_error_new (BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                      "There is no service “%s”: “booructl status” lists those that run", name));
  else if (booru_hosted_service_is_stopping (service))
    end (task,
         g_error_new (BOORU_ERROR, BOORU_ERROR_BUSY, "The service %s is about to stop", name));
  else
    {
      note (self, "service-restart", "%s is replaced on request",
            booru_hosted_service_get_label (service));
      operation->touched = g_ptr_array_new_with_free_func (g_object_unref);
      g_ptr_array_add (operation->touched, g_object_ref (service));
      booru_hosted_service_roll (service);
      await_processes (task);
    }
}

void
booru_rollout_restart_async (BooruRollout *self,
                             const char *service,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  enqueue (self, restart, callback, user_data)->name = g_strdup (service);
  begin_next (self);
}

/* Life */

static void
booru_rollout_finalize (GObject *object)
{
  BooruRollout *self = BOORU_ROLLOUT (object);

  g_clear_handle_id (&self->settings_changed, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->parts->settings, self);
  g_signal_handlers_disconnect_by_data (self->parts->plugins, self);
  G_OBJECT_CLASS (booru_rollout_parent_class)->finalize (object);
}

static void
booru_rollout_class_init (BooruRolloutClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_rollout_finalize;
  signals[SIGNAL_EVENT] = g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_RELOADING] = g_signal_new ("reloading", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                            NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
booru_rollout_init (BooruRollout *self)
{
  g_queue_init (&self->waiting);
}

BooruRollout *
booru_rollout_new (BooruHostParts *parts)
{
  BooruRollout *self = g_object_new (BOORU_TYPE_ROLLOUT, NULL);

  self->parts = parts;
  g_signal_connect_swapped (parts->settings, "changed", G_CALLBACK (on_settings_changed), self);
  g_signal_connect_swapped (parts->plugins, "replaced", G_CALLBACK (on_files_replaced), self);
  return self;
}
