/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures of high dynamic range look like ordinary ones on an ordinary screen. */
#include <math.h>
#include <zlib.h>

#include "decoder-fixtures.h"
#include "decoder/reading/decoder-hdr.h"
#include "pool-fixture.h"

/* Values of the standards: 203 cd/m² are 58 % of PQ and 75 % of HLG (ITU-R BT.2408, table 1). */
static void
test_curves (void)
{
  g_assert_cmpfloat_with_epsilon (decoder_hdr_to_light (DECODER_TRANSFER_PQ, 0.58), 1, 0.02);
  g_assert_cmpfloat_with_epsilon (decoder_hdr_to_light (DECODER_TRANSFER_HLG, 0.75), 1, 0.02);
  g_assert_cmpfloat_with_epsilon (decoder_hdr_to_light (DECODER_TRANSFER_PQ, 1), 10000 / 203.0,
                                  0.01);
  g_assert_cmpfloat_with_epsilon (decoder_hdr_to_light (DECODER_TRANSFER_HLG, 1), 1000 / 203.0,
                                  0.01);
  g_assert_cmpfloat (decoder_hdr_to_light (DECODER_TRANSFER_PQ, 0), ==, 0);
  g_assert_cmpfloat (decoder_hdr_to_light (DECODER_TRANSFER_HLG, 0), ==, 0);
  g_assert_cmpfloat (decoder_hdr_to_signal (0), ==, 0);
  g_assert_cmpfloat_with_epsilon (decoder_hdr_to_signal (0.2140), 0.5, 0.001);
  for (double light = 0; light < 50; light += 0.01)
    {
      g_assert_cmpfloat (decoder_hdr_to_signal (light), <=, 1);
      g_assert_cmpfloat (decoder_hdr_to_signal (light + 0.01), >=, decoder_hdr_to_signal (light));
    }
}

