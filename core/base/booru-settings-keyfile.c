/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/booru-error.h"
#include "base/booru-names.h"
#include "base/booru-settings-private.h"
#include "base/booru-settings.h"

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

/* Adds what is wrong with @line of the file. */
static void add_fault (GPtrArray *faults, guint line, gboolean harmless, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

static void
add_fault (GPtrArray *faults, guint line, gboolean harmless, const char *format, ...)
{
  BooruSettingsFault *fault = g_new0 (BooruSettingsFault, 1);
  va_list args;

  va_start (args, format);
  fault->text = g_strdup_vprintf (format, args);
  va_end (args);
  fault->line = line;
  fault->harmless = harmless;
  g_ptr_array_add (faults, fault);
}

static void
fault_free (gpointer data)
{
  BooruSettingsFault *fault = data;

  g_free (fault->text);
  g_free (fault);
}

static void
inspect_value (const File *file,
               GSettingsSchema *schema,
               const char *group,
               const char *name,
               GPtrArray *faults)
{
  g_autoptr (GSettingsSchemaKey) key = NULL;
  g_autofree char *text = g_key_file_get_value (file->keyfile, group, name, NULL);
  g_autoptr (GVariant) value = NULL;
  g_autofree char *wanted = NULL;
  guint line = find_key_line (file, group, name);

  if (!g_settings_schema_has_key (schema, name))
    {
      add_fault (faults, line, TRUE,
                 "“%s”, line %u: there is no setting “%s” in the group [%s]; it is ignored",
                 file->path, line, name, group);
      return;
    }

  key = g_settings_schema_get_key (schema, name);
  value = parse_stored (g_settings_schema_key_get_value_type (key), text);
  if (value && g_settings_schema_key_range_check (key, value))
    return;

  wanted = booru_settings_describe_key (key);
  add_fault (faults, line, FALSE,
             "The settings file “%s”, line %u: “%s” is not a valid value for %s, which takes %s",
             file->path, line, text, name, wanted);
}

static void
inspect_group (const File *file, GSettingsSchema *schema, const char *group, GPtrArray *faults)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file->keyfile, group, NULL, NULL);

  for (guint i = 0; keys && keys[i]; i++)
    inspect_value (file, schema, group, keys[i], faults);
}

/* NULL: none, or one whose keys lie elsewhere. */
static GSettingsSchema *
find_schema_of_group (GSettingsSchemaSource *source, const char *group)
{
  g_autofree char *id = g_str_equal (group, BOORU_SETTINGS_ROOT_GROUP)
                            ? g_strdup (BOORU_SCHEMA_HOST)
                            : g_strconcat (BOORU_SCHEMA_HOST ".", group, NULL);

  return g_settings_schema_source_lookup (source, id, TRUE);
}

/* The group of @schema, or all if it is NULL. The schema of the host answers for groups that nobody
 * knows, too: those of plugins that are not installed may stay, but a misspelt one should not go
 * unnoticed. */
static void
inspect_groups (const File *file,
                GSettingsSchemaSource *source,
                GSettingsSchema *only,
                GPtrArray *faults)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file->keyfile, NULL);
  const char *only_id = only ? g_settings_schema_get_id (only) : NULL;

  for (guint i = 0; groups[i]; i++)
    {
      g_autoptr (GSettingsSchema) schema = find_schema_of_group (source, groups[i]);

      if (schema && (only == NULL || g_str_equal (g_settings_schema_get_id (schema), only_id)))
        inspect_group (file, schema, groups[i], faults);
      else if (schema == NULL && (only == NULL || g_str_equal (only_id, BOORU_SCHEMA_HOST)))
        add_fault (faults, 0, TRUE, "“%s”: there are no settings for the group [%s]; it is ignored",
                   file->path, groups[i]);
    }
}

static GPtrArray *
inspect (GSettingsSchemaSource *source, GSettingsSchema *only, const char *path)
{
  GPtrArray *faults = g_ptr_array_new_with_free_func (fault_free);
  g_autoptr (GKeyFile) keyfile = g_key_file_new ();
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  File file = { .path = path, .keyfile = keyfile };

  if (!g_file_get_contents (path, &contents, &file.length, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        add_fault (faults, 0, FALSE, "Cannot read the settings file “%s”: %s", path,
                   error->message);
      return faults;
    }
  file.contents = contents;
  if (g_key_file_load_from_data (keyfile, contents, file.length, G_KEY_FILE_NONE, &error)
      || g_error_matches (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_NOT_FOUND))
    inspect_groups (&file, source, only, faults);
  else
    {
      guint line = find_broken_line (&file);

      add_fault (faults, line, FALSE, "The settings file “%s”, line %u: %s", path, line,
                 error->message);
    }
  return faults;
}

gboolean
booru_settings_check_keyfile (GSettingsSchema *schema,
                              GSettingsSchemaSource *source,
                              const char *path,
                              GError **error)
{
  g_autoptr (GPtrArray) faults = inspect (source, schema, path);

  for (guint i = 0; i < faults->len; i++)
    {
      const BooruSettingsFault *fault = faults->pdata[i];

      if (!fault->harmless)
        {
          g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_CONFIG, fault->text);
          return FALSE;
        }
      g_warning ("%s", fault->text);
    }
  return TRUE;
}

/**
 * booru_settings_inspect_keyfile:
 * @path: a settings file; one that does not exist has no faults
 * @error: BOORU_ERROR_CONFIG if there are no schemas to compare it with
 *
 * Looks at all of a settings file, where booru_settings_new() stops at the first fault.
 *
 * Returns: (transfer full) (element-type BooruSettingsFault): what is wrong with it
 */
GPtrArray *
booru_settings_inspect_keyfile (const char *path, GError **error)
{
  g_autoptr (GSettingsSchemaSource) source = booru_settings_open_source (error);

  return source ? inspect (source, NULL, path) : NULL;
}

gboolean
booru_settings_keyfile_holds (GSettingsSchema *schema,
                              const char *path,
                              const char *name,
                              GVariant *value)
{
  const char *id = g_settings_schema_get_id (schema);
  const char *group = g_str_equal (id, BOORU_SCHEMA_HOST) ? BOORU_SETTINGS_ROOT_GROUP
                                                          : id + strlen (BOORU_SCHEMA_HOST ".");
  g_autoptr (GKeyFile) keyfile = g_key_file_new ();
  g_autoptr (GSettingsSchemaKey) key = g_settings_schema_get_key (schema, name);
  g_autofree char *text = NULL;
  g_autoptr (GVariant) held = NULL;

  g_key_file_load_from_file (keyfile, path, G_KEY_FILE_NONE, NULL);
  text = g_key_file_get_value (keyfile, group, name, NULL);
  held = text ? parse_stored (g_settings_schema_key_get_value_type (key), text) : NULL;
  return value ? held && g_variant_equal (held, value) : text == NULL;
}
