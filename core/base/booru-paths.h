/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where the program's own parts lie. Run from its build tree a program uses that tree's parts,
 * installed it uses the installed ones: it looks for "booru-build-tree" (written by Meson, a
 * keyfile naming source and build root) in the folders above /proc/self/exe. All strings are owned
 * by the library. */
gboolean booru_paths_in_build_tree (void);

/* BOORU_PLUGIN_PATH (colon-separated) first, then the tree's or the installed folder. */
const char *const *booru_paths_get_plugin_path (void);
const char *booru_paths_get_host_program (void);    /* booru-host */
const char *booru_paths_get_backup_program (void);  /* booru-backup */
const char *booru_paths_get_worker_program (void);  /* booru-worker */
const char *booru_paths_get_decoder_program (void); /* booru-decoder */
/* Folder of gschemas.compiled; NULL: the system's. */
const char *booru_paths_get_schema_dir (void);
const char *booru_paths_get_locale_dir (void);  /* of translations */
const char *booru_paths_get_source_root (void); /* NULL unless in a build tree */

/* Message buses, as D-Bus addresses. */
/* Of DBUS_SESSION_BUS_ADDRESS or XDG_RUNTIME_DIR; NULL: none, and none is started. */
char *booru_paths_dup_session_bus (void);
char *booru_paths_dup_system_bus (void);

/* The address of a socket of which @path may be longer than a socket's name: then *folder is a
 * descriptor of its folder, to be kept open while the address is used; otherwise -1. */
char *booru_paths_dup_socket_address (const char *path, int *folder);

/* Or is it; both absolute and resolved. */
gboolean booru_paths_is_inside (const char *path, const char *folder);

/* $XDG_DATA_HOME/booru-host, or systemd's STATE_DIRECTORY. */
char *booru_paths_dup_default_data_dir (void);

/* BOORU_RUNTIME_DIR, systemd's RUNTIME_DIRECTORY, else
 * $XDG_RUNTIME_DIR/booru-host/HASH-OF-DATA-DIR, else DATA_DIR/run. */
char *booru_paths_dup_runtime_dir (const char *data_dir);

/* The folder that holds, or links to, the runtime folders of the user's hosts:
 * $XDG_RUNTIME_DIR/booru-host, else ~/.cache/booru-host; NULL: there is no place for it. */
char *booru_paths_dup_host_list (void);

G_END_DECLS
