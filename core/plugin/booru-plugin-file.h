/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Files that are about to be believed, or run: a regular file that nobody but its owner can write
 * to, who is root or this user. Never blocks. BOORU_ERROR_CONFIG says what is wrong, not with which
 * file. */
gboolean booru_plugin_file_check (const char *path, GError **error);

/* Its contents, transfer full, and NUL-terminated; more than 64 KiB is wrong, too. */
char *booru_plugin_file_read (const char *path, gsize *length, GError **error);

/* Warnings of the groups and keys of metadata that nobody knows; transfer full. */
GStrv booru_plugin_file_list_unknown_keys (GKeyFile *keyfile);

G_END_DECLS
