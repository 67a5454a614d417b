/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions, and the tries to begin one. */
#include <gio/gio.h>
#include <string.h>

#include "base/booru-error.h"
#include "board/booru-secret.h"
#include "board/booru-store-logins.h"
#include "board/store/booru-store-accounts-private.h"

/* Tries that failed, within this time: of one name, which others can use up, too, and so more; and
 * from one address. */
#define ATTEMPT_TIME (15 * G_TIME_SPAN_MINUTE)
#define MAX_ATTEMPTS_OF_NAME 30
#define MAX_ATTEMPTS_FROM_ADDRESS 15

#define MAX_AGENT 200

void
booru_session_free (BooruSession *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->address);
  g_free (self->agent);
  g_free (self);
}

static BooruSession *
read_row (BooruSqlStatement *row)
{
  BooruSession *self = g_new0 (BooruSession, 1);

  self->id = booru_sql_get_number (row, 0);
  self->user_id = booru_sql_get_number (row, 1);
  self->created_at = booru_sql_get_number (row, 2);
  self->last_used_at = booru_sql_get_number (row, 3);
  self->expires_at = booru_sql_get_number (row, 4);
  self->address = booru_sql_dup_text (row, 5);
  self->agent = booru_sql_dup_text (row, 6);
  return self;
}

/* Tries */

typedef struct
{
  const char *key;
  const char *address;
  gint64 now;
} Attempt;

static gboolean
check_count (BooruStore *store,
             const char *statement,
             const char *of,
             gint64 now,
             gint64 limit,
             GError **error)
{
  gint64 count;

  if (!booru_sql_read_number (store->sql, &count, error, statement, "sx", of, now - ATTEMPT_TIME))
    return FALSE;
  if (count >= limit)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                         "Too many attempts to sign in. Wait a quarter of an hour");
  return count < limit;
}

static gboolean
begin_login (BooruStore *store, gpointer data, GError **error)
{
  const Attempt *self = data;

  return booru_sql_run (store->sql, error, "forget-login-attempts", "x", self->now - ATTEMPT_TIME)
         && check_count (store, "count-login-attempts-of-name", self->key, self->now,
                         MAX_ATTEMPTS_OF_NAME, error)
         && check_count (store, "count-login-attempts-from", self->address, self->now,
                         MAX_ATTEMPTS_FROM_ADDRESS, error)
         && booru_sql_run (store->sql, error, "add-login-attempt", "ssx", self->key, self->address,
                           self->now);
}

/* Somebody has as many addresses of a network of IPv6 as there are. */
static char *
dup_network (const char *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);
  g_autoptr (GInetAddress) network = NULL;
  guint8 bytes[16] = { 0 };

  if (inet == NULL || g_inet_address_get_family (inet) != G_SOCKET_FAMILY_IPV6)
    return g_strdup (address);
  memcpy (bytes, g_inet_address_to_bytes (inet), 8);
  network = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (network);
}

/* What is no name is counted as well, and takes no more room than one. */
static char *
make_key (const char *name)
{
  char *key = booru_user_name_to_key (name, NULL);

  return key ? key : g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
}

gboolean
booru_store_begin_login (BooruStore *self, const char *name, const char *address, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && name != NULL && address != NULL, FALSE);

  g_autofree char *key = make_key (name), *network = dup_network (address);
  Attempt attempt = { key, network, g_get_real_time () };

  return booru_store_write (self, BOORU_SQL_NORMAL, begin_login, &attempt, error);
}

/* Sessions */

typedef struct
{
  gint64 user_id, length, id;
  const char *token, *address, *agent, *network;
  gint64 now;
} NewSession;

static gboolean
insert (BooruStore *store, NewSession *self, const char *hash, GError **error)
{
  return booru_sql_run (store->sql, error, "forget-sessions", "x", self->now)
         && booru_sql_read_number (store->sql, &self->id, error, "add-session", "xsxxss",
                                   self->user_id, hash, self->now, self->now + self->length,
                                   self->address, self->agent)
         && booru_sql_run (store->sql, error, "set-last-login", "xx", self->user_id, self->now);
}

