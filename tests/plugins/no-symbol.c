/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A shared object that is no plugin. */
#include "fixture.h"

G_MODULE_EXPORT int fixture_exported (void);

int
fixture_exported (void)
{
  return 1;
}
