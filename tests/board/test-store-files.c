/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders, files, and what the monitor reports of them. */
#include "board-fixture.h"
#include "board/sqlite/booru-sqlite-db.h"

#define SCHEMA "/org/booru/sqlite/schema/"

static GPtrArray *
changes_of (BooruFileChange *first, ...)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
  va_list args;

  va_start (args, first);
  for (BooruFileChange *change = first; change != NULL; change = va_arg (args, BooruFileChange *))
    g_ptr_array_add (changes, change);
  va_end (args);
  return changes;
}

static BooruFileChange *
report (BoardFixture *self, BooruFileChangeKind kind, const char *path)
{
  BooruFileChange *change = booru_file_change_new (kind);

  change->folder_id = self->folder->id;
  change->path = g_strdup (path);
  change->stat = (BooruFileStat){ 11, 22, 33, 44 };
  return change;
}

static BooruFileChange *
moved (BoardFixture *self, const char *from, const char *to)
{
  BooruFileChange *change = report (self, BOORU_FILE_MOVE, to);

  change->file_id = board_file_id (self, from);
  return change;
}

static BooruFileChange *
linked (BoardFixture *self, gint64 post_id, const char *path)
{
  BooruFileChange *change = report (self, BOORU_FILE_LINK, path);

  change->post_id = post_id;
  return change;
}

