/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What files say of themselves: the readers by themselves, with texts and blocks of all sorts, and
 * the whole decoder with files that ExifTool wrote. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decoder-fixtures.h"
#include "decoder/metadata/decoder-metadata.h"
#include "decoder/protocol/decoder-protocol.h"
#include "metadata/monitor-json.h"
#include "pool-fixture.h"

static void
require_json (DecoderMetadata *metadata, const char *expected)
{
  g_autoptr (GString) json = decoder_metadata_to_json (metadata);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = monitor_json_parse (json->str, json->len, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  g_assert_cmpuint (json->len, <=, DECODER_MAX_METADATA);
  if (expected != NULL)
    g_assert_cmpstr (json->str, ==, expected);
}

static void
test_text (void)
{
  g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();

  require_json (metadata, "{}");
  decoder_metadata_set_text (metadata, "a", "  two\nlines\t\"x\\\x01y \n", -1);
  decoder_metadata_set_text (metadata, "a", "later", -1);
  decoder_metadata_set_text (metadata, "blank", " \n", -1);
  decoder_metadata_set_text (metadata, "latin",
                             "Gr\xf6\xdf"
                             "e\0rest",
                             12);
  decoder_metadata_add_text (metadata, "list", "ä", -1);
  decoder_metadata_add_text (metadata, "list", "", -1);
  decoder_metadata_add_number (metadata, "list", 7);
  decoder_metadata_set_number (metadata, "number", 0.008);
  decoder_metadata_set_number (metadata, "none", 1.0 / 0.0);
  decoder_metadata_add_text (metadata, "a", "no list", -1);
  require_json (metadata, "{\"a\":\"two\\nlines\\t\\\"x\\\\ y\",\"latin\":\"Größe\","
                          "\"list\":[\"ä\",7],\"number\":0.008}");
}

static void
test_bounds (void)
{
  g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();
  g_autofree char *long_text = g_strnfill (1000000, '\xff');

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u%s", i, i == 3 ? long_text : "");

      decoder_metadata_set_text (metadata, name, long_text, i % 2 ? 1000000 : 10);
      decoder_metadata_add_text (metadata, "many", "item", -1);
      decoder_metadata_add_text (metadata, "many", "item", -1);
    }
  require_json (metadata, NULL);
}

/* "II", one directory with a model, and one below with a comment. */
static const guint8 exif_block[] = "Exif\0\0II*\0\x08\0\0\0"
                                   "\x02\0"
                                   "\x10\x01\x02\0\x06\0\0\0\x26\0\0\0"
                                   "\x69\x87\x04\0\x01\0\0\0\x2c\0\0\0"
                                   "\0\0\0\0"
                                   "K\xe4m 1\0"
                                   "\x02\0"
                                   "\x9a\x82\x05\0\x01\0\0\0\x4a\0\0\0"
                                   "\x86\x92\x07\0\x0e\0\0\0\x52\0\0\0"
                                   "\0\0\0\0"
                                   "\x01\0\0\0\x7d\0\0\0"
                                   "UNICODE\0\0o\0k\0!";

static void
test_exif (void)
{
  g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();

  decoder_exif_read (metadata, exif_block, sizeof exif_block - 1);
  require_json (metadata, "{\"EXIF:Model\":\"Käm 1\",\"EXIF:ExposureTime\":0.008,"
                          "\"EXIF:UserComment\":\"ok!\"}");
}

/* Cut and bent in all ways: nothing is read beyond its end (the sanitizer watches), and what comes
 * out is JSON. */
static void
test_exif_damaged (void)
{
  gsize size = sizeof exif_block - 1;

  for (gsize length = 0; length <= size; length++)
    for (gsize at = 0; at < length; at++)
      {
        g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();
        g_autofree guint8 *block = g_memdup2 (exif_block, length);

        block[at] ^= (guint8)g_test_rand_int_range (1, 256);
        decoder_exif_read (metadata, block, length);
        if (at % 7 == 0)
          require_json (metadata, NULL);
      }
}

static DecoderMetadata *
read_exif_file (const guint8 *data, gsize size)
{
  DecoderMetadata *metadata = decoder_metadata_new ();
  int fd = memfd_create ("tiff", MFD_CLOEXEC);

  g_assert_cmpint (write (fd, data, size), ==, (gssize)size);
  decoder_exif_read_file (metadata, fd);
  close (fd);
  return metadata;
}

