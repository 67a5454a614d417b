/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "base/booru-error.h"

/* The sections of the manifest. */
enum
{
  MANIFEST_HEAD,
  MANIFEST_ENTRIES,
};

struct _BooruIndexFolder
{
  char *path, *manifest_path, *store_id;
  struct stat seen; /* of the manifest; all zeros: there was none */
  BooruIndexManifest manifest;
  GArray *entries;
};

BooruIndexFolder *
booru_index_folder_new (const char *path, const char *store_id)
{
  BooruIndexFolder *self = g_new0 (BooruIndexFolder, 1);

  self->path = g_strdup (path);
  self->manifest_path = g_build_filename (path, "manifest", NULL);
  self->store_id = g_strdup (store_id);
  self->entries = g_array_new (FALSE, FALSE, sizeof (BooruIndexEntry));
  return self;
}

void
booru_index_folder_free (BooruIndexFolder *self)
{
  g_array_unref (self->entries);
  g_free (self->path);
  g_free (self->manifest_path);
  g_free (self->store_id);
  g_free (self);
}

static BooruIndexIdentity
make_identity (const BooruIndexFolder *self,
               BooruIndexKind kind,
               guint32 number,
               guint64 generation)
{
  return (BooruIndexIdentity){ kind, number, generation, self->store_id, 0 };
}

static void
read_manifest (BooruIndexFolder *self)
{
  BooruIndexIdentity wanted = make_identity (self, BOORU_INDEX_KIND_MANIFEST, 0, 0);
  g_autoptr (BooruIndexImage) image = booru_index_image_map (self->manifest_path, &wanted, NULL);
  const BooruIndexManifest *manifest;
  const BooruIndexEntry *entries;
  gsize length, n;

  g_array_set_size (self->entries, 0);
  self->manifest = (BooruIndexManifest){ 0 };
  if (image == NULL)
    return;
  manifest = booru_index_image_get_section (image, MANIFEST_HEAD, &length);
  entries = booru_index_image_get_section (image, MANIFEST_ENTRIES, &n);
  if (manifest == NULL || length != sizeof *manifest || entries == NULL || n % sizeof *entries != 0)
    return;
  self->manifest = *manifest;
  g_array_append_vals (self->entries, entries, (guint)(n / sizeof *entries));
}

gboolean
booru_index_folder_refresh (BooruIndexFolder *self)
{
  struct stat now = { 0 };

  if (stat (self->manifest_path, &now) != 0)
    now = (struct stat){ 0 };
  if (now.st_ino == self->seen.st_ino && now.st_size == self->seen.st_size
      && now.st_mtim.tv_sec == self->seen.st_mtim.tv_sec
      && now.st_mtim.tv_nsec == self->seen.st_mtim.tv_nsec)
    return FALSE;
  self->seen = now;
  read_manifest (self);
  return TRUE;
}

void
booru_index_folder_forget (BooruIndexFolder *self)
{
  self->seen = (struct stat){ 0 };
}

const BooruIndexManifest *
booru_index_folder_get_manifest (const BooruIndexFolder *self)
{
  return &self->manifest;
}

const GArray *
booru_index_folder_get_entries (const BooruIndexFolder *self)
{
  return self->entries;
}

static char *
get_block_path (const BooruIndexFolder *self, guint32 number)
{
  g_autofree char *name = g_strdup_printf ("%05u.block", number);

  return g_build_filename (self->path, name, NULL);
}

BooruIndexImage *
booru_index_folder_map_block (const BooruIndexFolder *self, guint32 number, GError **error)
{
  BooruIndexIdentity wanted = make_identity (self, BOORU_INDEX_KIND_BLOCK, number, 0);
  g_autofree char *path = get_block_path (self, number);

  return booru_index_image_map (path, &wanted, error);
}

gboolean
booru_index_folder_has_block (const BooruIndexFolder *self, guint32 number)
{
  g_autofree char *path = get_block_path (self, number);

  return g_access (path, R_OK) == 0;
}

BooruIndexImage *
booru_index_folder_map_names (const BooruIndexFolder *self, GError **error)
{
  BooruIndexIdentity wanted = make_identity (self, BOORU_INDEX_KIND_NAMES, 0, 0);
  g_autofree char *path = g_build_filename (self->path, "names", NULL);

  return booru_index_image_map (path, &wanted, error);
}

static gboolean
write_file (const BooruIndexFolder *self, const char *path, GBytes *bytes, GError **error)
{
  if (g_mkdir_with_parents (self->path, 0700) != 0)
    return booru_set_errno_error (error, errno, "Could not make the folder “%s”", self->path);
  return booru_index_image_write (bytes, path, error);
}

gboolean
booru_index_folder_write_block (const BooruIndexFolder *self,
                                guint32 number,
                                GBytes *bytes,
                                GError **error)
{
  g_autofree char *path = get_block_path (self, number);

  return write_file (self, path, bytes, error);
}

gboolean
booru_index_folder_write_names (const BooruIndexFolder *self, GBytes *bytes, GError **error)
{
  g_autofree char *path = g_build_filename (self->path, "names", NULL);

  return write_file (self, path, bytes, error);
}

gboolean
booru_index_folder_write_manifest (BooruIndexFolder *self,
                                   const BooruIndexManifest *manifest,
                                   const GArray *entries,
                                   GError **error)
{
  g_autoptr (GPtrArray) sections = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  BooruIndexIdentity identity
      = make_identity (self, BOORU_INDEX_KIND_MANIFEST, 0, manifest->generation);
  BooruIndexManifest head = *manifest;
  g_autoptr (GBytes) bytes = NULL;

  head.written_at = g_get_real_time ();
  g_ptr_array_add (sections, g_bytes_new (&head, sizeof head));
  g_ptr_array_add (sections,
                   g_bytes_new (entries->data, (gsize)entries->len * sizeof (BooruIndexEntry)));
  bytes = booru_index_image_make (&identity, sections);
  return write_file (self, self->manifest_path, bytes, error);
}
