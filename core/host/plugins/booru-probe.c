/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-probe.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "host/supervise/booru-process-usage.h"
#include "base/booru-fd.h"
#include "ipc/booru-mailbox.h"

/* Seconds after which a trial is looked at. One that sleeps then hangs. One that works is found out
 * by the processor time that it takes (booru-worker --probe), so that a machine which is busy with
 * something else, as when it boots, puts no plugin under suspicion. */
#define PATIENCE 10
#define MAX_PATIENCE 60

/* What is kept of what a trial prints, and shown of it. */
#define OUTPUT_SIZE (64 * 1024)
#define SHOWN_OUTPUT 300

typedef struct
{
  GSubprocess *subprocess;
  int mailbox, output;
  GSource *patience;
  gint64 started;
  gboolean hung;
} Trial;

static void
trial_free (Trial *self)
{
  if (self->patience)
    g_source_destroy (self->patience);
  g_clear_pointer (&self->patience, g_source_unref);
  g_clear_object (&self->subprocess);
  booru_clear_fd (&self->mailbox);
  booru_clear_fd (&self->output);
  g_free (self);
}

/* The end of what it printed, on one line; "" if it printed nothing. */
static char *
dup_last_words (Trial *self)
{
  g_autofree char *text = g_malloc0 (OUTPUT_SIZE + 1);
  g_autofree char *valid = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *joined = NULL;
  const char *end;

  if (pread (self->output, text, OUTPUT_SIZE, 0) < 0)
    return g_strdup ("");
  valid = g_utf8_make_valid (g_strstrip (text), -1);
  lines = g_strsplit (valid, "\n", -1);
  joined = g_strjoinv (" / ", lines);
  if (*joined == '\0')
    return g_strdup ("");
  end = joined + strlen (joined);
  for (guint i = 0; i < SHOWN_OUTPUT && end > joined; i++)
    end = g_utf8_prev_char (end);
  return g_strdup_printf (". It printed: “%s%s”", end > joined ? "…" : "", end);
}

static void return_fault (GTask *task, BooruError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static void
return_fault (GTask *task, BooruError code, const char *format, ...)
{
  BooruPluginInfo *info = g_task_get_source_object (task);
  g_autofree char *last_words = dup_last_words (g_task_get_task_data (task));
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_task_return_new_error (task, BOORU_ERROR, code, "Loading the plugin %s from “%s”: %s%s",
                           booru_plugin_info_get_name (info),
                           booru_plugin_info_get_module_path (info), what, last_words);
}

/* It ended by itself, and says that all is well. */
static void
return_answer (GTask *task)
{
  Trial *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) answer = booru_mailbox_get (self->mailbox, G_VARIANT_TYPE_VARDICT, &error);
  BooruTrialReport *report = answer ? booru_trial_report_new (answer, &error) : NULL;

  if (report)
    g_task_return_pointer (task, report, (GDestroyNotify)booru_trial_report_free);
  else if (answer)
    g_task_return_error (task, error);
  else
    {
      return_fault (task, BOORU_ERROR_FAILED, "it ends the process with code 0");
      g_error_free (error);
    }
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Trial *self = g_task_get_task_data (task);
  GSubprocess *subprocess = G_SUBPROCESS (source);

  g_source_destroy (self->patience);
  if (!g_subprocess_wait_finish (subprocess, result, NULL))
    {
      g_subprocess_force_exit (subprocess);
      g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_CANCELLED, "Cancelled");
    }
  else if (self->hung)
    return_fault (task, BOORU_ERROR_FAILED, "it has not returned within %d seconds", PATIENCE);
  else if (g_subprocess_get_if_signaled (subprocess)
           && g_subprocess_get_term_sig (subprocess) == SIGXCPU)
    return_fault (task, BOORU_ERROR_FAILED,
                  "it has not returned after %d seconds of processor time",
                  BOORU_PROBE_CPU_SECONDS);
  else if (g_subprocess_get_if_signaled (subprocess))
    return_fault (task, BOORU_ERROR_FAILED, "it crashes: %s",
                  g_strsignal (g_subprocess_get_term_sig (subprocess)));
  else if (g_subprocess_get_exit_status (subprocess) != 0)
    return_fault (task, BOORU_ERROR_FAILED, "it ends the process with code %d",
                  g_subprocess_get_exit_status (subprocess));
  else
    return_answer (task);
}

static gboolean
on_impatient (gpointer user_data)
{
  Trial *self = user_data;
  const char *identifier = g_subprocess_get_identifier (self->subprocess);
  gboolean asleep = identifier && booru_process_read_state (atoi (identifier)) == 'S';

  if (!asleep && g_get_monotonic_time () - self->started < MAX_PATIENCE * G_USEC_PER_SEC)
    return G_SOURCE_CONTINUE;
  self->hung = TRUE;
  g_subprocess_force_exit (self->subprocess);
  return G_SOURCE_REMOVE;
}

