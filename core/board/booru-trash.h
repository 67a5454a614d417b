/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-store.h"

G_BEGIN_DECLS

/* Emptying the trash: the one place where the program removes originals for good. Only those of
 * deleted posts, only in the managed folder, only when somebody asks for it. */

typedef struct
{
  gint64 n_removed; /* files */
  gint64 n_kept;    /* files that are not what the store knows of them: left alone */
  gint64 size;      /* bytes of those removed */
} BooruTrashResult;

gboolean booru_trash_empty (BooruStore *store,
                            const char *data_dir,
                            gint64 n_expected,
                            BooruTrashResult *result,
                            GError **error);
void booru_trash_recover (BooruStore *store, const char *data_dir);

G_END_DECLS
