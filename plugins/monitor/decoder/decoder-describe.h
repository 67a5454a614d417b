/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * decoder_describe:
 *
 * Shuts this process into the sandbox as far as this kernel lets it, and decodes a sample of each
 * format there, as files are. To be called once, by a process that does nothing else.
 *
 * Returns: (transfer full): a text of the GVariant type a{sv}: version (s), libvips (s), formats
 *   (a{ss}: why it is not read, or empty), ffmpeg and ffprobe (ay, paths; absent: not there),
 * landlock (u, version; 0: not there), seccomp (b)
 */
char *decoder_describe (void);

G_END_DECLS