/* The same out of a file as out of memory, whole or damaged. */
static void
test_exif_file (void)
{
  const guint8 *tiff = exif_block + 6;
  gsize size = sizeof exif_block - 1 - 6;

  for (gsize length = 0; length <= size; length++)
    for (gsize at = 0; at <= length; at += length == size ? 1 : 13)
      {
        g_autofree guint8 *block = g_memdup2 (tiff, length);
        g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();
        g_autoptr (DecoderMetadata) of_file = NULL;
        g_autoptr (GString) json = NULL;

        if (at < length)
          block[at] ^= (guint8)g_test_rand_int_range (1, 256);
        decoder_exif_read (metadata, block, length);
        json = decoder_metadata_to_json (metadata);
        of_file = read_exif_file (block, length);
        require_json (of_file, json->str);
        if (at == size)
          g_assert_nonnull (strstr (json->str, "Käm 1"));
      }
}

static void
test_iptc (void)
{
  static const guint8 block[] = "Photoshop 3.0\0"
                                "8BIM\x03\xed\0\0\0\0\0\x03"
                                "abc\0"
                                "8BIM\x04\x04\x03xyz\0\0\0\x15"
                                "\x1c\x02\x19\0\x03"
                                "cat"
                                "\x1c\x02\x19\0\x03"
                                "d\xf6g"
                                "\x1c\x02\x78\0\x00";
  gsize size = sizeof block - 1;
  g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();

  decoder_iptc_read (metadata, block, size);
  require_json (metadata, "{\"IPTC:Keywords\":[\"cat\",\"dög\"]}");
  for (gsize length = 0; length <= size; length++)
    for (gsize at = 0; at < length; at++)
      {
        g_autoptr (DecoderMetadata) bent = decoder_metadata_new ();
        g_autofree guint8 *copy = g_memdup2 (block, length);

        copy[at] ^= (guint8)g_test_rand_int_range (1, 256);
        decoder_iptc_read (bent, copy, length);
        require_json (bent, NULL);
      }
}

#define XMP_START                                                                                  \
  "<?xpacket begin='\xef\xbb\xbf' id='x'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"                    \
  "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"                              \
  "<rdf:Description rdf:about='' xmlns:d='http://purl.org/dc/elements/1.1/'"                       \
  " xmlns:exif='http://ns.adobe.com/exif/1.0/' xmlns:xap='http://ns.adobe.com/xap/1.0/'"
#define XMP_END "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>   \0\0"

static const struct
{
  const char *packet, *expected;
} packets[] = {
  { XMP_START " xap:Rating='4' exif:GPSLatitude='50,1N'>"
              "<d:subject><rdf:Bag><rdf:li>cat</rdf:li><rdf:li>a &amp; b</rdf:li></rdf:Bag>"
              "</d:subject><d:title><rdf:Alt><rdf:li xml:lang='x-default'>Fine &#228;</rdf:li>"
              "<rdf:li xml:lang='de'>Sch&#246;n</rdf:li></rdf:Alt></d:title>"
              "<exif:GPSLongitude>8,1E</exif:GPSLongitude>" XMP_END,
    "{\"XMP:Rating\":4,\"XMP:Subject\":[\"cat\",\"a & b\"],\"XMP:Title\":\"Fine ä\"}" },
  /* The prefix is nothing, the namespace everything. */
  { XMP_START "><dc:subject xmlns:dc='http://example.org/'>no</dc:subject>" XMP_END, "{}" },
  /* No entities of its own; what came before stays. */
  { "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b SYSTEM 'file:///etc/passwd'>]>" XMP_START
    " xap:Label='l'><d:subject>&b;</d:subject>" XMP_END,
    "{\"XMP:Label\":\"l\"}" },
  { XMP_START " xap:Rating='-1'><d:subject>one</d:subject></x>",
    "{\"XMP:Rating\":-1,\"XMP:Subject\":[\"one\"]}" },
  { "", "{}" },
  { "\xff\xfe<\0", "{}" },
};

static void
test_xmp (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (packets); i++)
    {
      g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();

      decoder_xmp_read (metadata, packets[i].packet, strlen (packets[i].packet) + 2, NULL);
      require_json (metadata, packets[i].expected);
    }
}

