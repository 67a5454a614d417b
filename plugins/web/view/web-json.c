/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-json.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include <booru.h>

void
web_json_init (WebJson *self, const WebFields *fields)
{
  memset (self, 0, sizeof *self);
  self->out = g_string_sized_new (1024);
  self->next = fields;
}

void
web_json_reserve (WebJson *self, gsize size)
{
  gsize length = self->out->len;

  g_string_set_size (self->out, length + size);
  g_string_truncate (self->out, length);
}

GString *
web_json_finish (WebJson *self)
{
  g_assert (self->depth == 0);
  return g_steal_pointer (&self->out);
}

/* Before each element of an array; after a member's name there is no comma. */
static void
begin_value (WebJson *self)
{
  if (self->depth > 0 && self->has_items[self->depth - 1]
      && self->out->str[self->out->len - 1] != ':')
    g_string_append_c (self->out, ',');
  if (self->depth > 0)
    self->has_items[self->depth - 1] = TRUE;
}

static void
open_level (WebJson *self, char bracket)
{
  begin_value (self);
  g_assert (self->depth < WEB_JSON_MAX_DEPTH);
  g_string_append_c (self->out, bracket);
  self->has_items[self->depth] = FALSE;
  self->fields[self->depth] = self->next;
  self->depth++;
}

void
web_json_begin_object (WebJson *self)
{
  open_level (self, '{');
}

static void
close_level (WebJson *self, char bracket)
{
  g_assert (self->depth > 0);
  self->depth--;
  /* The next element of an array has the same fields as this one had. */
  self->next = self->fields[self->depth];
  g_string_append_c (self->out, bracket);
}

void
web_json_end_object (WebJson *self)
{
  close_level (self, '}');
}

void
web_json_begin_array (WebJson *self)
{
  open_level (self, '[');
}

void
web_json_end_array (WebJson *self)
{
  close_level (self, ']');
}

static void
append_name (GString *out, const char *name, gboolean comma)
{
  gsize start = out->len, length = strlen (name);
  char *at;

  g_string_set_size (out, start + length + 3 + (comma ? 1 : 0));
  at = out->str + start;
  if (comma)
    *at++ = ',';
  *at++ = '"';
  memcpy (at, name, length);
  memcpy (at + length, "\":", 2);
}

void
web_json_raw (WebJson *self, const char *json)
{
  begin_value (self);
  g_string_append (self->out, json);
}

gboolean
web_json_member (WebJson *self, const char *name)
{
  const WebFields *inner;

  if (!web_fields_wants (self->fields[self->depth - 1], name, &inner))
    return FALSE;
  self->next = inner;
  append_name (self->out, name, self->has_items[self->depth - 1]);
  self->has_items[self->depth - 1] = TRUE;
  return TRUE;
}

/* Bytes that can be copied as they are. Non-ASCII has been validated before; 0xE2 begins U+2028 and
 * U+2029, which are line ends to JavaScript. */
static gboolean
is_plain (guchar c)
{
  return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && c != 0xe2;
}

/* Returns how many bytes were taken. */
static gsize
append_special (GString *out, const guchar *at)
{
  static const char hex[] = "0123456789abcdef";

  switch (*at)
    {
    case '"':
      g_string_append_len (out, "\\\"", 2);
      return 1;
    case '\\':
      g_string_append_len (out, "\\\\", 2);
      return 1;
    case '\n':
      g_string_append_len (out, "\\n", 2);
      return 1;
    case '\r':
      g_string_append_len (out, "\\r", 2);
      return 1;
    case '\t':
      g_string_append_len (out, "\\t", 2);
      return 1;
    case 0xe2:
      if (at[1] == 0x80 && (at[2] == 0xa8 || at[2] == 0xa9))
        g_string_append (out, at[2] == 0xa8 ? "\\u2028" : "\\u2029");
      else
        g_string_append_len (out, (const char *)at, 3);
      return 3;
    default:
      g_string_append (out, "\\u00");
      g_string_append_c (out, hex[*at >> 4]);
      g_string_append_c (out, hex[*at & 15]);
      return 1;
    }
}

