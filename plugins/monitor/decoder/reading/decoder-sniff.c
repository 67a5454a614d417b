/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-sniff.h"

#include <string.h>

#include "decoder-raw.h"
#include "decoder-ugoira-name.h"

typedef struct
{
  const guint8 *data;
  gsize length;
} Head;

static gboolean
has (Head head, gsize offset, const char *bytes, gsize n)
{
  return offset <= head.length && n <= head.length - offset
         && memcmp (head.data + offset, bytes, n) == 0;
}

#define HAS(head, offset, literal) has (head, offset, literal, sizeof (literal) - 1)

static guint32
read_le (Head head, gsize offset, guint n)
{
  guint32 value = 0;

  if (offset + n > head.length)
    return 0;
  while (n-- > 0)
    value = value << 8 | head.data[offset + n];
  return value;
}

static guint32
read_be (Head head, gsize offset, guint n)
{
  guint32 value = 0;

  if (offset + n > head.length)
    return 0;
  for (guint i = 0; i < n; i++)
    value = value << 8 | head.data[offset + i];
  return value;
}

/* RIFF container: VP8X, lossy and lossless keep the size at different places
 * (https://developers.google.com/speed/webp/docs/riff_container). */
/* Animated if an "acTL" precedes the pixels. */
static gboolean
is_animated_png (Head head)
{
  const gsize header = 8;

  for (gsize at = 8; at + header + 4 <= head.length;)
    {
      gsize size = read_be (head, at, 4);

      if (HAS (head, at + 4, "acTL"))
        return read_be (head, at + header, 4) > 1;
      if (HAS (head, at + 4, "IDAT") || size > head.length)
        return FALSE;
      at += header + size + 4;
    }
  return FALSE;
}

static DecoderSniff
sniff_webp (Head head)
{
  DecoderSniff sniff = { .format = DECODER_FORMAT_WEBP };

  if (HAS (head, 12, "VP8X"))
    {
      sniff.width = read_le (head, 24, 3) + 1;
      sniff.height = read_le (head, 27, 3) + 1;
    }
  else if (HAS (head, 12, "VP8 "))
    {
      sniff.width = read_le (head, 26, 2) & 0x3fff;
      sniff.height = read_le (head, 28, 2) & 0x3fff;
    }
  else if (HAS (head, 12, "VP8L"))
    {
      guint32 bits = read_le (head, 21, 4);

      sniff.width = (bits & 0x3fff) + 1;
      sniff.height = (bits >> 14 & 0x3fff) + 1;
    }
  return sniff;
}

static DecoderSniff
sniff_bmp (Head head)
{
  DecoderSniff sniff = { .format = DECODER_FORMAT_BMP };
  guint32 info_size = read_le (head, 14, 4);

  if (info_size == 12)
    {
      sniff.width = read_le (head, 18, 2);
      sniff.height = read_le (head, 20, 2);
    }
  else
    {
      gint32 height = (gint32)read_le (head, 22, 4);

      sniff.width = read_le (head, 18, 4);
      /* Negative: rows from the top down. */
      sniff.height = height < 0 ? 0u - (guint32)height : (guint32)height;
    }
  return sniff;
}

/* ISO base media: the major brand decides, and where that one is general ("mif1", "msf1"), the
 * compatible brands do. Brands: https://mp4ra.org/registered-types/brands */
