/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* API keys. */
#include <string.h>

#include "base/booru-error.h"
#include "board/booru-secret.h"
#include "board/booru-store-logins.h"
#include "board/store/booru-store-accounts-private.h"

#define MAX_TEXT 2000

void
booru_api_key_free (BooruApiKey *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->name);
  g_free (self->routes);
  g_free (self);
}

static BooruApiKey *
read_row (BooruSqlStatement *row)
{
  BooruApiKey *self = g_new0 (BooruApiKey, 1);

  self->id = booru_sql_get_number (row, 0);
  self->user_id = booru_sql_get_number (row, 1);
  self->name = booru_sql_dup_text (row, 2);
  self->access = (BooruAccess)booru_sql_get_number (row, 3);
  self->routes = booru_sql_dup_text (row, 4);
  self->created_at = booru_sql_get_number (row, 5);
  self->last_used_at = booru_sql_get_number (row, 6);
  return self;
}

typedef struct
{
  gint64 user_id, id;
  const char *token, *name, *routes;
  BooruAccess access;
  const BooruActor *actor;
} NewKey;

static gboolean
add_key (BooruStore *store, gpointer data, GError **error)
{
  NewKey *self = data;
  g_autoptr (BooruAccount) account = booru_store_get_account (store, self->user_id, error);
  g_autofree char *hash = booru_token_hash (self->token);

  return account
         && booru_sql_read_number (store->sql, &self->id, error, "add-api-key", "xssisx",
                                   self->user_id, hash, self->name, (gint)self->access,
                                   self->routes, g_get_real_time ())
         && booru_store_note_audit (store, self->actor, "api_key.add", account->name, self->name,
                                    error);
}

static gboolean
check_routes (const char *routes, GError **error)
{
  g_auto (GStrv) each = g_strsplit_set (routes, " \t\r\n", -1);

  if (strlen (routes) > MAX_TEXT)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID, "These are too many paths");
      return FALSE;
    }
  for (char **route = each; *route; route++)
    if (**route != '\0' && **route != '/')
      {
        g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                     "“%s” is not the beginning of a path. Enter some such as /posts, separated by "
                     "spaces",
                     *route);
        return FALSE;
      }
  return TRUE;
}

gint64
booru_store_add_api_key (BooruStore *self,
                         gint64 user_id,
                         const char *token,
                         const char *name,
                         BooruAccess access,
                         const char *routes,
                         const BooruActor *actor,
                         GError **error)
{
  NewKey key = { user_id, 0, token, name, routes, access, actor };

  g_return_val_if_fail (BOORU_IS_STORE (self) && token != NULL && actor != NULL, 0);
  g_return_val_if_fail (name != NULL && routes != NULL, 0);

  if (!check_routes (routes, error))
    return 0;
  return booru_store_write (self, BOORU_SQL_DURABLE, add_key, &key, error) ? key.id : 0;
}

BooruApiKey *
booru_store_find_api_key (BooruStore *self, const char *token, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && token != NULL, NULL);

  g_autofree char *hash = booru_token_hash (token);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "find-api-key", "s", hash);
  BooruSqlStep step = booru_sql_step (rows, error);

  if (step == BOORU_SQL_ROW)
    return read_row (rows);
  if (step == BOORU_SQL_DONE)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no such API key");
  return NULL;
}

static gboolean
touch (BooruStore *store, gpointer data, GError **error)
{
  return booru_sql_run (store->sql, error, "touch-api-key", "xx", *(const gint64 *)data,
                        g_get_real_time ());
}

gboolean
booru_store_touch_api_key (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), FALSE);

  return booru_store_write (self, BOORU_SQL_NORMAL, touch, &id, error);
}

GPtrArray *
booru_store_list_api_keys (BooruStore *self, gint64 user_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_api_key_free);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "list-api-keys", "x", user_id);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (keys, read_row (rows));
  return step == BOORU_SQL_DONE ? g_steal_pointer (&keys) : NULL;
}

typedef struct
{
  gint64 user_id, id;
  const BooruActor *actor;
} Removal;

static gboolean
remove_key (BooruStore *store, gpointer data, GError **error)
{
  const Removal *self = data;
  g_autoptr (BooruAccount) account = booru_store_get_account (store, self->user_id, error);
  gint64 found;

  if (account == NULL
      || !booru_sql_read_number (store->sql, &found, error, "delete-api-key", "xx", self->id,
                                 self->user_id))
    return FALSE;
  if (found == 0)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no such API key");
      return FALSE;
    }
  booru_sql_note_change (store->sql, BOORU_CHANGE_LOGIN, self->user_id);
  return booru_store_note_audit (store, self->actor, "api_key.remove", account->name, NULL, error);
}

gboolean
booru_store_remove_api_key (BooruStore *self,
                            gint64 user_id,
                            gint64 id,
                            const BooruActor *actor,
                            GError **error)
{
  Removal data = { user_id, id, actor };

  g_return_val_if_fail (BOORU_IS_STORE (self) && actor != NULL, FALSE);

  return booru_store_write (self, BOORU_SQL_NORMAL, remove_key, &data, error);
}
