/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What org.booru.Host1's methods do, whoever calls them: a program over D-Bus, or a service on
 * behalf of an administrator in a browser. Each one that fails leaves everything as it was. */
#include "booru-control-methods.h"

#include <string.h>
#include <sysexits.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-control-generated.h"
#include "booru-control-settings.h"
#include "host/booru-host-private.h"

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
on_done (const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  answer (task, NULL, error ? g_error_copy (error) : NULL);
}

static void
reload (BooruHost *host, GVariant *parameters, GTask *task)
{
  booru_host_reload (host, on_done, g_object_ref (task));
}

static gboolean
on_stop (gpointer host)
{
  booru_host_stop (host, EX_OK);
  return G_SOURCE_REMOVE;
}

/* The answer goes out first. */
static void
stop (BooruHost *host, GVariant *parameters, GTask *task)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, on_stop, g_object_ref (host), g_object_unref);
  answer (task, NULL, NULL);
}

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

static void
request (BooruHost *host, const char *topic, GVariant *parameters, GTask *task)
{
  g_autoptr (GVariant) bytes = NULL;
  GError *error = NULL;
  const char *path = get_path (parameters, &bytes, &error);

  if (path)
    booru_host_request (host, topic, path, &error);
  answer (task, NULL, error);
}

static void
scan (BooruHost *host, GVariant *parameters, GTask *task)
{
  request (host, BOORU_EVENT_SCAN_REQUESTED, parameters, task);
}

static void
apply_rules (BooruHost *host, GVariant *parameters, GTask *task)
{
  request (host, BOORU_EVENT_RULES_REQUESTED, parameters, task);
}

static void
retry (BooruHost *host, GVariant *parameters, GTask *task)
{
  request (host, BOORU_EVENT_RETRY_REQUESTED, parameters, task);
}

static GVariant *
describe_plugin (BooruHost *host, BooruPluginInfo *info)
{
  const char *name = booru_plugin_info_get_name (info);
  const char *fault = g_hash_table_lookup (host->faults, name);
  g_auto (GVariantDict) dictionary = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dictionary, "description", "s", booru_plugin_info_get_description (info));
  g_variant_dict_insert (&dictionary, "enabled", "b", g_ptr_array_find (host->plugins, info, NULL));
  g_variant_dict_insert (&dictionary, "loaded", "b", booru_plugin_info_knows_services (info));
  g_variant_dict_insert (&dictionary, "essential", "b", booru_plugin_info_is_essential (info));
  g_variant_dict_insert (&dictionary, "path", "^ay", booru_plugin_info_get_path (info));
  if (fault)
    g_variant_dict_insert (&dictionary, "error", "s", fault);
  return g_variant_new ("(s@a{sv})", name, g_variant_dict_end (&dictionary));
}

static void
list_plugins (BooruHost *host, GVariant *parameters, GTask *task)
{
  GVariantBuilder builder;

  booru_host_discover (host);
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sa{sv})"));
  for (guint i = 0; i < host->available->len; i++)
    g_variant_builder_add_value (&builder, describe_plugin (host, host->available->pdata[i]));
  answer (task, g_variant_new ("(a(sa{sv}))", &builder), NULL);
}

static void
enable_plugin (BooruHost *host, GVariant *parameters, GTask *task)
{
  GError *error = NULL;
  const char *name;

  g_variant_get (parameters, "(&s)", &name);
  booru_host_set_plugin_enabled (host, name, TRUE, &error);
  answer (task, NULL, error);
}

static void
disable_plugin (BooruHost *host, GVariant *parameters, GTask *task)
{
  GError *error = NULL;
  const char *name;

  g_variant_get (parameters, "(&s)", &name);
  booru_host_set_plugin_enabled (host, name, FALSE, &error);
  answer (task, NULL, error);
}

