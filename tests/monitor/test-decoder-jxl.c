/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Boxes of JPEG XL files: what they say, and what others may have made of them. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decoder-fixtures.h"
#include "decoder/metadata/decoder-metadata.h"
#include "decoder/protocol/decoder-protocol.h"
#include "metadata/monitor-json.h"
#include "pool-fixture.h"

#define SIGNATURE "\0\0\0\x0cJXL \r\n\x87\n"
#define FTYP                                                                                       \
  "\0\0\0\x14"                                                                                     \
  "ftypjxl \0\0\0\0jxl "
#define TIFF "MM\0*\0\0\0\x08\0\1\x01\x10\0\2\0\0\0\4K 1\0\0\0\0\0"
#define XMP                                                                                        \
  "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description "             \
  "xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Label='plain'/></rdf:RDF>"

/* Like XMP, with the label "packed"; by brotli 1.0.9. */
static const char packed_xmp[]
    = "\x1b\x98\x00\x60\x9c\x05\x76\xfb\x44\x6a\x9f\x57\xd0\x64\x89\x6c\x61\x10\x6c\x8c"
      "\xcd\x55\x82\xdb\xf6\x31\x72\x93\xfb\xdc\xb0\x05\x03\x09\x5f\x64\xb3\x05\x36\xa4"
      "\xc9\x98\x18\xb0\x61\x88\xa4\xf0\xe8\xe4\x08\x0f\xc4\xd5\x92\x34\x4c\x38\xc8\xda"
      "\xa2\xd0\x12\xcf\x6d\x6c\x4c\xb7\x88\x68\xaf\x13\x74\x76\x51\xca\xce\x44\x25\xac"
      "\xd5\xef\xb4\x21\x78\x76\x99\xee\x8a\x62\x7c\x7b\x9c\x68\x51\x80\x42\x77\xae\x4a"
      "\xf8\x78\x2c\xea\xfc\x4b\x4a\x35\xd9\xdb\x38\x00\xd3\x9d\xfe\x19\xc6\x29\xe7\x2d"
      "\x80\x30\x64\x00";

/* 64 MiB of zeros. */
static const char packed_zeros[]
    = "\xcf\xff\xff\x7f\xf8\x27\x00\xe2\xb1\x40\x20\xf7\xfe\x9f\xff\xff\xff\xf0\x4f\x00"
      "\xc4\x61\x01\x80\xee\xfd\x3f\xff\xff\xff\xe1\x9f\x00\x88\xc3\x22\x00\xdd\xfb\xff"
      "\xfc\xff\xff\xc7\x3f\x01\x10\x87\x05\x00\xba\xf7\xff";

static void
add_box (GString *file, const char *type, const void *data, gsize size)
{
  guint32 length = GUINT32_TO_BE ((guint32)size + 8);

  g_string_append_len (file, (const char *)&length, 4);
  g_string_append_len (file, type, 4);
  g_string_append_len (file, data, (gssize)size);
}

static GString *
new_file (void)
{
  GString *file = g_string_new_len (SIGNATURE, sizeof SIGNATURE - 1);

  return g_string_append_len (file, FTYP, sizeof FTYP - 1);
}

static char *
read_boxes (const GString *file)
{
  g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();
  g_autoptr (GString) json = NULL;
  g_autoptr (JsonNode) node = NULL;
  int fd = memfd_create ("jxl", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, file->str, file->len), ==, (gssize)file->len);
  decoder_jxl_boxes_read (metadata, fd);
  close (fd);
  json = decoder_metadata_to_json (metadata);
  node = monitor_json_parse (json->str, json->len, NULL);
  g_assert_nonnull (node);
  return g_string_free (g_steal_pointer (&json), FALSE);
}

static void
require (const GString *file, const char *expected)
{
  g_autofree char *json = read_boxes (file);

  g_assert_cmpstr (json, ==, expected);
}

static void
test_boxes (void)
{
  g_autoptr (GString) file = new_file ();
  guint8 exif[4 + 3 + sizeof TIFF - 1] = { 0, 0, 0, 3, 'x', 'y', 'z' };

  memcpy (exif + 7, TIFF, sizeof TIFF - 1);
  add_box (file, "Exif", exif, sizeof exif);
  add_box (file, "jxlc", "picture", 7);
  require (file, "{\"EXIF:Model\":\"K 1\"}");
  add_box (file, "xml ", XMP, sizeof XMP - 1);
  require (file, "{\"EXIF:Model\":\"K 1\",\"XMP:Label\":\"plain\"}");
  g_string_erase (file, 0, 4); /* no signature */
  require (file, "{}");
}

/* The last box may say nothing of its length, and any may say it in 64 bits. */
static void
test_lengths (void)
{
  g_autoptr (GString) file = new_file ();

  g_string_append_len (file, "\0\0\0\1free\0\0\0\0\0\0\0\x13", 16);
  g_string_append_len (file, "abc", 3);
  g_string_append_len (file, "\0\0\0\0xml ", 8);
  g_string_append (file, XMP);
  require (file, "{\"XMP:Label\":\"plain\"}");
}

