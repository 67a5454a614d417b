/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes the process down that opens its module: an initialiser runs before anybody can ask. */
#include "fixture.h"

__attribute__ ((constructor)) static void
crash (void)
{
  fixture_crash ();
}

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
