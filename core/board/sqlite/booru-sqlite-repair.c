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
#include "board/booru-id-list.h"
#include "board/booru-variant.h"
#include "board/sqlite/booru-sqlite-backup.h"
#include "board/sqlite/booru-sqlite-place.h"
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
  GHashTable *counts; /* gint64 id of a tag -> GSIZE, how many active posts have it */
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
  return booru_sql_run (BOORU_SQL (db), error, name, "");
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
remake_post (BooruSqliteDb *db, Work *self, BooruSqlStatement *lost, GError **error)
{
  g_autofree char *folder = booru_sql_dup_bytes (lost, 1);
  g_autofree char *below = booru_sql_dup_bytes (lost, 2);
  g_autofree char *path = g_build_filename (folder, below, NULL);
  g_autofree char *ext = guess_ext (below);
  gint64 size = booru_sql_get_number (lost, 3);
  int fd = open_unchanged (path, size, booru_sql_get_number (lost, 4));
  g_autofree char *md5 = fd >= 0 ? hash (fd) : NULL;
  gint64 id;

  if (fd >= 0)
    close (fd);
  if (md5 == NULL)
    return TRUE; /* another file of the post, or the next scan, may do */
  if (!booru_sql_read_number (BOORU_SQL (db), &id, error, "repair-insert-post", "xhsxx",
                              booru_sql_get_number (lost, 0), md5, ext, size, self->now))
    return FALSE;
  if (id == 0)
    return TRUE;
  self->repair->n_remade++;
  remove_thumbnails (self->data_dir, md5);
  return TRUE;
}

static gboolean
remake_posts (BooruSqliteDb *db, Work *self, GError **error)
{
  g_autoptr (BooruSqlStatement) lost
      = booru_sql_query (BOORU_SQL (db), error, "repair-list-lost", "");
  BooruSqlStep step;

  while ((step = booru_sql_step (lost, error)) == BOORU_SQL_ROW)
    if (!remake_post (db, self, lost, error))
      return FALSE;
  return step == BOORU_SQL_DONE;
}

/* What is derived */

static void
count_tag (Work *self, gint64 id, gboolean is_used)
{
  gsize count = GPOINTER_TO_SIZE (g_hash_table_lookup (self->counts, &id));

  g_hash_table_replace (self->counts, g_memdup2 (&id, sizeof id),
                        GSIZE_TO_POINTER (count + (is_used ? 1 : 0)));
}

static gboolean
derive_post (BooruSqliteDb *db, Work *self, gint64 id, GError **error)
{
  g_autoptr (GArray) tags = booru_id_list_new ();
  g_autoptr (BooruSqlStatement) row
      = booru_sql_query (BOORU_SQL (db), error, "repair-read-post", "x", id);
  BooruPostStatus status;
  const void *packed;
  gsize length;

  if (booru_sql_step (row, error) != BOORU_SQL_ROW)
    return FALSE;
  status = (BooruPostStatus)booru_sql_get_number (row, 0);
  if (!BOORU_POST_IS_DELETED (status))
    status = booru_sql_get_number (row, 2) ? BOORU_POST_ACTIVE : BOORU_POST_MISSING;
  packed = booru_sql_get_bytes (row, 1, &length);
  if (!booru_id_list_unpack (packed, length, tags))
    {
      g_array_set_size (tags, 0);
      self->repair->n_gaps++;
    }
  for (guint i = 0; i < tags->len; i++)
    count_tag (self, g_array_index (tags, gint64, i), status == BOORU_POST_ACTIVE);
  return booru_sql_run (BOORU_SQL (db), error, "repair-write-post", "xlui", id, tags, tags->len,
                        (gint)status);
}

/* A tag whose name is lost gets another, since posts refer to it. */
static gboolean
derive_tag (BooruSqliteDb *db, Work *self, gint64 id, gint64 count, GError **error)
{
  gint64 made;

  if (!booru_sql_read_number (BOORU_SQL (db), &made, error, "repair-insert-tag", "xx", id,
                              self->now))
    return FALSE;
  self->repair->n_unnamed += made != 0;
  return booru_sql_run (BOORU_SQL (db), error, "repair-write-tag", "xx", id, count);
}

static gboolean
derive_tags (BooruSqliteDb *db, Work *self, GError **error)
{
  GHashTableIter iter;
  gint64 *id;
  gpointer count;

  if (!run (db, "repair-reset-counts", error))
    return FALSE;
  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, (gpointer *)&id, &count))
    if (!derive_tag (db, self, *id, (gint64)GPOINTER_TO_SIZE (count), error))
      return FALSE;
  return TRUE;
}

static gboolean
derive (BooruSqliteDb *db, Work *self, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (BooruSqlStatement) list
      = booru_sql_query (BOORU_SQL (db), error, "repair-list-posts", "");
  BooruSqlStep step;

  while ((step = booru_sql_step (list, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (list, 0);

      g_array_append_val (ids, id);
    }
  if (step != BOORU_SQL_DONE)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!derive_post (db, self, g_array_index (ids, gint64, i), error))
      return FALSE;
  self->repair->n_posts = ids->len;
  return derive_tags (db, self, error) && run (db, "repair-hash-blocks", error);
}

/* References */

static gboolean
drop_dangling (BooruSqliteDb *db, BooruSqlStatement *reference, GError **error)
{
  const char *table = booru_sql_get_text (reference, 0);
  const char *column = booru_sql_get_text (reference, 1);
  const char *to_table = booru_sql_get_text (reference, 2);
  const char *to_column = booru_sql_get_text (reference, 3);
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
      g_autoptr (BooruSqlStatement) references
          = booru_sql_query (BOORU_SQL (db), error, "repair-list-references", "");
      BooruSqlStep step;

      before = sqlite3_total_changes64 (db->handle);
      while ((step = booru_sql_step (references, error)) == BOORU_SQL_ROW)
        if (!drop_dangling (db, references, error))
          return FALSE;
      if (step != BOORU_SQL_DONE)
        return FALSE;
    }
  while (sqlite3_total_changes64 (db->handle) > before);
  return TRUE;
}

static gboolean
raise_sequences (BooruSqliteDb *db, BooruSqliteDb *from, GError **error)
{
  g_autoptr (BooruSqlStatement) list
      = booru_sql_query (BOORU_SQL (from), NULL, "repair-list-sequences", "");

  /* Where it is damaged, the rows themselves must do. */
  while (booru_sql_step (list, NULL) == BOORU_SQL_ROW)
    if (!booru_sql_run (BOORU_SQL (db), error, "repair-raise-sequence", "sx",
                        booru_sql_get_text (list, 0), booru_sql_get_number (list, 1)))
      return FALSE;
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
  g_autoptr (BooruSqliteDb) db
      = booru_sqlite_db_open (folder, BOORU_STORE_CREATE, NULL, NULL, error);

  return db != NULL && booru_sqlite_db_exec (db, "PRAGMA foreign_keys = OFF", error)
         && booru_sqlite_db_write (db, rebuild, self, error)
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
  g_clear_object (&self->damaged);
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
  g_clear_object (&self->damaged);
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
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
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
  g_clear_object (&work.backup);
  close (lock);
  return done;
}
