/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The web plugin's own routes: each group adds its own the way any plugin does. */
#pragma once

#include <booru.h>

#include "http/web-connection.h"
#include "http/web-request.h"
#include "http/web-worker.h"

G_BEGIN_DECLS

void web_routes_add_autocomplete (BooruExtensions *extensions);
void web_routes_add_duplicates (BooruExtensions *extensions);
void web_routes_add_events (BooruExtensions *extensions);
void web_routes_add_explore (BooruExtensions *extensions);
void web_routes_add_files (BooruExtensions *extensions);
void web_routes_add_health (BooruExtensions *extensions);
void web_routes_add_iqdb (BooruExtensions *extensions);
void web_routes_add_legacy (BooruExtensions *extensions);
void web_routes_add_nothing (BooruExtensions *extensions);
void web_routes_add_openapi (BooruExtensions *extensions);
void web_routes_add_people (BooruExtensions *extensions);
void web_routes_add_pools (BooruExtensions *extensions);
void web_routes_add_post_records (BooruExtensions *extensions);
void web_routes_add_tag_records (BooruExtensions *extensions);
void web_routes_add_jobs (BooruExtensions *extensions);
void web_routes_add_posts (BooruExtensions *extensions);
void web_routes_add_related (BooruExtensions *extensions);
void web_routes_add_users (BooruExtensions *extensions);
void web_routes_add_relations (BooruExtensions *extensions);
void web_routes_add_tag_edit (BooruExtensions *extensions);
void web_routes_add_tags (BooruExtensions *extensions);
void web_routes_add_uploads (BooruExtensions *extensions);
void web_routes_add_versions (BooruExtensions *extensions);

/* Danbooru's array of posts, with what only= and include= ask for: in route-posts.c. */
void web_routes_respond_posts (WebRequest *request, GPtrArray *posts);

/* The parameter page. FALSE after answering 400, or 410 for one that is too far. */
gboolean web_routes_read_page (WebRequest *request, guint limit, BooruPage *page);

/* The hook of that name, in route-files.c: TRUE for a small file. */
gboolean web_files_answer_thumbnail (WebWorker *worker, const WebSlice *path, WebPrefilter *answer);

G_END_DECLS
