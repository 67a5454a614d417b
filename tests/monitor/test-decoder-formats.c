/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The real booru-decoder, behind the pool, with real and with hostile files. */
#include "decoder-fixtures.h"
#include "decoder/pixels/decoder-size.h"
#include "pool-fixture.h"

#include <sys/prctl.h>

/* The variants are there, and of the size that the rest of the program expects. */
static void
assert_variants (MonitorDecodeResult *result)
{
  gboolean wants_sample = result->media.width > BOORU_SAMPLE_WIDTH && result->media.frames == 1
                          && result->media.duration < 0;

  g_assert_true (result->media.has_sample == wants_sample);
  g_assert_true ((result->variants[BOORU_VARIANT_SAMPLE] != NULL) == wants_sample);
  g_assert_true ((result->variants[BOORU_VARIANT_MOTION] != NULL) == (result->media.frames > 1));
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    {
      gint width, height, expected_width, expected_height;

      g_assert_true (result->variants[i] != NULL || i > BOORU_VARIANT_720);
      if (result->variants[i] == NULL)
        continue;
      booru_variant_get_size (i, result->media.width, result->media.height, &expected_width,
                              &expected_height);
      fixtures_read_size (result->variants[i], &width, &height);
      g_assert_cmpint (width, ==, expected_width);
      g_assert_cmpint (height, ==, expected_height);
    }
}

static guint
distance (guint64 a, guint64 b)
{
  return __builtin_popcountll (a ^ b);
}

/* Both sides compute a variant's size by themselves. */
static void
test_size_rule (void)
{
  static const guint boxes[BOORU_N_VARIANTS][2]
      = { { 180, 180 }, { 360, 360 },  { 720, 720 }, { BOORU_SAMPLE_WIDTH, 0 },
          { 360, 360 }, { 2048, 2048 } };

  for (guint round = 0; round < 50000; round++)
    {
      gint width = g_test_rand_int_range (1, round % 2 ? 65536 : 2000);
      gint height = g_test_rand_int_range (1, round % 3 ? 65536 : 2000);

      for (guint i = 0; i < BOORU_N_VARIANTS; i++)
        {
          gint a, b, c, d;

          decoder_size_fit (width, height, boxes[i][0], boxes[i][1], &a, &b);
          booru_variant_get_size (i, width, height, &c, &d);
          g_assert_cmpint (a, ==, c);
          g_assert_cmpint (b, ==, d);
        }
    }
}

static void
test_formats (PoolFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *suffix, *ext;
  } formats[] = {
    { ".jpg[Q=90]", "jpg" },
    { ".png", "png" },
    { ".gif", "gif" },
    { ".webp[Q=90]", "webp" },
    { ".avif[Q=80,effort=0]", "avif" },
    { ".heic[Q=80,effort=0]", "heic" },
    { ".tif", "tiff" },
    { ".jxl[effort=3]", "jxl" },
  };
  guint64 phash = 0;

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      /* The name says something else: it is never asked. */
      g_autofree char *path = fixtures_write (fixtures_make_picture (1000, 640, 3), fixture->folder,
                                              "picture.txt", formats[i].suffix);
      g_autoptr (MonitorDecodeResult) result = NULL;

      g_test_message ("%s", formats[i].suffix);
      if (path == NULL)
        continue;
      result = decode_well (fixture, path);
      g_assert_cmpstr (result->media.ext, ==, formats[i].ext);
      g_assert_cmpint (result->media.width, ==, 1000);
      g_assert_cmpint (result->media.height, ==, 640);
      g_assert_cmpint (result->media.frames, ==, 1);
      g_assert_cmpfloat (result->media.duration, <, 0);
      assert_variants (result);
      if (phash == 0)
        phash = result->media.phash;
      g_assert_cmpuint (distance (phash, result->media.phash), <=, 6);
    }
}

