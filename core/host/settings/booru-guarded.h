/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "booru-host-config.h"

G_BEGIN_DECLS

/* Whether everybody who reaches the board is asked who it is: there are accounts, or a proxy names
 * the user. Takes a moment, as another program looks. */
gboolean booru_guarded_check (const BooruHostConfig *config);

G_END_DECLS
