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
#include <stdlib.h>

#include "board/sqlite/booru-sqlite-files.h"
#include "board/sqlite/booru-sqlite-hashes.h"
#include "board/sqlite/booru-sqlite-posts.h"
#include "board/sqlite/booru-sqlite-tags.h"

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
  booru_sqlite_tag_ids_sort (ids);
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
insert_hashes (Library *self, BooruSqliteDb *db, gint64 id, guint64 phash, GError **error)
{
  BooruMedia media = { .phash = phash };
  gboolean changed;

  if (id % 20 == 0)
    for (; media.n_frame_hashes < BOORU_MAX_FRAME_HASHES; media.n_frame_hashes++)
      media.frame_hashes[media.n_frame_hashes] = draw_hash (self);
  return booru_sqlite_hashes_put (db, id, &media, &changed, error);
}

static gboolean
insert_post (Library *self, BooruSqliteDb *db, gint64 id, GArray *tags, char rating, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_prepare (
      db,
      "INSERT INTO posts (id, md5, ext, size, width, height, has_sample, phash, created_at, "
      "updated_at, uploader_id, rating, tags, tag_count, tag_count_general, tag_count_artist, "
      "tag_count_copyright, tag_count_character, tag_count_meta, parent_id) VALUES (?1, ?2, 'jpg', "
      "?3, ?4, ?5, ?4 > 850, ?6, ?7, ?7, 1, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
      error);
  g_autoptr (GBytes) packed = booru_sqlite_tag_ids_pack (tags);
  guint counts[BOORU_TAG_META + 1] = { 0 };
  guint64 phash = draw_hash (self);
  guint32 md5[4];
  gsize length;
  const void *bytes = g_bytes_get_data (packed, &length);

  if (statement == NULL)
    return FALSE;
  for (guint i = 0; i < tags->len; i++)
    {
      gint64 tag = g_array_index (tags, gint64, i);

      counts[self->categories[tag - 1]]++;
      self->uses[tag - 1]++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (md5); i++)
    md5[i] = g_rand_int (self->random);
  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_blob (statement, 2, md5, sizeof md5, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (statement, 3, g_rand_int_range (self->random, 20000, 8000000));
  sqlite3_bind_int64 (statement, 4, g_rand_int_range (self->random, 300, 5000));
  sqlite3_bind_int64 (statement, 5, g_rand_int_range (self->random, 300, 5000));
  sqlite3_bind_int64 (statement, 6, (gint64)phash);
  sqlite3_bind_int64 (statement, 7, self->started_at + id * 60 * G_USEC_PER_SEC);
  sqlite3_bind_text (statement, 8, &rating, 1, SQLITE_TRANSIENT);
  sqlite3_bind_blob (statement, 9, bytes, length, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (statement, 10, tags->len);
  sqlite3_bind_int64 (statement, 11, counts[BOORU_TAG_GENERAL]);
  sqlite3_bind_int64 (statement, 12, counts[BOORU_TAG_ARTIST]);
  sqlite3_bind_int64 (statement, 13, counts[BOORU_TAG_COPYRIGHT]);
  sqlite3_bind_int64 (statement, 14, counts[BOORU_TAG_CHARACTER]);
  sqlite3_bind_int64 (statement, 15, counts[BOORU_TAG_META]);
  if (id > 100 && g_rand_int_range (self->random, 0, 20) == 0)
    sqlite3_bind_int64 (statement, 16, id - g_rand_int_range (self->random, 1, 100));
  return booru_sqlite_db_run (db, statement, error) && insert_hashes (self, db, id, phash, error);
}

static gboolean
insert_file (BooruSqliteDb *db, gint64 id, GError **error)
{
  g_autoptr (BooruSqliteStatement) statement = booru_sqlite_db_statement (db, "put-file", error);
  g_autofree char *path = g_strdup_printf (
      "%04" G_GINT64_FORMAT "/picture %08" G_GINT64_FORMAT ".jpg", id / 1000, id);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, 1);
  booru_sqlite_bind_bytes (statement, 2, path);
  sqlite3_bind_int64 (statement, 3, 100000 + id);
  sqlite3_bind_int64 (statement, 4, G_GINT64_CONSTANT (1600000000000000000) + id);
  sqlite3_bind_int64 (statement, 5, 10000000 + id);
  sqlite3_bind_int64 (statement, 6, 2049);
  sqlite3_bind_int64 (statement, 7, id);
  return booru_sqlite_db_run (db, statement, error);
}

static gboolean
write_posts (BooruSqliteDb *db, gpointer data, GError **error)
{
  Library *self = data;
  g_autoptr (GArray) tags = booru_sqlite_tag_ids_new ();
  gint64 end = MIN (self->done + BATCH, self->n_posts);

  for (gint64 id = self->done + 1; id <= end; id++)
    {
      char rating = draw_rating (self);
      BooruSqliteIndexRow row = { id, BOORU_POST_ACTIVE, rating, tags };

      draw_tags (self, tags);
      if (!insert_post (self, db, id, tags, rating, error) || !insert_file (db, id, error)
          || !booru_sqlite_index_add (db, &row, error))
        return FALSE;
    }
  self->done = end;
  return TRUE;
}

static gboolean
write_tags (BooruSqliteDb *db, gpointer data, GError **error)
{
  Library *self = data;

  for (guint i = 0; i < N_TAGS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s_%u", category_word (self->categories[i]), i + 1);
      g_autoptr (BooruSqliteStatement) count = NULL;
      gint64 id;

      if (!booru_sqlite_tag_ensure (db, name, self->categories[i], self->started_at, &id, error))
        return FALSE;
      count = booru_sqlite_db_statement (db, "add-to-tag-count", error);
      if (count == NULL)
        return FALSE;
      sqlite3_bind_int64 (count, 1, id);
      sqlite3_bind_int64 (count, 2, self->uses[i]);
      if (!booru_sqlite_db_run (db, count, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
make (const char *data_dir, gint64 n_posts, GError **error)
{
  g_autoptr (BooruSqliteDb) db = booru_sqlite_db_open (data_dir, BOORU_STORE_CREATE, error);
  g_autoptr (BooruFolder) folder = NULL;
  Library library = { .n_posts = n_posts };

  if (db == NULL)
    return FALSE;
  folder = booru_sqlite_folder_ensure (db, "/library", BOORU_FOLDER_LIBRARY, error);
  if (folder == NULL)
    return FALSE;
  prepare (&library);
  while (library.done < n_posts)
    {
      if (!booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, write_posts, &library, error))
        return FALSE;
      g_printerr ("\r%" G_GINT64_FORMAT " posts", library.done);
    }
  g_printerr ("\n");
  return booru_sqlite_db_write (db, BOORU_SQLITE_NORMAL, write_tags, &library, error);
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
