/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Versions of the schema, kept in PRAGMA user_version. Each step is one resource and one
 * transaction; a step that was released is never changed again.
 *
 *  1  folders, files, posts, tags, versions of posts, the search index
 *  2  leases, for several hosts on one store
 *  3  metadata of posts
 *  4  perceptual hashes in blocks
 *  5  what imports said of posts
 *  6  pairs of posts that look alike
 *  7  what a change of a post was: an edit, a deletion, an undeletion
 *  8  which post a file was before it could not be read
 *  9  uploads
 *  10  counts of the files of each folder
 *  11  transparency of posts
 *  12  what files were called in the ingest folder
 *  13  files that end too early
 *  14  ids of media assets
 *  15  generation and change log; the search index is kept outside
 *  16  whether the board is in another database now
 *  17  accounts, and how they sign in
 *  18  aliases and implications of tags
 *  19  the files folder, and which machine saw a folder
 *  20  pools, versions of records
 *  21  favourites, votes, comments, notes, wiki pages, artists
 *  22  jobs
 */
#include "board/sqlite/booru-sqlite-progress.h"

#include <gio/gio.h>

#include "base/booru-error.h"
#include "booru-sqlite-resources.h"

#define SCHEMA_PREFIX "/org/booru/sqlite/schema/"

static const char *const migrations[] = {
  "001-initial.sql",      "002-leases.sql",       "003-metadata.sql",     "004-similar.sql",
  "005-imports.sql",      "006-pairs.sql",        "007-actions.sql",      "008-former-posts.sql",
  "009-uploads.sql",      "010-file-counts.sql",  "011-alpha.sql",        "012-taken-files.sql",
  "013-file-facts.sql",   "014-media-assets.sql", "015-changes.sql",      "016-moving.sql",
  "017-accounts.sql",     "018-relations.sql",    "019-files-folder.sql", "020-records.sql",
  "021-more-records.sql", "022-jobs.sql",
};

/* A pragma's name can't be bound; both come from here alone. */
static gboolean
read_number (BooruSqliteDb *self, const char *sql, gint64 *number, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (self->handle, sql, -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      code = sqlite3_step (statement);
      if (code == SQLITE_ROW)
        *number = sqlite3_column_int64 (statement, 0);
    }
  if (code != SQLITE_ROW)
    booru_sqlite_db_fail (self, code, error);
  sqlite3_finalize (statement);
  return code == SQLITE_ROW;
}

gboolean
booru_sqlite_schema_read_version (BooruSqliteDb *self, gint64 *version, GError **error)
{
  return read_number (self, "PRAGMA user_version", version, error);
}

static gboolean
check_version (BooruSqliteDb *self, gint64 version, GError **error)
{
  if (version >= 0 && version <= (gint64)G_N_ELEMENTS (migrations))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_TOO_NEW,
               "The database %s is of version %" G_GINT64_FORMAT ", written by a newer "
               "booru-host; this one knows versions up to %u. It was not touched. Install the "
               "newer booru-host, or use another data folder",
               self->path, version, (guint)G_N_ELEMENTS (migrations));
  return FALSE;
}

/**
 * booru_sqlite_schema_check:
 * @current: (out): whether it is of this program's version
 * @error: BOORU_ERROR_TOO_NEW, BOORU_ERROR_CORRUPT
 *
 * Looks at the database without writing to it. A file without any table counts as a database that
 * is still to be made.
 */
gboolean
booru_sqlite_schema_check (BooruSqliteDb *self, gboolean *current, GError **error)
{
  /* All three of one moment: somebody else may be making the database right now. */
  g_auto (BooruSqlSnapshot) snapshot = booru_sql_snapshot (BOORU_SQL (self));
  gint64 application = 0, version = 0, objects = 0;

  if (!read_number (self, "SELECT count(*) FROM sqlite_schema", &objects, error)
      || !read_number (self, "PRAGMA application_id", &application, error)
      || !booru_sqlite_schema_read_version (self, &version, error))
    return FALSE;

  if (application != BOORU_SQLITE_APPLICATION_ID && (application != 0 || objects > 0))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT,
                   "%s is the database of another program. It was not touched. Move it away, or "
                   "use another data folder",
                   self->path);
      return FALSE;
    }
  if (!check_version (self, version, error))
    return FALSE;
  *current = version == (gint64)G_N_ELEMENTS (migrations);
  if (version > 0 && objects == 0)
    return booru_sqlite_db_fail_corrupt (BOORU_SQL (self), "its tables are gone", error);
  return TRUE;
}

static gboolean
run_script (BooruSqliteDb *self, const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (SCHEMA_PREFIX, name, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (booru_sqlite_get_resource (), path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *script = NULL;

  if (bytes == NULL)
    return FALSE;
  script = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return booru_sqlite_db_exec (self, script, error);
}

/* One step, if it still is to be done: another process may have been quicker. */
static gboolean
migrate_step (BooruSqliteDb *self, gpointer data, GError **error)
{
  guint target = GPOINTER_TO_UINT (data);
  g_autofree char *marks = NULL;
  gint64 version = 0;

  if (!booru_sqlite_schema_read_version (self, &version, error)
      || !check_version (self, version, error))
    return FALSE;
  if (version >= (gint64)target)
    return TRUE;

  marks = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %u",
                           BOORU_SQLITE_APPLICATION_ID, target);
  return run_script (self, migrations[target - 1], error)
         && booru_sqlite_db_exec (self, marks, error);
}

/**
 * booru_sqlite_schema_enter_wal_mode:
 * @error: where to store what went wrong
 *
 * A new database is not in WAL mode yet, nor is one that was restored from a copy.
 */
gboolean
booru_sqlite_schema_enter_wal_mode (BooruSqliteDb *self, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean ok;

  if (sqlite3_prepare_v2 (self->handle, "PRAGMA journal_mode", -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    ok = g_strcmp0 ((const char *)sqlite3_column_text (statement, 0), "wal") == 0;
  else
    ok = FALSE;
  sqlite3_finalize (statement);
  if (ok)
    return TRUE;
  if (!booru_sqlite_lock_acquire (self, error))
    return FALSE;
  ok = booru_sqlite_db_exec (self, "PRAGMA journal_mode = WAL", error);
  booru_sqlite_lock_release (self);
  return ok;
}

/**
 * booru_sqlite_schema_migrate:
 * @error: where to store what went wrong; then the database is of the last version that was reached
 *
 * Creates the database or brings an older one up to date, step by step.
 */
gboolean
booru_sqlite_schema_migrate (BooruSqliteDb *self, GError **error)
{
  const guint n = G_N_ELEMENTS (migrations);
  gint64 version = 0;

  if (!booru_sqlite_schema_read_version (self, &version, error))
    return FALSE;
  for (guint i = (guint)version + 1; i <= n; i++)
    {
      booru_sqlite_progress_set (
          self, version == 0 ? g_strdup ("creating the database")
                             : g_strdup_printf ("migrating the database, step %u of %u",
                                                i - (guint)version, n - (guint)version));
      if (!booru_sqlite_db_write (self, migrate_step, GUINT_TO_POINTER (i), error))
        return FALSE;
    }
  return TRUE;
}
