/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-size.h"

#include "base/booru-error.h"

/* What the formats themselves allow at most; beyond it the 32-bit sums of libraries are at risk. */
#define MAX_SIDE 65535

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

gboolean
decoder_size_check (guint64 width, guint64 height, guint64 max_pixels, GError **error)
{
  if (width > MAX_SIDE || height > MAX_SIDE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                 "The picture is %" G_GUINT64_FORMAT " by %" G_GUINT64_FORMAT
                 " pixels; the limit is %d along each side",
                 width, height, MAX_SIDE);
  else if (width * height > max_pixels)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT,
                 "The picture is %" G_GUINT64_FORMAT " by %" G_GUINT64_FORMAT
                 " pixels, %" G_GUINT64_FORMAT " in all; the limit is %" G_GUINT64_FORMAT
                 " (setting max-pixels)",
                 width, height, width * height, max_pixels);
  else
    return TRUE;
  return FALSE;
}