static void
test_folders (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruFolder) again
      = booru_store_ensure_folder (self->store, "/pictures//", BOORU_FOLDER_LIBRARY, &error);
  g_autoptr (BooruFolder) odd = booru_store_ensure_folder (self->store, "/p\xff\n\xf0\x9f\x98\x80",
                                                           BOORU_FOLDER_MANAGED, &error);
  g_autoptr (GPtrArray) folders = NULL;
  BooruFolder *folder;

  g_assert_no_error (error);
  g_assert_cmpint (again->id, ==, self->folder->id);
  g_assert_cmpint (odd->kind, ==, BOORU_FOLDER_MANAGED);
  g_assert_true (booru_store_set_folder_state (self->store, odd->id, FALSE, G_MAXUINT64, &error));

  folders = booru_store_list_folders (self->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (folders->len, ==, 2);
  folder = folders->pdata[1];
  g_assert_cmpstr (folder->path, ==, "/p\xff\n\xf0\x9f\x98\x80");
  g_assert_false (folder->present);
  g_assert_cmpuint (folder->device, ==, G_MAXUINT64);

  g_assert_false (booru_store_set_folder_state (self->store, 99, TRUE, 0, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (booru_store_ensure_folder (self->store, "relative", BOORU_FOLDER_LIBRARY, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (
      booru_store_ensure_folder (self->store, "/pictures", BOORU_FOLDER_MANAGED, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS);
}

static void
test_add (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  BooruFileChange *add = board_add (self, "sub/a\xff\n.jpg", 1);
  BooruFileChange *copy = board_add (self, "b.jpg", 1);
  g_autoptr (GPtrArray) changes = changes_of (add, copy, NULL);
  g_autoptr (BooruFile) file = NULL, renamed = NULL;
  g_autoptr (GPtrArray) files = NULL;

  g_assert_true (booru_store_apply_file_changes (self->store, changes, &error));
  g_assert_no_error (error);
  g_assert_true (add->created);
  g_assert_false (copy->created);
  g_assert_cmpint (copy->post_id, ==, add->post_id);

  file = booru_store_find_file (self->store, self->folder->id, "sub/a\xff\n.jpg", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (file->path, ==, "sub/a\xff\n.jpg");
  g_assert_cmpint (file->post_id, ==, add->post_id);
  g_assert_cmpint (file->stat.size, ==, 1001);
  g_assert_cmpint (file->stat.mtime_ns, ==, 5000000001);
  g_assert_cmpuint (file->stat.inode, ==, 70001);
  g_assert_null (file->failure);

  renamed = booru_store_find_file_by_inode (self->store, &file->stat, &error);
  g_assert_no_error (error);
  g_assert_cmpint (renamed->id, ==, file->id);
  file->stat.mtime_ns++;
  g_assert_null (booru_store_find_file_by_inode (self->store, &file->stat, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND);

  files = booru_store_list_post_files (self->store, add->post_id, NULL);
  g_assert_cmpuint (files->len, ==, 2);
  board_require_consistent (self);
}

static gboolean
is_taken (BoardFixture *self, const char *name, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BooruFile) file = booru_store_find_taken_file (self->store, name, &error);

  g_assert_true (file != NULL || booru_err_notfound (error));
  return file != NULL && g_str_equal (file->path, path);
}

/* A name leads to the file that had it last, also after that was moved; not to one that is gone. */
static void
test_taken (BoardFixture *self, gconstpointer data)
{
  BooruFileChange *first = board_add (self, "ab/1.jpg", 1),
                  *second = board_add (self, "ab/2.jpg", 2);
  BooruFileChange *link;

  first->taken_name = g_strdup ("sub/a\xff.jpg");
  second->taken_name = g_strdup ("b.jpg");
  board_apply (self, first, second, NULL);
  g_assert_true (is_taken (self, "sub/a\xff.jpg", "ab/1.jpg"));
  g_assert_true (is_taken (self, "b.jpg", "ab/2.jpg"));
  g_assert_false (is_taken (self, "a\xff.jpg", "ab/1.jpg"));

  link = linked (self, 1, "ab/3.jpg");
  link->taken_name = g_strdup ("b.jpg");
  board_apply (self, link, moved (self, "ab/1.jpg", "cd/1.jpg"), NULL);
  g_assert_true (is_taken (self, "b.jpg", "ab/3.jpg"));
  g_assert_true (is_taken (self, "sub/a\xff.jpg", "cd/1.jpg"));
  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "ab/3.jpg")), NULL);
  g_assert_false (is_taken (self, "b.jpg", "ab/3.jpg"));

  for (guint i = 0; i < BOORU_TAKEN_FILES_KEPT; i++)
    {
      g_autoptr (GPtrArray) changes = changes_of (linked (self, 1, "many"), NULL);

      ((BooruFileChange *)changes->pdata[0])->taken_name = g_strdup_printf ("%u", i);
      g_assert_true (booru_store_apply_file_changes (self->store, changes, NULL));
    }
  g_assert_false (is_taken (self, "sub/a\xff.jpg", "cd/1.jpg"));
  g_assert_true (is_taken (self, "0", "many"));
  board_require_consistent (self);
}

static void
test_vanish_and_return (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  BooruFileChange *gone;

  booru_post_unref (board_edit (self->store, id, "sky rating:q"));
  gone = board_change (BOORU_FILE_REMOVE, board_file_id (self, "a.jpg"));
  board_apply (self, gone, NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_MISSING);
  g_assert_cmpint (board_file_id (self, "a.jpg"), ==, 0);
  g_assert_cmpint (board_tag_count (self, "sky"), ==, 0);
  g_assert_cmpint (board_count (self->store, "sky"), ==, 0);
  board_require_consistent (self);

  /* Tags of a missing post can be edited; it comes back with them, whatever it is called now. */
  booru_post_unref (board_edit (self->store, id, "sky sea"));
  g_assert_cmpint (board_add_post (self, "elsewhere/b.jpg", 1), ==, id);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_ACTIVE);
  board_require_tags (self->store, id, "sea sky");
  g_assert_cmpint (board_tag_count (self, "sea"), ==, 1);
  g_assert_cmpint (board_count (self->store, "sky sea"), ==, 1);
  board_require_consistent (self);
}

static void
test_copies (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);

  board_apply (self, linked (self, id, "copy.jpg"), NULL);
  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "a.jpg")), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_ACTIVE);
  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "copy.jpg")), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_MISSING);
  board_apply (self, linked (self, id, "back.jpg"), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_ACTIVE);
  board_require_consistent (self);
}