static void
test_sizes (PoolFixture *fixture, gconstpointer data)
{
  static const gint sizes[][2]
      = { { 1, 1 },    { 1, 3000 },   { 3000, 1 },   { 180, 180 }, { 181, 179 },
          { 850, 10 }, { 851, 1280 }, { 721, 1440 }, { 97, 5001 }, { 2879, 1620 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < 2; j++)
      {
        g_autofree char *path = fixtures_write (fixtures_make_picture (sizes[i][0], sizes[i][1], 3),
                                                fixture->folder, "picture", j ? ".jpg" : ".png");
        g_autoptr (MonitorDecodeResult) result = NULL;

        g_test_message ("%d by %d", sizes[i][0], sizes[i][1]);
        result = decode_well (fixture, path);
        assert_variants (result);
      }
}

static void
test_orientation (PoolFixture *fixture, gconstpointer data)
{
  g_autoptr (VipsImage) upright = fixtures_make_picture (1200, 800, 3);
  guint64 phash = 0;

  for (gint orientation = 1; orientation <= 8; orientation++)
    {
      g_autofree char *path = fixtures_write (fixtures_store_turned (upright, orientation),
                                              fixture->folder, "turned.jpg", ".jpg[Q=95]");
      g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);

      g_test_message ("orientation %d", orientation);
      g_assert_cmpint (result->media.width, ==, 1200);
      g_assert_cmpint (result->media.height, ==, 800);
      assert_variants (result);
      if (orientation == 1)
        phash = result->media.phash;
      g_assert_cmpuint (distance (phash, result->media.phash), <=, 6);
    }
}

static void
assert_middle_is_near (const char *path, const char *other)
{
  double a[4], b[4];
  gint n, m;

  fixtures_read_middle (path, &n, a);
  fixtures_read_middle (other, &m, b);
  g_assert_cmpint (n, ==, m);
  for (gint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (a[i], b[i], 25);
}

static void
test_colours (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *plain
      = fixtures_write (fixtures_make_picture (900, 600, 3), fixture->folder, "plain", ".png");
  g_autofree char *cmyk
      = fixtures_write (fixtures_make_cmyk (900, 600), fixture->folder, "cmyk", ".jpg[Q=95]");
  g_autofree char *deep
      = fixtures_write (fixtures_make_16_bit (900, 600), fixture->folder, "deep", ".png");
  g_autofree char *grey
      = fixtures_write (fixtures_make_picture (900, 600, 1), fixture->folder, "grey", ".png");
  g_autoptr (MonitorDecodeResult) of_plain = decode_well (fixture, plain);
  g_autoptr (MonitorDecodeResult) of_cmyk = decode_well (fixture, cmyk);
  g_autoptr (MonitorDecodeResult) of_deep = decode_well (fixture, deep);
  g_autoptr (MonitorDecodeResult) of_grey = decode_well (fixture, grey);

  for (guint i = 0; i <= BOORU_VARIANT_SAMPLE; i++)
    {
      assert_middle_is_near (of_plain->variants[i], of_cmyk->variants[i]);
      assert_middle_is_near (of_plain->variants[i], of_deep->variants[i]);
    }
  assert_variants (of_grey);
}

static void
test_alpha (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = fixtures_write (fixtures_make_picture (1000, 700, 4), fixture->folder, "alpha", ".png");
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);
  double pixel[4];
  gint n;

  assert_variants (result);
  g_assert_true (result->media.has_alpha);
  fixtures_read_middle (result->variants[BOORU_VARIANT_360], &n, pixel);
  g_assert_cmpint (n, ==, 4);
  g_assert_cmpfloat_with_epsilon (pixel[3], 128, 4);
  /* JPEG has none: on white. */
  fixtures_read_middle (result->variants[BOORU_VARIANT_SAMPLE], &n, pixel);
  g_assert_cmpint (n, ==, 3);
  g_assert_cmpfloat (pixel[0], >=, 120);
}

/* Many programs save a channel for transparency that nothing uses. */
static void
test_opaque_alpha (PoolFixture *fixture, gconstpointer data)
{
  VipsImage *picture = NULL;
  g_autoptr (VipsImage) opaque = fixtures_make_picture (1000, 700, 3);
  g_autofree char *path = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;
  double pixel[4];
  gint n;

  g_assert_cmpint (vips_addalpha (opaque, &picture, NULL), ==, 0);
  path = fixtures_write (picture, fixture->folder, "opaque", ".png");
  result = decode_well (fixture, path);
  g_assert_false (result->media.has_alpha);
  fixtures_read_middle (result->variants[BOORU_VARIANT_360], &n, pixel);
  g_assert_cmpint (n, ==, 3);
}

