/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sidecars in JSON: what gallery-dl writes with --write-metadata, in as many forms as it knows
 * sites, and what Hydrus exports. No key is required; what is there counts by its name. */
#include <string.h>

#include "decoder/protocol/decoder-protocol.h"
#include "decoder/reading/decoder-ugoira-name.h"
#include "monitor-json.h"
#include "monitor-sidecar.h"

#define MAX_DEPTH 6

static const char *
get_string (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
                 && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static char *
dup_id (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node) : NULL;
}

static void take_tags (MonitorTags *self, JsonNode *node, gint category, guint depth);

/* A tag with facts of its own: {"name": "sky", "type": "general"}. */
static gboolean
take_described (MonitorTags *self, JsonObject *object, gint category)
{
  static const char *const names[] = { "name", "tag", "tagName", "text" };
  static const char *const types[] = { "type", "category", "namespace" };
  const char *name = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names) && name == NULL; i++)
    name = get_string (object, names[i]);
  if (name == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      const char *type = get_string (object, types[i]);

      if (type != NULL && monitor_tags_find_category (type, &category))
        break;
    }
  monitor_tags_add (self, name, category);
  return TRUE;
}

/* By category (e621), by service and status (Hydrus), or as another's table of tags. */
static void
take_tag_table (MonitorTags *self, JsonObject *object, gint category, guint depth)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  if (take_described (self, object, category))
    return;
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, &node))
    {
      gint inner = category;

      monitor_tags_find_category (key, &inner);
      if (JSON_NODE_HOLDS_ARRAY (node) || JSON_NODE_HOLDS_OBJECT (node))
        take_tags (self, node, inner, depth + 1);
    }
}

static void
take_tags (MonitorTags *self, JsonNode *node, gint category, guint depth)
{
  JsonArray *array;

  if (depth > MAX_DEPTH)
    return;
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      take_tag_table (self, json_node_get_object (node), category, depth);
      return;
    }
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    monitor_tags_add_text (self, json_node_get_string (node), category);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return;

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (item))
        take_tag_table (self, json_node_get_object (item), category, depth + 1);
      else if (JSON_NODE_HOLDS_VALUE (item) && json_node_get_value_type (item) == G_TYPE_STRING
               && category == -1)
        monitor_tags_add_namespaced (self, json_node_get_string (item));
      else if (JSON_NODE_HOLDS_VALUE (item) && json_node_get_value_type (item) == G_TYPE_STRING)
        monitor_tags_add (self, json_node_get_string (item), category);
    }
}

/* "tags_artist", "tag_string_character": the category is the key's end. */
static gboolean
take_tag_member (MonitorTags *self, const char *key, JsonNode *node)
{
  static const char *const prefixes[] = { "tag_string_", "tags_" };
  gint category;

  if (g_str_equal (key, "tags") || g_str_equal (key, "tag_string") || g_str_equal (key, "hashtags"))
    {
      take_tags (self, node, -1, 0);
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (key, prefixes[i])
        && monitor_tags_find_category (key + strlen (prefixes[i]), &category))
      {
        take_tags (self, node, category, 0);
        return TRUE;
      }
  return FALSE;
}

/* On Danbooru, and here, an "s" is "sensitive"; everywhere else it is "safe". Such a post is told
 * by a member that others do not have. */
static void
take_rating (MonitorTags *self, JsonObject *object)
{
  const char *rating = get_string (object, "rating");
  gboolean danbooru = json_object_has_member (object, "tag_string");

  if (rating != NULL)
    monitor_tags_set_rating (self, monitor_tags_parse_rating (rating, !danbooru));
}

static gboolean
is_web_address (const char *text)
{
  return text != NULL
         && (g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "http://"));
}

/* The page of a post on sites that name it only by a number. */
static char *
dup_page (JsonObject *object)
{
  const char *site = get_string (object, "category");
  g_autofree char *id = dup_id (object, "id");
  g_autofree char *tweet = dup_id (object, "tweet_id");
  JsonNode *author = json_object_get_member (object, "author");

  if (g_strcmp0 (site, "pixiv") == 0 && id != NULL)
    return g_strdup_printf ("https://www.pixiv.net/artworks/%s", id);
  if (g_strcmp0 (site, "twitter") == 0 && tweet != NULL && author != NULL
      && JSON_NODE_HOLDS_OBJECT (author) && get_string (json_node_get_object (author), "name"))
    return g_strdup_printf ("https://twitter.com/%s/status/%s",
                            get_string (json_node_get_object (author), "name"), tweet);
  return NULL;
}

