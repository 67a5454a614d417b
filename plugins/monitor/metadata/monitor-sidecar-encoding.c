/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encodings of texts. */
#include <string.h>

#include "monitor-sidecar.h"

static const char *
find_utf16 (const char *text, gsize length)
{
  if (length < 2 || length % 2 != 0)
    return NULL;
  if (memcmp (text, "\xff\xfe", 2) == 0)
    return "UTF-16LE";
  return memcmp (text, "\xfe\xff", 2) == 0 ? "UTF-16BE" : NULL;
}

/* Letters with accents stand alone or in pairs between others. In a text of another encoding (Shift
 * JIS, GBK, Cyrillic ones) such bytes come in long runs, or are such as Latin-1 has no letters for.
 */
static gboolean
is_latin1 (const char *text, gsize length)
{
  guint run = 0;

  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8)text[i];

      run = byte >= 0x80 ? run + 1 : 0;
      if (byte == 0 || run > 2 || (byte >= 0x80 && byte < 0xa0))
        return FALSE;
    }
  return TRUE;
}

char *
monitor_sidecar_to_utf8 (const char *text, gsize length, gsize *new_length, GError **error)
{
  const char *encoding = find_utf16 (text, length);
  gsize skip = encoding != NULL ? 2 : 0;
  char *converted = NULL;

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    skip = 3;
  text += skip;
  length -= skip;
  if (encoding == NULL && g_utf8_validate_len (text, length, NULL))
    {
      *new_length = length;
      return g_strndup (text, length);
    }
  if (encoding == NULL && is_latin1 (text, length))
    encoding = "ISO-8859-1";
  if (encoding != NULL)
    converted = g_convert (text, (gssize)length, "UTF-8", encoding, NULL, new_length, NULL);
  if (converted != NULL && g_utf8_validate_len (converted, *new_length, NULL))
    return converted;
  g_free (converted);
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "It is not UTF-8 text; save it as such");
  return NULL;
}
