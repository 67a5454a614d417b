/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the fault suite share, beside a real host (tests/integration/test-host.h). */
#pragma once

#include "test-host.h"

G_BEGIN_DECLS

guint faults_get_port (TestHost *host); /* from its log */

G_END_DECLS
