/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Copies are named so that their names sort by age: booru-20260102T030405Z.sqlite, in UTC. */
#define BOORU_BACKUP_PREFIX "booru-"
#define BOORU_BACKUP_SUFFIX ".sqlite"

typedef struct
{
  gint64 version;   /* of the schema */
  gint64 n_posts;   /* of all states; -1 where that could not be asked */
  gboolean current; /* whether that is this program's version */
} BooruSqliteSummary;

/**
 * booru_sqlite_backup:
 * @data_dir: the data folder, of a host that may run meanwhile
 * @folder: where copies are kept; it is created if need be
 * @error: BOORU_ERROR_NOT_FOUND, BOORU_ERROR_CORRUPT, BOORU_ERROR_LIMIT (disk full), …
 *
 * Copies the database as it is at one moment into one file, reads the whole copy for damage, brings
 * it to the disk and only then gives it its name. A failure leaves no copy, and older ones alone.
 *
 * Returns: (transfer full): the path of the copy
 */
char *booru_sqlite_backup (const char *data_dir, const char *folder, GError **error);

/**
 * booru_sqlite_backup_rotate:
 * @folder: where copies are kept
 * @keep: how many to leave there; at least 1
 * @error: return location
 *
 * Deletes the oldest copies. What is named otherwise is never touched.
 *
 * Returns: how many were deleted; -1 on error
 */
int booru_sqlite_backup_rotate (const char *folder, guint keep, GError **error);

/**
 * booru_sqlite_check:
 * @path: a data folder, or a database file such as a backup
 * @summary: (out): what was found
 * @error: BOORU_ERROR_CORRUPT, BOORU_ERROR_TOO_NEW, BOORU_ERROR_NOT_FOUND, …
 *
 * Reads all of a database for damage. Changes nothing.
 */
gboolean booru_sqlite_check (const char *path, BooruSqliteSummary *summary, GError **error);

/**
 * booru_sqlite_restore:
 * @data_dir: the data folder, of a host that does not run
 * @backup: a copy
 * @replaced: (out) (transfer full) (nullable): where the database that was there lies now
 * @error: BOORU_ERROR_BUSY if a host runs on @data_dir, and those of booru_sqlite_check()
 *
 * Puts a copy in the place of the database. What was there is kept beside it, with its log.
 */
gboolean
booru_sqlite_restore (const char *data_dir, const char *backup, char **replaced, GError **error);

G_END_DECLS
