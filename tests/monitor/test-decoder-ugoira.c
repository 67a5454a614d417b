/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Archives of frames, honest and hostile. */
#include "decoder-fixtures.h"
#include "decoder/formats/decoder-ugoira.h"
#include "pool-fixture.h"
#include "zip-fixture.h"

static void
zip_add_frame (Zip *zip, const char *name, gint width, gint height, guint shift, const char *suffix)
{
  g_autoptr (VipsImage) picture = fixtures_make_picture (width, height, 3);
  g_autoptr (VipsImage) rolled = NULL;
  g_autofree void *data = NULL;
  gsize size;

  vips_wrap (picture, &rolled, "x", (int)shift * 31 % width, "y", (int)shift * 17 % height, NULL);
  g_assert_cmpint (vips_image_write_to_buffer (rolled, suffix, &data, &size, NULL), ==, 0);
  zip_add (zip, name, data, size);
}

static void
zip_add_frames (Zip *zip, guint n, const char *format, const char *suffix)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%06u%s", i, format);

      zip_add_frame (zip, name, 640, 480, i, suffix);
    }
}

static void
assert_ugoira (const MonitorDecodeResult *result, gint frames, double duration)
{
  g_assert_cmpstr (result->media.ext, ==, "zip");
  g_assert_cmpint (result->media.width, ==, 640);
  g_assert_cmpint (result->media.height, ==, 480);
  g_assert_cmpint (result->media.frames, ==, frames);
  g_assert_cmpfloat_with_epsilon (result->media.duration, duration, 0.0001);
  g_assert_false (result->media.has_sound);
  g_assert_cmpuint (result->media.phash, !=, 0);
  g_assert_cmpuint (result->media.n_frame_hashes, ==, MIN (frames, 5));
  for (guint i = 0; i < BOORU_N_VARIANTS; i++)
    g_assert_true ((result->variants[i] != NULL)
                   == (i != BOORU_VARIANT_SAMPLE && i != BOORU_VARIANT_DISPLAY));
}

static void
test_frames (PoolFixture *fixture, gconstpointer data)
{
  static const char *const formats[][2]
      = { { ".jpg", ".jpg[Q=90]" }, { ".png", ".png" }, { ".webp", ".webp" }, { ".JPEG", ".jpg" } };

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      Zip zip = { .deflated = i % 2 };
      g_autofree char *path = NULL;
      g_autoptr (MonitorDecodeResult) result = NULL;

      g_test_message ("%s", formats[i][0]);
      zip_add_frames (&zip, 6, formats[i][0], formats[i][1]);
      path = zip_write (&zip, fixture->folder, "archive");
      result = decode_well (fixture, path);
      assert_ugoira (result, 6, 0.6);
    }
}

/* The content of an entry decides, not its name. */
static void
test_delays (PoolFixture *fixture, gconstpointer data)
{
  static const char json[]
      = "{\"ugokuIllustData\":{\"src\":\"https:\\/\\/x\\/1.zip\",\"mime_type\":\"image\\/jpeg\","
        "\"frames\":[{\"file\":\"000000.jpg\",\"delay\":50},{\"file\":\"000001.jpg\",\"delay\":250}"
        ","
        "{\"file\":\"000002.jpg\",\"delay\":1000}]}}";
  Zip zip = { .deflated = TRUE };
  g_autofree char *path = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;

  zip_add (&zip, "animation.json", json, strlen (json));
  zip_add_frames (&zip, 3, ".jpg", ".png");
  path = zip_write (&zip, fixture->folder, "archive");
  result = decode_well (fixture, path);
  assert_ugoira (result, 3, 1.3);
}

static void
test_delays_from_beside (PoolFixture *fixture, gconstpointer data)
{
  static const guint16 delays[] = { 500, 40, 40, 420 };
  MonitorDecodeHints hints = { delays, G_N_ELEMENTS (delays) };
  MonitorDecodeHints wrong = { delays, 2 };
  Zip zip = { 0 };
  g_autofree char *path = NULL;
  g_auto (Answer) answer = { 0 };
  g_auto (Answer) guessed = { 0 };

  zip_add_frames (&zip, 4, ".jpg", ".jpg");
  path = zip_write (&zip, fixture->folder, "archive");
  ask_with_hints (fixture, path, &hints, NULL, &answer);
  await (&answer);
  g_assert_no_error (answer.error);
  assert_ugoira (answer.result, 4, 1.0);
  ask_with_hints (fixture, path, &wrong, NULL, &guessed);
  await (&guessed);
  g_assert_no_error (guessed.error);
  assert_ugoira (guessed.result, 4, 0.4);
}

