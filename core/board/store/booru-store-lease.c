/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leases, and the fence that a lost one puts up before its former holder.
 *
 * Whether a lease has expired is for the database to say: a driver whose hosts share no clock goes
 * by its own, and ignores the time and the boot id that are given to each statement.
 *
 * After: C. Gray, D. Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File
 * Cache Consistency", SOSP 1989; the token: M. Kleppmann, "How to do distributed locking", 2016. */
#include "board/booru-store-lease.h"

#include "base/booru-error.h"
#include "board/store/booru-store-private.h"

void
booru_store_set_clock (BooruStore *self, BooruStoreClock clock, gpointer user_data)
{
  g_return_if_fail (BOORU_IS_STORE (self));

  self->clock = clock;
  self->clock_data = user_data;
}

static void
look_at_clock (BooruStore *store, gint64 *now, const char **boot_id)
{
  if (store->clock != NULL)
    {
      store->clock (now, boot_id, store->clock_data);
      return;
    }
  *now = booru_lease_get_time ();
  *boot_id = booru_lease_get_boot_id ();
}

static BooruLease *
new_lease (const char *role, const char *holder, gint64 token, gint64 expires_at)
{
  BooruLease *lease = g_new0 (BooruLease, 1);

  lease->role = g_strdup (role);
  lease->holder = g_strdup (holder);
  lease->token = token;
  lease->expires_at = expires_at;
  return lease;
}

/* FALSE with an error; TRUE with *lease NULL if nobody ever held it. */
static gboolean
find_lease (BooruStore *store, const char *role, BooruLease **lease, GError **error)
{
  g_autoptr (BooruSqlStatement) row = NULL;
  BooruSqlStep step;
  const char *boot_id;
  gint64 now, left;

  *lease = NULL;
  look_at_clock (store, &now, &boot_id);
  row = booru_sql_query (store->sql, error, "get-lease", "sxs", role, now, boot_id);
  step = booru_sql_step (row, error);
  if (step == BOORU_SQL_ROW)
    {
      left = booru_sql_get_number (row, 2);
      *lease = new_lease (role, booru_sql_get_text (row, 0), booru_sql_get_number (row, 1),
                          left > 0 ? now + left : 0);
    }
  return step != BOORU_SQL_ERROR;
}

BooruLease *
booru_store_get_lease (BooruStore *self, const char *role, GError **error)
{
  BooruLease *lease;

  g_return_val_if_fail (BOORU_IS_STORE (self) && role != NULL, NULL);

  if (find_lease (self, role, &lease, error) && lease == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "Nobody has ever held the role of %s",
                 role);
  return lease;
}

typedef struct
{
  const char *role, *holder;
  gint64 token, length, expires_at;
} LeaseWrite;

static gboolean
do_acquire (BooruStore *store, gpointer data, GError **error)
{
  LeaseWrite *write = data;
  g_autoptr (BooruLease) held = NULL;
  const char *boot_id;
  gint64 now;

  if (!find_lease (store, write->role, &held, error))
    return FALSE;
  if (held != NULL && held->expires_at != 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS, "The role of %s is held by %s",
                   write->role, held->holder);
      return FALSE;
    }
  look_at_clock (store, &now, &boot_id);
  write->expires_at = now + write->length;
  return booru_sql_read_number (store->sql, &write->token, error, "take-lease", "ssxxs",
                                write->role, write->holder, write->length, now, boot_id);
}

/* Of a lease, the token alone has to survive the crash of a server, since none is given twice. */
static gboolean
write_lease (BooruStore *store, BooruStoreWriteFunc func, LeaseWrite *write, GError **error)
{
  BooruSqlDurability durability = func == do_acquire ? BOORU_SQL_DURABLE : BOORU_SQL_NORMAL;

  return booru_store_write (store, durability, func, write, error);
}

BooruLease *
booru_store_acquire_lease (BooruStore *self,
                           const char *role,
                           const char *holder,
                           gint64 length,
                           GError **error)
{
  LeaseWrite write = { .role = role, .holder = holder, .length = length };

  g_return_val_if_fail (BOORU_IS_STORE (self) && role != NULL, NULL);
  g_return_val_if_fail (holder != NULL && *holder != '\0' && length > 0, NULL);

  /* However short it is and however long the commit took: when it ends is known. */
  return write_lease (self, do_acquire, &write, error)
             ? new_lease (role, holder, write.token, write.expires_at)
             : NULL;
}

static gboolean
do_renew (BooruStore *store, gpointer data, GError **error)
{
  LeaseWrite *write = data;
  const char *boot_id;
  gint64 now, token;

  look_at_clock (store, &now, &boot_id);
  write->expires_at = now + write->length;
  if (!booru_sql_read_number (store->sql, &token, error, "renew-lease", "sxxxs", write->role,
                              write->token, write->length, now, boot_id))
    return FALSE;
  return token != 0 || booru_sql_fail_fenced (store->sql, write->role, write->token, error);
}

gboolean
booru_store_renew_lease (BooruStore *self, BooruLease *lease, gint64 length, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && lease != NULL && length > 0, FALSE);

  LeaseWrite write = { .role = lease->role, .token = lease->token, .length = length };

  if (!write_lease (self, do_renew, &write, error))
    return FALSE;
  lease->expires_at = write.expires_at;
  return TRUE;
}

static gboolean
do_release (BooruStore *store, gpointer data, GError **error)
{
  const LeaseWrite *write = data;
  gint64 token;

  if (!booru_sql_read_number (store->sql, &token, error, "release-lease", "sx", write->role,
                              write->token))
    return FALSE;
  return token != 0 || booru_sql_fail_fenced (store->sql, write->role, write->token, error);
}

gboolean
booru_store_release_lease (BooruStore *self, BooruLease *lease, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && lease != NULL, FALSE);

  LeaseWrite write = { .role = lease->role, .token = lease->token };

  return write_lease (self, do_release, &write, error);
}

void
booru_store_set_fence (BooruStore *self, const char *role, gint64 token)
{
  g_return_if_fail (BOORU_IS_STORE (self));

  booru_sql_set_fence (self->sql, role, token);
}
