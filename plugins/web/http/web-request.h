/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web-incoming.h"
#include "web-negotiate.h"
#include "web-params.h"
#include "web-worker.h"

G_BEGIN_DECLS

/**
 * WebRequest:
 *
 * The web service's BooruRequest. What its own routes need beyond the interface follows here.
 */
#define WEB_TYPE_REQUEST (web_request_get_type ())
G_DECLARE_FINAL_TYPE (WebRequest, web_request, WEB, REQUEST, GObject)

/* For web-dispatch.c. incoming: transfer full. */
WebRequest *web_request_new (WebWorker *worker, SoupServerMessage *message, WebIncoming *incoming);
const WebIncoming *web_request_get_incoming (WebRequest *self);

/* FALSE after answering 400 to parameters that are malformed. */
gboolean web_request_check_params (WebRequest *self);
void web_request_set_method (WebRequest *self, const char *method); /* NULL: as it is; static */
const WebFormatHints *web_request_get_format_hints (WebRequest *self);

/* Has the route's handler answer; takes over the match. */
void web_request_handle (WebRequest *self, WebMatch *match);
void web_request_pause (WebRequest *self); /* its handler answers later */

/* Marks the request as answered and completes the head. The caller puts the body in place and calls
 * web_request_end_answer(). FALSE: the client is gone. */
gboolean web_request_begin_answer (WebRequest *self, guint status);
void web_request_end_answer (WebRequest *self);

/* For routes. */
WebWorker *web_request_get_worker (WebRequest *self);
gint64 web_request_get_user_id (WebRequest *self);   /* 0: a visitor without an account */
WebLogin *web_request_get_login (WebRequest *self);  /* transfer none; that, and how it is known */
WebLogin *web_request_peek_login (WebRequest *self); /* … where the answer is the same for all */
void web_request_set_login (WebRequest *self, WebLogin *login); /* transfer full */
SoupServerMessage *web_request_get_message (WebRequest *self);

/* Transfer full: where the request comes from, through trusted proxies; "" if that is not known. */
char *web_request_dup_address (WebRequest *self);

/* By the suffix, else by the parameter format, else by Accept. */
gboolean web_request_wants_json (WebRequest *self);

/* The URL under which the client reaches the board: as configured, as a trusted proxy says, or as
 * the request's Host says. "http://host:port", no trailing slash, owned by the request. */
const char *web_request_get_base_url (WebRequest *self);

/* "search[NAME]", else the bare NAME. */
const char *web_request_get_search (WebRequest *self, const char *name);

/* All parameters. */
void web_request_foreach_param (WebRequest *self, WebParamsFunc func, gpointer user_data);
/* Calls @func for each "search[NAME]", or for each member of another object of parameters. */
void web_request_foreach_search (WebRequest *self, WebParamsFunc func, gpointer data);
void
web_request_foreach_in (WebRequest *self, const char *outer, WebParamsFunc func, gpointer data);

/* FALSE after answering 422 to a "search[NAME]" that is not among @filters. */
gboolean web_request_check_search (WebRequest *self, const char *const *filters);

/* The number that the path's ":id" is; FALSE for anything else. */
gboolean web_request_parse_id (WebRequest *self, gint64 *id);
gboolean web_request_require_id (WebRequest *self, gint64 *id); /* FALSE after answering 404 */

/* Fallback if absent or not a number. */
gint64 web_request_get_int (WebRequest *self, const char *param, gint64 fallback);
gboolean web_request_get_flag (WebRequest *self, const char *param); /* true, t, yes, y, on, 1 */
/* A write that failed: a disk that is full is 503, as it may not be so later. */
void web_request_fail_write (WebRequest *self, const GError *error);

/* NULL: the body is not a multipart form. It has no error: web_request_check_params() checked it.
 */
WebBody *web_request_get_upload (WebRequest *self);
gboolean web_request_accepts_gzip (WebRequest *self);
gboolean web_request_is_answered (WebRequest *self);

/* Transfer none; cancelled when the client leaves. While an answer is awaited nobody reads from the
 * connection, so that its end would not be seen. A client that only shuts its sending side counts
 * as gone, too: from here it looks the same. */
GCancellable *web_request_watch_client (WebRequest *self);

/* As the store's functions of these names, for what the answer shows: the posts, or only which they
 * are. An answer with an estimate is not kept. */
GPtrArray *
web_request_search (WebRequest *self, BooruQuery *query, const BooruPage *page, GError **error);
GArray *
web_request_find_ids (WebRequest *self, BooruQuery *query, const BooruPage *page, GError **error);
gint64 web_request_count (WebRequest *self, BooruQuery *query, gboolean *exact, GError **error);

/* What else the answer shows of the store. */
WebShown *web_request_get_shown (WebRequest *self);

/* The answer depends on nothing but the URL, Host and what it shows of the store: it may be kept
 * and given again for a few seconds, as long as that holds; if nobody said what it shows, as long
 * as nobody writes. Call before responding. */
void web_request_set_cacheable (WebRequest *self);

/* … and for a minute: the answer does not depend on the time either. */
void web_request_set_timeless (WebRequest *self);

/* Whichever of the two fits the search; neither for a random one. */
void web_request_set_cacheable_search (WebRequest *self, const char *tags);

/* Transfer full. */
void web_request_respond_string (WebRequest *self,
                                 guint status,
                                 const char *content_type,
                                 GString *body);
void web_request_redirect (WebRequest *self, guint status, const char *location);

/* 422, in Danbooru's form of a validation that failed. */
void web_request_fail_invalid (WebRequest *self, const char *field, const char *message);

/* Danbooru's error object, or an HTML page. */
void web_request_fail_status (WebRequest *self,
                              guint status,
                              const char *error_class,
                              const char *message);

G_END_DECLS
