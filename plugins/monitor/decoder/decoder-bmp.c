/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "decoder-picture.h"

VipsImage *
decoder_bmp_load (int fd, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_UNSUPPORTED, "BMP is not read");
  return NULL;
}
