/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-plugin-set.h"

#include "base/booru-error.h"
#include "base/booru-paths.h"
#include "booru-plugin-choice.h"
#include "booru-plugin-watch.h"
#include "booru-poison.h"
#include "booru-probe.h"

/* A plugin that takes this many processes of others down in this time is left out. */
#define MAX_CHARGES 5
#define CHARGE_PERIOD (60 * G_USEC_PER_SEC)

struct _BooruPluginSet
{
  GObject parent_instance;

  const BooruHostOptions *options; /* not owned */
  GPtrArray *available;            /* BooruPluginInfo */
  GPtrArray *running;              /* BooruPluginInfo, dependencies first */
  GHashTable *faults;              /* name → why the plugin cannot be used */
  BooruPoison *poison;             /* NULL: the data folder is not known yet */
  BooruPluginWatch *watch;
  GHashTable *charges; /* name → GArray of gint64: when it took a process down, monotonic µs */
};

enum
{
  SIGNAL_CHANGED,
  SIGNAL_REPLACED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BooruPluginSet, booru_plugin_set, G_TYPE_OBJECT)

static void
changed (BooruPluginSet *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* Which there are */

static void
set_fault (BooruPluginSet *self, BooruPluginInfo *info, const char *why)
{
  g_hash_table_insert (self->faults, g_strdup (booru_plugin_info_get_name (info)), g_strdup (why));
}

void
booru_plugin_set_discover (BooruPluginSet *self)
{
  GPtrArray *found = booru_plugin_discover (booru_paths_get_plugin_path ());

  for (guint i = 0; i < self->available->len; i++)
    {
      BooruPluginInfo *info = self->available->pdata[i];
      BooruPluginInfo *again = booru_plugin_find (found, booru_plugin_info_get_name (info));

      if (!g_ptr_array_find (self->running, info, NULL))
        continue;
      if (again)
        g_ptr_array_remove (found, again);
      g_ptr_array_add (found, g_object_ref (info));
    }
  g_clear_pointer (&self->available, g_ptr_array_unref);
  self->available = found;
  for (guint i = 0; i < found->len; i++)
    if (booru_plugin_info_get_fault (found->pdata[i]))
      set_fault (self, found->pdata[i], booru_plugin_info_get_fault (found->pdata[i]));
  changed (self);
}

GPtrArray *
booru_plugin_set_get_available (BooruPluginSet *self)
{
  return self->available;
}

GPtrArray *
booru_plugin_set_get_running (BooruPluginSet *self)
{
  return self->running;
}

void
booru_plugin_set_set_running (BooruPluginSet *self, GPtrArray *plugins)
{
  g_ptr_array_ref (plugins);
  g_ptr_array_unref (self->running);
  self->running = plugins;
  booru_plugin_watch_set_plugins (self->watch, plugins);
  changed (self);
}

gboolean
booru_plugin_set_runs (BooruPluginSet *self, const char *name)
{
  return booru_plugin_find (self->running, name) != NULL;
}

/* What is wrong with them */

void
booru_plugin_set_use_data_dir (BooruPluginSet *self, const char *data_dir)
{
  g_clear_pointer (&self->poison, booru_poison_free);
  self->poison = booru_poison_new (data_dir);
  for (char **name = self->options->enable_plugins; *name; name++)
    booru_plugin_set_forgive (self, *name);
}

const char *
booru_plugin_set_get_fault (BooruPluginSet *self, const char *name)
{
  return g_hash_table_lookup (self->faults, name);
}

void
booru_plugin_set_avoid (BooruPluginSet *self, BooruPluginInfo *info, const char *why)
{
  set_fault (self, info, why);
  booru_poison_add (self->poison, info, why);
  changed (self);
}

gboolean
booru_plugin_set_charge (BooruPluginSet *self, const char *name, const char *why)
{
  BooruPluginInfo *info = booru_plugin_find (self->running, name);
  GArray *times = g_hash_table_lookup (self->charges, name);
  gint64 now = g_get_monotonic_time ();

  if (info == NULL)
    return FALSE;
  if (times == NULL)
    {
      times = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_hash_table_insert (self->charges, g_strdup (name), times);
    }
  while (times->len > 0 && g_array_index (times, gint64, 0) < now - CHARGE_PERIOD)
    g_array_remove_index (times, 0);
  g_array_append_val (times, now);
  if (times->len < MAX_CHARGES)
    return FALSE;
  g_hash_table_remove (self->charges, name);
  g_warning ("The plugin %s is left out: %u times within a minute it took a process down. The last "
             "time: %s. “booructl enable %s” tries it again",
             name, MAX_CHARGES, why, name);
  booru_plugin_set_avoid (self, info, why);
  return TRUE;
}

void
booru_plugin_set_forgive (BooruPluginSet *self, const char *name)
{
  booru_poison_forget (self->poison, name);
  g_hash_table_remove (self->charges, name);
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
                       "The plugin %s has a service “%s”, but so has the plugin %s: enable only "
                       "one of them",
                       booru_plugin_info_get_name (info), service->name,
                       booru_plugin_info_get_name (loaded->pdata[i]));
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_dependencies (BooruPluginSet *self, GPtrArray *loaded, BooruPluginInfo *info, GError **error)
{
  const char *const *depends = booru_plugin_info_get_depends (info);

  for (; *depends; depends++)
    {
      if (g_strv_contains ((const char *const *)self->options->disable_plugins, *depends))
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
                       "The plugin %s depends on the plugin %s, which --disable-plugin=%s takes "
                       "away: disable both, or none",
                       booru_plugin_info_get_name (info), *depends, *depends);
          return FALSE;
        }
      if (!booru_plugin_find (loaded, *depends))
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
resolve (BooruPluginSet *self, const char *const *names, GError **error)
{
  g_autoptr (GPtrArray) ordered = g_ptr_array_new_with_free_func (g_object_unref);

  for (; *names; names++)
    {
      const char *single[] = { *names, NULL };
      g_autoptr (GError) local_error = NULL;
      g_autoptr (GPtrArray) plugins = booru_plugin_resolve (self->available, single, &local_error);
      BooruPluginInfo *info = booru_plugin_find (self->available, *names);

      for (guint i = 0; plugins && i < plugins->len; i++)
        if (!g_ptr_array_find (ordered, plugins->pdata[i], NULL))
          g_ptr_array_add (ordered, g_object_ref (plugins->pdata[i]));
      if (plugins)
        continue;
      if (info)
        set_fault (self, info, local_error->message);
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

/* One plugin that was tried; @fault: (nullable): what the trial found. */
static gboolean
let_in (BooruPluginSet *self,
        GPtrArray *loaded,
        BooruPluginInfo *info,
        const GError *fault,
        GError **error)
{
  g_autoptr (GError) local_error = fault ? g_error_copy (fault) : NULL;

  if (fault == NULL && check_dependencies (self, loaded, info, &local_error)
      && check_services (loaded, info, &local_error))
    {
      g_ptr_array_add (loaded, g_object_ref (info));
      g_hash_table_remove (self->faults, booru_plugin_info_get_name (info));
      return TRUE;
    }
  set_fault (self, info, local_error->message);
  if (booru_plugin_info_is_essential (info)
      || g_error_matches (local_error, BOORU_ERROR, BOORU_ERROR_USAGE))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  g_warning ("%s; going on without it", local_error->message);
  return TRUE;
}

/* Trials of several plugins at once */

typedef struct
{
  GPtrArray *plugins; /* BooruPluginInfo */
  GPtrArray *faults;  /* GError or NULL, of each */
  guint n_running;
} Trials;

typedef struct
{
  GTask *task;
  guint i;
} Trial;

static void
clear_fault (gpointer fault)
{
  if (fault)
    g_error_free (fault);
}

static void
trials_free (gpointer data)
{
  Trials *trials = data;

  g_ptr_array_unref (trials->plugins);
  g_ptr_array_unref (trials->faults);
  g_free (trials);
}

static void
end_trial (GTask *task)
{
  Trials *trials = g_task_get_task_data (task);

  if (--trials->n_running == 0)
    g_task_return_pointer (task, g_ptr_array_ref (trials->faults),
                           (GDestroyNotify)g_ptr_array_unref);
}

static void
on_tried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Trial *trial = user_data;
  g_autoptr (GTask) task = trial->task;
  BooruPluginSet *self = g_task_get_source_object (task);
  Trials *trials = g_task_get_task_data (task);
  BooruPluginInfo *info = trials->plugins->pdata[trial->i];
  GError *error = NULL;
  g_autoptr (BooruTrialReport) report = booru_probe_run_finish (info, result, &error);

  trials->faults->pdata[trial->i] = error;
  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_FAILED))
    booru_poison_add (self->poison, info, error->message);
  end_trial (task);
}

