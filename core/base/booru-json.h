/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Before json-glib reads what is not ours. */
gboolean booru_json_check_shape (const char *text, gsize length, GError **error);

G_END_DECLS
