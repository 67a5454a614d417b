/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Becomes ready; upon the event "test-hang" its main loop never runs again, and ps shows "hanging".
 */
#include <sys/prctl.h>

#include "fixture.h"

static void
on_hang (BooruServiceContext *context, const char *topic, GVariant *payload)
{
  prctl (PR_SET_NAME, "hanging");
  for (;;)
    pause ();
}

static void
on_quiesce (BooruServiceContext *context)
{
  booru_service_context_stopped (context);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  g_signal_connect (context, "event::test-hang", G_CALLBACK (on_hang), NULL);
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), NULL);
  booru_service_context_ready (context);
  return TRUE;
}

FIXTURE_SERVICE (start, 2)