static const char *
get_first (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonNode *first = array != NULL && json_array_get_length (array) > 0
                        ? json_array_get_element (array, 0)
                        : NULL;

  return first != NULL && JSON_NODE_HOLDS_VALUE (first)
                 && json_node_get_value_type (first) == G_TYPE_STRING
             ? json_node_get_string (first)
             : NULL;
}

/* Where a post says "source", also that there is none, the site's own addresses do not count. */
static void
take_source (MonitorTags *self, JsonObject *object)
{
  static const char *const keys[]
      = { "post_url", "page_url", "permalink", "webpage_url", "link", "url", "file_url" };
  const char *source = get_string (object, "source");
  g_autofree char *page = NULL;

  if (source == NULL)
    source = get_first (object, "sources");
  if (source == NULL)
    source = get_first (object, "urls");
  if (source == NULL && !json_object_has_member (object, "source")
      && !json_object_has_member (object, "sources"))
    source = page = dup_page (object);
  for (guint i = 0;
       i < G_N_ELEMENTS (keys) && source == NULL && !json_object_has_member (object, "source")
       && !json_object_has_member (object, "sources");
       i++)
    if (is_web_address (get_string (object, keys[i])))
      source = get_string (object, keys[i]);
  if (source != NULL)
    monitor_tags_set_source (self, source);
}

/* {"file": "000007.jpg", "delay": 90}; FALSE if it is anything else. */
static gboolean
read_frame (JsonNode *node, guint *number, guint16 *delay)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *file = object ? get_string (object, "file") : NULL, *suffix;
  JsonNode *value = object ? json_object_get_member (object, "delay") : NULL;
  gint64 milliseconds;

  if (file == NULL || !decoder_ugoira_parse_frame (file, strlen (file), number, &suffix)
      || value == NULL || !JSON_NODE_HOLDS_VALUE (value)
      || json_node_get_value_type (value) != G_TYPE_INT64)
    return FALSE;
  milliseconds = json_node_get_int (value);
  *delay = (guint16)milliseconds;
  return milliseconds > 0 && milliseconds <= G_MAXUINT16;
}

/* Pixiv's site tells how long each frame of an animation is shown; the archive does not. All have
 * to be there, in order. */
static void
take_frames (MonitorTags *self, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "frames");
  JsonArray *array
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0, first = 0;
  g_autoptr (GArray) delays = NULL;

  if (n == 0 || n > DECODER_MAX_DELAYS)
    return;
  delays = g_array_sized_new (FALSE, FALSE, sizeof (guint16), n);
  for (guint i = 0; i < n; i++)
    {
      guint number;
      guint16 delay;

      if (!read_frame (json_array_get_element (array, i), &number, &delay))
        return;
      if (i == 0)
        first = number;
      if (number != first + i)
        return;
      g_array_append_val (delays, delay);
    }
  monitor_tags_set_delays (self, g_steal_pointer (&delays));
}

static gboolean
is_list_of_texts (JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_VALUE (item) || json_node_get_value_type (item) != G_TYPE_STRING)
        return FALSE;
    }
  return n > 0;
}

MonitorSidecarResult
monitor_sidecar_parse_json (MonitorTags *self, const char *text, gsize length, GError **error)
{
  gsize new_length;
  g_autofree char *converted = monitor_sidecar_to_utf8 (text, length, &new_length, error);
  g_autoptr (JsonNode) root
      = converted != NULL ? monitor_json_parse (converted, new_length, error) : NULL;
  gboolean known = FALSE;
  JsonObjectIter iter;
  JsonObject *object;
  const char *key;
  JsonNode *node;

  if (root == NULL)
    return MONITOR_SIDECAR_BROKEN;
  if (is_list_of_texts (root))
    {
      take_tags (self, root, -1, 0);
      return MONITOR_SIDECAR_READ;
    }
  if (!JSON_NODE_HOLDS_OBJECT (root))
    return MONITOR_SIDECAR_NONE;
  object = json_node_get_object (root);
  take_rating (self, object); /* which goes before that of a tag */
  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &key, &node))
    known |= take_tag_member (self, key, node);
  /* Other programs' files have a "url" or a "source" of their own. */
  if (!known && !json_object_has_member (object, "category")
      && !json_object_has_member (object, "rating"))
    return MONITOR_SIDECAR_NONE;
  take_source (self, object);
  take_frames (self, object);
  return MONITOR_SIDECAR_READ;
}
