/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ends in a failed assertion when its module is opened. */
#include "fixture.h"

__attribute__ ((constructor)) static void
fail (void)
{
  signal (SIGABRT, SIG_DFL);
  raise (SIGABRT);
}

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