static void
test_parse_delays (void)
{
  static const char *const names[] = { "0.jpg", "1.jpg" };
  static const struct
  {
    const char *text;
    gint first, second; /* 0: nothing is found */
  } cases[] = {
    { "[{\"file\":\"0.jpg\",\"delay\":10},{\"file\":\"1.jpg\",\"delay\":20}]", 10, 20 },
    { " { \"frames\" : [ { \"delay\" : 7 , \"file\" : \"1.jpg\" } , { \"file\" : \"0.jpg\" , "
      "\"delay\" : 8.5e1 } ] } ",
      85, 7 },
    { "{\"body\":{\"x\":[1,2,{\"y\":null}],\"frames\":[{\"file\":\"0.jpg\",\"delay\":1},"
      "{\"file\":\"1.jpg\",\"delay\":65535}]},\"error\":false}",
      1, 65535 },
    { "[{\"file\":\"0.jpg\",\"delay\":10}]", 0, 0 },
    { "[{\"file\":\"0.jpg\",\"delay\":-1},{\"file\":\"1.jpg\",\"delay\":1e99}]", 0, 0 },
    { "{\"frames\":[{\"file\":\"0.jpg\",\"delay\":10},{\"file\":\"1.jpg\",\"delay\":20}", 0, 0 },
    { "{\"frames\":7}", 0, 0 },
    { "", 0, 0 },
    { "{", 0, 0 },
    { "\"", 0, 0 },
    { "[\"\\", 0, 0 },
    { "{\"a\"", 0, 0 },
  };
  g_autofree char *deep = g_strnfill (100000, '[');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* A copy of just that size, so that reading past its end is seen. */
      gsize length = strlen (cases[i].text);
      g_autofree char *text = g_memdup2 (cases[i].text, length);
      g_autoptr (GArray) delays = decoder_ugoira_parse_delays (text, length, names, 2);

      g_test_message ("%s", cases[i].text);
      g_assert_true ((delays != NULL) == (cases[i].first > 0));
      if (delays == NULL)
        continue;
      g_assert_cmpint (g_array_index (delays, gint, 0), ==, cases[i].first);
      g_assert_cmpint (g_array_index (delays, gint, 1), ==, cases[i].second);
    }
  g_assert_null (decoder_ugoira_parse_delays (deep, 100000, names, 2));
}

/* Other archives are left alone, as archives. */

static void
fill_gap (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip_add_frame (zip, "000003.jpg", 640, 480, 3, ".jpg");
}

static void
fill_late_start (Zip *zip)
{
  zip_add_frame (zip, "5.jpg", 640, 480, 3, ".jpg");
  zip_add_frame (zip, "6.jpg", 640, 480, 4, ".jpg");
}

static void
fill_single (Zip *zip)
{
  zip_add_frames (zip, 1, ".jpg", ".jpg");
}

static void
fill_text (Zip *zip)
{
  zip_add_frames (zip, 3, ".jpg", ".jpg");
  zip_add (zip, "readme.txt", "words", 5);
}

static void
fill_mixed (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip_add_frame (zip, "000002.png", 640, 480, 2, ".png");
}

static void
fill_comic (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip_add_frame (zip, "000002.jpg", 480, 640, 2, ".jpg");
}

static void
fill_folder (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip_add_frame (zip, "a/000002.jpg", 640, 480, 2, ".jpg");
}

static void
fill_upwards (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip_add_frame (zip, "../000002.jpg", 640, 480, 2, ".jpg");
}

static void
fill_no_pictures (Zip *zip)
{
  zip_add (zip, "0.jpg", "words", 5);
  zip_add (zip, "1.jpg", "words", 5);
}

static void
fill_twice (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip_add_frame (zip, "000001.jpg", 640, 480, 2, ".jpg");
}

/* Those that only look like one are refused. */

static void
fill_twice_delays (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip_add (zip, "animation.json", "[]", 2);
  zip_add (zip, "animation.json", "[]", 2);
}

static void
fill_within (Zip *zip)
{
  zip_add_frames (zip, 1, ".jpg", ".jpg");
  /* A whole entry that lies in the first one's content: the quoted overlap of ZIP bombs. */
  zip->offset_shift = 10;
  zip_add_frame (zip, "000001.jpg", 640, 480, 1, ".jpg");
}

