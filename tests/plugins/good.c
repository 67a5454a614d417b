/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Becomes ready and answers each event "test-echo" by an event "test-echoed" of the same payload.
 */
#include "fixture.h"

static void
on_echo (BooruServiceContext *context, const char *topic, GVariant *payload)
{
  booru_service_context_publish (context, "test-echoed", payload);
}

static void
on_quiesce (BooruServiceContext *context)
{
  booru_service_context_stopped (context);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  g_signal_connect (context, "event::test-echo", G_CALLBACK (on_echo), NULL);
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), NULL);
  booru_service_context_ready (context);
  return TRUE;
}

FIXTURE_SERVICE (start, 10)
