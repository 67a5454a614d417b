/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/**
 * WebRouter:
 *
 * Finds the route for a method and path. Segments of a pattern are literal ("posts"), captures
 * (":id") or captures with a literal end (":id.json"); where several fit, literals win over
 * captures with an end, and those over plain captures. Trailing and doubled slashes do not matter.
 */
typedef struct _WebRouter WebRouter;

#define WEB_MAX_CAPTURES 6

typedef struct
{
  const char *name; /* the router's */
  char *value;      /* percent-decoded */
} WebCapture;

typedef struct
{
  const BooruRoute *route; /* if the method is wrong, the first that would do */
  gpointer user_data;
  WebCapture captures[WEB_MAX_CAPTURES];
  guint n_captures;
  char *allow; /* for the header Allow, if the method is wrong */
} WebMatch;

typedef enum
{
  WEB_MATCH_FOUND,
  WEB_MATCH_NOT_FOUND,
  WEB_MATCH_WRONG_METHOD, /* allow says which would do */
  WEB_MATCH_WRONG_FORMAT, /* never by the router itself: see web-negotiate.h */
  WEB_MATCH_BAD_PATH,     /* not a path: broken percent-encoding, not UTF-8, a NUL */
} WebMatchResult;

WebRouter *web_router_new (void);
void web_router_free (WebRouter *self);

/* BOORU_ERROR_CONFIG for a pattern that makes no sense; the first of a method and pattern wins. */
gboolean
web_router_add (WebRouter *self, const BooruRoute *route, gpointer user_data, GError **error);

/* path: as in the URL, encoded, without the query. */
WebMatchResult
web_router_match (WebRouter *self, const char *method, const char *path, WebMatch *match);
void web_match_clear (WebMatch *match);
const char *web_match_get_capture (const WebMatch *match, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebRouter, web_router_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WebMatch, web_match_clear)

G_END_DECLS
