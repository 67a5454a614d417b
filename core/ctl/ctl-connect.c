/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding the host that is meant. */
#include "ctl.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "base/booru-settings.h"

static gboolean
open_proxy (Ctl *ctl, const char *address, const char *bus_name, GError **error)
{
  GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT;
  g_autoptr (GDBusConnection) connection = NULL;
  g_autoptr (BooruHost1) host = NULL;
  g_autofree char *owner = NULL;

  if (bus_name)
    flags |= G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
  connection
      = g_dbus_connection_new_for_address_sync (address, flags, NULL, ctl->cancellable, error);
  if (connection == NULL)
    return FALSE;
  host = booru_host1_proxy_new_sync (connection, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, bus_name,
                                     BOORU_DBUS_PATH, ctl->cancellable, error);
  if (host == NULL)
    return FALSE;
  owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (host));
  if (bus_name && owner == NULL)
    {
      g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER, "nobody owns %s", bus_name);
      return FALSE;
    }
  /* A reload takes as long as the slowest request in flight. */
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (host), G_MAXINT);
  ctl->connection = g_steal_pointer (&connection);
  ctl->bus_name = bus_name;
  ctl->host = g_steal_pointer (&host);
  return TRUE;
}

static void
disconnect (Ctl *ctl)
{
  g_clear_object (&ctl->host);
  g_clear_object (&ctl->connection);
  g_clear_pointer (&ctl->via_socket, g_free);
}

static gboolean
try_socket (Ctl *ctl, const char *path, GError **error)
{
  int folder;
  g_autofree char *address = booru_paths_dup_socket_address (path, &folder);
  gboolean found;

  disconnect (ctl);
  found = open_proxy (ctl, address, NULL, error);
  if (folder >= 0)
    close (folder);
  ctl->via = "private socket";
  if (found)
    ctl->via_socket = g_strdup (path);
  return found;
}

static char *
dup_data_dir (Ctl *ctl)
{
  const char *variable = g_getenv (BOORU_ENV_DATA_DIR);
  g_autoptr (BooruSettings) settings = NULL;
  g_autofree char *stored = NULL;

  if (ctl->data_dir)
    return g_canonicalize_filename (ctl->data_dir, NULL);
  if (variable && *variable)
    return g_canonicalize_filename (variable, NULL);
  settings = booru_settings_new (BOORU_SCHEMA_HOST, NULL, NULL);
  stored = settings ? booru_settings_get_string (settings, "data-dir") : NULL;
  return stored && *stored ? g_canonicalize_filename (stored, NULL)
                           : booru_paths_dup_default_data_dir ();
}

/* A data folder on the command line means exactly the host that uses it. */
static gboolean
is_meant (Ctl *ctl)
{
  char *meant = ctl->data_dir ? realpath (ctl->data_dir, NULL) : NULL;
  gboolean good
      = ctl->data_dir == NULL || g_strcmp0 (meant, booru_host1_get_data_dir (ctl->host)) == 0;

  free (meant);
  return good;
}

static gboolean
try_bus (Ctl *ctl, gboolean system, GError **error)
{
  g_autofree char *address
      = system ? booru_paths_dup_system_bus () : booru_paths_dup_session_bus ();

  if (address == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "there is no session bus");
      return FALSE;
    }
  if (!open_proxy (ctl, address, BOORU_DBUS_NAME, error))
    return FALSE;
  ctl->via = system ? "system bus" : "session bus";
  if (is_meant (ctl))
    return TRUE;
  disconnect (ctl);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "the host there has another data folder");
  return FALSE;
}

static gboolean
not_found (const char *where, GError *why, GError **error)
{
  g_dbus_error_strip_remote_error (why);
  if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
      || g_error_matches (why, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED, "Access to the host on %s is denied: %s",
                 where, why->message);
  else
    g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER, "No host answers on %s: %s",
                 where, why->message);
  g_error_free (why);
  return FALSE;
}

static gboolean
ask_which (const char *data_dir, const char *list, GError **error)
{
  g_autofree char *shown = g_filename_display_name (data_dir);

  g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
               "Several hosts share the data folder “%s”. Say which one is meant:%s", shown, list);
  return FALSE;
}

