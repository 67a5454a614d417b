/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Camera raw files: sensor data, which only special programs can show, and the picture that the
 * camera made from it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "Nikon NEF", from the first bytes of a file; NULL if it is not a raw file. Many look like a TIFF
 * with a tiny picture. Pure. */
const char *decoder_raw_recognise (const guint8 *data, gsize length);

G_END_DECLS
