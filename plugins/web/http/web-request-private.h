/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Of a request, for the files that make it up. */
#pragma once

#include "web-request.h"

G_BEGIN_DECLS

struct _WebRequest
{
  GObject parent_instance;

  WebWorker *worker;
  WebIncoming *incoming;
  SoupServerMessage *message;
  const char *method; /* instead of the message's; NULL */
  WebFormatHints hints;
  WebMatch match;
  WebLogin *login;
  gboolean is_personal; /* the handler asked who asks: what it answers may depend on that */
  char *path;
  char *base_url;
  WebParams *params;
  GBytes *body;
  GError *params_error; /* what was wrong with them */
  gboolean answered;
  gboolean paused;
  gboolean gone;             /* the client, and with it the message's machinery */
  GSource *hangup;           /* while the client is watched */
  GCancellable *cancellable; /* NULL: it never was */
  gint64 keep_time;          /* how long the answer may be kept, µs; 0: not at all */
  gboolean is_estimate;      /* what it shows: then, too */
  gint64 began;              /* monotonic time, µs */
  guint64 state;             /* the store's, when the request came (WebChanges) */
  WebShown *shown;           /* NULL: nothing is known of what the answer shows */
};

/* Members of the BooruRequest interface; the type is known to be right. */
const char *web_request_get_method (BooruRequest *request);
const char *web_request_get_path (BooruRequest *request);
const char *web_request_get_capture (BooruRequest *request, const char *name);
const char *web_request_get_param (BooruRequest *request, const char *name);
const char *web_request_get_header (BooruRequest *request, const char *name);
GBytes *web_request_get_body (BooruRequest *request);
const BooruUser *web_request_get_user (BooruRequest *request);
void web_request_set_header (BooruRequest *request, const char *name, const char *value);
void
web_request_respond (BooruRequest *request, guint status, const char *content_type, GBytes *body);
void web_request_fail (BooruRequest *request, const GError *error);

/* What the request says, in web-request-read.c. */
WebParams *web_request_ensure_params (WebRequest *self);

G_END_DECLS
