/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-params.h"

#include <booru.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_JSON_DEPTH 8
#define MAX_FIELDS 4096
#define MAX_BYTES (512 * 1024) /* of all names and values together */

struct _WebParams
{
  GHashTable *values; /* name → GString */
  guint n_fields;
  gsize n_bytes;
};

static void
value_free (gpointer value)
{
  g_string_free (value, TRUE);
}

WebParams *
web_params_new (void)
{
  WebParams *self = g_new0 (WebParams, 1);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, value_free);
  return self;
}

void
web_params_free (WebParams *self)
{
  g_hash_table_unref (self->values);
  g_free (self);
}

const char *
web_params_get (WebParams *self, const char *name)
{
  const GString *value = g_hash_table_lookup (self->values, name);

  return value ? value->str : NULL;
}

void
web_params_foreach (WebParams *self, WebParamsFunc func, gpointer user_data)
{
  g_autoptr (GList) names
      = g_list_sort (g_hash_table_get_keys (self->values), (GCompareFunc)strcmp);

  for (GList *name = names; name; name = name->next)
    func (name->data, web_params_get (self, name->data), user_data);
}

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID, message);
  return FALSE;
}

gboolean
web_params_check_room (WebParams *self, gsize size, GError **error)
{
  if (self->n_fields >= MAX_FIELDS)
    return fail (error, "The request has more than " G_STRINGIFY (MAX_FIELDS) " fields");
  if (size > MAX_BYTES - self->n_bytes)
    return fail (error, "The fields of the request are longer than 512 KiB");
  return TRUE;
}

static gboolean
check_text (const char *text, gsize length, GError **error)
{
  return g_utf8_validate_len (text, length, NULL)
         || fail (error, "A field of the request is not UTF-8, or contains a NUL character");
}

char *
web_params_find_search (WebParams *self, const char *const *known)
{
  GHashTableIter iter;
  const char *name;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, NULL))
    {
      g_autofree char *inner = NULL;

      if (!g_str_has_prefix (name, "search["))
        continue;
      inner = g_strdup (name + strlen ("search["));
      if (g_str_has_suffix (inner, "]"))
        inner[strlen (inner) - 1] = '\0';
      if (!g_strv_contains (known, inner))
        return g_strdup (name);
    }
  return NULL;
}

void
web_params_foreach_in (WebParams *self, const char *outer, WebParamsFunc func, gpointer data)
{
  gsize length = strlen (outer);
  GHashTableIter iter;
  const char *name;
  const GString *value;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, (gpointer *)&value))
    {
      g_autofree char *inner = NULL;

      if (strncmp (name, outer, length) != 0 || name[length] != '[')
        continue;
      inner = g_strdup (name + length + 1);
      if (g_str_has_suffix (inner, "]"))
        inner[strlen (inner) - 1] = '\0';
      func (inner, value->str, data);
    }
}

static void
store (WebParams *self, const char *name, gsize length, const char *value, gsize value_length)
{
  gboolean is_list = length > 2 && memcmp (name + length - 2, "[]", 2) == 0;
  g_autofree char *key = g_strndup (name, is_list ? length - 2 : length);
  GString *before = g_hash_table_lookup (self->values, key);

  if (before == NULL)
    g_hash_table_insert (self->values, g_steal_pointer (&key),
                         g_string_new_len (value, (gssize)value_length));
  else
    {
      if (is_list)
        g_string_append_c (before, ',');
      else
        g_string_truncate (before, 0);
      g_string_append_len (before, value, (gssize)value_length);
    }
}

static gboolean
add (WebParams *self,
     const char *name,
     gsize length,
     const char *value,
     gsize value_length,
     GError **error)
{
  if (!web_params_check_room (self, length + value_length, error)
      || !check_text (name, length, error) || !check_text (value, value_length, error))
    return FALSE;
  self->n_fields++;
  self->n_bytes += length + value_length;
  if (length > 0)
    store (self, name, length, value, value_length);
  return TRUE;
}

gboolean
web_params_add (WebParams *self,
                const char *name,
                const char *value,
                gsize value_length,
                GError **error)
{
  return add (self, name, strlen (name), value, value_length, error);
}

void
web_params_take_all (WebParams *self, WebParams *other)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, other->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_hash_table_iter_steal (&iter);
      g_hash_table_replace (self->values, name, value);
    }
  web_params_free (other);
}

