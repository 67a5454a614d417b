/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-content.h"

#include <string.h>

#include "decoder/reading/decoder-ugoira-name.h"

static const char *const media_suffixes[]
    = { "jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp", "avif", "avifs", "heic", "heif",
        "hif", "jxl",  "tif", "tiff", "svg", "svgz", "bmp", "dib",  "nef",  "nrw",   "dng",  "arw",
        "sr2", "orf",  "rw2", "pef",  "srw", "cr2",  "cr3", "crw",  "raf",  "x3f",   "mrw",  "3fr",
        "iiq", "erf",  "mef", "mp4",  "m4v", "webm", "mkv", "mov",  "qt",   NULL };

gboolean
monitor_name_is_media (const char *path)
{
  const char *dot = strrchr (path, '.');

  for (guint i = 0; dot != NULL && media_suffixes[i] != NULL; i++)
    if (g_ascii_strcasecmp (dot + 1, media_suffixes[i]) == 0)
      return TRUE;
  return FALSE;
}

const char *const *
monitor_media_suffixes (void)
{
  return media_suffixes;
}

typedef struct
{
  gsize offset, length;
  const char *bytes;
  gboolean media;
  const char *description;
} Magic;

#define MAGIC(offset, bytes, media, description)                                                   \
  {                                                                                                \
    offset, sizeof (bytes) - 1, bytes, media, description                                          \
  }

/* After the formats' own specifications; the order matters where one contains another. */
static const Magic magics[] = {
  MAGIC (0, "\xff\xd8\xff", TRUE, "a JPEG picture"),
  MAGIC (0, "\x89PNG\r\n\x1a\n", TRUE, "a PNG picture"),
  MAGIC (0, "GIF8", TRUE, "a GIF picture"),
  MAGIC (8, "WEBP", TRUE, "a WebP picture"),
  MAGIC (4, "ftypqt  ", TRUE, "a QuickTime video"),
  MAGIC (4, "ftypM4A", FALSE, "an MPEG-4 sound file"),
  MAGIC (4, "ftyp", TRUE, "an MPEG-4, AVIF or HEIC file"),
  MAGIC (4, "moov", TRUE, "a QuickTime video"),
  MAGIC (4, "mdat", TRUE, "a QuickTime video"),
  MAGIC (4, "wide", TRUE, "a QuickTime video"),
  MAGIC (0, "\xff\x0a", TRUE, "a JPEG XL picture"),
  MAGIC (0, "\0\0\0\x0cJXL \r\n\x87\n", TRUE, "a JPEG XL picture"),
  MAGIC (0, "II*\0", TRUE, "a TIFF picture"),
  MAGIC (0, "MM\0*", TRUE, "a TIFF picture"),
  MAGIC (0, "II+\0", TRUE, "a BigTIFF picture"),
  MAGIC (0, "MM\0+", TRUE, "a BigTIFF picture"),
  MAGIC (0, "FUJIFILMCCD-RAW", TRUE, "a camera raw file"),
  MAGIC (0, "FOVb", TRUE, "a camera raw file"),
  MAGIC (0, "\0MRM", TRUE, "a camera raw file"),
  MAGIC (0, "IIRO", TRUE, "a camera raw file"),
  MAGIC (0, "IIRS", TRUE, "a camera raw file"),
  MAGIC (0, "MMOR", TRUE, "a camera raw file"),
  MAGIC (0, "IIU\0", TRUE, "a camera raw file"),
  MAGIC (6, "HEAPCCDR", TRUE, "a camera raw file"),
  MAGIC (0, "\x1a\x45\xdf\xa3", TRUE, "a Matroska or WebM video"),
  MAGIC (0, "%PDF-", FALSE, "a PDF document"),
  MAGIC (0, "PK\x03\x04", FALSE, "a ZIP archive"),
  MAGIC (0, "Rar!", FALSE, "a RAR archive"),
  MAGIC (0, "7z\xbc\xaf\x27\x1c", FALSE, "a 7z archive"),
  MAGIC (0, "\x1f\x8b", FALSE, "gzip data"),
  MAGIC (0,
         "\xfd"
         "7zXZ",
         FALSE,
         "xz data"),
  MAGIC (0, "8BPS", FALSE, "a Photoshop document"),
  MAGIC (0, "gimp xcf", FALSE, "a GIMP document"),
  MAGIC (0, "\0\0\0\x0cjP  ", FALSE, "a JPEG 2000 picture"),
  MAGIC (0, "\x76\x2f\x31\x01", FALSE, "an OpenEXR picture"),
  MAGIC (0,
         "\x7f"
         "ELF",
         FALSE,
         "a program"),
  MAGIC (0, "MZ", FALSE, "a Windows program"),
  MAGIC (0, "OggS", FALSE, "an Ogg file"),
  MAGIC (0, "ID3", FALSE, "an MP3 sound file"),
  MAGIC (0, "fLaC", FALSE, "a FLAC sound file"),
  MAGIC (0, "FLV\x01", FALSE, "a Flash video"),
  MAGIC (0, "FWS", FALSE, "a Flash animation"),
  MAGIC (0, "CWS", FALSE, "a Flash animation"),
  MAGIC (8, "AVI ", FALSE, "an AVI video"),
  MAGIC (8, "WAVE", FALSE, "a WAV sound file"),
  MAGIC (0, "SQLite format 3", FALSE, "a database"),
  MAGIC (0, "{\\rtf", FALSE, "an RTF document"),
};