static void
test_animation (PoolFixture *fixture, gconstpointer data)
{
  static const char *const suffixes[] = { ".gif", ".webp" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = fixtures_write (fixtures_make_animation (900, 300, 4, 250),
                                              fixture->folder, "animation", suffixes[i]);
      g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);

      g_assert_cmpint (result->media.width, ==, 900);
      g_assert_cmpint (result->media.height, ==, 300);
      g_assert_cmpint (result->media.frames, ==, 4);
      g_assert_cmpfloat_with_epsilon (result->media.duration, 1.0, 0.01);
      g_assert_false (result->media.has_sample);
      assert_variants (result);
    }
}

/* 2 by 2: red, green; blue, white (rows from the bottom up). */
static void
test_bmp (PoolFixture *fixture, gconstpointer data)
{
  static const char rgb[]
      = "BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\2\0\0\0\2\0\0\0\1\0\x18\0\0\0\0\0"
        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        "\xff\0\0\xff\xff\xff\0\0\0\0\xff\0\xff\0\0\0";
  static const char runs[]
      = "BM\0\0\0\0\0\0\0\0\x3e\0\0\0\x28\0\0\0\4\0\0\0\2\0\0\0\1\0\x08\0\1\0\0\0"
        "\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0"
        "\0\0\0\0\xff\xff\xff\0"
        "\2\1\2\0\0\0\0\3\0\1\1\0\1\1\0\1";
  g_autofree char *a = fixtures_write_bytes (fixture->folder, "rgb", rgb, sizeof rgb - 1);
  g_autofree char *b = fixtures_write_bytes (fixture->folder, "runs", runs, sizeof runs - 1);
  g_autofree char *c = fixtures_write_bytes (fixture->folder, "short", rgb, sizeof rgb - 17);
  g_autoptr (MonitorDecodeResult) of_rgb = decode_well (fixture, a);
  g_autoptr (MonitorDecodeResult) of_runs = decode_well (fixture, b);
  double pixel[4];
  gint n;

  g_assert_cmpstr (of_rgb->media.ext, ==, "bmp");
  assert_variants (of_rgb);
  fixtures_read_middle (of_rgb->variants[BOORU_VARIANT_180], &n, pixel);
  g_assert_cmpint (of_runs->media.width, ==, 4);
  assert_variants (of_runs);
  assert_refused (fixture, c, BOORU_ERROR_INVALID);
}

static void
test_damaged (PoolFixture *fixture, gconstpointer data)
{
  static const char *const suffixes[] = { ".jpg", ".png", ".gif", ".webp", ".tif" };
  g_autofree char *empty = fixtures_write_bytes (fixture->folder, "empty", "", 0);
  g_autofree char *garbage = test_write_file (fixture->folder, "photo.jpg", "this is no photo");

  assert_refused (fixture, empty, BOORU_ERROR_INVALID);
  assert_refused (fixture, garbage, BOORU_ERROR_UNSUPPORTED);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = fixtures_write (fixtures_make_picture (900, 600, 3), fixture->folder,
                                              "cut", suffixes[i]);
      struct stat status;

      g_test_message ("%s", suffixes[i]);
      g_assert_cmpint (g_stat (path, &status), ==, 0);
      g_assert_cmpint (truncate (path, status.st_size / 4), ==, 0);
      assert_refused (fixture, path, BOORU_ERROR_INVALID);
      g_assert_cmpint (truncate (path, 30), ==, 0);
      assert_refused (fixture, path, BOORU_ERROR_INVALID);
    }
}

typedef struct
{
  const char *name;
  const char *data;
  gsize size;
  BooruError code;
} Bomb;

#define BOMB(name, data, code)                                                                     \
  {                                                                                                \
    name, data, sizeof (data) - 1, code                                                            \
  }

static const Bomb bombs[] = {
  BOMB ("a GIF of 43 bytes, 65535 by 65535",
        "GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff\x21\xf9\4\1\0\0\0\0\x2c\0\0\0\0\xff\xff"
        "\xff\xff\0\2\2\x44\1\0\x3b",
        BOORU_ERROR_LIMIT),
  BOMB ("a GIF whose frame is larger than itself",
        "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff\x2c\0\0\0\0\xff\xff\xff\xff\0\2\2\x44\1\0\x3b",
        BOORU_ERROR_LIMIT),
  BOMB ("an SVG of one line, very wide",
        "<svg xmlns='http://www.w3.org/2000/svg' width='1000000000' height='1000'/>",
        BOORU_ERROR_LIMIT),
  BOMB ("an SVG, wide by its view box",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9e9 9e9'><rect width='9' "
        "height='9'/></svg>",
        BOORU_ERROR_LIMIT),
  BOMB ("a PNG that claims much",
        "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\6\0\0\0\0\0\0\0",
        BOORU_ERROR_LIMIT),
  BOMB ("a BMP that claims much",
        "BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f\1\0\x18\0\0\0\0\0",
        BOORU_ERROR_LIMIT),
};

