/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What booru-host says to the service manager that started it, which these tests play, and what it
 * takes from it: sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3). */
#include "test-host.h"

#include <errno.h>
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORKERS "booru-workers"
#define ONE "booru-fixture"

typedef struct
{
  TestHost *host;
  char *folder;
  GSocket *socket;
  GPtrArray *lines; /* all that was said so far */
} Manager;

static void
manager_set_up (Manager *self, gconstpointer abstract)
{
  g_autofree char *plugins = test_host_build_path ("tests/plugins");
  g_autofree char *path = NULL;
  g_autofree char *variable = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  self->host = test_host_new ();
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->folder = g_dir_make_tmp ("booru-test-XXXXXX", NULL);
  path = g_build_filename (self->folder, "notify", NULL);
  address = g_unix_socket_address_new_with_type (
      path, -1, abstract ? G_UNIX_SOCKET_ADDRESS_ABSTRACT : G_UNIX_SOCKET_ADDRESS_PATH);
  variable = g_strconcat (abstract ? "@" : "", path, NULL);
  self->socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, 0, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (self->socket, address, FALSE, &error));
  g_socket_set_blocking (self->socket, FALSE);

  test_host_setenv (self->host, "BOORU_PLUGIN_PATH", plugins);
  test_host_setenv (self->host, "NOTIFY_SOCKET", variable);
}

static void
manager_tear_down (Manager *self, gconstpointer abstract)
{
  g_autofree char *path = g_build_filename (self->folder, "notify", NULL);

  test_host_free (self->host);
  g_object_unref (self->socket);
  g_unlink (path);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_ptr_array_unref (self->lines);
}

static void
listen_to_host (Manager *self)
{
  char text[4096];
  gssize length;

  while ((length = g_socket_receive (self->socket, text, sizeof text - 1, NULL, NULL)) > 0)
    {
      g_auto (GStrv) lines = NULL;

      text[length] = '\0';
      lines = g_strsplit (text, "\n", -1);
      for (char **line = lines; *line; line++)
        g_ptr_array_add (self->lines, g_strdup (*line));
    }
}

/* Where the first line is, from a given one on, that begins so; -1: nowhere. */
static int
find_line (Manager *self, guint from, const char *beginning)
{
  listen_to_host (self);
  for (guint i = from; i < self->lines->len; i++)
    if (g_str_has_prefix (self->lines->pdata[i], beginning))
      return (int)i;
  return -1;
}

typedef struct
{
  Manager *manager;
  guint from;
  const char *beginning;
} Line;

static gboolean
line_is_there (gpointer data)
{
  Line *line = data;

  return find_line (line->manager, line->from, line->beginning) >= 0;
}

/* Returns the number of the line after. */
static guint
await_line (Manager *self, guint from, const char *beginning)
{
  Line line = { self, from, beginning };

  test_host_await (self->host, beginning, line_is_there, &line);
  return (guint)find_line (self, from, beginning) + 1;
}

static void
start (Manager *self, const char *plugin, const char *more)
{
  g_autofree char *enable = g_strconcat ("--enable-plugin=", plugin, NULL);

  test_host_start (self->host, "--disable-plugin=web", "--disable-plugin=monitor", enable, more,
                   NULL);
}

static void
test_life (Manager *self, gconstpointer abstract)
{
  guint at;

  start (self, "good-workers", "--workers=2");
  at = await_line (self, 0, "READY=1");
  g_assert_cmpuint (test_host_count_processes (self->host, WORKERS), ==, 2);
  at = await_line (self, at, "STATUS=Serving http://127.0.0.1:");

  test_host_signal (self->host, SIGHUP);
  at = await_line (self, at, "RELOADING=1");
  g_assert_true (g_str_has_prefix (self->lines->pdata[at], "MONOTONIC_USEC="));
  g_assert_cmpint (g_ascii_strtoll (strchr (self->lines->pdata[at], '=') + 1, NULL, 10), >, 0);
  at = await_line (self, at, "STATUS=Reloading");
  at = await_line (self, at, "READY=1");
  at = await_line (self, at, "STATUS=Serving");

  test_host_stop (self->host);
  at = await_line (self, at, "STOPPING=1");
  await_line (self, at, "STATUS=Stopping");
  /* Nobody asked for it. */
  g_assert_cmpint (find_line (self, 0, "WATCHDOG="), ==, -1);
}

/* READY means that all services serve, not that they were started. */
static void
test_not_ready_before (Manager *self, gconstpointer unused)
{
  test_host_setenv (self->host, "BOORU_START_LIMIT", "2");
  start (self, "hang-on-start", NULL);
  await_line (self, 0, "EXTEND_TIMEOUT_USEC=");
  test_host_await_log (self->host, "did not become ready", 1);
  g_assert_cmpint (find_line (self, 0, "READY=1"), ==, -1);
}

