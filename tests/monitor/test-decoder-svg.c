/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SVG, plain and compressed, by people who mean well and by others. */
#include <sys/mman.h>
#include <unistd.h>

#include "decoder-fixtures.h"
#include "decoder/reading/decoder-gzip.h"
#include "pool-fixture.h"
#include "zip-fixture.h"

#define START "<svg xmlns='http://www.w3.org/2000/svg' width='1200' height='600'>"
#define DECLARED "<?xml version='1.0'?>" RED
#define RED START "<rect width='1200' height='600' fill='#f00'/></svg>"

static void
test_svg (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *red
      = fixtures_write (fixtures_make_picture (50, 50, 3), fixture->folder, "red.png", ".png");
  g_autofree char *text = g_strdup_printf (
      "<!DOCTYPE svg [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>"
      "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
      "width='1200' height='600'><script>while(true);</script>"
      "<image xlink:href='file://%s' width='1200' height='600'/></svg>",
      red);
  g_autofree char *path = test_write_file (fixture->folder, "picture.svg", text);
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);
  double pixel[4];
  gint n;

  g_assert_cmpstr (result->media.ext, ==, "svg");
  g_assert_cmpint (result->media.width, ==, 1200);
  /* Nothing was loaded from the other file. */
  fixtures_read_middle (result->variants[BOORU_VARIANT_720], &n, pixel);
  g_assert_cmpint (n, ==, 4);
  g_assert_cmpfloat (pixel[3], ==, 0);
}

static void
require_red (const MonitorDecodeResult *result)
{
  double pixel[4];
  gint n;

  g_assert_cmpstr (result->media.ext, ==, "svg");
  fixtures_read_middle (result->variants[BOORU_VARIANT_720], &n, pixel);
  g_assert_cmpint (n, ==, 3);
  g_assert_cmpfloat (pixel[0], >, 245);
  g_assert_cmpfloat (pixel[1], <, 10);
}

static GByteArray *
gzip_text (const char *text)
{
  return gzip_bytes (text, strlen (text), "picture.svg");
}

static char *
write_packed (PoolFixture *fixture, const GByteArray *packed)
{
  return fixtures_write_bytes (fixture->folder, "picture.svgz", packed->data, packed->len);
}

static void
require_refused (PoolFixture *fixture, const GByteArray *packed, BooruError code, const char *why)
{
  g_autofree char *path = write_packed (fixture, packed);
  g_autoptr (GError) error = NULL;

  g_assert_null (decode (fixture, path, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, BOORU_ERROR, (gint)code);
  g_assert_nonnull (strstr (error->message, why));
}

static void
test_compressed (PoolFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) packed = gzip_text (RED);
  g_autofree char *path = write_packed (fixture, packed);
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);
  double pixel[4];
  gint n;

  g_assert_cmpstr (result->media.ext, ==, "svgz");
  g_assert_cmpint (result->media.width, ==, 1200);
  g_assert_cmpint (result->media.height, ==, 600);
  fixtures_read_middle (result->variants[BOORU_VARIANT_360], &n, pixel);
  g_assert_cmpfloat (pixel[0], >=, 250);
  g_assert_cmpfloat (pixel[1], <=, 5);
}

/* What holds for an SVG holds for what comes out of the archive. */
static void
test_compressed_size (PoolFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) wide
      = gzip_text ("<svg xmlns='http://www.w3.org/2000/svg' width='1000000000' height='1000'/>");
  g_autoptr (GByteArray) boxed
      = gzip_text ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9e9 9e9'/>");
  g_autoptr (GByteArray) damaged = gzip_text (START "<g>");

  require_refused (fixture, wide, BOORU_ERROR_LIMIT, "1000000000 by 1000");
  require_refused (fixture, boxed, BOORU_ERROR_LIMIT, "pixels");
  require_refused (fixture, damaged, BOORU_ERROR_INVALID, "damaged");
}

