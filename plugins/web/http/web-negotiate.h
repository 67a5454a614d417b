/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-lookup.h"

G_BEGIN_DECLS

/* How a request asks for a format, beside the suffix of its path. */
typedef struct
{
  const char *param;  /* parameter "format"; NULL */
  const char *accept; /* header Accept; NULL */
} WebFormatHints;

typedef enum
{
  WEB_FORMAT_ANY,
  WEB_FORMAT_HTML,
  WEB_FORMAT_JSON,
  WEB_FORMAT_OTHER, /* one that is not served */
} WebFormat;

/* A route's body_limit: as large as the setting max-upload-size says. Files go to the spool. */
#define WEB_BODY_UPLOAD ((gsize)-1)

/* The methods that "_method" and X-HTTP-Method-Override of a POST may stand for: NULL-terminated.
 */
extern const char *const web_override_methods[];

/* The format asked for: by the path's suffix, else by the parameter, else by Accept. */
WebFormat web_negotiate_format (const WebLookup *lookup, const WebFormatHints *hints);

/* Finds the route for "/posts.json", "/posts" as a page, and "/posts" as JSON alike. */
WebMatchResult web_negotiate_route (const WebLookup *lookup,
                                    const char *method,
                                    const WebFormatHints *hints,
                                    WebMatch *match);

/* How long the body may be: as much as any of the routes takes that the request may yet mean, since
 * the body can name another method. @fallback: for a path that no route takes, and for a GET that
 * is sent as a POST. */
gsize web_negotiate_body_limit (const WebLookup *lookup, const char *method, gsize fallback);

G_END_DECLS
