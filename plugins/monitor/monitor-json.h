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
 * json-glib goes down into nested values by calling itself, as deep as they are: what is deeper than
 * anything of use is refused before.
 *
 * Returns: (transfer full): the value
 */
JsonNode *monitor_json_parse (const char *text, gsize length, GError **error);

G_END_DECLS
