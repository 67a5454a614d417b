/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sidecars in XMP, as darktable, digiKam and Lightroom write them. The reader is the decoder's. It
 * is safe outside of the sandbox: GMarkup expands no entities and loads nothing, what is read is
 * bounded in size and depth, and only properties that are known are taken. */
#include "decoder/metadata/decoder-metadata.h"
#include "monitor-facts.h"
#include "monitor-json.h"
#include "monitor-keywords.h"
#include "monitor-sidecar.h"

static void
take_source (MonitorTags *self, JsonObject *metadata)
{
  JsonNode *source = json_object_get_member (metadata, "XMP:Source");

  if (source != NULL && json_node_get_value_type (source) == G_TYPE_STRING)
    monitor_tags_set_source (self, json_node_get_string (source));
}

MonitorSidecarResult
monitor_sidecar_parse_xmp (MonitorTags *self, const char *text, gsize length, GError **error)
{
  g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();
  g_autoptr (GString) json = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (!decoder_xmp_read (metadata, text, length, error))
    return MONITOR_SIDECAR_BROKEN;
  json = decoder_metadata_to_json (metadata);
  root = monitor_json_parse (json->str, json->len, error);
  if (root == NULL)
    return MONITOR_SIDECAR_BROKEN;
  monitor_tags_add_keywords (self, json->str);
  take_source (self, json_node_get_object (root));
  monitor_facts_take (self, json_node_get_object (root));
  return MONITOR_SIDECAR_READ;
}
