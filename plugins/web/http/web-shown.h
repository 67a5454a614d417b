/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an answer shows of the store, so that a write makes stale what shows it, and nothing else.
 */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

typedef struct _WebShown WebShown;

WebShown *web_shown_new (void);
void web_shown_free (WebShown *self);
void web_shown_add_post (WebShown *self, gint64 id); /* anything about it */
/* That a tag has @count posts, as far as web_count_round() tells. */
void web_shown_add_tag (WebShown *self, gint64 id, gint64 count);
void web_shown_add_all_tags (WebShown *self); /* any of their counts */

void web_shown_add_used (WebShown *self, gint64 tag); /* that posts have it */
void web_shown_add_unused (WebShown *self);           /* that no post has some tag */

/* Anything about records of a kind: @kind is the one of their changes. */
void web_shown_add_records (WebShown *self, BooruChangeKind kind);

/* That @query finds the posts of @ids on @page, whatever they are; that it finds @count. */
void
web_shown_add_search (WebShown *self, BooruQuery *query, const BooruPage *page, const GArray *ids);
void web_shown_add_count (WebShown *self, BooruQuery *query, gint64 count);
gsize web_shown_get_size (const WebShown *self); /* about, in bytes */

/**
 * WebChanges:
 *
 * Follows what is written to a store, by anybody: the newest changes, read once for each of its
 * generations.
 */
typedef struct _WebChanges WebChanges;

WebChanges *web_changes_new (BooruStore *store);
void web_changes_free (WebChanges *self);

/* The number of the state that the store is in now; what is read after this is at least as new. */
guint64 web_changes_catch_up (WebChanges *self);

/* A number that is another one after anything about accounts may have changed. */
guint64 web_changes_get_logins (WebChanges *self);

/* Whether what was shown at *@state still held when web_changes_catch_up() was called last; then
 * *@state is set to the state at that time. @shown NULL: it holds until there is any change. */
gboolean web_changes_keep (WebChanges *self, const WebShown *shown, guint64 *state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebShown, web_shown_free)

G_END_DECLS
