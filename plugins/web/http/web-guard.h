/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-settings.h"

G_BEGIN_DECLS

/* Of each answer, where the board is for the user of this machine only: pages elsewhere cannot show
 * its pictures, and so not find out which there are. */
#define WEB_HEADER_PRIVATE "Cross-Origin-Resource-Policy"
#define WEB_VALUE_PRIVATE "same-origin"

/* What of a request tells where it came from; each may be NULL. */
typedef struct
{
  const char *method;
  const char *host;           /* header Host */
  const char *origin;         /* header Origin */
  const char *sec_fetch_site; /* header Sec-Fetch-Site */
  const char *referer;        /* header Referer */
} WebOrigin;

/* Bound to loopback, the board is open to whoever reaches it. A web page elsewhere can reach it
 * through the user's browser by a name of its own that resolves to 127.0.0.1 (DNS rebinding); then
 * the Host is that name. Bound elsewhere, accounts guard the board and any name is right. host:
 * NULL: absent. */
gboolean web_guard_check_host (const WebSettings *settings, const char *host);

/* A page of another site can make the user's browser send forms here. Browsers say where a request
 * comes from in Sec-Fetch-Site, Origin or Referer; programs send none of them. */
gboolean web_guard_check_origin (const WebSettings *settings, const WebOrigin *origin);

/* Whether pages of other sites may read what a route answers (CORS). Programs in browsers read
 * Danbooru's API wherever they come from; folders, settings and errors of this machine are not part
 * of it. */
gboolean web_guard_allows_other_sites (const BooruRoute *route);

/* The name in a header Host ("name", "name:port", "[::1]:port"): in lower case, without port and
 * brackets; NULL if it is malformed or absent. */
char *web_guard_dup_hostname (const char *host);

G_END_DECLS
