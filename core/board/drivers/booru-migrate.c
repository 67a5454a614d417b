/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/drivers/booru-migrate.h"

#include <string.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "board/drivers/booru-board-state.h"
#include "board/drivers/booru-drivers.h"
#include "board/sql/booru-sql-copy.h"
#include "board/sqlite/booru-sqlite-db.h"
#include "board/sqlite/booru-sqlite-place.h"

#define PATIENCE 300 /* seconds: within these it is heard of again */

/* In an order in which rows only refer to rows that are there already, but for the parents of
 * posts. What triggers keep, leases and the log of changes are not moved: the target has its own.
 */
static const BooruSqlTable tables[] = {
  { "folders", "id, path, kind, device, present, node", "xBxxxs", "id" },
  { "tags", "id, name, category, post_count, created_at, updated_at, is_deprecated", "xsxxxxx",
    "id" },
  { "posts",
    "id, md5, status, rating, ext, size, width, height, duration, frames, has_sound, has_sample, "
    "phash, score, up_score, down_score, fav_count, tag_count, created_at, updated_at, "
    "uploader_id, "
    "approver_id, source, tags, has_alpha, media_asset_id, last_noted_at, last_commented_at, "
    "last_comment_bumped_at",
    "xBxssxxxdxxxxxxxxxxxxxsBxxxxx", "id" },
  { "files",
    "id, folder_id, path, size, mtime_ns, inode, device, post_id, failure, failed_at, "
    "former_post_id",
    "xxBxxxxxsxx", "id" },
  { "post_versions",
    "id, post_id, updater_id, created_at, tags_before, tags_after, rating_before, rating_after, "
    "source_before, source_after, parent_before, parent_after, note, action, job_id",
    "xxxxBBssssxxsxx", "id" },
  { "post_imports", "post_id, origin, file_id, tags, added, refused, rating, source", "xsxBBBss",
    "post_id, origin, file_id" },
  { "media_metadata", "post_id, metadata", "xs", "post_id" },
  { "phash_blocks", "block, hashes", "xB", "block" },
  { "frame_hashes", "post_id, hashes", "xB", "post_id" },
  { "similar_pairs", "post_id, other_id, distance, decision, decided_at", "xxxxx",
    "post_id, other_id" },
  { "uncompared_posts", "post_id", "x", "post_id" },
  { "comparisons", "max_distance", "x", "max_distance" },
  { "uploads", "id, uploader_id, source, created_at", "xxsx", "id" },
  { "upload_assets",
    "id, upload_id, status, error, file_name, spool, size, md5, ext, width, height, duration, "
    "frames, has_sound, has_sample, wanted, tag_string, rating, source, parent_id, post_id, "
    "created_at, updated_at, has_alpha, media_asset_id",
    "xxxsssxBsxxdxxxxsssxxxxxx", "id" },
  { "taken_files", "id, name, file_id", "xBx", "id" },
  { "users",
    "id, name, name_key, access, password, identity, is_deleted, blacklisted_tags, favorite_tags, "
    "ratings, language, theme, time_zone, per_page, created_at, updated_at, last_logged_in_at",
    "xssxssxssssssxxxx", "id" },
  { "sessions", "id, user_id, token, created_at, last_used_at, expires_at, address, agent",
    "xxsxxxss", "id" },
  { "api_keys", "id, user_id, token, name, access, routes, created_at, last_used_at", "xxssxsxx",
    "id" },
  { "invitations", "id, token, access, creator_id, created_at, expires_at, user_id", "xsxxxxx",
    "id" },
  { "share_links", "id, token, creator_id, kind, target, password, created_at, expires_at",
    "xsxxssxx", "id" },
  { "audit", "id, user_id, action, target, details, address, created_at", "xxssssx", "id" },
  { "tag_aliases",
    "id, antecedent, consequent_id, status, reason, creator_id, updater_id, created_at, updated_at",
    "xsxxsxxxx", "id" },
  { "jobs",
    "id, kind, creator_id, title, params, state, total, done, changed, posts, since, error, "
    "created_at, started_at, finished_at, undo_of",
    "xxxssxxxxBxsxxxx", "id" },
  { "tag_implications",
    "id, antecedent_id, consequent_id, status, reason, creator_id, updater_id, created_at, "
    "updated_at",
    "xxxxsxxxx", "id" },
  { "record_versions",
    "id, kind, record_id, version, updater_id, post_id, created_at, updated_at, data", "xxxxxxxxs",
    "id" },
  { "pools",
    "id, name, created_at, updated_at, description, is_active, is_deleted, category, post_count",
    "xsxxsxxsx", "id" },
  { "pool_posts", "pool_id, post_id, position", "xxx", "pool_id, post_id" },
  { "favorites", "id, user_id, post_id", "xxx", "id" },
  { "favorite_groups", "id, name, creator_id, created_at, updated_at, is_public, post_count",
    "xsxxxxx", "id" },
  { "favorite_group_posts", "favorite_group_id, post_id, position", "xxx",
    "favorite_group_id, post_id" },
  { "saved_searches", "id, user_id, query, created_at, updated_at, labels", "xxsxxs", "id" },
  { "post_votes", "id, post_id, user_id, score, created_at, updated_at, is_deleted", "xxxxxxx",
    "id" },
  { "comments",
    "id, created_at, post_id, creator_id, body, score, updated_at, updater_id, do_not_bump_post, "
    "is_deleted, is_sticky",
    "xxxxsxxxxxx", "id" },
  { "comment_votes", "id, comment_id, user_id, score, created_at, updated_at, is_deleted",
    "xxxxxxx", "id" },
  { "notes", "id, post_id, x, y, width, height, is_active, body, created_at, updated_at, version",
    "xxxxxxxsxxx", "id" },
  { "artist_commentaries",
    "id, post_id, original_title, original_description, translated_title, translated_description, "
    "created_at, updated_at",
    "xxssssxx", "id" },
  { "wiki_pages", "id, created_at, updated_at, title, body, is_locked, other_names, is_deleted",
    "xxxssxsx", "id" },
  { "artists",
    "id, name, is_deleted, is_banned, group_name, created_at, updated_at, other_names, urls",
    "xsxxsxxss", "id" },
  { "artist_urls", "id, artist_id, url, compared, created_at, updated_at, is_active", "xxssxxx",
    "id" },
};

