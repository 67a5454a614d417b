/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_reaper_look:
 * @seen: (inout): what the last look found; %NULL at first, to be freed by g_array_unref()
 *
 * As the first process of a container, the host inherits processes whose parents died, such as the
 * ffmpeg of a decoder that was killed: nobody else waits for them, so that they would fill the
 * table of processes. Waits for those that had ended at the last look already: what is a child of
 * the host's own has long been waited for by whoever started it. To be called every few seconds.
 */
void booru_reaper_look (GArray **seen);

G_END_DECLS