static void
test_xmp_deep (void)
{
  g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();
  g_autoptr (GString) packet = g_string_new (XMP_START ">");

  for (guint i = 0; i < 300000; i++)
    g_string_append (packet, "<a>");
  decoder_xmp_read (metadata, packet->str, packet->len, NULL);
  require_json (metadata, "{}");
}

/* Anywhere in a file, also across the blocks that it is read by. */
static void
test_xmp_scan (void)
{
  static const char packet[] = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description"
                               " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
                               " xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='3'/>"
                               "</x:xmpmeta>";
  static const gsize places[] = { 0, 5, 256 * 1024 - 7, 256 * 1024 - 100, 1000000 };
  g_autofree char *folder = test_make_folder ();

  for (guint i = 0; i <= G_N_ELEMENTS (places); i++)
    {
      g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();
      gsize at = i < G_N_ELEMENTS (places) ? places[i] : 10, size = at + sizeof packet + 1000;
      g_autofree char *bytes = g_malloc0 (size), *path = NULL;
      int fd;

      memset (bytes, '<', size);
      memcpy (bytes + at, packet, sizeof packet - 1);
      /* The last one has no end. */
      path = fixtures_write_bytes (folder, "a", bytes, i < G_N_ELEMENTS (places) ? size : at + 50);
      fd = open (path, O_RDONLY | O_CLOEXEC);
      decoder_xmp_scan (metadata, fd);
      close (fd);
      require_json (metadata, i < G_N_ELEMENTS (places) ? "{\"XMP:Rating\":3}" : "{}");
    }
  test_remove_folder (folder);
}

static const char *
run (PoolFixture *fixture, const char *path, char **metadata)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MonitorDecodeResult) result = decode (fixture, path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (result->metadata);
  g_test_message ("%s", result->metadata);
  return *metadata = g_steal_pointer (&result->metadata);
}

static void
write_by_exiftool (const char *path)
{
  const char *argv[] = { "exiftool",
                         "-q",
                         "-m",
                         "-overwrite_original",
                         "-EXIF:Model=K 1",
                         "-EXIF:DateTimeOriginal=2024:01:31 12:00:00",
                         "-EXIF:UserComment=Größe",
                         "-GPSLatitude=50",
                         "-GPSLatitudeRef=N",
                         "-XMP:Subject=cat",
                         "-XMP:Subject=zwei Wörter",
                         "-XMP:Rating=4",
                         "-IPTC:Keywords=dog",
                         "-CodedCharacterSet=utf8",
                         "-SerialNumber=4711",
                         path,
                         NULL };
  g_autoptr (GError) error = NULL;
  gint status = 0;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
test_exiftool (PoolFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *suffix;
    gboolean exif, xmp, iptc;
  } formats[] = {
    { ".jpg", TRUE, TRUE, TRUE },
    { ".png", TRUE, TRUE, FALSE },
    { ".webp", TRUE, TRUE, FALSE },
    { ".tif", TRUE, TRUE, TRUE },
    { ".jxl[effort=3]", TRUE, TRUE, FALSE },
    { ".heic[effort=0]", TRUE, TRUE, FALSE },
    { ".avif[effort=0]", TRUE, TRUE, FALSE },
    { ".gif", FALSE, TRUE, FALSE },
  };
  g_autofree char *program = g_find_program_in_path ("exiftool");

  if (program == NULL)
    {
      g_test_skip ("exiftool is not installed");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = fixtures_write (fixtures_make_picture (200, 150, 3), fixture->folder,
                                              "picture", formats[i].suffix);
      g_autofree char *metadata = NULL;

      if (path == NULL)
        continue;
      g_test_message ("%s", formats[i].suffix);
      write_by_exiftool (path);
      run (fixture, path, &metadata);
      if (formats[i].exif)
        {
          g_assert_nonnull (strstr (metadata, "\"EXIF:Model\":\"K 1\""));
          g_assert_nonnull (strstr (metadata, "\"EXIF:UserComment\":\"Größe\""));
          g_assert_nonnull (strstr (metadata, "\"EXIF:DateTimeOriginal\":\"2024:01:31 12:00:00\""));
        }
      if (formats[i].xmp)
        {
          g_assert_nonnull (strstr (metadata, "\"XMP:Subject\":[\"cat\",\"zwei Wörter\"]"));
          g_assert_nonnull (strstr (metadata, "\"XMP:Rating\":4"));
        }
      if (formats[i].iptc)
        g_assert_nonnull (strstr (metadata, "\"IPTC:Keywords\":[\"dog\"]"));
      g_assert_null (strstr (metadata, "GPS"));
      g_assert_null (strstr (metadata, "4711"));
    }
}

