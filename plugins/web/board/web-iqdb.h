/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reverse search, as Danbooru's iqdb_queries ask for it. */
#pragma once

#include "http/web-request.h"

G_BEGIN_DECLS

/* Pictures that have nothing in common: 0; the same picture: 100. Above 50 it is worth a look. */
double web_iqdb_get_score (guint distance);

/**
 * WebIqdbFunc:
 * @request: the request, still to be answered
 * @matches: (nullable): of BooruSimilar, nearest first; %NULL: an error, or nothing was asked
 * @error: (nullable): why there is no answer
 */
typedef void (*WebIqdbFunc) (WebRequest *request, GArray *matches, const GError *error);

/* Looks for what the request asks for by its parameters, bare or as search[…]: file, hash, post_id,
 * media_asset_id; limit, similarity. @done is called once, perhaps later. */
void web_iqdb_search (WebRequest *request, WebIqdbFunc done);

/* Whether a picture came with the request, and it is what is wrong. */
gboolean web_iqdb_has_picture (WebRequest *request);
gboolean web_iqdb_is_pictures_fault (WebRequest *request, const GError *error);

G_END_DECLS
