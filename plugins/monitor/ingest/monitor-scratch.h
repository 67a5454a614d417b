/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * MonitorScratch:
 *
 * A folder of this process's own in the files folder's "tmp", for unfinished files. Its owner holds
 * a lock on it, so that others know the folders of the dead from those of the living, whichever
 * host, boot or container they are of.
 *
 * Where the files folder is not the data folder, other machines may use it, and locks are not
 * relied on there: an empty folder in the data folder's "tmp" is locked instead. What a machine
 * leaves in the files folder is cleaned up by its own next monitor alone.
 */
typedef struct _MonitorScratch MonitorScratch;

/* @data_dir: the data folder
 * @files_dir: the folder of thumbnails and originals
 * Returns: (transfer full): a folder of this process's own */
MonitorScratch *monitor_scratch_new (const char *data_dir, const char *files_dir, GError **error);

/* Makes it again if somebody has removed it, such as by emptying "tmp". */
void monitor_scratch_ensure (MonitorScratch *self);

void monitor_scratch_free (MonitorScratch *self); /* removes it */
const char *monitor_scratch_get_path (MonitorScratch *self);

/* Removes what earlier runs, killed in the middle of work, left in "tmp", and their thumbnails
 * that never got a post. What belongs to a living process stays.
 * @data_dir: the data folder
 * @files_dir: the folder of thumbnails and originals
 * @loose: whether files outside of such folders are removed too: only if nobody else works here
 * @store: what knows which contents have a post
 * Returns: (transfer full) (element-type MonitorSuspect): what they had in work when they
 *   crashed */
GPtrArray *monitor_scratch_clean (const char *data_dir,
                                  const char *files_dir,
                                  gboolean loose,
                                  BooruStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorScratch, monitor_scratch_free)

G_END_DECLS