/* Parents come when all posts are there. */
static const BooruSqlTable parents = { "posts", "id, parent_id", "xx", "id" };

typedef struct
{
  const char *to_name;
  BooruSql *from, *to;
  gboolean to_sqlite; /* in a file that is new */
  gboolean is_filled; /* and usable */
  BooruStoreProgress progress;
  gpointer user_data;
  BooruMigration *migration;
} Move;

void
booru_migration_clear (BooruMigration *self)
{
  g_clear_pointer (&self->aside, g_free);
}

static void
tell (const Move *self, const char *what)
{
  if (self->progress != NULL)
    self->progress (what, PATIENCE, self->user_data);
}

static void
on_copied (const char *table, gint64 n_rows, gpointer data)
{
  g_autofree char *what = g_strdup_printf ("copied %" G_GINT64_FORMAT " rows of %s", n_rows, table);

  tell (data, what);
}

/* Opening. */

static BooruSql *
open_database (const char *data_dir, const char *database, const Move *self, GError **error)
{
  return booru_drivers_open (data_dir, database, BOORU_STORE_CREATE, self->progress,
                             self->user_data, error);
}

/* A database that was moved from before is kept beside the new one. */
static gboolean
make_way (const char *data_dir, BooruMigration *migration, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, BOORU_FILE_DATABASE, NULL);
  g_autofree char *stamp = booru_sqlite_make_stamp ();
  g_autoptr (BooruSqliteDb) db = NULL;
  BooruBoardState state;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  db = booru_sqlite_db_open (data_dir, BOORU_STORE_CREATE, NULL, NULL, error);
  if (db == NULL || !booru_board_read_state (BOORU_SQL (db), &state, NULL, error))
    return FALSE;
  if (state == BOORU_BOARD_USABLE)
    {
      g_set_error (
          error, BOORU_ERROR, BOORU_ERROR_EXISTS,
          "There is a board in %s already. Move that file away, or use another data folder", path);
      return FALSE;
    }
  g_clear_object (&db);
  migration->aside = g_strdup_printf ("%s.moved-%s", path, stamp);
  return booru_sqlite_put_aside (path, migration->aside, error);
}

/* What a host that was once started on it leaves does not count: folders, and names of tags. */
static gboolean
has_board (const Move *self, gboolean *found, GError **error)
{
  static const BooruSqlTable kept[] = { { "posts", "", "", "id" },
                                        { "uploads", "", "", "id" },
                                        { "post_versions", "", "", "id" } };

  *found = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kept) && !*found; i++)
    {
      gint64 last;

      if (!booru_sql_read_last_key (self->to, &kept[i], &last, error))
        return FALSE;
      *found = last >= 0;
    }
  return TRUE;
}

