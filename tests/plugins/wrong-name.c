/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Its module and its metadata disagree on the name. */
#include "fixture.h"

static gboolean
activate (BooruPluginContext *context, GError **error)
{
  return TRUE;
}

BOORU_PLUGIN_DEFINE ("somebody-else", activate, NULL)
