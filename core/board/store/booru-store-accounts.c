/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accounts: adding, changing, listing them. Nobody is ever removed: what they did stays theirs. */
#include "base/booru-error.h"
#include "board/booru-account-private.h"
#include "board/booru-query.h"
#include "board/store/booru-store-accounts-private.h"

static BooruAccount *
read_row (BooruSqlStatement *row)
{
  BooruAccount *self = booru_account_new ();

  self->id = booru_sql_get_number (row, 0);
  self->name = booru_sql_dup_text (row, 1);
  self->access = (BooruAccess)booru_sql_get_number (row, 2);
  self->is_deleted = booru_sql_get_number (row, 3) != 0;
  self->has_password = booru_sql_get_number (row, 4) != 0;
  self->blacklisted_tags = booru_sql_dup_text (row, 5);
  self->favorite_tags = booru_sql_dup_text (row, 6);
  self->ratings = booru_sql_dup_text (row, 7);
  self->language = booru_sql_dup_text (row, 8);
  self->theme = booru_sql_dup_text (row, 9);
  self->time_zone = booru_sql_dup_text (row, 10);
  self->per_page = (guint)booru_sql_get_number (row, 11);
  self->created_at = booru_sql_get_number (row, 12);
  self->updated_at = booru_sql_get_number (row, 13);
  self->last_logged_in_at = booru_sql_get_number (row, 14);
  return self;
}

/* The one row of a statement, whose last column may be the password. */
static BooruAccount *
read_one (BooruSqlStatement *rows, char **password, GError **error)
{
  g_autoptr (BooruAccount) account = NULL;
  BooruSqlStep step = booru_sql_step (rows, error);

  if (step == BOORU_SQL_ROW)
    {
      account = read_row (rows);
      if (password)
        *password = account->has_password ? booru_sql_dup_text (rows, 15) : NULL;
    }
  else if (step == BOORU_SQL_DONE)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no such account");
  return g_steal_pointer (&account);
}

gint64
booru_store_count_accounts (BooruStore *self, GError **error)
{
  gint64 count;

  g_return_val_if_fail (BOORU_IS_STORE (self), -1);

  return booru_sql_read_number (self->sql, &count, error, "count-users", "") ? count : -1;
}

BooruAccount *
booru_store_get_account (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (BooruSqlStatement) rows = booru_sql_query (self->sql, error, "get-user", "x", id);

  return read_one (rows, NULL, error);
}

BooruAccount *
booru_store_find_account (BooruStore *self, const char *name, char **password, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && name != NULL, NULL);

  g_autofree char *key = booru_user_name_to_key (name, NULL);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "find-user", "s", key ? key : "");

  return read_one (rows, password, error);
}

BooruAccount *
booru_store_find_account_by_identity (BooruStore *self, const char *identity, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && identity != NULL, NULL);

  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "find-user-by-identity", "s", identity);

  return read_one (rows, NULL, error);
}

static char *
ids_to_json (const GArray *ids)
{
  return ids ? booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len) : NULL;
}

static BooruSqlStatement *
query_accounts (BooruStore *self, const BooruAccountFilter *filter, GError **error)
{
  const BooruPage *page = &filter->page;
  g_autofree char *lower = filter->name ? g_utf8_strdown (filter->name, -1) : NULL;
  g_autofree char *like = lower ? booru_sql_pattern_to_like (lower) : NULL;
  g_autofree char *ids = ids_to_json (filter->ids);
  gint64 below = page->kind == BOORU_PAGE_BEFORE ? page->value : G_MAXINT64;
  gint64 above = page->kind == BOORU_PAGE_AFTER ? page->value : 0;
  gint64 offset
      = page->kind == BOORU_PAGE_NUMBER ? (MAX (page->value, 1) - 1) * (gint64)page->limit : 0;

  return booru_sql_query (self->sql, error,
                          page->kind == BOORU_PAGE_AFTER ? "list-users-after" : "list-users",
                          "sisixxux", like, (gint)filter->access, ids, filter->deleted ? 1 : 0,
                          below, above, page->limit, offset);
}

GPtrArray *
booru_store_list_accounts (BooruStore *self, const BooruAccountFilter *filter, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && filter != NULL, NULL);

  g_autoptr (GPtrArray) accounts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_account_unref);
  g_autoptr (BooruSqlStatement) rows = query_accounts (self, filter, error);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (accounts, read_row (rows));
  if (step != BOORU_SQL_DONE)
    return NULL;
  if (filter->page.kind == BOORU_PAGE_AFTER)
    booru_store_reverse (accounts);
  return g_steal_pointer (&accounts);
}

static void
add_name (GHashTable *names, gint64 id, char *name)
{
  gint64 *key = g_new (gint64, 1);

  *key = id;
  g_hash_table_insert (names, key, name);
}

GHashTable *
booru_store_list_user_names (BooruStore *self, const GArray *ids, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && ids != NULL, NULL);

  g_autoptr (GHashTable) names
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  g_autofree char *json = ids_to_json (ids);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "list-user-names", "s", json);
  gint64 owner = BOORU_USER_OWNER;
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    add_name (names, booru_sql_get_number (rows, 0), booru_sql_dup_text (rows, 1));
  if (step != BOORU_SQL_DONE)
    return NULL;
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) == owner && !g_hash_table_contains (names, &owner))
      add_name (names, owner, g_strdup ("owner"));
  return g_steal_pointer (&names);
}

/* Adding */

