/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-control-objects.h"

#include <string.h>
#include <unistd.h>

#include "base/booru-names.h"
#include "booru-build-config.h"
#include "booru-control-live.h"
#include "host/booru-host-private.h"

/* An object with its one interface. */
typedef struct
{
  char *path;
  GDBusInterfaceSkeleton *interface;
  gboolean shown;
} Object;

struct _BooruControlObjects
{
  BooruHost *host;
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
  const char *fault = g_hash_table_lookup (self->host->faults, name);
  Object *object = find_object (self, "plugin", name, BOORU_TYPE_PLUGIN1_SKELETON);

  g_object_set (object->interface, "name", name, "description",
                booru_plugin_info_get_description (info), "path", booru_plugin_info_get_path (info),
                "enabled", g_ptr_array_find (self->host->plugins, info, NULL), "loaded",
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
  gint64 age = status->spawned - self->host->started_at;
  Object *object = find_object (self, "process", name, BOORU_TYPE_LIVE_PROCESS);

  booru_live_process_set_host (object->interface, self->host);
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
sync_service (BooruControlObjects *self, BooruHostService *service, GHashTable *seen)
{
  static const char *const states[]
      = { "starting", "ready", "stopping", "backoff", "failed", "failing" };
  const BooruService *described = service->spec.service;
  g_autoptr (GArray) processes = booru_supervisor_list_processes (service->runner);
  g_autofree char *error = NULL;
  BooruServiceStatus status;
  Object *object = find_object (self, "service", described->name, BOORU_TYPE_SERVICE1_SKELETON);

  booru_supervisor_get_status (service->runner, &status);
  if (service->failed)
    status.state = BOORU_SERVICE_FAILED;
  error = g_utf8_make_valid (status.error ? status.error : "", -1);
  g_object_set (object->interface, "name", described->name, "plugin",
                booru_plugin_info_get_name (service->plugin), "state", states[status.state],
                "wanted", status.wanted, "ready", status.ready, "restarts", status.restarts,
                "recycled", count_recycled (&status), "trouble",
                status.trouble ? status.trouble : "", "error", error, NULL);
  finish_object (self, object, seen);

  for (guint i = 0; i < processes->len; i++)
    sync_process (self, described, &g_array_index (processes, BooruProcessStatus, i), seen);
}

static void
sync_root (BooruControlObjects *self)
{
  BooruHost *host = self->host;
  g_autoptr (GVariant) progress = g_variant_ref_sink (booru_host_dup_progress (host));
  g_autoptr (GVariant) nothing
      = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));

  g_object_set (self->root, "state", booru_host_get_state (host), "address",
                host->listener ? booru_listener_get_url (host->listener) : "", "workers",
                host->config->workers, "progress", progress, "ingest",
                host->ingest ? host->ingest : nothing, NULL);
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

  sync_root (self);
  for (guint i = 0; i < self->host->available->len; i++)
    sync_plugin (self, self->host->available->pdata[i], seen);
  for (guint i = 0; i < self->host->services->len; i++)
    sync_service (self, self->host->services->pdata[i], seen);
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

/**
 * booru_control_objects_describe:
 * @self: the objects
 *
 * Returns: (transfer full): all that they say, as GetStatus answers it; floating
 */
GVariant *
booru_control_objects_describe (BooruControlObjects *self)
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
booru_control_objects_new (BooruHost *host)
{
  BooruControlObjects *self = g_new0 (BooruControlObjects, 1);
  const char *settings_file = booru_settings_get_keyfile (host->settings);

  self->host = host;
  self->objects = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, object_free);
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  self->tree = booru_object_tree_skeleton_new ();
  g_signal_connect_swapped (self->tree, "handle-get-managed-objects",
                            G_CALLBACK (on_get_managed_objects), self);
  self->root = booru_live_host_new (host);
  g_object_set (self->root, "version", BOORU_VERSION, "pid", (guint)getpid (), "data-dir",
                host->config->data_dir, "settings-file", settings_file ? settings_file : "", NULL);
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
