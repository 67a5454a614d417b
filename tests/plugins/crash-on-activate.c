/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes the process down that loads it. */
#include "fixture.h"

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  fixture_crash ();
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
