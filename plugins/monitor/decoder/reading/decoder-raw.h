/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Raw files of cameras: what the sensor saw, which only programs made for it can show, and beside
 * it the picture that the camera made of it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "Nikon NEF", by the first bytes of a file; NULL if it is no raw file. Many are laid out like a
 * TIFF with a tiny picture in it. Pure. */
const char *decoder_raw_recognise (const guint8 *data, gsize length);

G_END_DECLS
