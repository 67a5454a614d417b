/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-router.h"

G_BEGIN_DECLS

/**
 * WebLookup:
 *
 * All that a request's path may mean, looked up once when its head has come. Which route it is, the
 * method and the format say, which the body may change (web-negotiate.h).
 */
typedef struct _WebLookup WebLookup;

/* "/posts.json" is a path as it stands; the page of the same name has none of the suffixes by which
 * clients ask for a format, and the API has ".json". */
typedef enum
{
  WEB_SPELLING_EXACT,
  WEB_SPELLING_BARE,
  WEB_SPELLING_JSON,
  WEB_N_SPELLINGS,
} WebSpelling;

typedef enum
{
  WEB_MATCH_FOUND,
  WEB_MATCH_NOT_FOUND,
  WEB_MATCH_WRONG_METHOD, /* allow says which would do */
  WEB_MATCH_WRONG_FORMAT, /* by web-negotiate.c only */
  WEB_MATCH_BAD_PATH,     /* not a path: broken percent-encoding, not UTF-8, a NUL */
} WebMatchResult;

/* path: as in the URL, encoded, without the query. Trailing and doubled slashes do not matter. */
WebLookup *web_lookup_new (const WebRouter *router, const char *path);
void web_lookup_free (WebLookup *self);
const char *web_lookup_get_suffix (const WebLookup *self); /* ".json", ".xml", …; NULL: none */

/* match: filled in for FOUND and WRONG_METHOD. */
WebMatchResult
web_lookup_match (const WebLookup *self, WebSpelling spelling, const char *method, WebMatch *match);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebLookup, web_lookup_free)

G_END_DECLS