static void
append_chunk (GByteArray *png, const char *type, const char *data, gsize size)
{
  guint32 length = GUINT32_TO_BE ((guint32)size);
  guint8 crc[4] = { 0 }; /* libvips is not strict about it in what is not essential */

  g_byte_array_append (png, (guint8 *)&length, 4);
  g_byte_array_append (png, (const guint8 *)type, 4);
  g_byte_array_append (png, (const guint8 *)data, (guint)size);
  g_byte_array_append (png, crc, 4);
}

static void
append_deflated (GByteArray *to, gconstpointer data, gsize size)
{
  g_autoptr (GConverter) converter
      = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
  g_autofree guint8 *out = g_malloc (size + 1000);
  gsize n_read, n_written;

  g_assert_cmpint (g_converter_convert (converter, data, size, out, size + 1000,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL),
                   ==, G_CONVERTER_FINISHED);
  g_byte_array_append (to, out, (guint)n_written);
}

/* A picture's own chunks, with @chunks between the first of them and the rest. */
static char *
write_png (PoolFixture *fixture, const GByteArray *chunks)
{
  g_autofree char *plain
      = fixtures_write (fixtures_make_picture (64, 64, 3), fixture->folder, "plain", ".png");
  g_autofree char *bytes = NULL;
  g_autoptr (GByteArray) png = g_byte_array_new ();
  gsize size;

  g_assert_true (g_file_get_contents (plain, &bytes, &size, NULL));
  g_byte_array_append (png, (guint8 *)bytes, 33);
  g_byte_array_append (png, chunks->data, chunks->len);
  g_byte_array_append (png, (guint8 *)bytes + 33, (guint)size - 33);
  return fixtures_write_bytes (fixture->folder, "texts.png", png->data, png->len);
}

/* As Stable Diffusion's web UI, ComfyUI and others write them. */
static void
test_png_texts (PoolFixture *fixture, gconstpointer data)
{
  static const char prompt[] = "parameters\0a lake, (at \"dusk\":1.2)\nNegative prompt: people\n"
                               "Steps: 20";
  static const char latin[] = "Comment\0Gr\xf6\xdf"
                              "e";
  static const char international[] = "prompt\0\0\0de\0Eingabe\0{\"3\": \"Größe\"}";
  static const char profile[] = "Raw profile type iptc\0\niptc\n       8\n1c0219000"
                                "3\n636174\n";
  g_autoptr (GByteArray) chunks = g_byte_array_new (), deflated = g_byte_array_new ();
  g_autofree char *path = NULL, *metadata = NULL, *bomb = g_strnfill (20000000, 'x');

  append_chunk (chunks, "tEXt", prompt, sizeof prompt - 1);
  append_chunk (chunks, "tEXt", latin, sizeof latin - 1);
  append_chunk (chunks, "iTXt", international, sizeof international - 1);
  append_chunk (chunks, "tEXt", profile, sizeof profile - 1);
  append_chunk (chunks, "tEXt", "no keyword", 10);
  append_chunk (chunks, "iTXt", "cut\0\0\0de", 8);
  g_byte_array_append (deflated, (const guint8 *)"workflow\0\0", 10);
  append_deflated (deflated, bomb, 20000000);
  append_chunk (chunks, "zTXt", (char *)deflated->data, deflated->len);

  path = write_png (fixture, chunks);
  run (fixture, path, &metadata);
  g_assert_nonnull (strstr (metadata, "\"PNG:parameters\":\"a lake, (at \\\"dusk\\\":1.2)\\n"
                                      "Negative prompt: people\\nSteps: 20\""));
  g_assert_nonnull (strstr (metadata, "\"PNG:Comment\":\"Größe\""));
  g_assert_nonnull (strstr (metadata, "\"PNG:prompt\":\"{\\\"3\\\": \\\"Größe\\\"}\""));
  g_assert_nonnull (strstr (metadata, "\"IPTC:Keywords\":[\"cat\"]"));
  g_assert_nonnull (strstr (metadata, "\"PNG:workflow\":\"xxx"));
  g_assert_nonnull (strstr (metadata, "xx…\""));
  g_assert_cmpuint (strlen (metadata), <, 100000);
}

