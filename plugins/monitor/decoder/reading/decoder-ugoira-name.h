/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of the entries of a ugoira. The monitor needs them, too, before it reads a whole
 * archive. */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#define DECODER_UGOIRA_DELAYS "animation.json"

/* "000012.jpg": a number and the suffix of a format that frames come in. */
static inline gboolean
decoder_ugoira_parse_frame (const char *name, gsize length, guint *number, const char **suffix)
{
  static const char *const suffixes[] = { "jpg", "jpeg", "png", "webp" };
  gsize digits = 0;

  *number = 0;
  while (digits < length && digits < 9 && g_ascii_isdigit (name[digits]))
    *number = *number * 10 + (guint)g_ascii_digit_value (name[digits++]);
  if (digits == 0 || digits >= length || name[digits] != '.')
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (length - digits - 1 == strlen (suffixes[i])
        && g_ascii_strncasecmp (name + digits + 1, suffixes[i], length - digits - 1) == 0)
      {
        *suffix = suffixes[i];
        return TRUE;
      }
  return FALSE;
}

/* Whether the first bytes of a file are those of an archive that begins as a ugoira does. */
static inline gboolean
decoder_ugoira_may_begin (const guint8 *head, gsize length)
{
  const char *name = (const char *)head + 30, *suffix;
  gsize name_length;
  guint number;

  if (length < 31 || memcmp (head, "PK\3\4", 4) != 0)
    return FALSE;
  name_length = head[26] | (gsize)head[27] << 8;
  if (name_length > length - 30)
    return FALSE;
  return decoder_ugoira_parse_frame (name, name_length, &number, &suffix)
         || (name_length == strlen (DECODER_UGOIRA_DELAYS)
             && memcmp (name, DECODER_UGOIRA_DELAYS, name_length) == 0);
}

G_END_DECLS
