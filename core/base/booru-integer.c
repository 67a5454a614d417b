/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/booru-integer.h"

/**
 * booru_integer_from_variant:
 * @value: a value
 * @number: (out): what it is, if it is an integer of any type; one beyond %G_MAXINT64 becomes that
 *
 * Returns: whether it is one
 */
gboolean
booru_integer_from_variant (GVariant *value, gint64 *number)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BYTE:
      *number = g_variant_get_byte (value);
      return TRUE;
    case G_VARIANT_CLASS_INT16:
      *number = g_variant_get_int16 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT16:
      *number = g_variant_get_uint16 (value);
      return TRUE;
    case G_VARIANT_CLASS_INT32:
      *number = g_variant_get_int32 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT32:
      *number = g_variant_get_uint32 (value);
      return TRUE;
    case G_VARIANT_CLASS_INT64:
      *number = g_variant_get_int64 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT64:
      *number = (gint64)MIN (g_variant_get_uint64 (value), (guint64)G_MAXINT64);
      return TRUE;
    default:
      return FALSE;
    }
}
