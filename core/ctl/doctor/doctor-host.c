/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The running host, or why there is none. */
#include "ctl/doctor/doctor.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/booru-names.h"
#include "base/booru-status-text.h"
#include "booru-build-config.h"

/* Only failures of the last hour count. */
#define RECENT (3600 * G_TIME_SPAN_SECOND)

#define PAGE_PATIENCE 10 /* s */

/* No host */

/* The living process that holds the data folder; 0: none. The lock file is read, not locked: a host
 * starting right now would find it taken. */
static int
find_holder (Doctor *self)
{
  g_autofree char *path = g_build_filename (self->data_dir, BOORU_FILE_HOST_LOCK, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    {
      int pid = atoi (*line);
      g_autofree char *comm_path = g_strdup_printf ("/proc/%d/comm", pid);
      g_autofree char *comm = NULL;

      if (pid > 0 && g_file_get_contents (comm_path, &comm, NULL, NULL)
          && g_str_equal (g_strchomp (comm), "booru-host"))
        return pid;
    }
  return 0;
}

static void
say_why_none (Doctor *self)
{
  int holder = find_holder (self);

  if (holder > 0)
    {
      doctor_error (self->report, "host", "process %d works on “%s”, but %s", holder,
                    self->data_dir,
                    self->silent ? "does not answer in time: it hangs, or is stopped"
                                 : "can't be reached over its private socket or a bus");
      if (self->silent)
        doctor_report_advise (self->report,
                              "“kill -CONT %d” resumes it if it was stopped; otherwise “kill -ABRT "
                              "%d” ends it and leaves a core dump. systemd then restarts it",
                              holder, holder);
      else
        doctor_report_advise (
            self->report, "It may have another runtime folder: run booructl with its "
                          "XDG_RUNTIME_DIR or BOORU_RUNTIME_DIR, as the user that it runs as, or "
                          "with --socket, --session or --system");
      return;
    }
  if (self->blind)
    {
      doctor_note (self->report, "host",
                   "none can be reached; the user %2$s can't see whether one runs on “%1$s”",
                   self->data_dir, self->user.name);
      return;
    }
  doctor_note (self->report, "host",
               "none is running on “%s”. “systemctl start booru-host” starts "
               "the service, “booru-host” one of yours",
               self->data_dir);
  if (self->no_host && (self->ctl->socket || self->ctl->session || self->ctl->system))
    doctor_note (self->report, "host", "%s", self->no_host->message);
}

/* One that runs */

static void
check_state (Doctor *self)
{
  const char *state = booru_host1_get_state (self->ctl->host);
  g_autofree char *uptime = booru_text_from_seconds (booru_host1_get_uptime (self->ctl->host));
  DoctorStatus status = g_str_equal (state, "ready") || g_str_equal (state, "reloading") ? DOCTOR_OK
                        : g_str_equal (state, "starting") ? DOCTOR_NOTE
                                                          : DOCTOR_WARNING;

  doctor_report_add (self->report, status, "host", "is %s: pid %u, up %s, seen over the %s", state,
                     booru_host1_get_pid (self->ctl->host), uptime, self->ctl->via);
  if (status == DOCTOR_WARNING)
    doctor_report_advise (self->report, "See its services below");
}

/* A process keeps running the program that it was started from. */
static gboolean
was_replaced (guint pid)
{
  g_autofree char *link = g_strdup_printf ("/proc/%u/exe", pid);
  g_autofree char *program = g_file_read_link (link, NULL);

  return program && g_str_has_suffix (program, " (deleted)");
}

static void
check_version (Doctor *self)
{
  const char *version = booru_host1_get_version (self->ctl->host);

  if (!g_str_equal (version, BOORU_VERSION))
    doctor_warning (self->report, "version", "the running host has version %s, but %s is installed",
                    version, BOORU_VERSION);
  else if (was_replaced (booru_host1_get_pid (self->ctl->host)))
    doctor_warning (self->report, "version",
                    "the host's program was replaced after it was started");
  else
    {
      doctor_ok (self->report, "version", "the installed version, %s, is running", version);
      return;
    }
  doctor_report_advise (self->report,
                        "Restart the host: “systemctl restart booru-host”, or stop and "
                        "start it");
}

static void
check_processes (Doctor *self)
{
  g_autoptr (GVariant) processes = doctor_list_objects (self, "org.booru.Process1");
  guint n_old = 0;

  for (gsize i = 0; i < g_variant_n_children (processes); i++)
    {
      g_autoptr (GVariant) process = g_variant_get_child_value (processes, i);
      guint pid = 0;

      g_variant_lookup (process, "Pid", "u", &pid);
      n_old += was_replaced (pid);
    }
  if (n_old == 0)
    return;
  doctor_warning (self->report, "processes",
                  "%u of %u run a program that was replaced after they were started", n_old,
                  (guint)g_variant_n_children (processes));
  doctor_report_advise (self->report,
                        "“booructl restart web” and “booructl restart monitor” replace "
                        "them without losing a request");
}

static void
check_service (Doctor *self, GVariant *service)
{
  const char *name = "", *state = "", *why = "";
  guint wanted = 0, ready = 0, restarts = 0;
  g_autofree char *subject = NULL;

  g_variant_lookup (service, "Name", "&s", &name);
  g_variant_lookup (service, "State", "&s", &state);
  g_variant_lookup (service, "Error", "&s", &why);
  g_variant_lookup (service, "Wanted", "u", &wanted);
  g_variant_lookup (service, "Ready", "u", &ready);
  g_variant_lookup (service, "Restarts", "u", &restarts);
  subject = g_strconcat ("service ", name, NULL);
  if (g_str_equal (state, "failed"))
    {
      doctor_error (self->report, subject, "was given up: %s", *why ? why : "unknown reason");
      doctor_report_advise (self->report,
                            "Fix that, then run “booructl restart %s”. The log says more: "
                            "“journalctl -u booru-host”",
                            name);
    }
  else if (!g_str_equal (state, "ready"))
    {
      doctor_warning (self->report, subject, "is %s, %u of %u processes are ready%s%s", state,
                      ready, wanted, *why ? ": " : "", why);
      doctor_report_advise (self->report, "Look again in a minute; “booructl events -f” shows what "
                                          "happens");
    }
  else if (restarts > 0)
    doctor_note (
        self->report, subject,
        "is ready, %u of %u. %u process%s failed and %s replaced since the start; the last "
        "failure: %s",
        ready, wanted, restarts, restarts == 1 ? "" : "es", restarts == 1 ? "was" : "were",
        *why ? why : "not known");
  else
    doctor_ok (self->report, subject, "is ready, %u of %u", ready, wanted);
}

static void
check_services (Doctor *self)
{
  g_autoptr (GVariant) services = doctor_list_objects (self, "org.booru.Service1");

  for (gsize i = 0; i < g_variant_n_children (services); i++)
    {
      g_autoptr (GVariant) service = g_variant_get_child_value (services, i);

      check_service (self, service);
    }
}

/* Problems of running plugins as the host sees them; it may have loaded others than are installed
 * now. */
static void
check_plugins (Doctor *self)
{
  g_autoptr (GVariant) plugins = NULL;
  g_auto (GStrv) enabled = doctor_list_enabled (self);
  GVariantIter iter;
  const char *name;
  GVariant *facts;

  if (!booru_host1_call_list_plugins_sync (self->ctl->host, &plugins, NULL, NULL))
    return;
  g_variant_iter_init (&iter, plugins);
  while (g_variant_iter_loop (&iter, "(&s@a{sv})", &name, &facts))
    {
      g_autofree char *subject = g_strconcat ("plugin ", name, NULL);
      const char *why = NULL;

      if (!g_strv_contains ((const char *const *)enabled, name)
          || !g_variant_lookup (facts, "error", "&s", &why))
        continue;
      doctor_warning (self->report, subject, "does not run: %s", why);
      doctor_report_advise (self->report, "Fix or replace it, then run “booructl enable %s”", name);
    }
}

/* Events */

static gboolean
is_failure (const char *topic)
{
  static const char *const topics[] = { "process-failed",   "process-given-up", "service-failed",
                                        "settings-refused", "reload-refused",   NULL };

  return g_strv_contains (topics, topic);
}

static void
check_events (Doctor *self)
{
  g_autoptr (GVariant) events = NULL;
  gint64 now = g_get_real_time ();
  GVariantIter iter;
  gint64 time, last_time = 0;
  const char *topic, *text, *last = NULL;
  guint n = 0;
  g_autofree char *ago = NULL;

  if (!booru_host1_call_list_events_sync (self->ctl->host, 0, &events, NULL, NULL))
    return;
  g_variant_iter_init (&iter, events);
  while (g_variant_iter_next (&iter, "(tx&s&s)", NULL, &time, &topic, &text))
    if (is_failure (topic) && now - time < RECENT)
      {
        n++;
        last = text;
        last_time = time;
      }
  if (n == 0)
    {
      doctor_ok (self->report, "events", "no failures within the last hour");
      return;
    }
  ago = booru_text_from_seconds ((guint64)MAX (0, (now - last_time) / G_USEC_PER_SEC));
  doctor_warning (self->report, "events", "%u failure%s within the last hour, the last %s ago: %s",
                  n, n == 1 ? "" : "s", ago, last);
  doctor_report_advise (self->report, "“booructl events” lists them, and the log says more");
}

/* Its page, as a browser would ask for it */

static char *
request_health (const char *address, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) place = g_network_address_parse_uri (address, 80, error);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autofree char *request = NULL;
  char answer[256] = "";
  gsize n;

  if (place == NULL)
    return NULL;
  g_socket_client_set_timeout (client, PAGE_PATIENCE);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect (client, place, NULL, error);
  if (connection == NULL)
    return NULL;
  request = g_strdup ("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  if (!g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                                  strlen (request), NULL, NULL, error)
      || !g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer,
                                   sizeof answer - 1, &n, NULL, error))
    return NULL;
  answer[strcspn (answer, "\r\n")] = '\0';
  return g_strdup (answer);
}

static void
check_page (Doctor *self)
{
  const char *address = booru_host1_get_address (self->ctl->host);
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = *address ? request_health (address, &error) : NULL;

  if (*address == '\0')
    return;
  if (answer && g_str_has_prefix (answer, "HTTP/1.1 200"))
    {
      doctor_ok (self->report, "web", "%s answers", address);
      return;
    }
  doctor_error (self->report, "web", "%shealth does not answer correctly: %s", address,
                answer && *answer ? answer
                : error           ? error->message
                                  : "the connection ends");
  doctor_report_advise (self->report,
                        "“booructl status” shows the web processes, “booructl restart "
                        "web” replaces them");
}

void
doctor_check_host (Doctor *self)
{
  if (self->ctl->host == NULL)
    {
      say_why_none (self);
      return;
    }
  check_state (self);
  check_version (self);
  check_services (self);
  check_processes (self);
  check_plugins (self);
  check_events (self);
  check_page (self);
}
