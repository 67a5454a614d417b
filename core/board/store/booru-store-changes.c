/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log of changes, for whoever derives something from the store: caches, the search index. */
#include "board/store/booru-store-changes-private.h"

/* How long a change is remembered. Whoever was away for longer begins anew. */
#define KEPT (7 * G_TIME_SPAN_DAY)

static void
append_ids (GArray *ranges, BooruChangedRange range, const GArray *ids)
{
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      if (i > 0 && g_array_index (ids, gint64, i - 1) == id - 1)
        {
          g_array_index (ranges, BooruChangedRange, ranges->len - 1).last = id;
          continue;
        }
      range.first = range.last = id;
      g_array_append_val (ranges, range);
    }
}

static gboolean
append_change (BooruStore *self, BooruSqlStatement *row, GArray *ranges, GError **error)
{
  BooruChangedRange range
      = { (guint64)booru_sql_get_number (row, 0), booru_sql_get_number (row, 1),
          booru_sql_get_number (row, 2), (BooruChangeKind)booru_sql_get_number (row, 3) };
  g_autoptr (GArray) ids = NULL;
  const void *packed;
  gsize length;

  if (booru_sql_is_null (row, 4))
    {
      g_array_append_val (ranges, range);
      return TRUE;
    }
  ids = booru_id_list_new ();
  packed = booru_sql_get_bytes (row, 4, &length);
  if (!booru_id_list_unpack (packed, length, ids))
    return booru_sql_fail_corrupt (self->sql, "the log of changes cannot be read", error);
  append_ids (ranges, range, ids);
  return TRUE;
}

static gboolean
read_log (BooruStore *self, BooruChangeKind kind, gint64 since, GArray *ranges, GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, "list-changes", "xi", since, (gint)kind);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    if (!append_change (self, rows, ranges, error))
      return FALSE;
  return step == BOORU_SQL_DONE;
}

static gboolean
prune (BooruStore *self, gpointer data, GError **error)
{
  gint64 now = g_get_real_time ();

  return booru_sql_run (self->sql, error, "prune-changes", "xx", now - KEPT, now);
}

gboolean
booru_store_prune_changes (BooruStore *self, GError **error)
{
  return booru_store_write (self, BOORU_SQL_NORMAL, prune, NULL, error);
}

/* The log forgets from its beginning, but never its newest change: where it begins after @since,
 * there may have been others in between. */
static gboolean
is_logged (BooruStore *self, gint64 since, gboolean *logged, GError **error)
{
  gint64 oldest;

  if (!booru_sql_read_number (self->sql, &oldest, error, "get-oldest-change", ""))
    return FALSE;
  *logged = oldest <= since + 1;
  return TRUE;
}

/* Whether the log still has what was seen of it. */
static gboolean
is_as_seen (BooruStore *self, gboolean *same, GError **error)
{
  gint64 now, made_at;

  if (!booru_sql_read_number (self->sql, &now, error, "get-board-generation", "")
      || !booru_sql_read_number (self->sql, &made_at, error, "get-change-time", "x", self->seen))
    return FALSE;
  *same = now >= self->seen && made_at == self->seen_at;
  return TRUE;
}

gboolean
booru_store_check_history (BooruStore *self, guint64 *history, gboolean *same, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && history != NULL && same != NULL, FALSE);

  gint64 serial = booru_sql_get_serial (self->sql, error);
  gboolean kept = TRUE;

  if (serial < 0)
    return FALSE;
  if (serial != self->serial)
    {
      if (self->seen > 0 && !is_as_seen (self, &kept, error))
        return FALSE;
      if (!kept)
        {
          g_message ("The database has lost its last writes: what is kept of it is read again");
          self->history++;
          self->seen = self->seen_at = 0;
        }
      self->serial = serial;
    }
  *same = *history == self->history;
  *history = self->history;
  return TRUE;
}

/* The number of the last write. */
static gboolean
read_generation (BooruStore *self, gint64 *now, GError **error)
{
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (self->sql, error, "get-board-generation", "");
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_DONE)
    return booru_sql_fail_corrupt (self->sql, "the board's own row is gone", error);
  if (step != BOORU_SQL_ROW)
    return FALSE;
  *now = booru_sql_get_number (row, 0);
  /* A write is logged when it ends, and may be undone until then. */
  if (booru_sql_is_writing (self->sql))
    --*now;
  self->seen = *now;
  self->seen_at = booru_sql_get_number (row, 2);
  return TRUE;
}

gboolean
booru_store_list_changes (BooruStore *self,
                          BooruChangeKind kind,
                          guint64 *generation,
                          GArray *ranges,
                          gboolean *all,
                          GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && generation != NULL && ranges != NULL, FALSE);

  g_auto (BooruSqlSnapshot) snapshot = booru_sql_snapshot (self->sql);
  gint64 known = (gint64)*generation, now = 0;
  guint64 history = self->history;
  gboolean logged, same;

  *all = FALSE;
  g_array_set_size (ranges, 0);
  if (!booru_store_check_history (self, &history, &same, error)
      || !read_generation (self, &now, error))
    return FALSE;
  /* Whoever asked has not heard of that yet. */
  if (!same)
    known = 0;
  if (now == known && known > 0)
    return TRUE;
  /* It goes back where a backup was restored. */
  logged = known > 0 && now > known;
  if (logged && !is_logged (self, known, &logged, error))
    return FALSE;
  if (logged && !read_log (self, kind, known, ranges, error))
    return FALSE;
  *all = !logged;
  *generation = (guint64)now;
  return TRUE;
}
