/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

#include "web-head.h"

G_BEGIN_DECLS

/**
 * WebRouter:
 *
 * Leads from the segments of a path to routes. Segments of a pattern are literal ("posts"),
 * captures
 * (":id") or captures with a literal end (":id.json"); where several fit, literals win over
 * captures with an end, and those over plain captures.
 */
typedef struct _WebRouter WebRouter;
typedef struct _WebNode WebNode;

#define WEB_MAX_SEGMENTS 16
#define WEB_MAX_CAPTURES 6

extern const char *const web_router_methods[]; /* those that routes may have; NULL-terminated */

/* Where a path leads to. Which route it is there, the method says. */
typedef struct
{
  const WebNode *node;
  WebSlice captures[WEB_MAX_CAPTURES]; /* into the segments */
  guint n_captures;
} WebPlace;

typedef struct
{
  const BooruRouteEntry *entry;
  const char *const *names; /* of the captures */
  char *values[WEB_MAX_CAPTURES];
  char *
      allow; /* for the header Allow, if no route has the method; then entry is one that would do */
} WebMatch;

WebRouter *web_router_new (void);
void web_router_free (WebRouter *self);

/* Adds a route, which outlives the router. FALSE for one that is not served, naming the pattern:
 * BOORU_ERROR_CONFIG if the pattern makes no sense, BOORU_ERROR_EXISTS if another plugin has the
 * same. The first one of a method and pattern wins. */
gboolean web_router_add (WebRouter *self, const BooruRouteEntry *entry, GError **error);

/* Appends each WebPlace that the decoded segments lead to, the best first. */
void
web_router_find (const WebRouter *self, char *const *segments, guint n_segments, GArray *places);

/* FALSE: the place has no route for the method. HEAD finds what GET does. */
gboolean web_place_match (const WebPlace *self, const char *method, WebMatch *match);
void web_match_clear (WebMatch *match);
const char *web_match_get_capture (const WebMatch *match, const char *name); /* NULL: none */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebRouter, web_router_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WebMatch, web_match_clear)

G_END_DECLS