static void
test_same_batch (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  gint64 b;
  g_autoptr (BooruPost) before = NULL, after = NULL;

  booru_post_unref (board_edit (self->store, id, "sky"));
  before = booru_store_get_post (self->store, id, NULL);
  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "a.jpg")),
               board_add (self, "new/a.jpg", 1), NULL);
  after = booru_store_get_post (self->store, id, NULL);
  g_assert_cmpint (after->status, ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (after->updated_at, ==, before->updated_at);
  board_require_tags (self->store, id, "sky");

  /* A file moved onto another one, which is then reported as gone too. */
  b = board_add_post (self, "b.jpg", 2);
  board_apply (self, moved (self, "new/a.jpg", "b.jpg"),
               board_change (BOORU_FILE_REMOVE, board_file_id (self, "b.jpg")), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (board_status (self, b), ==, BOORU_POST_MISSING);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM files"), ==, 1);
  board_require_consistent (self);
}

static void
test_move_and_touch (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = board_add_post (self, "a.jpg", 1);
  gint64 file_id = board_file_id (self, "a.jpg");
  g_autoptr (BooruFolder) other
      = booru_store_ensure_folder (self->store, "/other", BOORU_FOLDER_LIBRARY, &error);
  BooruFileChange *move = moved (self, "a.jpg", "x/b.jpg");
  BooruFileChange *touch = board_change (BOORU_FILE_TOUCH, file_id);
  g_autoptr (BooruFile) file = NULL;

  move->folder_id = other->id;
  touch->stat = (BooruFileStat){ 1, 2, 3, 4 };
  board_apply (self, move, touch, NULL);
  file = booru_store_find_file (self->store, other->id, "x/b.jpg", &error);
  g_assert_no_error (error);
  g_assert_cmpint (file->id, ==, file_id);
  g_assert_cmpint (file->post_id, ==, id);
  g_assert_cmpint (file->stat.mtime_ns, ==, 2);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_ACTIVE);
  board_require_consistent (self);
}

static void
test_replaced (BoardFixture *self, gconstpointer data)
{
  gint64 old = board_add_post (self, "a.jpg", 1);
  gint64 new;

  booru_post_unref (board_edit (self->store, old, "sky"));
  new = board_add_post (self, "a.jpg", 2);
  g_assert_cmpint (new, !=, old);
  g_assert_cmpint (board_status (self, old), ==, BOORU_POST_MISSING);
  g_assert_cmpint (board_status (self, new), ==, BOORU_POST_ACTIVE);
  g_assert_cmpint (board_add_post (self, "a.jpg", 1), ==, old);
  g_assert_cmpint (board_status (self, new), ==, BOORU_POST_MISSING);
  board_require_tags (self->store, old, "sky");
  board_require_consistent (self);
}

static void
test_trash_stays (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = board_add_post (self, "a.jpg", 1);

  booru_store_delete_post (self->store, id, BOORU_USER_OWNER, &error);
  g_assert_no_error (error);
  board_apply (self, board_change (BOORU_FILE_REMOVE, board_file_id (self, "a.jpg")), NULL);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_DELETED);
  g_assert_cmpint (board_add_post (self, "a.jpg", 1), ==, id);
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_DELETED);
  booru_post_unref (board_edit (self->store, id, "sky"));
  g_assert_cmpint (board_tag_count (self, "sky"), ==, 0);
  board_require_consistent (self);
}

static void
require_failures (BoardFixture *self, const BooruFailureFilter *filter, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) failures = booru_store_list_failures (self->store, filter, &error);
  g_autoptr (GString) paths = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < failures->len; i++)
    {
      const BooruFile *file = failures->pdata[i];

      g_string_append_printf (paths, "%s%s", i ? " " : "", file->path);
      g_assert_true (g_utf8_validate (file->failure, -1, NULL));
      g_assert_cmpint (file->post_id, ==, 0);
      g_assert_cmpint (file->failed_at, >, 0);
      g_assert_cmpint (file->failed_at, <=, g_get_real_time ());
    }
  g_assert_cmpstr (paths->str, ==, expected);
}

static void
require_counts (BoardFixture *self, gint64 files, gint64 failed, gint64 ignored)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) folders = booru_store_list_folders (self->store, &error);
  const BooruFolder *folder;

  g_assert_no_error (error);
  g_assert_cmpuint (folders->len, ==, 1);
  folder = folders->pdata[0];
  g_assert_cmpint (folder->n_files, ==, files);
  g_assert_cmpint (folder->n_failed, ==, failed);
  g_assert_cmpint (folder->n_ignored, ==, ignored);
}

static void
fail (BoardFixture *self, const char *path, const char *reason)
{
  BooruFileChange *change = report (self, BOORU_FILE_FAIL, path);

  change->failure = g_strdup (reason);
  board_apply (self, change, NULL);
}

