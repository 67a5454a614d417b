/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-body.h"
#include "web-login.h"
#include "web-lookup.h"

G_BEGIN_DECLS

/* Why a request is refused, in constant data. */
typedef struct
{
  guint status;
  const char *error_class; /* Danbooru's name */
  const char *message;     /* for the user */
} WebRefusal;

/* Of an API key that was given. */
extern const WebRefusal web_refusal_bad_login;

/**
 * WebIncoming:
 *
 * A request on its way from its connection to its handler: what its head says, found out once.
 * web-prefilter.c makes it, web-dispatch.c attaches it to the server library's message, and the
 * WebRequest takes it over.
 */
typedef struct
{
  char *path; /* encoded, without the base path and the query */
  WebLookup *lookup;
  char *cache_key; /* under which its answer may be kept, but for who asks; NULL: it may not */
  WebLogin *login; /* who asks, by the head */
  gboolean accepts_gzip;
  gboolean takes_upload;     /* a route that it may mean takes WEB_BODY_UPLOAD */
  const WebRefusal *refusal; /* NULL: it may pass */
  WebBody *upload;           /* its form with files, parsed while it comes; NULL: none */
} WebIncoming;

void web_incoming_free (WebIncoming *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebIncoming, web_incoming_free)

G_END_DECLS
