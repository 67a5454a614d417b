/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Its start() fails with an error. */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "the fixture refuses to start");
  return FALSE;
}

FIXTURE_SERVICE (start, 10)
