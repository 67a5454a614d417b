/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "board/booru-id-list.h"
#include "board/drivers/booru-drivers.h"
#include "board/sql/booru-sql-driver.h"
#include "board/sqlite/booru-sqlite-db.h"
#include "pg-cluster.h"

/* What scripts of tests use of SQLite. */
#define COMPATIBILITY                                                                              \
  "CREATE FUNCTION randomblob (n integer) RETURNS bytea LANGUAGE sql VOLATILE RETURN"              \
  " decode (substr (md5 (random ()::text) || md5 (random ()::text), 1, 2 * n), 'hex');"            \
  "CREATE FUNCTION hex (bytea) RETURNS text LANGUAGE sql IMMUTABLE"                                \
  " RETURN upper (encode ($1, 'hex'));"                                                            \
  "CREATE AGGREGATE group_concat (text) (SFUNC = textcat, STYPE = text, INITCOND = '');"

/* After rows were put in by their ids; and other connections look. */
#define AFTERWARDS                                                                                 \
  ";SELECT setval (pg_get_serial_sequence ('posts', 'id'), max (id)) FROM posts HAVING max (id) "  \
  "> 0;"                                                                                           \
  "SELECT setval (pg_get_serial_sequence ('tags', 'id'), max (id)) FROM tags HAVING max (id) > 0;" \
  "NOTIFY booru, ''"

BooruStore *
board_open_store (const char *data_dir, const char *database, BooruStoreOpenMode mode)
{
  g_autoptr (GError) error = NULL;
  BooruStore *store = booru_store_open (data_dir, database, mode, NULL, NULL, &error);

  g_assert_no_error (error);
  return store;
}

char *
board_add_database (void)
{
  return pg_cluster_exists () ? pg_cluster_add_database () : NULL;
}

gboolean
board_skip_but_for_sqlite (BoardFixture *self)
{
  if (self->database != NULL)
    g_test_skip ("of SQLite only");
  return self->database != NULL;
}

void
board_fixture_set_up (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->data_dir = g_dir_make_tmp ("booru-board-XXXXXX", &error);
  g_assert_no_error (error);
  self->database = board_add_database ();
  self->store = board_open_store (self->data_dir, self->database, BOORU_STORE_CREATE);
  if (self->database != NULL)
    g_free (pg_cluster_query (self->database, COMPATIBILITY));
  self->folder = booru_store_ensure_folder (self->store, "/pictures", BOORU_FOLDER_LIBRARY, &error);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
board_fixture_tear_down (BoardFixture *self, gconstpointer data)
{
  g_clear_pointer (&self->folder, booru_folder_free);
  g_clear_object (&self->store);
  remove_tree (self->data_dir);
  g_clear_pointer (&self->data_dir, g_free);
  g_clear_pointer (&self->database, g_free);
}

BooruStore *
board_fixture_open (BoardFixture *self)
{
  return board_open_store (self->data_dir, self->database, BOORU_STORE_READ_WRITE);
}

char *
board_fixture_database (BoardFixture *self)
{
  return g_build_filename (self->data_dir, BOORU_FILE_DATABASE, NULL);
}

/* Asking the database itself */

static BooruSql *
open_sql (BoardFixture *self)
{
  g_autoptr (GError) error = NULL;
  gpointer sql;

  if (self->database != NULL)
    sql = booru_drivers_open (NULL, self->database, BOORU_STORE_READ_WRITE, NULL, NULL, &error);
  else
    sql = booru_sqlite_db_open (self->data_dir, BOORU_STORE_READ_WRITE, NULL, NULL, &error);
  g_assert_no_error (error);
  return sql;
}

static BooruSqlStatement *
prepare (BooruSql *sql, const char *text)
{
  g_autoptr (GError) error = NULL;
  BooruSqlStatement *statement = BOORU_SQL_GET_CLASS (sql)->prepare (sql, "test", text, "", &error);

  g_assert_no_error (error);
  statement->sql = sql;
  statement->name = "test";
  return statement;
}

static gboolean
step (BooruSqlStatement *statement)
{
  g_autoptr (GError) error = NULL;
  BooruSqlStep result = booru_sql_step (statement, &error);

  g_assert_no_error (error);
  return result == BOORU_SQL_ROW;
}

static void
end (BooruSqlStatement *statement)
{
  BooruSqlClass *class = BOORU_SQL_GET_CLASS (statement->sql);

  class->reset (statement);
  class->free_statement (statement);
}

char *
board_query_text (BoardFixture *self, const char *sql)
{
  g_autoptr (BooruSql) connection = open_sql (self);
  g_autofree char *as_text = g_strdup_printf ("SELECT CAST ((%s) AS text)", sql);
  BooruSqlStatement *statement = prepare (connection, as_text);
  char *text = step (statement) ? g_strdup (booru_sql_get_text (statement, 0)) : NULL;

  end (statement);
  return text;
}

/* SQLite's literals of bytes are PostgreSQL's of bits. */
static char *
translate (const char *script)
{
  g_autoptr (GRegex) literal = g_regex_new ("\\bx'([0-9a-fA-F]*)'", 0, 0, NULL);
  g_autofree char *text = g_regex_replace (literal, script, -1, 0, "'\\\\x\\1'::bytea", 0, NULL);

  return g_strconcat (text, AFTERWARDS, NULL);
}

void
board_execute (BoardFixture *self, const char *script)
{
  g_autoptr (BooruSqliteDb) db = NULL;
  g_autofree char *translated = NULL, *path = NULL, *output = NULL;

  if (self->database != NULL)
    {
      translated = translate (script);
      output = pg_cluster_query (self->database, translated);
      return;
    }
  path = board_fixture_database (self);
  db = booru_sqlite_db_open_file (path, SQLITE_OPEN_READWRITE, NULL);
  g_assert_true (booru_sqlite_db_exec (db, script, NULL));
}

gint64
board_query_number (BoardFixture *self, const char *sql)
{
  g_autofree char *text = board_query_text (self, sql);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : -1;
}

static void
require_posts (BoardFixture *self, BooruSql *sql, GHashTable *counts)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  BooruSqlStatement *rows = prepare (sql, "SELECT id, status, rating, tags, tag_count FROM posts");

  while (step (rows))
    {
      gboolean active = booru_sql_get_number (rows, 1) == BOORU_POST_ACTIVE;
      g_autofree char *query = g_strdup_printf (
          "id:%" G_GINT64_FORMAT " rating:%s status:any -status:%s tagcount:%" G_GINT64_FORMAT,
          booru_sql_get_number (rows, 0), booru_sql_get_text (rows, 2),
          active ? "deleted" : "active", booru_sql_get_number (rows, 4));
      gsize length;
      const void *packed = booru_sql_get_bytes (rows, 3, &length);

      g_assert_true (booru_id_list_unpack (packed, length, ids));
      g_assert_cmpint (ids->len, ==, booru_sql_get_number (rows, 4));
      if (board_count (self->store, query) != 1)
        g_error ("The index does not find %s", query);
      for (guint i = 0; i < ids->len && active; i++)
        {
          gpointer key = GSIZE_TO_POINTER ((gsize)g_array_index (ids, gint64, i));

          g_hash_table_insert (
              counts, key,
              GSIZE_TO_POINTER (1 + GPOINTER_TO_SIZE (g_hash_table_lookup (counts, key))));
        }
    }
  end (rows);
}

