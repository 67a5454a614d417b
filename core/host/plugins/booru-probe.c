/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-probe.h"

#include <gio/gio.h>
#include <signal.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-paths.h"
#include "plugin/booru-plugin-info.h"

/* Seconds for loading all modules; they load side by side. A module that loops is found out by the
 * processor time it takes (booru-worker --probe), so that a machine which is busy with something
 * else, as when it boots, puts no plugin under suspicion. */
#define PATIENCE 60

typedef struct
{
  GMainLoop *loop;
  guint n_running;
  GCancellable *cancellable;
  GPtrArray *faults; /* GError or NULL, by plugin */
} Probes;

typedef struct
{
  Probes *probes;
  guint index;
  BooruPluginInfo *info;
} Probe;

static void G_GNUC_PRINTF (3, 4) set_fault (Probe *self, BooruError code, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  self->probes->faults->pdata[self->index]
      = g_error_new (BOORU_ERROR, (int)code, "Loading the plugin %s from “%s”: %s",
                     booru_plugin_info_get_name (self->info),
                     booru_plugin_info_get_module_path (self->info), what);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Probe *self = user_data;
  GSubprocess *subprocess = G_SUBPROCESS (source);
  g_autofree char *output = NULL;

  if (!g_subprocess_communicate_utf8_finish (subprocess, result, &output, NULL, NULL))
    {
      g_subprocess_force_exit (subprocess);
      set_fault (self, BOORU_ERROR_FAILED, "it has not returned within %d seconds", PATIENCE);
    }
  else if (g_subprocess_get_if_signaled (subprocess)
           && g_subprocess_get_term_sig (subprocess) == SIGXCPU)
    set_fault (self, BOORU_ERROR_FAILED, "it has not returned after %d seconds of processor time",
               BOORU_PROBE_CPU_SECONDS);
  else if (g_subprocess_get_if_signaled (subprocess))
    set_fault (self, BOORU_ERROR_FAILED, "it crashes: %s",
               g_strsignal (g_subprocess_get_term_sig (subprocess)));
  else if (g_subprocess_get_exit_status (subprocess) != 0 && output && *output)
    self->probes->faults->pdata[self->index]
        = g_error_new_literal (BOORU_ERROR, BOORU_ERROR_CONFIG, g_strchomp (output));
  else if (g_subprocess_get_exit_status (subprocess) != 0)
    set_fault (self, BOORU_ERROR_FAILED, "it ends the process with code %d",
               g_subprocess_get_exit_status (subprocess));

  if (--self->probes->n_running == 0)
    g_main_loop_quit (self->probes->loop);
}

static void
start_probe (Probes *probes, guint index, BooruPluginInfo *info)
{
  g_autofree char *parent = g_strdup_printf ("--parent=%d", getpid ());
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) subprocess
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, booru_paths_get_worker_program (),
                          "--probe", parent, "--", booru_plugin_info_get_path (info), NULL);
  Probe *probe = g_new0 (Probe, 1);

  probe->probes = probes;
  probe->index = index;
  probe->info = info;
  if (subprocess)
    {
      probes->n_running++;
      g_subprocess_communicate_utf8_async (subprocess, NULL, probes->cancellable, on_ended, probe);
      return;
    }
  set_fault (probe, BOORU_ERROR_CONFIG, "it cannot be tried: %s", error->message);
  g_free (probe);
}

static gboolean
on_patience_over (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
fault_free (gpointer fault)
{
  if (fault)
    g_error_free (fault);
}

/**
 * booru_probe_plugins:
 * @plugins: plugins (BooruPluginInfo), not loaded yet
 *
 * Has each of them loaded, by a process of its own, all at once. What a module does when it is
 * loaded, be it a crash or an endless loop, does not happen to the caller. Waits for all.
 *
 * Returns: (transfer full): for each of @plugins, what is wrong with it (GError), or %NULL:
 *   %BOORU_ERROR_FAILED if it took its process down or hung, else %BOORU_ERROR_CONFIG
 */
GPtrArray *
booru_probe_plugins (GPtrArray *plugins)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GSource) patience = g_timeout_source_new_seconds (PATIENCE);
  Probes probes = { loop, 0, cancellable, g_ptr_array_new_with_free_func (fault_free) };

  g_ptr_array_set_size (probes.faults, (int)plugins->len);
  g_main_context_push_thread_default (context);
  g_source_set_callback (patience, on_patience_over, cancellable, NULL);
  g_source_attach (patience, context);
  for (guint i = 0; i < plugins->len; i++)
    start_probe (&probes, i, plugins->pdata[i]);
  if (probes.n_running > 0)
    g_main_loop_run (loop);
  g_source_destroy (patience);
  g_main_context_pop_thread_default (context);
  return probes.faults;
}
