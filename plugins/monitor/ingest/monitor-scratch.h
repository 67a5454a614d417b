/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorScratch:
 *
 * A folder of this process's own in the data folder's "tmp", for unfinished files. Its owner holds
 * a lock on it, so that others know the folders of the dead from those of the living, whichever
 * host, boot or container they are of.
 */
typedef struct _MonitorScratch MonitorScratch;

MonitorScratch *monitor_scratch_new (const char *data_dir, GError **error);
void monitor_scratch_free (MonitorScratch *self); /* removes it */
const char *monitor_scratch_get_path (MonitorScratch *self);
GPtrArray *monitor_scratch_clean (const char *data_dir, gboolean loose, BooruStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorScratch, monitor_scratch_free)

G_END_DECLS
