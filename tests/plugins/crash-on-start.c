/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Its process dies of a signal as soon as it starts. */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  fixture_crash ();
}

FIXTURE_SERVICE (start, 10)
