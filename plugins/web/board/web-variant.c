/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-variant.h"

static char *
make_name (const char *name, gboolean rename)
{
  GString *out;

  if (!rename)
    return g_strdup (name);
  out = g_string_new (NULL);
  for (const char *at = name; *at; at++)
    {
      if (g_ascii_isupper (*at) && at != name)
        g_string_append_c (out, '_');
      g_string_append_c (out, *at == '-' ? '_' : g_ascii_tolower (*at));
    }
  return g_string_free (out, FALSE);
}

void
web_variant_write_members (WebJson *json, GVariant *dict, gboolean rename)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, dict);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;
      g_autofree char *member = make_name (name, rename);

      if (web_json_member (json, member))
        web_variant_write (json, value, rename);
    }
}

static gboolean
write_number (WebJson *json, GVariant *value)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BYTE:
      web_json_int (json, g_variant_get_byte (value));
      return TRUE;
    case G_VARIANT_CLASS_UINT16:
      web_json_int (json, g_variant_get_uint16 (value));
      return TRUE;
    case G_VARIANT_CLASS_INT32:
      web_json_int (json, g_variant_get_int32 (value));
      return TRUE;
    case G_VARIANT_CLASS_UINT32:
      web_json_int (json, g_variant_get_uint32 (value));
      return TRUE;
    case G_VARIANT_CLASS_INT64:
      web_json_int (json, g_variant_get_int64 (value));
      return TRUE;
    case G_VARIANT_CLASS_UINT64:
      web_json_int (json, (gint64)g_variant_get_uint64 (value));
      return TRUE;
    case G_VARIANT_CLASS_DOUBLE:
      web_json_double (json, g_variant_get_double (value));
      return TRUE;
    default:
      return FALSE;
    }
}

void
web_variant_write (WebJson *json, GVariant *value, gboolean rename)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    web_json_string (json, g_variant_get_string (value, NULL));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    web_json_boolean (json, g_variant_get_boolean (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    web_json_string (json, g_variant_get_bytestring (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    {
      web_json_begin_object (json);
      web_variant_write_members (json, value, rename);
      web_json_end_object (json);
    }
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_ARRAY))
    {
      web_json_begin_array (json);
      for (gsize i = 0; i < g_variant_n_children (value); i++)
        {
          g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

          web_variant_write (json, child, rename);
        }
      web_json_end_array (json);
    }
  else if (!write_number (json, value))
    web_json_null (json);
}
