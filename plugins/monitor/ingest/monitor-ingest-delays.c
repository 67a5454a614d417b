/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long each frame of a ugoira is shown, where its archive does not say so itself: a sidecar
 * may, which may come later; and what was known once is not forgotten. */
#include <string.h>

#include "monitor-ingest-private.h"
#include "metadata/monitor-json.h"

#define MEMBER "Ugoira:FrameDelays"

/* Of what the store has of a post; NULL: there are none. */
static GArray *
parse_known (const char *metadata)
{
  g_autoptr (JsonNode) root = monitor_json_parse (metadata, strlen (metadata), NULL);
  JsonNode *node = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
                       ? json_object_get_member (json_node_get_object (root), MEMBER)
                       : NULL;
  JsonArray *array;
  GArray *delays;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  array = json_node_get_array (node);
  delays = g_array_new (FALSE, FALSE, sizeof (guint16));
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      guint16 delay = (guint16)CLAMP (json_array_get_int_element (array, i), 0, G_MAXUINT16);

      g_array_append_val (delays, delay);
    }
  return delays;
}

static const GArray *
get_of_sidecar (MonitorPassage *self)
{
  g_autofree char *full = g_build_filename (self->folder->path, self->path, NULL);

  return self->sidecar != NULL && monitor_rules_reads_sidecars (self->ingest->rules, full)
             ? self->sidecar->delays
             : NULL;
}

/**
 * monitor_passage_find_delays:
 * @self: a passage that is about to be decoded
 *
 * Returns: (transfer full) (nullable): of guint16, milliseconds
 */
GArray *
monitor_passage_find_delays (MonitorPassage *self)
{
  const GArray *said = get_of_sidecar (self);
  g_autofree char *metadata = NULL;

  if (said != NULL)
    return g_array_ref ((GArray *)said);
  if (self->post_id != 0)
    metadata = booru_store_get_metadata (self->ingest->parts.store, self->post_id, NULL);
  return metadata != NULL ? parse_known (metadata) : NULL;
}

/**
 * monitor_passage_has_other_delays:
 * @self: a passage of a sidecar or of its picture
 * @metadata: of the picture's post
 *
 * Returns: whether the post is an animation whose frames are shown for other times than the sidecar
 *   says, so that it has to be made anew
 */
gboolean
monitor_passage_has_other_delays (MonitorPassage *self, const char *metadata)
{
  const GArray *said = get_of_sidecar (self);
  g_autoptr (GArray) known = said != NULL ? parse_known (metadata) : NULL;

  return known != NULL && known->len == said->len
         && memcmp (known->data, said->data, known->len * sizeof (guint16)) != 0;
}