static void
test_codes (void)
{
  static const guint8 png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR-------------CRC_"
                              "\0\0\0\4cICP\x09\x10\0\1CRC_\0\0\0\0IDAT";
  static const guint8 late[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR-------------CRC_"
                               "\0\0\0\0IDATCRC_\0\0\0\4cICP\x09\x10\0\1CRC_";
  static const guint8 heif[] = "\0\0\0\x13"
                               "colrnclx\0\x09\0\x12\0\x09\x80";
  static const guint8 plain[] = "\0\0\0\x13"
                                "colrnclx\0\1\0\x0d\0\6\x80";
  DecoderHdr hdr = decoder_hdr_find_in_png (png, sizeof png - 1);

  g_assert_cmpint (hdr.transfer, ==, DECODER_TRANSFER_PQ);
  g_assert_true (hdr.wide);
  g_assert_cmpint (decoder_hdr_find_in_png (late, sizeof late - 1).transfer, ==,
                   DECODER_TRANSFER_SDR);
  for (gsize length = 0; length < sizeof png - 1; length++)
    {
      g_autofree guint8 *cut = g_memdup2 (png, length);

      decoder_hdr_find_in_png (cut, length);
    }
  hdr = decoder_hdr_find_in_heif (heif, sizeof heif - 1);
  g_assert_cmpint (hdr.transfer, ==, DECODER_TRANSFER_HLG);
  g_assert_true (hdr.wide);
  g_assert_cmpint (decoder_hdr_find_in_heif (heif, sizeof heif - 8).transfer, ==,
                   DECODER_TRANSFER_SDR);
  g_assert_cmpint (decoder_hdr_find_in_heif (plain, sizeof plain - 1).transfer, ==,
                   DECODER_TRANSFER_SDR);
}

/* The signal that gives a light. */
static double
find_signal (DecoderTransfer transfer, double light)
{
  double low = 0, high = 1;

  for (guint i = 0; i < 40; i++)
    {
      double middle = (low + high) / 2;

      *(decoder_hdr_to_light (transfer, middle) < light ? &low : &high) = middle;
    }
  return low;
}

/* @picture, ordinary, as a PNG of 16 bits in another coding. */
static char *
write_hdr (PoolFixture *fixture, VipsImage *picture, guint8 code, DecoderTransfer transfer)
{
  guint8 chunk[] = { 0, 0, 0, 4, 'c', 'I', 'C', 'P', 1, code, 0, 1, 0, 0, 0, 0 };
  guint32 checksum = GUINT32_TO_BE ((guint32)crc32 (0, chunk + 4, 8));
  g_autofree guint8 *pixels = NULL;
  g_autofree guint16 *deep = NULL;
  g_autofree void *png = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (VipsImage) image = NULL;
  gsize n, size;

  pixels = vips_image_write_to_memory (picture, &n);
  deep = g_new (guint16, n);
  for (gsize i = 0; i < n; i++)
    {
      double signal = pixels[i] / 255.0;
      double light = signal <= 0.04045 ? signal / 12.92 : pow ((signal + 0.055) / 1.055, 2.4);

      deep[i] = (guint16)(find_signal (transfer, light) * 65535 + 0.5);
    }
  image = vips_image_new_from_memory (deep, n * 2, vips_image_get_width (picture),
                                      vips_image_get_height (picture), 3, VIPS_FORMAT_USHORT);
  image->Type = VIPS_INTERPRETATION_RGB16;
  g_assert_cmpint (vips_pngsave_buffer (image, &png, &size, "strip", TRUE, NULL), ==, 0);
  memcpy (chunk + 12, &checksum, 4);
  g_byte_array_append (bytes, png, 33);
  g_byte_array_append (bytes, chunk, sizeof chunk);
  g_byte_array_append (bytes, (guint8 *)png + 33, (guint)size - 33);
  return fixtures_write_bytes (fixture->folder, "hdr", bytes->data, bytes->len);
}

static void
test_png (PoolFixture *fixture, gconstpointer data)
{
  static const guint8 codes[] = { 16, 18 };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      DecoderTransfer transfer = decoder_hdr_from_codes (1, codes[i]).transfer;
      VipsImage *picture = fixtures_make_picture (300, 200, 3);
      g_autofree char *hdr = write_hdr (fixture, picture, codes[i], transfer);
      g_autofree char *plain = fixtures_write (picture, fixture->folder, "plain", ".png");
      g_autoptr (MonitorDecodeResult) of_hdr = decode_well (fixture, hdr);
      g_autoptr (MonitorDecodeResult) of_plain = decode_well (fixture, plain);
      double a[4], b[4];
      gint n, m;

      fixtures_read_middle (of_hdr->variants[BOORU_VARIANT_360], &n, a);
      fixtures_read_middle (of_plain->variants[BOORU_VARIANT_360], &m, b);
      g_assert_cmpint (n, ==, 3);
      for (gint band = 0; band < 3; band++)
        g_assert_cmpfloat_with_epsilon (a[band], b[band], 8);
    }
}

/* Grey in the middle of the scale: as PQ it would be far too bright, or far too dark. */
static void
test_video (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *program = g_find_program_in_path ("ffmpeg");
  g_autofree char *path = g_build_filename (fixture->folder, "hdr.mp4", NULL);
  g_autofree char *command = g_strdup_printf (
      "ffmpeg -v error -y -f lavfi -i color=0x808080:s=320x180:d=1:r=5 -vf "
      "zscale=tin=iec61966-2-1:min=bt709:pin=bt709:t=smpte2084:m=bt2020nc:p=bt2020:npl=203,"
      "format=yuv420p10le -c:v libx265 -x265-params "
      "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc %s",
      path);
  g_autoptr (MonitorDecodeResult) result = NULL;
  double pixel[4];
  gint n, status = 1;

  if (program == NULL || !g_spawn_command_line_sync (command, NULL, NULL, &status, NULL)
      || status != 0)
    {
      g_test_skip ("there is no ffmpeg with libx265 and zscale");
      return;
    }
  result = decode_well (fixture, path);
  fixtures_read_middle (result->variants[BOORU_VARIANT_180], &n, pixel);
  for (gint band = 0; band < 3; band++)
    g_assert_cmpfloat_with_epsilon (pixel[band], 128, 14);
}

#define ADD(name, function) pool_fixture_add_test ("/decoder/hdr/" name, NULL, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  g_test_add_func ("/decoder/hdr/curves", test_curves);
  g_test_add_func ("/decoder/hdr/codes", test_codes);
  ADD ("png", test_png);
  ADD ("video", test_video);
  return g_test_run ();
}