/* Which of the hosts with a runtime folder answer. One is connected to; several are for @each, or
 * for the user to choose from. FALSE without @error: there is none. */
static gboolean
search_sockets (Ctl *ctl,
                const char *runtime_dir,
                const char *data_dir,
                gboolean each,
                GError **error)
{
  g_autoptr (GPtrArray) paths = ctl_hosts_list_sockets (runtime_dir);
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  g_autoptr (GString) list = g_string_new (NULL);
  g_auto (GStrv) sockets = NULL;
  GError *why = NULL;

  for (guint i = 0; i < paths->len; i++)
    {
      g_autofree char *shown = g_filename_display_name (paths->pdata[i]);

      g_clear_error (&why);
      if (try_socket (ctl, paths->pdata[i], &why))
        {
          g_strv_builder_add (found, paths->pdata[i]);
          g_string_append_printf (list, "\n  --socket=%s  (pid %u, %s)", shown,
                                  booru_host1_get_pid (ctl->host),
                                  booru_host1_get_address (ctl->host));
        }
      else if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
        return not_found ("its private socket", why, error);
    }
  g_clear_error (&why);
  sockets = g_strv_builder_end (found);
  switch (g_strv_length (sockets))
    {
    case 0:
      return FALSE;
    case 1:
      return ctl_connect_to (ctl, sockets[0], error);
    default:
      if (!each)
        return ask_which (data_dir, list->str, error);
      ctl->sockets = g_steal_pointer (&sockets);
      return TRUE;
    }
}

/* By the runtime folder that the host would have here, and the one that it has, which differs where
 * it was started in another environment. */
static gboolean
search_data_dir (Ctl *ctl, const char *data_dir, gboolean each, GError **error)
{
  g_autofree char *runtime_dir = booru_paths_dup_runtime_dir (data_dir);
  g_autofree char *link = g_build_filename (data_dir, BOORU_LINK_RUNTIME, NULL);
  g_autofree char *linked = g_file_read_link (link, NULL);
  g_autoptr (GError) why = NULL;

  if (search_sockets (ctl, runtime_dir, data_dir, each, &why))
    return TRUE;
  if (why == NULL && linked != NULL && !g_str_equal (linked, runtime_dir)
      && search_sockets (ctl, linked, data_dir, each, &why))
    return TRUE;
  if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

/* The only host of this user that runs, whatever its data folder is. */
static gboolean
search_user (Ctl *ctl, gboolean each, GError **error)
{
  g_autoptr (GPtrArray) folders = ctl_hosts_list_folders ();
  g_autoptr (GString) list = g_string_new (NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (guint i = 0; i < folders->len; i++)
    {
      g_autoptr (GPtrArray) sockets = ctl_hosts_list_sockets (folders->pdata[i]);
      gboolean answered = FALSE, gone = TRUE;

      for (guint j = 0; j < sockets->len && !answered; j++)
        {
          g_autoptr (GError) why = NULL;

          answered = try_socket (ctl, sockets->pdata[j], &why);
          gone = gone
                 && (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND)
                     || g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED));
        }
      if (answered)
        {
          g_autofree char *shown = g_filename_display_name (booru_host1_get_data_dir (ctl->host));

          g_ptr_array_add (found, folders->pdata[i]);
          g_string_append_printf (list, "\n  --data-dir=%s  (pid %u, %s)", shown,
                                  booru_host1_get_pid (ctl->host),
                                  booru_host1_get_address (ctl->host));
        }
      else if (gone)
        ctl_hosts_forget (folders->pdata[i]);
    }
  disconnect (ctl);
  if (found->len == 1)
    return search_sockets (ctl, found->pdata[0], found->pdata[0], each, error);
  if (found->len > 1)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
                 "Several hosts of this user are running. Say which one is meant:%s", list->str);
  return FALSE;
}

/* Where nothing says which host: that of the usual data folder, then the user's only one, then the
 * session's, then the system's. */
