/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-control-objects.h"

#include <string.h>
#include <unistd.h>

#include "base/booru-names.h"
#include "booru-build-config.h"
#include "booru-control-live.h"
#include "booru-control-methods.h"

/* An object with its one interface. */
typedef struct
{
  char *path;
  GDBusInterfaceSkeleton *interface;
  gboolean shown;
} Object;

struct _BooruControlObjects
{
  const BooruControlModel *model; /* not owned */
  BooruHost1 *root;
  BooruObjectTree *tree;
  GHashTable *objects;    /* path → Object */
  GPtrArray *connections; /* GDBusConnection */
};

static void
object_free (gpointer data)
{
  Object *object = data;

  if (g_dbus_interface_skeleton_get_connection (object->interface))
    g_dbus_interface_skeleton_unexport (object->interface);
  g_object_unref (object->interface);
  g_free (object->path);
  g_free (object);
}

/* Objects */

/* As systemd does it: what may not stand in an object path is written as _XX. */
static char *
make_path (const char *kind, const char *name)
{
  g_autoptr (GString) path = g_string_new (BOORU_DBUS_PATH);

  g_string_append_printf (path, "/%s/", kind);
  for (const char *at = name; *at; at++)
    if (g_ascii_isalnum (*at))
      g_string_append_c (path, *at);
    else
      g_string_append_printf (path, "_%02x", (guchar)*at);
  return g_string_free (g_steal_pointer (&path), FALSE);
}

/* The object at a path, made anew if there is none. */
static Object *
find_object (BooruControlObjects *self, const char *kind, const char *name, GType type)
{
  g_autofree char *path = make_path (kind, name);
  Object *object = g_hash_table_lookup (self->objects, path);

  if (object)
    return object;
  object = g_new0 (Object, 1);
  object->path = g_steal_pointer (&path);
  object->interface = g_object_new (type, NULL);
  g_hash_table_insert (self->objects, object->path, object);
  return object;
}

static const char *
get_interface_name (const Object *object)
{
  return g_dbus_interface_skeleton_get_info (object->interface)->name;
}

/* a{sa{sv}} */
static GVariant *
describe_interfaces (const Object *object)
{
  g_autoptr (GVariant) properties = g_dbus_interface_skeleton_get_properties (object->interface);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{sa{sv}}"));
  g_variant_builder_add (&builder, "{s@a{sv}}", get_interface_name (object), properties);
  return g_variant_builder_end (&builder);
}

static gboolean export(GDBusInterfaceSkeleton *interface,
                       GDBusConnection *connection,
                       const char *path)
{
  g_autoptr (GError) error = NULL;

  if (g_dbus_interface_skeleton_export (interface, connection, path, &error))
    return TRUE;
  g_warning ("Cannot show %s over D-Bus: %s", path, error->message);
  return FALSE;
}

/* What a new object is made of is no change of it: said once, in InterfacesAdded. */
static void
finish_object (BooruControlObjects *self, Object *object, GHashTable *seen)
{
  g_hash_table_add (seen, object->path);
  if (object->shown)
    return;
  object->shown = TRUE;
  g_dbus_interface_skeleton_flush (object->interface);
  for (guint i = 0; i < self->connections->len; i++)
    export(object->interface, self->connections->pdata[i], object->path);
  booru_object_tree_emit_interfaces_added (self->tree, object->path, describe_interfaces (object));
}

static void
sync_plugin (BooruControlObjects *self, BooruPluginInfo *info, GHashTable *seen)
{
  const char *name = booru_plugin_info_get_name (info);
  BooruPluginSet *plugins = self->model->parts->plugins;
  const char *fault = booru_plugin_set_get_fault (plugins, name);
  Object *object = find_object (self, "plugin", name, BOORU_TYPE_PLUGIN1_SKELETON);

  g_object_set (object->interface, "name", name, "description",
                booru_plugin_info_get_description (info), "path", booru_plugin_info_get_path (info),
                "enabled", booru_plugin_set_runs (plugins, name), "loaded",
                booru_plugin_info_knows_services (info), "essential",
                booru_plugin_info_is_essential (info), "error", fault ? fault : "", NULL);
  finish_object (self, object, seen);
}

static void
sync_process (BooruControlObjects *self,
              const BooruService *service,
              const BooruProcessStatus *status,
              GHashTable *seen)
{
  static const char *const states[] = { "starting", "ready", "stopping", "stopping" };
  g_autofree char *name = g_strdup_printf ("%d", status->pid);
  gint64 age = status->spawned - self->model->started_at;
  Object *object = find_object (self, "process", name, BOORU_TYPE_LIVE_PROCESS);

  booru_live_process_set_services (object->interface, self->model->parts->services);
  g_object_set (object->interface, "pid", (guint)status->pid, "service", service->name, "name",
                service->process_name, "state", states[status->state], "started",
                (guint64)MAX (0, age) / G_USEC_PER_SEC, "activity",
                status->activity ? status->activity : "", NULL);
  finish_object (self, object, seen);
}

