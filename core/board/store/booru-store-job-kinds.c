/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each kind of job is about, does to a few posts, and how it is taken back. */
#include "base/booru-error.h"
#include "board/rules/booru-bulk.h"
#include "board/store/booru-store-bulk-private.h"
#include "board/store/booru-store-index-private.h"
#include "board/store/booru-store-jobs-private.h"
#include "board/store/booru-store-post-set-private.h"
#include "board/store/booru-store-relations-private.h"

/* As many ids are asked for at once. */
#define CHUNK 65536

GArray *
booru_store_find_all_ids (BooruStore *store, const BooruQuery *query, GError **error)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  BooruPage page = { BOORU_PAGE_BEFORE, G_MAXINT64, CHUNK };
  guint found;

  do
    {
      g_autoptr (GArray) some = booru_store_find_ids (store, query, &page, error);

      if (some == NULL)
        return NULL;
      found = some->len;
      g_array_append_vals (ids, some->data, found);
      if (found > 0)
        page.value = g_array_index (some, gint64, found - 1);
    }
  while (found == CHUNK);
  booru_id_list_sort (ids);
  return g_steal_pointer (&ids);
}

/* Aliases and implications */

/* The posts that have any of the tags that the relations are about, or that imply these. */
static GArray *
settle_relations (BooruStore *store, const BooruJobWork *work, GError **error)
{
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (store);
  g_autoptr (GArray) tags = booru_id_list_new ();
  BooruIndex *index;

  if (!booru_store_list_touched_tags (store, work->params, tags, error))
    return NULL;
  index = booru_store_get_index (store, error);
  return index != NULL ? booru_index_list_posts (index, tags, error) : NULL;
}

static GArray *
read_changed_posts (BooruStore *store, gint64 job_id, GError **error)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-job-posts", "x", job_id);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0);

      g_array_append_val (ids, id);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&ids) : NULL;
}

/* What a job that is taken back has changed, and what follows from relations that go or come. */
static GArray *
settle_undo (BooruStore *store, const BooruJobWork *work, GError **error)
{
  g_autoptr (GArray) changed = read_changed_posts (store, work->undo_of, error);
  g_autoptr (GArray) related = changed != NULL ? settle_relations (store, work, error) : NULL;

  if (related == NULL)
    return NULL;
  booru_id_list_unite (changed, related);
  return g_steal_pointer (&changed);
}

static GArray *
settle_bulk (BooruStore *store, const BooruJobWork *work, GError **error)
{
  const char *text = booru_job_params_get_string (work->params, "query");
  g_autoptr (BooruQuery) query = booru_query_parse (text != NULL ? text : "");

  return booru_store_find_all_ids (store, query, error);
}

GArray *
booru_store_settle_job (BooruStore *store, const BooruJobWork *work, GError **error)
{
  switch (work->kind)
    {
    case BOORU_JOB_RELATE:
      return settle_relations (store, work, error);
    case BOORU_JOB_UNDO:
      return settle_undo (store, work, error);
    case BOORU_JOB_BULK:
      return settle_bulk (store, work, error);
    default:
      return booru_id_list_new ();
    }
}

/* Parts */

static gboolean
write_set (BooruPostSet *set,
           BooruStore *store,
           const BooruJobWork *work,
           const char *note,
           GArray *changed,
           GError **error)
{
  BooruVersionBy by = { .updater_id = work->creator_id,
                        .note = note,
                        .now = g_get_real_time (),
                        .job_id = work->id,
                        .again = note != NULL };

  return booru_post_set_write (set, store, &by, changed, error);
}

/* What somebody has changed since the job began stays. */
static void
spare (BooruPostChange *change,
       BooruPostAction action,
       const BooruPostState *before,
       const BooruPostState *after,
       gpointer data)
{
  if (action == BOORU_ACTION_DELETE || action == BOORU_ACTION_UNDELETE)
    change->after.status = change->before.status;
  else
    booru_post_state_spare (&change->after, &change->before, before, after);
}

static gboolean
do_bulk (BooruStore *store,
         const BooruJobWork *work,
         BooruPostSet *set,
         GArray *changed,
         GError **error)
{
  g_auto (BooruBulk) bulk = { 0 };
  BooruVersionBy by
      = { .updater_id = work->creator_id, .now = g_get_real_time (), .job_id = work->id };
  BooruBulkAction action = (BooruBulkAction)booru_job_params_get_number (work->params, "action");

  if (action == BOORU_BULK_EDIT
      && !booru_store_resolve_bulk (store, booru_job_params_get_string (work->params, "script"),
                                    by.now, &bulk, error))
    return FALSE;
  for (guint i = 0; i < set->changes->len; i++)
    {
      BooruPostChange *change = set->changes->pdata[i];

      if (action == BOORU_BULK_EDIT)
        booru_bulk_apply (&bulk, &change->after);
      else
        change->move = action == BOORU_BULK_TRASH ? BOORU_MOVE_TRASH : BOORU_MOVE_RESTORE;
    }
  by.refused = bulk.removed;
  return booru_post_set_settle_moves (set, store, error)
         && booru_post_set_foreach_version (set, store, "list-versions-since", work->since, spare,
                                            NULL, error)
         && booru_post_set_write (set, store, &by, changed, error);
}

static void
undo_version (BooruPostChange *change,
              BooruPostAction action,
              const BooruPostState *before,
              const BooruPostState *after,
              gpointer data)
{
  GHashTable *moved = data; /* ids of posts that others deleted or restored since */

  if (action != BOORU_ACTION_DELETE && action != BOORU_ACTION_UNDELETE)
    booru_post_state_undo (&change->after, before, after);
  else if (!g_hash_table_contains (moved, &change->before.id))
    change->move = action == BOORU_ACTION_DELETE ? BOORU_MOVE_RESTORE : BOORU_MOVE_TRASH;
}

static gboolean
list_moved (BooruStore *store, gint64 job_id, BooruPostSet *set, GHashTable *moved, GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, "list-moved-since", "xs", job_id, set->ids);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0);

      g_hash_table_add (moved, g_memdup2 (&id, sizeof id));
    }
  return step == BOORU_SQL_DONE;
}

/* Where relations come into force again, what they do follows from them alone. */
static gboolean
do_undo (BooruStore *store,
         const BooruJobWork *work,
         BooruPostSet *set,
         GArray *changed,
         GError **error)
{
  g_autoptr (GHashTable) moved = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  if (booru_job_params_get_truth (work->params, "active"))
    return write_set (set, store, work, work->title, changed, error);
  return list_moved (store, work->undo_of, set, moved, error)
         && booru_post_set_foreach_version (set, store, "list-versions-of-job", work->undo_of,
                                            undo_version, moved, error)
         && booru_post_set_settle_moves (set, store, error)
         && write_set (set, store, work, work->title, changed, error);
}

gboolean
booru_store_do_job (BooruStore *store,
                    const BooruJobWork *work,
                    const gint64 *ids,
                    gsize n_ids,
                    GArray *changed,
                    GError **error)
{
  g_autoptr (BooruPostSet) set = booru_post_set_read (store, ids, n_ids, error);

  if (set == NULL)
    return FALSE;
  switch (work->kind)
    {
    case BOORU_JOB_RELATE:
      return write_set (set, store, work, work->title, changed, error);
    case BOORU_JOB_UNDO:
      return do_undo (store, work, set, changed, error);
    case BOORU_JOB_BULK:
      return do_bulk (store, work, set, changed, error);
    default:
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "There is no job of kind %d",
                   (int)work->kind);
      return FALSE;
    }
}