static void
test_gif_comment (PoolFixture *fixture, gconstpointer data)
{
  /* One pixel, after a comment of two blocks. */
  static const char gif[] = "GIF89a\1\0\1\0\200\0\0\0\0\0\377\377\377"
                            "!\376\5hello\6 world\0"
                            ",\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
  g_autofree char *path = fixtures_write_bytes (fixture->folder, "a.gif", gif, sizeof gif - 1);
  g_autofree char *metadata = NULL;

  g_assert_cmpstr (run (fixture, path, &metadata), ==, "{\"GIF:Comment\":\"hello world\"}");
}

static void
test_video_tags (PoolFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name, *title, *date;
  } videos[] = {
    { "a.mp4", "\"QuickTime:Title\":\"A \\\"$title\\\"\\nof two lines\"",
      "\"QuickTime:CreateDate\":\"2024-01-31T" },
    { "a.mkv", "\"Matroska:Title\":\"A \\\"$title\\\"\\nof two lines\"",
      "\"Matroska:CreateDate\":\"2024-01-31T" },
  };
  g_autofree char *program = g_find_program_in_path ("ffmpeg");

  if (program == NULL)
    {
      g_test_skip ("ffmpeg is not installed");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (videos); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, videos[i].name, NULL);
      const char *argv[] = { program,
                             "-v",
                             "error",
                             "-f",
                             "lavfi",
                             "-i",
                             "testsrc=d=0.2:s=64x64",
                             "-metadata",
                             "title=A \"$title\"\nof two lines",
                             "-metadata",
                             "creation_time=2024-01-31T12:00:00Z",
                             "-metadata",
                             "location=+50.0+008.0/",
                             path,
                             NULL };
      g_autofree char *metadata = NULL;
      gint status = -1;

      g_spawn_sync (NULL, (char **)argv, NULL, 0, NULL, NULL, NULL, NULL, &status, NULL);
      g_assert_cmpint (status, ==, 0);
      run (fixture, path, &metadata);
      g_assert_nonnull (strstr (metadata, videos[i].title));
      g_assert_nonnull (strstr (metadata, videos[i].date));
      g_assert_null (strstr (metadata, "50.0"));
    }
}

static void
test_json (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *hidden = g_strconcat ("/* \" */", deep, NULL);
  const char *const wrong[]
      = { "",      "  ",     "{", "{\"a\":1,}", "/**/{}", "{'a':1}", "{\"a\":\"\xff\"}",
          "{} {}", "[1][2]", "1", "\"[\"",      "[] 1",   "nonsense" };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_null (monitor_json_parse (deep, 100000, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_null (monitor_json_parse (hidden, strlen (hidden), &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_clear_error (&error);
      g_assert_null (monitor_json_parse (wrong[i], strlen (wrong[i]), &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_INVALID);
    }
  node = monitor_json_parse ("[\"[[[\\\"/\", {}]", 14, NULL);
  g_assert_nonnull (node);
}

#define ADD(path, func) pool_fixture_add_test (path, NULL, func)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  g_test_add_func ("/decoder/metadata/text", test_text);
  g_test_add_func ("/decoder/metadata/bounds", test_bounds);
  g_test_add_func ("/decoder/metadata/exif", test_exif);
  g_test_add_func ("/decoder/metadata/exif-damaged", test_exif_damaged);
  g_test_add_func ("/decoder/metadata/exif-file", test_exif_file);
  g_test_add_func ("/decoder/metadata/iptc", test_iptc);
  g_test_add_func ("/decoder/metadata/xmp", test_xmp);
  g_test_add_func ("/decoder/metadata/xmp-deep", test_xmp_deep);
  g_test_add_func ("/decoder/metadata/xmp-scan", test_xmp_scan);
  g_test_add_func ("/decoder/metadata/json", test_json);
  ADD ("/decoder/metadata/exiftool", test_exiftool);
  ADD ("/decoder/metadata/png-texts", test_png_texts);
  ADD ("/decoder/metadata/gif-comment", test_gif_comment);
  ADD ("/decoder/metadata/video-tags", test_video_tags);
  return g_test_run ();
}
