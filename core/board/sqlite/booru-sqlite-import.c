/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What sidecars, keywords and rules say of a post, merged with what users did. Within a write.
 *
 * For each file of a post is kept what was said of it, which of these tags the post has by it, and
 * which of them somebody took away. From that follow the rules of booru_store_apply_file_changes().
 */
#include "board/sqlite/booru-sqlite-import.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/sqlite/booru-sqlite-post-state.h"
#include "board/sqlite/booru-sqlite-tag-edit.h"

#define MAX_SOURCE_LENGTH 8192 /* bytes, as for edits */

/* All lists are of ids, ascending. */
typedef struct
{
  GArray *said, *added, *refused;
  GArray *others_said, *others_refused; /* of the post's other files that are there */
  char rating;                          /* as last said; 0: never */
  char *source;
} Memory;

static void
memory_init (Memory *self)
{
  *self = (Memory){ booru_sqlite_tag_ids_new (), booru_sqlite_tag_ids_new (),
                    booru_sqlite_tag_ids_new (), booru_sqlite_tag_ids_new (),
                    booru_sqlite_tag_ids_new () };
}

static void
memory_clear (Memory *self)
{
  g_array_unref (self->said);
  g_array_unref (self->added);
  g_array_unref (self->refused);
  g_array_unref (self->others_said);
  g_array_unref (self->others_refused);
  g_free (self->source);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Memory, memory_clear)

/* All that is written of it, to be compared. */
static GBytes *
memory_pack (const Memory *self)
{
  const GArray *lists[] = { self->said, self->added, self->refused };
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_byte_array_append (bytes, (const guint8 *)&lists[i]->len, sizeof lists[i]->len);
      g_byte_array_append (bytes, (const guint8 *)lists[i]->data, lists[i]->len * sizeof (gint64));
    }
  g_byte_array_append (bytes, (const guint8 *)&self->rating, 1);
  if (self->source != NULL)
    g_byte_array_append (bytes, (const guint8 *)self->source, strlen (self->source) + 1);
  return g_byte_array_free_to_bytes (bytes);
}

static void
unite (GArray *to, const GArray *from)
{
  g_array_append_vals (to, from->data, from->len);
  booru_sqlite_tag_ids_sort (to);
}

/* Keeps of @ids what is, or is not, in @others. */
static void
keep (GArray *ids, const GArray *others, gboolean contained)
{
  guint kept = 0;

  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);

      if (booru_sqlite_tag_ids_contain (others, id) == contained)
        g_array_index (ids, gint64, kept++) = id;
    }
  g_array_set_size (ids, kept);
}

static gboolean
unite_column (BooruSqliteDb *db, BooruSqliteStatement *row, int column, GArray *to, GError **error)
{
  g_autoptr (GArray) ids = booru_sqlite_tag_ids_new ();

  if (!booru_sqlite_tag_ids_unpack (sqlite3_column_blob (row, column),
                                    sqlite3_column_bytes (row, column), ids))
    return booru_sqlite_db_fail_corrupt (db, "what was imported to a post cannot be read", error);
  unite (to, ids);
  return TRUE;
}

/* Whom a write is about. */
typedef struct
{
  gint64 post_id, file_id;
  const char *origin;
} Subject;

/* What was said of a file that is gone is taken over: this may be that file, come back. */
static gboolean
read_row (BooruSqliteDb *db,
          BooruSqliteStatement *row,
          const Subject *subject,
          Memory *memory,
          GArray *gone,
          GError **error)
{
  gint64 id = sqlite3_column_int64 (row, 1);
  gboolean present = sqlite3_column_int (row, 7) != 0;
  gboolean same_origin = strcmp ((const char *)sqlite3_column_text (row, 0), subject->origin) == 0;
  gboolean mine = same_origin && id == subject->file_id;
  const char *rating = (const char *)sqlite3_column_text (row, 5);
  const char *source = (const char *)sqlite3_column_text (row, 6);

  if (!mine && present)
    return unite_column (db, row, 2, memory->others_said, error)
           && unite_column (db, row, 4, memory->others_refused, error);
  if (!same_origin)
    return TRUE;
  if (!mine)
    g_array_append_val (gone, id);
  if (rating != NULL && (mine || memory->rating == 0))
    memory->rating = rating[0];
  if (source != NULL && (mine || memory->source == NULL))
    {
      g_free (memory->source);
      memory->source = g_strdup (source);
    }
  return unite_column (db, row, 2, memory->said, error)
         && unite_column (db, row, 3, memory->added, error)
         && unite_column (db, row, 4, memory->refused, error);
}

