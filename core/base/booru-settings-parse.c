/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-settings-private.h"
#include "base/booru-settings.h"

/**
 * booru_settings_parse_boolean:
 * @text: a word
 * @value: (out): what it means
 *
 * Returns: whether @text is one of 1, true, yes, on, 0, false, no, off, in any case
 */
gboolean
booru_settings_parse_boolean (const char *text, gboolean *value)
{
  static const char *const words[] = { "0", "1", "false", "true", "no", "yes", "off", "on" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (g_ascii_strcasecmp (text, words[i]) == 0)
        {
          *value = i % 2;
          return TRUE;
        }
    }
  return FALSE;
}

static GVariant *
parse_list (const char *text, const char *separator, gboolean paths)
{
  g_auto (GStrv) parts = g_strsplit (text, separator, -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (guint i = 0; parts[i]; i++)
    {
      const char *part = paths ? parts[i] : g_strstrip (parts[i]);

      if (*part)
        g_ptr_array_add (kept, (gpointer)part);
    }
  if (paths)
    return g_variant_new_bytestring_array ((const char *const *)kept->pdata, kept->len);
  return g_variant_new_strv ((const char *const *)kept->pdata, kept->len);
}

static GVariant *
parse_number (char type, const char *text)
{
  guint64 number;
  guint64 max = type == 'q' ? G_MAXUINT16 : type == 'u' ? G_MAXUINT32 : G_MAXUINT64;

  if (!g_ascii_string_to_unsigned (text, 10, 0, max, &number, NULL))
    return NULL;
  if (type == 'q')
    return g_variant_new_uint16 ((guint16)number);
  if (type == 'u')
    return g_variant_new_uint32 ((guint32)number);
  return g_variant_new_uint64 (number);
}

/* Floating, or not for types that are written as gsettings(1) writes them. */
static GVariant *
parse (const GVariantType *type, const char *text)
{
  gboolean boolean;

  if (g_variant_type_equal (type, G_VARIANT_TYPE_BYTESTRING_ARRAY))
    return parse_list (text, ":", TRUE);
  if (g_variant_type_equal (type, G_VARIANT_TYPE_BYTESTRING))
    return g_variant_new_bytestring (text);
  if (!g_utf8_validate (text, -1, NULL))
    return NULL;
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING_ARRAY))
    return parse_list (text, ",", FALSE);
  if (g_variant_type_equal (type, G_VARIANT_TYPE_STRING))
    return g_variant_new_string (text);
  if (g_variant_type_equal (type, G_VARIANT_TYPE_BOOLEAN))
    return booru_settings_parse_boolean (text, &boolean) ? g_variant_new_boolean (boolean) : NULL;
  if (g_variant_type_equal (type, G_VARIANT_TYPE_UINT16)
      || g_variant_type_equal (type, G_VARIANT_TYPE_UINT32)
      || g_variant_type_equal (type, G_VARIANT_TYPE_UINT64))
    return parse_number (*g_variant_type_peek_string (type), text);
  return g_variant_parse (type, text, NULL, NULL, NULL);
}

GVariant *
booru_settings_parse (const GVariantType *type, const char *text)
{
  GVariant *value = parse (type, text);

  return value ? g_variant_take_ref (value) : NULL;
}

static char *
describe_type (const GVariantType *type)
{
  static const struct
  {
    const char *type;
    const char *words;
  } table[] = {
    { "b", "true or false" },
    { "q", "a whole number from 0 to 65535" },
    { "u", "a whole number from 0 to 4294967295" },
    { "t", "a whole number, 0 or more" },
    { "s", "text" },
    { "as", "a list of texts; in a settings file ['one', 'two']" },
    { "ay", "a path; in a settings file b'/srv/inbox'" },
    { "a(aya{sv})", "a list of rules, such as [(b'/srv/pictures/drafts', {'rating': <'q'>})]" },
    { "aay", "a list of paths; in a settings file [b'/srv/pictures', b'/srv/more']" },
  };
  g_autofree char *string = g_variant_type_dup_string (type);

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (g_str_equal (table[i].type, string))
        return g_strdup (table[i].words);
    }
  return g_strdup_printf ("a value of the GVariant type %s", string);
}

char *
booru_settings_describe_key (GSettingsSchemaKey *key)
{
  g_autoptr (GVariant) range = g_settings_schema_key_get_range (key);
  g_autoptr (GVariant) limits = NULL;
  const char *kind;

  g_variant_get (range, "(&sv)", &kind, &limits);
  if (g_str_equal (kind, "range"))
    {
      g_autoptr (GVariant) min = g_variant_get_child_value (limits, 0);
      g_autoptr (GVariant) max = g_variant_get_child_value (limits, 1);
      g_autofree char *from = g_variant_print (min, FALSE);
      g_autofree char *to = g_variant_print (max, FALSE);

      if (g_variant_is_of_type (max, G_VARIANT_TYPE_UINT64)
          && g_variant_get_uint64 (max) == G_MAXUINT64)
        return g_strdup_printf ("a number, at least %s", from);
      return g_strdup_printf ("a number from %s to %s", from, to);
    }
  if (g_str_equal (kind, "enum") || g_str_equal (kind, "flags"))
    {
      g_autofree char *choices = g_variant_print (limits, FALSE);

      return g_strdup_printf ("one of %s", choices);
    }
  return describe_type (g_settings_schema_key_get_value_type (key));
}
