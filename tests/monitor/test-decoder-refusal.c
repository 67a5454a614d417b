/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each refusal says what is the case: what libraries say, and what is made of it. */
#include "decoder/pixels/decoder-refusal.h"

#include "../test-util.h"

typedef struct
{
  const char *said;
  BooruError code;
  const char *expected;
} Case;

static const Case cases[] = {
  { "heif: Memory allocation error: Security limit exceeded: Allocating 9000 bytes (6.1000)",
    BOORU_ERROR_LIMIT, "needs more memory" },
  { "heif: Invalid input: Security limit exceeded: Image size 30000x30000 exceeds the maximum "
    "image size 20000x20000 (2.1000)",
    BOORU_ERROR_LIMIT, "exceeds a limit of the installed lib" },
  /* Photos of iPhones since iOS 18. */
  { "heif: Invalid input: Unspecified: Too many auxiliary image references (2.0)",
    BOORU_ERROR_UNSUPPORTED, "does not support what the file contains" },
  { "heif: Unsupported feature: Unsupported item construction method (4.3002)",
    BOORU_ERROR_UNSUPPORTED, "does not support" },
  /* A picture of 200 megapixels. */
  { "heif: Unsupported feature: Unsupported color conversion (4.3003)", BOORU_ERROR_LIMIT,
    "needs more memory than" },
  { "heif: Unsupported feature: Unsupported codec (4.3000)", BOORU_ERROR_UNSUPPORTED, "support" },
  { "heif: Invalid input: End of file (2.100)", BOORU_ERROR_INVALID, "(it ends too early)" },
  { "VipsJpeg: Premature end of input file", BOORU_ERROR_INVALID, "(it ends too early)" },
  { "webp: unable to parse image; unexpected end", BOORU_ERROR_INVALID, "(it ends too early)" },
  { "vips: out of memory --- size == 3000MB", BOORU_ERROR_LIMIT, "needs more memory" },
  { "VipsJpeg: Unsupported marker type 0xb8", BOORU_ERROR_INVALID, "The file is damaged. Details" },
  { "VipsJpeg: Unsupported JPEG process: SOF type 0xc9", BOORU_ERROR_UNSUPPORTED, "libvips 8." },
  { "pngload: CRC error", BOORU_ERROR_INVALID, "The file is damaged. Details: pngload" },
};

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].said);
      decoder_refusal_set (&error, BOORU_ERROR_INVALID, "Cannot read the header", cases[i].said);
      g_assert_error (error, BOORU_ERROR, (gint)cases[i].code);
      test_assert_contains (error->message, cases[i].expected);
      test_assert_contains (error->message, cases[i].said);
    }
}

/* What is not the file's fault keeps its code, and says what was tried. */
static void
test_others (void)
{
  g_autoptr (GError) error = NULL;

  decoder_refusal_set (&error, BOORU_ERROR_IO, "Cannot read the file", "read error");
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_IO);
  g_assert_cmpstr (error->message, ==, "Cannot read the file: read error");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decoder/refusal/words", test_words);
  g_test_add_func ("/decoder/refusal/others", test_others);
  return g_test_run ();
}
