/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-child-one.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/booru-error.h"
#include "booru-limits.h"

struct _BooruChildOne
{
  BooruChild parent_instance;
  GSubprocess *subprocess;
};

G_DEFINE_FINAL_TYPE (BooruChildOne, booru_child_one, BOORU_TYPE_CHILD)

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BooruChildOne) self = user_data;

  /* Waiting cannot fail: it is not cancelled. */
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  booru_child_reaped (BOORU_CHILD (self), g_subprocess_get_status (self->subprocess));
}

static gboolean
child_one_spawn (BooruChild *child,
                 const char *const *argv,
                 const char *const *environment,
                 const BooruChildFds *fds,
                 GPid *pid,
                 GError **error)
{
  BooruChildOne *self = BOORU_CHILD_ONE (child);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) local_error = NULL;

  for (guint i = 0; i < fds->n; i++)
    {
      int fd = fcntl (fds->source[i], F_DUPFD_CLOEXEC, 0);

      if (fd < 0)
        return booru_set_errno_error (error, errno, "Cannot start %s", argv[0]);
      g_subprocess_launcher_take_fd (launcher, fd, fds->target[i]);
    }

  g_subprocess_launcher_set_environ (launcher, (char **)environment);
  self->subprocess = g_subprocess_launcher_spawnv (launcher, argv, &local_error);
  if (self->subprocess == NULL)
    return booru_limits_set_spawn_error (error, booru_child_get_name (child), local_error);

  *pid = atoi (g_subprocess_get_identifier (self->subprocess));
  g_subprocess_wait_async (self->subprocess, NULL, on_ended, g_object_ref (self));
  return TRUE;
}

static void
child_one_send_signal (BooruChild *child, int signal_number)
{
  g_subprocess_send_signal (BOORU_CHILD_ONE (child)->subprocess, signal_number);
}

static void
booru_child_one_finalize (GObject *object)
{
  g_clear_object (&BOORU_CHILD_ONE (object)->subprocess);
  G_OBJECT_CLASS (booru_child_one_parent_class)->finalize (object);
}

static void
booru_child_one_class_init (BooruChildOneClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = booru_child_one_finalize;
  BOORU_CHILD_CLASS (klass)->spawn = child_one_spawn;
  BOORU_CHILD_CLASS (klass)->send_signal = child_one_send_signal;
}

static void
booru_child_one_init (BooruChildOne *self)
{
}
