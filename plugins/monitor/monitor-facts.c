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

char *
monitor_facts_to_patch (const MonitorTags *self)
{
  g_autoptr (JsonNode) node = NULL;

  if (self->facts == NULL)
    return NULL;
  node = json_node_init_object (json_node_alloc (), self->facts);
  return json_to_string (node, FALSE);
}

/* The rest stays as it is written: numbers would come out otherwise. */
char *
monitor_facts_add_to (const MonitorTags *self, const char *metadata)
{
  GString *json = g_string_new (metadata);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (self->facts == NULL || !g_str_has_suffix (metadata, "}"))
    return g_string_free (json, FALSE);
  g_string_truncate (json, json->len - 1);
  json_object_iter_init (&iter, self->facts);
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_autofree char *value = json_to_string (node, FALSE);

      if (!JSON_NODE_HOLDS_NULL (node))
        g_string_append_printf (json, "%s\"%s\":%s", json->len > 1 ? "," : "", name, value);
    }
  return g_string_free (g_string_append_c (json, '}'), FALSE);
}