static void
test_bombs (PoolFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (bombs); i++)
    {
      g_autofree char *path
          = fixtures_write_bytes (fixture->folder, "bomb", bombs[i].data, bombs[i].size);

      g_test_message ("%s", bombs[i].name);
      assert_refused (fixture, path, bombs[i].code);
    }
}

/* Few pixels, but in a row: what is said has to name the limit that was met. */
static void
test_max_side (PoolFixture *fixture, gconstpointer data)
{
  static const char wide[] = "<svg xmlns='http://www.w3.org/2000/svg' width='70000' height='1'/>";
  g_autofree char *path = fixtures_write_bytes (fixture->folder, "wide", wide, strlen (wide));
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (fixture, path, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "70000 by 1 pixels; the limit is 65535"));
}

static void
test_max_pixels (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = fixtures_write (fixtures_make_picture (400, 300, 3), fixture->folder, "picture", ".jpg");

  fixture->options.max_pixels = 400 * 300 - 1;
  monitor_decoder_pool_set_options (fixture->pool, &fixture->options);
  assert_refused (fixture, path, BOORU_ERROR_LIMIT);
}

static char *
make_video (PoolFixture *fixture, const char *arguments, const char *name)
{
  char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *command = g_strdup_printf ("ffmpeg -v error -y -f lavfi -i "
                                              "testsrc=s=640x360:d=2:r=10 %s %s",
                                              arguments, path);
  g_autoptr (GError) error = NULL;

  g_spawn_command_line_sync (command, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return path;
}

static void
assert_video (PoolFixture *fixture, const char *path, const char *ext, gboolean has_sound)
{
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);

  g_assert_cmpstr (result->media.ext, ==, ext);
  g_assert_cmpint (result->media.width, ==, 640);
  g_assert_cmpint (result->media.height, ==, 360);
  g_assert_cmpfloat_with_epsilon (result->media.duration, 2.0, 0.3);
  g_assert_cmpint (ABS (result->media.frames - 20), <=, 3);
  g_assert_true (result->media.has_sound == has_sound);
  g_assert_cmpuint (result->media.phash, !=, 0);
  assert_variants (result);
}

static void
test_video (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *program = g_find_program_in_path ("ffmpeg");
  g_autofree char *mp4 = NULL, *mov = NULL, *webm = NULL, *mkv = NULL, *turned = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;

  if (program == NULL)
    {
      g_test_skip ("ffmpeg is not installed");
      return;
    }
  mp4 = make_video (fixture, "-f lavfi -i sine=d=2 -pix_fmt yuv420p", "a.mp4");
  mov = make_video (fixture, "-pix_fmt yuv420p", "a.mov");
  webm = make_video (fixture, "-c:v libvpx -deadline realtime", "a.webm");
  mkv = make_video (fixture, "-pix_fmt yuv420p", "a.mkv");
  assert_video (fixture, mp4, "mp4", TRUE);
  assert_video (fixture, mov, "mov", FALSE);
  assert_video (fixture, webm, "webm", FALSE);
  assert_video (fixture, mkv, "mkv", FALSE);

  turned = g_build_filename (fixture->folder, "turned.mp4", NULL);
  {
    g_autofree char *command = g_strdup_printf (
        "ffmpeg -v error -y -i %s -c copy -metadata:s:v rotate=90 %s", mp4, turned);

    g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  }
  result = decode_well (fixture, turned);
  g_assert_cmpint (result->media.width, ==, 360);
  g_assert_cmpint (result->media.height, ==, 640);
  assert_variants (result);

  g_assert_cmpint (truncate (mp4, 2000), ==, 0);
  assert_refused (fixture, mp4, BOORU_ERROR_INVALID);
}

