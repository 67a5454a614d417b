/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-value.h"

#include <string.h>

struct _WebDict
{
  WebValue *values;
  guint n_values;
  guint size;
};

struct _WebList
{
  GPtrArray *dicts;
};

WebDict *
web_dict_new (void)
{
  return g_new0 (WebDict, 1);
}

static void
value_clear (WebValue *value)
{
  switch (value->kind)
    {
    case WEB_VALUE_STRING:
    case WEB_VALUE_HTML:
      if (value->owned)
        g_free (value->text);
      break;
    case WEB_VALUE_DICT:
      web_dict_free (value->dict);
      break;
    case WEB_VALUE_LIST:
      g_ptr_array_unref (value->list->dicts);
      g_free (value->list);
      break;
    case WEB_VALUE_BOOLEAN:
      break;
    }
}

void
web_dict_free (WebDict *self)
{
  for (guint i = 0; i < self->n_values; i++)
    value_clear (&self->values[i]);
  g_free (self->values);
  g_free (self);
}

/* The place for @name's value: the one it has, emptied, or a new one. */
static WebValue *
add_value (WebDict *self, const char *name, WebValueKind kind)
{
  WebValue *value = (WebValue *)web_dict_lookup (self, name);

  if (value)
    value_clear (value);
  else
    {
      if (self->n_values == self->size)
        {
          self->size = self->size ? self->size * 2 : 16;
          self->values = g_renew (WebValue, self->values, self->size);
        }
      value = &self->values[self->n_values++];
    }

  *value = (WebValue){ .name = name, .kind = kind };
  return value;
}

void
web_dict_set_string (WebDict *self, const char *name, const char *text)
{
  if (text == NULL)
    web_dict_set_static (self, name, "");
  else if (g_utf8_validate (text, -1, NULL))
    web_dict_take_string (self, name, g_strdup (text));
  else
    web_dict_take_string (self, name, g_utf8_make_valid (text, -1));
}

void
web_dict_take_string (WebDict *self, const char *name, char *text)
{
  WebValue *value = add_value (self, name, WEB_VALUE_STRING);

  value->text = text;
  value->owned = TRUE;
}

void
web_dict_set_static (WebDict *self, const char *name, const char *text)
{
  WebValue *value = add_value (self, name, WEB_VALUE_STRING);

  value->text = (char *)text;
}

void
web_dict_set_int (WebDict *self, const char *name, gint64 number)
{
  web_dict_take_string (self, name, g_strdup_printf ("%" G_GINT64_FORMAT, number));
}

void
web_dict_set_boolean (WebDict *self, const char *name, gboolean boolean)
{
  add_value (self, name, WEB_VALUE_BOOLEAN)->boolean = !!boolean;
}

void
web_dict_take_html (WebDict *self, const char *name, char *html)
{
  WebValue *value = add_value (self, name, WEB_VALUE_HTML);

  value->text = html;
  value->owned = TRUE;
}

WebDict *
web_dict_add_dict (WebDict *self, const char *name)
{
  WebDict *dict = web_dict_new ();

  add_value (self, name, WEB_VALUE_DICT)->dict = dict;
  return dict;
}

WebList *
web_dict_add_list (WebDict *self, const char *name)
{
  WebList *list = g_new0 (WebList, 1);

  list->dicts = g_ptr_array_new_with_free_func ((GDestroyNotify)web_dict_free);
  add_value (self, name, WEB_VALUE_LIST)->list = list;
  return list;
}

WebDict *
web_list_append (WebList *self)
{
  WebDict *dict = web_dict_new ();

  g_ptr_array_add (self->dicts, dict);
  return dict;
}

/* A page's dictionaries have a dozen names: comparing beats hashing. */
const WebValue *
web_dict_lookup (const WebDict *self, const char *name)
{
  for (guint i = 0; i < self->n_values; i++)
    if (self->values[i].name == name || strcmp (self->values[i].name, name) == 0)
      return &self->values[i];
  return NULL;
}

gboolean
web_value_is_true (const WebValue *self)
{
  switch (self->kind)
    {
    case WEB_VALUE_STRING:
    case WEB_VALUE_HTML:
      return self->text[0] != '\0';
    case WEB_VALUE_BOOLEAN:
      return self->boolean;
    case WEB_VALUE_LIST:
      return self->list->dicts->len > 0;
    case WEB_VALUE_DICT:
    default:
      return TRUE;
    }
}

guint
web_list_get_length (const WebList *self)
{
  return self->dicts->len;
}

const WebDict *
web_list_get (const WebList *self, guint i)
{
  return g_ptr_array_index (self->dicts, i);
}
