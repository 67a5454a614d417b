/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoder/reading/decoder-sniff.h"
#include "metadata/monitor-json.h"

#define MAX_SECONDS 1e9
/* Twice what decoder-metadata.c lets through. */
#define MAX_ENTRIES 400
#define MAX_ITEMS 2000
#define MAX_NAME 200

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_FAILED, "The decoder gave an invalid answer: %s",
               what);
  return FALSE;
}

/* What may be wrong with a file, or with the machine. */
static gboolean
is_reason (guint32 code)
{
  return code == BOORU_ERROR_UNSUPPORTED || code == BOORU_ERROR_INVALID || code == BOORU_ERROR_LIMIT
         || code == BOORU_ERROR_FAILED || code == BOORU_ERROR_IO || code == BOORU_ERROR_BUSY;
}

static void
clean_text (char *text, gsize size)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize)strnlen (text, size));
  const char *end;

  for (char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  g_strlcpy (text, valid, size);
  if (!g_utf8_validate (text, -1, &end))
    text[end - text] = '\0';
}

gboolean
monitor_decoder_check_answer (DecoderReply *reply)
{
  clean_text (reply->message, sizeof reply->message);
  return memchr (reply->ext, '\0', sizeof reply->ext) != NULL
         && reply->status <= DECODER_STATUS_NEEDS_VIDEO
         && (reply->status != DECODER_STATUS_ERROR || is_reason (reply->code));
}

/* Whether the beginning of the file is of the format that has this extension. */
static gboolean
is_ext_of (int fd, const char *ext)
{
  guint8 head[DECODER_SNIFF_LENGTH];
  ssize_t n = pread (fd, head, sizeof head, 0);
  const char *sniffed
      = n > 0 ? decoder_format_get_ext (decoder_sniff (head, (gsize)n).format) : NULL;

  return sniffed != NULL && g_str_equal (sniffed, ext);
}

gboolean
monitor_decoder_check_reply (const DecoderReply *reply,
                             int input,
                             guint64 max_pixels,
                             GError **error)
{
  if (reply->width < 1 || reply->height < 1
      || (guint64)reply->width * (guint64)reply->height > max_pixels)
    return refuse (error, "dimensions that it should have refused");
  if (!(reply->duration < MAX_SECONDS)) /* or is no number */
    return refuse (error, "a duration that nothing has");
  if (reply->frames < 0 || reply->n_frame_hashes > DECODER_MAX_FRAME_HASHES)
    return refuse (error, "an impossible number of frames");
  if (reply->written >> BOORU_N_VARIANTS != 0 || reply->metadata_size > DECODER_MAX_METADATA)
    return refuse (error, "files that it was not asked for");
  if (!is_ext_of (input, reply->ext))
    return refuse (error, "another format than the file has");
  return TRUE;
}

/* A RIFF file says how long it is. */
static gboolean
is_whole_riff (const guint8 *head, ssize_t n, goffset size)
{
  guint32 length;

  if (n < 8)
    return FALSE;
  memcpy (&length, head + 4, sizeof length);
  return (goffset)GUINT32_FROM_LE (length) + 8 == size;
}

gboolean
monitor_decoder_check_output (int fd, const DecoderVariant *variant, GError **error)
{
  gboolean is_jpeg = variant->output == DECODER_OUTPUT_JPEG;
  guint8 head[DECODER_SNIFF_LENGTH];
  DecoderSniff sniff;
  struct stat st;
  ssize_t n;

  if (fcntl (fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
    return refuse (error, "a thumbnail that is still written to");
  if (fstat (fd, &st) != 0 || st.st_size > DECODER_MAX_OUTPUT)
    return refuse (error, "a thumbnail that is too large");
  n = pread (fd, head, sizeof head, 0);
  sniff = decoder_sniff (head, (gsize)MAX (n, 0));
  if (sniff.format != (is_jpeg ? DECODER_FORMAT_JPEG : DECODER_FORMAT_WEBP))
    return refuse (error, "a thumbnail of another format");
  if (!is_jpeg && !is_whole_riff (head, n, st.st_size))
    return refuse (error, "a truncated thumbnail");
  /* Of a JPEG, the dimensions do not stand at a fixed place. */
  if (!is_jpeg
      && (sniff.width < 1 || sniff.width > variant->box_width || sniff.height < 1
          || sniff.height > variant->box_height))
    return refuse (error, "a thumbnail of other dimensions");
  return TRUE;
}

static gboolean
is_shown_text (const char *text, gsize limit)
{
  gsize length = strlen (text);

  if (length > limit)
    return FALSE;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)) && *p != '\n' && *p != '\t')
      return FALSE;
  return TRUE;
}

/* A text or a number. */
static gboolean
is_single (JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_STRING)
    return is_shown_text (json_node_get_string (node), DECODER_MAX_METADATA);
  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
}

static gboolean
is_value (JsonNode *node)
{
  JsonArray *items = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (items == NULL)
    return is_single (node);
  if (json_array_get_length (items) > MAX_ITEMS)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (items); i++)
    if (!is_single (json_array_get_element (items, i)))
      return FALSE;
  return TRUE;
}

gboolean
monitor_decoder_check_metadata (const char *text, gsize length)
{
  g_autoptr (JsonNode) node = monitor_json_parse (text, length, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)
      || json_object_get_size (json_node_get_object (node)) > MAX_ENTRIES)
    return FALSE;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &value))
    if (!is_shown_text (name, MAX_NAME) || !is_value (value))
      return FALSE;
  return TRUE;
}
