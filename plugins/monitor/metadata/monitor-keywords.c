/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keywords as programs for photographs have them: a list, in several places, some of it as paths
 * through a tree. */
#include "monitor-keywords.h"

#include <string.h>

#include "monitor-json.h"

typedef struct
{
  const char *name;
  const char *separator; /* of a path; NULL: no paths */
} Place;

static const Place places[] = {
  { "XMP:Subject", NULL },     { "IPTC:Keywords", NULL },
  { "EXIF:XPKeywords", NULL }, { "XMP:HierarchicalSubject", "|" },
  { "XMP:TagsList", "/" },
};

/* Some programs write all of them into one. */
static void
add_list (MonitorTags *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, ",;", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    monitor_tags_add_namespaced (self, parts[i]);
}

/* "Places|Europe|Berlin" is "Berlin"; "Artist|someone" is an artist. */
static void
add_path (MonitorTags *self, const char *text, const char *separator)
{
  g_auto (GStrv) parts = g_strsplit (text, separator, -1);
  guint n = g_strv_length (parts);
  gint category = -1;

  if (n > 1)
    {
      monitor_tags_find_category (g_strstrip (parts[n - 2]), &category);
      monitor_tags_add (self, parts[n - 1], category);
    }
  else if (n == 1)
    monitor_tags_add_namespaced (self, parts[0]);
}

static void
add_item (MonitorTags *self, JsonNode *item, const Place *place)
{
  if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
    return;
  if (place->separator != NULL)
    add_path (self, json_node_get_string (item), place->separator);
  else
    add_list (self, json_node_get_string (item));
}

static void
add_place (MonitorTags *self, JsonObject *metadata, const Place *place)
{
  JsonNode *node = json_object_get_member (metadata, place->name);
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL && node != NULL)
    add_item (self, node, place);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    add_item (self, json_array_get_element (array, i), place);
}

void
monitor_tags_add_keywords (MonitorTags *self, const char *metadata)
{
  g_autoptr (JsonNode) root = monitor_json_parse (metadata, strlen (metadata), NULL);

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    for (guint i = 0; i < G_N_ELEMENTS (places); i++)
      add_place (self, json_node_get_object (root), &places[i]);
}
