/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes three seconds to start, in which its main loop does not run, and says how it gets on. Is
 * "slow-start-mute" falls silent when it has come to the sixth part. */
#include "fixture.h"

#include <string.h>

#define STEPS 30
#define IS_MUTE (strcmp (FIXTURE_NAME, "slow-start-mute") == 0)

static void
on_quiesce (BooruServiceContext *context)
{
  booru_service_context_stopped (context);
}

static gboolean
start (BooruServiceContext *context, GError **error)
{
  for (guint i = 0; i < STEPS; i++)
    {
      g_autofree char *what = g_strdup_printf ("counting, %u %%", i * 100 / STEPS);

      booru_service_context_starting (context, 1, what);
      g_usleep (IS_MUTE && i == STEPS / 6 ? 120 * G_USEC_PER_SEC : G_USEC_PER_SEC / 10);
    }
  g_signal_connect (context, "quiesce", G_CALLBACK (on_quiesce), NULL);
  booru_service_context_ready (context);
  return TRUE;
}

FIXTURE_SERVICE (start, 10)
