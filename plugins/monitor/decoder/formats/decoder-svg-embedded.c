/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-svg.h"

#include <string.h>

/* Further ones are not converted. */
#define MAX_PICTURES 100

/* From "data:" up to the comma. */
#define MAX_TYPE 80

typedef struct
{
  const char *start, *type_end; /* "data:image/webp" */
  const char *data, *end;       /* base64 */
} Uri;

static gboolean
is_base64 (char c)
{
  return g_ascii_isalnum (c) || c == '+' || c == '/' || c == '=' || g_ascii_isspace (c);
}

static gboolean
find_uri (const char *from, const char *end, Uri *uri)
{
  static const char before_data[] = ";base64,";

  while ((uri->start = memmem (from, (gsize)(end - from), "data:", 5)) != NULL)
    {
      gsize rest = MIN ((gsize)(end - uri->start), MAX_TYPE);
      const char *marker = memmem (uri->start, rest, before_data, strlen (before_data));

      from = uri->start + 5;
      if (marker == NULL || memchr (uri->start, '"', (gsize)(marker - uri->start)) != NULL)
        continue;
      uri->type_end = memchr (uri->start, ';', rest);
      uri->data = marker + strlen (before_data);
      for (uri->end = uri->data; uri->end < end && is_base64 (*uri->end);)
        uri->end++;
      return TRUE;
    }
  return FALSE;
}

static GBytes *
decode_base64 (const Uri *uri)
{
  gsize size = (gsize)(uri->end - uri->data);
  guchar *data = g_malloc (size / 4 * 3 + 3);
  gint state = 0;
  guint save = 0;

  size = g_base64_decode_step (uri->data, size, data, &state, &save);
  return g_bytes_new_take (data, size);
}

/* No larger than the SVG will be drawn. */
static char *
make_png (GBytes *bytes, DecoderFormat format, const DecoderJob *job)
{
  g_auto (DecoderPicture) picture = DECODER_PICTURE_INIT;
  g_autofree void *png = NULL;
  gsize size;

  picture.format = format;
  if (!decoder_vips_require_loader (format, NULL)
      || !decoder_picture_load_bytes (&picture, bytes, job, NULL))
    return NULL;
  if (vips_pngsave_buffer (picture.image, &png, &size, "compression", 1, "strip", TRUE, NULL) != 0)
    {
      vips_error_clear ();
      return NULL;
    }
  return g_base64_encode (png, size);
}

/* Appends the replacement of @uri to @out; FALSE if it needs none. */
static gboolean
convert (const Uri *uri, const DecoderJob *job, GString *out)
{
  g_autoptr (GBytes) bytes = decode_base64 (uri);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  DecoderSniff sniff = decoder_sniff (data, size);
  const char *type = sniff.format == DECODER_FORMAT_JPEG ? "data:image/jpeg" : "data:image/png";
  g_autofree char *png = NULL;

  switch (sniff.format)
    {
    case DECODER_FORMAT_PNG:
    case DECODER_FORMAT_JPEG:
      if (strlen (type) == (gsize)(uri->type_end - uri->start)
          && g_ascii_strncasecmp (type, uri->start, strlen (type)) == 0)
        return FALSE;
      g_string_append (out, type);
      g_string_append_len (out, uri->type_end, uri->end - uri->type_end);
      return TRUE;
    case DECODER_FORMAT_GIF:
    case DECODER_FORMAT_WEBP:
    case DECODER_FORMAT_AVIF:
      png = make_png (bytes, sniff.format, job);
      if (png == NULL)
        return FALSE;
      g_string_append_printf (out, "data:image/png;base64,%s", png);
      return TRUE;
    default:
      return FALSE;
    }
}

GString *
decoder_svg_convert_embedded (const GByteArray *svg, const DecoderJob *job)
{
  const char *at = (const char *)svg->data;
  const char *end = at + svg->len;
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean changed = FALSE;
  Uri uri;

  for (guint i = 0; i < MAX_PICTURES && find_uri (at, end, &uri); i++)
    {
      g_string_append_len (out, at, uri.start - at);
      if (convert (&uri, job, out))
        changed = TRUE;
      else
        g_string_append_len (out, uri.start, uri.end - uri.start);
      at = uri.end;
    }
  g_string_append_len (out, at, end - at);
  return changed ? g_steal_pointer (&out) : NULL;
}
