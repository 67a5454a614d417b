/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Cannot be activated. */
#include "fixture.h"

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "this machine has no scanner");
  return FALSE;
}

BOORU_PLUGIN_DEFINE (FIXTURE_NAME, activate, NULL)