/* A usable one is refused unless it is empty. */
static gboolean
check_target (const Move *self, GError **error)
{
  BooruBoardState state;
  gboolean found = FALSE;

  if (!booru_board_read_state (self->to, &state, NULL, error)
      || (state == BOORU_BOARD_USABLE && !has_board (self, &found, error)))
    return FALSE;
  if (!found)
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
               "There is a board in %s already. Give an empty database", self->to_name);
  return FALSE;
}

static gboolean
set_state (const Move *self, BooruBoardState state, GError **error)
{
  return booru_sql_run (self->to, error, "set-board-state", "is", (gint)state, NULL);
}

/* Copying. */

/* Tables that number their rows never give a number twice. */
static gboolean
copy_sequence (const Move *self, const BooruSqlTable *table, GError **error)
{
  gint64 given, last;

  if (!booru_sql_read_number (self->from, &given, error, "get-sequence", "s", table->name)
      || !booru_sql_read_last_key (self->from, table, &last, error))
    return FALSE;
  return MAX (given, last) <= 0
         || booru_sql_run (self->to, error, "set-sequence", "sx", table->name, MAX (given, last));
}

static gboolean
copy_sequences (const Move *self, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    if (g_str_equal (tables[i].key, "id") && !copy_sequence (self, &tables[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
copy_parents_from (const Move *self, gint64 first, GError **error)
{
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->from, error, "list-parents", "xx", first, first + BOORU_SQL_WINDOW);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      g_autoptr (BooruSqlStatement) update
          = booru_sql_query (self->to, error, "set-parent", "xx", booru_sql_get_number (rows, 0),
                             booru_sql_get_number (rows, 1));

      if (!booru_sql_post (update, error))
        return FALSE;
    }
  return step == BOORU_SQL_DONE;
}

static gboolean
copy_parents (const Move *self, GError **error)
{
  gint64 last;

  if (!booru_sql_read_last_key (self->from, &parents, &last, error))
    return FALSE;
  for (gint64 first = 0; first <= last; first += BOORU_SQL_WINDOW)
    if (!copy_parents_from (self, first, error))
      return FALSE;
  return TRUE;
}

/* The files stay where they are. */
static gboolean
copy_files_folder (const Move *self, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (self->from, error, "get-files-folder", "");
  BooruSqlStep step = booru_sql_step (row, error);

  return step == BOORU_SQL_DONE
         || (step == BOORU_SQL_ROW
             && booru_sql_run (self->to, error, "set-files-folder", "sk",
                               booru_sql_get_text (row, 0), booru_sql_get_number (row, 1)));
}

static gboolean
fill (gpointer data, GError **error)
{
  Move *self = data;

  if ((!self->to_sqlite && !booru_sql_run (self->to, error, "empty-tables", ""))
      || !booru_sql_run (self->to, error, "begin-filling", ""))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *what = g_strdup_printf ("copying %s", tables[i].name);

      tell (self, what);
      if (!booru_sql_copy_table (self->from, self->to, &tables[i], on_copied, self, error))
        return FALSE;
    }
  booru_sql_note_change_of_all (self->to, BOORU_CHANGE_POST);
  booru_sql_note_change_of_all (self->to, BOORU_CHANGE_TAG);
  return copy_files_folder (self, error) && copy_parents (self, error)
         && copy_sequences (self, error)
         && booru_sql_run (self->to, error, "count-filled-posts", "")
         && booru_sql_run (self->to, error, "count-filled-files", "");
}

/* Comparing. */

static gboolean
compare_table (const Move *self, const BooruSqlTable *table, GError **error)
{
  g_autofree char *here = NULL, *there = NULL;
  gint64 n_here, n_there;

  if (!booru_sql_digest_table (self->from, table, &n_here, &here, error)
      || !booru_sql_digest_table (self->to, table, &n_there, &there, error))
    return FALSE;
  self->migration->n_rows += n_there;
  if (g_str_equal (table->name, "posts"))
    self->migration->n_posts = n_there;
  if (g_str_equal (table->name, "files"))
    self->migration->n_files = n_there;
  if (n_here == n_there && g_str_equal (here, there))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CORRUPT,
               "The table %s was not copied right: %" G_GINT64_FORMAT " rows became "
               "%" G_GINT64_FORMAT ", or their contents differ. The source was not changed; %s is "
               "not used until it is filled again",
               table->name, n_here, n_there, self->to_name);
  return FALSE;
}

