/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-file.h"

void
booru_folder_free (BooruFolder *self)
{
  g_free (self->path);
  g_free (self);
}

void
booru_file_free (BooruFile *self)
{
  g_free (self->path);
  g_free (self->failure);
  g_free (self);
}

/**
 * booru_file_change_new:
 * @kind: what was seen
 *
 * Returns: (transfer full): a change whose other members are empty
 */
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
  g_free (self->path);
  g_free (self->metadata);
  g_free (self->failure);
  g_free (self);
}
