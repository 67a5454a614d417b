/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the API and the pages do alike about uploads. */
#pragma once

#include "view/web-json.h"
#include "http/web-request.h"

G_BEGIN_DECLS

/* An upload as clients see it. */
void web_upload_write_json (WebJson *json,
                            const BooruUpload *upload,
                            BooruStore *store,
                            const char *base_url);

/* What a request wants of the posts: post[tag_string], post[rating], post[source], post[parent_id].
 * FALSE with an error: BOORU_ERROR_INVALID. The strings are the request's. */
gboolean web_upload_read_edit (WebRequest *request, BooruPostEdit *edit, GError **error);

/* Makes an upload of the files that came with the request. Calls back, perhaps at once, when it is
 * durable, or with an error that web_upload_fail() answers. wanted: the posts that they are to
 * become; NULL: none yet. Its strings are the request's. */
typedef void (*WebUploadFunc) (WebRequest *request, BooruUpload *upload, const GError *error);
void web_upload_create (WebRequest *request, const BooruPostEdit *wanted, WebUploadFunc func);
void web_upload_fail (WebRequest *request, const GError *error);

/* Asks for a post of an uploaded file, and calls back, perhaps at once, when there is one; with
 * BOORU_ERROR_BUSY if the monitor takes its time. */
typedef void (*WebUploadPostFunc) (WebRequest *request, BooruPost *post, const GError *error);
void web_upload_make_post (WebRequest *request,
                           gint64 asset_id,
                           const BooruPostEdit *wanted,
                           WebUploadPostFunc func);

G_END_DECLS