static void
test_failures (BoardFixture *self, gconstpointer data)
{
  BooruFailureFilter all = BOORU_FAILURE_FILTER_INIT;
  g_autoptr (GError) error = NULL;
  gint64 id = board_add_post (self, "a.jpg", 1);
  g_autoptr (BooruFile) file = NULL;

  require_counts (self, 1, 0, 0);
  fail (self, "bad\xff.png", "broken \xff header");
  board_apply (self, report (self, BOORU_FILE_IGNORE, "notes.txt"), NULL);
  fail (self, "a.jpg", "truncated");
  g_assert_cmpint (board_status (self, id), ==, BOORU_POST_MISSING);
  require_failures (self, &all, "a.jpg bad\xff.png");
  require_counts (self, 0, 2, 1);
  all.limit = 1;
  require_failures (self, &all, "a.jpg");

  file = booru_store_find_file (self->store, self->folder->id, "notes.txt", &error);
  g_assert_no_error (error);
  g_assert_cmpint (file->post_id, ==, 0);
  g_assert_null (file->failure);

  /* While the folder is away, or no longer wanted, they are nobody's concern. */
  all.limit = 10;
  g_assert_true (booru_store_set_folder_state (self->store, self->folder->id, FALSE, 0, NULL));
  require_failures (self, &all, "");
  g_assert_true (booru_store_set_folder_state (self->store, self->folder->id, TRUE, 0, NULL));
  require_failures (self, &all, "a.jpg bad\xff.png");
  all.limit = 1;

  /* Written again, whole this time. */
  g_assert_cmpint (board_add_post (self, "a.jpg", 1), ==, id);
  require_failures (self, &all, "bad\xff.png");
  require_counts (self, 1, 1, 1);
  board_require_consistent (self);
}

static void
test_some_failures (BoardFixture *self, gconstpointer data)
{
  static const char *const paths[] = { "a", "d", "d/1", "d/2", "d0", "da" };
  BooruFailureFilter some = BOORU_FAILURE_FILTER_INIT;
  g_autoptr (GPtrArray) walked = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    fail (self, paths[i], "broken");
  require_failures (self, &some, "da d0 d/2 d/1 d a");
  some.limit = 2;
  some.offset = 3;
  require_failures (self, &some, "d/1 d");

  some = (BooruFailureFilter)BOORU_FAILURE_FILTER_INIT;
  some.folder_id = self->folder->id;
  some.below = "d";
  require_failures (self, &some, "d/2 d/1 d");
  some.below = "d/1";
  require_failures (self, &some, "d/1");
  some.folder_id = self->folder->id + 1;
  require_failures (self, &some, "");

  /* What fails again on the way is met once. */
  some = (BooruFailureFilter){ .limit = 4, .after = 0 };
  walked = booru_store_list_failures (self->store, &some, NULL);
  g_assert_cmpuint (walked->len, ==, 4);
  fail (self, "a", "still broken");
  some.after = ((BooruFile *)walked->pdata[3])->id;
  require_failures (self, &some, "d0 da");
  board_require_consistent (self);
}

