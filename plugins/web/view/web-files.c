/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-files.h"

gboolean
web_files_foreach (GFile *folder, WebFilesFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      folder, G_FILE_ATTRIBUTE_STANDARD_NAME, G_FILE_QUERY_INFO_NONE, NULL, error);
  GFileInfo *info;
  GFile *child;

  while (children && g_file_enumerator_iterate (children, &info, &child, NULL, error))
    {
      g_autoptr (GBytes) contents = NULL;

      if (info == NULL)
        return TRUE;
      if (*g_file_info_get_name (info) == '.')
        continue;
      contents = g_file_load_bytes (child, NULL, NULL, error);
      if (contents == NULL || !func (g_file_info_get_name (info), contents, user_data, error))
        return FALSE;
    }
  return FALSE;
}
