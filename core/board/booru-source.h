/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * booru_source_get_pixiv_id:
 * @source: where a post comes from
 *
 * Reads the number of a work on Pixiv from the address of its page or of one of its files, in the
 * forms that Danbooru knows.
 *
 * Returns: the number; -1 if @source is none of these
 */
gint64 booru_source_get_pixiv_id (const char *source);

G_END_DECLS
