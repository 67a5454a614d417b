/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-child-worker.h"

#include <signal.h>

#include "base/booru-error.h"
#include "booru-limits.h"

struct _BooruChildWorker
{
  BooruChild parent_instance;
  GPid pid; /* 0: not, or no longer, ours */
};

G_DEFINE_FINAL_TYPE (BooruChildWorker, booru_child_worker, BOORU_TYPE_CHILD)

static void
on_ended (GPid pid, gint wait_status, gpointer user_data)
{
  BooruChildWorker *self = user_data;

  self->pid = 0;
  g_spawn_close_pid (pid);
  booru_child_reaped (BOORU_CHILD (self), wait_status);
}

static gboolean
child_worker_spawn (BooruChild *child,
                    const char *const *argv,
                    const char *const *environment,
                    const BooruChildFds *fds,
                    GPid *pid,
                    GError **error)
{
  BooruChildWorker *self = BOORU_CHILD_WORKER (child);
  g_autoptr (GError) local_error = NULL;

  if (!g_spawn_async_with_pipes_and_fds (NULL, argv, environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                         NULL, -1, -1, -1, fds->source, fds->target, fds->n,
                                         &self->pid, NULL, NULL, NULL, &local_error))
    return booru_limits_set_spawn_error (error, booru_child_get_name (child), local_error);

  *pid = self->pid;
  /* Above everything else: between the reaping and the callback nobody may signal the pid. */
  g_child_watch_add_full (G_PRIORITY_HIGH, self->pid, on_ended, g_object_ref (self),
                          g_object_unref);
  return TRUE;
}

static void
child_worker_send_signal (BooruChild *child, int signal_number)
{
  BooruChildWorker *self = BOORU_CHILD_WORKER (child);

  if (self->pid > 0)
    kill (self->pid, signal_number);
}

static void
booru_child_worker_class_init (BooruChildWorkerClass *klass)
{
  BOORU_CHILD_CLASS (klass)->spawn = child_worker_spawn;
  BOORU_CHILD_CLASS (klass)->send_signal = child_worker_send_signal;
}

static void
booru_child_worker_init (BooruChildWorker *self)
{
}
