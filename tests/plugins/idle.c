/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Becomes ready, does nothing, and stops when asked to. */
#include "fixture.h"

static void
on_quiesce (BooruServiceContext *context)
{
  booru_service_context_stopped (context);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), NULL);
  booru_service_context_ready (context);
  return TRUE;
}

FIXTURE_SERVICE (start, 10)
