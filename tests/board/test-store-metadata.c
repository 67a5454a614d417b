/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What files say of themselves, and what is said of them beside. */
#include "board-fixture.h"

static BooruFileChange *
add_saying (BoardFixture *self, const char *path, const char *metadata)
{
  BooruFileChange *change = board_add (self, path, 1);

  change->metadata = g_strdup (metadata);
  return change;
}

static void
require_metadata (BoardFixture *self, gint64 id, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *metadata = booru_store_get_metadata (self->store, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (metadata, ==, expected);
}

static void
test_metadata (BoardFixture *self, gconstpointer data)
{
  static const char *const wrong[] = { "", "[]", "{\"a\":", "null", "{\"a\":\"\xff\"}", "{} {}" };
  gint64 id = board_add_post (self, "a.jpg", 1);

  require_metadata (self, id, "{}");
  board_apply (self, add_saying (self, "a.jpg", "{\"EXIF:Model\":\"Kamera \xc3\xa4\"}"), NULL);
  require_metadata (self, id, "{\"EXIF:Model\":\"Kamera \xc3\xa4\"}");
  board_apply (self, board_add (self, "b.jpg", 1), NULL);
  require_metadata (self, id, "{\"EXIF:Model\":\"Kamera \xc3\xa4\"}");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GPtrArray) changes
          = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_file_change_free);
      g_autoptr (GError) error = NULL;

      g_ptr_array_add (changes, add_saying (self, "c.jpg", wrong[i]));
      g_assert_false (booru_store_apply_file_changes (self->store, changes, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
      g_assert_cmpint (board_file_id (self, "c.jpg"), ==, 0);
    }
  require_metadata (self, id, "{\"EXIF:Model\":\"Kamera \xc3\xa4\"}");

  board_apply (self, add_saying (self, "a.jpg", "{}"), NULL);
  require_metadata (self, id, "{}");
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM media_metadata"), ==, 0);
  require_metadata (self, 4711, "{}");
  board_require_consistent (self);
}

static void
require_count (BoardFixture *self, const char *text, gint64 expected)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (booru_store_count (self->store, query, NULL, &error), ==, expected);
  g_assert_no_error (error);
}

/* A search asks what files say. */
static void
test_metadata_searched (BoardFixture *self, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      static const char *const said[] = { "{\"EXIF:Model\":\"K = 1\",\"EXIF:Flash\":true}",
                                          "{\"EXIF:Model\":\"X\",\"EXIF:ISO\":200}", "{}" };
      g_autofree char *path = g_strdup_printf ("%u.jpg", i);

      board_add_post (self, path, i + 1);
      if (i < 2)
        {
          BooruFileChange *change = board_change (BOORU_FILE_IMPORT, board_file_id (self, path));

          change->metadata = g_strdup (said[i]);
          board_apply (self, change, NULL);
        }
    }
  require_count (self, "exif:EXIF:Model", 2);
  require_count (self, "-exif:EXIF:Model", 1);
  require_count (self, "exif:Model", 0);
  require_count (self, "exif:\"EXIF:Model=K = 1\"", 1);
  require_count (self, "exif:EXIF:Model=k", 0);
  require_count (self, "exif:EXIF:ISO=200", 1);
  require_count (self, "exif:EXIF:Flash=true", 1);
  require_count (self, "exif:EXIF:Flash=false", 0);
  require_count (self, "exif:any", 2);
  require_count (self, "exif:none", 1);
}

static void
patch (BoardFixture *self, const char *path, const char *text)
{
  BooruFileChange *change = board_change (BOORU_FILE_IMPORT, board_file_id (self, path));

  change->metadata = g_strdup (text);
  board_apply (self, change, NULL);
}

/* Members come and go; the others stay as they were written. */
static void
test_metadata_patched (BoardFixture *self, gconstpointer data)
{
  gint64 id = board_add_post (self, "a.jpg", 1);

  patch (self, "a.jpg", "{\"x\":null}");
  require_metadata (self, id, "{}");
  patch (self, "a.jpg", "{\"x\":null,\"y\":\"z\"}");
  require_metadata (self, id, "{\"y\":\"z\"}");
  board_apply (self, add_saying (self, "a.jpg", "{\"EXIF:ExposureTime\":0.008,\"a\":[1,\"ä\"]}"),
               NULL);
  patch (self, "a.jpg", "{\"y\":5}");
  require_metadata (self, id, "{\"EXIF:ExposureTime\":0.008,\"a\":[1,\"ä\"],\"y\":5}");
  patch (self, "a.jpg", "{\"EXIF:ExposureTime\":null,\"a\":null,\"y\":null}");
  require_metadata (self, id, "{}");
  g_assert_cmpint (board_query_number (self, "SELECT count(*) FROM media_metadata"), ==, 0);
}

#define ADD(path, func)                                                                            \
  g_test_add (path, BoardFixture, NULL, board_fixture_set_up, func, board_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/metadata/whole", test_metadata);
  ADD ("/store/metadata/patched", test_metadata_patched);
  ADD ("/store/metadata/searched", test_metadata_searched);
  return g_test_run ();
}
