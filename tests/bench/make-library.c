/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builds the database of a synthetic library, for measuring at sizes that nobody wants to ingest:
 *
 *     make-library DATA-DIR POSTS
 *
 * Each post has some 24 tags of a hundred thousand, chosen by Zipf's law, a rating, a random
 * perceptual hash, every twentieth five more of frames, and a file in the folder /library. The rows
 * are what the store itself would have written; only the way is shorter. */
#include <booru.h>

#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "board/booru-id-list.h"
#include "board/sqlite/booru-sqlite-db.h"
#include "board/store/booru-store-hashes-private.h"

#define N_TAGS 100000
#define TAGS_PER_POST 24
#define BATCH 20000

typedef struct
{
  GRand *random; /* seeded: every library of a size is the same */
  double *cumulated;
  BooruTagCategory *categories; /* by id - 1 */
  gint64 *uses;
  gint64 n_posts, done;
  gint64 started_at;
  sqlite3_stmt *post, *file, *tag;
} Library;

static const char *
category_word (BooruTagCategory category)
{
  return category == BOORU_TAG_GENERAL ? "tag" : booru_tag_category_to_string (category);
}

static void
prepare (Library *self)
{
  double sum = 0;

  self->random = g_rand_new_with_seed (20261124);
  self->cumulated = g_new (double, N_TAGS);
  self->categories = g_new (BooruTagCategory, N_TAGS);
  self->uses = g_new0 (gint64, N_TAGS);
  self->started_at = G_GINT64_CONSTANT (1600000000) * G_USEC_PER_SEC;
  for (guint i = 0; i < N_TAGS; i++)
    {
      guint dice = g_rand_int_range (self->random, 0, 100);

      sum += 1.0 / pow (i + 1, 0.95);
      self->cumulated[i] = sum;
      self->categories[i] = dice < 55   ? BOORU_TAG_GENERAL
                            : dice < 75 ? BOORU_TAG_ARTIST
                            : dice < 92 ? BOORU_TAG_CHARACTER
                            : dice < 98 ? BOORU_TAG_COPYRIGHT
                                        : BOORU_TAG_META;
    }
}

static gint64
draw_tag (Library *self)
{
  double wanted = g_rand_double (self->random) * self->cumulated[N_TAGS - 1];
  guint low = 0, high = N_TAGS - 1;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (self->cumulated[middle] < wanted)
        low = middle + 1;
      else
        high = middle;
    }
  return low + 1;
}

static void
draw_tags (Library *self, GArray *ids)
{
  guint n = g_rand_int_range (self->random, TAGS_PER_POST - 12, TAGS_PER_POST + 20);

  g_array_set_size (ids, 0);
  for (guint i = 0; i < n; i++)
    {
      gint64 id = draw_tag (self);

      g_array_append_val (ids, id);
    }
  booru_id_list_sort (ids);
}

static char
draw_rating (Library *self)
{
  guint dice = g_rand_int_range (self->random, 0, 100);

  return dice < 50 ? 'g' : dice < 75 ? 's' : dice < 90 ? 'q' : 'e';
}

static guint64
draw_hash (Library *self)
{
  return (guint64)g_rand_int (self->random) << 32 | g_rand_int (self->random);
}

static gboolean
insert_hashes (Library *self, BooruStore *store, gint64 id, guint64 phash, GError **error)
{
  BooruMedia media = { .phash = phash };
  gboolean changed;

  if (id % 20 == 0)
    for (; media.n_frame_hashes < BOORU_MAX_FRAME_HASHES; media.n_frame_hashes++)
      media.frame_hashes[media.n_frame_hashes] = draw_hash (self);
  return booru_store_hashes_put (store, id, TRUE, &media, &changed, error);
}

/* Statements of our own, since these rows come with ids. */
static sqlite3_stmt *
prepare_statement (BooruStore *store, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (BOORU_SQLITE_DB (store->sql)->handle, sql, -1, &statement, NULL)
      != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (BOORU_SQLITE_DB (store->sql)->handle));
  return statement;
}

static gboolean
run (BooruStore *store, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE || booru_sqlite_db_fail (BOORU_SQLITE_DB (store->sql), code, error);
}

