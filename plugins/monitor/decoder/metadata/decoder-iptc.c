/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* IPTC IIM 4.2: data sets of a marker, two numbers, a length and text. Photoshop wraps them into
 * its image resources ("8BIM"). Text is UTF-8 where the file says so, and mostly Latin-1 where not:
 * both are told by the bytes. */
#include <string.h>

#include "decoder-metadata.h"

#define RESOURCE_IPTC 0x0404

static const struct
{
  guint8 number;
  gboolean is_list;
  const char *name;
} known[] = {
  { 5, FALSE, "IPTC:ObjectName" },        { 25, TRUE, "IPTC:Keywords" },
  { 55, FALSE, "IPTC:DateCreated" },      { 60, FALSE, "IPTC:TimeCreated" },
  { 80, TRUE, "IPTC:By-line" },           { 105, FALSE, "IPTC:Headline" },
  { 110, FALSE, "IPTC:Credit" },          { 115, FALSE, "IPTC:Source" },
  { 116, FALSE, "IPTC:CopyrightNotice" }, { 120, FALSE, "IPTC:Caption-Abstract" },
};

static void
take_data_set (DecoderMetadata *self, guint8 number, const char *text, gsize size)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].number == number && known[i].is_list)
      decoder_metadata_add_text (self, known[i].name, text, (gssize)size);
    else if (known[i].number == number)
      decoder_metadata_set_text (self, known[i].name, text, (gssize)size);
}

static void
read_data_sets (DecoderMetadata *self, const guint8 *data, gsize size)
{
  while (size >= 5 && data[0] == 0x1c)
    {
      gsize length = data[3] << 8 | data[4];

      /* The highest bit marks an extended length, for embedded pictures; text never has one. */
      if (length > 0x7fff || length > size - 5)
        return;
      if (data[1] == 2)
        take_data_set (self, data[2], (const char *)data + 5, length);
      data += 5 + length;
      size -= 5 + length;
    }
}

void
decoder_iptc_read (DecoderMetadata *self, const guint8 *data, gsize size)
{
  const char photoshop[] = "Photoshop 3.0";

  if (size >= sizeof photoshop && memcmp (data, photoshop, sizeof photoshop) == 0)
    {
      data += sizeof photoshop;
      size -= sizeof photoshop;
    }
  /* Mark, number, name with its length in front and even, length, content, even. */
  while (size >= 12 && memcmp (data, "8BIM", 4) == 0)
    {
      guint number = data[4] << 8 | data[5];
      gsize head = 6 + ((1 + (gsize)data[6] + 1) & ~(gsize)1);
      gsize length;

      if (head + 4 > size)
        return;
      length
          = (gsize)data[head] << 24 | data[head + 1] << 16 | data[head + 2] << 8 | data[head + 3];
      head += 4;
      if (length > size - head)
        return;
      if (number == RESOURCE_IPTC)
        read_data_sets (self, data + head, length);
      length = MIN (length + (length & 1), size - head);
      data += head + length;
      size -= head + length;
    }
  read_data_sets (self, data, size);
}