static GSubprocess *
spawn (Trial *self, BooruPluginInfo *info, GError **error)
{
  g_autofree char *parent = g_strdup_printf ("--parent=%d", getpid ());
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  g_subprocess_launcher_take_fd (launcher, dup (self->mailbox), BOORU_TRIAL_FD);
  g_subprocess_launcher_take_stdout_fd (launcher, dup (self->output));
  g_subprocess_launcher_take_stderr_fd (launcher, dup (self->output));
  return g_subprocess_launcher_spawn (launcher, error, booru_paths_get_worker_program (), "--probe",
                                      parent, "--", booru_plugin_info_get_path (info), NULL);
}

/* @request: transfer full, may be floating; or NULL. */
static void
start_trial (GTask *task, GVariant *request)
{
  BooruPluginInfo *info = g_task_get_source_object (task);
  Trial *self = g_new0 (Trial, 1);
  g_autoptr (GVariant) sunk = request ? g_variant_ref_sink (request) : NULL;
  GError *error = NULL;

  self->mailbox = self->output = -1;
  g_task_set_task_data (task, self, (GDestroyNotify)trial_free);
  g_task_set_check_cancellable (task, FALSE); /* it is told in words of ours */
  if (booru_plugin_info_get_fault (info))
    {
      g_task_return_new_error (task, BOORU_ERROR, BOORU_ERROR_CONFIG, "%s",
                               booru_plugin_info_get_fault (info));
      g_object_unref (task);
      return;
    }
  self->started = g_get_monotonic_time ();
  self->mailbox = booru_sealed_memory_new ("booru-trial", BOORU_MAILBOX_SIZE, &error);
  if (self->mailbox >= 0)
    self->output = booru_sealed_memory_new ("booru-trial-output", OUTPUT_SIZE, &error);
  if (self->output >= 0 && booru_mailbox_put (self->mailbox, sunk, &error))
    self->subprocess = spawn (self, info, &error);
  if (self->subprocess == NULL)
    {
      return_fault (task, BOORU_ERROR_CONFIG, "it cannot be tried: %s", error->message);
      g_error_free (error);
      g_object_unref (task);
      return;
    }
  self->patience = g_timeout_source_new_seconds (PATIENCE);
  g_source_set_callback (self->patience, on_impatient, self, NULL);
  g_source_attach (self->patience, g_main_context_get_thread_default ());
  g_subprocess_wait_async (self->subprocess, g_task_get_cancellable (task), on_ended, task);
}

void
booru_probe_run_async (BooruPluginInfo *info,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (info, cancellable, callback, user_data);

  g_task_set_source_tag (task, booru_probe_run_async);
  start_trial (task, NULL);
}

BooruTrialReport *
booru_probe_run_finish (BooruPluginInfo *info, GAsyncResult *result, GError **error)
{
  BooruTrialReport *report = g_task_propagate_pointer (G_TASK (result), error);

  if (report)
    {
      booru_plugin_info_set_services (info, report->services);
      booru_plugin_info_set_checks_settings (info, report->checks_settings);
    }
  return report;
}

void
booru_probe_check_settings_async (BooruPluginInfo *info,
                                  BooruConfig *wanted,
                                  BooruConfig *current,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = g_task_new (info, cancellable, callback, user_data);

  g_task_set_source_tag (task, booru_probe_check_settings_async);
  if (!booru_plugin_info_checks_settings (info))
    {
      g_task_return_pointer (task, g_new0 (BooruTrialReport, 1),
                             (GDestroyNotify)booru_trial_report_free);
      g_object_unref (task);
      return;
    }
  start_trial (task, g_variant_new ("(@a{sv}@a{sv})", booru_config_to_variant (wanted),
                                    booru_config_to_variant (current)));
}

gboolean
booru_probe_check_settings_finish (BooruPluginInfo *info, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) fault = NULL;
  g_autoptr (BooruTrialReport) report = g_task_propagate_pointer (G_TASK (result), &fault);

  if (report && report->refusal == NULL)
    return TRUE;
  if (report == NULL && !g_error_matches (fault, BOORU_ERROR, BOORU_ERROR_CANCELLED))
    {
      g_warning ("The plugin %s cannot check settings, which are not kept from others for that: %s",
                 booru_plugin_info_get_name (info), fault->message);
      return TRUE;
    }
  g_propagate_error (error, report ? g_steal_pointer (&report->refusal) : g_steal_pointer (&fault));
  return FALSE;
}

/* All at once */

typedef struct
{
  GPtrArray *plugins, *faults;
  guint n_running;
} Probes;

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Probes *self = user_data;
  GError *error = NULL;
  g_autoptr (BooruTrialReport) report
      = booru_probe_run_finish (BOORU_PLUGIN_INFO (source), result, &error);
  guint at;

  if (g_ptr_array_find (self->plugins, source, &at))
    self->faults->pdata[at] = error;
  self->n_running--;
}

static void
fault_free (gpointer fault)
{
  if (fault)
    g_error_free (fault);
}

GPtrArray *
booru_probe_plugins (GPtrArray *plugins)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Probes probes = { plugins, g_ptr_array_new_with_free_func (fault_free), plugins->len };

  g_ptr_array_set_size (probes.faults, (int)plugins->len);
  g_main_context_push_thread_default (context);
  for (guint i = 0; i < plugins->len; i++)
    booru_probe_run_async (plugins->pdata[i], NULL, on_probed, &probes);
  while (probes.n_running > 0)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return probes.faults;
}
