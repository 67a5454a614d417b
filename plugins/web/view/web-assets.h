/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WebAssets:
 *
 * Styles, modules and icons, each under a URL with a hash of its content, so that browsers keep it
 * for ever. Where a module or style names another as "./NAME", the URL is put in, so that the hash
 * covers what is imported too.
 */
typedef struct _WebAssets WebAssets;

#define WEB_ASSETS_PATH "/assets/"

typedef struct
{
  char *name;     /* "app.css" */
  char *url;      /* "/assets/app.0123456789ab.css", "/assets/PLUGIN/app.…" */
  char *variable; /* "asset-app-css": how templates name the URL */
  char *content_type;
  GBytes *bytes;
  GBytes *packed;     /* by gzip; NULL: not made yet, see web_asset_get_packed() */
  GPtrArray *imports; /* WebAsset, each but once, those of its imports too */
} WebAsset;

/* Those of a folder, perhaps of resources. plugin: whose they are, a part of their URLs and
 * variables ("asset-PLUGIN-app-css"); NULL: the board's. */
WebAssets *web_assets_new (GFile *folder, const char *plugin, GError **error);
void web_assets_free (WebAssets *self);

GPtrArray *web_assets_get_all (WebAssets *self); /* transfer none, of WebAsset */
/* By its own name; NULL if there is none. */
const WebAsset *web_assets_get (WebAssets *self, const char *name);

/* What a URL's last part asks for. @current: whether the hash is that of the content: a page of
 * another version of the program may ask for another. NULL if there is no such asset. */
WebAsset *web_assets_find (WebAssets *self, const char *hashed_name, gboolean *current);

/* transfer none; compressed as far as it goes, once. NULL: it would not get smaller */
GBytes *web_asset_get_packed (WebAsset *asset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebAssets, web_assets_free)

G_END_DECLS
