/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Database files that take each other's place. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *booru_sqlite_make_stamp (void); /* now, for names: "20260102T030405Z"; transfer full */
gboolean booru_sqlite_move_into_place (const char *from, const char *to, GError **error);

/* With its log. */
gboolean booru_sqlite_put_aside (const char *database, const char *aside, GError **error);

/* flags: of open(2). */
gboolean booru_sqlite_sync_path (const char *path, int flags, GError **error);

/* A descriptor to close when the work on the folder is done; -1, BOORU_ERROR_BUSY: a host runs. */
int booru_sqlite_lock_out_hosts (const char *data_dir, GError **error);

G_END_DECLS
