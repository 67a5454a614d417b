/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists as JSON arrays: of many values at once, and in columns. */
#include "board/sql/booru-sql.h"

#include "base/booru-json.h"

#include <string.h>

char *
booru_sql_numbers_to_json (const gint64 *numbers, gsize n_numbers)
{
  GString *json = g_string_new ("[");

  for (gsize i = 0; i < n_numbers; i++)
    g_string_append_printf (json, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", numbers[i]);
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

char *
booru_sql_strings_to_json (const char *const *strings, gsize n_strings)
{
  GString *json = g_string_new ("[");

  for (gsize i = 0; i < n_strings; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      booru_json_append_string (json, strings[i]);
    }
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}

/* The character of an escape of four digits; a half of a pair stands for none. */
static const char *
read_escape (const char *at, GString *out)
{
  static const char letters[] = "bfnrt", characters[] = "\b\f\n\r\t";
  const char *found;
  gunichar character = 0;

  if (*at != 'u')
    {
      found = *at != '\0' ? strchr (letters, *at) : NULL;
      g_string_append_c (out, found != NULL ? characters[found - letters] : *at);
      return *at != '\0' ? at + 1 : at;
    }
  at++;
  for (guint i = 0; i < 4 && g_ascii_isxdigit (*at); i++, at++)
    character = character * 16 + (gunichar)g_ascii_xdigit_value (*at);
  if (character != 0 && g_unichar_validate (character))
    g_string_append_unichar (out, character);
  return at;
}

GStrv
booru_sql_strings_from_json (const char *json)
{
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();
  const char *at = json != NULL ? strchr (json, '"') : NULL;

  while (at != NULL)
    {
      g_autoptr (GString) string = g_string_new (NULL);

      for (at++; *at != '"' && *at != '\0';)
        if (*at == '\\')
          at = read_escape (at + 1, string);
        else
          g_string_append_c (string, *at++);
      g_strv_builder_add (strings, string->str);
      at = *at != '\0' ? strchr (at + 1, '"') : NULL;
    }
  return g_strv_builder_end (strings);
}

void
booru_sql_numbers_from_json (const char *json, GArray *numbers)
{
  const char *at = json != NULL ? json : "";

  while ((at = strpbrk (at, "-0123456789")) != NULL)
    {
      char *end;
      gint64 number = g_ascii_strtoll (at, &end, 10);

      if (end == at)
        break;
      g_array_append_val (numbers, number);
      at = end;
    }
}