/* Meanwhile the manager is told what is going on. */
static void
test_slow_start (Manager *self, gconstpointer unused)
{
  test_host_setenv (self->host, "BOORU_START_LIMIT", "2");
  start (self, "slow-start", NULL);
  await_line (self, 0, "STATUS=Starting; slow-start: counting, ");
  await_line (self, 0, "EXTEND_TIMEOUT_USEC=");
  await_line (self, 0, "READY=1");
}

/* A reload that is refused ends as well: otherwise the manager would give up the service. */
static void
test_refused_reload (Manager *self, gconstpointer unused)
{
  g_autofree char *settings = g_build_filename (self->folder, "settings", NULL);
  g_autofree char *option = g_strconcat ("--settings=", settings, NULL);
  guint at;

  g_assert_true (g_file_set_contents (settings, "[host]\nworkers=2\n", -1, NULL));
  start (self, "good-workers", option);
  at = await_line (self, 0, "READY=1");
  g_assert_true (g_file_set_contents (settings, "[host]\nworkers=0\n", -1, NULL));
  test_host_signal (self->host, SIGHUP);
  at = await_line (self, at, "RELOADING=1");
  at = await_line (self, at, "READY=1");
  await_line (self, at, "STATUS=Serving");
  g_assert_cmpuint (test_host_count_processes (self->host, WORKERS), ==, 2);
  g_unlink (settings);
}

static gboolean
says_no_more (gpointer data)
{
  Line *line = data;

  listen_to_host (line->manager);
  return find_line (line->manager, line->from, "STATUS=Serving") >= 0
         && strstr (line->manager->lines
                        ->pdata[find_line (line->manager, line->from, "STATUS=Serving")],
                    "degraded")
                != NULL;
}

/* The manager is told to wait only while every essential process works. */
static void
test_watchdog (Manager *self, gconstpointer unused)
{
  g_autofree char *limit = g_strdup ("2");
  Line line = { self, 0, NULL };
  GPid hung;
  guint at;

  test_host_setenv (self->host, "BOORU_HEARTBEAT_LIMIT", limit);
  test_host_setenv (self->host, "WATCHDOG_USEC", "300000");
  test_host_start (self->host, "--workers=1", "--disable-plugin=monitor", NULL);
  at = await_line (self, 0, "READY=1");
  for (guint i = 0; i < 5; i++)
    at = await_line (self, at, "WATCHDOG=1");

  /* Kept from coming back: whatever is started in its place is stopped too. */
  hung = test_host_await_process (self->host, "booru-web", 1);
  line.from = at;
  g_assert_cmpint (kill (hung, SIGSTOP), ==, 0);
  test_host_await (self->host, "the state degraded", says_no_more, &line);
  at = (guint)find_line (self, at, "STATUS=Serving");
  /* From the loss to the replacement there is no ping. */
  test_host_await_log (self->host, "booru-web", 1);
  test_host_await_ready (self->host);
  at = await_line (self, at + 1, "STATUS=Serving");
  await_line (self, at, "WATCHDOG=1");
  for (guint i = line.from, degraded = FALSE; i < at; i++)
    {
      const char *said = self->lines->pdata[i];

      degraded = g_str_has_prefix (said, "STATUS=") ? strstr (said, "degraded") != NULL : degraded;
      g_assert_false (degraded && g_str_equal (said, "WATCHDOG=1"));
    }
  test_host_stop (self->host);
}

/* One that is tried again for ever keeps nobody waiting, and is no reason to end the host. */
static void
test_failing_service (Manager *self, gconstpointer unused)
{
  guint at;

  test_host_setenv (self->host, "WATCHDOG_USEC", "300000");
  test_host_start (self->host, "--disable-plugin=web", "--disable-plugin=monitor",
                   "--enable-plugin=essential-crash", NULL);
  at = await_line (self, 0, "READY=1");
  at = await_line (self, at, "STATUS=Failing to serve nothing over HTTP; essential-crash: failing");
  at = await_line (self, at, "WATCHDOG=1");
  await_line (self, at + 1, "WATCHDOG=1");
  test_host_stop (self->host);
}

/* A host that does nothing any more pings no more; what the manager does to it then, systemd's way,
 * leaves nothing behind, and the next one works on the same data. */
