/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways in: a message bus, and the private socket. */
#include "booru-control.h"

#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "booru-control-objects.h"
#include "base/booru-fd.h"

/* ms between attempts to reach the bus */
#define FIRST_RETRY 250
#define LAST_RETRY 60000

struct _BooruControl
{
  const BooruControlModel *model; /* not owned */
  BooruControlObjects *objects;
  guint sync; /* source */

  char *bus_address; /* NULL: no bus */
  const char *bus_label;
  gboolean bus_asked; /* for by an option: its lack is worth a warning */
  gboolean bus_complained;
  GCancellable *cancellable;
  GDBusConnection *bus; /* NULL: not there now */
  guint name;           /* owner id */
  guint retry;          /* source */
  guint retry_delay;    /* ms */

  GDBusServer *server; /* NULL: no private socket */
  char *socket_path;
  int socket_folder; /* -1: not needed */
  GPtrArray *peers;  /* GDBusConnection */
};

static void connect_to_bus (BooruControl *self);

/* Message bus */

static gboolean
on_retry (gpointer user_data)
{
  BooruControl *self = user_data;

  self->retry = 0;
  connect_to_bus (self);
  return G_SOURCE_REMOVE;
}

static void
try_again_later (BooruControl *self)
{
  self->retry = g_timeout_add (self->retry_delay, on_retry, self);
  self->retry_delay = MIN (self->retry_delay * 2, LAST_RETRY);
}

static void
complain (BooruControl *self, const char *why)
{
  if (self->bus_complained)
    return;
  self->bus_complained = TRUE;
  g_log (
      G_LOG_DOMAIN, self->bus_asked ? G_LOG_LEVEL_WARNING : G_LOG_LEVEL_INFO,
      "The %s bus cannot be used: %s. Trying again from time to time; booructl reaches this host "
      "over its private socket meanwhile",
      self->bus_label, why);
}

static void
leave_bus (BooruControl *self)
{
  g_autoptr (GDBusConnection) bus = g_steal_pointer (&self->bus);

  if (bus == NULL)
    return;
  g_signal_handlers_disconnect_by_data (bus, self);
  if (self->name)
    g_bus_unown_name (self->name);
  self->name = 0;
  booru_control_objects_unexport (self->objects, bus);
}

static void
on_bus_closed (GDBusConnection *bus, gboolean vanished, GError *error, gpointer user_data)
{
  BooruControl *self = user_data;

  g_message ("The connection to the %s bus is lost; trying to come back", self->bus_label);
  leave_bus (self);
  self->retry_delay = FIRST_RETRY;
  try_again_later (self);
}

static void
on_name_acquired (GDBusConnection *bus, const char *name, gpointer user_data)
{
  g_info ("This host is %s on the %s bus", name, ((BooruControl *)user_data)->bus_label);
}

/* Not a reason to leave: the bus gives the name to the next one in the queue. */
static void
on_name_lost (GDBusConnection *bus, const char *name, gpointer user_data)
{
  BooruControl *self = user_data;

  if (bus == NULL || g_dbus_connection_is_closed (bus))
    return;
  g_warning ("Another host has the name %s on the %s bus, or this one may not have it. “booructl "
             "--socket=%s” reaches this one",
             name, self->bus_label, self->socket_path);
}

static void
on_bus_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_finish (result, &error);
  BooruControl *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* self is gone */
  if (bus == NULL || !booru_control_objects_export (self->objects, bus))
    {
      complain (self, error ? error->message : "its objects cannot be shown there");
      try_again_later (self);
      return;
    }
  self->bus_complained = FALSE;
  self->bus = g_steal_pointer (&bus);
  g_dbus_connection_set_exit_on_close (self->bus, FALSE);
  g_signal_connect (self->bus, "closed", G_CALLBACK (on_bus_closed), self);
  self->name
      = g_bus_own_name_on_connection (self->bus, BOORU_DBUS_NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                      on_name_acquired, on_name_lost, self, NULL);
}

static void
connect_to_bus (BooruControl *self)
{
  g_dbus_connection_new_for_address (self->bus_address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                         | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, self->cancellable, on_bus_connected, self);
}

static void
use_bus (BooruControl *self, BooruHostBus bus)
{
  gboolean system = bus == BOORU_HOST_BUS_SYSTEM;

  if (bus == BOORU_HOST_BUS_NONE)
    return;
  self->bus_label = system ? "system" : "session";
  self->bus_asked = bus != BOORU_HOST_BUS_DEFAULT;
  self->bus_address = system ? booru_paths_dup_system_bus () : booru_paths_dup_session_bus ();
  if (self->bus_address)
    connect_to_bus (self);
  else if (self->bus_asked)
    g_warning (
        "There is no session bus: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR leads "
        "to one. booructl reaches this host over its private socket");
}

/* Private socket */

static void
on_peer_closed (GDBusConnection *peer, gboolean vanished, GError *error, gpointer user_data)
{
  BooruControl *self = user_data;

  g_signal_handlers_disconnect_by_data (peer, self);
  booru_control_objects_unexport (self->objects, peer);
  g_ptr_array_remove_fast (self->peers, peer);
}

