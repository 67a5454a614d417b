/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Links by which visitors see a post, a pool or what a search finds. */
#include "base/booru-error.h"
#include "board/booru-secret.h"
#include "board/booru-store-logins.h"
#include "board/store/booru-store-accounts-private.h"

void
booru_share_link_free (BooruShareLink *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->target);
  g_free (self->password);
  g_free (self);
}

static BooruShareLink *
read_row (BooruSqlStatement *row)
{
  BooruShareLink *self = g_new0 (BooruShareLink, 1);

  self->id = booru_sql_get_number (row, 0);
  self->creator_id = booru_sql_get_number (row, 1);
  self->kind = (BooruShareKind)booru_sql_get_number (row, 2);
  self->target = booru_sql_dup_text (row, 3);
  self->password = booru_sql_is_null (row, 4) ? NULL : booru_sql_dup_text (row, 4);
  self->created_at = booru_sql_get_number (row, 5);
  self->expires_at = booru_sql_get_number (row, 6);
  return self;
}

typedef struct
{
  const char *token;
  const BooruShareLink *link;
  const BooruActor *actor;
  gint64 id;
} NewLink;

static gboolean
add_link (BooruStore *store, gpointer data, GError **error)
{
  static const char *const kinds[] = { "post", "pool", "search" };
  NewLink *self = data;
  const BooruShareLink *link = self->link;
  g_autofree char *hash = booru_token_hash (self->token);

  return booru_sql_read_number (store->sql, &self->id, error, "add-share-link", "sxissxx", hash,
                                self->actor->user_id, (gint)link->kind, link->target,
                                link->password, g_get_real_time (), link->expires_at)
         && booru_store_note_audit (store, self->actor, "share.add", kinds[link->kind],
                                    link->target, error);
}

gint64
booru_store_add_share_link (BooruStore *self,
                            const char *token,
                            const BooruShareLink *link,
                            const BooruActor *actor,
                            GError **error)
{
  NewLink data = { token, link, actor, 0 };

  g_return_val_if_fail (BOORU_IS_STORE (self) && token != NULL && actor != NULL, 0);
  g_return_val_if_fail (link != NULL && link->target != NULL, 0);
  g_return_val_if_fail (link->kind <= BOORU_SHARE_SEARCH, 0);

  return booru_store_write (self, BOORU_SQL_NORMAL, add_link, &data, error) ? data.id : 0;
}

BooruShareLink *
booru_store_find_share_link (BooruStore *self, const char *token, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && token != NULL, NULL);

  g_autofree char *hash = booru_token_hash (token);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "find-share-link", "sx", hash, g_get_real_time ());
  BooruSqlStep step = booru_sql_step (rows, error);

  if (step == BOORU_SQL_ROW)
    return read_row (rows);
  if (step == BOORU_SQL_DONE)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                         "The link is not valid any more. Ask for another");
  return NULL;
}

GPtrArray *
booru_store_list_share_links (BooruStore *self, gint64 creator_id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (GPtrArray) links
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_share_link_free);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "list-share-links", "x", creator_id);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (links, read_row (rows));
  return step == BOORU_SQL_DONE ? g_steal_pointer (&links) : NULL;
}

typedef struct
{
  gint64 creator_id, id;
  const BooruActor *actor;
} Removal;

static gboolean
remove_link (BooruStore *store, gpointer data, GError **error)
{
  const Removal *self = data;
  gint64 found;

  if (!booru_sql_read_number (store->sql, &found, error, "delete-share-link", "xx", self->id,
                              self->creator_id))
    return FALSE;
  if (found == 0)
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no such link");
      return FALSE;
    }
  return booru_store_note_audit (store, self->actor, "share.remove", NULL, NULL, error);
}

gboolean
booru_store_remove_share_link (BooruStore *self,
                               gint64 creator_id,
                               gint64 id,
                               const BooruActor *actor,
                               GError **error)
{
  Removal data = { creator_id, id, actor };

  g_return_val_if_fail (BOORU_IS_STORE (self) && actor != NULL, FALSE);

  return booru_store_write (self, BOORU_SQL_NORMAL, remove_link, &data, error);
}
