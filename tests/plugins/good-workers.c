/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several processes that share the listening socket: each connection is sent the pid of the process
 * that took it, and closed. */
#include "fixture.h"

#include <glib-unix.h>
#include <stdio.h>
#include <sys/socket.h>

static gboolean
on_connection (int listener, GIOCondition condition, gpointer unused)
{
  int fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  char line[32];
  int length = g_snprintf (line, sizeof line, "%d\n", (int)getpid ());

  /* Another process may have been faster. */
  if (fd < 0)
    return G_SOURCE_CONTINUE;
  if (send (fd, line, (gsize)length, MSG_NOSIGNAL) < 0)
    g_warning ("A connection was closed before it was answered");
  close (fd);
  return G_SOURCE_CONTINUE;
}

static void
on_quiesce (BooruServiceContext *context)
{
  g_source_remove (GPOINTER_TO_UINT (booru_service_context_get_data (context)));
  booru_service_context_stopped (context);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  int listener = booru_service_context_get_listener (context);
  guint source;

  if (listener < 0)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_FAILED, "There is no listening socket");
      return FALSE;
    }
  source = g_unix_fd_add (listener, G_IO_IN, on_connection, NULL);
  booru_service_context_set_data (context, GUINT_TO_POINTER (source), NULL);
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), NULL);
  booru_service_context_ready (context);
  return TRUE;
}

static const BooruService service = {
  .name = FIXTURE_NAME,
  .process_name = "booru-workers",
  .label = "Fixture workers",
  .instances = BOORU_SERVICE_WORKERS,
  .listener = TRUE,
  .stop_timeout = 10,
  .start = start,
};

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  booru_plugin_context_add_service (context, &service);
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
