/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-query.h"

#include "base/booru-error.h"
#include "base/booru-status-text.h"

gboolean
booru_page_parse (const char *text, guint limit, BooruPage *page, GError **error)
{
  BooruPageKind kind = BOORU_PAGE_NUMBER;
  const char *digits = text ? text : "";
  guint64 value = 0;

  g_return_val_if_fail (page != NULL, FALSE);
  if (g_ascii_tolower (*digits) == 'b')
    kind = BOORU_PAGE_BEFORE;
  else if (g_ascii_tolower (*digits) == 'a')
    kind = BOORU_PAGE_AFTER;
  if (kind != BOORU_PAGE_NUMBER)
    digits++;

  if (*digits != '\0' || kind != BOORU_PAGE_NUMBER)
    for (const char *p = digits; p == digits || *p; p++)
      {
        if (!g_ascii_isdigit (*p))
          {
            g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                         "“%.40s” is not a page: use a number, or “b” or “a” with a post id", text);
            return FALSE;
          }
        /* Past any id there can be it makes no difference how far. */
        value = MIN (value * 10 + (guint64)(*p - '0'), G_MAXINT64 / 16);
      }

  if (kind == BOORU_PAGE_NUMBER)
    value = MAX (value, 1);
  if (kind == BOORU_PAGE_NUMBER && value > BOORU_PAGE_MAX_NUMBER)
    {
      g_autofree char *most = booru_text_from_count (BOORU_PAGE_MAX_NUMBER);

      g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                   "Only the first %s pages can be opened. Narrow the search", most);
      return FALSE;
    }
  *page = (BooruPage){ .kind = kind, .value = (gint64)value, .limit = limit };
  return TRUE;
}
