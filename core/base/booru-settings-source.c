/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-error.h"
#include "base/booru-paths.h"
#include "base/booru-settings-private.h"
#include "base/booru-settings.h"

GSettingsSchemaSource *
booru_settings_open_source (GError **error)
{
  const char *folder = booru_paths_get_schema_dir ();
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  GSettingsSchemaSource *source = NULL;
  g_autoptr (GError) local = NULL;

  if (folder)
    source = g_settings_schema_source_new_from_directory (folder, installed, FALSE, &local);
  if (source == NULL && installed)
    source = g_settings_schema_source_ref (installed);
  if (source == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "No settings schemas are installed%s%s",
                 local ? ": " : "", local ? local->message : "");
  return source;
}

gboolean
booru_settings_has_schema (const char *schema_id)
{
  g_autoptr (GSettingsSchemaSource) source = booru_settings_open_source (NULL);
  g_autoptr (GSettingsSchema) schema
      = source ? g_settings_schema_source_lookup (source, schema_id, TRUE) : NULL;

  return schema != NULL;
}
