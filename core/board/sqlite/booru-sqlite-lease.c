/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leases, and the fence that a lost one puts up before its former holder.
 *
 * After: C. Gray, D. Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File
 * Cache Consistency", SOSP 1989; the token: M. Kleppmann, "How to do distributed locking", 2016. */
#include "board/sqlite/booru-sqlite-lease.h"

#include "base/booru-error.h"

static void
look_at_clock (BooruSqliteDb *db, gint64 *now, const char **boot_id)
{
  if (db->clock != NULL)
    {
      db->clock (now, boot_id, db->clock_data);
      return;
    }
  *now = booru_lease_get_time ();
  *boot_id = booru_lease_get_boot_id ();
}

/* The row as it is to be understood now; NULL with @error, also if there never was one. */
BooruLease *
booru_sqlite_lease_get (BooruSqliteDb *db, const char *role, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "get-lease", error);
  g_autoptr (BooruLease) lease = NULL;
  const char *boot_id;
  gint64 now;
  int code;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_text (statement, 1, role, -1, SQLITE_STATIC);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "Nobody has ever held the role of %s",
                 role);
  if (code != SQLITE_ROW)
    return NULL;

  look_at_clock (db, &now, &boot_id);
  lease = g_new0 (BooruLease, 1);
  lease->role = g_strdup (role);
  lease->holder = g_strdup ((const char *)sqlite3_column_text (statement, 0));
  lease->token = sqlite3_column_int64 (statement, 1);
  if (g_strcmp0 ((const char *)sqlite3_column_text (statement, 2), boot_id) == 0
      && sqlite3_column_int64 (statement, 3) > now)
    lease->expires_at = sqlite3_column_int64 (statement, 3);
  return g_steal_pointer (&lease);
}

typedef struct
{
  const char *role, *holder;
  gint64 token, length, expires_at;
  BooruLease *lease;
} LeaseWrite;

static gboolean
do_acquire (BooruSqliteDb *db, gpointer data, GError **error)
{
  LeaseWrite *write = data;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (BooruLease) lease = booru_sqlite_lease_get (db, write->role, &local_error);
  g_autoptr (BooruSqliteStatement) take = NULL;
  const char *boot_id;
  gint64 now;

  if (lease == NULL && !booru_err_notfound (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (lease != NULL && lease->expires_at != 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS, "The role of %s is held by %s",
                   write->role, lease->holder);
      return FALSE;
    }
  if ((take = booru_sqlite_db_statement (db, "take-lease", error)) == NULL)
    return FALSE;
  look_at_clock (db, &now, &boot_id);
  write->expires_at = now + write->length;
  sqlite3_bind_text (take, 1, write->role, -1, SQLITE_STATIC);
  sqlite3_bind_text (take, 2, write->holder, -1, SQLITE_STATIC);
  sqlite3_bind_text (take, 3, boot_id, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (take, 4, write->expires_at);
  if (!booru_sqlite_db_run (db, take, error))
    return FALSE;
  write->lease = booru_sqlite_lease_get (db, write->role, error);
  return write->lease != NULL;
}

/* A lease need not survive a loss of power, which ends it anyway: no fsync. */
static gboolean
write_lease (BooruSqliteDb *db, BooruSqliteWriteFunc func, LeaseWrite *write, GError **error)
{
  return booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, func, write, error);
}

BooruLease *
booru_sqlite_lease_acquire (BooruSqliteDb *db,
                            const char *role,
                            const char *holder,
                            gint64 length,
                            GError **error)
{
  LeaseWrite write = { .role = role, .holder = holder, .length = length };

  g_return_val_if_fail (*holder != '\0' && length > 0, NULL);
  if (write_lease (db, do_acquire, &write, error))
    {
      /* However short it is and however long the commit took: when it ends is known. */
      write.lease->expires_at = write.expires_at;
      return write.lease;
    }
  g_clear_pointer (&write.lease, booru_lease_free);
  return NULL;
}

static gboolean
run_on_own (BooruSqliteDb *db, BooruSqliteStatement *statement, LeaseWrite *write, GError **error)
{
  sqlite3_bind_text (statement, 1, write->role, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 2, write->token);
  if (!booru_sqlite_db_run (db, statement, error))
    return FALSE;
  return sqlite3_changes (db->handle) == 1
         || booru_sqlite_db_fail_fenced (db, write->role, write->token, error);
}

static gboolean
do_renew (BooruSqliteDb *db, gpointer data, GError **error)
{
  LeaseWrite *write = data;
  g_autoptr (BooruSqliteStatement) renew = booru_sqlite_db_statement (db, "renew-lease", error);
  const char *boot_id;
  gint64 now;

  if (renew == NULL)
    return FALSE;
  look_at_clock (db, &now, &boot_id);
  write->expires_at = now + write->length;
  sqlite3_bind_text (renew, 3, boot_id, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (renew, 4, write->expires_at);
  return run_on_own (db, renew, write, error);
}

gboolean
booru_sqlite_lease_renew (BooruSqliteDb *db,
                          const BooruLease *lease,
                          gint64 length,
                          gint64 *expires_at,
                          GError **error)
{
  LeaseWrite write = { .role = lease->role, .token = lease->token, .length = length };

  if (!write_lease (db, do_renew, &write, error))
    return FALSE;
  *expires_at = write.expires_at;
  return TRUE;
}

static gboolean
do_release (BooruSqliteDb *db, gpointer data, GError **error)
{
  g_autoptr (BooruSqliteStatement) release = booru_sqlite_db_statement (db, "release-lease", error);

  return release != NULL && run_on_own (db, release, data, error);
}

gboolean
booru_sqlite_lease_release (BooruSqliteDb *db, const BooruLease *lease, GError **error)
{
  LeaseWrite write = { .role = lease->role, .token = lease->token };

  return write_lease (db, do_release, &write, error);
}
