/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-relation-list.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define MAX_ITEMS 200000

static gboolean
refuse (GError **error, guint line, const char *message)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "Line %u of the list: %s", line, message);
  return FALSE;
}

static void
add_item (GPtrArray *items,
          guint line,
          const char *antecedent,
          const char *consequent,
          const char *reason)
{
  BooruRelationItem *item = g_new0 (BooruRelationItem, 1);

  item->line = line;
  item->antecedent = g_strdup (antecedent);
  item->consequent = g_strdup (consequent);
  item->reason = g_strdup (reason);
  g_ptr_array_add (items, item);
}

/* CSV: https://www.rfc-editor.org/rfc/rfc4180 */

/* A field, and what follows it. NULL: a quote is not closed. */
static char *
read_field (const char **at)
{
  g_autoptr (GString) field = g_string_new (NULL);
  const char *next = *at;

  if (*next != '"')
    {
      gsize length = strcspn (next, ",\r\n");

      *at = next + length;
      return g_strstrip (g_strndup (next, length));
    }
  for (next++; *next != '\0'; next++)
    if (next[0] == '"' && next[1] == '"')
      g_string_append_c (field, *next++);
    else if (*next == '"')
      {
        *at = next + 1;
        return g_string_free (g_steal_pointer (&field), FALSE);
      }
    else
      g_string_append_c (field, *next);
  return NULL;
}

/* The fields of a line, after which @at is. */
static GPtrArray *
read_line (const char **at)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);

  while (TRUE)
    {
      char *field = read_field (at);

      if (field == NULL)
        return NULL;
      g_ptr_array_add (fields, field);
      if (**at != ',')
        break;
      (*at)++;
    }
  if (**at == '\r')
    (*at)++;
  if (**at == '\n')
    (*at)++;
  else if (**at != '\0')
    return NULL;
  return g_steal_pointer (&fields);
}

static gboolean
is_heading (GPtrArray *fields)
{
  return g_str_has_prefix (fields->pdata[0], "antecedent");
}

static gboolean
parse_csv (const char *text, GPtrArray *items, GError **error)
{
  for (guint line = 1; *text != '\0'; line++)
    {
      g_autoptr (GPtrArray) fields = read_line (&text);

      if (fields == NULL)
        return refuse (error, line, "a quotation mark is missing, or something follows it");
      if (fields->len == 1 && *(char *)fields->pdata[0] == '\0')
        continue;
      if (fields->len < 2)
        return refuse (error, line, "it must be antecedent,consequent");
      if (line == 1 && is_heading (fields))
        continue;
      if (items->len == MAX_ITEMS)
        return refuse (error, line, "there are too many");
      add_item (items, line, fields->pdata[0], fields->pdata[1],
                fields->len > 2 ? fields->pdata[2] : NULL);
    }
  return TRUE;
}

/* JSON */

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static gboolean
parse_array (JsonArray *array, GPtrArray *items, GError **error)
{
  guint n = json_array_get_length (array);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *antecedent = object ? get_string (object, "antecedent_name") : NULL;
      const char *consequent = object ? get_string (object, "consequent_name") : NULL;
      const char *status = object ? get_string (object, "status") : NULL;

      if (antecedent == NULL || consequent == NULL)
        return refuse (error, i + 1, "it must have antecedent_name and consequent_name");
      if (items->len == MAX_ITEMS)
        return refuse (error, i + 1, "there are too many");
      if (status == NULL || strcmp (status, "active") == 0)
        add_item (items, i + 1, antecedent, consequent, get_string (object, "reason"));
    }
  return TRUE;
}

static gboolean
parse_json (const char *text, GPtrArray *items, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (!booru_json_check_shape (text, strlen (text), error))
    return FALSE;
  if (!json_parser_load_from_data (parser, text, -1, NULL))
    return refuse (error, 1, "it is not valid JSON");
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return refuse (error, 1, "it must be a JSON list");
  return parse_array (json_node_get_array (root), items, error);
}

GPtrArray *
web_relation_list_parse (const char *text, GError **error)
{
  g_autoptr (GPtrArray) items
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_relation_item_free);
  const char *start = text + strspn (text, " \t\r\n");
  gboolean parsed;

  if (g_str_has_prefix (start, "\xef\xbb\xbf"))
    start += 3;
  parsed = *start == '[' ? parse_json (start, items, error) : parse_csv (start, items, error);
  return parsed ? g_steal_pointer (&items) : NULL;
}
