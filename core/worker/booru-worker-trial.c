/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-worker-trial.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-process.h"
#include "ipc/booru-mailbox.h"
#include "plugin/booru-trial.h"

/* Out of reach of a plugin that writes to descriptors which it takes for its own. */
#define MAILBOX_FD_MIN 64

static void
limit (void)
{
  const struct rlimit cpu = { BOORU_PROBE_CPU_SECONDS, BOORU_PROBE_CPU_SECONDS + 1 };
  const struct rlimit no_core = { 0, 0 };

  setrlimit (RLIMIT_CPU, &cpu);
  setrlimit (RLIMIT_CORE, &no_core);
}

static void
check_settings (BooruPluginInfo *info, GVariant *request, GError **error)
{
  BooruSettingsCheck check = booru_plugin_info_get_settings_check (info);
  g_autoptr (GVariant) wanted_dict = g_variant_get_child_value (request, 0);
  g_autoptr (GVariant) current_dict = g_variant_get_child_value (request, 1);
  g_autoptr (BooruConfig) wanted = booru_config_new (wanted_dict);
  g_autoptr (BooruConfig) current = booru_config_new (current_dict);
  g_autoptr (GError) local = NULL;

  if (check == NULL || check (wanted, current, &local))
    return;
  if (local == NULL)
    g_set_error (&local, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "The plugin %s refuses these settings without giving a reason",
                 booru_plugin_info_get_name (info));
  g_propagate_error (error, g_steal_pointer (&local));
}

/* Floating. */
static GVariant *
try (const char *path, GVariant *request, GError **error)
{
  g_autoptr (BooruPluginInfo) info = booru_plugin_info_new_from_file (path, error);
  g_autoptr (BooruExtensions) extensions = booru_extensions_new ();
  g_autoptr (GError) refusal = NULL;
  const char *const *extends;

  if (info == NULL || !booru_plugin_info_load (info, error))
    return NULL;
  for (extends = booru_plugin_info_get_extends (info); *extends; extends++)
    if (!booru_plugin_info_extend (info, extensions, *extends, error))
      return NULL;
  if (request)
    check_settings (info, request, &refusal);
  return booru_trial_answer_new (info, extensions, refusal);
}

int
booru_worker_try (const char *path, int parent)
{
  int mailbox = fcntl (BOORU_TRIAL_FD, F_DUPFD_CLOEXEC, MAILBOX_FD_MIN);
  g_autoptr (GVariant) request = booru_mailbox_get (mailbox, BOORU_TRIAL_REQUEST, NULL);
  g_autoptr (GError) error = NULL;
  GVariant *answer;

  close (BOORU_TRIAL_FD);
  booru_process_die_with_parent (parent);
  limit ();
  if (!booru_mailbox_put (mailbox, NULL, &error))
    return EX_IOERR;
  answer = try (path, request, &error);
  if (answer == NULL)
    answer = booru_trial_answer_new_error (error);
  g_clear_error (&error);

  /* Threads that the plugin left running and what it registered by atexit() have no say any
   * more. */
  if (booru_mailbox_put (mailbox, answer, &error))
    _exit (EX_OK);
  g_warning ("%s", error->message);
  _exit (EX_IOERR);
}
