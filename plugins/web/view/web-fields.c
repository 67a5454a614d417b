/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-fields.h"

#include <string.h>

#define MAX_DEPTH 8
#define SEPARATORS ",[]"

typedef struct
{
  char *name;
  WebFields *inner;
} Field;

struct _WebFields
{
  GArray *fields; /* Field: a dozen at most, so searched one by one */
};

static void
field_clear (gpointer data)
{
  Field *field = data;

  g_free (field->name);
  g_clear_pointer (&field->inner, web_fields_free);
}

void
web_fields_free (WebFields *self)
{
  g_array_unref (self->fields);
  g_free (self);
}

static WebFields *
fields_new (void)
{
  WebFields *self = g_new0 (WebFields, 1);

  self->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  g_array_set_clear_func (self->fields, field_clear);
  return self;
}

static Field *
ensure_field (WebFields *self, const char *name, gsize length)
{
  Field field = { 0 };

  for (guint i = 0; i < self->fields->len; i++)
    {
      Field *known = &g_array_index (self->fields, Field, i);

      if (strncmp (known->name, name, length) == 0 && known->name[length] == '\0')
        return known;
    }
  field.name = g_strndup (name, length);
  g_array_append_val (self->fields, field);
  return &g_array_index (self->fields, Field, self->fields->len - 1);
}

/* Reads up to the closing bracket or the end; deeper than MAX_DEPTH is read over. */
static const char *
parse (WebFields *self, const char *at, guint depth)
{
  Field *field = NULL;

  while (*at && *at != ']')
    {
      gsize length = strcspn (at, SEPARATORS);
      const char *start = at, *end = at + length;

      while (start < end && g_ascii_isspace (*start))
        start++;
      while (end > start && g_ascii_isspace (end[-1]))
        end--;
      if (end > start)
        field = ensure_field (self, start, (gsize)(end - start));

      at += length;
      if (*at == '[')
        {
          g_autoptr (WebFields) unused = NULL;
          WebFields *inner;

          if (field && depth < MAX_DEPTH && field->inner == NULL)
            field->inner = fields_new ();
          if (field && depth < MAX_DEPTH)
            inner = field->inner;
          else
            inner = unused = fields_new ();
          at = parse (inner, at + 1, MIN (depth + 1, MAX_DEPTH));
          if (*at == ']')
            at++;
        }
      else if (*at == ',')
        at++;
    }
  return at;
}

WebFields *
web_fields_parse (const char *text)
{
  g_autoptr (WebFields) self = NULL;

  if (text == NULL)
    return NULL;

  self = fields_new ();
  while (*text)
    {
      text = parse (self, text, 0);
      if (*text == ']')
        text++;
    }
  return self->fields->len ? g_steal_pointer (&self) : NULL;
}

gboolean
web_fields_wants (const WebFields *self, const char *name, const WebFields **inner)
{
  if (inner)
    *inner = NULL;
  if (self == NULL)
    return TRUE;

  for (guint i = 0; i < self->fields->len; i++)
    {
      const Field *field = &g_array_index (self->fields, Field, i);

      if (strcmp (field->name, name) == 0)
        {
          if (inner)
            *inner = field->inner;
          return TRUE;
        }
    }
  return FALSE;
}
