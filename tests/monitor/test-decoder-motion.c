/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Previews of what moves, and hashes of its frames. */
#include "decoder-fixtures.h"
#include "decoder/output/decoder-motion.h"
#include "decoder/reading/decoder-delay.h"
#include "pool-fixture.h"

static void
check (int failed)
{
  if (failed)
    g_error ("libvips: %s", vips_error_buffer ());
}

/* The plan. */

static GArray *
plan (guint n, gint delay)
{
  g_autofree gint *delays = g_new (gint, n);

  for (guint i = 0; i < n; i++)
    delays[i] = delay;
  return decoder_motion_plan (delays, n);
}

/* Checks what holds for every plan; gives the length of the preview and how many are hashed. */
static gint
assert_plan (GArray *steps, guint n, guint *n_shown, guint *n_hashed)
{
  gint length = 0;

  *n_shown = *n_hashed = 0;
  for (guint i = 0; i < steps->len; i++)
    {
      const DecoderMotionStep *step = &g_array_index (steps, DecoderMotionStep, i);

      g_assert_cmpuint (step->index, <, n);
      if (i > 0)
        g_assert_cmpuint (step->index, >, g_array_index (steps, DecoderMotionStep, i - 1).index);
      *n_shown += step->delay > 0;
      *n_hashed += step->hashed;
      length += step->delay;
    }
  return length;
}

static void
test_plan (void)
{
  static const struct
  {
    guint n;
    gint delay;
    guint shown, hashed;
    gint length;
  } cases[] = {
    { 2, 100, 2, 2, 200 },      { 4, 250, 4, 4, 1000 },     { 30, 100, 16, 5, 2992 },
    { 5000, 20, 16, 5, 2992 },  { 16, 100, 16, 5, 1600 },   { 17, 100, 16, 5, 1696 },
    { 100, 60000, 2, 5, 3000 }, { 1000, 1000, 3, 5, 3000 }, { 40, 33, 16, 5, 1312 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) steps = plan (cases[i].n, cases[i].delay);
      guint n_shown, n_hashed;
      gint length = assert_plan (steps, cases[i].n, &n_shown, &n_hashed);

      g_test_message ("%u frames of %d ms", cases[i].n, cases[i].delay);
      g_assert_cmpuint (n_shown, ==, cases[i].shown);
      g_assert_cmpuint (n_hashed, ==, cases[i].hashed);
      g_assert_cmpint (length, ==, cases[i].length);
    }
}

/* Any delays at all. */
static void
test_plan_random (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      guint n = (guint)g_test_rand_int_range (1, 300);
      g_autofree gint *delays = g_new (gint, n);
      g_autoptr (GArray) steps = NULL;
      guint n_shown, n_hashed;

      for (guint i = 0; i < n; i++)
        delays[i] = decoder_delay_mend (g_test_rand_int_range (0, round % 2 ? 200 : 65536));
      steps = decoder_motion_plan (delays, n);
      g_assert_cmpint (assert_plan (steps, n, &n_shown, &n_hashed), <=, 4500);
      g_assert_cmpuint (n_shown, <=, DECODER_MOTION_FRAMES);
      g_assert_cmpuint (n_shown, >=, MIN (n, 2));
      g_assert_cmpuint (n_hashed, ==, MIN (n, DECODER_MAX_FRAME_HASHES));
    }
}

/* What comes out. */

typedef struct
{
  gint n_frames;
  gint length; /* milliseconds */
  gint width, height;
  gsize size;
  gboolean has_alpha;
} Preview;

static Preview
read_preview (const MonitorDecodeResult *result)
{
  const char *path = result->variants[BOORU_VARIANT_MOTION];
  g_autoptr (VipsImage) image = NULL;
  Preview preview = { 0 };
  struct stat status;
  gint *delays, n_delays;

  g_assert_nonnull (path);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  preview.size = (gsize)status.st_size;
  image = vips_image_new_from_file (path, "n", -1, NULL);
  g_assert_nonnull (image);
  preview.n_frames = vips_image_get_n_pages (image);
  preview.width = vips_image_get_width (image);
  preview.height = vips_image_get_page_height (image);
  preview.has_alpha = vips_image_hasalpha (image);
  g_assert_cmpint (vips_image_get_array_int (image, "delay", &delays, &n_delays), ==, 0);
  for (gint i = 0; i < n_delays; i++)
    preview.length += delays[i];
  return preview;
}

static void
test_animation (PoolFixture *fixture, gconstpointer suffix)
{
  g_autofree char *path = fixtures_write (fixtures_make_animation (900, 300, 60, 100),
                                          fixture->folder, "animation", suffix);
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);
  Preview preview = read_preview (result);

  g_assert_cmpint (result->media.frames, ==, 60);
  g_assert_cmpfloat_with_epsilon (result->media.duration, 6.0, 0.01);
  g_assert_cmpint (preview.n_frames, ==, 16);
  g_assert_cmpint (preview.length, ==, 2992);
  g_assert_cmpint (preview.width, ==, 360);
  g_assert_cmpint (preview.height, ==, 120);
  g_assert_cmpuint (preview.size, <, 200000);
  g_assert_cmpuint (result->media.n_frame_hashes, ==, 5);
  /* They are of different frames. */
  g_assert_cmphex (result->media.frame_hashes[0], !=, result->media.frame_hashes[4]);
}