static void
fill_same_place (Zip *zip)
{
  zip_add_frames (zip, 1, ".jpg", ".jpg");
  zip->offset_shift = zip->bytes->len;
  zip_add_frame (zip, "000001.jpg", 640, 480, 1, ".jpg");
}

static void
fill_encrypted (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip->flags = 1;
  zip_add_frame (zip, "000002.jpg", 640, 480, 1, ".jpg");
}

static void
fill_damaged (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip->wrong_checksum = TRUE;
  zip_add_frame (zip, "000002.jpg", 640, 480, 1, ".jpg");
}

static void
fill_short_size (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip->deflated = TRUE;
  zip->size = 100; /* and much more comes out */
  zip_add_frame (zip, "000002.jpg", 640, 480, 1, ".jpg");
}

static void
fill_large (Zip *zip)
{
  zip_add_frames (zip, 2, ".jpg", ".jpg");
  zip->deflated = TRUE;
  zip->size = 0x7fffffff;
  zip_add_frame (zip, "000002.jpg", 640, 480, 1, ".jpg");
}

static const struct
{
  const char *name;
  void (*fill) (Zip *zip);
  BooruError code;
} odd[] = {
  { "a gap", fill_gap, BOORU_ERROR_UNSUPPORTED },
  { "a late start", fill_late_start, BOORU_ERROR_UNSUPPORTED },
  { "one picture", fill_single, BOORU_ERROR_UNSUPPORTED },
  { "a text among them", fill_text, BOORU_ERROR_UNSUPPORTED },
  { "several formats", fill_mixed, BOORU_ERROR_UNSUPPORTED },
  { "several sizes", fill_comic, BOORU_ERROR_UNSUPPORTED },
  { "a folder", fill_folder, BOORU_ERROR_UNSUPPORTED },
  { "a name that leads upwards", fill_upwards, BOORU_ERROR_UNSUPPORTED },
  { "no pictures in it", fill_no_pictures, BOORU_ERROR_UNSUPPORTED },
  { "a number twice", fill_twice, BOORU_ERROR_UNSUPPORTED },
  { "a name twice", fill_twice_delays, BOORU_ERROR_INVALID },
  { "an entry within another", fill_within, BOORU_ERROR_INVALID },
  { "two entries at one place", fill_same_place, BOORU_ERROR_INVALID },
  { "an encrypted frame", fill_encrypted, BOORU_ERROR_INVALID },
  { "a damaged frame", fill_damaged, BOORU_ERROR_INVALID },
  { "more content than is told", fill_short_size, BOORU_ERROR_INVALID },
  { "a frame that claims two gigabytes", fill_large, BOORU_ERROR_LIMIT },
};

static void
test_odd (PoolFixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      Zip zip = { 0 };
      g_autofree char *path = NULL;

      g_test_message ("%s", odd[i].name);
      odd[i].fill (&zip);
      path = zip_write (&zip, fixture->folder, "archive");
      assert_refused (fixture, path, odd[i].code);
    }
}

/* Cut anywhere, and with any byte changed: an answer of some kind, and no crash. */
static void
test_mangled (PoolFixture *fixture, gconstpointer data)
{
  Zip zip = { 0 };
  g_autofree char *path = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  zip_add_frame (&zip, "0.png", 8, 8, 0, ".png");
  zip_add_frame (&zip, "1.png", 8, 8, 1, ".png");
  path = zip_write (&zip, fixture->folder, "archive");
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (guint round = 0; round < 300; round++)
    {
      g_autofree char *copy = g_memdup2 (bytes, length);
      gsize size = round % 3 ? length : (gsize)g_test_rand_int_range (31, (gint)length);
      g_autofree char *mangled = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (MonitorDecodeResult) result = NULL;

      for (guint i = 0; i <= round % 4; i++)
        copy[g_test_rand_int_range (30, (gint)size)] = (char)g_test_rand_int ();
      mangled = fixtures_write_bytes (fixture->folder, "mangled", copy, size);
      result = decode (fixture, mangled, &error);
      if (error != NULL)
        g_assert_false (g_error_matches (error, BOORU_ERROR, BOORU_ERROR_FAILED));
    }
}

#define ADD(name, function) pool_fixture_add_test ("/decoder/ugoira/" name, NULL, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  g_test_add_func ("/decoder/ugoira/parse-delays", test_parse_delays);
  ADD ("frames", test_frames);
  ADD ("delays", test_delays);
  ADD ("delays-from-beside", test_delays_from_beside);
  ADD ("odd", test_odd);
  ADD ("mangled", test_mangled);
  return g_test_run ();
}
