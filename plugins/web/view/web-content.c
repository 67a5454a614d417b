/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-content.h"

static const struct
{
  const char *ext;
  const char *content_type;
} types[] = {
  { "jpg", "image/jpeg" },      { "png", "image/png" },       { "gif", "image/gif" },
  { "webp", "image/webp" },     { "avif", "image/avif" },     { "heic", "image/heic" },
  { "heif", "image/heif" },     { "jxl", "image/jxl" },       { "tiff", "image/tiff" },
  { "tif", "image/tiff" },      { "svg", "image/svg+xml" },   { "bmp", "image/bmp" },
  { "mp4", "video/mp4" },       { "webm", "video/webm" },     { "mkv", "video/x-matroska" },
  { "mov", "video/quicktime" }, { "zip", "application/zip" }, { "jpeg", "image/jpeg" },
  { "ico", "image/x-icon" },    { "avi", "video/x-msvideo" }, { "svgz", "application/gzip" },
};

const char *
web_content_get_type (const char *ext)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].ext, ext))
      return types[i].content_type;
  return "application/octet-stream";
}

gboolean
web_content_is_active (const char *ext)
{
  return g_str_equal (ext, "svg");
}

char *
web_content_make_disposition (const char *file_name)
{
  g_autofree char *valid = g_utf8_make_valid (file_name, -1);
  g_autofree char *encoded = g_uri_escape_string (valid, "!#$&+^`|", FALSE);
  GString *ascii = g_string_new (NULL);

  for (const char *at = valid; *at; at = g_utf8_next_char (at))
    {
      guchar c = (guchar)*at;

      g_string_append_c (ascii,
                         c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '%' ? '_' : *at);
    }

  g_string_prepend (ascii, "inline; filename=\"");
  g_string_append_printf (ascii, "\"; filename*=UTF-8''%s", encoded);
  return g_string_free (ascii, FALSE);
}
