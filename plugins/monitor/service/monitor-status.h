/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorStatus:
 *
 * What administrators see of scans and of the ingest (BOORU_EVENT_STATUS).
 */
typedef struct _MonitorStatus MonitorStatus;

MonitorStatus *monitor_status_new (BooruServiceContext *context); /* unowned, outlives it */
void monitor_status_free (MonitorStatus *self);

/* One scan, as BOORU_EVENT_STATUS says; sinks a floating reference. Its end is noted as an event.
 */
void monitor_status_set_scan (MonitorStatus *self, GVariant *progress);
void monitor_status_set_ingest (MonitorStatus *self, GVariant *progress); /* likewise */

/* Forgets scans of folders that are not followed any more. */
void monitor_status_set_folders (MonitorStatus *self, const BooruFolders *folders);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorStatus, monitor_status_free)

G_END_DECLS