static gboolean
compare (const Move *self, GError **error)
{
  g_auto (BooruSqlSnapshot) snapshot = booru_sql_snapshot (self->to);

  tell (self, "comparing both databases");
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!compare_table (self, &tables[i], error))
      return FALSE;
  self->migration->n_rows -= self->migration->n_posts;
  return compare_table (self, &parents, error);
}

static gboolean
set_usable (gpointer data, GError **error)
{
  return set_state (data, BOORU_BOARD_USABLE, error);
}

static gboolean
set_unfinished (gpointer data, GError **error)
{
  return set_state (data, BOORU_BOARD_UNFINISHED, error);
}

/* So that whatever happens from here on, it is not taken for a board. One that was moved from is
 * written to by nobody, until it is marked anew. */
static gboolean
reserve (Move *self, GError **error)
{
  BooruBoardState state;

  return check_target (self, error) && booru_board_read_state (self->to, &state, NULL, error)
         && (state != BOORU_BOARD_MOVED || set_unfinished (self, error))
         && booru_sql_write (self->to, BOORU_SQL_DURABLE, set_unfinished, self, error);
}

/* Within a write of the source, so that nobody else writes there meanwhile. */
static gboolean
move (gpointer data, GError **error)
{
  Move *self = data;

  return booru_board_check_unused (self->from, error) && reserve (self, error)
         && booru_sql_write (self->to, BOORU_SQL_DURABLE, fill, self, error)
         && compare (self, error)
         && booru_sql_write (self->to, BOORU_SQL_DURABLE, set_usable, self, error)
         && (self->is_filled = TRUE)
         && booru_sql_run (self->from, error, "set-board-state", "is", (gint)BOORU_BOARD_MOVED,
                           self->to_name);
}

/* Of two databases never both are usable, unless the program dies at the very end. */
static gboolean
move_or_take_back (Move *self, GError **error)
{
  BooruBoardState state;

  if (booru_sql_write (self->from, BOORU_SQL_DURABLE, move, self, error))
    return TRUE;
  if (self->is_filled && booru_board_read_state (self->from, &state, NULL, NULL)
      && state == BOORU_BOARD_USABLE)
    booru_sql_write (self->to, BOORU_SQL_DURABLE, set_unfinished, self, NULL);
  return FALSE;
}

static gboolean
move_databases (const char *data_dir, const char *from, const char *to, Move *self, GError **error)
{
  g_autoptr (BooruSql) source = open_database (data_dir, from, self, error);
  g_autoptr (BooruSql) target = NULL;

  if (source == NULL || !booru_board_check_usable (source, error)
      || !booru_board_check_unused (source, error))
    return FALSE;
  if (booru_drivers_is_sqlite (to) && !make_way (data_dir, self->migration, error))
    return FALSE;
  target = open_database (data_dir, to, self, error);
  if (target == NULL || !booru_board_check_unused (target, error))
    return FALSE;
  self->from = source;
  self->to = target;
  self->to_sqlite = booru_drivers_is_sqlite (to);
  booru_sql_set_bulk (source, TRUE);
  booru_sql_set_bulk (target, TRUE);
  return booru_sql_run (source, error, "begin-moving", "")
         && booru_sql_run (target, error, "begin-moving", "") && move_or_take_back (self, error);
}

gboolean
booru_migrate (const char *data_dir,
               const char *from,
               const char *to,
               BooruStoreProgress progress,
               gpointer user_data,
               BooruMigration *migration,
               GError **error)
{
  Move self = { .to_name = booru_drivers_is_sqlite (to) ? "sqlite:" : to,
                .progress = progress,
                .user_data = user_data,
                .migration = migration };
  gboolean done;
  int lock;

  g_return_val_if_fail (data_dir != NULL && migration != NULL, FALSE);

  *migration = (BooruMigration){ 0 };
  if (booru_drivers_is_sqlite (from) ? booru_drivers_is_sqlite (to) : g_strcmp0 (from, to) == 0)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "The board is in %s already; give another database to move it to", self.to_name);
      return FALSE;
    }
  lock = booru_sqlite_lock_out_hosts (data_dir, error);
  if (lock < 0)
    return FALSE;
  done = move_databases (data_dir, from, to, &self, error);
  close (lock);
  return done;
}
