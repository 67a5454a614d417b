/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The delays of a ugoira's frames out of any bytes: one for each frame, or none. */
#include "decoder/formats/decoder-ugoira.h"
#include "fuzz-main.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static const char *const names[] = { "000000.jpg", "000001.jpg", "2.png" };
  g_autoptr (GArray) delays
      = decoder_ugoira_parse_delays ((const char *)data, size, names, G_N_ELEMENTS (names));

  if (delays == NULL)
    return 0;
  g_assert_cmpuint (delays->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < delays->len; i++)
    g_assert_true (g_array_index (delays, gint, i) > 0
                   && g_array_index (delays, gint, i) <= G_MAXUINT16);
  return 0;
}
