/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-service-set.h"

G_BEGIN_DECLS

/* How the whole is: a{sv}, floating, as GetHealth in org.booru.Channel1.xml says. @started_at:
 * monotonic time, µs. */
GVariant *booru_health_describe (BooruServiceSet *services, gint64 started_at);

G_END_DECLS
