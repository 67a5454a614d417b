/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/booru-upload.h"

void
booru_asset_free (BooruAsset *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->error);
  g_free (self->file_name);
  g_free (self->spool);
  g_free (self->tag_string);
  g_free (self->source);
  g_free (self);
}

void
booru_upload_free (BooruUpload *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->source);
  g_clear_pointer (&self->assets, g_ptr_array_unref);
  g_free (self);
}
