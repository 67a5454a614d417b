/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "base/booru-user.h"

G_BEGIN_DECLS

/**
 * BooruRequest:
 *
 * An HTTP request and the way to answer it, as a route's handler sees them, without the server
 * library behind them. Each request is answered exactly once, by booru_request_respond() or
 * booru_request_fail(). A handler that answers later keeps a reference until then.
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
  const BooruUser *(*get_user) (BooruRequest *self);
  void (*set_header) (BooruRequest *self, const char *name, const char *value);
  void (*respond) (BooruRequest *self, guint status, const char *content_type, GBytes *body);
  void (*fail) (BooruRequest *self, const GError *error);
};

/**
 * booru_request_get_method:
 * @self: a request
 *
 * Returns: (transfer none): "GET"
 */
const char *booru_request_get_method (BooruRequest *self);

/**
 * booru_request_get_path:
 * @self: a request
 *
 * Returns: (transfer none): the path, decoded, without the query
 */
const char *booru_request_get_path (BooruRequest *self);

/**
 * booru_request_get_capture:
 * @self: a request
 * @name: of a capture in the route's pattern, without the colon
 *
 * Returns: (transfer none) (nullable): what it matched, decoded
 */
const char *booru_request_get_capture (BooruRequest *self, const char *name);

/**
 * booru_request_get_param:
 * @self: a request
 * @name: of a parameter in the query string or in a form, multipart or JSON body
 *
 * Returns: (transfer none) (nullable): its value; %NULL if absent
 */
const char *booru_request_get_param (BooruRequest *self, const char *name);

/**
 * booru_request_get_header:
 * @self: a request
 * @name: of a header, in any case
 *
 * Returns: (transfer none) (nullable): its value; %NULL if absent
 */
const char *booru_request_get_header (BooruRequest *self, const char *name);

/**
 * booru_request_get_body:
 * @self: a request
 *
 * Returns: (transfer none): the body
 */
GBytes *booru_request_get_body (BooruRequest *self);

/**
 * booru_request_get_user:
 * @self: a request
 *
 * Returns: (transfer none): who asks; never %NULL: a visitor without an account is a user too
 */
const BooruUser *booru_request_get_user (BooruRequest *self);

/**
 * booru_request_set_header:
 * @self: a request
 * @name: of a header of the answer
 * @value: its value
 */
void booru_request_set_header (BooruRequest *self, const char *name, const char *value);

/**
 * booru_request_respond:
 * @self: a request
 * @status: the HTTP status
 * @content_type: (nullable): the media type of @body
 * @body: (nullable): the body; %NULL: empty
 *
 * Answers the request.
 */
void
booru_request_respond (BooruRequest *self, guint status, const char *content_type, GBytes *body);

/**
 * booru_request_fail:
 * @self: a request
 * @error: what went wrong
 *
 * Answers with the status that fits @error, as JSON or as a page.
 */
void booru_request_fail (BooruRequest *self, const GError *error);

/**
 * BooruRoute:
 * @method: "GET" (answers HEAD too), "POST", "PUT", "DELETE"
 * @pattern: "/posts/:id": a capture spans one segment; "/posts/:id.json" ends in a fixed suffix
 * @body_limit: in bytes; 0: a body is refused
 * @handle: answers the request, at once or later
 * @access: who may use it; others are refused before @handle is called
 *
 * An extension point of the web service: constant data in a plugin's module.
 */
typedef struct
{
  const char *method;
  const char *pattern;
  gsize body_limit;
  void (*handle) (BooruRequest *request, gpointer user_data);
  BooruAccess access;
} BooruRoute;

G_END_DECLS
