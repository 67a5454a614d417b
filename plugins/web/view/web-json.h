/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "web-fields.h"

G_BEGIN_DECLS

#define WEB_JSON_MAX_DEPTH 16

/**
 * WebJson:
 *
 * Writes JSON straight into a string. Lives on the stack; web_json_finish() hands over what was
 * written. Commas are its own business. With a field list, web_json_member() says whether the field
 * is wanted; the value is written only then:
 *
 *     if (web_json_member (&json, "media_asset"))
 *       write_media_asset (&json, post);
 */
typedef struct
{
  GString *out;
  guint depth;
  gboolean has_items[WEB_JSON_MAX_DEPTH];
  const WebFields *fields[WEB_JSON_MAX_DEPTH]; /* wanted in the object at that depth */
  const WebFields *next;                       /* wanted in the value that follows */
} WebJson;

/* fields: outlive it; of the outermost object, or of the objects in the outermost array. */
void web_json_init (WebJson *self, const WebFields *fields);
void web_json_reserve (WebJson *self, gsize size); /* that many bytes are about to be written */
GString *web_json_finish (WebJson *self);          /* transfer full */

void web_json_begin_object (WebJson *self);
void web_json_end_object (WebJson *self);
void web_json_begin_array (WebJson *self);
void web_json_end_array (WebJson *self);

/* Whether the member is wanted: then its name was written, and its value is to follow. name: plain
 * ASCII, no escaping needed. */
gboolean web_json_member (WebJson *self, const char *name);

/* NULL: null; invalid UTF-8 becomes U+FFFD. */
void web_json_string (WebJson *self, const char *value);
void web_json_string_length (WebJson *self, const char *value, gsize length);
void web_json_int (WebJson *self, gint64 value);
void web_json_double (WebJson *self, double value); /* what is not finite: null */
void web_json_boolean (WebJson *self, gboolean value);
void web_json_null (WebJson *self);
void web_json_raw (WebJson *self, const char *json); /* one value that is JSON already */

void web_json_member_string (WebJson *self, const char *name, const char *value);
void web_json_member_int (WebJson *self, const char *name, gint64 value);
void web_json_member_int_or_null (WebJson *self, const char *name, gint64 value); /* 0: null */
void web_json_member_boolean (WebJson *self, const char *name, gboolean value);
void web_json_member_null (WebJson *self, const char *name);

/* ISO-8601 with milliseconds, UTC. */
void web_json_member_time (WebJson *self, const char *name, gint64 microseconds);

G_END_DECLS
