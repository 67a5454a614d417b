/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Versions of the tables, which the table schema_versions lists. Each step is one script and one
 * transaction; a step that was released is never changed again.
 *
 *  1  what version 16 of SQLite's tables has
 *  2  accounts, and how they sign in
 *  3  aliases and implications of tags
 *  4  the files folder, and which machine saw a folder
 *  5  pools, versions of records
 *  6  favourites, votes, comments, notes, wiki pages, artists
 *  7  jobs
 */
#include "booru-postgres-private.h"

#include "base/booru-error.h"
#include "booru-postgres-resources.h"

#define SCHEMA_PREFIX "/org/booru/postgres/schema/"

/* Of pg_advisory_xact_lock(), by which there is one migration at a time: the table that others wait
 * at may not be there yet. */
#define MIGRATION_LOCK "7309949411886"

static const char *const migrations[] = {
  "001-initial.sql", "002-accounts.sql",     "003-relations.sql", "004-files-folder.sql",
  "005-records.sql", "006-more-records.sql", "007-jobs.sql",
};

#define NEWEST ((gint64)G_N_ELEMENTS (migrations))

static gboolean
run (BooruPostgres *self, const char *text, GError **error)
{
  g_autoptr (PGresult) result
      = booru_postgres_run (self, text, BOORU_POSTGRES_LONG_PATIENCE, error);

  return result != NULL;
}

static gboolean
read_number (BooruPostgres *self, const char *text, gint64 *number, GError **error)
{
  g_autoptr (PGresult) result = booru_postgres_run (self, text, BOORU_POSTGRES_PATIENCE, error);

  if (result == NULL)
    return FALSE;
  *number = PQntuples (result) == 1 ? booru_postgres_get_number (result, 0, 0) : 0;
  return TRUE;
}

/* 0: there are no tables yet. */
static gboolean
read_version (BooruPostgres *self, gint64 *version, GError **error)
{
  gint64 there = 0;

  *version = 0;
  if (!read_number (self, "SELECT to_regclass ('schema_versions') IS NOT NULL", &there, error)
      || (there
          && !read_number (self, "SELECT max (version) FROM schema_versions", version, error)))
    return FALSE;
  if (*version <= NEWEST)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_TOO_NEW,
               "%s is of version %" G_GINT64_FORMAT ", written by a newer booru-host; this one "
               "knows versions up to %" G_GINT64_FORMAT ". It was not touched. Install the newer "
               "booru-host, or use another database",
               self->place, *version, NEWEST);
  return FALSE;
}

static gboolean
check_empty (BooruPostgres *self, GError **error)
{
  gint64 n = 0;

  if (!read_number (self,
                    "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'v')"
                    " AND relnamespace = current_schema ()::regnamespace",
                    &n, error))
    return FALSE;
  return n == 0
         || booru_postgres_fail_config (
             self, "it holds the tables of another program. Create a database for booru-host",
             error);
}

static gboolean
run_step (BooruPostgres *self, gint64 target, GError **error)
{
  g_autofree char *path = g_strconcat (SCHEMA_PREFIX, migrations[target - 1], NULL);
  g_autoptr (GBytes) script = g_resource_lookup_data (booru_postgres_get_resource (), path,
                                                      G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *mark = g_strdup_printf (
      "INSERT INTO schema_versions (version, applied_at) VALUES (%" G_GINT64_FORMAT
      ", %" G_GINT64_FORMAT ")",
      target, g_get_real_time ());

  /* Writers wait at the board's row, once there is one. */
  return script != NULL
         && (target == 1
                 ? check_empty (self, error)
                 : run (self, "UPDATE board SET generation = generation + 1 WHERE id = 1", error))
         && booru_postgres_run_script (self, g_bytes_get_data (script, NULL), error)
         && run (self, mark, error) && run (self, "COMMIT", error);
}

/* One step, if it is still to be done: another process may have been quicker. */
static gboolean
migrate_step (BooruPostgres *self, gint64 *version, GError **error)
{
  /* Whoever shows progress waits for as long as another process takes. */
  gboolean ok = run (self, "BEGIN", error) && run (self, "SET LOCAL synchronous_commit = on", error)
                && (self->progress != NULL || run (self, "SET LOCAL lock_timeout = 5000", error))
                && run (self, "SELECT pg_advisory_xact_lock (" MIGRATION_LOCK ")", error)
                && read_version (self, version, error);

  if (ok && *version < NEWEST)
    {
      ok = run_step (self, *version + 1, error);
      *version += ok;
    }
  else if (ok)
    ok = run (self, "COMMIT", error);
  if (!ok && self->connection != NULL)
    run (self, "ROLLBACK", NULL);
  return ok;
}

static gboolean
migrate (BooruPostgres *self, gint64 version, GError **error)
{
  gint64 from = version;
  g_autofree char *what = NULL;

  while (version < NEWEST)
    {
      g_free (what);
      what = from == 0 ? g_strdup ("creating the tables")
                       : g_strdup_printf ("migrating the database, step %" G_GINT64_FORMAT
                                          " of %" G_GINT64_FORMAT,
                                          version - from + 1, NEWEST - from);
      self->progress_what = what;
      if (!migrate_step (self, &version, error))
        break;
    }
  self->progress_what = NULL;
  return version == NEWEST;
}

gboolean
booru_postgres_schema_open (BooruPostgres *self, BooruStoreOpenMode mode, GError **error)
{
  gint64 version;

  if (!read_version (self, &version, error))
    return FALSE;
  if (version == NEWEST)
    return TRUE;
  if (mode == BOORU_STORE_CREATE)
    return migrate (self, version, error);
  g_set_error (
      error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
      "%s is not ready: it is empty or of an older version. Start booru-host once to bring "
      "it up to date",
      self->place);
  return FALSE;
}
