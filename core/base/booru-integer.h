/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean booru_integer_from_variant (GVariant *value, gint64 *number);

G_END_DECLS