static gboolean
check_name_is_free (BooruStore *store, const char *key, gint64 own_id, GError **error)
{
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (store->sql, error, "find-user", "s", key);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (BooruAccount) other = read_one (rows, NULL, &local_error);

  if (other && other->id != own_id)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
                 "The name is taken, or looks like that of “%s”. Choose another one", other->name);
  else if (other || booru_err_notfound (local_error))
    return TRUE;
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
booru_store_insert_account (BooruStore *store, BooruNewAccount *account, GError **error)
{
  g_autofree char *key = booru_user_name_to_key (account->name, error);

  if (key == NULL || !check_name_is_free (store, key, 0, error)
      || !booru_sql_read_number (store->sql, &account->id, error, "add-user", "ssissx",
                                 account->name, key, (gint)account->access, account->password,
                                 account->identity, g_get_real_time ()))
    return FALSE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_USER, account->id);
  return booru_store_note_audit (store, account->actor, "user.add", account->name,
                                 booru_access_to_name (account->access), error);
}

static gboolean
insert (BooruStore *store, gpointer data, GError **error)
{
  return booru_store_insert_account (store, data, error);
}

gint64
booru_store_add_account (BooruStore *self,
                         const char *name,
                         BooruAccess access,
                         const char *password,
                         const char *identity,
                         const BooruActor *actor,
                         GError **error)
{
  BooruNewAccount account = { name, access, password, identity, actor, 0 };

  g_return_val_if_fail (BOORU_IS_STORE (self) && name != NULL && actor != NULL, 0);
  g_return_val_if_fail (access >= BOORU_ACCESS_VIEWER && access <= BOORU_ACCESS_ADMIN, 0);

  return booru_store_write (self, BOORU_SQL_DURABLE, insert, &account, error) ? account.id : 0;
}

/* Changing */

typedef struct
{
  gint64 id, keep_session;
  const BooruAccountChange *change;
  const BooruActor *actor;
} Change;

/* Somebody must be able to undo it. */
static gboolean
check_admins (BooruStore *store, const Change *self, const BooruAccount *before, GError **error)
{
  const BooruAccountChange *change = self->change;
  gint64 others;

  if (before->access != BOORU_ACCESS_ADMIN || before->is_deleted
      || (change->deleted != 1
          && (change->access == BOORU_ACCESS_DEFAULT || change->access == BOORU_ACCESS_ADMIN)))
    return TRUE;
  if (!booru_sql_read_number (store->sql, &others, error, "count-admins", "ix",
                              (gint)BOORU_ACCESS_ADMIN, self->id))
    return FALSE;
  if (others == 0)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "“%s” is the last administrator. Make somebody else one first", before->name);
  return others > 0;
}

static gboolean
end_sessions (BooruStore *store, const Change *self, GError **error)
{
  if (self->change->password == NULL && self->change->deleted != 1)
    return TRUE;
  return booru_sql_run (store->sql, error, "delete-sessions", "xx", self->id, self->keep_session);
}

static gboolean
update (BooruStore *store, const Change *self, const char *key, GError **error)
{
  const BooruAccountChange *change = self->change;
  gint64 deleted = change->deleted + 1, per_page = change->per_page + 1;

  return booru_sql_run (store->sql, error, "change-user", "xsskksssssssksx", self->id, change->name,
                        key, (gint64)change->access, deleted, change->password,
                        change->blacklisted_tags, change->favorite_tags, change->ratings,
                        change->language, change->theme, change->time_zone, per_page,
                        change->identity, g_get_real_time ());
}

static gboolean
note (BooruStore *store, const Change *self, const BooruAccount *before, GError **error)
{
  const BooruAccountChange *change = self->change;
  const BooruActor *actor = self->actor;
  const char *name = before->name;

  booru_sql_note_change (store->sql, BOORU_CHANGE_USER, self->id);
  return (change->name == NULL
          || booru_store_note_audit (store, actor, "user.rename", name, change->name, error))
         && (change->access == BOORU_ACCESS_DEFAULT
             || booru_store_note_audit (store, actor, "user.level", name,
                                        booru_access_to_name (change->access), error))
         && (change->deleted < 0
             || booru_store_note_audit (
                 store, actor, change->deleted ? "user.disable" : "user.enable", name, NULL, error))
         && (change->password == NULL
             || booru_store_note_audit (store, actor, "user.password", name, NULL, error));
}

static gboolean
change_account (BooruStore *store, gpointer data, GError **error)
{
  const Change *self = data;
  const char *name = self->change->name;
  g_autoptr (BooruAccount) before = booru_store_get_account (store, self->id, error);
  g_autofree char *key = NULL;

  if (before == NULL)
    return FALSE;
  if (name && (key = booru_user_name_to_key (name, error)) == NULL)
    return FALSE;
  return (key == NULL || check_name_is_free (store, key, self->id, error))
         && check_admins (store, self, before, error) && update (store, self, key, error)
         && end_sessions (store, self, error) && note (store, self, before, error);
}

gboolean
booru_store_change_account (BooruStore *self,
                            gint64 id,
                            const BooruAccountChange *change,
                            gint64 keep_session,
                            const BooruActor *actor,
                            GError **error)
{
  Change data = { id, keep_session, change, actor };

  g_return_val_if_fail (BOORU_IS_STORE (self) && change != NULL && actor != NULL, FALSE);

  return booru_store_write (self, BOORU_SQL_DURABLE, change_account, &data, error);
}
