/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-params.h"

#include <booru.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

#define MAX_JSON_DEPTH 8

struct _WebParams
{
  GHashTable *values;
};

WebParams *
web_params_new (void)
{
  WebParams *self = g_new0 (WebParams, 1);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
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
  return g_hash_table_lookup (self->values, name);
}

static void
take (WebParams *self, char *name, char *value)
{
  gsize length = strlen (name);

  if (!g_utf8_validate (name, -1, NULL) || !g_utf8_validate (value, -1, NULL))
    {
      g_free (name);
      g_free (value);
      return;
    }

  if (length > 2 && strcmp (name + length - 2, "[]") == 0)
    {
      const char *before;

      name[length - 2] = '\0';
      before = web_params_get (self, name);
      if (before)
        {
          char *joined = g_strconcat (before, ",", value, NULL);

          g_free (value);
          value = joined;
        }
    }
  g_hash_table_replace (self->values, name, value);
}

void
web_params_add (WebParams *self, const char *name, const char *value)
{
  take (self, g_strdup (name), g_strdup (value));
}

/* Decodes percent-encoding and "+". A "%" without two digits stays as it is. NULL for a NUL. */
static char *
decode (const char *text, gsize length)
{
  GString *out = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    {
      gint high, low;

      if (text[i] == '%' && i + 2 < length && (high = g_ascii_xdigit_value (text[i + 1])) >= 0
          && (low = g_ascii_xdigit_value (text[i + 2])) >= 0)
        {
          if (high == 0 && low == 0)
            return g_string_free (out, TRUE);
          g_string_append_c (out, (char)(high << 4 | low));
          i += 2;
        }
      else
        g_string_append_c (out, text[i] == '+' ? ' ' : text[i]);
    }
  return g_string_free (out, FALSE);
}

/**
 * web_params_add_form:
 * @self: parameters
 * @encoded: (nullable): "a=1&b=2" as in a query string or an x-www-form-urlencoded body
 *
 * Adds what it says.
 */
void
web_params_add_form (WebParams *self, const char *encoded)
{
  const char *at = encoded;

  while (at && *at)
    {
      const char *end = strchrnul (at, '&');
      const char *equals = memchr (at, '=', (gsize)(end - at));
      const char *name_end = equals ? equals : end;
      g_autofree char *name = decode (at, (gsize)(name_end - at));
      g_autofree char *value
          = equals ? decode (equals + 1, (gsize)(end - equals - 1)) : g_strdup ("");

      if (name && *name && value)
        take (self, g_steal_pointer (&name), g_steal_pointer (&value));
      at = *end ? end + 1 : end;
    }
}

static void add_node (WebParams *self, const char *name, JsonNode *node, guint depth);

static void
add_value (WebParams *self, const char *name, JsonNode *node)
{
  g_autofree char *text = NULL;

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      text = g_strdup (json_node_get_string (node));
      break;
    case G_TYPE_BOOLEAN:
      text = g_strdup (json_node_get_boolean (node) ? "true" : "false");
      break;
    case G_TYPE_INT64:
      text = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
      break;
    case G_TYPE_DOUBLE:
      text = g_malloc (G_ASCII_DTOSTR_BUF_SIZE);
      g_ascii_dtostr (text, G_ASCII_DTOSTR_BUF_SIZE, json_node_get_double (node));
      break;
    default:
      return;
    }
  take (self, g_strdup (name), g_steal_pointer (&text));
}

static void
add_object (WebParams *self, const char *prefix, JsonObject *object, guint depth)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &member, &node))
    {
      g_autofree char *name
          = prefix ? g_strdup_printf ("%s[%s]", prefix, member) : g_strdup (member);

      add_node (self, name, node, depth + 1);
    }
}

static void
add_node (WebParams *self, const char *name, JsonNode *node, guint depth)
{
  if (depth > MAX_JSON_DEPTH)
    return;

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      add_object (self, name, json_node_get_object (node), depth);
      break;
    case JSON_NODE_ARRAY:
      {
        JsonArray *array = json_node_get_array (node);
        g_autofree char *list = g_strconcat (name, "[]", NULL);

        for (guint i = 0; i < json_array_get_length (array); i++)
          add_node (self, list, json_array_get_element (array, i), depth + 1);
        break;
      }
    case JSON_NODE_VALUE:
      add_value (self, name, node);
      break;
    case JSON_NODE_NULL:
      take (self, g_strdup (name), g_strdup (""));
      break;
    default:
      break;
    }
}

/**
 * web_params_add_json:
 * @self: parameters
 * @body: a JSON object
 * @error: BOORU_ERROR_INVALID
 *
 * Adds the object's members, those of objects within under "outer[inner]".
 */
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
  if (!booru_json_check_shape (data, size, &local)
      || !json_parser_load_from_data (parser, data, (gssize)size, &local))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The request's body is not JSON: %s",
                   local->message);
      return FALSE;
    }
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "The request's body is JSON, but not an object");
      return FALSE;
    }
  add_object (self, NULL, json_node_get_object (root), 0);
  return TRUE;
}

/**
 * web_params_add_multipart:
 * @self: parameters
 * @content_type: the request's Content-Type with its boundary
 * @body: a multipart/form-data body
 * @error: BOORU_ERROR_INVALID
 *
 * Adds the form's fields; files are left out.
 */
gboolean
web_params_add_multipart (WebParams *self, const char *content_type, GBytes *body, GError **error)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  SoupMultipart *multipart;

  soup_message_headers_append (headers, "Content-Type", content_type);
  multipart = soup_multipart_new_from_message (headers, body);
  soup_message_headers_unref (headers);
  if (multipart == NULL)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "The request's body is not multipart/form-data as its Content-Type says");
      return FALSE;
    }

  for (gint i = 0; i < soup_multipart_get_length (multipart); i++)
    {
      SoupMessageHeaders *part_headers;
      GBytes *part;
      g_autofree char *disposition = NULL;
      g_autoptr (GHashTable) attributes = NULL;
      const char *name;
      gsize size;
      const char *data;

      if (!soup_multipart_get_part (multipart, i, &part_headers, &part)
          || !soup_message_headers_get_content_disposition (part_headers, &disposition, &attributes)
          || attributes == NULL || g_hash_table_contains (attributes, "filename"))
        continue;
      name = g_hash_table_lookup (attributes, "name");
      data = g_bytes_get_data (part, &size);
      if (name && *name && memchr (data ? data : "", '\0', size) == NULL)
        take (self, g_strdup (name), g_strndup (data, size));
    }
  soup_multipart_free (multipart);
  return TRUE;
}