static void
test_compressed_outside (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *red
      = fixtures_write (fixtures_make_picture (50, 50, 3), fixture->folder, "red.png", ".png");
  g_autofree char *text = g_strdup_printf (START "<image href='file://%s' width='1200' "
                                                 "height='600'/></svg>",
                                           red);
  g_autoptr (GByteArray) packed = gzip_text (text);
  g_autofree char *path = write_packed (fixture, packed);
  g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);
  double pixel[4];
  gint n;

  fixtures_read_middle (result->variants[BOORU_VARIANT_720], &n, pixel);
  g_assert_cmpfloat (pixel[3], ==, 0);
}

static GByteArray *
gzip_padded (gsize blanks)
{
  g_autoptr (GString) text = g_string_new (START);
  gsize start = text->len;

  g_string_set_size (text, start + blanks);
  memset (text->str + start, ' ', blanks);
  g_string_append (text, "</svg>");
  return gzip_bytes (text->str, text->len, NULL);
}

static void
test_bombs (PoolFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) huge = gzip_padded (64 << 20);
  g_autoptr (GByteArray) steep = gzip_padded (2 << 20);
  g_autoptr (GByteArray) small = gzip_padded (900 << 10);
  g_autoptr (GByteArray) once = gzip_text (RED);
  g_autoptr (GByteArray) nested = gzip_bytes (once->data, once->len, NULL);
  g_autoptr (GByteArray) other = gzip_text ("this is no picture");
  g_autofree char *path = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;

  require_refused (fixture, huge, BOORU_ERROR_LIMIT, "a hundred times");
  require_refused (fixture, steep, BOORU_ERROR_LIMIT, "a hundred times");
  require_refused (fixture, nested, BOORU_ERROR_UNSUPPORTED, "without an SVG in it");
  require_refused (fixture, other, BOORU_ERROR_UNSUPPORTED, "without an SVG in it");
  path = write_packed (fixture, small);
  result = decode_well (fixture, path);
}

/* More than is read, honestly packed. */
static void
test_too_large (PoolFixture *fixture, gconstpointer data)
{
  gsize size = DECODER_GZIP_MAX_SIZE;
  g_autofree guint8 *text = g_malloc (size);
  g_autoptr (GByteArray) packed = NULL;

  for (gsize i = 0; i < size; i++)
    text[i] = (guint8)g_test_rand_int_range ('a', 'i');
  memcpy (text, START "<!--", strlen (START "<!--"));
  packed = gzip_bytes (text, size, NULL);
  require_refused (fixture, packed, BOORU_ERROR_INVALID, "damaged");
  g_clear_pointer (&text, g_free);
  text = g_malloc0 (size + 1);
  memcpy (text, START, strlen (START));
  for (gsize i = strlen (START); i <= size; i++)
    text[i] = (guint8)g_test_rand_int_range ('a', 'i');
  g_clear_pointer (&packed, g_byte_array_unref);
  packed = gzip_bytes (text, size + 1, NULL);
  require_refused (fixture, packed, BOORU_ERROR_LIMIT, "too large");
}

static void
test_odd_ends (PoolFixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) packed = gzip_text (RED);
  g_autoptr (GByteArray) other = gzip_text ("<svg/>");
  guint length = packed->len;

  g_byte_array_append (packed, (const guint8 *)"\0", 1);
  require_refused (fixture, packed, BOORU_ERROR_INVALID, "data after its end");
  g_byte_array_set_size (packed, length);
  g_byte_array_append (packed, other->data, other->len);
  require_refused (fixture, packed, BOORU_ERROR_INVALID, "data after its end");
  g_byte_array_set_size (packed, length);
  packed->data[length - 8] ^= 1; /* checksum */
  require_refused (fixture, packed, BOORU_ERROR_INVALID, "damaged");
  packed->data[length - 8] ^= 1;
  packed->data[length - 4] ^= 1; /* length */
  require_refused (fixture, packed, BOORU_ERROR_INVALID, "damaged");
  packed->data[length - 4] ^= 1;
  g_byte_array_set_size (packed, length - 1);
  require_refused (fixture, packed, BOORU_ERROR_INVALID, "ends too early");
}

