/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * BooruTrashResult:
 * @n_removed: files that were removed
 * @n_kept: files that differ from what the store knows, and were kept
 * @size: bytes of the files that were removed
 *
 * What emptying the trash did.
 */
typedef struct
{
  gint64 n_removed;
  gint64 n_kept;
  gint64 size;
} BooruTrashResult;

/**
 * booru_trash_empty:
 * @store: the store
 * @files_dir: the folder of originals and thumbnails
 * @n_expected: how many files the administrator was told of
 * @result: (out caller-allocates): what was done, also if it fails half-way
 * @error: %BOORU_ERROR_EXISTS if it is another number by now; %BOORU_ERROR_BUSY
 *
 * Removes the managed originals of deleted posts for good: the one place where the program does so.
 * Files in library folders are not touched. Posts left without a file are expunged: no longer in
 * the trash, with all that is known of them kept.
 *
 * Returns: %TRUE on success
 */
gboolean booru_trash_empty (BooruStore *store,
                            const char *files_dir,
                            gint64 n_expected,
                            BooruTrashResult *result,
                            GError **error);

/**
 * booru_trash_recover:
 * @store: the store
 * @files_dir: the folder of originals and thumbnails
 *
 * Completes what a crash interrupted. Call it before the managed folder is scanned.
 */
void booru_trash_recover (BooruStore *store, const char *files_dir);

G_END_DECLS
