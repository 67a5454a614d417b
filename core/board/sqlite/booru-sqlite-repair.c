/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sqlite/booru-sqlite-repair.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "board/booru-variant.h"
#include "board/sqlite/booru-sqlite-backup.h"
#include "board/sqlite/booru-sqlite-place.h"
#include "board/sqlite/booru-sqlite-posts.h"
#include "board/sqlite/booru-sqlite-salvage.h"

#define READ_SIZE (1 << 20)

/* Of a backup, files may have moved since; a scan finds them. */
static const char *const not_from_backup[] = { "files", NULL };

typedef struct
{
  const char *data_dir;
  BooruSqliteDb *damaged; /* NULL: it cannot even be opened */
  BooruSqliteDb *backup;  /* or NULL */
  BooruSqliteRepair *repair;
  BooruSqliteTagCounts *counts;
  gint64 now;
} Work;

void
booru_sqlite_repair_clear (BooruSqliteRepair *self)
{
  g_clear_pointer (&self->aside, g_free);
}

static gboolean
run (BooruSqliteDb *db, const char *name, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, name, error);

  return statement != NULL && booru_sqlite_db_run (db, statement, error);
}

/* Posts of which only a file is left */

/* The file is opened only if it is still what the post was made of. */
static int
open_unchanged (const char *path, gint64 size, gint64 mtime_ns)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  struct stat st;

  if (fd >= 0 && fstat (fd, &st) == 0 && S_ISREG (st.st_mode) && st.st_size == size
      && st.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + st.st_mtim.tv_nsec == mtime_ns)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static char *
hash (int fd)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);
  g_autofree guint8 *buffer = g_malloc (READ_SIZE);
  gssize n;

  while ((n = read (fd, buffer, READ_SIZE)) > 0 || (n < 0 && errno == EINTR))
    if (n > 0)
      g_checksum_update (checksum, buffer, n);
  return n == 0 ? g_strdup (g_checksum_get_string (checksum)) : NULL;
}

/* Without them the next scan decodes the file again, and finds out what the post is to know. */
static void
remove_thumbnails (const char *data_dir, const char *md5)
{
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      g_autofree char *below = booru_variant_get_path ((BooruVariant)i, md5);
      g_autofree char *path = g_build_filename (data_dir, below, NULL);

      g_unlink (path);
    }
}

static char *
guess_ext (const char *path)
{
  const char *dot = strrchr (path, '.');
  gsize length = dot ? strlen (dot + 1) : 0;

  return length > 0 && length < 8 && g_utf8_validate (dot, -1, NULL) ? g_ascii_strdown (dot + 1, -1)
                                                                     : g_strdup ("jpg");
}

static gboolean
remake_post (BooruSqliteDb *db, Work *self, BooruSqliteStatement *lost, GError **error)
{
  g_autofree char *folder = booru_sqlite_column_bytes (lost, 1);
  g_autofree char *below = booru_sqlite_column_bytes (lost, 2);
  g_autofree char *path = g_build_filename (folder, below, NULL);
  g_autofree char *ext = guess_ext (below);
  int fd = open_unchanged (path, sqlite3_column_int64 (lost, 3), sqlite3_column_int64 (lost, 4));
  g_autofree char *md5 = fd >= 0 ? hash (fd) : NULL;
  g_autoptr (BooruSqliteStatement) statement = NULL;
  guint8 bytes[16];

  if (fd >= 0)
    close (fd);
  if (md5 == NULL || !booru_sqlite_md5_from_hex (md5, bytes))
    return TRUE; /* another file of the post, or the next scan, may do */
  statement = booru_sqlite_db_statement (db, "repair-insert-post", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, sqlite3_column_int64 (lost, 0));
  sqlite3_bind_blob (statement, 2, bytes, sizeof bytes, SQLITE_STATIC);
  sqlite3_bind_text (statement, 3, ext, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, sqlite3_column_int64 (lost, 3));
  sqlite3_bind_int64 (statement, 5, self->now);
  if (!booru_sqlite_db_run (db, statement, error))
    return FALSE;
  if (sqlite3_changes (db->handle) == 0)
    return TRUE;
  self->repair->n_remade++;
  remove_thumbnails (self->data_dir, md5);
  return TRUE;
}

