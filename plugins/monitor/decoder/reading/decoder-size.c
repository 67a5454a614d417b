/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-size.h"

void
decoder_size_fit (gint width,
                  gint height,
                  guint box_width,
                  guint box_height,
                  gint *out_width,
                  gint *out_height)
{
  double scale = 1;

  if (box_width > 0)
    scale = MIN (scale, (double)box_width / width);
  if (box_height > 0)
    scale = MIN (scale, (double)box_height / height);

  *out_width = MAX (1, (gint)(width * scale + 0.5));
  *out_height = MAX (1, (gint)(height * scale + 0.5));
}
