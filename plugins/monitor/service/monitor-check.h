/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* A BooruSettingsCheck. Folders that were followed before may be gone, as with a disk that is not
 * mounted; one that is named just now and is not there is a mistake. So are new rules of folders
 * that make no sense; those that stand in a file since before are a warning when they are read. */
gboolean monitor_check_settings (BooruConfig *wanted, BooruConfig *current, GError **error);

G_END_DECLS
