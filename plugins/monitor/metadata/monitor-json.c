/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-json.h"

#include <booru.h>

JsonNode *
monitor_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) parse_error = NULL;

  if (!booru_json_check_shape (text, length, error))
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
