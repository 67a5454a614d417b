/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web-body.h"
#include "web-negotiate.h"
#include "web-service.h"

G_BEGIN_DECLS

/**
 * WebRequest:
 *
 * The web service's BooruRequest. What its own routes need beyond the interface follows here.
 */
#define WEB_TYPE_REQUEST (web_request_get_type ())
G_DECLARE_FINAL_TYPE (WebRequest, web_request, WEB, REQUEST, GObject)

/* A route's body_limit: as large as the setting max-upload-size says. Files go to the spool. */
#define WEB_BODY_UPLOAD ((gsize)-1)

/* Of each answer, where the board is for the user of this machine only: pages elsewhere cannot show
 * its pictures, and so not find out which there are. */
#define WEB_HEADER_PRIVATE "Cross-Origin-Resource-Policy"
#define WEB_VALUE_PRIVATE "same-origin"

/* For web-dispatch.c. */
WebRequest *web_request_new (WebService *service, SoupServerMessage *message);

/* FALSE after answering 400 to parameters that are malformed. */
gboolean web_request_check_params (WebRequest *self);
void web_request_set_method (WebRequest *self, const char *method); /* NULL: as it is; static */
const WebAsked *web_request_get_asked (WebRequest *self);

/* Has the route's handler answer; takes over the match. */
void web_request_handle (WebRequest *self, WebMatch *match);
void web_request_pause (WebRequest *self);
void web_request_set_upload (SoupServerMessage *message, WebBody *body); /* transfer full */
WebBody *web_request_find_upload (SoupServerMessage *message);           /* NULL: none */
/* FALSE: nobody is there any more. */
gboolean web_request_begin_answer (WebRequest *self, guint status);
void web_request_end_answer (WebRequest *self);

/* For routes. */
WebService *web_request_get_service (WebRequest *self);
SoupServerMessage *web_request_get_message (WebRequest *self);

/* By the suffix, else by the parameter format, else by Accept. */
gboolean web_request_wants_json (WebRequest *self);

/* "http://host:port", no trailing slash, owned by the request. */
const char *web_request_get_base_url (WebRequest *self);

/* "search[NAME]", else the bare NAME. */
const char *web_request_get_search (WebRequest *self, const char *name);

/* FALSE after answering 422 to a "search[NAME]" that is not among @filters. */
gboolean web_request_check_search (WebRequest *self, const char *const *filters);

/* Fallback if absent or not a number. */
gint64 web_request_get_int (WebRequest *self, const char *param, gint64 fallback);
gboolean web_request_get_flag (WebRequest *self, const char *param); /* true, t, yes, y, on, 1 */
/* A write that failed: a disk that is full is 503, as it may not be so later. */
void web_request_fail_write (WebRequest *self, const GError *error);

/* NULL: the body is no multipart form; without error, since web_request_check_params() said so. */
WebBody *web_request_get_upload (WebRequest *self);
gboolean web_request_accepts_gzip (WebRequest *self);
gboolean web_request_is_answered (WebRequest *self);

/* Transfer none; cancelled when the client leaves. */
GCancellable *web_request_watch_client (WebRequest *self);

/* The answer depends on nothing but the URL, Host and the store's state: it may be kept and given
 * again for a few seconds, as long as nobody writes. Call before responding. */
void web_request_set_cacheable (WebRequest *self);

/* … and for a minute: the answer does not depend on the time either. */
void web_request_set_timeless (WebRequest *self);

/* Whichever of the two fits the search; neither, if it finds by chance. */
void web_request_set_cacheable_search (WebRequest *self, const char *tags);

/* Transfer full. */
void web_request_respond_string (WebRequest *self,
                                 guint status,
                                 const char *content_type,
                                 GString *body);
void web_request_redirect (WebRequest *self, guint status, const char *location);

/* Danbooru's error object, or an HTML page. */
void web_request_fail_status (WebRequest *self,
                              guint status,
                              const char *error_class,
                              const char *message);

G_END_DECLS
