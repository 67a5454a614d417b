/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of /system, but for its folders. */
#include <libsoup/soup.h>
#include <math.h>
#include <string.h>

#include "pages/page-system.h"
#include "pages/page-text.h"

#define MAX_EVENTS 20

static const char *
get_text (GVariant *dict, const char *name)
{
  const char *text = "";

  g_variant_lookup (dict, name, "&s", &text);
  return text;
}

static guint64
get_count (GVariant *dict, const char *name)
{
  guint64 count = 0;
  guint small = 0;

  if (g_variant_lookup (dict, name, "u", &small))
    return small;
  g_variant_lookup (dict, name, "t", &count);
  return count;
}

static double
get_number (GVariant *dict, const char *name)
{
  double number = 0;

  g_variant_lookup (dict, name, "d", &number);
  return number;
}

/* The class that gives a state its colour. */
static const char *
get_colour (const char *state)
{
  if (strcmp (state, "ready") == 0)
    return "good";
  return strcmp (state, "failed") == 0 ? "bad" : "fair";
}

static void
set_state (WebDict *dict, const char *state)
{
  web_dict_set_string (dict, "state", state);
  web_dict_set_static (dict, "colour", get_colour (state));
}

static void
set_size (WebDict *dict, const char *name, double bytes)
{
  if (isnan (bytes))
    web_dict_set_static (dict, name, "–");
  else
    web_dict_take_string (dict, name, g_format_size ((guint64)MAX (0, bytes)));
}

static void
set_number (WebDict *dict, const char *name, double number)
{
  if (isnan (number))
    web_dict_set_static (dict, name, "–");
  else
    web_dict_take_string (dict, name, page_text_from_count ((gint64)number));
}

static void
set_cpu (WebDict *dict, double seconds)
{
  if (seconds < 10)
    web_dict_take_string (dict, "cpu", g_strdup_printf ("%.1f s", seconds));
  else
    web_dict_take_string (dict, "cpu", page_system_text_from_seconds ((guint64)seconds));
}

void
page_system_add_host (PageSystem *self, WebDict *values)
{
  g_autoptr (GVariant) host = page_system_get_host (self);
  const char *data_dir = "";
  WebDict *dict = web_dict_add_dict (values, "host");

  g_variant_lookup (host, "DataDir", "^&ay", &data_dir);
  set_state (dict, self->status ? get_text (host, "State") : "unknown");
  web_dict_set_string (dict, "version", get_text (host, "Version"));
  web_dict_set_int (dict, "pid", (gint64)get_count (host, "Pid"));
  web_dict_take_string (dict, "up", page_system_text_from_seconds (get_count (host, "Uptime")));
  web_dict_set_string (dict, "address", get_text (host, "Address"));
  web_dict_take_string (dict, "data-dir", page_text_from_bytes (data_dir));
}

static void
add_service (WebList *list, GVariant *service)
{
  WebDict *dict = web_list_append (list);

  web_dict_set_string (dict, "name", get_text (service, "Name"));
  set_state (dict, get_text (service, "State"));
  web_dict_take_string (dict, "ready",
                        g_strdup_printf ("%u of %u", (guint)get_count (service, "Ready"),
                                         (guint)get_count (service, "Wanted")));
  web_dict_set_int (dict, "restarts", (gint64)get_count (service, "Restarts"));
  web_dict_set_int (dict, "recycled", (gint64)get_count (service, "Recycled"));
  web_dict_set_string (dict, "error", get_text (service, "Error"));
}

static void
add_process (WebList *list, GVariant *process, guint64 uptime)
{
  WebDict *dict = web_list_append (list);
  guint64 started = get_count (process, "Started");

  web_dict_set_string (dict, "name", get_text (process, "Name"));
  web_dict_set_int (dict, "pid", (gint64)get_count (process, "Pid"));
  set_state (dict, get_text (process, "State"));
  web_dict_take_string (dict, "up",
                        page_system_text_from_seconds (uptime > started ? uptime - started : 0));
  set_size (dict, "memory", (double)get_count (process, "Memory"));
  set_cpu (dict, get_number (process, "CpuTime"));
  set_number (dict, "requests", (double)get_count (process, "Requests"));
}

