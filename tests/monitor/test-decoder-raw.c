/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Raw files of cameras: a tiny picture in front, the sensor's numbers, and perhaps a preview as
 * JPEG. */
#include "decoder-fixtures.h"
#include "pool-fixture.h"

#include <string.h>

typedef struct
{
  guint16 tag, type;
  guint32 count, value;
} Entry;

G_STATIC_ASSERT (sizeof (Entry) == 12);

enum
{
  SHORT = 3,
  LONG = 4,
  MAKE_AT = 300,
  TINY_AT = 512,
  TINY_WIDTH = 40,
  TINY_HEIGHT = 30,
};

typedef struct
{
  const char *magic; /* with the length of the first eight bytes */
  const char *make;
  guint16 tag; /* one that tells */
  guint32 value;
  const char *name; /* as it is told; NULL: it is an ordinary TIFF */
} Kind;

static const Kind kinds[] = {
  { "II*\0\10\0\0\0", "NIKON CORPORATION", 330, 1000, "Nikon NEF" },
  { "II*\0\10\0\0\0", "SONY", 330, 1000, "Sony ARW" },
  { "II*\0\10\0\0\0", "SAMSUNG", 330, 1000, "Samsung SRW" },
  { "II*\0\10\0\0\0", "PENTAX", 262, 32803, "Pentax PEF" },
  { "II*\0\10\0\0\0", "Google", 50706, 0x00000401, "Adobe DNG" },
  { "IIRO\10\0\0\0", "OLYMPUS", 330, 1000, "Olympus ORF" },
  { "IIU\0\10\0\0\0", "Panasonic", 330, 1000, "Panasonic RW2" },
  { "FUJIFILMCCD-RAW", "", 330, 1000, "Fujifilm RAF" },
  { "\0\0\0\x18"
    "ftypcrx ",
    "", 330, 1000, "Canon CR3" },
  { "II*\0\10\0\0\0", "NIKON CORPORATION", 305, 300, NULL },
};

/* The tiny picture is dark; the preview, if any, comes after much else. */
static char *
write_raw (PoolFixture *fixture, const Kind *kind, const char *preview_path)
{
  Entry entries[] = {
    { 254, LONG, 1, 1 },
    { 256, LONG, 1, TINY_WIDTH },
    { 257, LONG, 1, TINY_HEIGHT },
    { 258, SHORT, 1, 8 },
    { 259, SHORT, 1, 1 },
    { 262, SHORT, 1, 1 },
    { 271, 2, 20, MAKE_AT },
    { 273, LONG, 1, TINY_AT },
    { 274, SHORT, 1, 6 },
    { 277, SHORT, 1, 1 },
    { 278, LONG, 1, TINY_HEIGHT },
    { 279, LONG, 1, TINY_WIDTH * TINY_HEIGHT },
    { kind->tag, LONG, 1, kind->value },
  };
  guint n = G_N_ELEMENTS (entries);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *preview = NULL;
  gsize size = 0;

  if (kind->tag == 262)
    entries[5].value = kind->value;
  n -= kind->tag == 262;
  g_byte_array_set_size (bytes, 100000);
  memset (bytes->data, 0xff, bytes->len);
  memset (bytes->data, 0, TINY_AT + TINY_WIDTH * TINY_HEIGHT);
  bytes->data[8] = (guint8)n;
  memcpy (bytes->data + 10, entries, n * sizeof *entries);
  memcpy (bytes->data, kind->magic,
          g_str_has_prefix (kind->magic, "FUJI") ? 15
          : *kind->magic                         ? 8
                                                 : 12);
  memcpy (bytes->data + MAKE_AT, kind->make, strlen (kind->make));
  /* Looks like a picture, but is what the sensor saw. */
  memcpy (bytes->data + 50000,
          "\xff\xd8\xff\xc3\0\x0b\x10\x20\0\x30\0\1\0\x11\0\xff\xda\0\2\xff\xd9", 21);
  if (preview_path != NULL && g_file_get_contents (preview_path, &preview, &size, NULL))
    g_byte_array_append (bytes, (guint8 *)preview, (guint)size);
  return fixtures_write_bytes (fixture->folder, "picture", bytes->data, bytes->len);
}

static void
test_preview (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *preview = fixtures_write (fixtures_make_picture (1600, 1064, 3), fixture->folder,
                                             "preview", ".jpg[strip]");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = write_raw (fixture, &kinds[i], preview);
      g_autoptr (MonitorDecodeResult) result = decode_well (fixture, path);
      gboolean is_turned = !g_str_has_prefix (kinds[i].magic, "FUJI") && *kinds[i].magic != '\0';

      g_test_message ("%s: %s", kinds[i].name, result->metadata);
      g_assert_cmpstr (result->media.ext, ==, kinds[i].name ? "raw" : "tiff");
      if (kinds[i].name == NULL)
        continue;
      g_assert_cmpint (result->media.width, ==, is_turned ? 1064 : 1600);
      g_assert_cmpint (result->media.height, ==, is_turned ? 1600 : 1064);
      g_assert_nonnull (strstr (result->metadata, "\"File:RawFormat\":"));
      g_assert_nonnull (strstr (result->metadata, kinds[i].name));
      g_assert_false (result->is_incomplete);
    }
}

static void
test_no_preview (PoolFixture *fixture, gconstpointer data)
{
  g_autofree char *small
      = fixtures_write (fixtures_make_picture (160, 120, 3), fixture->folder, "small", ".jpg");

  for (guint i = 0; i + 1 < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = write_raw (fixture, &kinds[i], i % 2 ? small : NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (decode (fixture, path, &error));
      g_assert_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, kinds[i].name));
    }
}

#define ADD(name, function) pool_fixture_add_test ("/decoder/raw/" name, NULL, function)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixtures_init (argv[0]);
  ADD ("preview", test_preview);
  ADD ("no-preview", test_no_preview);
  return g_test_run ();
}
