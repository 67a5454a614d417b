/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "monitor-folder.h"

G_BEGIN_DECLS

/**
 * MonitorFolders:
 *
 * The folders that are followed: which there are, and whether they are there. Main thread only.
 */
typedef struct _MonitorFolders MonitorFolders;

typedef struct
{
  /* What a folder's rules leave out, as MonitorFolder has it; transfer full. */
  char **(*dup_patterns) (const char *path, gpointer user_data);
  /* A folder is to be looked through. @anew: it was not there, or another directory was. */
  void (*found) (MonitorFolder *folder, gboolean anew, gpointer user_data);
  /* A folder is gone, or not followed any more: what is in flight for it is not news of its files.
   */
  void (*lost) (MonitorFolder *folder, gpointer user_data);
  /* The answer of monitor_folders_describe_absent() may be another. */
  void (*changed) (gpointer user_data);
} MonitorFoldersFuncs;

MonitorFolders *monitor_folders_new (const char *data_dir,
                                     const char *files_dir,
                                     BooruStore *store,
                                     const MonitorFoldersFuncs *funcs,
                                     gpointer user_data);
void monitor_folders_free (MonitorFolders *self);

/* Nothing is checked any more. */
void monitor_folders_stop (MonitorFolders *self);

/* Says which folders to follow, as monitor_library_set_folders(). */
gboolean monitor_folders_set (MonitorFolders *self,
                              const char *const *paths,
                              const char *inbox,
                              GError **error);

/* Of MonitorFolder, the managed one first; transfer none. */
const GPtrArray *monitor_folders_list (MonitorFolders *self);

MonitorFolder *monitor_folders_get_managed (MonitorFolders *self);
MonitorFolder *monitor_folders_find (MonitorFolders *self, gint64 id);           /* NULL: none */
MonitorFolder *monitor_folders_find_serial (MonitorFolders *self, guint serial); /* likewise */

/* Finds out whether the folder is there, and suspends it or resumes it. @rescan: it is found even
 * if it is where it was. */
void monitor_folders_check (MonitorFolders *self, MonitorFolder *folder, gboolean rescan);

void monitor_folders_check_all (MonitorFolders *self, gboolean rescan);

/* What folders are away, for people; transfer full. NULL: none. */
char *monitor_folders_describe_absent (MonitorFolders *self);

G_END_DECLS
