/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Its start() succeeds, but the service finds that it cannot go on. */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  g_autoptr (GError) failure
      = g_error_new_literal (BOORU_ERROR, BOORU_ERROR_IO, "the fixture cannot go on");

  booru_service_context_fail (context, failure);
  return TRUE;
}

FIXTURE_SERVICE (start, 10)
