/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-json.h"

#include <booru.h>

#define MAX_DEPTH 64

/* How deep the brackets outside of strings go; that they match is for the parser to say. json-glib
 * also reads comments and other quotes, which are no JSON: here they would hide brackets. */
static gboolean
check_depth (const char *text, gsize length, GError **error)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (in_string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        in_string = !in_string;
      else if (!in_string && (text[i] == '[' || text[i] == '{'))
        depth++;
      else if (!in_string && (text[i] == ']' || text[i] == '}') && depth > 0)
        depth--;
      else if (!in_string && (text[i] == '/' || text[i] == '\'' || text[i] == '#'))
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                       "It is not valid JSON: there is a %c outside of text", text[i]);
          return FALSE;
        }
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

  if (!check_depth (text, length, error))
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
