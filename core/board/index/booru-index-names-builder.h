/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From all tags to an image of their names. */
#pragma once

#include "booru-index-image.h"
#include "booru-index-source.h"

G_BEGIN_DECLS

/* @tags: of BooruTagRef, which are sorted here. Those whose ids an index cannot hold are left out.
 * @identity: of the names. Transfer full. */
GBytes *booru_index_names_build (GPtrArray *tags, const BooruIndexIdentity *identity);

G_END_DECLS