static gboolean
remake_posts (BooruSqliteDb *db, Work *self, GError **error)
{
  g_autoptr (BooruSqliteStatement) lost = booru_sqlite_db_statement (db, "repair-list-lost", error);
  int code = SQLITE_ERROR;

  while (lost && (code = booru_sqlite_db_step (db, lost, error)) == SQLITE_ROW)
    if (!remake_post (db, self, lost, error))
      return FALSE;
  return code == SQLITE_DONE;
}

/* What is derived */

/* The category of a tag; one whose name is lost gets another, since posts refer to it. */
static gboolean
find_category (BooruSqliteDb *db, Work *self, gint64 id, guint *category, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "get-tag", error);
  g_autoptr (BooruSqliteStatement) insert = NULL;
  int code;

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  code = booru_sqlite_db_step (db, statement, error);
  if (code == SQLITE_ROW)
    {
      *category = (guint)CLAMP (sqlite3_column_int (statement, 1), 0, BOORU_TAG_META);
      return TRUE;
    }
  *category = BOORU_TAG_GENERAL;
  insert = code == SQLITE_DONE ? booru_sqlite_db_statement (db, "repair-insert-tag", error) : NULL;
  if (insert == NULL)
    return FALSE;
  sqlite3_bind_int64 (insert, 1, id);
  sqlite3_bind_int64 (insert, 2, self->now);
  self->repair->n_unnamed++;
  return booru_sqlite_db_run (db, insert, error);
}

static gboolean
write_post (BooruSqliteDb *db, Work *self, const BooruSqliteIndexRow *row, GError **error)
{
  static const BooruTagCategory order[]
      = { BOORU_TAG_GENERAL, BOORU_TAG_ARTIST, BOORU_TAG_COPYRIGHT, BOORU_TAG_CHARACTER,
          BOORU_TAG_META };
  guint counts[BOORU_TAG_META + 1] = { 0 };
  g_autoptr (GBytes) packed = booru_sqlite_tag_ids_pack (row->tags);
  g_autoptr (BooruSqliteStatement) statement = NULL;

  for (guint i = 0; i < row->tags->len; i++)
    {
      guint category;

      if (!find_category (db, self, g_array_index (row->tags, gint64, i), &category, error))
        return FALSE;
      counts[category]++;
    }
  statement = booru_sqlite_db_statement (db, "repair-write-post", error);
  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, row->post_id);
  sqlite3_bind_blob (statement, 2, g_bytes_get_data (packed, NULL) ?: "",
                     (int)g_bytes_get_size (packed), SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, row->tags->len);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    sqlite3_bind_int64 (statement, 4 + (int)i, counts[order[i]]);
  sqlite3_bind_int (statement, 9, row->status);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
derive_post (BooruSqliteDb *db, Work *self, gint64 id, GError **error)
{
  g_autoptr (GArray) tags = booru_sqlite_tag_ids_new ();
  BooruSqliteIndexRow row = { id, BOORU_POST_ACTIVE, BOORU_RATING_GENERAL, tags };
  g_autoptr (BooruSqliteStatement) statement
      = booru_sqlite_db_statement (db, "repair-read-post", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, id);
  if (booru_sqlite_db_step (db, statement, error) != SQLITE_ROW)
    return FALSE;
  row.status = sqlite3_column_int (statement, 0);
  if (!BOORU_POST_IS_DELETED (row.status))
    row.status = sqlite3_column_int (statement, 3) ? BOORU_POST_ACTIVE : BOORU_POST_MISSING;
  row.rating = sqlite3_column_text (statement, 1)[0];
  if (!booru_sqlite_tag_ids_unpack (sqlite3_column_blob (statement, 2),
                                    (gsize)sqlite3_column_bytes (statement, 2), tags))
    {
      g_array_set_size (tags, 0);
      self->repair->n_gaps++;
    }
  if (row.status == BOORU_POST_ACTIVE)
    booru_sqlite_tag_counts_add (self->counts, tags, 1);
  return write_post (db, self, &row, error) && booru_sqlite_index_add (db, &row, error);
}

