/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/query/booru-query-words.h"

#include "board/booru-word.h"

/* As Ruby's [[:space:]]. */
static gboolean
is_space (gunichar c)
{
  return c == '\v' || c == 0x85 || g_unichar_isspace (c);
}

const char *
booru_query_skip_space (const char *p)
{
  while (*p && is_space (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

const char *
booru_query_find_word_end (const char *p)
{
  while (*p && !is_space (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return p;
}

const char *
booru_query_give_back_parens (const char *start,
                              const char *end,
                              guint unclosed,
                              gboolean keep_balanced)
{
  for (; unclosed > 0 && end > start && end[-1] == ')'; unclosed--)
    {
      gsize length = (gsize)(end - start);

      if (keep_balanced
          && (booru_word_is_balanced (start, length) || booru_word_is_smiley (start, length)))
        break;
      end--;
    }
  return end;
}

gboolean
booru_query_is_operator (const char *at, const char *operator)
{
  gsize length = strlen (operator);

  return g_ascii_strncasecmp (at, operator, length) == 0 && at[length] != '\0'
         && is_space (g_utf8_get_char (at + length));
}

char *
booru_query_read_quoted (const char **at)
{
  g_autoptr (GString) value = g_string_new (NULL);
  const char *p = *at;
  char quote = *p++;

  for (; *p != quote; p++)
    {
      if (*p == '\\' && p[1] == quote)
        p++;
      else if (*p == '\0' || *p == '\\')
        return NULL;
      g_string_append_c (value, *p);
    }
  *at = p + 1;
  return g_string_free (g_steal_pointer (&value), FALSE);
}

char *
booru_query_read_unquoted (const char **at, guint unclosed)
{
  GString *value = g_string_new (NULL);
  const char *p = *at, *end = p;

  while (*end && !is_space (g_utf8_get_char (end)))
    {
      if (*end == '\\' && end[1] && is_space (g_utf8_get_char (end + 1)))
        end++;
      end = g_utf8_next_char (end);
    }
  end = booru_query_give_back_parens (p, end, unclosed, FALSE);

  while (p < end)
    {
      if (*p == '\\' && p[1] && is_space (g_utf8_get_char (p + 1)))
        {
          p = g_utf8_next_char (p + 1);
          g_string_append_c (value, ' ');
        }
      else
        g_string_append_c (value, *p++);
    }
  *at = end;
  return g_string_free (value, FALSE);
}
