/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file whose content was replaced is another post. Whoever edits a picture in place does not want
 * to tag it again. */
#include "board/store/booru-store-import-private.h"
#include "board/store/booru-store-post-state-private.h"

/* A chain of parents that is longer is taken for a ring. */
#define MAX_ANCESTORS 64

/* Whether @id is @from or one of its ancestors, so that it cannot become its child. */
static gboolean
is_ancestor (BooruStore *store, gint64 id, gint64 from, gboolean *result, GError **error)
{
  for (guint i = 0; i < MAX_ANCESTORS && from != id && from != 0; i++)
    if (!booru_sql_read_number (store->sql, &from, error, "get-parent", "x", from))
      return FALSE;
  *result = from != 0;
  return TRUE;
}

gboolean
booru_store_post_inherit (BooruStore *store,
                          gint64 post_id,
                          gint64 former_id,
                          gint64 now,
                          BooruTagCounts *counts,
                          GError **error)
{
  BooruVersionBy by = { BOORU_USER_OWNER, NULL, now, BOORU_ACTION_INHERIT };
  g_auto (BooruPostState) former = { 0 };
  g_auto (BooruPostState) before = { 0 };
  g_auto (BooruPostState) after = { 0 };
  g_auto (BooruImported) said = { 0 };
  g_auto (BooruImported) former_said = { 0 };
  gboolean ancestor;

  if (!booru_store_read_imported (store, post_id, &said, error)
      || !booru_store_read_imported (store, former_id, &former_said, error)
      || !booru_store_read_state (store, former_id, &former, error)
      || !booru_store_read_state (store, post_id, &before, error)
      || !is_ancestor (store, post_id, former_id, &ancestor, error))
    return FALSE;
  booru_post_state_copy (&after, &before);
  booru_post_state_inherit (&after, &said, &former, &former_said);
  if (after.parent_id == 0 && !ancestor)
    after.parent_id = former_id;
  return booru_store_write_state (store, &before, &after, &by, counts, error);
}

gboolean
booru_store_post_is_fresh (BooruStore *store,
                           gint64 post_id,
                           gint64 since,
                           gboolean *fresh,
                           GError **error)
{
  gint64 found;

  if (!booru_sql_read_number (store->sql, &found, error, "is-fresh", "xx", post_id, since))
    return FALSE;
  *fresh = found != 0;
  return TRUE;
}
