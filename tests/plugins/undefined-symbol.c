/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Needs a function that nobody has. */
#include "fixture.h"

void fixture_function_that_nobody_has (void);

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  fixture_function_that_nobody_has ();
  return TRUE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