static void
append_valid (GString *out, const char *value, gsize length)
{
  const guchar *at = (const guchar *)value, *end = at + length;

  while (at < end)
    {
      const guchar *start = at;

      while (at < end && is_plain (*at))
        at++;
      g_string_append_len (out, (const char *)start, at - start);
      if (at < end)
        at += append_special (out, at);
    }
}

void
web_json_string_length (WebJson *self, const char *value, gsize length)
{
  const char *end;

  begin_value (self);
  g_string_append_c (self->out, '"');
  while (!g_utf8_validate_len (value, length, &end))
    {
      gsize valid = (gsize)(end - value);

      append_valid (self->out, value, valid);
      /* A NUL is valid JSON (escaped), but g_utf8_validate_len() stops at it. */
      g_string_append (self->out, *end == '\0' ? "\\u0000" : "\xef\xbf\xbd");
      value = end + 1;
      length -= valid + 1;
    }
  append_valid (self->out, value, length);
  g_string_append_c (self->out, '"');
}

void
web_json_string (WebJson *self, const char *value)
{
  if (value)
    web_json_string_length (self, value, strlen (value));
  else
    web_json_null (self);
}

static void
append_int (GString *out, gint64 value)
{
  char buffer[24], *at = buffer + sizeof buffer;
  guint64 rest = value < 0 ? -(guint64)value : (guint64)value;

  do
    *--at = (char)('0' + rest % 10);
  while (rest /= 10);
  if (value < 0)
    *--at = '-';
  g_string_append_len (out, at, buffer + sizeof buffer - at);
}

void
web_json_int (WebJson *self, gint64 value)
{
  begin_value (self);
  append_int (self->out, value);
}

void
web_json_double (WebJson *self, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    {
      web_json_null (self);
      return;
    }
  begin_value (self);
  g_ascii_formatd (buffer, sizeof buffer, "%.15g", value);
  g_string_append (self->out, buffer);
  /* A float stays one to typed clients, even when it is whole. */
  if (strpbrk (buffer, ".e") == NULL)
    g_string_append_len (self->out, ".0", 2);
}

void
web_json_boolean (WebJson *self, gboolean value)
{
  begin_value (self);
  g_string_append (self->out, value ? "true" : "false");
}

void
web_json_null (WebJson *self)
{
  begin_value (self);
  g_string_append_len (self->out, "null", 4);
}

void
web_json_member_string (WebJson *self, const char *name, const char *value)
{
  if (web_json_member (self, name))
    web_json_string (self, value);
}

void
web_json_member_int (WebJson *self, const char *name, gint64 value)
{
  if (web_json_member (self, name))
    web_json_int (self, value);
}

void
web_json_member_int_or_null (WebJson *self, const char *name, gint64 value)
{
  if (!web_json_member (self, name))
    return;
  if (value)
    web_json_int (self, value);
  else
    web_json_null (self);
}

void
web_json_member_boolean (WebJson *self, const char *name, gboolean value)
{
  if (web_json_member (self, name))
    web_json_boolean (self, value);
}

void
web_json_member_null (WebJson *self, const char *name)
{
  if (web_json_member (self, name))
    web_json_null (self);
}

void
web_json_member_time (WebJson *self, const char *name, gint64 microseconds)
{
  gint64 seconds = microseconds / G_USEC_PER_SEC, rest = microseconds % G_USEC_PER_SEC;
  char buffer[48];
  gint offset;
  struct tm tm;
  time_t time;

  if (!web_json_member (self, name))
    return;
  if (rest < 0)
    {
      rest += G_USEC_PER_SEC;
      seconds--;
    }
  offset = booru_time_get_offset (seconds);
  time = (time_t)(seconds + offset);
  gmtime_r (&time, &tm);
  g_snprintf (buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02d:%02d",
              tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
              (int)(rest / 1000), offset < 0 ? '-' : '+', ABS (offset) / 3600,
              ABS (offset) / 60 % 60);
  web_json_string (self, buffer);
}
