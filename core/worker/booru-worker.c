/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-worker.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-log.h"
#include "base/booru-names.h"
#include "base/booru-process.h"
#include "booru-build-config.h"
#include "booru-lifeline.h"
#include "booru-worker-context.h"
#include "booru-worker-trial.h"
#include "ipc/booru-channel.h"
#include "ipc/booru-heartbeat.h"
#include "plugin/booru-plugin-extend.h"

/* How long the process of a ONE service waits for its predecessor, which belonged to a host that
 * was killed, to be gone. */
#define PREDECESSOR_PATIENCE_MS 5000

typedef struct
{
  char *service;
  char *name; /* for ps */
  int parent;
  gboolean listener;
  gboolean verbose;
  gboolean probe;
  gboolean show_version;
  GStrv plugins; /* paths of .plugin files, the service's own first */
} Options;

static void
options_clear (Options *self)
{
  g_free (self->service);
  g_free (self->name);
  g_strfreev (self->plugins);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse_options (Options *self, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "service", 0, 0, G_OPTION_ARG_STRING, &self->service, "Service to run", "NAME" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &self->name, "Name of the process", "NAME" },
    { "parent", 0, 0, G_OPTION_ARG_INT, &self->parent, "Process of the host", "PID" },
    { "listener", 0, 0, G_OPTION_ARG_NONE, &self->listener, "A listening socket is given", NULL },
    { "verbose", 0, 0, G_OPTION_ARG_NONE, &self->verbose, "Log more", NULL },
    { "probe", 0, 0, G_OPTION_ARG_NONE, &self->probe, "Say what PLUGIN brings", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->show_version, "Print the version, and exit",
      NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->plugins, NULL, "PLUGIN…" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_auto (GStrv) arguments = g_new0 (char *, argc + 1);

  for (int i = 0; i < argc; i++)
    arguments[i] = g_strdup (argv[i]);

  g_option_context_set_summary (context, "Runs one service of booru-host, which starts it.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, &arguments, error))
    return FALSE;
  if (self->show_version || (self->probe && self->plugins))
    return TRUE;
  if (self->service && self->name && self->plugins && fcntl (BOORU_CHANNEL_FD, F_GETFD) >= 0
      && fcntl (BOORU_LIFELINE_FD, F_GETFD) >= 0 && fcntl (BOORU_HEARTBEAT_FD, F_GETFD) >= 0)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_USAGE,
               "booru-worker is started by booru-host, not by hand: run “booru-host”");
  return FALSE;
}

/* What this process starts itself is not to hold the host's descriptors. */
static void
keep_from_children (const Options *options)
{
  fcntl (BOORU_CHANNEL_FD, F_SETFD, FD_CLOEXEC);
  fcntl (BOORU_LIFELINE_FD, F_SETFD, FD_CLOEXEC);
  fcntl (BOORU_HEARTBEAT_FD, F_SETFD, FD_CLOEXEC);
  if (options->listener)
    fcntl (BOORU_LISTENER_FD, F_SETFD, FD_CLOEXEC);
}

static const BooruService *
find_service (GPtrArray *plugins, const char *name, GError **error)
{
  for (guint i = 0; i < plugins->len; i++)
    {
      GPtrArray *services = booru_plugin_info_get_services (plugins->pdata[i]);

      for (guint j = 0; j < services->len; j++)
        {
          const BooruService *service = services->pdata[j];

          if (g_str_equal (service->name, name))
            return service;
        }
    }
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "No plugin provides the service “%s” any more; was its module replaced?", name);
  return NULL;
}

/* Each plugin is charged with what it breaks meanwhile. */
static GPtrArray *
load_plugins (const Options *options, BooruServiceContext *context, GError **error)
{
  g_autoptr (GPtrArray) plugins = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; options->plugins[i]; i++)
    {
      BooruPluginInfo *info = booru_plugin_info_new_from_file (options->plugins[i], error);

      if (info == NULL)
        return NULL;
      g_ptr_array_add (plugins, info);
      booru_service_context_set_plugin (context, booru_plugin_info_get_name (info));
      if (!booru_plugin_info_load (info, error))
        return NULL;
    }
  booru_service_context_set_plugin (context, NULL);
  return g_steal_pointer (&plugins);
}

/* A new host may start its monitor while that of a killed host takes its last breath. This lock,
 * which only the death of its holder releases, keeps the two apart. Hosts that share the data
 * folder have one each: which of them works, they settle by a lease in the store. */
