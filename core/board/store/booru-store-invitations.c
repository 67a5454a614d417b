/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Invitations: accounts that their users make themselves, the first one as well. */
#include "base/booru-error.h"
#include "board/booru-secret.h"
#include "board/booru-store-logins.h"
#include "board/store/booru-store-accounts-private.h"

static void
read_row (BooruSqlStatement *row, BooruInvitation *self)
{
  self->id = booru_sql_get_number (row, 0);
  self->access = (BooruAccess)booru_sql_get_number (row, 1);
  self->creator_id = booru_sql_get_number (row, 2);
  self->created_at = booru_sql_get_number (row, 3);
  self->expires_at = booru_sql_get_number (row, 4);
  self->user_id = booru_sql_get_number (row, 5);
}

typedef struct
{
  const char *token;
  BooruAccess access;
  gint64 length, id;
  const BooruActor *actor;
} NewInvitation;

static gboolean
add_invitation (BooruStore *store, gpointer data, GError **error)
{
  NewInvitation *self = data;
  gint64 now = g_get_real_time (), creator = self->actor->user_id;
  g_autofree char *hash = booru_token_hash (self->token);

  return (creator != 0 || booru_sql_run (store->sql, error, "forget-setup-codes", ""))
         && booru_sql_read_number (store->sql, &self->id, error, "add-invitation", "sikxx", hash,
                                   (gint)self->access, creator, now, now + self->length)
         && booru_store_note_audit (store, self->actor, "invitation.add", NULL,
                                    booru_access_to_name (self->access), error);
}

gint64
booru_store_add_invitation (BooruStore *self,
                            const char *token,
                            BooruAccess access,
                            gint64 length,
                            const BooruActor *actor,
                            GError **error)
{
  NewInvitation invitation = { token, access, length, 0, actor };

  g_return_val_if_fail (BOORU_IS_STORE (self) && token != NULL && actor != NULL, 0);

  return booru_store_write (self, BOORU_SQL_NORMAL, add_invitation, &invitation, error)
             ? invitation.id
             : 0;
}

static void
fail_used (GError **error)
{
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                       "The code is not valid: it may have expired, or been used. Ask for another");
}

BooruInvitation *
booru_store_find_invitation (BooruStore *self, const char *token, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && token != NULL, NULL);

  g_autofree char *hash = booru_token_hash (token);
  g_autoptr (BooruInvitation) invitation = g_new0 (BooruInvitation, 1);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "find-invitation", "sx", hash, g_get_real_time ());
  BooruSqlStep step = booru_sql_step (rows, error);

  if (step == BOORU_SQL_DONE)
    fail_used (error);
  if (step != BOORU_SQL_ROW)
    return NULL;
  read_row (rows, invitation);
  return g_steal_pointer (&invitation);
}

gboolean
booru_store_get_setup_expiry (BooruStore *self, gint64 *expires_at, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && expires_at != NULL, FALSE);

  return booru_sql_read_number (self->sql, expires_at, error, "find-setup-code", "x",
                                g_get_real_time ());
}

GPtrArray *
booru_store_list_invitations (BooruStore *self, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (GPtrArray) invitations = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (self->sql, error, "list-invitations", "");
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      BooruInvitation *invitation = g_new0 (BooruInvitation, 1);

      read_row (rows, invitation);
      g_ptr_array_add (invitations, invitation);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&invitations) : NULL;
}

typedef struct
{
  gint64 id;
  const BooruActor *actor;
} Removal;

static gboolean
remove_invitation (BooruStore *store, gpointer data, GError **error)
{
  const Removal *self = data;
  gint64 found;

  if (!booru_sql_read_number (store->sql, &found, error, "delete-invitation", "x", self->id))
    return FALSE;
  if (found == 0)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                           "There is no such invitation, or somebody has used it");
      return FALSE;
    }
  return booru_store_note_audit (store, self->actor, "invitation.remove", NULL, NULL, error);
}

gboolean
booru_store_remove_invitation (BooruStore *self, gint64 id, const BooruActor *actor, GError **error)
{
  Removal data = { id, actor };

  g_return_val_if_fail (BOORU_IS_STORE (self) && actor != NULL, FALSE);

  return booru_store_write (self, BOORU_SQL_NORMAL, remove_invitation, &data, error);
}

typedef struct
{
  const char *token, *name, *password, *address;
  gint64 id;
} Acceptance;

/* Of two who are as far as this with the code for the first account, one comes first. */
static gboolean
check_is_first (BooruStore *store, const BooruInvitation *invitation, GError **error)
{
  gint64 count = 0;

  if (invitation->creator_id == 0
      && !booru_sql_read_number (store->sql, &count, error, "count-users", ""))
    return FALSE;
  if (count > 0)
    fail_used (error);
  return count == 0;
}

static gboolean
accept_invitation (BooruStore *store, gpointer data, GError **error)
{
  Acceptance *self = data;
  BooruActor actor = { 0, self->address };
  g_autoptr (BooruInvitation) invitation = booru_store_find_invitation (store, self->token, error);
  BooruNewAccount account = { self->name, BOORU_ACCESS_VIEWER, self->password, NULL, &actor, 0 };

  if (invitation == NULL || !check_is_first (store, invitation, error))
    return FALSE;
  account.access = invitation->access;
  if (!booru_store_insert_account (store, &account, error)
      || !booru_sql_run (store->sql, error, "use-invitation", "xx", invitation->id, account.id))
    return FALSE;
  self->id = account.id;
  return TRUE;
}

gint64
booru_store_accept_invitation (BooruStore *self,
                               const char *token,
                               const char *name,
                               const char *password,
                               const char *address,
                               GError **error)
{
  Acceptance data = { token, name, password, address, 0 };

  g_return_val_if_fail (BOORU_IS_STORE (self) && token != NULL && name != NULL, 0);
  g_return_val_if_fail (password != NULL, 0);

  return booru_store_write (self, BOORU_SQL_DURABLE, accept_invitation, &data, error) ? data.id : 0;
}
