/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Display renditions of posts, made when they are first requested. */
#include "decoding/monitor-display.h"

#include <string.h>
#include <sys/stat.h>
#include <utime.h>

#include "../test-util.h"
#include "context-fixture.h"
#include "library-fixture.h"

#define UNKNOWN "0123456789abcdef0123456789abcdef"

/* A BMP of 24 bits a pixel, each of the same colour. */
static void
write_large (const char *dir, const char *name, guint32 width, guint32 height, guint8 colour)
{
  gsize size = (gsize)width * height * 3;
  g_autofree guint8 *bytes = g_malloc (54 + size);
  guint32 head[] = { GUINT32_TO_LE (54 + size),
                     0,
                     GUINT32_TO_LE (54),
                     GUINT32_TO_LE (40),
                     GUINT32_TO_LE (width),
                     GUINT32_TO_LE (height),
                     GUINT32_TO_LE (1 | 24 << 16),
                     0,
                     0,
                     0,
                     0,
                     0,
                     0 };

  g_assert_cmpuint (width % 4, ==, 0);
  memcpy (bytes, "BM", 2);
  memcpy (bytes + 2, head, sizeof head);
  memset (bytes + 54, colour, size);
  write_file (dir, name, bytes, (gssize)(54 + size));
}

static gboolean
is_there (Fixture *f, const char *md5)
{
  g_autofree char *below = booru_variant_get_path (BOORU_VARIANT_DISPLAY, md5);
  g_autofree char *path = path_in (f->data_dir, below);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* Asks for the picture of @md5; the answer has to contain @text: "": it is there. */
static void
require_answer (Fixture *f,
                TestContext *context,
                MonitorDisplay *display,
                const char *md5,
                const char *text)
{
  g_autofree char *good = g_strdup_printf ("display-made ('%s', '')", md5);
  const char *answer;

  monitor_display_make (display, f->pool, md5);
  test_context_await (context, 1);
  g_assert_cmpuint (context->published->len, ==, 1);
  answer = context->published->pdata[0];
  if (*text == '\0')
    g_assert_cmpstr (answer, ==, good);
  else
    test_assert_contains (answer, text);
  g_assert_cmpint (is_there (f, md5), ==, *text == '\0');
  g_ptr_array_set_size (context->published, 0);
}

static void
test_made (Fixture *f, gconstpointer data)
{
  g_autoptr (TestContext) context = test_context_new ();
  g_autoptr (MonitorDisplay) display = NULL;
  g_autofree char *large = path_in (f->a, "large.bmp");
  g_autofree char *small = path_in (f->a, "small.bmp");
  g_autofree char *large_md5 = NULL;
  g_autofree char *small_md5 = NULL;
  guint n_started;

  write_large (f->a, "large.bmp", 3000, 1000, 90);
  write_picture (f->a, "small.bmp", 1);
  large_md5 = file_md5 (large);
  small_md5 = file_md5 (small);
  fixture_start (f);
  g_assert_cmpuint (n_posts (f), ==, 2);
  g_assert_false (is_there (f, large_md5));

  display = monitor_display_new (BOORU_SERVICE_CONTEXT (context), f->store, f->data_dir);
  require_answer (f, context, display, large_md5, "");
  n_started = monitor_decoder_pool_get_n_started (f->pool);
  require_answer (f, context, display, large_md5, "");
  require_answer (f, context, display, small_md5, "needs no display rendition");
  require_answer (f, context, display, UNKNOWN, UNKNOWN);
  require_answer (f, context, display, "../../../../etc/passwd", "passwd");
  g_assert_cmpuint (monitor_decoder_pool_get_n_started (f->pool), ==, n_started);
  g_clear_pointer (&display, monitor_display_free);
  fixture_stop (f);
}

/* Concurrent requests share the answer in flight. */
static void
test_at_once (Fixture *f, gconstpointer data)
{
  g_autoptr (TestContext) context = test_context_new ();
  g_autoptr (MonitorDisplay) display = NULL;
  g_autofree char *path = path_in (f->a, "large.bmp");
  g_autofree char *md5 = NULL;

  write_large (f->a, "large.bmp", 1000, 3000, 7);
  md5 = file_md5 (path);
  fixture_start (f);
  display = monitor_display_new (BOORU_SERVICE_CONTEXT (context), f->store, f->data_dir);
  monitor_display_make (display, f->pool, md5);
  require_answer (f, context, display, md5, "");

  /* Freed with work in hand. */
  monitor_display_trim (f->data_dir, 0);
  g_assert_false (is_there (f, md5));
  monitor_display_make (display, f->pool, md5);
  g_clear_pointer (&display, monitor_display_free);
  g_assert_cmpuint (context->published->len, ==, 0);
  fixture_stop (f);
}

/* A file that changed is not decoded as the old content, even if its size is the same. */
static void
test_changed (Fixture *f, gconstpointer data)
{
  g_autoptr (BooruStore) store = NULL;
  g_autoptr (TestContext) context = test_context_new ();
  g_autoptr (MonitorDisplay) display = NULL;
  g_autofree char *path = path_in (f->a, "large.bmp");
  g_autofree char *md5 = NULL;

  write_large (f->a, "large.bmp", 1000, 1000, 7);
  md5 = file_md5 (path);
  fixture_start (f);
  store = g_object_ref (f->store);
  fixture_stop (f);
  write_large (f->a, "large.bmp", 1000, 1000, 8);
  display = monitor_display_new (BOORU_SERVICE_CONTEXT (context), store, f->data_dir);
  require_answer (f, context, display, md5, "can be read now");
}

static void
add_cached (Fixture *f, const char *name, gsize size, time_t used)
{
  static const char folder[] = BOORU_DIR_THUMBNAILS "/2048x2048/ab/cd";
  g_autofree char *dir = path_in (f->data_dir, folder);
  g_autofree char *path = path_in (dir, name);
  g_autofree char *bytes = g_malloc0 (size);
  struct utimbuf times = { used, used };

  memset (bytes, 'x', size);
  g_assert_cmpint (g_mkdir_with_parents (dir, 0700), ==, 0);
  write_file (dir, name, bytes, (gssize)size);
  g_assert_cmpint (utime (path, &times), ==, 0);
}

static void
test_trim (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = path_in (f->data_dir, BOORU_DIR_THUMBNAILS "/2048x2048/ab/cd");
  g_autofree char *oldest = path_in (folder, "oldest.webp");

  g_assert_cmpuint (monitor_display_trim (f->data_dir, 1000), ==, 0);
  add_cached (f, "newest.webp", 1 << 20, 3000);
  add_cached (f, "oldest.webp", 1 << 20, 1000);
  add_cached (f, "middle.webp", 1 << 20, 2000);
  g_assert_cmpuint (monitor_display_trim (f->data_dir, 4 << 20), >=, 3 << 20);
  g_assert_cmpuint (count_files (folder), ==, 3);
  g_assert_cmpuint (monitor_display_trim (f->data_dir, 5 << 19), <, 5 << 19);
  g_assert_cmpuint (count_files (folder), ==, 2);
  g_assert_false (g_file_test (oldest, G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/monitor/display/made", test_made);
  fixture_add ("/monitor/display/at-once", test_at_once);
  fixture_add ("/monitor/display/changed", test_changed);
  fixture_add ("/monitor/display/trim", test_trim);
  return g_test_run ();
}