static GByteArray *
gunzip (const guint8 *data, gsize size, gsize limit, GError **error)
{
  int fd = memfd_create ("packed", MFD_CLOEXEC);
  GByteArray *out;

  g_assert_cmpint (write (fd, data, size), ==, (gssize)size);
  out = decoder_gunzip (fd, limit, error);
  close (fd);
  return out;
}

/* Wherever it is cut, and whichever bit is another: an answer comes. */
static void
test_mangled (void)
{
  g_autoptr (GByteArray) packed = gzip_text (RED);

  for (guint length = 0; length < packed->len; length++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (gunzip (packed->data, length, G_MAXSIZE, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
    }
  for (guint bit = 0; bit < packed->len * 8; bit++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GByteArray) out = NULL;

      packed->data[bit / 8] ^= 1 << bit % 8;
      out = gunzip (packed->data, packed->len, G_MAXSIZE, &error);
      g_assert_true ((out != NULL) != (error != NULL));
      g_assert_true (out == NULL
                     || (out->len == strlen (RED) && memcmp (out->data, RED, out->len) == 0));
      packed->data[bit / 8] ^= 1 << bit % 8;
    }
}

/* Around the sizes in which it is read and unpacked, and easy and hard to pack. */
static void
test_lengths (void)
{
  static const gsize sizes[]
      = { 0, 1, 32767, 32768, 32769, 65535, 65536, 65537, 98304, 98305, 999999, 1048576 };
  g_autofree guint8 *text = g_malloc (1048576);

  for (guint hard = 0; hard < 2; hard++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        g_autoptr (GByteArray) packed = NULL;
        g_autoptr (GByteArray) all = NULL;
        g_autoptr (GByteArray) head = NULL;
        g_autoptr (GError) error = NULL;

        for (gsize at = 0; at < sizes[i]; at++)
          text[at] = hard ? (guint8)g_test_rand_int () : (guint8)(at / 1000);
        packed = gzip_bytes (text, sizes[i], NULL);
        all = gunzip (packed->data, packed->len, G_MAXSIZE, &error);
        g_assert_no_error (error);
        g_assert_cmpmem (all->data, all->len, text, sizes[i]);
        head = gunzip (packed->data, packed->len, 4096, &error);
        g_assert_no_error (error);
        g_assert_cmpuint (head->len, >=, MIN (sizes[i], 4096));
        g_assert_cmpmem (head->data, MIN (head->len, sizes[i]), text, head->len);
      }
}

/* What another program wrote: a prefix for the namespace, other encodings, much in front. */
static void
test_written_oddly (PoolFixture *fixture, gconstpointer data)
{
  static const char prefixed[]
      = "<ns0:svg xmlns:ns0='http://www.w3.org/2000/svg' width='1200' height='600'>"
        "<ns0:rect width='1200' height='600' fill='#f00'/></ns0:svg>";
  g_autofree char *comment = g_strnfill (300 * 1024, 'x');
  g_autofree char *commented
      = g_strdup_printf ("\xef\xbb\xbf<?xml version='1.0'?>\n<!--%s-->\n<!-- > -->" RED, comment);
  const char *texts[] = { prefixed, commented, RED, DECLARED, DECLARED };
  const char *const encodings[] = { NULL, NULL, "UTF-16", "UTF-16LE", "UTF-16BE" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gsize size = strlen (texts[i]);
      g_autofree char *text
          = encodings[i] ? g_convert (texts[i], -1, encodings[i], "UTF-8", NULL, &size, NULL)
                         : g_strdup (texts[i]);
      g_autofree char *path = fixtures_write_bytes (fixture->folder, "picture", text, size);
      g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);

      require_red (result);
    }
}

