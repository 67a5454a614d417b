/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a store has to know where several machines, or folders, take part in one board. */
#pragma once

#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * booru_store_use_files_folder:
 * @self: a store
 * @data_dir: the data folder
 * @files_dir: the folder of originals, thumbnails and uploads that wait; @data_dir, unless another
 *   was set
 * @error: return location: %BOORU_ERROR_CONFIG if the board's files are in another folder, with
 *   what to do
 *
 * The first files folder that is set becomes the board's: a file in it, %BOORU_FILE_FILES_ID, says
 * which one it is, and the store remembers that. From then on every process has to use that folder,
 * wherever its machine has it mounted; its folder of originals is one and the same folder for the
 * store, and listed by the path that it has here.
 *
 * A folder that this data folder was used with before, and that is empty now, is one whose disk or
 * server is away. That is no error here: see booru_files_folder_is_there().
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_use_files_folder (BooruStore *self,
                                       const char *data_dir,
                                       const char *files_dir,
                                       GError **error);

/**
 * booru_files_folder_is_there:
 * @data_dir: the data folder
 * @files_dir: the folder of originals and thumbnails
 *
 * Takes microseconds, or as long as the file system does.
 *
 * Returns: %FALSE if @files_dir is away, such as an unmounted disk, so that a file that is not
 *   found there proves nothing
 */
gboolean booru_files_folder_is_there (const char *data_dir, const char *files_dir);

/**
 * booru_store_join_nodes:
 * @self: a store in a database that other machines may use, too
 * @data_dir: the data folder, by which this machine is told from others
 * @error: return location
 *
 * From now on the states of folders say which machine saw them (#BooruFolder.node).
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_join_nodes (BooruStore *self, const char *data_dir, GError **error);

/**
 * booru_store_get_node:
 * @self: a store
 *
 * Returns: (transfer none): the name of this machine among others; empty unless
 *   booru_store_join_nodes() was called
 */
const char *booru_store_get_node (BooruStore *self);

G_END_DECLS
