/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Never becomes ready, though its main loop runs. */
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
  return TRUE;
}

FIXTURE_SERVICE (start, 10)
