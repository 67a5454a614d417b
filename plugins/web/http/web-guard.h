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

/* Against DNS rebinding. */
gboolean web_guard_check_host (const WebSettings *settings, const char *host);

/* Against forged writes from other sites. */
gboolean web_guard_check_origin (const WebSettings *settings, const WebOrigin *origin);

/* Whether their pages may read what it answers (CORS). */
gboolean web_guard_allows_other_sites (const BooruRoute *route);

/* Of "name:port": lower case, without port; NULL if malformed. */
char *web_guard_dup_hostname (const char *host);

G_END_DECLS
