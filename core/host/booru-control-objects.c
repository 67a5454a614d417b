/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-control-objects.h"

#include <unistd.h>

#include "base/booru-names.h"
#include "booru-build-config.h"
#include "booru-host-private.h"

/* The generated object holds values; this one is looked at when it is asked for. */
#define TYPE_HOST_SKELETON (host_skeleton_get_type ())
G_DECLARE_FINAL_TYPE (HostSkeleton, host_skeleton, HOST, SKELETON, BooruHost1Skeleton)

struct _HostSkeleton
{
  BooruHost1Skeleton parent_instance;
  gint64 started_at;
};

G_DEFINE_FINAL_TYPE (HostSkeleton, host_skeleton, BOORU_TYPE_HOST1_SKELETON)

enum
{
  PROP_UPTIME = 1,
};

struct _BooruControlObjects
{
  BooruHost *host;
  HostSkeleton *root;
  GHashTable *objects;  /* path → BooruObjectSkeleton */
  GHashTable *managers; /* GDBusConnection → GDBusObjectManagerServer */
};

static void
host_skeleton_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  HostSkeleton *self = HOST_SKELETON (object);

  if (id == PROP_UPTIME)
    g_value_set_uint64 (value,
                        (guint64)(g_get_monotonic_time () - self->started_at) / G_USEC_PER_SEC);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* The interface's property is writable for the generated object's sake. */
static void
host_skeleton_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
host_skeleton_class_init (HostSkeletonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = host_skeleton_get_property;
  object_class->set_property = host_skeleton_set_property;
  g_object_class_override_property (object_class, PROP_UPTIME, "uptime");
}

static void
host_skeleton_init (HostSkeleton *self)
{
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

/* The object at a path, made anew if there is none; *created tells. */
static BooruObjectSkeleton *
find_object (BooruControlObjects *self, const char *kind, const char *name, gboolean *created)
{
  g_autofree char *path = make_path (kind, name);
  BooruObjectSkeleton *object = g_hash_table_lookup (self->objects, path);

  *created = object == NULL;
  if (object)
    return object;
  object = booru_object_skeleton_new (path);
  g_hash_table_insert (self->objects, g_steal_pointer (&path), object);
  return object;
}

static void
publish (BooruControlObjects *self, BooruObjectSkeleton *object)
{
  GHashTableIter iter;
  gpointer manager;

  g_hash_table_iter_init (&iter, self->managers);
  while (g_hash_table_iter_next (&iter, NULL, &manager))
    g_dbus_object_manager_server_export (manager, G_DBUS_OBJECT_SKELETON (object));
}

/* What a new object is made of is no change of it: said once, in InterfacesAdded. */
static void
finish_object (BooruControlObjects *self,
               BooruObjectSkeleton *object,
               GDBusInterfaceSkeleton *interface,
               GHashTable *seen,
               gboolean created)
{
  if (created)
    {
      g_dbus_interface_skeleton_flush (interface);
      publish (self, object);
    }
  g_hash_table_add (seen, (gpointer)g_dbus_object_get_object_path (G_DBUS_OBJECT (object)));
}

static void
sync_plugin (BooruControlObjects *self, BooruPluginInfo *info, GHashTable *seen)
{
  const char *name = booru_plugin_info_get_name (info);
  const char *fault = g_hash_table_lookup (self->host->faults, name);
  gboolean created;
  BooruObjectSkeleton *object = find_object (self, "plugin", name, &created);
  g_autoptr (BooruPlugin1) plugin
      = created ? booru_plugin1_skeleton_new () : booru_object_get_plugin1 (BOORU_OBJECT (object));

  g_object_set (plugin, "name", name, "description", booru_plugin_info_get_description (info),
                "path", booru_plugin_info_get_path (info), "enabled",
                g_ptr_array_find (self->host->plugins, info, NULL), "loaded",
                booru_plugin_info_get_descriptor (info) != NULL, "essential",
                booru_plugin_info_is_essential (info), "error", fault ? fault : "", NULL);
  if (created)
    booru_object_skeleton_set_plugin1 (object, plugin);
  finish_object (self, object, G_DBUS_INTERFACE_SKELETON (plugin), seen, created);
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
  gboolean created;
  BooruObjectSkeleton *object = find_object (self, "process", name, &created);
  g_autoptr (BooruProcess1) process = created ? booru_process1_skeleton_new ()
                                              : booru_object_get_process1 (BOORU_OBJECT (object));

  g_object_set (process, "pid", (guint)status->pid, "service", service->name, "name",
                service->process_name, "state", states[status->state], "started",
                (guint64)MAX (0, age) / G_USEC_PER_SEC, NULL);
  if (created)
    booru_object_skeleton_set_process1 (object, process);
  finish_object (self, object, G_DBUS_INTERFACE_SKELETON (process), seen, created);
}

static void
sync_service (BooruControlObjects *self, BooruHostService *service, GHashTable *seen)
{
  static const char *const states[] = { "starting", "ready", "stopping", "backoff", "failed" };
  const BooruService *described = service->spec.service;
  gboolean created;
  BooruObjectSkeleton *object = find_object (self, "service", described->name, &created);
  g_autoptr (BooruService1) skeleton = created ? booru_service1_skeleton_new ()
                                               : booru_object_get_service1 (BOORU_OBJECT (object));
  g_autoptr (GArray) processes = booru_service_runner_list_processes (service->runner);
  g_autofree char *error = NULL;
  BooruServiceStatus status;

  booru_service_runner_get_status (service->runner, &status);
  if (service->failed)
    status.state = BOORU_SERVICE_FAILED;
  error = g_utf8_make_valid (status.error ? status.error : "", -1);
  g_object_set (skeleton, "name", described->name, "plugin",
                booru_plugin_info_get_name (service->plugin), "state", states[status.state],
                "wanted", status.wanted, "ready", status.ready, "restarts", status.restarts,
                "error", error, NULL);
  if (created)
    booru_object_skeleton_set_service1 (object, skeleton);
  finish_object (self, object, G_DBUS_INTERFACE_SKELETON (skeleton), seen, created);

  for (guint i = 0; i < processes->len; i++)
    sync_process (self, described, &g_array_index (processes, BooruProcessStatus, i), seen);
}

static void
sync_root (BooruControlObjects *self)
{
  BooruHost *host = self->host;
  g_autoptr (GVariant) progress = g_variant_ref_sink (booru_host_dup_progress (host));

  g_object_set (self->root, "state", booru_host_get_state (host), "address",
                host->listener ? booru_listener_get_url (host->listener) : "", "workers",
                host->config->workers, "progress", progress, NULL);
}

static gboolean
remove_unseen (gpointer path, gpointer object, gpointer user_data)
{
  gpointer *data = user_data;
  BooruControlObjects *self = data[0];
  GHashTableIter iter;
  gpointer manager;

  if (g_hash_table_contains (data[1], path))
    return FALSE;
  g_hash_table_iter_init (&iter, self->managers);
  while (g_hash_table_iter_next (&iter, NULL, &manager))
    g_dbus_object_manager_server_unexport (manager, path);
  return TRUE;
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
  gpointer data[] = { self, seen };

  sync_root (self);
  for (guint i = 0; i < self->host->available->len; i++)
    sync_plugin (self, self->host->available->pdata[i], seen);
  for (guint i = 0; i < self->host->services->len; i++)
    sync_service (self, self->host->services->pdata[i], seen);
  g_hash_table_foreach_remove (self->objects, remove_unseen, data);
}

void
booru_control_objects_emit_event (BooruControlObjects *self,
                                  guint64 serial,
                                  gint64 time,
                                  const char *topic,
                                  const char *text)
{
  booru_host1_emit_event (BOORU_HOST1 (self->root), serial, time, topic, text);
}

/* Connections */

/**
 * booru_control_objects_export:
 * @self: the objects
 * @connection: where they are to be found
 * @error: return location
 */
gboolean
booru_control_objects_export (BooruControlObjects *self,
                              GDBusConnection *connection,
                              GError **error)
{
  GDBusObjectManagerServer *manager;
  GHashTableIter iter;
  gpointer object;

  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->root), connection,
                                         BOORU_DBUS_PATH, error))
    return FALSE;
  manager = g_dbus_object_manager_server_new (BOORU_DBUS_PATH);
  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, NULL, &object))
    g_dbus_object_manager_server_export (manager, object);
  g_dbus_object_manager_server_set_connection (manager, connection);
  g_hash_table_insert (self->managers, g_object_ref (connection), manager);
  return TRUE;
}

