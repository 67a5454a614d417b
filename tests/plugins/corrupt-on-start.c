/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds something that trying again cannot mend. */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_CORRUPT, "the fixture's data are damaged");
  return FALSE;
}

FIXTURE_SERVICE (start, 10)
