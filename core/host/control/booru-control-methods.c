/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-control-methods.h"

#include <string.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-control-generated.h"
#include "booru-control-settings.h"

/* Answers with @values, which is sunk, or NULL for nothing; or with @error, which is freed. */
static void
answer (GTask *task, GVariant *values, GError *error)
{
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_variant_ref_sink (values ? values : g_variant_new ("()")),
                           (GDestroyNotify)g_variant_unref);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  booru_rollout_finish (BOORU_ROLLOUT (source), result, &error);
  answer (task, NULL, error);
}

static void
reload (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  booru_rollout_reload_async (model->rollout, on_done, g_object_ref (task));
}

static gboolean
on_stop (gpointer user_data)
{
  const BooruControlModel *model = user_data;

  model->stop (model->data);
  return G_SOURCE_REMOVE;
}

/* The answer goes out first. */
static void
stop (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, on_stop, (gpointer)model, NULL);
  answer (task, NULL, NULL);
}

/* Requests that a service answers */

/* The text of the one argument of type ay, or NULL if it does not end as one does. */
static const char *
get_path (GVariant *parameters, GVariant **bytes, GError **error)
{
  const char *data;
  gsize length;

  *bytes = g_variant_get_child_value (parameters, 0);
  data = g_variant_get_fixed_array (*bytes, &length, 1);
  if (length == 0)
    return "";
  if (memchr (data, '\0', length) == data + length - 1)
    return data;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
               "A path ends in a zero byte, and holds no other");
  return NULL;
}

/* @what: "scanned" */
typedef struct
{
  GTask *task;
  const char *what;
} Request;

static void
on_requested (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Request *request = user_data;
  g_autoptr (GTask) task = request->task;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED))
    answer (task, NULL,
            g_error_new (BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                         "Nothing can be %s because no plugin that runs does it. Enable the plugin "
                         "%s first",
                         request->what, BOORU_PLUGIN_MONITOR));
  else
    answer (task, NULL, g_steal_pointer (&error));
}

/* Of a path; empty: everything. */
static void
ask (const BooruControlModel *model,
     const char *name,
     const char *what,
     GVariant *parameters,
     GTask *task)
{
  g_autoptr (GVariant) bytes = NULL;
  g_autoptr (GVariant) arguments = NULL;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  GError *error = NULL;
  const char *path = get_path (parameters, &bytes, &error);
  Request *request;

  if (path == NULL)
    {
      answer (task, NULL, error);
      return;
    }
  g_variant_dict_insert (&dict, "path", "^ay", path);
  arguments = g_variant_ref_sink (g_variant_dict_end (&dict));
  request = g_new (Request, 1);
  *request = (Request){ g_object_ref (task), what };
  booru_service_set_report (model->parts->services, name, arguments,
                            g_task_new (NULL, NULL, on_requested, request));
}

static void
scan (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  ask (model, BOORU_REQUEST_SCAN, "scanned", parameters, task);
}

static void
apply_rules (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  ask (model, BOORU_REQUEST_APPLY_RULES, "updated", parameters, task);
}

static void
retry (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  ask (model, BOORU_REQUEST_RETRY, "retried", parameters, task);
}

/* Plugins and services */

static GVariant *
describe_plugin (const BooruControlModel *model, BooruPluginInfo *info)
{
  const char *name = booru_plugin_info_get_name (info);
  const char *fault = booru_plugin_set_get_fault (model->parts->plugins, name);
  g_auto (GVariantDict) dictionary = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dictionary, "description", "s", booru_plugin_info_get_description (info));
  g_variant_dict_insert (&dictionary, "enabled", "b",
                         booru_plugin_set_runs (model->parts->plugins, name));
  g_variant_dict_insert (&dictionary, "loaded", "b", booru_plugin_info_knows_services (info));
  g_variant_dict_insert (&dictionary, "essential", "b", booru_plugin_info_is_essential (info));
  g_variant_dict_insert (&dictionary, "path", "^ay", booru_plugin_info_get_path (info));
  if (fault)
    g_variant_dict_insert (&dictionary, "error", "s", fault);
  return g_variant_new ("(s@a{sv})", name, g_variant_dict_end (&dictionary));
}

static void
list_plugins (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  GPtrArray *available;
  GVariantBuilder builder;

  booru_plugin_set_discover (model->parts->plugins);
  available = booru_plugin_set_get_available (model->parts->plugins);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sa{sv})"));
  for (guint i = 0; i < available->len; i++)
    g_variant_builder_add_value (&builder, describe_plugin (model, available->pdata[i]));
  answer (task, g_variant_new ("(a(sa{sv}))", &builder), NULL);
}

