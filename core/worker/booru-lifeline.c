/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-lifeline.h"

#include <errno.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/booru-error.h"

/* Ends the process the moment the host is gone. Blocks in read(), so it costs no wake-up; runs
 * beside the main loop, so that it works however long that hangs. _exit(): nobody is left to whom a
 * tidy end would matter, and exit handlers could hang as well. Not G_GNUC_NORETURN's business:
 * GThreadFunc has a result. */
static gpointer
wait_for_eof (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  char byte;
  ssize_t n;

  do
    n = read (fd, &byte, 1);
  while (n > 0 || (n < 0 && errno == EINTR));

  _exit (EX_TEMPFAIL);
  return NULL;
}

/**
 * booru_lifeline_watch:
 * @fd: (transfer full): the read end of the lifeline
 * @error: return location
 *
 * From now on the process ends as soon as the last write end of the pipe is closed, that is when
 * the host dies, however it dies.
 *
 * Returns: %FALSE with @error if no thread could be started
 */
gboolean
booru_lifeline_watch (int fd, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GThread) thread = NULL;
  sigset_t all, before;

  /* Signals are the main thread's. */
  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  thread = g_thread_try_new ("lifeline", wait_for_eof, GINT_TO_POINTER (fd), &local_error);
  pthread_sigmask (SIG_SETMASK, &before, NULL);

  if (thread == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT, "Cannot watch the lifeline to the host: %s",
                 local_error->message);
  return thread != NULL;
}