static gboolean
read_memory (BooruSqliteDb *db,
             const Subject *subject,
             Memory *memory,
             GArray *gone,
             GError **error)
{
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "list-imports", error);
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, subject->post_id);
  while ((code = booru_sqlite_db_step (db, statement, error)) == SQLITE_ROW)
    if (!read_row (db, statement, subject, memory, gone, error))
      return FALSE;
  return code == SQLITE_DONE;
}

static gboolean
forget (BooruSqliteDb *db, const Subject *subject, const GArray *gone, GError **error)
{
  for (guint i = 0; i < gone->len; i++)
    {
      g_autoptr (BooruSqliteStatement) statement
          = booru_sqlite_db_statement (db, "delete-import", error);

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_int64 (statement, 1, subject->post_id);
      sqlite3_bind_text (statement, 2, subject->origin, -1, SQLITE_STATIC);
      sqlite3_bind_int64 (statement, 3, g_array_index (gone, gint64, i));
      if (!booru_sqlite_db_run (db, statement, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_memory (BooruSqliteDb *db, const Subject *subject, const Memory *memory, GError **error)
{
  const char rating[] = { memory->rating, '\0' };
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "put-import", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, subject->post_id);
  sqlite3_bind_text (statement, 2, subject->origin, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, subject->file_id);
  booru_sqlite_bind_packed (statement, 4, memory->said);
  booru_sqlite_bind_packed (statement, 5, memory->added);
  booru_sqlite_bind_packed (statement, 6, memory->refused);
  sqlite3_bind_text (statement, 7, memory->rating ? rating : NULL, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 8, memory->source, -1, SQLITE_STATIC);
  return booru_sqlite_db_run (db, statement, error);
}

/* The ids of what an import says, made where there are none. */
static gboolean
resolve (BooruSqliteDb *db, const char *tags, gint64 now, GArray *ids, GError **error)
{
  g_autoptr (GHashTable) names = booru_sqlite_tag_edit_parse_import (tags);
  GHashTableIter iter;
  gpointer name, category;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, &category) && ids->len < BOORU_MAX_TAGS_PER_POST)
    {
      gint64 id;

      if (!booru_sqlite_tag_suggest (db, name, GPOINTER_TO_INT (category) - 1, now, &id, error))
        return FALSE;
      g_array_append_val (ids, id);
    }
  booru_sqlite_tag_ids_sort (ids);
  return TRUE;
}

/* Takes over what is said now, and changes the post's tags accordingly. */
static void
merge_tags (Memory *memory, GArray *said, GArray *tags)
{
  g_autoptr (GArray) add = g_array_copy (said);
  g_autoptr (GArray) drop = g_array_copy (memory->added);

  /* What was said once and is not there has been taken away by somebody. */
  unite (memory->refused, memory->said);
  keep (memory->refused, tags, FALSE);
  keep (add, tags, FALSE);
  keep (add, memory->refused, FALSE);
  keep (add, memory->others_said, FALSE);
  keep (add, memory->others_refused, FALSE);
  g_array_set_size (
      add, MIN (add->len, BOORU_MAX_TAGS_PER_POST - MIN (tags->len, BOORU_MAX_TAGS_PER_POST)));

  keep (drop, said, FALSE);
  keep (drop, memory->others_said, FALSE);

  keep (memory->added, said, TRUE);
  keep (memory->added, tags, TRUE);
  unite (memory->added, add);
  g_array_set_size (memory->said, 0);
  unite (memory->said, said);

  keep (tags, drop, FALSE);
  unite (tags, add);
}

static gboolean
was_edited (BooruSqliteDb *db, gint64 post_id, gboolean *rating, gboolean *source, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "was-edited", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, post_id);
  if (booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return FALSE;
  *rating = sqlite3_column_int (statement, 0) != 0;
  *source = sqlite3_column_int (statement, 1) != 0;
  return TRUE;
}

/* Silence changes nothing: a sidecar that vanishes does not make its picture fit for all. */
static gboolean
merge_rest (BooruSqliteDb *db,
            Memory *memory,
            const BooruImport *import,
            BooruSqlitePostState *state,
            GError **error)
{
  gboolean rating_edited, source_edited;

  if (!was_edited (db, state->id, &rating_edited, &source_edited, error))
    return FALSE;
  if (import->rating != 0)
    {
      if (memory->rating ? memory->rating == state->rating
                         : state->rating == BOORU_RATING_GENERAL && !rating_edited)
        state->rating = import->rating;
      memory->rating = import->rating;
    }
  if (import->source != NULL && strlen (import->source) <= MAX_SOURCE_LENGTH)
    {
      if (memory->source ? strcmp (memory->source, state->source) == 0
                         : *state->source == '\0' && !source_edited)
        {
          g_free (state->source);
          state->source = g_strdup (import->source);
        }
      g_free (memory->source);
      memory->source = g_strdup (import->source);
    }
  return TRUE;
}

static gboolean
check (const BooruImport *import, GError **error)
{
  if ((import->rating == 0 || strchr ("gsqe", import->rating))
      && (import->source == NULL || g_utf8_validate (import->source, -1, NULL))
      && (import->tags == NULL || g_utf8_validate (import->tags, -1, NULL))
      && (import->note == NULL || g_utf8_validate (import->note, -1, NULL)))
    return TRUE;
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "An import has no valid text or rating; nothing was changed");
  return FALSE;
}

