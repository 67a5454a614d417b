/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For files with texts that a user reads: _("text"), and a line in po/POTFILES.in. */
#pragma once

#include "booru-build-config.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

void booru_i18n_init (void);

G_END_DECLS
