/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ctl.h"

#include <sysexits.h>

#include "base/booru-dict.h"
#include "base/booru-status-text.h"

#define MIB (1024 * 1024)

/* The properties of all objects that have an interface, in the order of their paths. */
static GPtrArray *
collect (GVariant *objects, const char *interface)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  GVariantIter iter;
  GVariant *interfaces;

  g_variant_iter_init (&iter, objects);
  while (g_variant_iter_loop (&iter, "{o@a{sa{sv}}}", NULL, &interfaces))
    {
      GVariant *properties = g_variant_lookup_value (interfaces, interface, G_VARIANT_TYPE_VARDICT);

      if (properties)
        g_ptr_array_add (found, properties);
    }
  return found;
}

static int
compare_by_service (gconstpointer a, gconstpointer b)
{
  GVariant *first = *(GVariant *const *)a;
  GVariant *second = *(GVariant *const *)b;
  int order
      = g_strcmp0 (booru_dict_get_text (first, "Service"), booru_dict_get_text (second, "Service"));

  if (order == 0)
    order = g_strcmp0 (booru_dict_get_text (first, "Name"), booru_dict_get_text (second, "Name"));
  if (order == 0)
    order = (booru_dict_get_count (first, "Pid") > booru_dict_get_count (second, "Pid"))
            - (booru_dict_get_count (first, "Pid") < booru_dict_get_count (second, "Pid"));
  return order;
}

/* Ask for the uptime again: the proxy has the value of when it was made. */
static void
print_host (Ctl *ctl)
{
  const char *state = booru_host1_get_state (ctl->host);
  const char *address = booru_host1_get_address (ctl->host);
  g_autofree char *uptime = booru_text_from_seconds (booru_host1_get_uptime (ctl->host));
  g_autofree char *data_dir = g_filename_display_name (booru_host1_get_data_dir (ctl->host));

  ctl_print (CTL_BOLD, "booru-host %s", booru_host1_get_version (ctl->host));
  g_print ("  ");
  ctl_print (ctl_colour_of_state (state), "%s", state);
  g_print ("  pid %u, up %s, reached over the %s\n", booru_host1_get_pid (ctl->host), uptime,
           ctl->via);
  g_print ("  address  %s\n", *address ? address : "none");
  g_print ("  data     %s\n", data_dir);
  if (ctl->via_socket)
    {
      g_autofree char *socket = g_filename_display_name (ctl->via_socket);

      g_print ("  socket   %s\n", socket);
    }
  g_print ("\n");
}

static void
print_services (GPtrArray *services)
{
  CtlTable *table
      = ctl_table_new ("SERVICE", "STATE", "READY", "RESTARTS", "RECYCLED", "LAST FAILURE", NULL);

  for (guint i = 0; i < services->len; i++)
    {
      GVariant *service = services->pdata[i];
      g_autofree char *ready
          = g_strdup_printf ("%u of %u", (guint)booru_dict_get_count (service, "Ready"),
                             (guint)booru_dict_get_count (service, "Wanted"));
      g_autofree char *restarts
          = g_strdup_printf ("%u", (guint)booru_dict_get_count (service, "Restarts"));
      g_autofree char *recycled
          = g_strdup_printf ("%u", (guint)booru_dict_get_count (service, "Recycled"));

      const char *state = booru_text_from_service_state (service);

      ctl_table_add (table, ctl_colour_of_state (state), booru_dict_get_text (service, "Name"),
                     state, ready, restarts, recycled, booru_dict_get_text (service, "Error"),
                     NULL);
    }
  ctl_table_print (table);
  for (guint i = 0; i < services->len; i++)
    if (*booru_dict_get_text (services->pdata[i], "Trouble"))
      g_print ("\n%s: %s\n", booru_dict_get_text (services->pdata[i], "Name"),
               booru_dict_get_text (services->pdata[i], "Trouble"));
}