static gboolean
add_session (BooruStore *store, gpointer data, GError **error)
{
  NewSession *self = data;
  BooruActor actor = { self->user_id, self->address };
  g_autoptr (BooruAccount) account = booru_store_get_account (store, self->user_id, error);
  g_autofree char *hash = booru_token_hash (self->token);
  g_autofree char *key = account ? make_key (account->name) : NULL;

  return account && insert (store, self, hash, error)
         && booru_sql_run (store->sql, error, "clear-login-attempts", "ss", key, self->network)
         && booru_store_note_audit (store, &actor, "session.begin", account->name, self->agent,
                                    error);
}

gint64
booru_store_add_session (BooruStore *self,
                         gint64 user_id,
                         const char *token,
                         gint64 length,
                         const char *address,
                         const char *agent,
                         GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && token != NULL && address != NULL, 0);

  g_autofree char *shown = g_utf8_make_valid (agent ? agent : "", -1);
  g_autofree char *cut = g_utf8_substring (shown, 0, MIN (g_utf8_strlen (shown, -1), MAX_AGENT));
  g_autofree char *network = dup_network (address);
  NewSession session = { user_id, length, 0, token, address, cut, network, g_get_real_time () };

  return booru_store_write (self, BOORU_SQL_NORMAL, add_session, &session, error) ? session.id : 0;
}

BooruSession *
booru_store_find_session (BooruStore *self, const char *token, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && token != NULL, NULL);

  g_autofree char *hash = booru_token_hash (token);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "find-session", "sx", hash, g_get_real_time ());
  BooruSqlStep step = booru_sql_step (rows, error);

  if (step == BOORU_SQL_ROW)
    return read_row (rows);
  if (step == BOORU_SQL_DONE)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no such session");
  return NULL;
}

typedef struct
{
  gint64 id, now, expires_at;
  const char *address;
} Touch;

static gboolean
touch (BooruStore *store, gpointer data, GError **error)
{
  const Touch *self = data;

  return booru_sql_run (store->sql, error, "touch-session", "xxxs", self->id, self->now,
                        self->expires_at, self->address);
}

gboolean
booru_store_touch_session (BooruStore *self,
                           gint64 id,
                           gint64 length,
                           const char *address,
                           GError **error)
{
  gint64 now = g_get_real_time ();
  Touch data = { id, now, now + length, address };

  g_return_val_if_fail (BOORU_IS_STORE (self) && address != NULL, FALSE);

  return booru_store_write (self, BOORU_SQL_NORMAL, touch, &data, error);
}

GPtrArray *
booru_store_list_sessions (BooruStore *self, gint64 user_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (GPtrArray) sessions
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_session_free);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "list-sessions", "xx", user_id, g_get_real_time ());
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (sessions, read_row (rows));
  return step == BOORU_SQL_DONE ? g_steal_pointer (&sessions) : NULL;
}

typedef struct
{
  gint64 user_id, id, keep;
  const BooruActor *actor;
} End;

static gboolean
end (BooruStore *store, gpointer data, GError **error)
{
  const End *self = data;
  g_autoptr (BooruAccount) account = booru_store_get_account (store, self->user_id, error);
  gint64 found = self->id;

  if (account == NULL)
    return FALSE;
  if (self->id != 0
          ? !booru_sql_read_number (store->sql, &found, error, "delete-session", "xx", self->id,
                                    self->user_id)
          : !booru_sql_run (store->sql, error, "delete-sessions", "xx", self->user_id, self->keep))
    return FALSE;
  if (found != self->id)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no such session");
      return FALSE;
    }
  booru_sql_note_change (store->sql, BOORU_CHANGE_LOGIN, self->user_id);
  return booru_store_note_audit (store, self->actor, "session.end", account->name, NULL, error);
}

gboolean
booru_store_end_session (BooruStore *self,
                         gint64 user_id,
                         gint64 id,
                         gint64 keep,
                         const BooruActor *actor,
                         GError **error)
{
  End data = { user_id, id, keep, actor };

  g_return_val_if_fail (BOORU_IS_STORE (self) && actor != NULL, FALSE);

  return booru_store_write (self, BOORU_SQL_NORMAL, end, &data, error);
}
