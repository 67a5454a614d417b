/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-apng.h"

#include <string.h>
#include <unistd.h>

#include "decoder-bytes.h"
#include "decoder-delay.h"

#define SIGNATURE_SIZE 8
#define CHUNK_HEADER 8
#define CHUNK_FRAME 12 /* header and checksum */
#define MAX_CHUNKS 20000
#define MAX_FRAMES 5000

/* A fraction of a second; a denominator of 0 is 100. */
static gint
read_delay (const guint8 *control)
{
  guint32 both = decoder_be32 (control + 20);
  guint numerator = both >> 16, denominator = both & 0xffff;

  return decoder_delay_mend ((gint)(numerator * 1000 / (denominator ? denominator : 100)));
}

GArray *
decoder_apng_read_delays (int fd)
{
  GArray *delays = g_array_new (FALSE, FALSE, sizeof (gint));
  guint8 chunk[CHUNK_HEADER + 26];
  goffset at = SIGNATURE_SIZE;

  for (guint i = 0; i < MAX_CHUNKS && delays->len < MAX_FRAMES; i++)
    {
      ssize_t n = pread (fd, chunk, sizeof chunk, at);

      if (n < CHUNK_HEADER || memcmp (chunk + 4, "IEND", 4) == 0)
        break;
      if (n == sizeof chunk && memcmp (chunk + 4, "fcTL", 4) == 0)
        {
          gint delay = read_delay (chunk + CHUNK_HEADER);

          g_array_append_val (delays, delay);
        }
      at += (goffset)decoder_be32 (chunk) + CHUNK_FRAME;
    }
  return delays;
}
