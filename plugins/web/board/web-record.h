/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Records as JSON, and what a request says of one. */
#pragma once

#include "http/web-request.h"
#include "view/web-json.h"

G_BEGIN_DECLS

/* As the API shows it: its fields in their order. */
void web_record_write_json (WebJson *json, const BooruRecord *record);
void web_record_write_members (WebJson *json, const BooruRecord *record);

/* The records of @kind that belong to a post, as a list; of a commentary, which is one, itself or
 * null. For the members of a post that clients ask for by only=: "notes", "comments",
 * "artist_commentary". */
gboolean web_record_write_of_post (WebRequest *request,
                                   WebJson *json,
                                   BooruRecordKind kind,
                                   gint64 post_id,
                                   GError **error);

/* The fields of NAME[…] in the request's body, and of the bare parameters that @bare names
 * (nullable). Transfer full: name → value. */
GHashTable *web_record_read_edit (WebRequest *request, const char *name, const char *const *bare);

/* Answers a write that failed: Danbooru's {"errors":…} for what is invalid. */
void web_record_fail_write (WebRequest *request, const GError *error);

G_END_DECLS
