/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of deleted posts. Only those in managed folders are ever let go. */
#include "board/store/booru-store-files-private.h"
#include "board/store/booru-store-post-state-private.h"

#define EXPUNGE_AT_ONCE 500

gboolean
booru_store_measure_trash (BooruStore *self, BooruTrash *trash, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && trash != NULL, FALSE);

  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->sql, error, "measure-trash", "");

  if (booru_sql_step (row, error) != BOORU_SQL_ROW)
    return FALSE;
  trash->n_files = booru_sql_get_number (row, 0);
  trash->size = booru_sql_get_number (row, 1);
  trash->n_others = booru_sql_get_number (row, 2);
  trash->n_gone = booru_sql_get_number (row, 3);
  return TRUE;
}

typedef struct
{
  gint64 *after;
  guint limit;
  BooruFileFunc func;
  gpointer user_data;
} Purge;

/* Read to the end before anything is written: what is written is what is searched. */
static GArray *
list_emptied (BooruStore *store, GError **error)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (store->sql, error, "list-emptied", "i", EXPUNGE_AT_ONCE);
  BooruSqlStep step;

  while ((step = booru_sql_step (row, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (row, 0);

      g_array_append_val (ids, id);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&ids) : NULL;
}

/* Nothing is left of them that could be taken out of the trash. */
static gboolean
expunge (BooruStore *store, gboolean *more, GError **error)
{
  g_autoptr (GArray) ids = list_emptied (store, error);
  g_autoptr (BooruTagCounts) counts = booru_tag_counts_new ();
  gint64 now = g_get_real_time ();

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_auto (BooruPostState) state = { 0 };

      if (!booru_store_read_state (store, g_array_index (ids, gint64, i), &state, error)
          || !booru_store_set_status (store, &state, BOORU_POST_EXPUNGED, counts, now, error))
        return FALSE;
    }
  *more = ids != NULL && ids->len == EXPUNGE_AT_ONCE;
  return ids != NULL;
}

static gboolean
purge_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  const Purge *self = data;
  g_autoptr (GPtrArray) files
      = booru_store_files_in_trash (store, *self->after, self->limit, error);
  gboolean more;

  for (guint i = 0; files != NULL && i < files->len; i++)
    {
      const BooruFile *file = files->pdata[i];

      *self->after = file->id;
      if (!self->func (file, self->user_data))
        continue;
      booru_sql_note_change (store->sql, BOORU_CHANGE_POST, file->post_id);
      if (!booru_sql_run (store->sql, error, "delete-file", "x", file->id))
        return FALSE;
    }
  if (files == NULL || files->len == self->limit)
    return files != NULL;
  if (!expunge (store, &more, error))
    return FALSE;
  *self->after = more ? G_MAXINT64 : 0;
  return TRUE;
}

gboolean
booru_store_purge_trash (BooruStore *self,
                         gint64 *after,
                         guint limit,
                         BooruFileFunc func,
                         gpointer user_data,
                         GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && after != NULL && func != NULL, FALSE);

  Purge purge = { after, limit, func, user_data };

  return booru_store_write (self, BOORU_SQL_DURABLE, purge_in_transaction, &purge, error);
}
