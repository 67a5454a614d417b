/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-limits.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"

/* More than spawning takes: seven of ours, and what GLib and libc open meanwhile. */
#define DESCRIPTORS_NEEDED 24

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
