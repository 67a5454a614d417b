/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_dict_get_count:
 * @dict: an a{sv}
 * @name: name of a "t" or "u"
 *
 * Returns: its value; 0 if there is none of that type
 */
guint64 booru_dict_get_count (GVariant *dict, const char *name);

/**
 * booru_dict_get_number:
 * @dict: an a{sv}
 * @name: name of a "d"
 *
 * Returns: its value; 0 if there is none of that type
 */
double booru_dict_get_number (GVariant *dict, const char *name);

/**
 * booru_dict_get_flag:
 * @dict: an a{sv}
 * @name: name of a "b"
 *
 * Returns: its value; %FALSE if there is none of that type
 */
gboolean booru_dict_get_flag (GVariant *dict, const char *name);

/**
 * booru_dict_get_text:
 * @dict: an a{sv}
 * @name: name of an "s"
 *
 * Returns: (transfer none): its value; "" if there is none of that type
 */
const char *booru_dict_get_text (GVariant *dict, const char *name);

/**
 * booru_dict_get_path:
 * @dict: an a{sv}
 * @name: name of an "ay"
 *
 * Returns: (transfer none): its raw bytes; "" if there is none of that type
 */
const char *booru_dict_get_path (GVariant *dict, const char *name);

G_END_DECLS
