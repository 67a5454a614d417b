/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-assets.h"

#include <booru.h>
#include <string.h>

#include "web-encoding.h"
#include "web-files.h"

#define HASH_LENGTH 12

struct _WebAssets
{
  GPtrArray *assets; /* WebAsset */
  char *path;        /* before their names in URLs */
  char *variable;    /* before their names in templates */
};

static void
asset_free (WebAsset *asset)
{
  g_free (asset->name);
  g_free (asset->url);
  g_free (asset->variable);
  g_free (asset->content_type);
  g_bytes_unref (asset->bytes);
  g_clear_pointer (&asset->packed, g_bytes_unref);
  g_ptr_array_unref (asset->imports);
  g_free (asset);
}

void
web_assets_free (WebAssets *self)
{
  g_ptr_array_unref (self->assets);
  g_free (self->path);
  g_free (self->variable);
  g_free (self);
}

GPtrArray *
web_assets_get_all (WebAssets *self)
{
  return self->assets;
}

const WebAsset *
web_assets_get (WebAssets *self, const char *name)
{
  for (guint i = 0; i < self->assets->len; i++)
    {
      const WebAsset *asset = g_ptr_array_index (self->assets, i);

      if (strcmp (asset->name, name) == 0)
        return asset;
    }
  return NULL;
}

static const char *
get_content_type (const char *name)
{
  static const struct
  {
    const char *suffix, *type;
  } types[] = {
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".woff2", "font/woff2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i].suffix))
      return types[i].type;
  return NULL;
}

static gboolean
add_asset (const char *name, GBytes *bytes, gpointer user_data, GError **error)
{
  WebAssets *self = user_data;
  const char *type = get_content_type (name);
  WebAsset *asset;

  if (type == NULL)
    return TRUE;

  asset = g_new0 (WebAsset, 1);
  asset->name = g_strdup (name);
  asset->variable = g_strdelimit (g_strconcat (self->variable, name, NULL), ".", '-');
  asset->content_type = g_strdup (type);
  asset->bytes = g_bytes_ref (bytes);
  asset->imports = g_ptr_array_new ();
  g_ptr_array_add (self->assets, asset);
  return TRUE;
}

static void
add_import (WebAsset *asset, WebAsset *imported)
{
  if (!g_ptr_array_find (asset->imports, imported, NULL))
    g_ptr_array_add (asset->imports, imported);
  for (guint i = 0; i < imported->imports->len; i++)
    if (!g_ptr_array_find (asset->imports, imported->imports->pdata[i], NULL))
      g_ptr_array_add (asset->imports, imported->imports->pdata[i]);
}

static gboolean finish_asset (WebAssets *self, WebAsset *asset, guint depth, GError **error);

/* Replaces each "./NAME" by the hashed name of that asset, which is finished first. */
static gboolean
resolve_imports (WebAssets *self, WebAsset *asset, guint depth, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (asset->bytes, &length);
  g_autofree char *text = g_strndup (data, length);
  g_autoptr (GString) resolved = g_string_sized_new (length + 64);
  const char *at = text, *quote;

  while ((quote = strstr (at, "\"./")))
    {
      g_autofree char *name = g_strndup (quote + 3, strcspn (quote + 3, "\""));
      WebAsset *imported = (WebAsset *)web_assets_get (self, name);

      if (imported == NULL)
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                       "The asset %s refers to %s, which does not exist", asset->name, name);
          return FALSE;
        }
      if (!finish_asset (self, imported, depth + 1, error))
        return FALSE;
      /* What is imported later, when it is needed, is not loaded beforehand: import("./NAME"). */
      if (quote == text || quote[-1] != '(')
        add_import (asset, imported);
      g_string_append_len (resolved, at, quote + 1 - at);
      /* Relative, since the path under which a proxy shows the board is unknown here. */
      g_string_append_printf (resolved, "./%s", imported->url + strlen (self->path));
      at = quote + 3 + strlen (name);
    }

  g_string_append (resolved, at);
  g_bytes_unref (asset->bytes);
  asset->bytes = g_string_free_to_bytes (g_steal_pointer (&resolved));
  return TRUE;
}

static gboolean
finish_asset (WebAssets *self, WebAsset *asset, guint depth, GError **error)
{
  g_autofree char *hash = NULL;
  const char *dot = strrchr (asset->name, '.');

  if (asset->url)
    return TRUE;
  if (depth > self->assets->len)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "The asset %s imports itself",
                   asset->name);
      return FALSE;
    }
  if (g_str_has_prefix (asset->content_type, "text/")
      && !resolve_imports (self, asset, depth, error))
    return FALSE;

  hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, asset->bytes);
  asset->url = g_strdup_printf ("%s%.*s.%.*s%s", self->path, (int)(dot - asset->name), asset->name,
                                HASH_LENGTH, hash, dot);
  return TRUE;
}

static gboolean
finish_all (WebAssets *self, GError **error)
{
  for (guint i = 0; i < self->assets->len; i++)
    if (!finish_asset (self, g_ptr_array_index (self->assets, i), 0, error))
      return FALSE;
  return TRUE;
}

WebAssets *
web_assets_new (GFile *folder, const char *plugin, GError **error)
{
  g_autoptr (WebAssets) self = g_new0 (WebAssets, 1);

  self->assets = g_ptr_array_new_with_free_func ((GDestroyNotify)asset_free);
  self->path = g_strconcat (WEB_ASSETS_PATH, plugin, plugin ? "/" : NULL, NULL);
  self->variable = g_strconcat ("asset-", plugin, plugin ? "-" : NULL, NULL);
  return web_files_foreach (folder, add_asset, self, error) && finish_all (self, error)
             ? g_steal_pointer (&self)
             : NULL;
}

WebAsset *
web_assets_find (WebAssets *self, const char *hashed_name, gboolean *current)
{
  g_auto (GStrv) parts = g_strsplit (hashed_name, ".", 4);
  g_autofree char *name = NULL;
  WebAsset *asset;

  if (g_strv_length (parts) != 3)
    return NULL;

  name = g_strconcat (parts[0], ".", parts[2], NULL);
  asset = (WebAsset *)web_assets_get (self, name);
  *current = asset && strcmp (asset->url + strlen (self->path), hashed_name) == 0;
  return asset;
}

GBytes *
web_asset_get_packed (WebAsset *asset)
{
  if (asset->packed == NULL)
    asset->packed = web_encoding_gzip (asset->bytes, 9);
  return asset->packed;
}
