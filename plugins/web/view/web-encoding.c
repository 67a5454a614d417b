/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-encoding.h"

#include <string.h>

/* Less fits into one packet with the head. */
#define MIN_SIZE 860
#define LEVEL 4 /* each more costs about as much time as it saves bytes */

/* "q=0", "q=0.000": not acceptable. */
static gboolean
is_refused (const char *parameters, gsize length)
{
  g_autofree char *text = g_strndup (parameters, length);
  const char *quality = strstr (text, "q=");

  return quality && g_ascii_strtod (quality + 2, NULL) <= 0;
}

gboolean
web_encoding_accepts_gzip (const char *value, gsize length)
{
  const char *end = value + length;

  for (const char *at = value; at < end;)
    {
      const char *comma = memchr (at, ',', (gsize)(end - at));
      const char *next = comma ? comma : end;
      gsize name;

      while (at < next && (*at == ' ' || *at == '\t'))
        at++;
      for (name = 0; at + name < next && strchr (" \t;", at[name]) == NULL;)
        name++;
      if (name == 4 && g_ascii_strncasecmp (at, "gzip", 4) == 0)
        return !is_refused (at + name, (gsize)(next - at) - name);
      at = next + 1;
    }
  return FALSE;
}

/* An attacker who has somebody's browser ask for pages that repeat what he chose can tell by their
 * compressed length what else they hold (BREACH). No page holds a token: forms are protected by
 * Origin, and api keys are not shown. The administrator's pages hold settings and paths, and repeat
 * parameters; they are not compressed. */
gboolean
web_encoding_is_wanted (const char *path, const char *content_type, gsize size)
{
  if (size < MIN_SIZE || content_type == NULL || g_str_has_prefix (path, "/system"))
    return FALSE;
  return g_str_has_prefix (content_type, "text/")
         || g_str_has_prefix (content_type, "application/json")
         || g_str_has_prefix (content_type, "image/svg+xml");
}

GBytes *
web_encoding_convert (GConverter *converter, GBytes *input, gsize max_size)
{
  gsize size, read, written;
  const void *data = g_bytes_get_data (input, &size);
  g_autofree guint8 *out = g_malloc (max_size);

  if (g_converter_convert (converter, data, size, out, max_size, G_CONVERTER_INPUT_AT_END, &read,
                           &written, NULL)
          != G_CONVERTER_FINISHED
      || read != size)
    return NULL;
  return g_bytes_new_take (g_realloc (g_steal_pointer (&out), written), written);
}

GBytes *
web_encoding_gzip (GBytes *body, int level)
{
  g_autoptr (GZlibCompressor) compressor
      = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, level);

  return web_encoding_convert (G_CONVERTER (compressor), body, g_bytes_get_size (body));
}

GBytes *
web_encoding_apply (const char *path, SoupMessageHeaders *headers, gboolean accepted, GBytes *body)
{
  const char *type = soup_message_headers_get_one (headers, "Content-Type");
  GBytes *packed = NULL;

  if (!web_encoding_is_wanted (path, type, g_bytes_get_size (body)))
    return g_bytes_ref (body);
  soup_message_headers_append (headers, "Vary", "Accept-Encoding");
  if (accepted && soup_message_headers_get_one (headers, "Content-Encoding") == NULL)
    packed = web_encoding_gzip (body, LEVEL);
  if (packed == NULL)
    return g_bytes_ref (body);
  soup_message_headers_replace (headers, "Content-Encoding", "gzip");
  return packed;
}
