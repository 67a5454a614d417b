/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A post as clients see it: its URLs and its JSON. */
#pragma once

#include <booru.h>

#include "view/web-json.h"

G_BEGIN_DECLS

/* base_url: "http://host:port", or "" for URLs on this server. */
char *web_post_dup_original_url (const BooruPost *post, const char *base_url);
char *web_post_dup_variant_url (const BooruPost *post, BooruVariant variant, const char *base_url);
gboolean web_post_has_variant (const BooruPost *post, BooruVariant variant);

/* What is written of a post only where only= or include= asks for it; each may be NULL. */
typedef struct
{
  const char *metadata;      /* booru_store_get_metadata() */
  const BooruPost *parent;   /* also where the post has none: has_parent says whether to write it */
  const GPtrArray *children; /* BooruPost */
  const char *uploader;      /* name */
  const char *approver;
  gboolean has_parent;
  void (*write_more) (WebJson *json, const BooruPost *post, gpointer data); /* more members */
  gpointer data;
} WebPostParts;

/* Writes the post with the members, names and types of Danbooru's API, as far as the writer's field
 * list wants them. Members for things that this board does not have are there all the same: clients
 * insist on them. parts: NULL: none. */
void web_post_write_json (WebJson *json,
                          const BooruPost *post,
                          const WebPostParts *parts,
                          const char *base_url);

/* Writes Danbooru's media asset, with its post. post: NULL: there is none; then asset is an
 * uploaded file whose kind is known. */
void web_post_write_asset_json (WebJson *json,
                                const BooruPost *post,
                                const BooruAsset *asset,
                                const char *base_url);

G_END_DECLS
