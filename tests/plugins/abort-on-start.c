/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ends in a failed assertion as soon as it is started. */
#include "fixture.h"

static gboolean
start (BooruServiceContext *context, GError **error)
{
  signal (SIGABRT, SIG_DFL);
  raise (SIGABRT);
  return TRUE;
}

FIXTURE_SERVICE (start, 1)
