/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file whose content was replaced is another post. Whoever edits a picture in place does not want
 * to tag it again: the new post takes over what the old one has, and is its child. */
#include <string.h>

#include "board/sqlite/booru-sqlite-import.h"
#include "board/sqlite/booru-sqlite-post-state.h"

/* A chain of parents that is longer is taken for a ring. */
#define MAX_ANCESTORS 64

/* Whether @id is @from or one of its ancestors, so that it cannot become its child. */
static gboolean
is_ancestor (BooruSqliteDb *db, gint64 id, gint64 from, gboolean *result, GError **error)
{
  *result = TRUE;
  for (guint i = 0; i < MAX_ANCESTORS && from != id; i++)
    {
      g_autoptr (BooruSqliteStatement) statement
          = booru_sqlite_db_statement (db, "get-parent", error);

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, from);
      if (booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
        return FALSE;
      from = sqlite3_column_int64 (statement, 0);
      if (from == 0)
        {
          *result = FALSE;
          return TRUE;
        }
    }
  return TRUE;
}

/* Sidecars say the same of both: what somebody took away from the former post does not come back.
 */
static void
take_over_tags (BooruSqlitePostState *state,
                const BooruSqliteImported *said,
                const BooruSqlitePostState *former,
                const BooruSqliteImported *former_said)
{
  guint kept = 0;

  g_array_append_vals (state->tags, former->tags->data, former->tags->len);
  booru_sqlite_tag_ids_sort (state->tags);
  for (guint i = 0; i < state->tags->len; i++)
    {
      gint64 id = g_array_index (state->tags, gint64, i);
      gboolean taken_away = !booru_sqlite_tag_ids_contain (former->tags, id)
                            && (booru_sqlite_tag_ids_contain (former_said->said, id)
                                || booru_sqlite_tag_ids_contain (former_said->refused, id));

      if (!taken_away || !booru_sqlite_tag_ids_contain (said->added, id))
        g_array_index (state->tags, gint64, kept++) = id;
    }
  g_array_set_size (state->tags, kept);
}

/* What a user set goes before what a sidecar says. */
static void
take_over_rest (BooruSqlitePostState *state,
                const BooruSqliteImported *said,
                const BooruSqlitePostState *former,
                const BooruSqliteImported *former_said)
{
  gboolean said_rating = state->rating == said->rating;
  gboolean said_source = g_strcmp0 (state->source, said->source) == 0;

  if (state->rating == BOORU_RATING_GENERAL
      || (said_rating && former_said->rating != 0 && former->rating != former_said->rating)
      || (said_rating && former_said->rating == 0 && former->rating != BOORU_RATING_GENERAL))
    state->rating = former->rating;
  if (*state->source == '\0'
      || (said_source && former_said->source != NULL
          && strcmp (former->source, former_said->source) != 0)
      || (said_source && former_said->source == NULL && *former->source != '\0'))
    {
      g_free (state->source);
      state->source = g_strdup (former->source);
    }
}

/**
 * booru_sqlite_post_inherit:
 * @post_id: a post that came to be where @former_id was
 * @former_id: the post of which the content was replaced
 * @now: microseconds since 1970
 * @counts: how often tags are used: changed, not yet applied
 *
 * Within a write. Gives the post the tags, rating and source of the former one, and makes it its
 * child. That is a version, which can be undone like any other.
 */
gboolean
booru_sqlite_post_inherit (BooruSqliteDb *db,
                           gint64 post_id,
                           gint64 former_id,
                           gint64 now,
                           BooruSqliteTagCounts *counts,
                           GError **error)
{
  BooruSqliteVersionBy by = { BOORU_USER_OWNER, NULL, now, BOORU_ACTION_INHERIT };
  g_auto (BooruSqlitePostState) former = { 0 };
  g_auto (BooruSqlitePostState) before = { 0 };
  g_auto (BooruSqlitePostState) after = { 0 };
  g_auto (BooruSqliteImported) said = { 0 };
  g_auto (BooruSqliteImported) former_said = { 0 };
  gboolean ancestor;

  if (!booru_sqlite_imported_read (db, post_id, &said, error)
      || !booru_sqlite_imported_read (db, former_id, &former_said, error)
      || !booru_sqlite_post_state_read (db, former_id, &former, error)
      || !booru_sqlite_post_state_read (db, post_id, &before, error)
      || !booru_sqlite_post_state_read (db, post_id, &after, error)
      || !is_ancestor (db, post_id, former_id, &ancestor, error))
    return FALSE;
  take_over_tags (&after, &said, &former, &former_said);
  take_over_rest (&after, &said, &former, &former_said);
  if (after.parent_id == 0 && !ancestor)
    after.parent_id = former_id;
  return booru_sqlite_post_state_write (db, &before, &after, &by, counts, error);
}

/**
 * booru_sqlite_post_is_fresh:
 * @post_id: a post
 * @since: microseconds since 1970
 * @fresh: (out): whether it was added after @since, and nobody has done anything to it
 */
gboolean
booru_sqlite_post_is_fresh (BooruSqliteDb *db,
                            gint64 post_id,
                            gint64 since,
                            gboolean *fresh,
                            GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "is-fresh", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, post_id);
  sqlite3_bind_int64 (statement, 2, since);
  code = booru_sqlite_db_step (db, statement, error);
  *fresh = code == SQLITE_ROW;
  return code == SQLITE_ROW || code == SQLITE_DONE;
}
