/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transactions: one view for several reads, and the one way to write.
 *
 * A write begins by taking the next generation of the board: in every database that makes it the
 * only writer, and numbers the changes without gaps. Then it demands the lease of its role, so that
 * a process that lost that writes nothing more. What it changed is recorded under its generation,
 * in the same transaction: the search index, caches and other hosts read from there. */
#include "board/sql/booru-sql-private.h"

#include "base/booru-error.h"
#include "board/booru-id-list.h"

/* More changed rows than these are recorded as all that lies between the first and the last. */
#define MAX_LISTED_CHANGES 10000

BooruSqlSnapshot
booru_sql_snapshot (BooruSql *self)
{
  BooruSqlSnapshot snapshot = { NULL };

  if (!booru_sql_is_writing (self) && BOORU_SQL_GET_CLASS (self)->begin_read (self))
    snapshot.sql = self;
  return snapshot;
}

void
booru_sql_snapshot_end (BooruSqlSnapshot *snapshot)
{
  if (snapshot->sql != NULL)
    BOORU_SQL_GET_CLASS (snapshot->sql)->end_read (snapshot->sql);
  snapshot->sql = NULL;
}

guint64
booru_sql_get_generation (BooruSql *self)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);
  gint64 version = BOORU_SQL_GET_CLASS (self)->get_version (self);

  /* Not known: nothing cached may be used. */
  if (version < 0 || version != priv->version)
    priv->generation++;
  priv->version = version;
  return priv->generation;
}

guint64
booru_sql_get_seen_generation (BooruSql *self)
{
  return booru_sql_get_private (self)->generation;
}

gint64
booru_sql_get_relations (BooruSql *self)
{
  return booru_sql_get_private (self)->relations;
}

gboolean
booru_sql_is_writing (BooruSql *self)
{
  return booru_sql_get_private (self)->writing;
}

gboolean
booru_sql_attempt (BooruSql *self,
                   BooruSqlWriteFunc func,
                   gpointer data,
                   GError **failure,
                   GError **error)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  g_return_val_if_fail (priv->writing, FALSE);

  if (!booru_sql_run (self, error, "begin-attempt", ""))
    return FALSE;
  if (!func (data, failure))
    {
      /* What was cached of it is not so. */
      priv->generation++;
      if (!booru_sql_run (self, error, "undo-attempt", ""))
        return FALSE;
    }
  return booru_sql_run (self, error, "end-attempt", "");
}

void
booru_sql_note_change (BooruSql *self, BooruChangeKind kind, gint64 id)
{
  g_array_append_val (booru_sql_get_private (self)->changed[kind], id);
}

void
booru_sql_note_change_of_all (BooruSql *self, BooruChangeKind kind)
{
  booru_sql_get_private (self)->changed_all[kind] = TRUE;
}

void
booru_sql_set_fence (BooruSql *self, const char *role, gint64 token)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  g_free (priv->fence_role);
  priv->fence_role = g_strdup (role);
  priv->fence_token = token;
}

gboolean
booru_sql_fail_fenced (BooruSql *self, const char *role, gint64 token, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_FENCED,
               "Nothing was written to %s: the lease of the %s's role (token %" G_GINT64_FORMAT
               ") was lost to another process, or released",
               booru_sql_get_private (self)->place, role, token);
  return FALSE;
}

/* What it finds holds until the transaction ends. */
static gboolean
check_fence (BooruSql *self, GError **error)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);
  gint64 held;

  if (priv->fence_role == NULL)
    return TRUE;
  if (!booru_sql_read_number (self, &held, error, "check-fence", "sx", priv->fence_role,
                              priv->fence_token))
    return FALSE;
  return held || booru_sql_fail_fenced (self, priv->fence_role, priv->fence_token, error);
}

static gboolean
record_change (BooruSql *self,
               BooruChangeKind kind,
               gint64 generation,
               const GArray *ids,
               GError **error)
{
  g_autoptr (GBytes) packed = NULL;
  gint64 first = g_array_index (ids, gint64, 0);
  gint64 last = g_array_index (ids, gint64, ids->len - 1);

  if (ids->len <= MAX_LISTED_CHANGES)
    packed = booru_id_list_pack (ids);
  return booru_sql_run (self, error, "insert-change", "xixxBx", generation, kind, first, last,
                        packed, g_get_real_time ());
}

static gboolean
record_changes (BooruSql *self, gint64 generation, GError **error)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);

  for (guint kind = 0; kind < BOORU_N_CHANGE_KINDS; kind++)
    {
      GArray *ids = priv->changed[kind];

      booru_id_list_sort (ids);
      if (priv->changed_all[kind])
        {
          if (!booru_sql_run (self, error, "insert-change", "xixxBx", generation, (int)kind,
                              (gint64)0, G_MAXINT64, NULL, g_get_real_time ()))
            return FALSE;
        }
      else if (ids->len > 0 && !record_change (self, kind, generation, ids, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fail_moved (BooruSql *self, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "Nothing was written to %s: the board was moved to another database. Start the host "
               "again with that as the setting “database”",
               booru_sql_get_private (self)->place);
  return FALSE;
}

static gboolean
raise_generation (BooruSql *self, gint64 *generation, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (self, error, "raise-generation", "");
  BooruSqlStep step = booru_sql_step (row, error);

  if (step == BOORU_SQL_ROW)
    {
      *generation = booru_sql_get_number (row, 0);
      booru_sql_get_private (self)->relations = booru_sql_get_number (row, 1);
    }
  return step != BOORU_SQL_ERROR;
}

/* @generation: stays 0 unless this became the one writer. */
static gboolean
run_transaction (BooruSql *self,
                 BooruSqlWriteFunc func,
                 gpointer data,
                 gint64 *generation,
                 GError **error)
{
  if (!raise_generation (self, generation, error))
    return FALSE;
  if (*generation == 0)
    return fail_moved (self, error);
  /* From here on nobody else writes: what is cached is compared with this very state. */
  booru_sql_get_generation (self);
  return check_fence (self, error) && func (data, error)
         && record_changes (self, *generation, error);
}

static void
forget_changes (BooruSqlPrivate *priv)
{
  for (guint i = 0; i < BOORU_N_CHANGE_KINDS; i++)
    {
      g_array_set_size (priv->changed[i], 0);
      priv->changed_all[i] = FALSE;
    }
}

gboolean
booru_sql_write (BooruSql *self,
                 BooruSqlDurability durability,
                 BooruSqlWriteFunc func,
                 gpointer data,
                 GError **error)
{
  BooruSqlPrivate *priv = booru_sql_get_private (self);
  gint64 generation = 0;
  gboolean committed;

  g_return_val_if_fail (!priv->writing, FALSE);

  if (!BOORU_SQL_GET_CLASS (self)->begin (self, durability, error))
    return FALSE;
  priv->writing = TRUE;
  committed = run_transaction (self, func, data, &generation, error);
  if (committed)
    committed = BOORU_SQL_GET_CLASS (self)->commit (self, error);
  else
    BOORU_SQL_GET_CLASS (self)->rollback (self);
  priv->writing = FALSE;
  if (generation != 0)
    {
      /* Our own commit is no news to us, if the driver counts it. */
      booru_sql_get_generation (self);
      priv->generation++;
    }
  forget_changes (priv);
  if (committed)
    booru_sql_report (self, NULL, FALSE);
  return committed;
}
