/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be known of a child. */
#include "booru-child-private.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define PRIV(self) booru_child_get_private (self)

BooruChildState
booru_child_get_state (BooruChild *self)
{
  return PRIV (self)->state;
}

gboolean
booru_child_was_ready (BooruChild *self)
{
  return PRIV (self)->was_ready;
}

gboolean
booru_child_has_crashed (BooruChild *self)
{
  static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP };
  int status = PRIV (self)->wait_status;

  for (guint i = 0; i < G_N_ELEMENTS (crashes); i++)
    if (WIFSIGNALED (status) && WTERMSIG (status) == crashes[i])
      return TRUE;
  return FALSE;
}

GPid
booru_child_get_pid (BooruChild *self)
{
  return PRIV (self)->pid;
}

gint64
booru_child_get_spawned (BooruChild *self)
{
  return PRIV (self)->spawned;
}

const char *
booru_child_get_activity (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  return priv->state == BOORU_CHILD_STARTING ? priv->activity : NULL;
}

const char *
booru_child_get_trouble (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  return priv->state == BOORU_CHILD_READY ? priv->trouble : NULL;
}

guint64
booru_child_get_requests (BooruChild *self)
{
  BooruHeartbeat *heartbeat = PRIV (self)->heartbeat;

  return heartbeat ? booru_heartbeat_get_requests (heartbeat) : 0;
}

guint
booru_child_get_index (BooruChild *self)
{
  return PRIV (self)->index;
}

const char *
booru_child_get_name (BooruChild *self)
{
  return PRIV (self)->name;
}

const char *
booru_child_get_file_name (BooruChild *self)
{
  return PRIV (self)->file_name;
}

const GError *
booru_child_get_failure (BooruChild *self)
{
  return PRIV (self)->failure;
}

/**
 * booru_child_get_end:
 * @self: a child that ended
 *
 * Returns: what kind of end it was
 */
BooruChildEnd
booru_child_get_end (BooruChild *self)
{
  BooruChildPrivate *priv = PRIV (self);

  if (!priv->was_ready)
    return BOORU_CHILD_NOT_STARTED;
  if (priv->aborting)
    return BOORU_CHILD_HUNG;
  return WIFSIGNALED (priv->wait_status) ? BOORU_CHILD_SIGNALED : BOORU_CHILD_EXITED;
}

/**
 * booru_child_collect:
 * @self: a child
 * @process: its name among all processes
 * @collector: whom it is to tell
 *
 * Has the process asked for its metrics.
 */
void
booru_child_collect (BooruChild *self, const char *process, BooruCollector *collector)
{
  BooruChildPrivate *priv = PRIV (self);

  booru_collector_ask (collector, process, priv->pid,
                       priv->state == BOORU_CHILD_READY ? G_DBUS_PROXY (priv->proxy) : NULL);
}

/**
 * booru_child_dup_end:
 * @self: a child that ended
 *
 * Returns: (transfer full): how, as the predicate of a sentence
 */
char *
booru_child_dup_end (BooruChild *self)
{
  int status = PRIV (self)->wait_status;
  const char *task = PRIV (self)->task;
  const char *during = task ? " during " : "";

  if (task == NULL)
    task = "";
  if (WIFSIGNALED (status))
    return g_strdup_printf ("was killed by signal %d (%s)%s%s", WTERMSIG (status),
                            g_strsignal (WTERMSIG (status)), during, task);
  return g_strdup_printf ("exited with code %d%s%s", WEXITSTATUS (status), during, task);
}

/**
 * booru_child_describe:
 * @self: a child
 * @out: where to append
 *
 * Appends what a status report says of it.
 */
void
booru_child_describe (BooruChild *self, GString *out)
{
  static const char *const states[] = { "starting", "ready", "stopping", "ended" };
  BooruChildPrivate *priv = PRIV (self);

  g_string_append_printf (out, "%s: %s for %" G_GINT64_FORMAT " s", priv->name, states[priv->state],
                          (g_get_monotonic_time () - priv->since) / G_USEC_PER_SEC);
  if (booru_child_get_activity (self))
    g_string_append_printf (out, ": %s", priv->activity);
  if (booru_child_get_trouble (self))
    g_string_append_printf (out, ": %s", priv->trouble);
}