/* Each frame of a preview shows what the frame of the original at that time does. */
static void
test_frames_match (PoolFixture *fixture, gconstpointer data)
{
  g_autoptr (VipsImage) original = fixtures_make_animation (300, 100, 8, 100);
  g_autofree char *path = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;
  g_autoptr (VipsImage) preview = NULL;
  g_autoptr (VipsImage) difference = NULL;
  g_autoptr (VipsImage) distance = NULL;
  double average;

  path = fixtures_write (g_object_ref (original), fixture->folder, "animation", ".webp[lossless]");
  result = decode_well (fixture, path);
  preview = vips_image_new_from_file (result->variants[BOORU_VARIANT_MOTION], "n", -1, NULL);
  g_assert_cmpint (vips_image_get_n_pages (preview), ==, 8);
  check (vips_subtract (original, preview, &difference, NULL));
  check (vips_abs (difference, &distance, NULL));
  check (vips_avg (distance, &average, NULL));
  g_assert_cmpfloat (average, <, 8);
}

/* Delays that browsers do not believe. */
static void
test_quick (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixtures_write (fixtures_make_animation (90, 30, 10, 0), fixture->folder,
                                          "animation", ".gif");
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);

  g_assert_cmpfloat_with_epsilon (result->media.duration, 1.0, 0.01);
  g_assert_cmpint (read_preview (result).length, ==, 1000);
}

static void
test_transparent (PoolFixture *fixture, gconstpointer data)
{
  VipsImage *image = fixtures_make_picture (100, 300, 4);
  g_autofree char *path = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;

  vips_image_set_int (image, VIPS_META_PAGE_HEIGHT, 100);
  path = fixtures_write (image, fixture->folder, "animation", ".webp");
  result = decode_well (fixture, path);
  g_assert_cmpint (read_preview (result).n_frames, ==, 3);
  g_assert_true (read_preview (result).has_alpha);
}

static void
test_still (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = fixtures_write (fixtures_make_picture (90, 60, 3), fixture->folder, "still", ".gif");
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);

  g_assert_null (result->variants[BOORU_VARIANT_MOTION]);
  g_assert_cmpuint (result->media.n_frame_hashes, ==, 0);
}

/* The end of the file is missing: the frames before it are shown. */
static void
test_cut (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = fixtures_write (fixtures_make_animation (300, 200, 12, 100),
                                          fixture->folder, "animation", ".gif");
  g_autoptr (MonitorDecodeResult) result = NULL;
  struct stat status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (truncate (path, status.st_size * 2 / 3), ==, 0);
  result = decode_well (fixture, path);
  g_assert_cmpint (result->media.width, ==, 300);
  g_assert_cmpuint (result->media.n_frame_hashes, >=, 1);
}

