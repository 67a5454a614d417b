/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A picture among those that it is compared with. */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

/* "id", "href", "src", "srcset", "width", "height", "alt", "dimensions", "megapixels", "file-type",
 * "file-size", "added", "moving" of the template alike.html. */
void page_alike_set (WebDict *dict, const BooruPost *post);

G_END_DECLS
