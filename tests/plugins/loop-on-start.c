/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does not get out of its start(). */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  for (volatile int again = TRUE; again;)
    ;
  return TRUE;
}

FIXTURE_SERVICE (start, 1)