/* Decodes percent-encoding and "+". A "%" without two digits stays as it is. */
static GString *
decode (const char *text, gsize length)
{
  GString *out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      gint high, low;

      if (text[i] == '%' && i + 2 < length && (high = g_ascii_xdigit_value (text[i + 1])) >= 0
          && (low = g_ascii_xdigit_value (text[i + 2])) >= 0)
        {
          g_string_append_c (out, (char)(high << 4 | low));
          i += 2;
        }
      else
        g_string_append_c (out, text[i] == '+' ? ' ' : text[i]);
    }
  return out;
}

static gboolean
add_pair (WebParams *self, const char *text, gsize length, GError **error)
{
  const char *equals = memchr (text, '=', length);
  gsize name_length = equals ? (gsize)(equals - text) : length;
  g_autoptr (GString) name = decode (text, name_length);
  g_autoptr (GString) value
      = equals ? decode (equals + 1, length - name_length - 1) : g_string_new (NULL);

  return add (self, name->str, name->len, value->str, value->len, error);
}

gboolean
web_params_add_form (WebParams *self, const char *encoded, gsize length, GError **error)
{
  const char *at = encoded, *end = encoded + length;

  while (at < end)
    {
      const char *next = memchr (at, '&', (gsize)(end - at));
      const char *stop = next ? next : end;

      if (stop > at && !add_pair (self, at, (gsize)(stop - at), error))
        return FALSE;
      at = stop + 1;
    }
  return TRUE;
}

static void
append_value (GString *out, JsonNode *node)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      g_string_append (out, json_node_get_string (node));
      break;
    case G_TYPE_BOOLEAN:
      g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
      break;
    case G_TYPE_INT64:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
      break;
    case G_TYPE_DOUBLE:
      g_string_append (out, g_ascii_dtostr (number, sizeof number, json_node_get_double (node)));
      break;
    default:
      break;
    }
}

static gboolean
add_value (WebParams *self, const char *name, JsonNode *node, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_value (text, node);
  return web_params_add (self, name, text->str, text->len, error);
}

static gboolean
add_node (WebParams *self, const char *name, JsonNode *node, guint depth, GError **error);

static gboolean
add_object (WebParams *self, const char *prefix, JsonObject *object, guint depth, GError **error)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &member, &node))
    {
      g_autofree char *name
          = prefix ? g_strdup_printf ("%s[%s]", prefix, member) : g_strdup (member);

      if (!add_node (self, name, node, depth + 1, error))
        return FALSE;
    }
  return TRUE;
}

/* One field, however many values it has: a pool has thousands of posts. */
static gboolean
add_array (WebParams *self, const char *name, JsonArray *array, guint depth, GError **error)
{
  g_autofree char *list = g_strconcat (name, "[]", NULL);
  g_autoptr (GString) values = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (node))
        {
          if (!add_node (self, list, node, depth + 1, error))
            return FALSE;
          continue;
        }
      g_string_append (values, values->len > 0 ? "," : "");
      append_value (values, node);
    }
  return (values->len == 0 && json_array_get_length (array) > 0)
         || web_params_add (self, list, values->str, values->len, error);
}

static gboolean
add_node (WebParams *self, const char *name, JsonNode *node, guint depth, GError **error)
{
  if (depth > MAX_JSON_DEPTH)
    return fail (error, "The JSON of the request is nested more than " G_STRINGIFY (
                            MAX_JSON_DEPTH) " levels deep");

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      return add_object (self, name, json_node_get_object (node), depth, error);
    case JSON_NODE_ARRAY:
      return add_array (self, name, json_node_get_array (node), depth, error);
    case JSON_NODE_VALUE:
      return add_value (self, name, node, error);
    case JSON_NODE_NULL:
    default:
      return web_params_add (self, name, "", 0, error);
    }
}

/* Strings of the parser end at a NUL that was escaped. */
static gboolean
has_escaped_nul (const char *text, gsize length)
{
  const char *end = text + length;

  while ((text = memchr (text, '\\', (gsize)(end - text))) != NULL && end - text >= 2)
    {
      if (end - text >= 6 && memcmp (text, "\\u0000", 6) == 0)
        return TRUE;
      text += 2;
    }
  return FALSE;
}

gboolean
web_params_add_json (WebParams *self, GBytes *body, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) local = NULL;
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  JsonNode *root;

  if (size == 0)
    return TRUE;
  if (!check_text (data, size, error))
    return FALSE;
  if (has_escaped_nul (data, size))
    return fail (error, "A field of the request contains a NUL character");
  if (!booru_json_check_shape (data, size, &local)
      || !json_parser_load_from_data (parser, data, (gssize)size, &local))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The request body is not JSON: %s",
                   local->message);
      return FALSE;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return fail (error, "The request body is JSON, but not an object");
  return add_object (self, NULL, json_node_get_object (root), 0, error);
}
