/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-limits.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "booru-descendants.h"
#include "booru-process-usage.h"

/* More than spawning takes: seven of ours, and what GLib and libc open meanwhile. */
#define DESCRIPTORS_NEEDED 24

#define MIB (1024 * 1024)

#define START 30
#define HEARTBEAT 10
#define CHECK 2

static guint
from_environment (const char *variable, guint fallback)
{
  const char *text = g_getenv (variable);
  guint64 value;

  if (text && g_ascii_string_to_unsigned (text, 10, 1, 3600, &value, NULL))
    return (guint)value;
  return fallback;
}

guint
booru_limits_get_start (void)
{
  return from_environment (BOORU_ENV_START_LIMIT, START);
}

guint
booru_limits_get_heartbeat (void)
{
  return from_environment (BOORU_ENV_HEARTBEAT_LIMIT, HEARTBEAT);
}

guint
booru_limits_get_check (void)
{
  return CLAMP (booru_limits_get_heartbeat () / 3, 1, CHECK);
}

BooruUseLimits
booru_limits_get_use (const BooruService *service, BooruConfig *config)
{
  BooruUseLimits limits = { service->max_memory, service->max_processes };
  g_autoptr (GVariant) set = g_variant_lookup_value (
      booru_config_to_variant (config), BOORU_CONFIG_SERVICE_LIMITS, G_VARIANT_TYPE ("a{s(uu)}"));

  if (set)
    g_variant_lookup (set, service->name, "(uu)", &limits.memory, &limits.processes);
  return limits;
}

gboolean
booru_limits_check_use (BooruUseLimits limits, GPid pid, const char *cookie, GError **error)
{
  guint64 memory = limits.memory > 0 ? booru_process_read_memory (pid) / MIB : 0;
  guint processes = limits.processes > 0 ? booru_descendants_count (cookie) : 0;

  if (memory > limits.memory)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                 "used %" G_GUINT64_FORMAT " MiB of memory, more than its limit of %u MiB", memory,
                 limits.memory);
  else if (processes > limits.processes)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                 "ran %u processes, more than its limit of %u", processes, limits.processes);
  else
    return TRUE;
  return FALSE;
}

/**
 * booru_limits_check_descriptors:
 * @name: what is to be started
 * @error: return location
 *
 * GLib ends the program when it gets no descriptor for a main context of its own, so running short
 * of them has to be found out before it is asked to do anything.
 *
 * Returns: whether there are enough to start a process
 */
gboolean
booru_limits_check_descriptors (const char *name, GError **error)
{
  int fds[DESCRIPTORS_NEEDED];
  guint n = 0;
  int errnum = 0;

  while (n < DESCRIPTORS_NEEDED && (fds[n] = eventfd (0, EFD_CLOEXEC)) >= 0)
    n++;
  errnum = errno;
  for (guint i = 0; i < n; i++)
    close (fds[i]);
  return n == DESCRIPTORS_NEEDED || booru_set_errno_error (error, errnum, "Cannot start %s", name);
}

/**
 * booru_limits_set_spawn_error:
 * @error: return location
 * @name: what was to be started
 * @cause: what GLib said
 *
 * Sets BOORU_ERROR_LIMIT if the system had no process, memory or descriptor to give, for which one
 * can wait, and BOORU_ERROR_FAILED if the program cannot be run.
 *
 * Returns: %FALSE always, so that a caller can return it
 */
gboolean
booru_limits_set_spawn_error (GError **error, const char *name, const GError *cause)
{
  static const int codes[] = { G_SPAWN_ERROR_FORK, G_SPAWN_ERROR_FAILED, G_SPAWN_ERROR_NOMEM,
                               G_SPAWN_ERROR_NFILE, G_SPAWN_ERROR_MFILE };
  gboolean is_short = cause->domain == G_UNIX_ERROR;

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    is_short |= g_error_matches (cause, G_SPAWN_ERROR, codes[i]);
  g_set_error (error, BOORU_ERROR, is_short ? BOORU_ERROR_LIMIT : BOORU_ERROR_FAILED,
               "Cannot start %s: %s", name, cause->message);
  return FALSE;
}
