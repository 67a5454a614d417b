/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-settings.h"

G_BEGIN_DECLS

/* "Library folders changed: added “/srv/pictures”"; @after NULL: back to the default. */
char *booru_setting_change_describe (BooruSettings *settings,
                                     const char *key,
                                     GVariant *before,
                                     GVariant *after);

G_END_DECLS