/* The host is a process, too. */
static void
add_own_process (WebList *list, GVariant *host)
{
  WebDict *dict = web_list_append (list);

  web_dict_set_static (dict, "name", "booru-host");
  web_dict_set_int (dict, "pid", (gint64)get_count (host, "Pid"));
  set_state (dict, "ready");
  web_dict_take_string (dict, "up", page_system_text_from_seconds (get_count (host, "Uptime")));
  set_size (dict, "memory", (double)get_count (host, "Memory"));
  set_cpu (dict, get_number (host, "CpuTime"));
  web_dict_set_static (dict, "requests", "");
}

void
page_system_add_services (PageSystem *self, WebDict *values)
{
  g_autoptr (GVariant) host = page_system_get_host (self);
  g_autoptr (GVariant) services = page_system_get_list (self, "services");
  g_autoptr (GVariant) processes = page_system_get_list (self, "processes");
  WebList *list = web_dict_add_list (values, "services");

  for (gsize i = 0; i < g_variant_n_children (services); i++)
    {
      g_autoptr (GVariant) service = g_variant_get_child_value (services, i);

      add_service (list, service);
    }
  list = web_dict_add_list (values, "processes");
  if (self->status)
    add_own_process (list, host);
  for (gsize i = 0; i < g_variant_n_children (processes); i++)
    {
      g_autoptr (GVariant) process = g_variant_get_child_value (processes, i);

      add_process (list, process, get_count (host, "Uptime"));
    }
}

void
page_system_add_plugins (PageSystem *self, WebDict *values)
{
  g_autoptr (GVariant) plugins = page_system_get_list (self, "plugins");
  WebList *list = web_dict_add_list (values, "plugins");

  for (gsize i = 0; i < g_variant_n_children (plugins); i++)
    {
      g_autoptr (GVariant) plugin = g_variant_get_child_value (plugins, i);
      WebDict *dict = web_list_append (list);
      gboolean enabled = FALSE;

      g_variant_lookup (plugin, "Enabled", "b", &enabled);
      web_dict_set_string (dict, "name", get_text (plugin, "Name"));
      web_dict_set_string (dict, "description", get_text (plugin, "Description"));
      web_dict_set_string (dict, "error", get_text (plugin, "Error"));
      web_dict_set_boolean (dict, "enabled", enabled);
      /* Without it there would be no page to enable it again. */
      web_dict_set_boolean (dict, "fixed",
                            strcmp (get_text (plugin, "Name"), BOORU_PLUGIN_WEB) == 0);
    }
}

static void
add_versions (WebDict *values, GVariant *host)
{
  const char *version = get_text (host, "Version");

  web_dict_take_string (
      values, "versions",
      g_strdup_printf ("booru-host %s, GLib %u.%u.%u, libsoup %u.%u.%u, SQLite %s",
                       *version ? version : "(unknown)", glib_major_version, glib_minor_version,
                       glib_micro_version, soup_get_major_version (), soup_get_minor_version (),
                       soup_get_micro_version (), booru_sqlite_store_get_library_version ()));
}

void
page_system_add_numbers (PageSystem *self, WebDict *values)
{
  g_autoptr (GVariant) host = page_system_get_host (self);

  set_number (values, "n-posts", page_system_get_metric (self, "booru_posts{status=\"active\"}"));
  set_number (values, "n-missing",
              page_system_get_metric (self, "booru_posts{status=\"missing\"}"));
  set_number (values, "n-deleted",
              page_system_get_metric (self, "booru_posts{status=\"deleted\"}"));
  set_size (values, "database-size",
            page_system_get_metric (self, "booru_store_database_size_bytes"));
  set_size (values, "wal-size", page_system_get_metric (self, "booru_store_wal_size_bytes"));
  set_number (values, "decoders", page_system_get_metric (self, "booru_decoders"));
  set_number (values, "decoders-failed",
              page_system_get_metric (self, "booru_decoder_failures_total"));
  set_number (values, "watches", page_system_get_metric (self, "booru_watched_directories"));
  add_versions (values, host);
}

void
page_system_add_events (PageSystem *self, WebDict *values)
{
  WebList *list = web_dict_add_list (values, "events");
  gsize n = self->events ? g_variant_n_children (self->events) : 0;

  for (gsize i = n; i > 0 && n - i < MAX_EVENTS; i--)
    {
      WebDict *dict = web_list_append (list);
      const char *topic, *text;
      gint64 time;

      g_variant_get_child (self->events, i - 1, "(tx&s&s)", NULL, &time, &topic, &text);
      web_dict_take_string (dict, "time", page_text_from_time (time));
      web_dict_set_string (dict, "topic", topic);
      web_dict_set_string (dict, "text", text);
    }
}