static void
test_packed (void)
{
  g_autoptr (GString) file = new_file ();
  g_autoptr (GString) inside = g_string_new ("xml ");
  g_autoptr (GString) zeros = g_string_new ("xml ");
  g_autoptr (GString) nested = g_string_new ("brob");

  if (!decoder_vips_require_loader (DECODER_FORMAT_JXL, NULL))
    {
      g_test_skip ("This libvips does not read JPEG XL");
      return;
    }
  g_string_append_len (zeros, packed_zeros, sizeof packed_zeros - 1);
  add_box (file, "brob", zeros->str, zeros->len);
  g_string_append_len (nested, packed_xmp, sizeof packed_xmp - 1);
  add_box (file, "brob", nested->str, nested->len);
  add_box (file, "brob", "xml", 3);
  require (file, "{}");
  g_string_append_len (inside, packed_xmp, sizeof packed_xmp - 1);
  add_box (file, "brob", inside->str, inside->len - 1);
  require (file, "{}");
  add_box (file, "brob", inside->str, inside->len);
  require (file, "{\"XMP:Label\":\"packed\"}");
}

/* Lengths that lead back, nowhere, or on and on. */
static void
test_odd (void)
{
  static const char *const heads[] = {
    "\0\0\0\2xml \0\0\0\0\0\0\0\0",
    "\0\0\0\7Exif\0\0\0\0\0\0\0\0",
    "\0\0\0\1xml \0\0\0\0\0\0\0\x0f",
    "\0\0\0\1xml \xff\xff\xff\xff\xff\xff\xff\xff",
    "\0\0\0\1xml \x7f\xff\xff\xff\xff\xff\xff\xff",
    "\xff\xff\xff\xff"
    "Exif\0\0\0\0\0\0\0\0",
    "\0\0\0\x0c"
    "Exif\xff\xff\xff\xff\0\0\0\0",
    "\0\0\0\x0c"
    "Exif\0\0\0\0\0\0\0\x08",
  };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autoptr (GString) file = new_file ();

      g_string_append_len (file, heads[i], 16);
      require (file, "{}");
    }
  {
    g_autoptr (GString) file = new_file ();

    for (guint i = 0; i < 200000; i++)
      add_box (file, "jxlp", NULL, 0);
    add_box (file, "xml ", XMP, sizeof XMP - 1);
    require (file, "{}");
  }
}

static void
test_mangled (void)
{
  g_autoptr (GString) file = new_file ();
  g_autoptr (GString) inside = g_string_new ("xml ");

  g_string_append_len (inside, packed_xmp, sizeof packed_xmp - 1);
  add_box (file, "Exif", "\0\0\0\0" TIFF, 4 + sizeof TIFF - 1);
  add_box (file, "brob", inside->str, inside->len);
  for (gsize at = 0; at < file->len; at++)
    for (guint round = 0; round < 8; round++)
      {
        g_autoptr (GString) bent = g_string_new_len (file->str, (gssize)file->len);
        g_autofree char *json = NULL;

        bent->str[at] ^= 1 << round;
        if (round == 7)
          g_string_truncate (bent, at);
        json = read_boxes (bent);
      }
}

/* In the sandbox, too. */
static void
test_sandbox (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *bare = fixtures_write (fixtures_make_picture (90, 60, 3), fixture->folder,
                                          "bare.jxl", ".jxl[effort=3]");
  g_autoptr (GString) file = new_file ();
  g_autoptr (GString) inside = g_string_new ("xml ");
  g_autofree char *picture = NULL, *path = NULL;
  g_autoptr (MonitorDecodeResult) result = NULL;
  gsize size;

  if (bare == NULL)
    {
      g_test_skip ("This libvips does not write JPEG XL");
      return;
    }
  g_assert_true (g_file_get_contents (bare, &picture, &size, NULL));
  g_string_append_len (inside, packed_xmp, sizeof packed_xmp - 1);
  add_box (file, "Exif", "\0\0\0\0" TIFF, 4 + sizeof TIFF - 1);
  add_box (file, "brob", inside->str, inside->len);
  add_box (file, "jxlc", picture, size);
  path = fixtures_write_bytes (fixture->folder, "packed.jxl", file->str, file->len);
  result = decode_well (fixture, path);
  g_assert_cmpint (result->media.width, ==, 90);
  g_assert_cmpstr (result->metadata, ==, "{\"EXIF:Model\":\"K 1\",\"XMP:Label\":\"packed\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  g_test_add_func ("/decoder/jxl/boxes", test_boxes);
  g_test_add_func ("/decoder/jxl/lengths", test_lengths);
  g_test_add_func ("/decoder/jxl/packed", test_packed);
  g_test_add_func ("/decoder/jxl/odd", test_odd);
  g_test_add_func ("/decoder/jxl/mangled", test_mangled);
  pool_fixture_add_test ("/decoder/jxl/sandbox", NULL, test_sandbox);
  return g_test_run ();
}
