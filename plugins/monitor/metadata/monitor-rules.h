/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "monitor-tags.h"

G_BEGIN_DECLS

/**
 * MonitorRules:
 *
 * What holds for the files of which folders, as the setting folder-rules says. A rule holds for
 * sub-folders too; their own rules add tags, and otherwise go before it.
 */
typedef struct _MonitorRules MonitorRules;

/* Of BooruFolderRule, transfer full; NULL: none. Tags that cannot be are warned of. */
MonitorRules *monitor_rules_new (GPtrArray *rules);

void monitor_rules_free (MonitorRules *self);

/* What rules leave out of a folder: pairs of a rule's folder and a pattern. Transfer full. */
char **monitor_rules_dup_excluded (const MonitorRules *self, const char *folder);

gboolean monitor_rules_reads_sidecars (const MonitorRules *self, const char *path);

/* All that is said of a file: of BooruImport, transfer full. @metadata: what it says itself, NULL:
 * not known now. @sidecar: of those beside it, NULL: there are none. */
GPtrArray *monitor_rules_make_imports (const MonitorRules *self,
                                       const char *path,
                                       const char *metadata,
                                       const MonitorTags *sidecar);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MonitorRules, monitor_rules_free)

G_END_DECLS