/* The migration, whatever its number is. */
static void
run_migration (BooruSqliteDb *db, const char *suffix)
{
  g_auto (GStrv) names
      = g_resources_enumerate_children (SCHEMA, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  guint n_run = 0;

  for (char **name = names; *name; name++)
    {
      g_autofree char *path = g_strconcat (SCHEMA, *name, NULL);
      g_autoptr (GBytes) script
          = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      g_autofree char *sql = g_strndup (g_bytes_get_data (script, NULL), g_bytes_get_size (script));

      if (!g_str_has_suffix (*name, suffix))
        continue;
      g_assert_true (booru_sqlite_db_exec (db, sql, NULL));
      n_run++;
    }
  g_assert_cmpuint (n_run, ==, 1);
}

static void
test_counts_of_older_database (BoardFixture *self, gconstpointer data)
{
  g_autofree char *path = board_fixture_database (self);
  g_autoptr (BooruSqliteDb) db = NULL;

  if (board_skip_but_for_sqlite (self))
    return;
  board_add_post (self, "a.jpg", 1);
  fail (self, "b.jpg", "broken");
  board_apply (self, report (self, BOORU_FILE_IGNORE, "notes.txt"), NULL);

  db = booru_sqlite_db_open_file (path, SQLITE_OPEN_READWRITE, NULL);
  g_assert_true (booru_sqlite_db_exec (db,
                                       "DROP TRIGGER files_count_insert;"
                                       "DROP TRIGGER files_count_delete;"
                                       "DROP TRIGGER files_count_update;"
                                       "DROP TABLE file_counts",
                                       NULL));
  run_migration (db, "-file-counts.sql");
  require_counts (self, 1, 1, 1);
  board_require_consistent (self);
}

/* Uploads of an older database get numbers: that of the post of their content, or one of their own.
 */
static void
test_media_assets_of_older_database (BoardFixture *self, gconstpointer data)
{
  g_autofree char *path = board_fixture_database (self);
  g_autoptr (BooruSqliteDb) db = NULL;

  if (board_skip_but_for_sqlite (self))
    return;
  board_add_post (self, "a.jpg", 1);
  db = booru_sqlite_db_open_file (path, SQLITE_OPEN_READWRITE, NULL);
  g_assert_true (booru_sqlite_db_exec (
      db,
      "DROP INDEX posts_by_media_asset; ALTER TABLE posts DROP COLUMN media_asset_id;"
      "DROP INDEX upload_assets_by_md5; ALTER TABLE upload_assets DROP COLUMN media_asset_id;"
      "INSERT INTO uploads VALUES (1, 1, '', 0);"
      "INSERT INTO upload_assets (upload_id, file_name, size, md5, created_at, updated_at)"
      " VALUES (1, '', 1, x'00', 0, 0), (1, '', 1, (SELECT md5 FROM posts), 0, 0),"
      " (1, '', 1, x'00', 0, 0), (1, '', 1, NULL, 0, 0)",
      NULL));
  run_migration (db, "-media-assets.sql");
  g_assert_cmpint (
      board_query_number (self, "SELECT count(*) FROM (SELECT media_asset_id FROM upload_assets"
                                " INTERSECT VALUES (3), (2), (NULL))"),
      ==, 3);
  g_assert_cmpint (
      board_query_number (self, "SELECT media_asset_id FROM upload_assets WHERE id = 3"), ==, 3);
}

static void
require_rejected (BoardFixture *self, BooruFileChange *bad, BooruError code)
{
  g_autoptr (GError) error = NULL;
  BooruFileChange *good = board_add (self, "good.jpg", 77);
  g_autoptr (GPtrArray) changes = changes_of (good, bad, NULL);

  g_assert_false (booru_store_apply_file_changes (self->store, changes, &error));
  g_assert_error (error, BOORU_ERROR, (gint)code);
  g_assert_false (good->created);
  g_assert_cmpint (good->post_id, ==, 0);
  g_assert_cmpint (board_file_id (self, "good.jpg"), ==, 0);
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM posts"), ==, 1);
  board_require_consistent (self);
}

static void
test_rejected (BoardFixture *self, gconstpointer data)
{
  BooruFileChange *change;

  board_add_post (self, "a.jpg", 1);
  change = board_add (self, "b.jpg", 2);
  change->folder_id = 99;
  require_rejected (self, change, BOORU_ERROR_NOT_FOUND);
  require_rejected (self, linked (self, 99, "c.jpg"), BOORU_ERROR_NOT_FOUND);
  require_rejected (self, board_change (BOORU_FILE_REMOVE, 99), BOORU_ERROR_NOT_FOUND);
  require_rejected (self, board_change (BOORU_FILE_TOUCH, 99), BOORU_ERROR_NOT_FOUND);
  change = moved (self, "a.jpg", "b.jpg");
  change->folder_id = 99;
  require_rejected (self, change, BOORU_ERROR_NOT_FOUND);
  require_rejected (self, board_add (self, "/etc/passwd", 3), BOORU_ERROR_INVALID);
  require_rejected (self, board_add (self, "", 3), BOORU_ERROR_INVALID);
  change = board_add (self, "b.jpg", 2);
  change->media.md5[3] = 'x';
  require_rejected (self, change, BOORU_ERROR_INVALID);
}

static gboolean
collect (const BooruFile *file, gpointer user_data)
{
  GString *paths = user_data;

  g_string_append_printf (paths, "%s|", file->path);
  return !g_str_has_suffix (file->path, "stop");
}

static void
require_files (BoardFixture *self, const char *below, const char *after, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) paths = g_string_new (NULL);

  g_assert_true (booru_store_foreach_file (self->store, self->folder->id, below, after, collect,
                                           paths, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (paths->str, ==, expected);
}

static void
test_walk (BoardFixture *self, gconstpointer data)
{
  static const char *const paths[]
      = { "d/y", "a", "d", "d.x", "d/x", "d/x/deep", "d0", "\xff\xff/z", "d!", "d/\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    board_add_post (self, paths[i], i);
  require_files (self, NULL, NULL, "a|d|d!|d.x|d/x|d/x/deep|d/y|d/\xff|d0|\xff\xff/z|");
  require_files (self, "d", NULL, "d/x|d/x/deep|d/y|d/\xff|");
  require_files (self, "d", "a", "d/x|d/x/deep|d/y|d/\xff|");
  require_files (self, "d", "d/x", "d/x/deep|d/y|d/\xff|");
  require_files (self, "d/x", NULL, "d/x/deep|");
  require_files (self, "nothing", NULL, "");
  require_files (self, NULL, "d/y", "d/\xff|d0|\xff\xff/z|");
  require_files (self, NULL, "\xff\xff/z", "");

  board_add_post (self, "b-stop", 20);
  require_files (self, NULL, NULL, "a|b-stop|");
  require_files (self, NULL, "b", "b-stop|");
}

static void
test_present_first (BoardFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = board_add_post (self, "a.jpg", 1);
  g_autoptr (BooruFolder) other
      = booru_store_ensure_folder (self->store, "/other", BOORU_FOLDER_LIBRARY, &error);
  BooruFileChange *copy = linked (self, id, "copy.jpg");
  g_autoptr (GPtrArray) files = NULL;

  copy->folder_id = other->id;
  board_apply (self, copy, NULL);
  files = booru_store_list_post_files (self->store, id, &error);
  g_assert_cmpstr (((BooruFile *)files->pdata[0])->path, ==, "a.jpg");
  g_clear_pointer (&files, g_ptr_array_unref);

  booru_store_set_folder_state (self->store, self->folder->id, FALSE, 0, &error);
  files = booru_store_list_post_files (self->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 2);
  g_assert_cmpstr (((BooruFile *)files->pdata[0])->path, ==, "copy.jpg");
}

/* What the decoder finds now is better than what an older one found. */
static void
test_media_refreshed (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);
  BooruFileChange *again = board_add (self, "b.jpg", 1);
  g_autoptr (BooruPost) post = NULL;

  again->media.has_sample = TRUE;
  again->media.width = 2000;
  board_apply (self, again, NULL);
  post = booru_store_get_post (self->store, id, NULL);
  g_assert_true (post->media.has_sample);
  g_assert_cmpint (post->media.width, ==, 2000);
}

static gboolean
has_alpha (BoardFixture *self, gint64 id)
{
  g_autoptr (BooruPost) post = booru_store_get_post (self->store, id, NULL);

  return post->media.has_alpha;
}

/* Posts of older databases may be transparent, by their format, until a decoder looks again. */
static void
test_alpha (BoardFixture *self, gconstpointer data)
{
  gint64 jpg = board_add_post (self, "a.jpg", 1), clear, png;
  BooruFileChange *change = board_add (self, "b.png", 2);

  change->media.has_alpha = TRUE;
  board_apply (self, change, NULL);
  clear = png = jpg + 1;
  g_assert_true (has_alpha (self, clear));
  g_assert_false (has_alpha (self, jpg));
  board_execute (self, "UPDATE posts SET has_alpha = NULL,"
                       " ext = CASE WHEN id = 1 THEN 'jpg' ELSE 'png' END");
  g_assert_true (has_alpha (self, png));
  g_assert_false (has_alpha (self, jpg));
  change = board_add (self, "again.png", 2);
  g_strlcpy (change->media.ext, "png", sizeof change->media.ext);
  board_apply (self, change, NULL);
  g_assert_false (has_alpha (self, png));
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/files/folders", test_folders);
  ADD ("/store/files/add", test_add);
  ADD ("/store/files/taken", test_taken);
  ADD ("/store/files/vanish-and-return", test_vanish_and_return);
  ADD ("/store/files/copies", test_copies);
  ADD ("/store/files/same-batch", test_same_batch);
  ADD ("/store/files/move-and-touch", test_move_and_touch);
  ADD ("/store/files/replaced", test_replaced);
  ADD ("/store/files/trash-stays", test_trash_stays);
  ADD ("/store/files/failures", test_failures);
  ADD ("/store/files/some-failures", test_some_failures);
  ADD ("/store/files/counts-of-older-database", test_counts_of_older_database);
  ADD ("/store/files/media-assets-of-older-database", test_media_assets_of_older_database);
  ADD ("/store/files/rejected", test_rejected);
  ADD ("/store/files/walk", test_walk);
  ADD ("/store/files/present-first", test_present_first);
  ADD ("/store/files/alpha", test_alpha);
  ADD ("/store/files/media-refreshed", test_media_refreshed);
  return g_test_run ();
}