static gboolean
on_peer (GDBusServer *server, GDBusConnection *peer, gpointer user_data)
{
  BooruControl *self = user_data;

  if (!booru_control_objects_export (self->objects, peer))
    return FALSE;
  g_ptr_array_add (self->peers, g_object_ref (peer));
  g_signal_connect (peer, "closed", G_CALLBACK (on_peer_closed), self);
  return TRUE;
}

/* The socket's mode keeps others away already; this does where somebody changed it. Called from
 * the connection's own thread. */
static gboolean
on_authorize (GDBusAuthObserver *observer,
              GIOStream *stream,
              GCredentials *credentials,
              gpointer unused)
{
  uid_t user = credentials ? g_credentials_get_unix_user (credentials, NULL) : (uid_t)-1;

  if (user == 0 || user == geteuid ())
    return TRUE;
  g_warning ("A connection of the user id %d to the private socket is refused", (int)user);
  return FALSE;
}

static gboolean
on_allow_mechanism (GDBusAuthObserver *observer, const char *mechanism, gpointer unused)
{
  return g_str_equal (mechanism, "EXTERNAL");
}

static void
open_socket (BooruControl *self, const char *runtime_dir)
{
  g_autoptr (GDBusAuthObserver) observer = g_dbus_auth_observer_new ();
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  mode_t mask;

  self->socket_path = g_build_filename (runtime_dir, BOORU_CONTROL_SOCKET, NULL);
  g_signal_connect (observer, "allow-mechanism", G_CALLBACK (on_allow_mechanism), NULL);
  g_signal_connect (observer, "authorize-authenticated-peer", G_CALLBACK (on_authorize), NULL);

  /* What is left of a killed host: the lock on the data folder says that nobody uses it. */
  g_unlink (self->socket_path);
  address = booru_paths_dup_socket_address (self->socket_path, &self->socket_folder);
  mask = umask (S_IXUSR | S_IRWXG | S_IRWXO);
  self->server
      = g_dbus_server_new_sync (address, G_DBUS_SERVER_FLAGS_NONE, guid, observer, NULL, &error);
  umask (mask);
  if (self->server == NULL)
    {
      g_warning ("Cannot listen on the private socket “%s”: %s. The host can be controlled over a "
                 "message bus and by signals only",
                 self->socket_path, error->message);
      return;
    }
  g_signal_connect (self->server, "new-connection", G_CALLBACK (on_peer), self);
  g_dbus_server_start (self->server);
}

static void
close_socket (BooruControl *self)
{
  if (self->server)
    {
      g_signal_handlers_disconnect_by_data (self->server, self);
      g_dbus_server_stop (self->server);
      g_unlink (self->socket_path);
    }
  g_clear_object (&self->server);
  for (guint i = 0; i < self->peers->len; i++)
    {
      g_signal_handlers_disconnect_by_data (self->peers->pdata[i], self);
      booru_control_objects_unexport (self->objects, self->peers->pdata[i]);
    }
  g_ptr_array_unref (self->peers);
  booru_clear_fd (&self->socket_folder);
  g_free (self->socket_path);
}

/* All of it */

static gboolean
on_sync (gpointer user_data)
{
  BooruControl *self = user_data;

  self->sync = 0;
  booru_control_objects_sync (self->objects);
  return G_SOURCE_REMOVE;
}

/* Several things change at once, as a rule. */
static void
on_changed (BooruControl *self)
{
  if (self->sync == 0)
    self->sync = g_idle_add_full (G_PRIORITY_DEFAULT, on_sync, self, NULL);
}

static void
on_event (BooruControl *self, guint64 serial, gint64 time, const char *topic, const char *text)
{
  booru_control_objects_emit_event (self->objects, serial, time, topic, text);
  on_changed (self);
}

void
booru_control_call (BooruControl *self, const char *method, GVariant *parameters, GTask *task)
{
  booru_control_objects_call (self->objects, method, parameters, task);
}

static void
watch_model (BooruControl *self)
{
  BooruHostParts *parts = self->model->parts;

  g_signal_connect_swapped (self->model->events, "added", G_CALLBACK (on_event), self);
  g_signal_connect_swapped (parts->services, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (parts->plugins, "changed", G_CALLBACK (on_changed), self);
}

static void
leave_model (BooruControl *self)
{
  BooruHostParts *parts = self->model->parts;

  g_signal_handlers_disconnect_by_data (self->model->events, self);
  g_signal_handlers_disconnect_by_data (parts->services, self);
  g_signal_handlers_disconnect_by_data (parts->plugins, self);
}

BooruControl *
booru_control_new (const BooruControlModel *model, BooruHostBus bus)
{
  BooruControl *self = g_new0 (BooruControl, 1);

  self->model = model;
  self->objects = booru_control_objects_new (model);
  self->cancellable = g_cancellable_new ();
  self->retry_delay = FIRST_RETRY;
  self->socket_folder = -1;
  self->peers = g_ptr_array_new_with_free_func (g_object_unref);
  booru_control_objects_sync (self->objects);
  open_socket (self, model->parts->config->runtime_dir);
  watch_model (self);
  use_bus (self, bus);
  return self;
}

void
booru_control_free (BooruControl *self)
{
  leave_model (self);
  g_clear_handle_id (&self->sync, g_source_remove);
  g_clear_handle_id (&self->retry, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  leave_bus (self);
  close_socket (self);
  booru_control_objects_free (self->objects);
  g_free (self->bus_address);
  g_free (self);
}
