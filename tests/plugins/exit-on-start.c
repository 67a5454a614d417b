/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Its process ends with exit code 7 as soon as it starts. */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  _exit (7);
}

FIXTURE_SERVICE (start, 10)