static DecoderFormat
format_of_brand (const guint8 *brand)
{
  /* Four characters each. */
  static const struct
  {
    DecoderFormat format;
    const char *brands;
  } kinds[] = {
    { DECODER_FORMAT_AVIF, "avifavis" },
    { DECODER_FORMAT_HEIC, "heicheixheimheishevchevx" },
    { DECODER_FORMAT_MOV, "qt  " },
    { DECODER_FORMAT_MP4, "isomiso2iso3iso4iso5iso6iso7iso8iso9mp41mp42mp71avc1av01dash"
                          "M4V M4VHM4VPMSNVf4v 3gp43gp53gp63g2a" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (const char *known = kinds[i].brands; *known != '\0'; known += 4)
      if (memcmp (brand, known, 4) == 0)
        return kinds[i].format;
  return DECODER_FORMAT_UNKNOWN;
}

static DecoderSniff
sniff_iso_media (Head head)
{
  DecoderSniff sniff = { .refused = "an ISO media file of an unknown brand" };
  gsize end = MIN (read_be (head, 0, 4), head.length);

  if (head.length < 12)
    return sniff;
  sniff.format = format_of_brand (head.data + 8);
  for (gsize at = 16; sniff.format == DECODER_FORMAT_UNKNOWN && at + 4 <= end; at += 4)
    sniff.format = format_of_brand (head.data + at);
  for (gsize at = 8; sniff.format == DECODER_FORMAT_AVIF && at + 4 <= end; at += at == 8 ? 8 : 4)
    sniff.is_animated |= HAS (head, at, "avis");
  if (sniff.format == DECODER_FORMAT_AVIF || sniff.format == DECODER_FORMAT_HEIC)
    sniff.hdr = decoder_hdr_find_in_heif (head.data, head.length);
  return sniff;
}

/* RFC 8794, 4: the bytes of a size, by the first of them. */
static gsize
get_ebml_size_length (Head head, gsize at)
{
  return at < head.length ? 9 - g_bit_storage (head.data[at]) : 0;
}

/* EBML: the document type tells WebM from Matroska (RFC 8794 and RFC 9559). */
static DecoderSniff
sniff_matroska (Head head)
{
  DecoderSniff sniff = { .refused = "an EBML file that is neither WebM nor Matroska" };

  for (gsize at = 4; at + 3 < head.length; at++)
    {
      gsize text = at + 2 + get_ebml_size_length (head, at + 2);

      if (!HAS (head, at, "\x42\x82"))
        continue;
      if (HAS (head, text, "webm"))
        sniff.format = DECODER_FORMAT_WEBM;
      else if (HAS (head, text, "matroska"))
        sniff.format = DECODER_FORMAT_MKV;
      break;
    }
  return sniff;
}

/* Coordinates of an SVG beyond SVG_LARGE are not taken for pixels. */
#define SVG_LARGE 16384
#define SVG_USEFUL 4096

/* A length or a number of @text, whole units, at most 2^32 - 1; 0 for a percentage or nonsense. */
static guint32
parse_length (const char *text, const char **end)
{
  char *after;
  double value = g_ascii_strtod (text, &after);

  *end = after;
  if (!(value >= 1) || *after == '%')
    return 0;
  return value < G_MAXUINT32 ? (guint32)value : G_MAXUINT32;
}

static void
take_svg_attribute (const char *name, const char *value, guint32 size[2], guint32 box[2])
{
  const char *at = value;

  if (g_str_equal (name, "width"))
    size[0] = parse_length (value, &at);
  else if (g_str_equal (name, "height"))
    size[1] = parse_length (value, &at);
  else if (g_str_equal (name, "viewBox"))
    for (guint i = 0; i < 4; i++)
      {
        guint32 number = parse_length (at, &at);

        if (i >= 2)
          box[i - 2] = number;
        while (g_ascii_isspace (*at) || *at == ',')
          at++;
      }
}

/* Copies @n bytes, as far as there is room, and ends them with a 0. */
static void
copy_text (Head head, gsize offset, gsize n, char *out, gsize out_size)
{
  gsize copied = MIN (n, out_size - 1);

  memcpy (out, head.data + offset, copied);
  out[copied] = '\0';
}

/* A missing side follows from the other one. Coordinates alone do not give a size: if they are too
 * large, the picture is made as large as is useful. */
static void
set_svg_size (DecoderSniff *sniff, const guint32 size[2], const guint32 box[2])
{
  double scale = 1;

  sniff->width = size[0];
  sniff->height = size[1];
  if (size[0] > 0 && size[1] > 0)
    return;
  if (box[0] == 0 || box[1] == 0)
    return;
  if (size[0] > 0)
    scale = (double)size[0] / box[0];
  else if (size[1] > 0)
    scale = (double)size[1] / box[1];
  else if (MAX (box[0], box[1]) > SVG_LARGE)
    scale = sniff->svg_scale
        = MAX ((double)SVG_USEFUL / MAX (box[0], box[1]), DECODER_MIN_SVG_SCALE);
  sniff->width = (guint32)MIN (MAX (1, box[0] * scale), G_MAXUINT32);
  sniff->height = (guint32)MIN (MAX (1, box[1] * scale), G_MAXUINT32);
}

/* The size that the root element claims, in user units, which is enough to detect a lie. Units of
 * length are ignored; they only make it larger. */
static void
read_svg_size (Head head, gsize root, DecoderSniff *sniff)
{
  guint32 size[2] = { 0 };
  guint32 box[2] = { 0 };
  gsize at = root;

  while (at < head.length && !g_ascii_isspace (head.data[at]) && head.data[at] != '>')
    at++;
  while (at < head.length && head.data[at] != '>')
    {
      char name[16], value[128];
      gsize start = at;
      guint8 quote;

      if (g_ascii_isspace (head.data[at]) || head.data[at] == '/')
        {
          at++;
          continue;
        }
      while (at < head.length && head.data[at] != '=' && head.data[at] != '>')
        at++;
      copy_text (head, start, at - start, name, sizeof name);
      while (at < head.length && (head.data[at] == '=' || g_ascii_isspace (head.data[at])))
        at++;
      if (at >= head.length || (head.data[at] != '"' && head.data[at] != '\''))
        break;
      quote = head.data[at++];
      start = at;
      while (at < head.length && head.data[at] != quote)
        at++;
      copy_text (head, start, at - start, value, sizeof value);
      take_svg_attribute (g_strchomp (name), value, size, box);
      at++;
    }
  set_svg_size (sniff, size, box);
}

static gsize
find_text (Head head, gsize at, const char *text)
{
  gsize length = strlen (text);

  while (at < head.length && !has (head, at, text, length))
    at++;
  return at;
}

/* "<svg", with any prefix for its namespace. */
static gboolean
is_svg_element (Head head, gsize at)
{
  gsize name = at + 1, end;

  if (!HAS (head, at, "<"))
    return FALSE;
  for (end = name; end < head.length && !g_ascii_isspace (head.data[end]) && head.data[end] != '>'
                   && head.data[end] != '/';
       end++)
    if (head.data[end] == ':')
      name = end + 1;
  return end == name + 3 && HAS (head, name, "svg");
}

/* Behind a document type. */
static gsize
find_svg_element (Head head, gsize at)
{
  while (at < head.length && !is_svg_element (head, at))
    at++;
  return at;
}

/* XML whose first element is <svg>: byte order mark, declaration, comments and document type may
 * come before it. */
static gboolean
sniff_svg (Head head, DecoderSniff *sniff)
{
  gsize at = HAS (head, 0, "\xef\xbb\xbf") ? 3 : 0;
  gboolean is_xml = FALSE;

  sniff->format = DECODER_FORMAT_SVG;
  while (at < head.length)
    {
      if (g_ascii_isspace (head.data[at]))
        at++;
      else if (HAS (head, at, "<!--"))
        at = find_text (head, at, "-->") + 3;
      else if (HAS (head, at, "<?"))
        at = find_text (head, at, "?>") + 2;
      else if (HAS (head, at, "<!DOCTYPE svg") || is_svg_element (head, at))
        {
          read_svg_size (head, find_svg_element (head, at), sniff);
          return TRUE;
        }
      else
        return FALSE;
      is_xml |= at > 4 && !g_ascii_isspace (head.data[MIN (at, head.length) - 1]);
    }
  return sniff->is_undecided = is_xml;
}

/* The same for UTF-16, where only ASCII matters. */
static gboolean
sniff_wide_svg (Head head, DecoderSniff *sniff)
{
  gboolean is_big = HAS (head, 0, "\xfe\xff") || HAS (head, 0, "\0<\0?");
  g_autofree guint8 *text = NULL;
  Head narrow = { NULL, 0 };

  if (!is_big && !HAS (head, 0, "\xff\xfe") && !HAS (head, 0, "<\0?\0"))
    return FALSE;
  text = g_malloc (head.length / 2 + 1);
  for (gsize at = head.data[0] >= 0xfe || head.data[1] >= 0xfe ? 2 : 0; at + 1 < head.length;
       at += 2)
    {
      guint16 c = (guint16)(head.data[at] << 8 | head.data[at + 1]);

      if (!is_big)
        c = GUINT16_SWAP_LE_BE (c);
      text[narrow.length++] = c < 0x80 ? (guint8)c : '?';
    }
  narrow.data = text;
  return sniff_svg (narrow, sniff);
}

gboolean
decoder_sniff_svg (const guint8 *data, gsize length, DecoderSniff *sniff)
{
  Head head = { data, length };

  *sniff = (DecoderSniff){ 0 };
  return sniff_wide_svg (head, sniff) || sniff_svg (head, sniff);
}

static gboolean
is_tiff (Head head)
{
  /* Classic and big TIFF, either byte order. */
  return HAS (head, 0, "II*\0") || HAS (head, 0, "MM\0*") || HAS (head, 0, "II+\0")
         || HAS (head, 0, "MM\0+");
}

/* Formats that users keep beside their pictures; naming them makes a better message. */
static const char *
name_of_refused (Head head)
{
  if (head.length == 0)
    return "an empty file";
  if (HAS (head, 0, "%PDF"))
    return "a PDF";
  if (HAS (head, 0, "PK\3\4"))
    return "a ZIP archive";
  if (HAS (head, 0, "8BPS"))
    return "a Photoshop document";
  if (HAS (head, 0, "\0\0\0\x0cjP  ") || HAS (head, 0, "\xff\x4f\xff\x51"))
    return "JPEG 2000";
  if (HAS (head, 0, "v/1\1"))
    return "OpenEXR";
  return NULL;
}

DecoderSniff
decoder_sniff (const guint8 *data, gsize length)
{
  Head head = { data, MIN (length, DECODER_SNIFF_LENGTH) };
  DecoderSniff svg = { 0 };
  const char *raw_name;

  if (HAS (head, 0, "\xff\xd8\xff"))
    return (DecoderSniff){ .format = DECODER_FORMAT_JPEG };
  if (HAS (head, 0, "\x89PNG\r\n\x1a\n"))
    return (DecoderSniff){ DECODER_FORMAT_PNG,
                           read_be (head, 16, 4),
                           read_be (head, 20, 4),
                           NULL,
                           decoder_hdr_find_in_png (head.data, head.length),
                           is_animated_png (head) };
  if (HAS (head, 0, "GIF87a") || HAS (head, 0, "GIF89a"))
    return (DecoderSniff){ .format = DECODER_FORMAT_GIF,
                           .width = read_le (head, 6, 2),
                           .height = read_le (head, 8, 2) };
  if (HAS (head, 0, "RIFF") && HAS (head, 8, "WEBP"))
    return sniff_webp (head);
  if (HAS (head, 0, "\xff\x0a") || HAS (head, 0, "\0\0\0\x0cJXL \r\n\x87\n"))
    return (DecoderSniff){ .format = DECODER_FORMAT_JXL };
  raw_name = decoder_raw_recognise (head.data, head.length);
  if (raw_name != NULL)
    return (DecoderSniff){ .format = DECODER_FORMAT_RAW, .raw_name = raw_name };
  if (HAS (head, 4, "ftyp"))
    return sniff_iso_media (head);
  /* QuickTime from before there were brands. */
  if (HAS (head, 4, "moov") || HAS (head, 4, "mdat") || HAS (head, 4, "wide"))
    return (DecoderSniff){ .format = DECODER_FORMAT_MOV };
  if (decoder_ugoira_may_begin (head.data, head.length))
    return (DecoderSniff){ .format = DECODER_FORMAT_UGOIRA };
  if (HAS (head, 0, "\x1a\x45\xdf\xa3"))
    return sniff_matroska (head);
  if (is_tiff (head))
    return (DecoderSniff){ .format = DECODER_FORMAT_TIFF };
  if (HAS (head, 0, "BM") && head.length >= 26 && read_le (head, 14, 4) >= 12
      && read_le (head, 14, 4) <= 256)
    return sniff_bmp (head);
  if (decoder_sniff_svg (head.data, head.length, &svg))
    return svg;
  if (HAS (head, 0, "\x1f\x8b"))
    return (DecoderSniff){ .format = DECODER_FORMAT_SVGZ };
  return (DecoderSniff){ .refused = name_of_refused (head) };
}

const char *
decoder_format_get_ext (DecoderFormat format)
{
  static const char *const exts[] = {
    [DECODER_FORMAT_JPEG] = "jpg",   [DECODER_FORMAT_PNG] = "png",   [DECODER_FORMAT_GIF] = "gif",
    [DECODER_FORMAT_WEBP] = "webp",  [DECODER_FORMAT_AVIF] = "avif", [DECODER_FORMAT_HEIC] = "heic",
    [DECODER_FORMAT_JXL] = "jxl",    [DECODER_FORMAT_TIFF] = "tiff", [DECODER_FORMAT_SVG] = "svg",
    [DECODER_FORMAT_SVGZ] = "svgz",  [DECODER_FORMAT_BMP] = "bmp",   [DECODER_FORMAT_RAW] = "raw",
    [DECODER_FORMAT_UGOIRA] = "zip", [DECODER_FORMAT_MP4] = "mp4",   [DECODER_FORMAT_MOV] = "mov",
    [DECODER_FORMAT_WEBM] = "webm",  [DECODER_FORMAT_MKV] = "mkv",
  };

  return format < G_N_ELEMENTS (exts) ? exts[format] : NULL;
}

gboolean
decoder_format_is_video (DecoderFormat format)
{
  return format >= DECODER_FORMAT_MP4;
}
