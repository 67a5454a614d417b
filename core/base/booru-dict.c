/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-dict.h"

guint64
booru_dict_get_count (GVariant *dict, const char *name)
{
  guint64 count = 0;
  guint small = 0;

  g_return_val_if_fail (dict != NULL && name != NULL, 0);
  if (g_variant_lookup (dict, name, "u", &small))
    return small;
  g_variant_lookup (dict, name, "t", &count);
  return count;
}

double
booru_dict_get_number (GVariant *dict, const char *name)
{
  double number = 0;

  g_return_val_if_fail (dict != NULL && name != NULL, 0);
  g_variant_lookup (dict, name, "d", &number);
  return number;
}

gboolean
booru_dict_get_flag (GVariant *dict, const char *name)
{
  gboolean flag = FALSE;

  g_return_val_if_fail (dict != NULL && name != NULL, FALSE);
  g_variant_lookup (dict, name, "b", &flag);
  return flag;
}

const char *
booru_dict_get_text (GVariant *dict, const char *name)
{
  const char *text = "";

  g_return_val_if_fail (dict != NULL && name != NULL, "");
  g_variant_lookup (dict, name, "&s", &text);
  return text;
}

const char *
booru_dict_get_path (GVariant *dict, const char *name)
{
  const char *path = "";

  g_return_val_if_fail (dict != NULL && name != NULL, "");
  g_variant_lookup (dict, name, "^&ay", &path);
  return path;
}
