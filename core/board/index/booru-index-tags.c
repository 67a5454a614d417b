/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-tags.h"

#include "base/booru-error.h"
#include "booru-index-names-builder.h"

/* With so many names beside their image it is made anew. */
#define MAX_NEW_NAMES 4096

/* So many changed counts weigh as much as one changed post: each post has as many tags. */
#define COUNTS_PER_POST 32

struct _BooruIndexTags
{
  char *store_id;
  const BooruIndexSource *source;
  gpointer data;
  BooruIndexNames *names; /* NULL: not read yet */
  guint64 generation;     /* that they have reached */
  guint64 seen;           /* generation of the file that was looked at last; 0: none */
};

BooruIndexTags *
booru_index_tags_new (const char *store_id, const BooruIndexSource *source, gpointer data)
{
  BooruIndexTags *self = g_new0 (BooruIndexTags, 1);

  self->store_id = g_strdup (store_id);
  self->source = source;
  self->data = data;
  return self;
}

void
booru_index_tags_free (BooruIndexTags *self)
{
  g_clear_pointer (&self->names, booru_index_names_free);
  g_free (self->store_id);
  g_free (self);
}

static gboolean
add_tag (const BooruTagRef *tag, gpointer data, GError **error)
{
  g_ptr_array_add (data, booru_tag_ref_new (tag->id, tag->name, tag->category, tag->post_count));
  return TRUE;
}

static gboolean
put_tag (const BooruTagRef *tag, gpointer data, GError **error)
{
  booru_index_names_put (data, tag);
  return TRUE;
}

static GBytes *
build_image (BooruIndexTags *self, guint64 generation, GError **error)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);
  BooruIndexIdentity identity = { BOORU_INDEX_KIND_NAMES, 0, generation, self->store_id, 0 };

  if (!self->source->get_stamp (self->data, generation, &identity.stamp, error)
      || !self->source->read_tags (self->data, 0, add_tag, tags, error))
    return NULL;
  return booru_index_names_build (tags, &identity);
}

/* Takes @image over. */
static gboolean
use_image (BooruIndexTags *self, BooruIndexImage *image)
{
  guint64 generation = booru_index_image_get_generation (image);
  BooruIndexNames *names = booru_index_names_new (image);

  if (names == NULL)
    return FALSE;
  g_clear_pointer (&self->names, booru_index_names_free);
  self->names = names;
  self->generation = generation;
  return TRUE;
}

static gboolean
build (BooruIndexTags *self, guint64 generation, GError **error)
{
  BooruIndexIdentity identity = { BOORU_INDEX_KIND_NAMES, 0, generation, self->store_id, 0 };
  g_autoptr (GBytes) bytes = build_image (self, generation, error);

  return bytes && use_image (self, booru_index_image_new (bytes, &identity, NULL));
}

gboolean
booru_index_tags_adopt (BooruIndexTags *self, const BooruIndexFolder *folder, guint64 generation)
{
  guint64 offered = booru_index_folder_get_manifest (folder)->names_generation;
  g_autoptr (BooruIndexImage) image = NULL;
  gint64 stamp = 0;

  if (offered == 0 || offered == self->seen)
    return TRUE;
  image = booru_index_folder_map_names (folder, NULL);
  if (offered > generation || (image && booru_index_image_get_generation (image) > generation)
      || (image
          && !self->source->get_stamp (self->data, booru_index_image_get_generation (image), &stamp,
                                       NULL)))
    return FALSE;
  self->seen = offered;
  if (image && (stamp == 0 || booru_index_image_get_stamp (image) == stamp))
    use_image (self, g_steal_pointer (&image));
  return TRUE;
}

const BooruIndexNames *
booru_index_tags_get (BooruIndexTags *self, guint64 generation, GError **error)
{
  if (self->names == NULL || generation < self->generation
      || booru_index_names_get_n_new (self->names) > MAX_NEW_NAMES)
    return build (self, generation, error) ? self->names : NULL;
  if (self->generation != generation
      && !self->source->read_tags (self->data, self->generation, put_tag, self->names, error))
    return NULL;
  self->generation = generation;
  return self->names;
}

static const BooruIndexImage *
get_file (const BooruIndexTags *self)
{
  const BooruIndexImage *image = self->names ? booru_index_names_get_image (self->names) : NULL;

  return image && booru_index_image_is_mapped (image) ? image : NULL;
}

gboolean
booru_index_tags_is_unwritten (const BooruIndexTags *self, guint min_changes)
{
  return get_file (self) == NULL
         || booru_index_names_get_n_new (self->names)
                    + booru_index_names_get_n_changed (self->names) / COUNTS_PER_POST
                >= MAX (min_changes, 1);
}

gboolean
booru_index_tags_write (BooruIndexTags *self,
                        const BooruIndexFolder *folder,
                        guint64 generation,
                        GError **error)
{
  g_autoptr (GBytes) bytes = build_image (self, generation, error);
  BooruIndexImage *image;

  if (bytes == NULL || !booru_index_folder_write_names (folder, bytes, error))
    return FALSE;
  image = booru_index_folder_map_names (folder, error);
  if (image == NULL)
    return FALSE;
  self->seen = generation;
  if (use_image (self, image))
    return TRUE;
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_IO,
                       "The names of the search index were damaged while they were written");
  return FALSE;
}

guint64
booru_index_tags_get_file (const BooruIndexTags *self, guint64 *size)
{
  const BooruIndexImage *image = get_file (self);

  *size = image ? booru_index_image_get_size (image) : 0;
  return image ? booru_index_image_get_generation (image) : 0;
}
