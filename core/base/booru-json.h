/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_json_check_shape:
 * @text: JSON from an untrusted source
 * @length: in bytes
 * @error: %BOORU_ERROR_INVALID; %BOORU_ERROR_LIMIT if it is nested too deeply
 *
 * Checks that @text is a single object or list, and how deeply its brackets nest; whether they
 * match is left to the parser. Call it before json-glib, which recurses into nested values without
 * a limit, accepts comments and single quotes, which are not JSON and would hide brackets from this
 * check, and accepts several values in a row, of which it leaks all but the last.
 *
 * Returns: %TRUE if it can be parsed safely
 */
gboolean booru_json_check_shape (const char *text, gsize length, GError **error);

/**
 * booru_json_append_string:
 * @json: JSON in the making
 * @string: UTF-8
 *
 * Appends @string as a JSON string, in quotation marks.
 */
void booru_json_append_string (GString *json, const char *string);

G_END_DECLS