static void
print_processes (Ctl *ctl, GPtrArray *processes)
{
  CtlTable *table = ctl_table_new ("PROCESS", "PID", "STATE", "UP", "REQUESTS", "MEMORY", NULL);
  guint64 now = booru_host1_get_uptime (ctl->host);

  for (guint i = 0; i < processes->len; i++)
    {
      GVariant *process = processes->pdata[i];
      guint64 started = booru_dict_get_count (process, "Started");
      g_autofree char *pid = g_strdup_printf ("%u", (guint)booru_dict_get_count (process, "Pid"));
      g_autofree char *requests
          = g_strdup_printf ("%" G_GUINT64_FORMAT, booru_dict_get_count (process, "Requests"));
      g_autofree char *memory = g_strdup_printf (
          "%" G_GUINT64_FORMAT " MiB", (booru_dict_get_count (process, "Memory") + MIB / 2) / MIB);
      g_autofree char *up = booru_text_from_seconds (now > started ? now - started : 0);

      const char *state = booru_dict_get_text (process, "State");
      g_autofree char *shown = booru_text_from_process_state (process);

      ctl_table_add (table, ctl_colour_of_state (state), booru_dict_get_text (process, "Name"), pid,
                     shown, up, requests, memory, NULL);
    }
  if (processes->len > 0)
    g_print ("\n");
  ctl_table_print (table);
}

static void
print_progress (GVariant *progress, GVariant *ingest)
{
  g_autofree char *last = ctl_dup_ingest_line (ingest);

  g_print ("\n");
  for (gsize i = 0; i < g_variant_n_children (progress); i++)
    {
      g_autoptr (GVariant) scan = g_variant_get_child_value (progress, i);
      g_autofree char *line = ctl_dup_scan_line (scan);

      g_print ("%s\n", line);
    }
  if (g_variant_n_children (ingest) > 0)
    g_print ("%s\n", last);
}

static void
set_list (JsonObject *root, const char *name, GPtrArray *list)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    json_array_add_element (array, ctl_properties_to_json (list->pdata[i]));
  json_object_set_array_member (root, name, array);
}

static void
print_json (Ctl *ctl, GPtrArray *services, GPtrArray *processes, GVariant *progress)
{
  g_autoptr (JsonObject) root = json_object_new ();
  g_autofree char *data_dir = g_utf8_make_valid (booru_host1_get_data_dir (ctl->host), -1);

  json_object_set_string_member (root, "version", booru_host1_get_version (ctl->host));
  json_object_set_string_member (root, "state", booru_host1_get_state (ctl->host));
  json_object_set_int_member (root, "pid", booru_host1_get_pid (ctl->host));
  json_object_set_int_member (root, "uptime", (gint64)booru_host1_get_uptime (ctl->host));
  json_object_set_string_member (root, "address", booru_host1_get_address (ctl->host));
  json_object_set_string_member (root, "data-dir", data_dir);
  json_object_set_int_member (root, "workers", booru_host1_get_workers (ctl->host));
  json_object_set_string_member (root, "via", ctl->via);
  if (ctl->via_socket)
    {
      g_autofree char *socket = g_utf8_make_valid (ctl->via_socket, -1);

      json_object_set_string_member (root, "socket", socket);
    }
  set_list (root, "services", services);
  set_list (root, "processes", processes);
  json_object_set_member (root, "progress", ctl_to_json (progress));
  json_object_set_member (root, "ingest", ctl_to_json (booru_host1_get_ingest (ctl->host)));
  ctl_print_json (json_node_init_object (json_node_alloc (), root));
}

static int
run (Ctl *ctl, GError **error)
{
  g_autoptr (GVariant) objects = ctl_list_objects (ctl, error);
  GVariant *progress = booru_host1_get_progress (ctl->host);
  g_autoptr (GPtrArray) services = NULL;
  g_autoptr (GPtrArray) processes = NULL;

  if (objects == NULL)
    return EX_OK;
  if (ctl->follow)
    {
      ctl_follow_progress (ctl, error);
      return EX_OK;
    }
  services = collect (objects, "org.booru.Service1");
  processes = collect (objects, "org.booru.Process1");
  g_ptr_array_sort (services, compare_by_service);
  g_ptr_array_sort (processes, compare_by_service);
  if (ctl->json)
    {
      print_json (ctl, services, processes, progress);
      return EX_OK;
    }
  print_host (ctl);
  print_services (services);
  print_processes (ctl, processes);
  if (g_variant_n_children (progress) > 0)
    print_progress (progress, booru_host1_get_ingest (ctl->host));
  return EX_OK;
}

const CtlVerb ctl_verb_status = {
  .name = "status",
  .arguments = "[-f]",
  .summary = "Show the host, its processes and scans; -f: follow the scans",
  .run = run,
  .each = TRUE,
};