/* A film, when there is ffmpeg to make it. */
static char *
make_film (PoolFixture *fixture, const char *source, const char *arguments, const char *name)
{
  g_autofree char *program = g_find_program_in_path ("ffmpeg");
  char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *command
      = g_strdup_printf ("ffmpeg -v error -y -f lavfi -i %s %s %s", source, arguments, path);
  g_autoptr (GError) error = NULL;

  if (program == NULL)
    {
      g_test_skip ("ffmpeg is not installed");
      return NULL;
    }
  g_spawn_command_line_sync (command, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_short_video (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = make_film (fixture, "testsrc2=s=640x360:d=2:r=25", "-pix_fmt yuv420p", "short.mp4");
  g_autoptr (MonitorDecodeResult) result = path ? decode_well (fixture, path) : NULL;
  Preview preview;

  if (path == NULL)
    return;
  preview = read_preview (result);
  g_assert_cmpint (preview.n_frames, >=, 14);
  g_assert_cmpint (preview.n_frames, <=, 16);
  g_assert_cmpint (ABS (preview.length - 2000), <=, 300);
  g_assert_cmpint (preview.width, ==, 360);
  g_assert_cmpint (preview.height, ==, 203);
  g_assert_cmpuint (result->media.n_frame_hashes, ==, 5);
}

/* Of scenes from all over it, in bounded time, though it has one key frame only. */
static void
test_long_video (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_film (fixture, "testsrc2=s=320x180:d=60:r=10",
                                     "-g 10000 -sc_threshold 0 -pix_fmt yuv420p", "long.mkv");
  g_autoptr (MonitorDecodeResult) result = path ? decode_well (fixture, path) : NULL;
  Preview preview;

  if (path == NULL)
    return;
  preview = read_preview (result);
  g_assert_cmpint (preview.n_frames, ==, 15);
  g_assert_cmpint (preview.length, ==, 3000);
  g_assert_cmpuint (preview.size, <, 300000);
  g_assert_cmpuint (result->media.n_frame_hashes, ==, 5);
}

/* The same film, encoded again in another size and format, is found by its frames. */
static void
test_alike_videos (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *one = make_film (fixture, "mandelbrot=s=320x240:r=5:end_scale=0.001",
                                    "-t 12 -pix_fmt yuv420p", "one.mp4");
  g_autofree char *other = NULL;
  g_autofree char *command = NULL;
  g_autoptr (MonitorDecodeResult) a = NULL;
  g_autoptr (MonitorDecodeResult) b = NULL;

  if (one == NULL)
    return;
  other = g_build_filename (fixture->folder, "other.webm", NULL);
  command = g_strdup_printf ("ffmpeg -v error -y -i %s -vf scale=240:180 -c:v libvpx -deadline "
                             "realtime -b:v 400k %s",
                             one, other);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  a = decode_well (fixture, one);
  b = decode_well (fixture, other);
  g_assert_cmpuint (a->media.n_frame_hashes, ==, 5);
  g_assert_cmpuint (b->media.n_frame_hashes, ==, 5);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (__builtin_popcountll (a->media.frame_hashes[i] ^ b->media.frame_hashes[i]), <=,
                     12);
}

static void
test_animated_png (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = make_film (fixture, "testsrc2=s=320x240:d=6:r=5", "-plays 0 -f apng", "animation.png");
  g_autoptr (MonitorDecodeResult) result = path ? decode_well (fixture, path) : NULL;
  Preview preview;

  if (path == NULL)
    return;
  g_assert_cmpstr (result->media.ext, ==, "png");
  g_assert_cmpint (result->media.frames, ==, 30);
  g_assert_cmpfloat_with_epsilon (result->media.duration, 6, 0.01);
  preview = read_preview (result);
  g_assert_cmpint (preview.n_frames, >=, 13);
  g_assert_cmpint (preview.n_frames, <=, 16);
  g_assert_cmpint (preview.width, ==, 320);
  g_assert_cmpint (ABS (preview.length - 3000), <=, 400);
  g_assert_cmpuint (result->media.n_frame_hashes, ==, 5);
}

/* Without ffmpeg it is a still picture. */
static void
test_animated_png_alone (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = make_film (fixture, "testsrc2=s=320x240:d=2:r=5", "-plays 0 -f apng", "animation.png");
  g_autofree char *old = g_strdup (g_getenv ("PATH"));
  g_autoptr (MonitorDecodeResult) result = NULL;

  if (path == NULL)
    return;
  g_setenv ("PATH", "/nonexistent", TRUE);
  result = decode_well (fixture, path);
  g_setenv ("PATH", old, TRUE);
  g_assert_cmpint (result->media.width, ==, 320);
  g_assert_null (result->variants[BOORU_VARIANT_MOTION]);
}

static void
test_animated_avif (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *program = g_find_program_in_path ("avifenc");
  g_autofree char *path = g_build_filename (fixture->folder, "animation.avif", NULL);
  g_autofree char *frame
      = make_film (fixture, "testsrc2=s=320x240:d=1:r=6", "-start_number 0", "frame%d.png");
  g_autofree char *command = g_strdup_printf (
      "avifenc -s 10 --timescale 4 %1$s/frame0.png %1$s/frame1.png %1$s/frame2.png %1$s/frame3.png "
      "%1$s/frame4.png %1$s/frame5.png %2$s",
      fixture->folder, path);
  g_autofree char *said = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;

  if (frame == NULL || program == NULL)
    {
      g_test_skip ("avifenc or ffmpeg is not installed");
      return;
    }
  g_spawn_command_line_sync (command, &said, NULL, NULL, NULL);
  result = decode_well (fixture, path);
  g_assert_cmpstr (result->media.ext, ==, "avif");
  g_assert_cmpint (result->media.frames, ==, 6);
  g_assert_cmpfloat_with_epsilon (result->media.duration, 1.5, 0.01);
  g_assert_cmpint (read_preview (result).n_frames, >=, 4);
}

#define ADD(name, data, function) pool_fixture_add_test ("/decoder/motion/" name, data, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  g_test_add_func ("/decoder/motion/plan", test_plan);
  g_test_add_func ("/decoder/motion/plan-random", test_plan_random);
  ADD ("gif", ".gif", test_animation);
  ADD ("webp", ".webp[Q=80]", test_animation);
  ADD ("frames-match", NULL, test_frames_match);
  ADD ("quick", NULL, test_quick);
  ADD ("transparent", NULL, test_transparent);
  ADD ("still", NULL, test_still);
  ADD ("cut", NULL, test_cut);
  ADD ("short-video", NULL, test_short_video);
  ADD ("long-video", NULL, test_long_video);
  ADD ("alike-videos", NULL, test_alike_videos);
  ADD ("animated-png", NULL, test_animated_png);
  ADD ("animated-png-alone", NULL, test_animated_png_alone);
  ADD ("animated-avif", NULL, test_animated_avif);
  return g_test_run ();
}
