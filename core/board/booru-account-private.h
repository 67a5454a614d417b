/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-account.h"

G_BEGIN_DECLS

BooruAccount *
booru_account_new (void); /* transfer full; its fields are for the caller to fill in */

G_END_DECLS
