/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "monitor-facts.h"

#include <string.h>

/* What is not said is null, so that what was said before goes. */
void
monitor_facts_take (MonitorTags *self, JsonObject *xmp)
{
  static const char *const names[][2] = {
    { "XMP:Title", "Sidecar:Title" },     { "XMP:Description", "Sidecar:Description" },
    { "XMP:Creator", "Sidecar:Creator" }, { "XMP:Rights", "Sidecar:Rights" },
    { "XMP:Rating", "Sidecar:Rating" },   { "XMP:Label", "Sidecar:Label" },
  };

  if (self->facts != NULL)
    return;
  self->facts = json_object_new ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonNode *node = json_object_get_member (xmp, names[i][0]);

      json_object_set_member (self->facts, names[i][1],
                              node ? json_node_copy (node) : json_node_new (JSON_NODE_NULL));
    }
}

static JsonNode *
list_left_out (const MonitorTags *self)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; i < self->left_out->len; i++)
    json_array_add_string_element (array, self->left_out->pdata[i]);
  if (self->n_left_out > self->left_out->len)
    {
      g_autofree char *rest
          = g_strdup_printf ("and %u more", self->n_left_out - self->left_out->len);

      json_array_add_string_element (array, rest);
    }
  return json_node_init_array (json_node_alloc (), array);
}

/* All that is shown, with what could not become tags. */
static JsonObject *
collect (const MonitorTags *self)
{
  JsonObject *all = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (self->facts != NULL)
    {
      json_object_iter_init (&iter, self->facts);
      while (json_object_iter_next (&iter, &name, &node))
        json_object_set_member (all, name, json_node_copy (node));
    }
  json_object_set_member (all, "Sidecar:LeftOut",
                          self->left_out->len > 0 ? list_left_out (self)
                                                  : json_node_new (JSON_NODE_NULL));
  return all;
}

char *
monitor_facts_to_patch (const MonitorTags *self)
{
  g_autoptr (JsonObject) all = collect (self);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), all);

  return json_to_string (node, FALSE);
}

/* The rest stays as it is written: numbers would come out otherwise. */
char *
monitor_facts_add_to (const MonitorTags *self, const char *metadata)
{
  g_autoptr (JsonObject) all = collect (self);
  GString *json = g_string_new (metadata);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (!g_str_has_suffix (metadata, "}"))
    return g_string_free (json, FALSE);
  g_string_truncate (json, json->len - 1);
  json_object_iter_init (&iter, all);
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_autofree char *value = json_to_string (node, FALSE);

      if (!JSON_NODE_HOLDS_NULL (node))
        g_string_append_printf (json, "%s\"%s\":%s", json->len > 1 ? "," : "", name, value);
    }
  return g_string_free (g_string_append_c (json, '}'), FALSE);
}
