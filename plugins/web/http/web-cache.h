/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-shown.h"

G_BEGIN_DECLS

/**
 * WebCache:
 *
 * Answers kept to be given again, as long as what they show of the store holds, and for a time of
 * their own at most (a search may speak of time). Bounded in bytes: when it is full, some are
 * packed, and then go.
 */
typedef struct _WebCache WebCache;

/* Between the parts of a key: an answer may be kept twice, compressed for those who accept that. */
#define WEB_CACHE_SEPARATOR(gzip) ((gzip) ? '\t' : ' ')

WebCache *web_cache_new (gsize max_bytes);
void web_cache_free (WebCache *self);
void web_cache_clear (WebCache *self);

/* Keeps an answer, unless it is too large. state: the store's, read before the answer was made;
 * shown: (transfer full) (nullable); expires: monotonic time, µs; maker: found again with it. */
void web_cache_insert (WebCache *self,
                       const char *key,
                       guint64 state,
                       WebShown *shown,
                       gint64 expires,
                       gconstpointer maker,
                       GBytes *head,
                       GBytes *body);

/* Transfer none, until the next call. changes: of the store; NULL: there are none. */
gboolean web_cache_lookup (WebCache *self,
                           const char *key,
                           WebChanges *changes,
                           gint64 now,
                           gconstpointer *maker,
                           GBytes **head,
                           GBytes **body);
gsize web_cache_get_size (WebCache *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebCache, web_cache_free)

G_END_DECLS
