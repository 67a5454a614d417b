/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the boxes of an AVIF or HEIC say and libvips does not pass on (ISO/IEC 23008-12). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether an item refers to its transparency as "prem": 6.10.1.2. */
gboolean decoder_heif_is_premultiplied (int fd);

G_END_DECLS
