/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in an answer, in the server's binary form. */
#include "booru-postgres-private.h"

#include <string.h>

gboolean
booru_postgres_is_readable (Oid type)
{
  switch (type)
    {
    case TYPE_BOOL:
    case TYPE_BYTES:
    case TYPE_NAME:
    case TYPE_INT8:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_TEXT:
    case TYPE_JSON:
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
    case TYPE_UNKNOWN:
    case TYPE_BPCHAR:
    case TYPE_VARCHAR:
      return TRUE;
    default:
      return FALSE;
    }
}

static double
read_double (const char *bytes)
{
  guint64 bits;
  double number;

  memcpy (&bits, bytes, sizeof bits);
  bits = GUINT64_FROM_BE (bits);
  memcpy (&number, &bits, sizeof number);
  return number;
}

static float
read_float (const char *bytes)
{
  guint32 bits;
  float number;

  memcpy (&bits, bytes, sizeof bits);
  bits = GUINT32_FROM_BE (bits);
  memcpy (&number, &bits, sizeof number);
  return number;
}

static gint64
read_number (const char *bytes, int length)
{
  gint64 number = length > 0 && (bytes[0] & 0x80) && length > 1 ? -1 : 0;

  for (int i = 0; i < length; i++)
    number = (gint64)((guint64)number << 8 | (guint8)bytes[i]);
  return number;
}

gint64
booru_postgres_get_number (const PGresult *result, int row, int column)
{
  const char *bytes = PQgetvalue (result, row, column);

  if (PQgetisnull (result, row, column))
    return 0;
  switch (PQftype (result, column))
    {
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
      return read_number (bytes, PQgetlength (result, row, column));
    case TYPE_FLOAT4:
      return (gint64)read_float (bytes);
    case TYPE_FLOAT8:
      return (gint64)read_double (bytes);
    default:
      return g_ascii_strtoll (bytes, NULL, 10);
    }
}

double
booru_postgres_get_double (const PGresult *result, int row, int column)
{
  const char *bytes = PQgetvalue (result, row, column);

  if (PQgetisnull (result, row, column))
    return 0;
  switch (PQftype (result, column))
    {
    case TYPE_FLOAT4:
      return (double)read_float (bytes);
    case TYPE_FLOAT8:
      return read_double (bytes);
    default:
      return (double)booru_postgres_get_number (result, row, column);
    }
}
