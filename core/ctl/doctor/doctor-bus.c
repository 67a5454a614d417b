/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ways to a host: the buses, and the private socket. */
#include "ctl/doctor/doctor.h"

#include <pwd.h>
#include <unistd.h>

#include "base/booru-names.h"
#include "base/booru-paths.h"

#define PATIENCE 5000 /* ms */

static GVariant *
call (GDBusConnection *bus, const char *method, const char *type, GError **error)
{
  return g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                      "org.freedesktop.DBus", method,
                                      g_variant_new ("(s)", BOORU_DBUS_NAME), G_VARIANT_TYPE (type),
                                      G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, NULL, error);
}

static guint
ask_number (GDBusConnection *bus, const char *method)
{
  g_autoptr (GVariant) reply = call (bus, method, "(u)", NULL);
  guint number = 0;

  if (reply)
    g_variant_get (reply, "(u)", &number);
  return number;
}

static void
say_owner (Doctor *self, GDBusConnection *bus, const char *subject)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) owner = call (bus, "GetNameOwner", "(s)", &error);
  guint pid;
  const struct passwd *user;

  if (owner == NULL)
    {
      doctor_ok (self->report, subject, "is available; nobody owns " BOORU_DBUS_NAME);
      return;
    }
  pid = ask_number (bus, "GetConnectionUnixProcessID");
  user = getpwuid (ask_number (bus, "GetConnectionUnixUser"));
  doctor_ok (self->report, subject, BOORU_DBUS_NAME " is the process %u of the user %s", pid,
             user ? user->pw_name : "unknown");
  if (self->ctl->host && booru_host1_get_pid (self->ctl->host) != pid)
    doctor_note (self->report, subject, "that is not the host examined here (pid %u)",
                 booru_host1_get_pid (self->ctl->host));
}

/* A host works without a bus. It is only missing if it was asked for. */
static void
check_bus (Doctor *self, gboolean system)
{
  const char *subject = system ? "system bus" : "session bus";
  gboolean asked = system ? self->ctl->system : self->ctl->session;
  g_autofree char *address
      = system ? booru_paths_dup_system_bus () : booru_paths_dup_session_bus ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = NULL;

  if (address)
    bus = g_dbus_connection_new_for_address_sync (
        address,
        G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
            | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
        NULL, NULL, &error);
  if (bus)
    {
      say_owner (self, bus, subject);
      return;
    }
  doctor_report_add (self->report, asked ? DOCTOR_ERROR : DOCTOR_NOTE, subject,
                     "none can be reached (%s); booructl uses the private socket",
                     error ? error->message : "no variable names one");
  if (asked)
    doctor_report_advise (self->report, "Start the bus (dbus-daemon), or leave out --%s",
                          system ? "system" : "session");
}

static gboolean
can_connect (const char *path, GError **error)
{
  int folder;
  g_autofree char *address = booru_paths_dup_socket_address (path, &folder);
  g_autoptr (GDBusConnection) connection = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_NONE, NULL, NULL, error);

  if (folder >= 0)
    close (folder);
  return connection != NULL;
}

static void
check_socket (Doctor *self)
{
  g_autofree char *runtime = self->ctl->system ? g_strdup (BOORU_SYSTEM_RUNTIME_DIR)
                                               : booru_paths_dup_runtime_dir (self->data_dir);
  g_autofree char *path = self->ctl->socket
                              ? g_canonicalize_filename (self->ctl->socket, NULL)
                              : g_build_filename (runtime, BOORU_CONTROL_SOCKET, NULL);
  g_autoptr (GError) error = NULL;

  if (self->silent)
    return; /* of the host's own check */
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    doctor_note (self->report, "private socket", "there is none %sat “%s”",
                 self->blind ? "to be seen " : "", path);
  else if (can_connect (path, &error))
    doctor_ok (self->report, "private socket", "a host answers at “%s”", path);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    {
      doctor_warning (self->report, "private socket", "“%s” belongs to another user's host", path);
      doctor_report_advise (self->report, "Run booructl as that user, or as root");
    }
  else
    doctor_note (self->report, "private socket",
                 "nobody answers at “%s”, left behind by a host that was killed; the next one "
                 "replaces it",
                 path);
}

void
doctor_check_bus (Doctor *self)
{
  check_bus (self, FALSE);
  check_bus (self, TRUE);
  check_socket (self);
}