static void
restart_service (BooruHost *host, GVariant *parameters, GTask *task)
{
  g_autoptr (GPtrArray) services = g_ptr_array_new ();
  BooruHostService *service;
  GError *error = NULL;
  const char *name;

  g_variant_get (parameters, "(&s)", &name);
  service = booru_host_find_service (host, name);
  if (service == NULL)
    g_set_error (&error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "There is no service “%s”: “booructl status” lists those that run", name);
  else if (service->stop_requested)
    g_set_error (&error, BOORU_ERROR, BOORU_ERROR_BUSY, "The service %s is about to stop", name);
  if (error)
    {
      answer (task, NULL, error);
      return;
    }
  g_ptr_array_add (services, service);
  booru_host_note (host, "service-restart", "%s is replaced on request",
                   service->spec.service->label);
  booru_host_roll (host, services, on_done, g_object_ref (task));
}

static void
set_workers (BooruHost *host, GVariant *parameters, GTask *task)
{
  GError *error = NULL;
  guint workers;

  g_variant_get (parameters, "(u)", &workers);
  booru_host_set_workers (host, workers, &error);
  answer (task, NULL, error);
}

static void
list_settings (BooruHost *host, GVariant *parameters, GTask *task)
{
  answer (task, g_variant_new ("(@a(ssvsb))", booru_control_list_settings (host)), NULL);
}

static void
describe_settings (BooruHost *host, GVariant *parameters, GTask *task)
{
  answer (task, g_variant_new ("(@a(ssa{sv}))", booru_control_describe_settings (host)), NULL);
}

static void
set_setting (BooruHost *host, GVariant *parameters, GTask *task)
{
  g_autoptr (GVariant) value = NULL;
  const char *schema, *key;
  GError *error = NULL;

  g_variant_get (parameters, "(&s&sv)", &schema, &key, &value);
  booru_host_store_setting (host, schema, key, value, &error);
  answer (task, NULL, error);
}

static void
apply_setting (BooruHost *host, GVariant *parameters, GTask *task)
{
  g_autoptr (GVariant) value = NULL;
  const char *schema, *key;
  GError *error = NULL;

  g_variant_get (parameters, "(&s&sv)", &schema, &key, &value);
  booru_host_apply_setting (host, schema, key, value, &error);
  answer (task, NULL, error);
}

static void
reset_setting (BooruHost *host, GVariant *parameters, GTask *task)
{
  const char *schema, *key;
  GError *error = NULL;

  g_variant_get (parameters, "(&s&s)", &schema, &key);
  booru_host_store_setting (host, schema, key, NULL, &error);
  answer (task, NULL, error);
}

static void
list_events (BooruHost *host, GVariant *parameters, GTask *task)
{
  guint64 after;

  g_variant_get (parameters, "(t)", &after);
  answer (task, g_variant_new ("(@a(txss))", booru_event_log_list (host->events, after)), NULL);
}

static void
get_status (BooruHost *host, GVariant *parameters, GTask *task)
{
  GError *error = NULL;

  if (host->control)
    answer (task, g_variant_new ("(@a{sv})", booru_control_describe (host->control)), NULL);
  else
    {
      g_set_error (&error, BOORU_ERROR, BOORU_ERROR_BUSY, "The host is about to start or to stop");
      answer (task, NULL, error);
    }
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
get_report (BooruHost *host, GVariant *parameters, GTask *task)
{
  g_autoptr (GVariant) arguments = NULL;
  const char *name;

  g_variant_get (parameters, "(&s@a{sv})", &name, &arguments);
  booru_host_report (host, name, arguments,
                     g_task_new (host, NULL, on_reported, g_object_ref (task)));
}

static const struct
{
  const char *name;
  void (*run) (BooruHost *host, GVariant *parameters, GTask *task);
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
  { "GetStatus", get_status },
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

/**
 * booru_control_call:
 * @host: the host
 * @method: name of a method of org.booru.Host1
 * @parameters: its arguments, a tuple
 * @task: (transfer full): returns the tuple of its results, at once or later
 *
 * Does what an administrator wants. Whether the caller is one, was found out before.
 */
void
booru_control_call (BooruHost *host, const char *method, GVariant *parameters, GTask *task)
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
        methods[i].run (host, parameters, task);
        return;
      }
  g_assert_not_reached (); /* the table and the XML say the same */
}
