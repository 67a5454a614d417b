/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-md5.h"

gboolean
booru_md5_from_hex (const char *hex, guint8 bytes[16])
{
  for (guint i = 0; i < 16; i++)
    {
      if (!g_ascii_isxdigit (hex[2 * i]) || !g_ascii_isxdigit (hex[2 * i + 1]))
        return FALSE;
      bytes[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]);
    }
  return hex[32] == '\0';
}

void
booru_md5_to_hex (const guint8 *bytes, char hex[33])
{
  static const char digits[] = "0123456789abcdef";

  for (guint i = 0; i < 16; i++)
    {
      hex[2 * i] = digits[bytes[i] >> 4];
      hex[2 * i + 1] = digits[bytes[i] & 15];
    }
  hex[32] = '\0';
}
