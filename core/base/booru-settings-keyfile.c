/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-settings-private.h"

typedef struct
{
  const char *path;
  char *contents;
  gsize length;
  GKeyFile *keyfile;
} File;

static gboolean
loads (const char *text, gsize length, GError **error)
{
  g_autoptr (GKeyFile) keyfile = g_key_file_new ();

  return g_key_file_load_from_data (keyfile, text, length, G_KEY_FILE_NONE, error);
}

/* GKeyFile does not say where it stopped. What fails, fails with everything that follows, too: the
 * first line that makes the text wrong is found by bisection. */
static guint
find_broken_line (const File *file)
{
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  guint low = 0;
  guint high;

  for (gsize i = 0; i < file->length; i++)
    {
      gsize end = i + 1;

      if (file->contents[i] == '\n' || end == file->length)
        g_array_append_val (ends, end);
    }

  high = ends->len;
  while (low + 1 < high)
    {
      guint middle = low + (high - low) / 2;

      if (loads (file->contents, g_array_index (ends, gsize, middle - 1), NULL))
        low = middle;
      else
        high = middle;
    }
  return high;
}

/* The line on which @group sets @key: the last one, as that is the one that counts. */
static guint
find_key_line (const File *file, const char *group, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (file->contents, "\n", -1);
  g_autofree char *header = g_strdup_printf ("[%s]", group);
  gboolean inside = FALSE;
  guint found = 0;

  for (guint i = 0; lines[i]; i++)
    {
      const char *line = g_strstrip (lines[i]);
      const char *equals = strchr (line, '=');

      if (*line == '[')
        inside = g_str_has_prefix (line, header);
      else if (inside && *line != '#' && equals && g_str_has_prefix (line, key)
               && strspn (line + strlen (key), " \t") == (gsize)(equals - line) - strlen (key))
        found = i + 1;
    }
  return found;
}

/* As GKeyfileSettingsBackend does it: texts may come without their quotes. */
static GVariant *
parse_stored (const GVariantType *type, const char *text)
{
  GVariant *value = g_variant_parse (type, text, NULL, NULL, NULL);

  if (value == NULL && g_variant_type_equal (type, G_VARIANT_TYPE_STRING) && *text != '"'
      && g_utf8_validate (text, -1, NULL))
    return g_variant_take_ref (g_variant_new_string (text));
  return value;
}

static gboolean
check_value (const File *file,
             GSettingsSchema *schema,
             const char *group,
             const char *name,
             GError **error)
{
  g_autoptr (GSettingsSchemaKey) key = NULL;
  g_autofree char *text = g_key_file_get_value (file->keyfile, group, name, NULL);
  g_autoptr (GVariant) value = NULL;
  g_autofree char *wanted = NULL;

  if (!g_settings_schema_has_key (schema, name))
    {
      g_warning ("“%s”, line %u: there is no setting “%s” in the group [%s]; it is ignored",
                 file->path, find_key_line (file, group, name), name, group);
      return TRUE;
    }

  key = g_settings_schema_get_key (schema, name);
  value = parse_stored (g_settings_schema_key_get_value_type (key), text);
  if (value && g_settings_schema_key_range_check (key, value))
    return TRUE;

  wanted = booru_settings_describe_key (key);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG,
               "The settings file “%s”, line %u: “%s” is no value for %s: it takes %s", file->path,
               find_key_line (file, group, name), text, name, wanted);
  return FALSE;
}

/* Groups of plugins that are not installed may stay, but a misspelt one should not go unnoticed. */
static void
warn_of_unknown_groups (const File *file, GSettingsSchemaSource *source)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file->keyfile, NULL);

  for (guint i = 0; groups[i]; i++)
    {
      g_autofree char *id = g_strconcat (BOORU_SCHEMA_HOST ".", groups[i], NULL);
      g_autoptr (GSettingsSchema) schema = g_settings_schema_source_lookup (source, id, TRUE);

      if (schema == NULL && !g_str_equal (groups[i], BOORU_SETTINGS_ROOT_GROUP))
        g_warning ("“%s”: there are no settings for the group [%s]; it is ignored", file->path,
                   groups[i]);
    }
}

static gboolean
check_file (File *file, GSettingsSchema *schema, GSettingsSchemaSource *source, GError **error)
{
  const char *schema_path = g_settings_schema_get_path (schema);
  g_autofree char *group = NULL;
  g_auto (GStrv) keys = NULL;
  g_autoptr (GError) local = NULL;

  if (!g_key_file_load_from_data (file->keyfile, file->contents, file->length, G_KEY_FILE_NONE,
                                  &local)
      && !g_error_matches (local, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_NOT_FOUND))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "The settings file “%s”, line %u: %s",
                   file->path, find_broken_line (file), local->message);
      return FALSE;
    }

  if (schema_path == NULL || !g_str_has_prefix (schema_path, BOORU_SCHEMA_PATH))
    return TRUE;
  if (g_str_equal (schema_path, BOORU_SCHEMA_PATH))
    {
      warn_of_unknown_groups (file, source);
      group = g_strdup (BOORU_SETTINGS_ROOT_GROUP);
    }
  else
    {
      group = g_strdup (schema_path + strlen (BOORU_SCHEMA_PATH));
      group[strlen (group) - 1] = '\0'; /* paths end in a slash */
    }

  keys = g_key_file_get_keys (file->keyfile, group, NULL, NULL);
  for (guint i = 0; keys && keys[i]; i++)
    {
      if (!check_value (file, schema, group, keys[i], error))
        return FALSE;
    }
  return TRUE;
}

gboolean
booru_settings_check_keyfile (GSettingsSchema *schema,
                              GSettingsSchemaSource *source,
                              const char *path,
                              GError **error)
{
  g_autoptr (GKeyFile) keyfile = g_key_file_new ();
  g_autofree char *contents = NULL;
  g_autoptr (GError) local = NULL;
  File file = { .path = path, .keyfile = keyfile };

  if (!g_file_get_contents (path, &contents, &file.length, &local))
    {
      if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_CONFIG, "Reading the settings file “%s”: %s",
                   path, local->message);
      return FALSE;
    }
  file.contents = contents;
  return check_file (&file, schema, source, error);
}
