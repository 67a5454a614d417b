/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_paths_in_build_tree:
 *
 * A program that runs from its build tree uses that tree's parts; an installed one uses the
 * installed parts. It is in a build tree if a folder above /proc/self/exe holds "booru-build-tree",
 * a keyfile that Meson writes. The strings that the functions below get are owned by the library.
 *
 * Returns: whether this program runs from its build tree
 */
gboolean booru_paths_in_build_tree (void);

/**
 * booru_paths_get_plugin_path:
 *
 * Returns: (transfer none) (array zero-terminated=1): the folders in which plugins are looked for:
 *   those of BOORU_PLUGIN_PATH (colon-separated), then the build tree's or the installed one
 */
const char *const *booru_paths_get_plugin_path (void);

/**
 * booru_paths_get_host_program:
 *
 * Returns: (transfer none): path of booru-host
 */
const char *booru_paths_get_host_program (void);

/**
 * booru_paths_get_backup_program:
 *
 * Returns: (transfer none): path of booru-backup
 */
const char *booru_paths_get_backup_program (void);

/**
 * booru_paths_get_accounts_program:
 *
 * Returns: (transfer none): path of booru-accounts
 */
const char *booru_paths_get_accounts_program (void);

/**
 * booru_paths_get_worker_program:
 *
 * Returns: (transfer none): path of booru-worker
 */
const char *booru_paths_get_worker_program (void);

/**
 * booru_paths_get_decoder_program:
 *
 * Returns: (transfer none): path of booru-decoder
 */
const char *booru_paths_get_decoder_program (void);

/**
 * booru_paths_get_schema_dir:
 *
 * Returns: (transfer none) (nullable): the folder of gschemas.compiled; %NULL for the system's
 */
const char *booru_paths_get_schema_dir (void);

/**
 * booru_paths_get_locale_dir:
 *
 * Returns: (transfer none): the folder of translations
 */
const char *booru_paths_get_locale_dir (void);

/**
 * booru_paths_get_source_root:
 *
 * Returns: (transfer none) (nullable): the source tree; %NULL unless running from a build tree
 */
const char *booru_paths_get_source_root (void);

/**
 * booru_paths_dup_session_bus:
 *
 * Returns: (transfer full) (nullable): the D-Bus address of the session bus, by
 *   DBUS_SESSION_BUS_ADDRESS or XDG_RUNTIME_DIR; %NULL if there is none, for none is ever started
 */
char *booru_paths_dup_session_bus (void);

/**
 * booru_paths_dup_system_bus:
 *
 * Returns: (transfer full): the D-Bus address of the system bus
 */
char *booru_paths_dup_system_bus (void);

/**
 * booru_paths_dup_socket_address:
 * @path: of a socket; may be longer than a socket address allows
 * @folder: (out): -1, or an open descriptor of the socket's folder that the caller keeps open while
 *   the address is used, and closes
 *
 * Returns: (transfer full): the D-Bus address of the socket
 */
char *booru_paths_dup_socket_address (const char *path, int *folder);

/**
 * booru_paths_is_inside:
 * @path: absolute and resolved
 * @folder: absolute and resolved
 *
 * Returns: whether @path is @folder or lies in it
 */
gboolean booru_paths_is_inside (const char *path, const char *folder);

/**
 * booru_paths_find_cover:
 * @folders: (array zero-terminated=1): absolute and resolved
 * @i: one of them
 *
 * Returns: (transfer none) (nullable): the other one that @i lies in, or is the same as and comes
 *   after; %NULL: none
 */
const char *booru_paths_find_cover (char **folders, guint i);

/**
 * booru_paths_dup_default_data_dir:
 *
 * Returns: (transfer full): the data folder of a host that was not given one: systemd's
 *   STATE_DIRECTORY, otherwise $XDG_DATA_HOME/booru-host. An absolute path; it need not exist
 */
char *booru_paths_dup_default_data_dir (void);

/**
 * booru_paths_dup_runtime_dir:
 * @data_dir: the data folder, existing, so that all its names lead to the same result
 *
 * Returns: (transfer full): the folder for pid files and private sockets of the host that uses that
 *   data folder: BOORU_RUNTIME_DIR, systemd's RUNTIME_DIRECTORY, otherwise
 *   $XDG_RUNTIME_DIR/booru-host/HASH-OF-DATA-DIR, otherwise DATA_DIR/run. An absolute path; it need
 *   not exist
 */
char *booru_paths_dup_runtime_dir (const char *data_dir);

/**
 * booru_paths_dup_host_list:
 *
 * Returns: (transfer full) (nullable): the folder that holds, or links to, the runtime folders of
 *   the user's hosts: $XDG_RUNTIME_DIR/booru-host, otherwise ~/.cache/booru-host; %NULL without a
 *   home
 */
char *booru_paths_dup_host_list (void);

G_END_DECLS
