/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Putting files where they belong in the data folder and in the inbox. Nothing is ever overwritten
 * but thumbnails, and a file is at each instant in its old place, in its new place, or in both. */

char *monitor_place_original_path (const char *md5, const char *ext);
gboolean monitor_place_variant (const char *data_dir,
                                BooruVariant variant,
                                const char *md5,
                                const char *temporary,
                                GError **error);
gboolean
monitor_place_rename (int from_dir, const char *from, int to_dir, const char *to, GError **error);
gboolean
monitor_place_link (int from_dir, const char *from, int to_dir, const char *to, GError **error);
gboolean monitor_place_copy_bytes (int source_fd, int target_fd);
gboolean monitor_place_copy (int source_fd,
                             const char *data_dir,
                             const char *temporary_dir,
                             const char *target,
                             GError **error);
char *monitor_place_aside (int root_fd,
                           const char *path,
                           const char *dir,
                           const char *reason,
                           GError **error);
gboolean monitor_place_sync_dir (int root_fd, const char *path, GError **error);
gboolean monitor_place_make_parents (int root_fd, const char *path, GError **error);

G_END_DECLS
