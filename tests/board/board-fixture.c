/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "board/booru-id-list.h"

void
board_fixture_set_up (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->data_dir = g_dir_make_tmp ("booru-board-XXXXXX", &error);
  g_assert_no_error (error);
  self->store = booru_store_open (self->data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, &error);
  g_assert_no_error (error);
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
}

BooruStore *
board_fixture_open (BoardFixture *self)
{
  g_autoptr (GError) error = NULL;
  BooruStore *store
      = booru_store_open (self->data_dir, NULL, BOORU_STORE_READ_WRITE, NULL, NULL, &error);

  g_assert_no_error (error);
  return store;
}

char *
board_fixture_database (BoardFixture *self)
{
  return g_build_filename (self->data_dir, BOORU_FILE_DATABASE, NULL);
}

char *
board_query_text (BoardFixture *self, const char *sql)
{
  g_autofree char *path = board_fixture_database (self);
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  char *text = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_busy_timeout (db, 5000);
  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *)sqlite3_column_text (statement, 0));
  g_assert_cmpint (sqlite3_finalize (statement), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  return text;
}

void
board_execute (BoardFixture *self, const char *script)
{
  g_autofree char *path = board_fixture_database (self);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (sqlite3_exec (db, script, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", script, sqlite3_errmsg (db));
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

gint64
board_query_number (BoardFixture *self, const char *sql)
{
  g_autofree char *text = board_query_text (self, sql);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : -1;
}

/* What the search index answers, compared with what the posts say. */
static void
require_index (BoardFixture *self)
{
  g_autofree char *path = board_fixture_database (self);
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *rows = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_prepare_v2 (db, "SELECT id, status, rating, tags, tag_count FROM posts", -1, &rows, NULL);
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      g_autofree char *query = g_strdup_printf (
          "id:%lld rating:%s status:any -status:%s tagcount:%d",
          (long long)sqlite3_column_int64 (rows, 0), sqlite3_column_text (rows, 2),
          sqlite3_column_int (rows, 1) == BOORU_POST_ACTIVE ? "deleted" : "active",
          sqlite3_column_int (rows, 4));

      g_assert_true (booru_id_list_unpack (sqlite3_column_blob (rows, 3),
                                           sqlite3_column_bytes (rows, 3), ids));
      g_assert_cmpint (ids->len, ==, sqlite3_column_int (rows, 4));
      if (board_count (self->store, query) != 1)
        g_error ("The index does not find %s", query);
      for (guint i = 0; i < ids->len && sqlite3_column_int (rows, 1) == BOORU_POST_ACTIVE; i++)
        {
          gpointer key = GSIZE_TO_POINTER ((gsize)g_array_index (ids, gint64, i));

          g_hash_table_insert (
              counts, key,
              GSIZE_TO_POINTER (1 + GPOINTER_TO_SIZE (g_hash_table_lookup (counts, key))));
        }
    }
  sqlite3_finalize (rows);

  sqlite3_prepare_v2 (db, "SELECT id, post_count, name FROM tags", -1, &rows, NULL);
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      gint64 count = sqlite3_column_int64 (rows, 1);

      g_assert_cmpint (count, ==,
                       GPOINTER_TO_SIZE (g_hash_table_lookup (
                           counts, GSIZE_TO_POINTER ((gsize)sqlite3_column_int64 (rows, 0)))));
      g_assert_cmpint (board_count (self->store, (const char *)sqlite3_column_text (rows, 2)), ==,
                       count);
    }
  sqlite3_finalize (rows);
  sqlite3_close (db);
}

void
board_require_consistent (BoardFixture *self)
{
  g_autofree char *integrity = board_query_text (self, "PRAGMA integrity_check");

  g_assert_cmpstr (integrity, ==, "ok");
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM pragma_foreign_key_check"), ==,
                   0);
  g_assert_cmpint (
      board_query_number (self, "SELECT count(*) FROM (SELECT status, rating, count(*) AS n FROM "
                                "posts GROUP BY 1, 2 EXCEPT SELECT * FROM post_counts)"),
      ==, 0);
  g_assert_cmpint (board_query_number (self, "SELECT total(n) FROM post_counts"), ==,
                   board_query_number (self, "SELECT count(*) FROM posts"));
  g_assert_cmpint (
      board_query_number (
          self, "SELECT count(*) FROM (SELECT folder_id, iif(post_id NOT NULL, 0, iif(failure NOT "
                "NULL, 1, 2)), count(*) FROM files GROUP BY 1, 2 EXCEPT SELECT * FROM "
                "file_counts)"),
      ==, 0);
  g_assert_cmpint (board_query_number (self, "SELECT total(n) FROM file_counts"), ==,
                   board_query_number (self, "SELECT count(*) FROM files"));
  g_assert_cmpint (
      board_query_number (self, "SELECT count(*) FROM posts WHERE status <> 1 AND (status = 0) <> "
                                "EXISTS (SELECT 1 FROM files WHERE post_id = posts.id)"),
      ==, 0);
  require_index (self);
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
