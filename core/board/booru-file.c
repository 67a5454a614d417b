/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-file.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/booru-open.h"

void
booru_folder_free (BooruFolder *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->path);
  g_free (self);
}

const BooruFolder *
booru_folder_find (GPtrArray *folders, gint64 id)
{
  for (guint i = 0; folders && i < folders->len; i++)
    {
      const BooruFolder *folder = g_ptr_array_index (folders, i);

      if (folder->id == id)
        return folder;
    }
  return NULL;
}

void
booru_file_free (BooruFile *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->path);
  g_free (self->failure);
  g_free (self);
}

int
booru_file_open (const BooruFile *self, const BooruFolder *folder, struct stat *info)
{
  g_return_val_if_fail (self != NULL && folder != NULL && info != NULL, -1);

  g_autoptr (GError) error = NULL;
  int root = open (folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd;

  if (root < 0)
    return -1;
  /* Without blocking: a pipe may lie there by now. */
  fd = booru_open_beneath (root, self->path, O_RDONLY | O_NONBLOCK, &error);
  close (root);
  if (fd < 0)
    {
      g_debug ("%s", error->message);
      return -1;
    }
  if (fstat (fd, info) != 0 || !S_ISREG (info->st_mode) || info->st_size != self->stat.size)
    {
      close (fd);
      return -1;
    }
  return fd;
}

BooruImport *
booru_import_new (const char *origin)
{
  g_return_val_if_fail (origin != NULL, NULL);

  BooruImport *self = g_new0 (BooruImport, 1);

  self->origin = g_strdup (origin);
  return self;
}

void
booru_import_free (BooruImport *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->origin);
  g_free (self->tags);
  g_free (self->source);
  g_free (self->note);
  g_free (self);
}

GPtrArray *
booru_imports_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)booru_import_free);
}

BooruFileChange *
booru_file_change_new (BooruFileChangeKind kind)
{
  BooruFileChange *self = g_new0 (BooruFileChange, 1);

  self->kind = kind;
  self->media.duration = -1;
  self->media.frames = 1;
  return self;
}

void
booru_file_change_free (BooruFileChange *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->path);
  g_free (self->metadata);
  g_clear_pointer (&self->imports, g_ptr_array_unref);
  g_free (self->failure);
  g_free (self->taken_name);
  g_free (self);
}
