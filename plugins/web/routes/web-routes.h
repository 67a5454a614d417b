/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The web plugin's own routes: each group adds its own the way any plugin does. */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

void web_routes_add_health (BooruExtensions *extensions);

G_END_DECLS
