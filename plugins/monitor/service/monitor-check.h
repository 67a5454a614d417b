/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* A BooruSettingsCheck: of folders, and of rules of folders. Rules that stand in a file since
 * before and make no sense are a warning when they are read. */
gboolean monitor_check_settings (BooruConfig *wanted, BooruConfig *current, GError **error);

G_END_DECLS
