/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean booru_json_check_shape (const char *text, gsize length, GError **error); /* before json-glib reads what is not ours */

G_END_DECLS