static gboolean
insert_post (Library *self, BooruStore *store, gint64 id, GArray *tags, GError **error)
{
  g_autoptr (GBytes) packed = booru_id_list_pack (tags);
  guint64 phash = draw_hash (self);
  char rating = draw_rating (self);
  guint32 md5[4];
  gsize length;
  const void *bytes = g_bytes_get_data (packed, &length);

  for (guint i = 0; i < tags->len; i++)
    self->uses[g_array_index (tags, gint64, i) - 1]++;
  for (guint i = 0; i < G_N_ELEMENTS (md5); i++)
    md5[i] = g_rand_int (self->random);
  sqlite3_bind_int64 (self->post, 1, id);
  sqlite3_bind_blob (self->post, 2, md5, sizeof md5, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (self->post, 3, g_rand_int_range (self->random, 20000, 8000000));
  sqlite3_bind_int64 (self->post, 4, g_rand_int_range (self->random, 300, 5000));
  sqlite3_bind_int64 (self->post, 5, g_rand_int_range (self->random, 300, 5000));
  sqlite3_bind_int64 (self->post, 6, (gint64)phash);
  sqlite3_bind_int64 (self->post, 7, self->started_at + id * 60 * G_USEC_PER_SEC);
  sqlite3_bind_text (self->post, 8, &rating, 1, SQLITE_TRANSIENT);
  sqlite3_bind_blob (self->post, 9, bytes, (int)length, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (self->post, 10, tags->len);
  if (id > 100 && g_rand_int_range (self->random, 0, 20) == 0)
    sqlite3_bind_int64 (self->post, 11, id - g_rand_int_range (self->random, 1, 100));
  return run (store, self->post, error) && insert_hashes (self, store, id, phash, error);
}

static gboolean
insert_file (Library *self, BooruStore *store, gint64 id, GError **error)
{
  g_autofree char *path = g_strdup_printf (
      "%04" G_GINT64_FORMAT "/picture %08" G_GINT64_FORMAT ".jpg", id / 1000, id);

  sqlite3_bind_int64 (self->file, 1, id);
  sqlite3_bind_blob (self->file, 2, path, (int)strlen (path), SQLITE_TRANSIENT);
  sqlite3_bind_int64 (self->file, 3, G_GINT64_CONSTANT (1600000000000000000) + id);
  return run (store, self->file, error);
}

static gboolean
write_posts (BooruStore *store, gpointer data, GError **error)
{
  Library *self = data;
  g_autoptr (GArray) tags = booru_id_list_new ();
  gint64 end = MIN (self->done + BATCH, self->n_posts);

  booru_sql_note_change_of_all (store->sql, BOORU_CHANGE_POST);
  for (gint64 id = self->done + 1; id <= end; id++)
    {
      draw_tags (self, tags);
      if (!insert_post (self, store, id, tags, error) || !insert_file (self, store, id, error))
        return FALSE;
    }
  self->done = end;
  return TRUE;
}

static gboolean
write_tags (BooruStore *store, gpointer data, GError **error)
{
  Library *self = data;

  booru_sql_note_change_of_all (store->sql, BOORU_CHANGE_TAG);
  for (guint i = 0; i < N_TAGS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s_%u", category_word (self->categories[i]), i + 1);

      sqlite3_bind_int64 (self->tag, 1, i + 1);
      sqlite3_bind_text (self->tag, 2, name, -1, SQLITE_TRANSIENT);
      sqlite3_bind_int64 (self->tag, 3, self->categories[i]);
      sqlite3_bind_int64 (self->tag, 4, self->uses[i]);
      sqlite3_bind_int64 (self->tag, 5, self->started_at);
      if (!run (store, self->tag, error))
        return FALSE;
    }
  return TRUE;
}

static void
prepare_statements (Library *self, BooruStore *store)
{
  self->post = prepare_statement (
      store, "INSERT INTO posts (id, md5, ext, size, width, height, has_sample, phash, created_at, "
             "updated_at, uploader_id, rating, tags, tag_count, parent_id) VALUES (?1, ?2, 'jpg', "
             "?3, ?4, ?5, ?4 > 850, ?6, ?7, ?7, 1, ?8, ?9, ?10, ?11)");
  self->file = prepare_statement (
      store, "INSERT INTO files (folder_id, path, size, mtime_ns, inode, device, post_id) VALUES "
             "(1, ?2, 100000 + ?1, ?3, 10000000 + ?1, 2049, ?1)");
  self->tag = prepare_statement (
      store, "INSERT INTO tags (id, name, category, post_count, created_at, updated_at) VALUES "
             "(?1, ?2, ?3, ?4, ?5, ?5)");
}

static gboolean
write_all (Library *self, BooruStore *store, GError **error)
{
  while (self->done < self->n_posts)
    {
      if (!booru_store_write (store, BOORU_SQL_NORMAL, write_posts, self, error))
        return FALSE;
      g_printerr ("\r%" G_GINT64_FORMAT " posts", self->done);
    }
  g_printerr ("\n");
  return booru_store_write (store, BOORU_SQL_NORMAL, write_tags, self, error);
}

static gboolean
write_index (BooruStore *store, GError **error)
{
  gboolean more = TRUE;

  while (more)
    if (!booru_store_write_index (store, FALSE, &more, error))
      return FALSE;
  return TRUE;
}

static gboolean
make (const char *data_dir, gint64 n_posts, GError **error)
{
  g_autoptr (BooruStore) store
      = booru_store_open (data_dir, NULL, BOORU_STORE_CREATE, NULL, NULL, error);
  g_autoptr (BooruFolder) folder = NULL;
  Library library = { .n_posts = n_posts };
  gboolean done;

  if (store == NULL)
    return FALSE;
  folder = booru_store_ensure_folder (store, "/library", BOORU_FOLDER_LIBRARY, error);
  if (folder == NULL)
    return FALSE;
  prepare (&library);
  prepare_statements (&library, store);
  done = write_all (&library, store, error) && write_index (store, error);
  sqlite3_finalize (library.post);
  sqlite3_finalize (library.file);
  sqlite3_finalize (library.tag);
  return done;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  if (argc != 3 || g_ascii_strtoll (argv[2], NULL, 10) < 1)
    {
      g_printerr ("Usage: %s DATA-DIR POSTS\nThe folder must not hold a database yet.\n", argv[0]);
      return 64;
    }
  if (g_mkdir_with_parents (argv[1], 0755) != 0
      || !make (argv[1], g_ascii_strtoll (argv[2], NULL, 10), &error))
    {
      g_printerr ("%s\n", error != NULL ? error->message : g_strerror (errno));
      return 1;
    }
  return 0;
}
