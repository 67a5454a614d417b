/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/sql/booru-sql-rows.h"

#include "base/booru-json.h"

#include "board/booru-id-list.h"
#include "board/sql/booru-sql-private.h"

void
booru_sql_rows_init (BooruSqlRows *self)
{
  self->json = g_string_new ("[");
  self->n = 0;
}

void
booru_sql_rows_clear (BooruSqlRows *self)
{
  g_string_free (self->json, TRUE);
}

static void
append_packed (GString *json, const GArray *ids)
{
  g_autoptr (GBytes) packed = booru_id_list_pack (ids);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (packed, &length);

  g_string_append_c (json, '"');
  for (gsize i = 0; i < length; i++)
    {
      static const char digits[] = "0123456789abcdef";

      g_string_append_c (json, digits[bytes[i] >> 4]);
      g_string_append_c (json, digits[bytes[i] & 15]);
    }
  g_string_append_c (json, '"');
}

static void
append_number (GString *json, gint64 number)
{
  g_string_append_printf (json, "%" G_GINT64_FORMAT, number);
}

static void
append_value (GString *json, char kind, va_list *values)
{
  char text[2] = { '\0', '\0' };
  gint64 key;

  switch (kind)
    {
    case 'x':
      append_number (json, va_arg (*values, gint64));
      break;
    case 'i':
      append_number (json, va_arg (*values, gint));
      break;
    case 'k':
      key = va_arg (*values, gint64);
      if (key != 0)
        append_number (json, key);
      else
        g_string_append (json, "null");
      break;
    case 'c':
      text[0] = (char)va_arg (*values, gint);
      booru_json_append_string (json, text);
      break;
    case 's':
      booru_json_append_string (json, va_arg (*values, const char *));
      break;
    case 'l':
      append_packed (json, va_arg (*values, const GArray *));
      break;
    default:
      g_assert_not_reached ();
    }
}

void
booru_sql_rows_add (BooruSqlRows *self, const char *format, ...)
{
  va_list values;

  va_start (values, format);
  g_string_append (self->json, self->n > 0 ? ",[" : "[");
  for (const char *kind = format; *kind != '\0'; kind++)
    {
      if (kind > format)
        g_string_append_c (self->json, ',');
      append_value (self->json, *kind, &values);
    }
  g_string_append_c (self->json, ']');
  self->n++;
  va_end (values);
}

const char *
booru_sql_rows_end (BooruSqlRows *self)
{
  return g_string_append_c (self->json, ']')->str;
}
