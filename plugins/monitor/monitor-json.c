/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-json.h"

#include <booru.h>

#define MAX_DEPTH 64

static gboolean
fail (GError **error, const char *reason)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "It is not valid JSON: %s", reason);
  return FALSE;
}

/* That there is one object or list, and how deep its brackets go; that they match is for the parser
 * to say. json-glib also reads comments and other quotes, which are no JSON and would hide brackets
 * here, and several values after each other, of which it leaks all but the last. */
static gboolean
check_shape (const char *text, gsize length, GError **error)
{
  guint depth = 0;
  gboolean in_string = FALSE, begun = FALSE;

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
        return fail (error, "it is not one object or list, and nothing else");
      if (c == '/' || c == '\'' || c == '#')
        return fail (error, "there is a character of no meaning outside of text");
      if (c == '[' || c == '{')
        depth++;
      else if ((c == ']' || c == '}') && depth > 0)
        depth--;
      begun = begun || depth > 0;
      if (depth > MAX_DEPTH)
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                       "Its JSON is nested more than %d levels deep", MAX_DEPTH);
          return FALSE;
        }
    }
  return TRUE;
}

JsonNode *
monitor_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) parse_error = NULL;

  if (!check_shape (text, length, error))
    return NULL;
  if (!g_utf8_validate_len (text, length, NULL))
    {
      g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID, "It is not valid UTF-8");
      return NULL;
    }
  if (json_parser_load_from_data (parser, text, (gssize)length, &parse_error)
      && json_parser_get_root (parser) != NULL)
    return json_parser_steal_root (parser);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "It is not valid JSON: %s",
               parse_error ? parse_error->message : "it is empty");
  return NULL;
}