/* @again: also those that were tried before. */
static void
try_async (BooruPluginSet *self,
           GPtrArray *plugins,
           gboolean again,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Trials *trials = g_new0 (Trials, 1);

  trials->plugins = g_ptr_array_ref (plugins);
  trials->faults = g_ptr_array_new_with_free_func (clear_fault);
  trials->n_running = 1;
  g_task_set_task_data (task, trials, trials_free);
  g_ptr_array_set_size (trials->faults, (int)plugins->len);
  for (guint i = 0; i < plugins->len; i++)
    {
      BooruPluginInfo *info = plugins->pdata[i];
      Trial *trial;

      if (!booru_poison_check (self->poison, info, (GError **)&trials->faults->pdata[i])
          || (!again && booru_plugin_info_knows_services (info)))
        continue;
      trials->n_running++;
      trial = g_new (Trial, 1);
      *trial = (Trial){ g_object_ref (task), i };
      booru_probe_run_async (info, NULL, on_tried, trial);
    }
  end_trial (task);
}

/* BooruPluginInfo → GError or NULL, in the same order; transfer full. */
static GPtrArray *
try_finish (BooruPluginSet *self, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BooruPluginSet *self = BOORU_PLUGIN_SET (source);
  GPtrArray *plugins = g_task_get_task_data (task);
  g_autoptr (GPtrArray) faults = try_finish (self, result);
  g_autoptr (GPtrArray) loaded = g_ptr_array_new_with_free_func (g_object_unref);
  GError *error = NULL;

  for (guint i = 0; i < plugins->len; i++)
    if (!let_in (self, loaded, plugins->pdata[i], faults->pdata[i], &error))
      {
        g_task_return_error (task, error);
        return;
      }
  changed (self);
  g_task_return_pointer (task, g_steal_pointer (&loaded), (GDestroyNotify)g_ptr_array_unref);
}