/* What the search index answers, compared with what the posts say. */
static void
require_index (BoardFixture *self)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  g_autoptr (BooruSql) sql = open_sql (self);
  BooruSqlStatement *rows;

  require_posts (self, sql, counts);
  /* Of a tag with aliases a search finds more, and of an alias what that finds. */
  rows = prepare (sql, "SELECT id, post_count, name, CASE WHEN EXISTS (SELECT 1 FROM tag_aliases "
                       "WHERE status = 0 AND (antecedent = name OR consequent_id = tags.id)) "
                       "THEN 1 ELSE 0 END FROM tags");
  while (step (rows))
    {
      gpointer key = GSIZE_TO_POINTER ((gsize)booru_sql_get_number (rows, 0));
      gint64 count = booru_sql_get_number (rows, 1);

      g_assert_cmpint (count, ==, GPOINTER_TO_SIZE (g_hash_table_lookup (counts, key)));
      if (booru_sql_get_number (rows, 3) == 0)
        g_assert_cmpint (board_count (self->store, booru_sql_get_text (rows, 2)), ==, count);
    }
  end (rows);
}

void
board_require_intact (BoardFixture *self)
{
  g_autoptr (BooruSql) sql = open_sql (self);
  BooruSqlStatement *statement;

  if (self->database != NULL)
    return;
  statement = prepare (sql, "PRAGMA integrity_check");
  g_assert_true (step (statement));
  g_assert_cmpstr (booru_sql_get_text (statement, 0), ==, "ok");
  end (statement);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM pragma_foreign_key_check"), ==,
                   0);
}

void
board_require_consistent (BoardFixture *self)
{
  static const char *const nothing[] = {
    "SELECT count(*) FROM (SELECT status, rating, count(*) AS n FROM posts GROUP BY 1, 2"
    " EXCEPT SELECT * FROM post_counts) AS different",
    "SELECT coalesce ((SELECT sum (n) FROM post_counts), 0) - (SELECT count(*) FROM posts)",
    "SELECT count(*) FROM (SELECT folder_id, CASE WHEN post_id IS NOT NULL THEN 0"
    " WHEN failure IS NOT NULL THEN 1 ELSE 2 END, count(*) FROM files GROUP BY 1, 2"
    " EXCEPT SELECT * FROM file_counts) AS different",
    "SELECT coalesce ((SELECT sum (n) FROM file_counts), 0) - (SELECT count(*) FROM files)",
    "SELECT count(*) FROM posts WHERE status <> 1 AND (status = 0) <>"
    " EXISTS (SELECT 1 FROM files WHERE post_id = posts.id)",
  };

  board_require_intact (self);
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    g_assert_cmpint (board_query_number (self, nothing[i]), ==, 0);
  require_index (self);
}

