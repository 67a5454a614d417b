/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruSpool:
 *
 * A file in the data folder's "tmp" by which one process hands content to another: its name goes
 * through the host, its content does not. Both the process that makes it and the one that takes it
 * remove its name. A lock, which ends with its holder, tells the files in use from those that a
 * crashed process left behind.
 *
 * For any thread, but each object for one at a time.
 */
typedef struct _BooruSpool BooruSpool;

/**
 * booru_spool_new:
 * @data_dir: the data folder
 * @error: why it could not be made
 *
 * Returns: (transfer full): an empty file that only this user can read
 */
BooruSpool *booru_spool_new (const char *data_dir, GError **error);

/**
 * booru_spool_new_for_fd:
 * @data_dir: the data folder
 * @fd: an open file; one without a name is given one, any other is copied
 * @error: why it could not be made
 *
 * Copying can take a while: do not call it in a main loop.
 *
 * Returns: (transfer full): a file with the content of @fd
 */
BooruSpool *booru_spool_new_for_fd (const char *data_dir, int fd, GError **error);

/**
 * booru_spool_free:
 * @self: (transfer full): a file, whose name is removed
 */
void booru_spool_free (BooruSpool *self);

/**
 * booru_spool_get_name:
 * @self: a file
 *
 * Returns: (transfer none): its name, for booru_spool_take()
 */
const char *booru_spool_get_name (BooruSpool *self);

/**
 * booru_spool_write:
 * @self: a file
 * @data: (array length=size) (element-type guint8): what to append
 * @size: in bytes
 * @error: %BOORU_ERROR_LIMIT if the disk is full
 *
 * Returns: %TRUE on success
 */
gboolean booru_spool_write (BooruSpool *self, const void *data, gsize size, GError **error);

/**
 * booru_spool_take:
 * @data_dir: the data folder
 * @name: as received from another process
 * @error: %BOORU_ERROR_INVALID if it cannot be such a name; %BOORU_ERROR_NOT_FOUND if it is gone
 *
 * Opens a file that another process made, and removes its name.
 *
 * Returns: a descriptor to read from, owned by the caller; -1 on error
 */
int booru_spool_take (const char *data_dir, const char *name, GError **error);

/**
 * booru_spool_clean:
 * @data_dir: the data folder
 *
 * Removes the files of processes that have ended.
 *
 * Returns: how many files were removed
 */
guint booru_spool_clean (const char *data_dir);

/**
 * booru_spool_is_name:
 * @name: of a file in "tmp"
 *
 * Returns: whether it is a spool file, which only booru_spool_clean() may remove
 */
gboolean booru_spool_is_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSpool, booru_spool_free)

G_END_DECLS
