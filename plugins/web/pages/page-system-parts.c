/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of /system, but for its folders. */
#include <libsoup/soup.h>
#include <math.h>
#include <string.h>

#include "page-system.h"
#include "page-text.h"

#define MAX_EVENTS 20

/* @tone: of the colour. */
static void
set_state (WebDict *dict, const char *text, BooruTone tone)
{
  static const char *const colours[] = { [BOORU_TONE_GOOD] = "good",
                                         [BOORU_TONE_FAIR] = "fair",
                                         [BOORU_TONE_BAD] = "bad",
                                         [BOORU_TONE_QUIET] = "quiet" };

  web_dict_set_string (dict, "state", text);
  web_dict_set_static (dict, "colour", colours[tone]);
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
    web_dict_take_string (dict, name, booru_text_from_count ((gint64)number));
}

static void
set_cpu (WebDict *dict, double seconds)
{
  if (seconds < 10)
    web_dict_take_string (dict, "cpu", g_strdup_printf ("%.1f s", seconds));
  else
    web_dict_take_string (dict, "cpu", booru_text_from_seconds ((guint64)seconds));
}

void
page_system_add_host (PageSystem *self, WebDict *values)
{
  g_autoptr (GVariant) host = page_system_get_host (self);
  const char *state = self->status ? booru_dict_get_text (host, "State") : "unknown";
  WebDict *dict = web_dict_add_dict (values, "host");

  set_state (dict, state, booru_tone_of_state (state));
  web_dict_set_string (dict, "version", booru_dict_get_text (host, "Version"));
  web_dict_set_int (dict, "pid", (gint64)booru_dict_get_count (host, "Pid"));
  web_dict_take_string (dict, "up",
                        booru_text_from_seconds (booru_dict_get_count (host, "Uptime")));
  web_dict_set_string (dict, "address", booru_dict_get_text (host, "Address"));
  web_dict_take_string (dict, "data-dir",
                        page_text_from_bytes (booru_dict_get_path (host, "DataDir")));
}

static void
add_service (WebList *list, GVariant *service)
{
  WebDict *dict = web_list_append (list);
  const char *state = booru_text_from_service_state (service);

  web_dict_set_string (dict, "name", booru_dict_get_text (service, "Name"));
  set_state (dict, state, booru_tone_of_state (state));
  web_dict_take_string (dict, "ready",
                        g_strdup_printf ("%u of %u", (guint)booru_dict_get_count (service, "Ready"),
                                         (guint)booru_dict_get_count (service, "Wanted")));
  web_dict_set_int (dict, "restarts", (gint64)booru_dict_get_count (service, "Restarts"));
  web_dict_set_int (dict, "recycled", (gint64)booru_dict_get_count (service, "Recycled"));
  web_dict_set_string (dict, "error", booru_dict_get_text (service, "Error"));
  web_dict_set_string (dict, "trouble", booru_dict_get_text (service, "Trouble"));
}

static void
add_process (WebList *list, GVariant *process, guint64 uptime)
{
  WebDict *dict = web_list_append (list);
  guint64 started = booru_dict_get_count (process, "Started");
  g_autofree char *state = booru_text_from_process_state (process);

  web_dict_set_string (dict, "name", booru_dict_get_text (process, "Name"));
  web_dict_set_int (dict, "pid", (gint64)booru_dict_get_count (process, "Pid"));
  set_state (dict, state, booru_tone_of_state (booru_dict_get_text (process, "State")));
  web_dict_take_string (dict, "up",
                        booru_text_from_seconds (uptime > started ? uptime - started : 0));
  set_size (dict, "memory", (double)booru_dict_get_count (process, "Memory"));
  set_cpu (dict, booru_dict_get_number (process, "CpuTime"));
  set_number (dict, "requests", (double)booru_dict_get_count (process, "Requests"));
}

/* The host is a process, too. */
static void
add_own_process (WebList *list, GVariant *host)
{
  WebDict *dict = web_list_append (list);

  web_dict_set_static (dict, "name", "booru-host");
  web_dict_set_int (dict, "pid", (gint64)booru_dict_get_count (host, "Pid"));
  set_state (dict, "ready", BOORU_TONE_GOOD);
  web_dict_take_string (dict, "up",
                        booru_text_from_seconds (booru_dict_get_count (host, "Uptime")));
  set_size (dict, "memory", (double)booru_dict_get_count (host, "Memory"));
  set_cpu (dict, booru_dict_get_number (host, "CpuTime"));
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

      add_process (list, process, booru_dict_get_count (host, "Uptime"));
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
      web_dict_set_string (dict, "name", booru_dict_get_text (plugin, "Name"));
      web_dict_set_string (dict, "description", booru_dict_get_text (plugin, "Description"));
      web_dict_set_string (dict, "error", booru_dict_get_text (plugin, "Error"));
      web_dict_set_boolean (dict, "enabled", enabled);
      /* Without it there would be no page to enable it again. */
      web_dict_set_boolean (dict, "fixed",
                            strcmp (booru_dict_get_text (plugin, "Name"), BOORU_PLUGIN_WEB) == 0);
    }
}

void
page_system_add_versions (PageSystem *self, WebPage *page)
{
  g_autoptr (GVariant) host = page_system_get_host (self);
  g_autofree char *store = booru_store_describe (page->store);
  const char *version = booru_dict_get_text (host, "Version");

  web_dict_take_string (page->values, "versions",
                        g_strdup_printf ("booru-host %s, GLib %u.%u.%u, libsoup %u.%u.%u, %s",
                                         *version ? version : "(unknown)", glib_major_version,
                                         glib_minor_version, glib_micro_version,
                                         soup_get_major_version (), soup_get_minor_version (),
                                         soup_get_micro_version (), store));
}

static void
set_index (PageSystem *self, WebDict *values)
{
  double size = page_system_get_metric (self, "booru_index_size_bytes");
  double written = page_system_get_metric (self, "booru_index_write_time_seconds");
  gint64 age = g_get_real_time () / G_USEC_PER_SEC - (gint64)written;
  g_autofree char *size_text = NULL;
  g_autofree char *age_text = NULL;

  if (isnan (size) || isnan (written) || written <= 0)
    {
      web_dict_set_static (values, "index", "–");
      return;
    }
  size_text = g_format_size ((guint64)size);
  age_text = booru_text_from_seconds ((guint64)MAX (age, 0));
  web_dict_take_string (values, "index",
                        g_strdup_printf ("%s, written %s ago", size_text, age_text));
}

void
page_system_add_numbers (PageSystem *self, WebDict *values)
{
  set_number (values, "n-posts", page_system_get_metric (self, "booru_posts{status=\"active\"}"));
  set_number (values, "n-missing",
              page_system_get_metric (self, "booru_posts{status=\"missing\"}"));
  set_number (values, "n-deleted",
              page_system_get_metric (self, "booru_posts{status=\"deleted\"}"));
  set_size (values, "database-size",
            page_system_get_metric (self, "booru_store_database_size_bytes"));
  set_size (values, "wal-size", page_system_get_metric (self, "booru_store_wal_size_bytes"));
  set_index (self, values);
  set_number (values, "decoders", page_system_get_metric (self, "booru_decoders"));
  set_number (values, "decoders-failed",
              page_system_get_metric (self, "booru_decoder_failures_total"));
  set_number (values, "watches", page_system_get_metric (self, "booru_watched_directories"));
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
