/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-apng.h"

#include <string.h>
#include <unistd.h>

#include "decoder-delay.h"

#define SIGNATURE_SIZE 8
#define CHUNK_HEADER 8
#define CHUNK_FRAME 12 /* header and checksum */
#define MAX_CHUNKS 20000
#define MAX_FRAMES 5000

static guint32
be (const guint8 *p, guint n)
{
  guint32 value = 0;

  while (n-- > 0)
    value = value << 8 | *p++;
  return value;
}

/* A fraction of a second; a denominator of 0 is 100. */
static gint
read_delay (const guint8 *control)
{
  guint numerator = be (control + 20, 2), denominator = be (control + 22, 2);

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
      at += (goffset)be (chunk, 4) + CHUNK_FRAME;
    }
  return delays;
}