gboolean
booru_sqlite_import_apply (BooruSqliteDb *db,
                           gint64 post_id,
                           gint64 file_id,
                           const BooruImport *import,
                           gint64 now,
                           BooruSqliteTagCounts *counts,
                           gboolean *changed,
                           GError **error)
{
  BooruSqliteVersionBy by = { BOORU_USER_OWNER, import->note ? import->note : import->origin, now };
  Subject subject = { post_id, file_id, import->origin };
  g_autoptr (GArray) said = booru_sqlite_tag_ids_new ();
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (BooruSqlitePostState) before = { 0 };
  g_auto (BooruSqlitePostState) after = { 0 };
  g_autoptr (GBytes) known = NULL, learnt = NULL;
  g_auto (Memory) memory;

  memory_init (&memory);
  if (!check (import, error) || !read_memory (db, &subject, &memory, gone, error)
      || !resolve (db, import->tags ? import->tags : "", now, said, error))
    return FALSE;
  /* Most files say nothing, and never did. */
  if (said->len == 0 && import->rating == 0 && import->source == NULL && memory.said->len == 0
      && memory.refused->len == 0 && gone->len == 0)
    return TRUE;
  if (!booru_sqlite_post_state_read (db, post_id, &before, error)
      || !booru_sqlite_post_state_read (db, post_id, &after, error))
    return FALSE;
  known = memory_pack (&memory);
  merge_tags (&memory, said, after.tags);
  if (!merge_rest (db, &memory, import, &after, error)
      || !booru_sqlite_post_state_write (db, &before, &after, &by, counts, error)
      || !forget (db, &subject, gone, error))
    return FALSE;
  *changed |= !booru_sqlite_post_state_equal (&before, &after);
  /* Where rules are applied again, most say what they said before. */
  learnt = memory_pack (&memory);
  return (gone->len == 0 && g_bytes_equal (known, learnt))
         || write_memory (db, &subject, &memory, error);
}

void
booru_sqlite_imported_clear (BooruSqliteImported *self)
{
  g_clear_pointer (&self->said, g_array_unref);
  g_clear_pointer (&self->added, g_array_unref);
  g_clear_pointer (&self->refused, g_array_unref);
  g_clear_pointer (&self->source, g_free);
}

gboolean
booru_sqlite_imported_read (BooruSqliteDb *db,
                            gint64 post_id,
                            BooruSqliteImported *imported,
                            GError **error)
{
  g_autoptr (BooruSqliteStatement) row = booru_sqlite_db_statement (db, "list-imports", error);
  int code;

  if (row == NULL)
    return FALSE;
  imported->said = booru_sqlite_tag_ids_new ();
  imported->added = booru_sqlite_tag_ids_new ();
  imported->refused = booru_sqlite_tag_ids_new ();
  sqlite3_bind_int64 (row, 1, post_id);
  while ((code = booru_sqlite_db_step (db, row, error)) == SQLITE_ROW)
    {
      const char *rating = (const char *)sqlite3_column_text (row, 5);
      const char *source = (const char *)sqlite3_column_text (row, 6);

      if (!unite_column (db, row, 2, imported->said, error)
          || !unite_column (db, row, 3, imported->added, error)
          || !unite_column (db, row, 4, imported->refused, error))
        return FALSE;
      imported->rating = imported->rating == 0 && rating != NULL ? rating[0] : imported->rating;
      if (imported->source == NULL)
        imported->source = g_strdup (source);
    }
  return code == SQLITE_DONE;
}
