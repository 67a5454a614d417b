/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From all tags to an image of their names. */
#pragma once

#include "booru-index-source.h"

G_BEGIN_DECLS

/* @tags: of BooruTagRef, which are sorted here. Those whose ids an index cannot hold are left out.
 * Transfer full. */
GBytes *booru_index_names_build (GPtrArray *tags, const char *store_id, guint64 generation);

G_END_DECLS
