/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

#include "view/web-json.h"

G_BEGIN_DECLS

void web_tag_write_json (WebJson *json, const BooruTag *tag);

/* The tags of these names: name -> BooruTag. Transfer full; NULL on error. */
GHashTable *web_tag_find (BooruStore *store, const GPtrArray *names, GError **error);

G_END_DECLS
