/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-unix-signals.h"

#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

struct _BooruUnixSignals
{
  BooruUnixSignalFunc func;
  gpointer user_data;
  gboolean hangup_stops;
  guint sources[4];
};

static gboolean
on_interrupt (gpointer user_data)
{
  BooruUnixSignals *self = user_data;

  self->func (BOORU_UNIX_SIGNAL_INTERRUPT, self->user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate (gpointer user_data)
{
  BooruUnixSignals *self = user_data;

  self->func (BOORU_UNIX_SIGNAL_TERMINATE, self->user_data);
  return G_SOURCE_CONTINUE;
}

/* "Reload", by convention of daemons; but also what the kernel says when the terminal window that
 * the program runs in is closed. */
static gboolean
on_hangup (gpointer user_data)
{
  BooruUnixSignals *self = user_data;
  gboolean closed = self->hangup_stops && tcgetpgrp (STDERR_FILENO) < 0;

  self->func (closed ? BOORU_UNIX_SIGNAL_TERMINATE : BOORU_UNIX_SIGNAL_RELOAD, self->user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_report (gpointer user_data)
{
  BooruUnixSignals *self = user_data;

  self->func (BOORU_UNIX_SIGNAL_REPORT, self->user_data);
  return G_SOURCE_CONTINUE;
}

BooruUnixSignals *
booru_unix_signals_new (BooruUnixSignalFunc func, gpointer user_data)
{
  BooruUnixSignals *self = g_new0 (BooruUnixSignals, 1);
  struct sigaction hangup;

  self->func = func;
  self->user_data = user_data;
  self->hangup_stops = isatty (STDERR_FILENO) && sigaction (SIGHUP, NULL, &hangup) == 0
                       && hangup.sa_handler != SIG_IGN;
  self->sources[0] = g_unix_signal_add (SIGINT, on_interrupt, self);
  self->sources[1] = g_unix_signal_add (SIGTERM, on_terminate, self);
  self->sources[2] = g_unix_signal_add (SIGHUP, on_hangup, self);
  self->sources[3] = g_unix_signal_add (SIGUSR1, on_report, self);
  signal (SIGPIPE, SIG_IGN);
  return self;
}

void
booru_unix_signals_free (BooruUnixSignals *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->sources); i++)
    g_source_remove (self->sources[i]);
  g_free (self);
}
