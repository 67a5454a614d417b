/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-json.h"

#include "base/booru-error.h"

/* Deeper than anything of use. */
#define MAX_DEPTH 64

static gboolean
fail (GError **error, const char *reason)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "It is not valid JSON: %s", reason);
  return FALSE;
}

gboolean
booru_json_check_shape (const char *text, gsize length, GError **error)
{
  guint depth = 0;
  gboolean in_string = FALSE, begun = FALSE;

  g_return_val_if_fail (text != NULL, FALSE);
  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (in_string && c == '\\')
        i++;
      else if (c == '"')
        in_string = !in_string;
      if (in_string && depth > 0)
        continue;
      if (depth == 0 && !g_ascii_isspace (c) && (begun || (c != '[' && c != '{')))
        return fail (error, "it is not a single object or list");
      if (c == '/' || c == '\'' || c == '#')
        return fail (error, "there is an invalid character outside of a string");
      if (c == '[' || c == '{')
        depth++;
      else if ((c == ']' || c == '}') && depth > 0)
        depth--;
      begun = begun || depth > 0;
      if (depth > MAX_DEPTH)
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                       "The JSON is nested more than %d levels deep", MAX_DEPTH);
          return FALSE;
        }
    }
  return TRUE;
}

void
booru_json_append_string (GString *json, const char *string)
{
  g_return_if_fail (json != NULL && string != NULL);

  g_string_append_c (json, '"');
  for (; *string != '\0'; string++)
    if (*string == '"' || *string == '\\')
      g_string_append_printf (json, "\\%c", *string);
    else if ((guchar)*string < 0x20)
      g_string_append_printf (json, "\\u%04x", *string);
    else
      g_string_append_c (json, *string);
  g_string_append_c (json, '"');
}
