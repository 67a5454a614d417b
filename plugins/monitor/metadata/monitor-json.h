/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * monitor_json_parse:
 * @text: JSON from anybody
 * @length: in bytes
 * @error: BOORU_ERROR_INVALID with line and reason; BOORU_ERROR_LIMIT if it is nested too deeply
 *
 * What json-glib could come to harm by is refused before: see booru_json_check_shape().
 *
 * Returns: (transfer full): the value
 */
JsonNode *monitor_json_parse (const char *text, gsize length, GError **error);

G_END_DECLS