static void
test_watchdog_kills_a_stopped_host (Manager *self, gconstpointer unused)
{
  const gint64 period = 300000; /* µs */
  g_autoptr (GArray) children = NULL;
  g_autofree char *limit = g_strdup_printf ("%" G_GINT64_FORMAT, period);
  gint64 silent_since;
  guint at;

  test_host_setenv (self->host, "WATCHDOG_USEC", limit);
  test_host_start (self->host, "--workers=2", "--bus=none", test_host_get_library (self->host),
                   NULL);
  at = await_line (self, 0, "READY=1");
  at = await_line (self, at, "WATCHDOG=1");
  children = test_host_list_processes (self->host, NULL);
  g_assert_cmpuint (children->len, ==, 3);

  test_host_signal (self->host, SIGSTOP);
  listen_to_host (self);
  at = self->lines->len;
  silent_since = g_get_monotonic_time ();
  while (g_get_monotonic_time () < silent_since + 2 * period)
    {
      /* What was said before it was stopped may still be under way. */
      if (find_line (self, at, "WATCHDOG=1") >= 0)
        at = self->lines->len;
      g_usleep (1000);
    }
  g_assert_cmpint (find_line (self, at, "WATCHDOG=1"), ==, -1);

  /* Stopped, it does not take the first; KillMode=mixed lets the children find out by themselves.
   */
  test_host_signal (self->host, SIGABRT);
  test_host_signal (self->host, SIGKILL);
  test_host_await_exit (self->host);
  for (guint i = 0; i < children->len; i++)
    test_host_await_gone (g_array_index (children, GPid, i));
  at = self->lines->len;
  test_host_start (self->host, "--workers=2", "--bus=none", test_host_get_library (self->host),
                   NULL);
  await_line (self, at, "WATCHDOG=1");
  test_host_stop (self->host);
}

/* Children do not speak in the host's name, nor think that they were activated. */
static void
test_kept_from_children (Manager *self, gconstpointer unused)
{
  static const char *const names[]
      = { "NOTIFY_SOCKET=", "WATCHDOG_USEC=", "LISTEN_FDS=", "LISTEN_PID=" };
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  gsize length;

  test_host_setenv (self->host, "WATCHDOG_USEC", "60000000");
  start (self, "good", NULL);
  await_line (self, 0, "READY=1");
  path = g_strdup_printf ("/proc/%d/environ", test_host_await_process (self->host, ONE, 1));
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (gsize at = 0; at < length; at += strlen (text + at) + 1)
    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      g_assert_false (g_str_has_prefix (text + at, names[i]));
  test_host_stop (self->host);
}

static gboolean
answers (gpointer data)
{
  GSocketAddress *address = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  const char request[] = "GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n";
  char answer[64] = "";

  return connection != NULL
         && g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                       request, strlen (request), NULL, NULL, NULL)
         && g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer,
                                 sizeof answer - 1, NULL, NULL)
                > 0
         && strstr (answer, " 200 ") != NULL;
}

/* A connection made before the program runs is answered, and one while it restarts too. */
static void
test_socket_activation (void)
{
  g_autoptr (TestHost) host = test_host_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, &error);

  g_assert_no_error (error);
  g_assert_true (g_socket_bind (socket, any, TRUE, NULL) && g_socket_listen (socket, NULL));
  address = g_socket_get_local_address (socket, NULL);
  test_host_pass_socket (host, g_socket_get_fd (socket));
  for (guint run = 0; run < 2; run++)
    {
      /* --port=0 stands for what the settings say: the socket that was passed counts. */
      test_host_start (host, "--workers=1", "--disable-plugin=monitor", NULL);
      g_assert_true (answers (address));
      test_host_stop (host);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/service-manager/life", Manager, NULL, manager_set_up, test_life, manager_tear_down);
  g_test_add ("/service-manager/abstract-socket", Manager, "yes", manager_set_up, test_life,
              manager_tear_down);
  g_test_add ("/service-manager/slow-start", Manager, NULL, manager_set_up, test_slow_start,
              manager_tear_down);
  g_test_add ("/service-manager/not-ready-before", Manager, NULL, manager_set_up,
              test_not_ready_before, manager_tear_down);
  g_test_add ("/service-manager/refused-reload", Manager, NULL, manager_set_up, test_refused_reload,
              manager_tear_down);
  g_test_add ("/service-manager/watchdog", Manager, NULL, manager_set_up, test_watchdog,
              manager_tear_down);
  g_test_add ("/service-manager/failing-service", Manager, NULL, manager_set_up,
              test_failing_service, manager_tear_down);
  g_test_add ("/service-manager/watchdog-kills-a-stopped-host", Manager, NULL, manager_set_up,
              test_watchdog_kills_a_stopped_host, manager_tear_down);
  g_test_add ("/service-manager/kept-from-children", Manager, NULL, manager_set_up,
              test_kept_from_children, manager_tear_down);
  g_test_add_func ("/service-manager/socket-activation", test_socket_activation);
  return g_test_run ();
}
