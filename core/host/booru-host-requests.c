/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What administrators want of services: passed on as events, and asked for as reports. */
#include "booru-host-private.h"

#include <stdlib.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"

static char *
resolve (const char *path)
{
  char *resolved = realpath (path, NULL);
  char *canonical = g_canonicalize_filename (resolved ?: path, NULL);

  free (resolved);
  return canonical;
}

/* As the monitor knows it: a file that is a link itself is meant, not what it leads to. */
static char *
resolve_folder_of (const char *path)
{
  g_autofree char *canonical = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (canonical);
  g_autofree char *name = g_path_get_basename (canonical);
  g_autofree char *resolved = resolve (folder);

  return g_build_filename (resolved, name, NULL);
}

static gboolean
is_followed (BooruHost *self, const char *path)
{
  for (char **folder = self->config->library_folders; *folder; folder++)
    if (booru_paths_is_inside (path, *folder))
      return TRUE;
  return self->config->ingest_folder && booru_paths_is_inside (path, self->config->ingest_folder);
}

/* The path if it is one that the monitor follows. */
static char *
find_followed (BooruHost *self, const char *path, gboolean may_be_file, GError **error)
{
  g_autofree char *found = NULL;
  g_autofree char *shown = g_filename_display_name (path);

  if (!g_path_is_absolute (path))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "“%s” is not a full path. Enter the full path, starting with “/”", shown);
      return NULL;
    }
  found = may_be_file && !g_file_test (path, G_FILE_TEST_IS_DIR) ? resolve_folder_of (path)
                                                                 : resolve (path);
  if (is_followed (self, found))
    return g_steal_pointer (&found);
  g_set_error (
      error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
      "“%s” is not in a library folder or the ingest folder. Add it to library-folders first",
      shown);
  return NULL;
}

/* @what: "scanned" */
static gboolean
check_monitor (BooruHost *self, const char *what, GError **error)
{
  BooruHostService *monitor = booru_host_find_service (self, BOORU_PLUGIN_MONITOR);

  if (monitor == NULL || monitor->removing)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED,
                   "Nothing can be %s because the plugin %s is not running. Enable it first", what,
                   BOORU_PLUGIN_MONITOR);
      return FALSE;
    }
  if (booru_supervisor_is_healthy (monitor->runner))
    return TRUE;
  g_set_error (error, BOORU_ERROR, monitor->failed ? BOORU_ERROR_FAILED : BOORU_ERROR_BUSY,
               "Nothing can be %s because the service %s is not ready: %s", what,
               BOORU_PLUGIN_MONITOR,
               monitor->failed ? "restart it first" : "try again in a moment");
  return FALSE;
}

static const struct
{
  const char *topic, *what;
  gboolean may_be_file;
} requests[] = {
  { BOORU_EVENT_SCAN_REQUESTED, "scanned", FALSE },
  { BOORU_EVENT_RULES_REQUESTED, "updated", FALSE },
  { BOORU_EVENT_RETRY_REQUESTED, "retried", TRUE },
};

/**
 * booru_host_request:
 * @self: the host
 * @topic: BOORU_EVENT_SCAN_REQUESTED, _RULES_REQUESTED or _RETRY_REQUESTED
 * @path: a library folder, or a folder in one; to be tried again, also a file; empty: all of them
 * @error: BOORU_ERROR_INVALID, BOORU_ERROR_NOT_FOUND; BOORU_ERROR_UNSUPPORTED or BOORU_ERROR_BUSY
 *   if nobody is there to do it
 *
 * Has the monitor do something with what is in folders.
 */
gboolean
booru_host_request (BooruHost *self, const char *topic, const char *path, GError **error)
{
  guint i = 0;
  g_autofree char *followed = NULL;
  g_autoptr (GVariant) payload = NULL;

  while (i < G_N_ELEMENTS (requests) - 1 && !g_str_equal (requests[i].topic, topic))
    i++;
  followed = *path ? find_followed (self, path, requests[i].may_be_file, error) : g_strdup ("");
  if (followed == NULL || !check_monitor (self, requests[i].what, error))
    return FALSE;
  payload = g_variant_ref_sink (g_variant_new_bytestring (followed));
  booru_host_deliver (self, NULL, topic, payload);
  return TRUE;
}

/* Reports */

/* Asks one service after the other, until one knows. */
typedef struct
{
  char *name;
  GVariant *arguments;
  GPtrArray *runners; /* that were not asked yet, last one first */
} Report;

static void ask_next (GTask *task, GError *why);

static void
report_free (gpointer data)
{
  Report *report = data;

  g_free (report->name);
  g_variant_unref (report->arguments);
  g_ptr_array_unref (report->runners);
  g_free (report);
}

static void
on_reported (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GVariant *answer = g_task_propagate_pointer (G_TASK (result), &error);

  if (answer)
    g_task_return_pointer (task, answer, (GDestroyNotify)g_variant_unref);
  else if (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED))
    ask_next (task, error);
  else
    g_task_return_error (task, error);
}

/* @why: (transfer full) (nullable): what the last one said */
static void
ask_next (GTask *task, GError *why)
{
  Report *report = g_task_get_task_data (task);
  g_autoptr (BooruSupervisor) runner = NULL;

  if (report->runners->len == 0)
    {
      if (why == NULL)
        why = g_error_new (BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "There is no report “%s”",
                           report->name);
      g_task_return_error (task, why);
      return;
    }
  g_clear_error (&why);
  runner = g_ptr_array_steal_index (report->runners, report->runners->len - 1);
  booru_supervisor_report (runner, report->name, report->arguments,
                           g_task_new (NULL, NULL, on_reported, g_object_ref (task)));
}

/**
 * booru_host_report:
 * @self: the host
 * @name: of a report
 * @arguments: for it, an a{sv}
 * @task: (transfer full): returns it, a GVariant; or BOORU_ERROR_UNSUPPORTED if nobody knows it
 *
 * Has the service that knows something tell it. The host passes it on without a look.
 */
void
booru_host_report (BooruHost *self, const char *name, GVariant *arguments, GTask *task)
{
  g_autoptr (GTask) owned = task;
  Report *report = g_new0 (Report, 1);

  report->name = g_strdup (name);
  report->arguments = g_variant_ref (arguments);
  report->runners = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = self->services->len; i > 0; i--)
    {
      BooruHostService *service = self->services->pdata[i - 1];

      if (!service->stop_requested)
        g_ptr_array_add (report->runners, g_object_ref (service->runner));
    }
  g_task_set_task_data (task, report, report_free);
  ask_next (task, NULL);
}