void
booru_control_objects_unexport (BooruControlObjects *self, GDBusConnection *connection)
{
  GDBusObjectManagerServer *manager = g_hash_table_lookup (self->managers, connection);

  if (manager == NULL)
    return;
  g_dbus_object_manager_server_set_connection (manager, NULL);
  g_dbus_interface_skeleton_unexport_from_connection (G_DBUS_INTERFACE_SKELETON (self->root),
                                                      connection);
  g_hash_table_remove (self->managers, connection);
}

BooruControlObjects *
booru_control_objects_new (BooruHost *host)
{
  BooruControlObjects *self = g_new0 (BooruControlObjects, 1);

  self->host = host;
  self->objects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->managers
      = g_hash_table_new_full (g_direct_hash, g_direct_equal, g_object_unref, g_object_unref);
  self->root = g_object_new (TYPE_HOST_SKELETON, NULL);
  self->root->started_at = host->started_at;
  g_object_set (self->root, "version", BOORU_VERSION, "pid", (guint)getpid (), "data-dir",
                host->config->data_dir, NULL);
  booru_control_methods_connect (BOORU_HOST1 (self->root), host);
  return self;
}

void
booru_control_objects_free (BooruControlObjects *self)
{
  g_autoptr (GList) connections = g_hash_table_get_keys (self->managers);

  for (GList *link = connections; link; link = link->next)
    booru_control_objects_unexport (self, link->data);
  booru_control_methods_disconnect (BOORU_HOST1 (self->root), self->host);
  g_object_unref (self->root);
  g_hash_table_unref (self->managers);
  g_hash_table_unref (self->objects);
  g_free (self);
}