static gboolean
await_predecessor (const BooruService *service, BooruServiceContext *context, GError **error)
{
  BooruConfig *config = booru_service_context_get_config (context);
  const char *data_dir = booru_config_get_path (config, BOORU_CONFIG_DATA_DIR);
  int kind = booru_config_get_boolean (config, BOORU_CONFIG_SHARED, FALSE) ? LOCK_SH : LOCK_EX;
  g_autofree char *name = g_strconcat ("booru-", service->name, ".lock", NULL);
  g_autofree char *path = NULL;
  int fd;

  if (service->instances != BOORU_SERVICE_ONE || data_dir == NULL)
    return TRUE;

  path = g_build_filename (data_dir, name, NULL);
  fd = open (path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return booru_set_errno_error (error, errno, "Cannot open the lock file “%s”", path);

  for (guint waited = 0; flock (fd, kind | LOCK_NB) < 0; waited += 10)
    {
      if (waited >= PREDECESSOR_PATIENCE_MS)
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_BUSY,
                       "Another %s is still working on “%s”: it holds “%s”", service->process_name,
                       data_dir, path);
          close (fd);
          return FALSE;
        }
      g_usleep (10 * 1000);
    }
  return TRUE; /* held until the process ends */
}

static gboolean
on_terminate (gpointer context)
{
  booru_service_context_emit_quiesce (context, TRUE);
  return G_SOURCE_CONTINUE;
}

static gboolean
start_service (const Options *options, BooruWorkerContext *worker, GError **error)
{
  BooruServiceContext *context = BOORU_SERVICE_CONTEXT (worker);
  g_autoptr (GPtrArray) plugins = load_plugins (options, context, error);
  const BooruService *service;

  if (plugins == NULL)
    return FALSE;
  service = find_service (plugins, options->service, error);
  if (service == NULL || !await_predecessor (service, context, error)
      || !booru_plugin_extend (plugins, context, service->name, error))
    return FALSE;

  booru_service_context_set_listener (context, options->listener ? BOORU_LISTENER_FD : -1);
  return service->start (context, error);
}

/* The host is told why, and decides what follows from it. */
static void
give_up (BooruWorkerContext *worker, GError *error)
{
  g_autoptr (GError) why
      = error ? error
              : g_error_new (BOORU_ERROR, BOORU_ERROR_FAILED, "The service did not say why");

  booru_service_context_fail (BOORU_SERVICE_CONTEXT (worker), why);
}

static int
run (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruHeartbeat) heartbeat = NULL;
  g_autoptr (BooruWorkerContext) worker = NULL;
  guint terminate;
  int exit_code;

  heartbeat = booru_heartbeat_new_for_fd (BOORU_HEARTBEAT_FD, &error);
  if (heartbeat)
    worker = booru_worker_context_new (BOORU_CHANNEL_FD, heartbeat, &error);
  if (worker == NULL)
    {
      g_warning ("%s", error->message);
      return booru_error_to_exit_code (error);
    }

  booru_heartbeat_attach (heartbeat, NULL);
  terminate = g_unix_signal_add (SIGTERM, on_terminate, worker);
  if (!start_service (options, worker, &error))
    give_up (worker, g_steal_pointer (&error));

  exit_code = booru_worker_context_run (worker);
  g_source_remove (terminate);
  return exit_code;
}

/**
 * booru_worker_main:
 * @argc: main()'s
 * @argv: main()'s
 *
 * Runs the service that the command line names. Ends with it, or with the host: by the lifeline,
 * whatever the main loop is at; or by the parent-death signal.
 *
 * Returns: the exit code of the process
 */
int
booru_worker_main (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;

  booru_process_set_title (argc, argv, "booru-worker");
  if (!parse_options (&options, argc, argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return booru_error_to_exit_code (error);
    }

  if (options.show_version)
    return printf ("booru-worker %s\n", BOORU_VERSION) > 0 ? EX_OK : EX_IOERR;
  if (options.probe)
    return booru_worker_try (options.plugins[0], options.parent);

  /* A group of its own: Ctrl+C in the terminal is for the host, which stops its children in order.
   */
  setpgid (0, 0);
  keep_from_children (&options);
  booru_process_die_with_parent (options.parent);
  booru_process_set_title (argc, argv, options.name);
  booru_log_init (options.name, options.verbose);

  if (!booru_lifeline_watch (BOORU_LIFELINE_FD, &error))
    {
      g_warning ("%s", error->message);
      return booru_error_to_exit_code (error);
    }
  return run (&options);
}
