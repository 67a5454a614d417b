/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Members of an a{sv}; 0, FALSE or "" where there is none of that type. */
guint64 booru_dict_get_count (GVariant *dict, const char *name); /* "t" or "u" */
double booru_dict_get_number (GVariant *dict, const char *name);
gboolean booru_dict_get_flag (GVariant *dict, const char *name);
const char *booru_dict_get_text (GVariant *dict, const char *name);
const char *booru_dict_get_path (GVariant *dict, const char *name); /* "ay": raw bytes */

G_END_DECLS
