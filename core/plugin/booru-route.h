/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BooruRequest:
 *
 * An HTTP request and the way to answer it, as a route's handler sees them, without the server
 * library behind them. Each request is answered exactly once: by booru_request_respond() or
 * booru_request_fail(). A handler that answers later keeps a reference until it has.
 */
#define BOORU_TYPE_REQUEST (booru_request_get_type ())
G_DECLARE_INTERFACE (BooruRequest, booru_request, BOORU, REQUEST, GObject)

struct _BooruRequestInterface
{
  GTypeInterface parent;

  const char *(*get_method) (BooruRequest *self);
  const char *(*get_path) (BooruRequest *self);
  const char *(*get_capture) (BooruRequest *self, const char *name);
  const char *(*get_param) (BooruRequest *self, const char *name);
  const char *(*get_header) (BooruRequest *self, const char *name);
  GBytes *(*get_body) (BooruRequest *self);
  void (*set_header) (BooruRequest *self, const char *name, const char *value);
  void (*respond) (BooruRequest *self, guint status, const char *content_type, GBytes *body);
  void (*fail) (BooruRequest *self, const GError *error);
};

const char *booru_request_get_method (BooruRequest *self);
const char *booru_request_get_path (BooruRequest *self); /* decoded, without the query */
/* What ":name" of the pattern matched, decoded. */
const char *booru_request_get_capture (BooruRequest *self, const char *name);

/* From query string, form, multipart or JSON body; NULL if absent. */
const char *booru_request_get_param (BooruRequest *self, const char *name);
const char *booru_request_get_header (BooruRequest *self, const char *name);
GBytes *booru_request_get_body (BooruRequest *self); /* transfer none */
/* Of the answer. */
void booru_request_set_header (BooruRequest *self, const char *name, const char *value);

/* body: transfer none; NULL: empty. */
void
booru_request_respond (BooruRequest *self, guint status, const char *content_type, GBytes *body);

/* The status that fits the error, as JSON or as a page. */
void booru_request_fail (BooruRequest *self, const GError *error);

/**
 * BooruRoute:
 *
 * An extension point of the web service: constant data in a plugin's module.
 */
typedef struct
{
  const char *method; /* "GET" (answers HEAD too), "POST", "PUT", "DELETE" */
  /* "/posts/:id": a capture spans one segment; "/posts/:id.json" ends in a fixed suffix. */
  const char *pattern;
  gsize body_limit; /* bytes; 0: a body is refused */
  void (*handle) (BooruRequest *request, gpointer user_data);
} BooruRoute;

G_END_DECLS
