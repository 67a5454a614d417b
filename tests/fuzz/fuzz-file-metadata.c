/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One reader of what files say of themselves, READER, which the build file names, out of any bytes:
 * what comes out is one object of JSON within its bound. */
#include <json-glib/json-glib.h>

#include "decoder/metadata/decoder-metadata.h"
#include "decoder/protocol/decoder-protocol.h"
#include "fuzz-file.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (DecoderMetadata) metadata = decoder_metadata_new ();
  g_autoptr (GString) json = NULL;
  g_autoptr (JsonNode) node = NULL;
  int fd = fuzz_file_new (data, size);

  READER (metadata, fd);
  close (fd);
  json = decoder_metadata_to_json (metadata);
  node = json_from_string (json->str, NULL);
  g_assert_true (node != NULL && JSON_NODE_HOLDS_OBJECT (node));
  g_assert_cmpuint (json->len, <=, DECODER_MAX_METADATA);
  return 0;
}