static guint
count_recycled (const BooruServiceStatus *status)
{
  guint n = 0;

  for (guint i = 0; i < BOORU_N_RECYCLE_REASONS; i++)
    n += status->recycled[i];
  return n;
}

static void
sync_service (BooruControlObjects *self, BooruHostedService *service, GHashTable *seen)
{
  static const char *const states[]
      = { "starting", "ready", "stopping", "backoff", "failed", "failing" };
  const BooruService *described = booru_hosted_service_get_spec (service)->service;
  BooruSupervisor *supervisor = booru_hosted_service_get_supervisor (service);
  g_autoptr (GArray) processes = booru_supervisor_list_processes (supervisor);
  g_autofree char *error = NULL;
  BooruServiceStatus status;
  Object *object = find_object (self, "service", described->name, BOORU_TYPE_SERVICE1_SKELETON);

  booru_supervisor_get_status (supervisor, &status);
  if (booru_hosted_service_has_failed (service))
    status.state = BOORU_SERVICE_FAILED;
  error = g_utf8_make_valid (status.error ? status.error : "", -1);
  g_object_set (object->interface, "name", described->name, "plugin",
                booru_plugin_info_get_name (booru_hosted_service_get_plugin (service)), "state",
                states[status.state], "wanted", status.wanted, "ready", status.ready, "restarts",
                status.restarts, "recycled", count_recycled (&status), "trouble",
                status.trouble ? status.trouble : "", "error", error, NULL);
  finish_object (self, object, seen);

  for (guint i = 0; i < processes->len; i++)
    sync_process (self, described, &g_array_index (processes, BooruProcessStatus, i), seen);
}

/* What services publish for people to see has properties of its own, and is passed on as it is. */
static GVariant *
dup_published (BooruControlObjects *self, const char *key, const GVariantType *type)
{
  GVariant *value = booru_service_set_dup_published (self->model->parts->services, key, type);

  return value ? value
               : g_variant_ref_sink (g_variant_new_array (g_variant_type_element (type), NULL, 0));
}

static void
sync_root (BooruControlObjects *self)
{
  const BooruHostParts *parts = self->model->parts;
  g_autoptr (GVariant) progress = dup_published (self, "progress", G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GVariant) ingest = dup_published (self, "ingest", G_VARIANT_TYPE_VARDICT);

  g_object_set (self->root, "state", booru_service_set_get_state (parts->services), "address",
                parts->listener ? booru_listener_get_url (parts->listener) : "", "workers",
                parts->config->workers, "progress", progress, "ingest", ingest, NULL);
}

static void
remove_unseen (BooruControlObjects *self, GHashTable *seen)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Object *object = value;
      const char *interfaces[] = { get_interface_name (object), NULL };

      if (g_hash_table_contains (seen, object->path))
        continue;
      booru_object_tree_emit_interfaces_removed (self->tree, object->path, interfaces);
      g_hash_table_iter_remove (&iter);
    }
}

/**
 * booru_control_objects_sync:
 * @self: the objects
 *
 * Brings all of them up to date; whoever listens is told of what is different.
 */
void
booru_control_objects_sync (BooruControlObjects *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  GPtrArray *plugins = booru_plugin_set_get_available (self->model->parts->plugins);
  BooruServiceSet *services = self->model->parts->services;

  sync_root (self);
  for (guint i = 0; i < plugins->len; i++)
    sync_plugin (self, plugins->pdata[i], seen);
  for (guint i = 0; i < booru_service_set_get_n (services); i++)
    sync_service (self, booru_service_set_get (services, i), seen);
  remove_unseen (self, seen);
}

void
booru_control_objects_emit_event (BooruControlObjects *self,
                                  guint64 serial,
                                  gint64 time,
                                  const char *topic,
                                  const char *text)
{
  booru_host1_emit_event (self->root, serial, time, topic, text);
}

/* All objects of a kind, aa{sv}, in the order of their paths. */
static GVariant *
describe_kind (BooruControlObjects *self, const char *interface)
{
  g_autoptr (GList) paths
      = g_list_sort (g_hash_table_get_keys (self->objects), (GCompareFunc)strcmp);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (GList *link = paths; link; link = link->next)
    {
      const Object *object = g_hash_table_lookup (self->objects, link->data);
      g_autoptr (GVariant) properties = NULL;

      if (!g_str_equal (get_interface_name (object), interface))
        continue;
      properties = g_dbus_interface_skeleton_get_properties (object->interface);
      g_variant_builder_add_value (&builder, properties);
    }
  return g_variant_builder_end (&builder);
}