void
board_await_news (BooruStore *store, guint64 generation)
{
  for (guint i = 0; booru_store_get_generation (store) == generation; i++)
    {
      g_assert_cmpuint (i, <, 10000);
      g_usleep (1000);
    }
}

struct _BoardLock
{
  BooruSql *sql; /* of PostgreSQL */
  int fd;        /* of SQLite */
};

BoardLock *
board_take_lock (BoardFixture *self)
{
  BoardLock *lock = g_new0 (BoardLock, 1);
  g_autofree char *path = g_build_filename (self->data_dir, BOORU_FILE_WRITE_LOCK, NULL);

  if (self->database != NULL)
    {
      lock->sql = open_sql (self);
      g_assert_true (BOORU_SQL_GET_CLASS (lock->sql)->begin (lock->sql, BOORU_SQL_NORMAL, NULL));
      g_assert_true (booru_sql_run (lock->sql, NULL, "raise-generation", ""));
      return lock;
    }
  lock->fd = open (path, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (lock->fd, >=, 0);
  g_assert_cmpint (flock (lock->fd, LOCK_EX | LOCK_NB), ==, 0);
  return lock;
}

void
board_release_lock (BoardLock *self)
{
  if (self->sql == NULL)
    close (self->fd);
  else
    BOORU_SQL_GET_CLASS (self->sql)->rollback (self->sql);
  g_clear_object (&self->sql);
  g_free (self);
}

BooruFileChange *
board_add (BoardFixture *self, const char *path, guint content)
{
  BooruFileChange *change = booru_file_change_new (BOORU_FILE_ADD);
  g_autofree char *text = g_strdup_printf ("content %u", content);
  g_autofree char *md5 = g_compute_checksum_for_string (G_CHECKSUM_MD5, text, -1);

  change->folder_id = self->folder->id;
  change->path = g_strdup (path);
  change->stat = (BooruFileStat){ 1000 + content, 5000000000 + content, 70000 + content, 8 };
  g_strlcpy (change->media.md5, md5, sizeof change->media.md5);
  g_strlcpy (change->media.ext, "jpg", sizeof change->media.ext);
  change->media.size = 1000 + content;
  change->media.width = 640;
  change->media.height = 480;
  change->media.duration = -1;
  change->media.frames = 1;
  change->media.phash = G_GUINT64_CONSTANT (0xfedcba9876543210) + content;
  return change;
}

BooruFileChange *
board_change (BooruFileChangeKind kind, gint64 file_id)
{
  BooruFileChange *change = booru_file_change_new (kind);

  change->file_id = file_id;
  return change;
}

void
board_apply (BoardFixture *self, BooruFileChange *first, ...)
{
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autoptr (GError) error = NULL;
  va_list args;

  va_start (args, first);
  for (BooruFileChange *change = first; change != NULL; change = va_arg (args, BooruFileChange *))
    g_ptr_array_add (changes, change);
  va_end (args);
  booru_store_apply_file_changes (self->store, changes, &error);
  g_assert_no_error (error);
}

gint64
board_add_post (BoardFixture *self, const char *path, guint content)
{
  g_autoptr (GPtrArray) changes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  g_autoptr (GError) error = NULL;
  BooruFileChange *change = board_add (self, path, content);

  g_ptr_array_add (changes, change);
  booru_store_apply_file_changes (self->store, changes, &error);
  g_assert_no_error (error);
  g_assert_cmpint (change->post_id, >, 0);
  return change->post_id;
}

gint64
board_file_id (BoardFixture *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruFile) file = booru_store_find_file (self->store, self->folder->id, path, &error);

  if (file == NULL)
    g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  return file != NULL ? file->id : 0;
}

BooruPostStatus
board_status (BoardFixture *self, gint64 post_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = booru_store_get_post (self->store, post_id, &error);

  g_assert_no_error (error);
  return post->status;
}

BooruPost *
board_edit (BooruStore *store, gint64 id, const char *tags)
{
  g_autoptr (GError) error = NULL;
  BooruPostEdit edit = BOORU_POST_EDIT_INIT;
  BooruPost *post;

  edit.tag_string = tags;
  post = booru_store_edit_post (store, id, &edit, &error);
  g_assert_no_error (error);
  g_assert_nonnull (post);
  return post;
}

void
board_require_tags (BooruStore *store, gint64 id, const char *tags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruPost) post = booru_store_get_post (store, id, &error);
  g_autofree char *string = NULL;

  g_assert_no_error (error);
  string = booru_post_dup_tag_string (post);
  g_assert_cmpstr (string, ==, tags);
}

gint64
board_count (BooruStore *store, const char *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruQuery) parsed = booru_query_parse (query);
  gint64 count = booru_store_count (store, parsed, NULL, &error);

  g_assert_no_error (error);
  return count;
}

gint64
board_tag_count (BoardFixture *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  g_autoptr (GPtrArray) tags = NULL;

  filter.names = (const char *const[]){ name, NULL };
  tags = booru_store_list_tags (self->store, &filter, &error);
  g_assert_no_error (error);
  return tags->len == 1 ? ((BooruTag *)tags->pdata[0])->post_count : -1;
}