void
booru_plugin_set_load_async (BooruPluginSet *self,
                             const char *const *names,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  GPtrArray *plugins = resolve (self, names, &error);

  if (plugins == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, plugins, (GDestroyNotify)g_ptr_array_unref);
  try_async (self, plugins, FALSE, on_loaded, g_steal_pointer (&task));
}

GPtrArray *
booru_plugin_set_load_finish (BooruPluginSet *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Replaced files */

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GPtrArray *plugins = g_task_get_task_data (task);
  g_autoptr (GPtrArray) faults = try_finish (BOORU_PLUGIN_SET (source), result);

  for (guint i = 0; i < faults->len; i++)
    if (faults->pdata[i])
      {
        g_task_return_error (task, g_error_copy (faults->pdata[i]));
        return;
      }
  g_task_return_pointer (task, g_ptr_array_ref (plugins), (GDestroyNotify)g_ptr_array_unref);
}

void
booru_plugin_set_check_async (BooruPluginSet *self,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GPtrArray *plugins = booru_plugin_watch_take_changed (self->watch);
  GError *error = NULL;

  g_task_set_task_data (task, plugins, (GDestroyNotify)g_ptr_array_unref);
  for (guint i = 0; i < plugins->len; i++)
    if (!booru_plugin_info_read_again (plugins->pdata[i], &error))
      {
        g_task_return_error (task, error);
        return;
      }
  try_async (self, plugins, TRUE, on_checked, g_steal_pointer (&task));
}

GPtrArray *
booru_plugin_set_check_finish (BooruPluginSet *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Life */

static void
on_files_changed (BooruPluginSet *self)
{
  g_signal_emit (self, signals[SIGNAL_REPLACED], 0);
}

static void
booru_plugin_set_finalize (GObject *object)
{
  BooruPluginSet *self = BOORU_PLUGIN_SET (object);

  g_signal_handlers_disconnect_by_data (self->watch, self);
  g_object_unref (self->watch);
  g_ptr_array_unref (self->running);
  g_ptr_array_unref (self->available);
  g_hash_table_unref (self->faults);
  g_hash_table_unref (self->charges);
  g_clear_pointer (&self->poison, booru_poison_free);
  G_OBJECT_CLASS (booru_plugin_set_parent_class)->finalize (object);
}

static void
booru_plugin_set_class_init (BooruPluginSetClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = booru_plugin_set_finalize;
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REPLACED]
      = g_signal_new ("replaced", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
booru_plugin_set_init (BooruPluginSet *self)
{
  self->available = g_ptr_array_new_with_free_func (g_object_unref);
  self->running = g_ptr_array_new_with_free_func (g_object_unref);
  self->faults = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->charges
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
  self->watch = booru_plugin_watch_new ();
  g_signal_connect_swapped (self->watch, "changed", G_CALLBACK (on_files_changed), self);
}

BooruPluginSet *
booru_plugin_set_new (const BooruHostOptions *options)
{
  BooruPluginSet *self = g_object_new (BOORU_TYPE_PLUGIN_SET, NULL);

  self->options = options;
  return self;
}
