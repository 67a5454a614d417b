/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an edit does to tags. All of it runs within a write. */
#include "board/sqlite/booru-sqlite-tags.h"

#include "base/booru-error.h"

BooruSqliteTagCounts *
booru_sqlite_tag_counts_new (void)
{
  BooruSqliteTagCounts *self = g_new0 (BooruSqliteTagCounts, 1);

  self->deltas = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

void
booru_sqlite_tag_counts_free (BooruSqliteTagCounts *self)
{
  g_hash_table_unref (self->deltas);
  g_free (self);
}

void
booru_sqlite_tag_counts_add (BooruSqliteTagCounts *self, const GArray *ids, gint delta)
{
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      gint64 *sum = g_hash_table_lookup (self->deltas, &id);

      if (sum == NULL)
        {
          sum = g_new0 (gint64, 1);
          g_hash_table_insert (self->deltas, g_memdup2 (&id, sizeof id), sum);
        }
      *sum += delta;
    }
}

gboolean
booru_sqlite_tag_counts_apply (BooruSqliteTagCounts *self, BooruSqliteDb *db, GError **error)
{
  GHashTableIter iter;
  gint64 *id, *delta;

  g_hash_table_iter_init (&iter, self->deltas);
  while (g_hash_table_iter_next (&iter, (gpointer *)&id, (gpointer *)&delta))
    {
      g_autoptr (BooruSqliteStatement) statement = NULL;

      if (*delta == 0)
        continue;
      statement = booru_sqlite_db_statement (db, "add-to-tag-count", error);
      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, *id);
      sqlite3_bind_int64 (statement, 2, *delta);
      if (!booru_sqlite_db_run (db, statement, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_with_category (BooruSqliteDb *db,
                    const char *name,
                    gint64 *id,
                    gint *category,
                    gboolean *moved,
                    GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "find-tag", error);
  int code;

  *id = 0;
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_ROW)
    {
      *id = sqlite3_column_int64 (statement, 0);
      *category = sqlite3_column_int (statement, 1);
      *moved = !sqlite3_column_int (statement, 2);
    }
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

gboolean
booru_sqlite_tag_find (BooruSqliteDb *db, const char *name, gint64 *id, GError **error)
{
  gint category;
  gboolean moved;

  return find_with_category (db, name, id, &category, &moved, error);
}

static gboolean
insert_tag (BooruSqliteDb *db,
            const char *name,
            gint category,
            gint64 now,
            gint64 *id,
            GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "insert-tag", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, name, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 2, MAX (category, BOORU_TAG_GENERAL));
  sqlite3_bind_int64 (statement, 3, now);
  if (!booru_sqlite_db_run (db, statement, error))
    return FALSE;
  *id = sqlite3_last_insert_rowid (db->handle);
  return TRUE;
}

static gboolean
set_category (BooruSqliteDb *db, gint64 id, gint from, gint to, gint64 now, GError **error)
{
  g_autoptr (BooruSqliteStatement) tag = booru_sqlite_db_statement (db, "set-tag-category", error);
  g_autoptr (BooruSqliteStatement) posts = NULL;
  g_autofree char *token = g_strdup_printf ("t%" G_GINT64_FORMAT, id);

  if (tag == NULL)
    return FALSE;
  sqlite3_bind_int64 (tag, 1, id);
  sqlite3_bind_int (tag, 2, to);
  sqlite3_bind_int64 (tag, 3, now);
  if (!booru_sqlite_db_run (db, tag, error))
    return FALSE;

  posts = booru_sqlite_db_statement (db, "move-category-counts", error);
  if (posts == NULL)
    return FALSE;
  sqlite3_bind_text (posts, 1, token, -1, SQLITE_STATIC);
  sqlite3_bind_int (posts, 2, from);
  sqlite3_bind_int (posts, 3, to);
  return booru_sqlite_db_run (db, posts, error);
}

gboolean
booru_sqlite_tag_ensure (BooruSqliteDb *db,
                         const char *name,
                         gint category,
                         gint64 now,
                         gint64 *id,
                         GError **error)
{
  gint current = BOORU_TAG_GENERAL;
  gboolean moved;

  if (!find_with_category (db, name, id, &current, &moved, error))
    return FALSE;
  if (*id == 0)
    return insert_tag (db, name, category, now, id, error);
  if (category < 0 || category == current)
    return TRUE;
  return set_category (db, *id, current, category, now, error);
}

gboolean
booru_sqlite_tag_suggest (BooruSqliteDb *db,
                          const char *name,
                          gint category,
                          gint64 now,
                          gint64 *id,
                          GError **error)
{
  gint current = BOORU_TAG_GENERAL;
  gboolean moved = FALSE;

  if (!find_with_category (db, name, id, &current, &moved, error))
    return FALSE;
  if (*id == 0)
    return insert_tag (db, name, category, now, id, error);
  if (category <= BOORU_TAG_GENERAL || current != BOORU_TAG_GENERAL || moved)
    return TRUE;
  return set_category (db, *id, current, category, now, error);
}