static void
enable_plugin (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  const char *name;

  g_variant_get (parameters, "(&s)", &name);
  booru_rollout_enable_async (model->rollout, name, TRUE, on_done, g_object_ref (task));
}

static void
disable_plugin (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  const char *name;

  g_variant_get (parameters, "(&s)", &name);
  booru_rollout_enable_async (model->rollout, name, FALSE, on_done, g_object_ref (task));
}

static void
restart_service (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  const char *name;

  g_variant_get (parameters, "(&s)", &name);
  booru_rollout_restart_async (model->rollout, name, on_done, g_object_ref (task));
}

/* Settings */

static void
set_workers (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  g_autoptr (GVariant) workers = g_variant_get_child_value (parameters, 0);

  booru_rollout_set_async (model->rollout, BOORU_SCHEMA_HOST, "workers", workers, TRUE, on_done,
                           g_object_ref (task));
}

static void
list_settings (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  answer (task, g_variant_new ("(@a(ssvsb))", booru_control_list_settings (model)), NULL);
}

static void
describe_settings (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  answer (task, g_variant_new ("(@a(ssa{sv}))", booru_control_describe_settings (model)), NULL);
}

static void
store (const BooruControlModel *model, GVariant *parameters, gboolean now, GTask *task)
{
  g_autoptr (GVariant) value = NULL;
  const char *schema, *key;

  g_variant_get (parameters, "(&s&sv)", &schema, &key, &value);
  booru_rollout_set_async (model->rollout, schema, key, value, now, on_done, g_object_ref (task));
}

static void
set_setting (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  store (model, parameters, FALSE, task);
}

static void
apply_setting (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  store (model, parameters, TRUE, task);
}

static void
reset_setting (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  const char *schema, *key;

  g_variant_get (parameters, "(&s&s)", &schema, &key);
  booru_rollout_set_async (model->rollout, schema, key, NULL, FALSE, on_done, g_object_ref (task));
}

/* The host */

static void
list_events (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  guint64 after;

  g_variant_get (parameters, "(t)", &after);
  answer (task, g_variant_new ("(@a(txss))", booru_event_log_list (model->events, after)), NULL);
}

static void
on_reported (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) report = g_task_propagate_pointer (G_TASK (result), &error);

  answer (task, report ? g_variant_new ("(v)", report) : NULL, error);
}

static void
get_report (const BooruControlModel *model, GVariant *parameters, GTask *task)
{
  g_autoptr (GVariant) arguments = NULL;
  const char *name;

  g_variant_get (parameters, "(&s@a{sv})", &name, &arguments);
  booru_service_set_report (model->parts->services, name, arguments,
                            g_task_new (NULL, NULL, on_reported, g_object_ref (task)));
}

static const struct
{
  const char *name;
  void (*run) (const BooruControlModel *model, GVariant *parameters, GTask *task);
} methods[] = {
  { "Reload", reload },
  { "Stop", stop },
  { "Scan", scan },
  { "ApplyRules", apply_rules },
  { "Retry", retry },
  { "ListPlugins", list_plugins },
  { "EnablePlugin", enable_plugin },
  { "DisablePlugin", disable_plugin },
  { "RestartService", restart_service },
  { "SetWorkers", set_workers },
  { "ListSettings", list_settings },
  { "DescribeSettings", describe_settings },
  { "SetSetting", set_setting },
  { "ApplySetting", apply_setting },
  { "ResetSetting", reset_setting },
  { "ListEvents", list_events },
  { "GetReport", get_report },
};

/* D-Bus has checked this; who calls over a channel may have sent anything. */
static gboolean
check_parameters (const char *method, GVariant *parameters, GError **error)
{
  GDBusMethodInfo *info
      = g_dbus_interface_info_lookup_method (booru_host1_interface_info (), method);
  g_autoptr (GString) type = g_string_new ("(");

  if (info == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "The host has no method “%s”",
                   method);
      return FALSE;
    }
  for (GDBusArgInfo **arg = info->in_args; arg && *arg; arg++)
    g_string_append (type, (*arg)->signature);
  g_string_append_c (type, ')');
  if (g_str_equal (g_variant_get_type_string (parameters), type->str))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "%s takes arguments of the type %s, not %s",
               method, type->str, g_variant_get_type_string (parameters));
  return FALSE;
}

void
booru_control_run_method (const BooruControlModel *model,
                          const char *method,
                          GVariant *parameters,
                          GTask *task)
{
  g_autoptr (GTask) owned = task;
  GError *error = NULL;

  if (!check_parameters (method, parameters, &error))
    {
      answer (task, NULL, error);
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].name, method))
      {
        methods[i].run (model, parameters, task);
        return;
      }
  g_assert_not_reached (); /* the table and the XML say the same, but for GetStatus */
}