static const Magic *
find_magic (const guint8 *head, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (length >= magics[i].offset + magics[i].length
        && memcmp (head + magics[i].offset, magics[i].bytes, magics[i].length) == 0)
      return &magics[i];
  return NULL;
}

/* A BMP's "BM" alone is what texts begin with too: its second header's size tells. */
static gboolean
is_bmp (const guint8 *head, gsize length)
{
  static const guint8 header_sizes[] = { 12, 16, 40, 52, 56, 64, 108, 124 };

  if (length < 18 || memcmp (head, "BM", 2) != 0 || head[15] || head[16] || head[17])
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (header_sizes); i++)
    if (head[14] == header_sizes[i])
      return TRUE;
  return FALSE;
}

static gboolean
contains (const guint8 *head, gsize length, const char *needle)
{
  return memmem (head, length, needle, strlen (needle)) != NULL;
}

static gboolean
is_text (const guint8 *head, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (head[i] < 0x20 && !strchr ("\t\n\r\f\033", head[i]))
      return FALSE;
  return length > 0 && memchr (head, 0, length) == NULL;
}

/* XML, but no element is in sight yet. */
static gboolean
is_long_prologue (const guint8 *head, gsize length)
{
  gsize at = length > 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

  if (length < MONITOR_HEAD_SIZE
      || (memcmp (head + at, "<?xml", 5) != 0 && memcmp (head + at, "<!--", 4) != 0))
    return FALSE;
  for (; at + 1 < length; at++)
    if (head[at] == '<' && g_ascii_isalpha (head[at + 1]))
      return FALSE;
  return TRUE;
}

static gboolean
is_svg (const guint8 *head, gsize length)
{
  /* The last one: of either kind of UTF-16. */
  return contains (head, length, "<svg") || contains (head, length, ":svg")
         || memmem (head, length, "s\0v\0g", 5) != NULL || is_long_prologue (head, length);
}

gboolean
monitor_head_is_media (const guint8 *head, gsize length)
{
  const Magic *magic = find_magic (head, length);

  if (decoder_ugoira_may_begin (head, length))
    return TRUE;
  if (magic != NULL)
    return magic->media;
  return is_bmp (head, length) || is_svg (head, length);
}

gboolean
monitor_head_is_gzip (const guint8 *head, gsize length)
{
  return length > 2 && head[0] == 0x1f && head[1] == 0x8b;
}

const char *
monitor_head_describe (const guint8 *head, gsize length)
{
  const Magic *magic = find_magic (head, length);

  if (magic != NULL)
    return magic->description;
  if (is_bmp (head, length))
    return "a BMP picture";
  if (is_svg (head, length))
    return "an SVG picture";
  if (contains (head, length, "<html") || contains (head, length, "<HTML")
      || contains (head, length, "<!DOCTYPE html") || contains (head, length, "<!doctype html"))
    return "a web page";
  return is_text (head, length) ? "a text file" : NULL;
}

char *
monitor_content_refuse (const char *description)
{
  static const char *const media[] = { "picture", "video", "animation" };

  for (guint i = 0; i < G_N_ELEMENTS (media); i++)
    if (g_str_has_suffix (description, media[i]))
      return g_strdup_printf ("This is %s, which is not supported", description);
  return g_strdup_printf ("This is %s, not a picture or a video", description);
}