/* All that they say, a{sv}, as GetStatus answers it; floating. */
static GVariant *
describe_all (BooruControlObjects *self)
{
  g_autoptr (GVariant) host = NULL;
  GVariantDict dict;

  booru_control_objects_sync (self);
  host = g_dbus_interface_skeleton_get_properties (G_DBUS_INTERFACE_SKELETON (self->root));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "host", host);
  g_variant_dict_insert_value (&dict, "services", describe_kind (self, "org.booru.Service1"));
  g_variant_dict_insert_value (&dict, "processes", describe_kind (self, "org.booru.Process1"));
  g_variant_dict_insert_value (&dict, "plugins", describe_kind (self, "org.booru.Plugin1"));
  return g_variant_dict_end (&dict);
}

void
booru_control_objects_call (BooruControlObjects *self,
                            const char *method,
                            GVariant *parameters,
                            GTask *task)
{
  if (g_str_equal (method, "GetStatus"))
    {
      g_task_return_pointer (task,
                             g_variant_ref_sink (g_variant_new ("(@a{sv})", describe_all (self))),
                             (GDestroyNotify)g_variant_unref);
      g_object_unref (task);
    }
  else
    booru_control_run_method (self->model, method, parameters, task);
}

static void
call_method (gpointer self, const char *method, GVariant *parameters, GTask *task)
{
  booru_control_objects_call (self, method, parameters, task);
}

/* Connections */

static gboolean
on_get_managed_objects (BooruControlObjects *self, GDBusMethodInvocation *invocation)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer object;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{oa{sa{sv}}}"));
  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, NULL, &object))
    g_variant_builder_add (&builder, "{o@a{sa{sv}}}", ((Object *)object)->path,
                           describe_interfaces (object));
  booru_object_tree_complete_get_managed_objects (self->tree, invocation,
                                                  g_variant_builder_end (&builder));
  return TRUE;
}

/**
 * booru_control_objects_export:
 * @self: the objects
 * @connection: where they are to be found
 *
 * Returns: %FALSE if they cannot be
 */
gboolean
booru_control_objects_export (BooruControlObjects *self, GDBusConnection *connection)
{
  GHashTableIter iter;
  gpointer value;

  if (!export(G_DBUS_INTERFACE_SKELETON (self->root), connection, BOORU_DBUS_PATH))
    return FALSE;
  if (!export(G_DBUS_INTERFACE_SKELETON (self->tree), connection, BOORU_DBUS_PATH))
    {
      g_dbus_interface_skeleton_unexport_from_connection (G_DBUS_INTERFACE_SKELETON (self->root),
                                                          connection);
      return FALSE;
    }
  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    export(((Object *)value)->interface, connection, ((Object *)value)->path);
  g_ptr_array_add (self->connections, g_object_ref (connection));
  return TRUE;
}

static void
unexport (GDBusInterfaceSkeleton *interface, GDBusConnection *connection)
{
  if (g_dbus_interface_skeleton_has_connection (interface, connection))
    g_dbus_interface_skeleton_unexport_from_connection (interface, connection);
}

void
booru_control_objects_unexport (BooruControlObjects *self, GDBusConnection *connection)
{
  GHashTableIter iter;
  gpointer object;

  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, NULL, &object))
    unexport (((Object *)object)->interface, connection);
  unexport (G_DBUS_INTERFACE_SKELETON (self->tree), connection);
  unexport (G_DBUS_INTERFACE_SKELETON (self->root), connection);
  g_ptr_array_remove_fast (self->connections, connection);
}

BooruControlObjects *
booru_control_objects_new (const BooruControlModel *model)
{
  BooruControlObjects *self = g_new0 (BooruControlObjects, 1);
  const char *settings_file
      = booru_settings_get_keyfile (booru_host_settings_get_own (model->parts->settings));

  self->model = model;
  self->objects = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, object_free);
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->tree = booru_object_tree_skeleton_new ();
  g_signal_connect_swapped (self->tree, "handle-get-managed-objects",
                            G_CALLBACK (on_get_managed_objects), self);
  self->root = booru_live_host_new (model->started_at, call_method, self);
  g_object_set (self->root, "version", BOORU_VERSION, "pid", (guint)getpid (), "data-dir",
                model->parts->config->data_dir, "settings-file", settings_file ? settings_file : "",
                NULL);
  return self;
}

void
booru_control_objects_free (BooruControlObjects *self)
{
  while (self->connections->len > 0)
    booru_control_objects_unexport (self, self->connections->pdata[0]);
  g_signal_handlers_disconnect_by_data (self->tree, self);
  g_object_unref (self->root);
  g_object_unref (self->tree);
  g_ptr_array_unref (self->connections);
  g_hash_table_unref (self->objects);
  g_free (self);
}
