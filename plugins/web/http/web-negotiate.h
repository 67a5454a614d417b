/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-router.h"

G_BEGIN_DECLS

/* How a request asks, beyond method and path. */
typedef struct
{
  const char *format; /* parameter "format"; NULL */
  const char *accept; /* header Accept; NULL */
} WebAsked;

typedef enum
{
  WEB_FORMAT_ANY,
  WEB_FORMAT_HTML,
  WEB_FORMAT_JSON,
  WEB_FORMAT_OTHER, /* one that is not served */
} WebFormat;

/* The methods that "_method" and X-HTTP-Method-Override of a POST may stand for: NULL-terminated.
 */
extern const char *const web_override_methods[];

WebFormat web_negotiate_format (const char *path, const WebAsked *asked); /* path: encoded */
WebMatchResult web_negotiate_route (WebRouter *router,
                                    const char *method,
                                    const char *path,
                                    const WebAsked *asked,
                                    WebMatch *match);

/* Of the most that any route takes that the request may yet mean. */
gsize
web_negotiate_body_limit (WebRouter *router, const char *method, const char *path, gsize fallback);

G_END_DECLS
