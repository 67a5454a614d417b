/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "page-place.h"

G_BEGIN_DECLS

/* The picture of @post, which leads to it: it is @i posts after @place. */
void page_cell_add (WebList *cells, const BooruPost *post, const PagePlace *place, guint i);

G_END_DECLS
