/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Putting files where they belong in the files folder and in the inbox. Nothing is ever overwritten
 * but thumbnails, and a file is at each instant in its old place, in its new place, or in both. */

/* @md5: lower-case hex
 * @ext: extension without a dot
 * Returns: (transfer full): where a managed original lies below "originals": "ab/cd/MD5.ext" */
char *monitor_place_original_path (const char *md5, const char *ext);

/* Renames a thumbnail to its place. Its directory is not fsynced: a thumbnail that a power
 * failure eats is made again (monitor_walk_thumbnails_lost()), and waiting for the disk three
 * times per picture would cost more than all else.
 * @files_dir: the folder of originals and thumbnails
 * @variant: which
 * @md5: the content's
 * @temporary: path of the finished file, on the same file system */
gboolean monitor_place_variant (const char *files_dir,
                                BooruVariant variant,
                                const char *md5,
                                const char *temporary,
                                GError **error);

/* Renames without ever replacing.
 * @from_dir: a directory
 * @from: path below it
 * @to_dir: a directory
 * @to: path below it; directories on the way are made
 * @error: %BOORU_ERROR_EXISTS if something is at @to; %BOORU_ERROR_UNSUPPORTED if it is on
 *   another file system */
gboolean
monitor_place_rename (int from_dir, const char *from, int to_dir, const char *to, GError **error);

/* Gives a file a second name.
 * @from_dir: a directory
 * @from: path below it
 * @to_dir: a directory
 * @to: path below it; directories on the way are made
 * @error: %BOORU_ERROR_EXISTS if something is at @to; %BOORU_ERROR_UNSUPPORTED if there can be
 *   no link: it is on another file system, or that has none */
gboolean
monitor_place_link (int from_dir, const char *from, int to_dir, const char *to, GError **error);

/* Copies from the beginning up to where the source ends.
 * @source_fd: a file, of which the descriptor's position is left alone
 * @target_fd: a file
 * Returns: %FALSE with errno set */
gboolean monitor_place_copy_bytes (int source_fd, int target_fd);

/* Copies a file to the files folder: to a temporary file, which is fsynced and then renamed.
 * @source_fd: a regular file
 * @files_dir: the folder of originals and thumbnails
 * @temporary_dir: on the same file system
 * @target: path below the files folder, where nothing is
 * @error: %BOORU_ERROR_EXISTS, or why not */
gboolean monitor_place_copy (int source_fd,
                             const char *files_dir,
                             const char *temporary_dir,
                             const char *target,
                             GError **error);

/* Moves a file into a folder of the inbox, under a name that is free there.
 * @root_fd: the inbox
 * @path: of a file in it
 * @dir: "duplicates" or "failed"
 * @reason: (nullable): written beside it, as NAME.reason.txt
 * Returns: (transfer full): its path now, below the inbox */
char *monitor_place_aside (int root_fd,
                           const char *path,
                           const char *dir,
                           const char *reason,
                           GError **error);

/* Makes the entry of @path durable: fsyncs the directories on the way to it.
 * @root_fd: a directory
 * @path: of a file below it */
gboolean monitor_place_sync_dir (int root_fd, const char *path, GError **error);

G_END_DECLS
