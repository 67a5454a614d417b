/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Becomes ready and never stops by itself. It is given one second. */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  booru_service_context_ready (context);
  return TRUE;
}

FIXTURE_SERVICE (start, 1)