static gboolean
derive (BooruSqliteDb *db, Work *self, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (BooruSqliteStatement) list
      = booru_sqlite_db_statement (db, "repair-list-posts", error);
  int code = SQLITE_ERROR;

  while (list && (code = booru_sqlite_db_step (db, list, error)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (list, 0);

      g_array_append_val (ids, id);
    }
  if (code != SQLITE_DONE || !run (db, "repair-reset-counts", error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!derive_post (db, self, g_array_index (ids, gint64, i), error))
      return FALSE;
  self->repair->n_posts = ids->len;
  return booru_sqlite_tag_counts_apply (self->counts, db, error)
         && run (db, "repair-hash-blocks", error);
}

/* References */

static gboolean
drop_dangling (BooruSqliteDb *db, BooruSqliteStatement *reference, GError **error)
{
  const char *table = (const char *)sqlite3_column_text (reference, 0);
  const char *column = (const char *)sqlite3_column_text (reference, 1);
  const char *to_table = (const char *)sqlite3_column_text (reference, 2);
  const char *to_column = (const char *)sqlite3_column_text (reference, 3);
  g_autofree char *sql
      = g_strdup_printf ("DELETE FROM %s WHERE %s IS NOT NULL AND %s NOT IN (SELECT %s FROM %s)",
                         table, column, column, to_column ? to_column : "rowid", to_table);

  return booru_sqlite_db_exec (db, sql, error);
}

/* A row whose post or folder is lost says nothing any more; a file's will be found by a scan. What
 * one deletion leaves dangling, the next round deletes. */
static gboolean
drop_all_dangling (BooruSqliteDb *db, GError **error)
{
  gint64 before;

  if (!run (db, "repair-parents", error))
    return FALSE;
  do
    {
      g_autoptr (BooruSqliteStatement) references
          = booru_sqlite_db_statement (db, "repair-list-references", error);
      int code = SQLITE_ERROR;

      before = sqlite3_total_changes64 (db->handle);
      while (references && (code = booru_sqlite_db_step (db, references, error)) == SQLITE_ROW)
        if (!drop_dangling (db, references, error))
          return FALSE;
      if (code != SQLITE_DONE)
        return FALSE;
    }
  while (sqlite3_total_changes64 (db->handle) > before);
  return TRUE;
}

static gboolean
raise_sequences (BooruSqliteDb *db, BooruSqliteDb *from, GError **error)
{
  g_autoptr (BooruSqliteStatement) list
      = booru_sqlite_db_statement (from, "repair-list-sequences", NULL);

  /* Where it is damaged, the rows themselves must do. */
  while (list && booru_sqlite_db_step (from, list, NULL) == SQLITE_ROW)
    {
      g_autoptr (BooruSqliteStatement) statement
          = booru_sqlite_db_statement (db, "repair-raise-sequence", error);

      if (statement == NULL)
        return FALSE;
      sqlite3_bind_value (statement, 1, sqlite3_column_value (list, 0));
      sqlite3_bind_value (statement, 2, sqlite3_column_value (list, 1));
      if (!booru_sqlite_db_run (db, statement, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
rebuild (BooruSqliteDb *db, gpointer data, GError **error)
{
  Work *self = data;
  BooruSqliteSalvage damaged = { 0 }, added = { 0 };

  if (self->damaged && !booru_sqlite_salvage (self->damaged, db, NULL, &damaged, error))
    return FALSE;
  if (!run (db, "repair-note-posts", error))
    return FALSE;
  if (self->backup && !booru_sqlite_salvage (self->backup, db, not_from_backup, &added, error))
    return FALSE;
  self->repair->n_rows = damaged.n_rows;
  self->repair->n_gaps = damaged.n_gaps + (self->damaged == NULL);
  self->repair->n_rows_added = added.n_rows;
  return remake_posts (db, self, error) && run (db, "repair-number-posts", error)
         && run (db, "repair-number-uploads", error) && run (db, "repair-apply-versions", error)
         && drop_all_dangling (db, error) && derive (db, self, error)
         && (self->damaged == NULL || raise_sequences (db, self->damaged, error))
         && (self->backup == NULL || raise_sequences (db, self->backup, error))
         && run (db, "repair-raise-uploads", error);
}

/* The new database, in one file without a log. */
static gboolean
build (Work *self, const char *folder, GError **error)
{
  g_autoptr (BooruSqliteDb) db = booru_sqlite_db_open (folder, BOORU_STORE_CREATE, error);

  return db != NULL && booru_sqlite_db_exec (db, "PRAGMA foreign_keys = OFF", error)
         && booru_sqlite_db_write (db, BOORU_SQLITE_DURABLE, rebuild, self, error)
         && booru_sqlite_db_exec (db, "PRAGMA journal_mode = DELETE", error);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static gboolean
exchange (Work *self, const char *fresh, const char *database, GError **error)
{
  g_autofree char *stamp = booru_sqlite_make_stamp ();
  g_autofree char *aside = g_strdup_printf ("%s.damaged-%s", database, stamp);
  BooruSqliteSummary summary;

  if (!booru_sqlite_check (fresh, &summary, error)
      || !booru_sqlite_sync_path (fresh, O_RDONLY, error))
    return FALSE;
  /* Nothing holds the old one open any more. */
  g_clear_pointer (&self->damaged, booru_sqlite_db_close);
  if (!booru_sqlite_put_aside (database, aside, error)
      || !booru_sqlite_move_into_place (fresh, database, error))
    {
      g_prefix_error (error, "The repaired database is %s, the damaged one is %s or %s: ", fresh,
                      database, aside);
      return FALSE;
    }
  self->repair->aside = g_steal_pointer (&aside);
  return booru_sqlite_sync_path (self->data_dir, O_RDONLY | O_DIRECTORY, error);
}

static gboolean
repair_locked (Work *self, const char *database, const char *backup, GError **error)
{
  g_autofree char *folder = g_build_filename (self->data_dir, "repair-XXXXXX", NULL);
  g_autofree char *fresh = NULL;
  gboolean done;

  if (backup)
    {
      self->backup = booru_sqlite_db_open_file (backup, SQLITE_OPEN_READONLY, error);
      if (self->backup == NULL)
        return FALSE;
    }
  if (g_mkdtemp_full (folder, 0700) == NULL)
    return booru_set_errno_error (error, errno, "Cannot make a folder in %s", self->data_dir);
  fresh = g_build_filename (folder, BOORU_FILE_DATABASE, NULL);
  self->damaged = booru_sqlite_db_open_file (database, SQLITE_OPEN_READONLY, NULL);
  done = build (self, folder, error) && exchange (self, fresh, database, error);
  g_clear_pointer (&self->damaged, booru_sqlite_db_close);
  /* If only the exchange failed halfway, it is what the error names. */
  if (done || g_file_test (database, G_FILE_TEST_EXISTS))
    remove_folder (folder);
  return done;
}

gboolean
booru_sqlite_repair (const char *data_dir,
                     const char *backup,
                     BooruSqliteRepair *repair,
                     GError **error)
{
  g_autofree char *database = g_build_filename (data_dir, BOORU_FILE_DATABASE, NULL);
  g_autoptr (BooruSqliteTagCounts) counts = booru_sqlite_tag_counts_new ();
  g_autoptr (GError) problem = NULL;
  Work work = { .data_dir = data_dir, .repair = repair, .counts = counts };
  BooruSqliteSummary summary;
  gboolean done;
  int lock;

  *repair = (BooruSqliteRepair){ 0 };
  if (!g_file_test (database, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "There is no database %s; --restore puts a backup there", database);
      return FALSE;
    }
  lock = booru_sqlite_lock_out_hosts (data_dir, error);
  if (lock < 0)
    return FALSE;
  work.now = g_get_real_time ();
  repair->was_sound = booru_sqlite_check (database, &summary, &problem);
  if (repair->was_sound)
    repair->n_posts = summary.n_posts;
  done = repair->was_sound;
  if (!done && !g_error_matches (problem, BOORU_ERROR, BOORU_ERROR_CORRUPT))
    g_propagate_error (error, g_steal_pointer (&problem)); /* newer, or not to be read: no damage */
  else if (!done)
    done = repair_locked (&work, database, backup, error);
  g_clear_pointer (&work.backup, booru_sqlite_db_close);
  close (lock);
  return done;
}