/* XML that is no SVG, however much comes before one sees it. */
static void
test_other_xml (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *comment = g_strnfill (10000, 'x');
  g_autofree char *late = g_strdup_printf ("<!--%s--><html/>", comment);
  g_autofree char *never = g_strdup_printf ("<!--%s", comment);
  const char *texts[]
      = { late, never, "<a:svgx/>", "<svg:g/>", "<?xml version='1.0'?><rss><svg/></rss>" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = test_write_file (fixture->folder, "picture.svg", texts[i]);

      assert_refused (fixture, path, BOORU_ERROR_UNSUPPORTED);
    }
}

/* A coordinate system is no size: browsers show it as large as there is room. */
static void
test_large_view_box (PoolFixture *fixture, gconstpointer data)
{
  static const char *const sizes[]
      = { "", "width='100%' height='100%'", "width='1200'", "width='1200' height='600'" };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *text
          = g_strdup_printf ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1000000 500000' "
                             "%s><rect width='1000000' height='500000' fill='#f00'/></svg>",
                             sizes[i]);
      g_autofree char *path = test_write_file (fixture->folder, "picture.svg", text);
      g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);

      g_test_message ("%s: %d by %d", sizes[i], result->media.width, result->media.height);
      g_assert_cmpint (ABS (result->media.width - 2 * result->media.height), <=, 1);
      g_assert_cmpint (result->media.width, >=, 1200);
      require_red (result);
    }
}

/* Pictures within the file are shown, whatever they are; those without are not. */
static void
test_embedded (PoolFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *suffix, *type;
  } kinds[] = {
    { ".png", "image/png" }, { ".png", "" },          { ".jpg", "image/jpeg" },
    { ".jpg", "image/jpg" }, { ".gif", "image/gif" }, { ".webp[lossless]", "image/webp" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (VipsImage) black = NULL;
      g_autoptr (VipsImage) filled = NULL;
      VipsImage *red = NULL;
      double ones[] = { 0, 0, 0 }, values[] = { 255, 0, 0 };
      g_autofree char *inner = NULL, *bytes = NULL, *base64 = NULL, *text = NULL, *path = NULL;
      g_autoptr (MonitorDecodeResult) result = NULL;
      gsize size;

      g_assert_cmpint (vips_black (&black, 200, 100, "bands", 3, NULL), ==, 0);
      g_assert_cmpint (vips_linear (black, &filled, ones, values, 3, NULL), ==, 0);
      g_assert_cmpint (vips_cast (filled, &red, VIPS_FORMAT_UCHAR, NULL), ==, 0);
      inner = fixtures_write (red, fixture->folder, "inner", kinds[i].suffix);
      g_assert_true (g_file_get_contents (inner, &bytes, &size, NULL));
      base64 = g_base64_encode ((guint8 *)bytes, size);
      text = g_strdup_printf (
          "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
          "width='1200' height='600'><image width='1200' height='600' preserveAspectRatio='none' "
          "xlink:href='data:%s;base64,%s'/></svg>",
          kinds[i].type, base64);
      path = test_write_file (fixture->folder, "picture.svg", text);
      g_test_message ("%s as \"%s\"", kinds[i].suffix, kinds[i].type);
      result = decode_well (fixture, path);
      require_red (result);
    }
}

#define ADD(name, function) pool_fixture_add_test ("/decoder/svg/" name, NULL, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  ADD ("plain", test_svg);
  ADD ("compressed", test_compressed);
  ADD ("compressed-size", test_compressed_size);
  ADD ("compressed-outside", test_compressed_outside);
  ADD ("bombs", test_bombs);
  ADD ("too-large", test_too_large);
  ADD ("odd-ends", test_odd_ends);
  ADD ("written-oddly", test_written_oddly);
  ADD ("other-xml", test_other_xml);
  ADD ("large-view-box", test_large_view_box);
  ADD ("embedded", test_embedded);
  g_test_add_func ("/decoder/svg/gzip-mangled", test_mangled);
  g_test_add_func ("/decoder/svg/gzip-lengths", test_lengths);
  return g_test_run ();
}
