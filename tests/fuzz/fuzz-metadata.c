/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What files and their sidecars say, out of any bytes: nothing crashes or reads beyond its end,
 * what the decoder hands out is JSON, and what is imported are tags. */
#include "decoder/metadata/decoder-metadata.h"
#include "decoder/protocol/decoder-protocol.h"
#include "fuzz-file.h"
#include "metadata/monitor-json.h"
#include "metadata/monitor-sidecar.h"

#include <string.h>

/* What is read out of files by offsets. */
static void
read_file (DecoderMetadata *metadata, const guint8 *data, size_t size)
{
  int fd = fuzz_file_new (data, size);

  decoder_exif_read_file (metadata, fd);
  decoder_jxl_boxes_read (metadata, fd);
  decoder_xmp_scan (metadata, fd);
  close (fd);
}

static void
read_embedded (const guint8 *data, size_t size)
{
  g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();
  g_autoptr (GString) json = NULL;
  g_autoptr (JsonNode) node = NULL;

  decoder_exif_read (metadata, data, size);
  decoder_iptc_read (metadata, data, size);
  decoder_xmp_read (metadata, (const char *)data, size, NULL);
  read_file (metadata, data, size);
  decoder_metadata_set_text (metadata, "text", (const char *)data, (gssize)size);
  json = decoder_metadata_to_json (metadata);
  node = monitor_json_parse (json->str, json->len, NULL);
  g_assert_nonnull (node);
  g_assert_cmpuint (json->len, <=, DECODER_MAX_METADATA);
}

static void
require_tags (const MonitorTags *tags)
{
  g_autoptr (BooruImport) import = monitor_tags_to_import (tags, "fuzz");
  GHashTableIter iter;
  const char *name;

  g_hash_table_iter_init (&iter, tags->names);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, NULL))
    {
      g_autofree char *normal = booru_tag_normalize (name, NULL);

      g_assert_cmpstr (normal, ==, name);
    }
  g_assert_true (g_utf8_validate (import->tags, -1, NULL));
  g_assert_true (import->source == NULL || g_utf8_validate (import->source, -1, NULL));
  g_assert_true (import->rating == 0 || strchr ("gsqe", import->rating) != NULL);
}

static void
read_sidecar (const char *text,
              size_t size,
              MonitorSidecarResult (*parse) (MonitorTags *, const char *, gsize, GError **))
{
  g_autoptr (MonitorTags) tags = monitor_tags_new ();
  g_autoptr (GError) error = NULL;
  MonitorSidecarResult result = parse (tags, text, size, &error);

  g_assert_true ((result == MONITOR_SIDECAR_BROKEN) == (error != NULL));
  require_tags (tags);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  read_embedded (data, size);
  read_sidecar ((const char *)data, size, monitor_sidecar_parse_json);
  read_sidecar ((const char *)data, size, monitor_sidecar_parse_text);
  read_sidecar ((const char *)data, size, monitor_sidecar_parse_xmp);
  return 0;
}
