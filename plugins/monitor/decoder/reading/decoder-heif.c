/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-heif.h"

#include "decoder-reader.h"

typedef struct
{
  goffset at, end; /* of what is in the box */
} Box;

#define FULL_BOX 4 /* version and flags, before what is in it */

static gboolean
find_box (DecoderReader *reader, Box in, const char *name, Box *found)
{
  while (in.at + 8 <= in.end)
    {
      guint64 size = decoder_reader_get_number (reader, in.at, 4, TRUE);

      if (size < 8 || size > (guint64)(in.end - in.at))
        return FALSE;
      found->at = in.at + 8;
      found->end = in.at + (goffset)size;
      if (decoder_reader_has (reader, in.at + 4, name, 4))
        return TRUE;
      in.at = found->end;
    }
  return FALSE;
}

gboolean
decoder_heif_is_premultiplied (int fd)
{
  g_autofree DecoderReader *reader = decoder_reader_new (fd);
  Box box;

  if (reader == NULL || !find_box (reader, (Box){ 0, reader->size }, "meta", &box))
    return FALSE;
  box.at += FULL_BOX;
  if (!find_box (reader, box, "iref", &box))
    return FALSE;
  box.at += FULL_BOX;
  return find_box (reader, box, "prem", &box);
}