static gboolean
search (Ctl *ctl, gboolean each, GError **error)
{
  const char *variable = g_getenv (BOORU_ENV_DATA_DIR);
  gboolean named = ctl->data_dir != NULL || (variable && *variable);
  g_autofree char *data_dir = dup_data_dir (ctl);
  g_autofree char *shown = g_filename_display_name (data_dir);
  g_autoptr (GError) why = NULL;

  if (search_data_dir (ctl, data_dir, each, &why)
      || (why == NULL && !named && search_user (ctl, each, &why)))
    return TRUE;
  if (why)
    {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  if (try_bus (ctl, FALSE, NULL) || try_bus (ctl, TRUE, NULL))
    return TRUE;
  g_set_error (
      error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER,
      "No booru-host is running with the data folder “%s”, nor%s on a message bus: start it, "
      "or say which one is meant with --data-dir=FOLDER or --socket=PATH",
      shown, named ? "" : " any other of this user, nor one");
  return FALSE;
}

/**
 * ctl_connect_to:
 * @ctl: what the command line says
 * @socket: one of several
 * @error: return location
 *
 * Opens a connection to one of the hosts that share a data folder.
 */
gboolean
ctl_connect_to (Ctl *ctl, const char *socket, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (socket);
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *shown = g_filename_display_name (socket);
  GError *why = NULL;

  ctl->label = g_intern_string (name);
  return try_socket (ctl, socket, &why) || not_found (shown, why, error);
}

/**
 * ctl_connect:
 * @ctl: what the command line says
 * @each: whether each of several hosts on one data folder is meant, if nothing says which
 * @error: return location
 *
 * Finds the host and opens a connection to it; or @ctl->sockets says which hosts there are.
 */
gboolean
ctl_connect (Ctl *ctl, gboolean each, GError **error)
{
  g_autofree char *shown = ctl->socket ? g_filename_display_name (ctl->socket) : NULL;
  g_autofree char *path = ctl->socket ? g_canonicalize_filename (ctl->socket, NULL) : NULL;
  GError *why = NULL;

  if (path)
    return try_socket (ctl, path, &why) || not_found (shown, why, error);
  if (ctl->session)
    return try_bus (ctl, FALSE, &why) || not_found ("the session bus", why, error);
  if (ctl->system)
    return try_bus (ctl, TRUE, &why) || not_found ("the system bus", why, error);
  return search (ctl, each, error);
}

/**
 * ctl_list_objects:
 * @ctl: a connected one
 * @error: return location
 *
 * Returns: (transfer full): all objects but the host itself, with their interfaces and properties
 */
GVariant *
ctl_list_objects (Ctl *ctl, GError **error)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      ctl->connection, ctl->bus_name, BOORU_DBUS_PATH, "org.freedesktop.DBus.ObjectManager",
      "GetManagedObjects", NULL, G_VARIANT_TYPE ("(a{oa{sa{sv}}})"),
      G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, error);

  return reply ? g_variant_get_child_value (reply, 0) : NULL;
}

/**
 * ctl_exit_code:
 * @error: what went wrong
 *
 * Returns: an exit code of sysexits(3)
 */
int
ctl_exit_code (const GError *error)
{
  static const struct
  {
    int code, exit_code;
  } dbus_codes[] = {
    { G_DBUS_ERROR_NAME_HAS_NO_OWNER, EX_UNAVAILABLE },
    { G_DBUS_ERROR_SERVICE_UNKNOWN, EX_UNAVAILABLE },
    { G_DBUS_ERROR_DISCONNECTED, EX_UNAVAILABLE },
    { G_DBUS_ERROR_NO_REPLY, EX_UNAVAILABLE },
    { G_DBUS_ERROR_TIMEOUT, EX_TEMPFAIL },
    { G_DBUS_ERROR_ACCESS_DENIED, EX_NOPERM },
    { G_DBUS_ERROR_AUTH_FAILED, EX_NOPERM },
  };

  for (guint i = 0; i < G_N_ELEMENTS (dbus_codes); i++)
    if (g_error_matches (error, G_DBUS_ERROR, dbus_codes[i].code))
      return dbus_codes[i].exit_code;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return EX_UNAVAILABLE;
  if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_CANCELLED))
    return EX_TEMPFAIL; /* the host was told something else meanwhile */
  return booru_error_to_exit_code (error);
}
