/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps whoever opens its module in an endless loop. */
#include "fixture.h"

__attribute__ ((constructor)) static void
loop (void)
{
  for (volatile int again = TRUE; again;)
    ;
}

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
