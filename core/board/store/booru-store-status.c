/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Into the trash and out of it. */
#include "board/store/booru-store-post-state-private.h"

gboolean
booru_store_post_has_file (BooruStore *store, gint64 id, gboolean *present, GError **error)
{
  gint64 file_id;

  if (!booru_sql_read_number (store->sql, &file_id, error, "find-file-of-post", "x", id))
    return FALSE;
  *present = file_id != 0;
  return TRUE;
}

gboolean
booru_store_put_deleted (BooruStore *store,
                         gint64 id,
                         gboolean deleted,
                         const BooruVersionBy *by,
                         GError **error)
{
  g_autoptr (BooruTagCounts) counts = booru_tag_counts_new ();
  g_auto (BooruPostState) state = { 0 };
  BooruVersionBy version = *by;
  BooruPostStatus status = BOORU_POST_DELETED;
  gboolean present = FALSE;

  version.action = deleted ? BOORU_ACTION_DELETE : BOORU_ACTION_UNDELETE;
  if (!booru_store_read_state (store, id, &state, error))
    return FALSE;
  if (BOORU_POST_IS_DELETED (state.status) == deleted)
    return TRUE;
  if (!deleted)
    {
      if (!booru_store_post_has_file (store, id, &present, error))
        return FALSE;
      status = present ? BOORU_POST_ACTIVE : BOORU_POST_MISSING;
    }
  return booru_store_set_status (store, &state, status, counts, by->now, error)
         && booru_tag_counts_apply (counts, store, error)
         && booru_store_note_state (store, &state, &version, error);
}

typedef struct
{
  gint64 id;
  gboolean deleted;
  BooruVersionBy by;
} Deletion;

static gboolean
delete_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  const Deletion *self = data;

  return booru_store_put_deleted (store, self->id, self->deleted, &self->by, error);
}

static gboolean
set_deleted (BooruStore *self, gint64 id, gboolean deleted, gint64 editor_id, GError **error)
{
  Deletion deletion = { id, deleted, { editor_id, NULL, g_get_real_time (), BOORU_ACTION_EDIT } };

  g_return_val_if_fail (BOORU_IS_STORE (self), FALSE);
  return booru_store_write (self, BOORU_SQL_NORMAL, delete_in_transaction, &deletion, error);
}

gboolean
booru_store_delete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error)
{
  return set_deleted (self, id, TRUE, editor_id, error);
}

gboolean
booru_store_undelete_post (BooruStore *self, gint64 id, gint64 editor_id, GError **error)
{
  return set_deleted (self, id, FALSE, editor_id, error);
}
