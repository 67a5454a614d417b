/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "control-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Bus and host */

void
start_bus (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *argument = g_strdup_printf ("--address=%s", f->address);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;

  f->bus = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                             &error, "dbus-daemon", "--session", "--nofork", "--nopidfile",
                             "--print-address", argument, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (f->bus));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
}

void
stop_bus (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->root, "bus", NULL);

  g_subprocess_force_exit (f->bus);
  g_subprocess_wait (f->bus, NULL, NULL);
  g_clear_object (&f->bus);
  g_unlink (path);
}

void
set_up (Fixture *f, gconstpointer with_bus)
{
  g_autofree char *run = NULL;

  f->host = test_host_new ();
  f->root = g_dir_make_tmp ("booru-control-XXXXXX", NULL);
  f->settings = g_build_filename (f->root, "settings.conf", NULL);
  f->address = g_strdup_printf ("unix:path=%s/bus", f->root);
  run = g_path_get_dirname (test_host_get_data_dir (f->host));
  f->socket = g_build_filename (run, "run", "control", NULL);
  test_host_setenv (f->host, "BOORU_SETTINGS", f->settings);
  test_host_setenv (f->host, "GSETTINGS_BACKEND", NULL);
  test_host_setenv (f->host, "DBUS_SESSION_BUS_ADDRESS", f->address);
  if (with_bus)
    start_bus (f);
}

void
tear_down (Fixture *f, gconstpointer unused)
{
  test_host_free (f->host);
  if (f->bus)
    stop_bus (f);
  g_unlink (f->settings);
  g_rmdir (f->root);
  g_free (f->root);
  g_free (f->settings);
  g_free (f->socket);
  g_free (f->address);
}

/* Calls */

GDBusConnection *
open_connection (Fixture *f, gboolean bus, GError **error)
{
  g_autofree char *private_address = g_strconcat ("unix:path=", f->socket, NULL);
  GDBusConnectionFlags flags = G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT;

  if (bus)
    flags |= G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION;
  return g_dbus_connection_new_for_address_sync (bus ? f->address : private_address, flags, NULL,
                                                 NULL, error);
}

GVariant *
call_on (GDBusConnection *connection,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GError **error)
{
  gboolean bus = g_dbus_connection_get_unique_name (connection) != NULL;

  return g_dbus_connection_call_sync (connection, bus ? NAME : NULL, PATH, interface, method,
                                      parameters, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, 60000,
                                      NULL, error);
}

void
call (GDBusConnection *connection, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = call_on (connection, HOST1, method, parameters, &error);

  g_assert_no_error (error);
}

void
assert_refused (GDBusConnection *connection,
                const char *method,
                GVariant *parameters,
                const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = call_on (connection, HOST1, method, parameters, &error);
  g_autofree char *found = error ? g_dbus_error_get_remote_error (error) : NULL;

  g_assert_null (reply);
  g_assert_cmpstr (found, ==, name);
}

GVariant *
get_property (GDBusConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = call_on (connection, "org.freedesktop.DBus.Properties", "Get",
                                        g_variant_new ("(ss)", HOST1, name), &error);
  g_autoptr (GVariant) boxed = NULL;

  g_assert_no_error (error);
  boxed = g_variant_get_child_value (reply, 0);
  return g_variant_get_variant (boxed);
}

gboolean
name_is_there (gpointer data)
{
  Expected *expected = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = open_connection (expected->fixture, TRUE, &error);
  g_autoptr (GVariant) reply = NULL;

  if (connection)
    reply = call_on (connection, "org.freedesktop.DBus.Peer", "Ping", NULL, NULL);
  return reply != NULL;
}

GDBusConnection *
connect_to (Fixture *f, gboolean bus)
{
  Expected expected = { .fixture = f };
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection;

  if (bus)
    test_host_await (f->host, "the name on the bus", name_is_there, &expected);
  connection = open_connection (f, bus, &error);
  g_assert_no_error (error);
  return connection;
}

gboolean
has_service (gpointer data)
{
  Expected *expected = data;
  g_autoptr (GVariant) reply = call_on (expected->connection, "org.freedesktop.DBus.ObjectManager",
                                        "GetManagedObjects", NULL, NULL);
  g_autoptr (GVariant) objects = g_variant_get_child_value (reply, 0);
  g_autofree char *path = g_strdup_printf (PATH "/service/%s", expected->text);
  g_autoptr (GVariant) interfaces = g_variant_lookup_value (objects, path, NULL);
  g_autoptr (GVariant) service = NULL;
  guint ready = 0;

  if (interfaces == NULL)
    return expected->number == 0;
  service = g_variant_lookup_value (interfaces, "org.booru.Service1", G_VARIANT_TYPE_VARDICT);
  g_assert_nonnull (service);
  return g_variant_lookup (service, "Ready", "u", &ready) && ready == expected->number
         && expected->number > 0;
}

void
await_service (Fixture *f, GDBusConnection *connection, const char *name, guint ready)
{
  Expected expected = { f, connection, name, ready };

  test_host_await (f->host, "the processes of a service", has_service, &expected);
}

/* booructl */

/* Runs booructl on the private socket; what it printed, parsed. */
JsonNode *
ctl (Fixture *f, int exit_code, const char *first, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_autofree char *last = NULL;
  g_auto (GStrv) lines = NULL;
  va_list args;

  g_ptr_array_add (argv, test_host_build_path ("core/ctl/booructl"));
  g_ptr_array_add (argv, g_strdup ("--json"));
  g_ptr_array_add (argv, g_strdup_printf ("--socket=%s", f->socket));
  va_start (args, first);
  for (const char *each = first; each; each = va_arg (args, const char *))
    g_ptr_array_add (argv, g_strdup (each));
  va_end (args);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *)argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                               &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, exit_code);
  lines = g_strsplit (g_strstrip (output), "\n", -1);
  last = g_strdup (lines[0] ? lines[g_strv_length (lines) - 1] : "null");
  return json_from_string (last, &error);
}

void
ctl_ok (Fixture *f, const char *verb, const char *argument)
{
  g_autoptr (JsonNode) node = ctl (f, EX_OK, verb, argument, NULL);

  g_assert_true (json_object_get_boolean_member (json_node_get_object (node), "ok"));
}

void
ctl_fails (Fixture *f, int exit_code, const char *verb, const char *argument)
{
  g_autoptr (JsonNode) node = ctl (f, exit_code, verb, argument, NULL);

  g_assert_false (json_object_get_boolean_member (json_node_get_object (node), "ok"));
}
