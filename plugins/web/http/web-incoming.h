/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-body.h"
#include "web-lookup.h"

G_BEGIN_DECLS

/* Why a request is refused, in constant data. */
typedef struct
{
  guint status;
  const char *error_class; /* Danbooru's name */
  const char *message;     /* for the user */
} WebRefusal;

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
  char *cache_key; /* under which its answer may be kept; NULL: it may not */
  gboolean accepts_gzip;
  gboolean takes_upload;     /* a route that it may mean takes WEB_BODY_UPLOAD */
  const WebRefusal *refusal; /* NULL: it may pass */
  WebBody *upload;           /* its form with files, parsed while it comes; NULL: none */
} WebIncoming;

void web_incoming_free (WebIncoming *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebIncoming, web_incoming_free)

G_END_DECLS
