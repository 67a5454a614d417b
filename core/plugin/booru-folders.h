/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-config.h"

G_BEGIN_DECLS

/**
 * BooruFolders:
 * @library: (array zero-terminated=1): the library folders, none of which lies in another
 * @ingest: (nullable): the ingest folder
 *
 * What the settings library-folders and ingest-folder come to: absolute, resolved paths that can be
 * followed. A folder that is away for now has the path that it was given.
 */
typedef struct
{
  char **library;
  char *ingest;
} BooruFolders;

/**
 * booru_folders_new:
 * @config: what a service was told
 * @log: whether to log which folders are left out, or shown by others
 *
 * Reads the settings. What cannot be used, as nobody saw in time, is left out.
 *
 * Returns: (transfer full): the folders to follow
 */
BooruFolders *booru_folders_new (BooruConfig *config, gboolean log);

/**
 * booru_folders_check:
 * @wanted: what a service is to be told
 * @current: what it is told now
 * @error: which folder cannot be used, why, and what to do: %BOORU_ERROR_NOT_FOUND,
 *   %BOORU_ERROR_DENIED, %BOORU_ERROR_INVALID, %BOORU_ERROR_USAGE
 *
 * For a #BooruSettingsCheck. Folders that are in @current already may be gone, as with a disk that
 * is not mounted; one that is named just now and is not there is a mistake.
 *
 * Returns: whether the folders of @wanted could be followed
 */
gboolean booru_folders_check (BooruConfig *wanted, BooruConfig *current, GError **error);

/**
 * booru_folders_free:
 * @self: (transfer full): folders
 */
void booru_folders_free (BooruFolders *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruFolders, booru_folders_free)

G_END_DECLS