static void
test_no_ffmpeg (PoolFixture *fixture, gconstpointer data)
{
  static const char start[] = "\0\0\0\x20"
                              "ftypisom\0\0\2\0isomiso2avc1mp41";
  g_autofree char *path = fixtures_write_bytes (fixture->folder, "a.mp4", start, sizeof start - 1);
  g_autofree char *old = g_strdup (g_getenv ("PATH"));

  g_setenv ("PATH", "/nonexistent", TRUE);
  assert_refused (fixture, path, BOORU_ERROR_UNSUPPORTED);
  g_setenv ("PATH", old, TRUE);
}

/* The decoder's line "FIELD:\tVALUE" in /proc/PID/status. */
static char *
read_status_of_decoder (const char *field)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  g_autofree char *parent = g_strdup_printf ("\nPPid:\t%d\n", (int)getpid ());
  g_autofree char *start = g_strdup_printf ("\n%s:\t", field);
  const char *entry;

  while ((entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", entry, "status", NULL);
      g_autofree char *text = NULL;
      const char *found;

      if (!g_ascii_isdigit (*entry) || !g_file_get_contents (path, &text, NULL, NULL)
          || strstr (text, parent) == NULL || !g_str_has_prefix (text, "Name:\tbooru-decoder\n"))
        continue;
      found = strstr (text, start);
      g_assert_nonnull (found);
      found += strlen (start);
      return g_strndup (found, strcspn (found, "\n"));
    }
  g_error ("No decoder runs");
}

/* After its first file the decoder is still there, by its name, and in the sandbox. */
static void
test_sandbox (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *path
      = fixtures_write (fixtures_make_picture (40, 30, 3), fixture->folder, "picture", ".png");
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);
  g_autofree char *privileges = read_status_of_decoder ("NoNewPrivs");
  g_autofree char *seccomp = read_status_of_decoder ("Seccomp");

  g_assert_nonnull (result);
  g_assert_cmpstr (privileges, ==, "1");
#ifdef HAVE_SECCOMP
  g_assert_cmpstr (seccomp, ==, "2");
#endif
}

/* Many at once, all sorts among each other: each gets its own answer. */
static void
test_mixed (PoolFixture *fixture, gconstpointer data)
{
  Answer answers[40] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *name = g_strdup_printf ("picture-%u", i);
      g_autofree char *path = NULL;

      if (i % 5 == 4)
        path = test_write_file (fixture->folder, name, "garbage");
      else
        path = fixtures_write (fixtures_make_picture (100 + i, 50, 3), fixture->folder, name,
                               ".png");
      ask (fixture, path, NULL, &answers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      await (&answers[i]);
      if (i % 5 == 4)
        g_assert_error (answers[i].error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED);
      else
        g_assert_cmpint (answers[i].result->media.width, ==, 100 + (gint)i);
      answer_clear (&answers[i]);
    }
}

/* As systemd's MemoryDenyWriteExecute= and SELinux have it: nothing can be compiled at run time. */
static void
test_no_executable_memory (PoolFixture *fixture, gconstpointer data)
{
  const int set_mdwe = 65; /* PR_SET_MDWE, Linux 6.3 */
  g_autofree char *path = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      return;
    }
  path = fixtures_write (fixtures_make_picture (3000, 2000, 3), fixture->folder, "large", ".jpg");
  if (prctl (set_mdwe, 1, 0, 0, 0) != 0)
    {
      g_test_skip ("This kernel cannot deny executable memory");
      return;
    }
  result = decode_well (fixture, path);
  assert_variants (result);
}

#define ADD(name, function) pool_fixture_add_test ("/decoder/formats/" name, NULL, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  g_test_add_func ("/decoder/formats/size-rule", test_size_rule);
  ADD ("all", test_formats);
  ADD ("sizes", test_sizes);
  ADD ("orientation", test_orientation);
  ADD ("colours", test_colours);
  ADD ("alpha", test_alpha);
  ADD ("opaque-alpha", test_opaque_alpha);
  ADD ("animation", test_animation);
  ADD ("bmp", test_bmp);
  ADD ("damaged", test_damaged);
  ADD ("bombs", test_bombs);
  ADD ("max-side", test_max_side);
  ADD ("max-pixels", test_max_pixels);
  ADD ("video", test_video);
  ADD ("no-ffmpeg", test_no_ffmpeg);
  ADD ("sandbox", test_sandbox);
  ADD ("mixed", test_mixed);
  ADD ("no-executable-memory", test_no_executable_memory);
  return g_test_run ();
}
