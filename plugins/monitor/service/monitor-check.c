/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-check.h"

static gboolean
check_folder (const char *path, const char *what, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (!g_path_is_absolute (path))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "“%s” is not a full path. Enter the full path, starting with “/”", shown);
  else if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                 "“%s” is not a folder, or the user %s can't read it", shown, g_get_user_name ());
  else
    return booru_pseudo_check_folder (path, what, error);
  return FALSE;
}

static gboolean
check_library (BooruConfig *wanted, BooruConfig *current, GError **error)
{
  g_auto (GStrv) folders = booru_config_dup_paths (wanted, BOORU_CONFIG_LIBRARY_FOLDERS);
  g_auto (GStrv) known = booru_config_dup_paths (current, BOORU_CONFIG_LIBRARY_FOLDERS);

  for (char **folder = folders; *folder; folder++)
    if (!g_strv_contains ((const char *const *)known, *folder)
        && !check_folder (*folder, "library folder", error))
      return FALSE;
  return TRUE;
}

static gboolean
check_ingest_folder (BooruConfig *wanted, BooruConfig *current, GError **error)
{
  const char *folder = booru_config_get_path (wanted, BOORU_CONFIG_INGEST_FOLDER);
  const char *known = booru_config_get_path (current, BOORU_CONFIG_INGEST_FOLDER);

  return folder == NULL || *folder == '\0' || g_strcmp0 (folder, known) == 0
         || check_folder (folder, "ingest folder", error);
}

static GVariant *
get_rules (BooruConfig *config)
{
  return g_variant_lookup_value (booru_config_to_variant (config), "folder-rules",
                                 G_VARIANT_TYPE ("a(aya{sv})"));
}

static gboolean
check_rules (BooruConfig *wanted, BooruConfig *current, GError **error)
{
  g_autoptr (GVariant) value = get_rules (wanted);
  g_autoptr (GVariant) before = get_rules (current);
  g_autoptr (GPtrArray) rules = NULL;

  if (value == NULL || (before && g_variant_equal (value, before)))
    return TRUE;
  rules = booru_folder_rules_parse (value, error);
  return rules != NULL;
}

gboolean
monitor_check_settings (BooruConfig *wanted, BooruConfig *current, GError **error)
{
  return current == NULL
         || (check_library (wanted, current, error) && check_ingest_folder (wanted, current, error)
             && check_rules (wanted, current, error));
}
