/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruSpool:
 *
 * A file in the data folder's "tmp" by which one process hands content to another, for as long as
 * it takes: the name goes through the host, the content never does. Whoever takes it removes its
 * name, and so does whoever made it. What a process that crashed left behind is told from what is
 * in use by a lock, which ends with its holder.
 *
 * For any thread, but each object for one at a time.
 */
typedef struct _BooruSpool BooruSpool;

BooruSpool *booru_spool_new (const char *data_dir, GError **error);
BooruSpool *booru_spool_new_for_fd (const char *data_dir, int fd, GError **error);
void booru_spool_free (BooruSpool *self); /* removes the file */
const char *booru_spool_get_name (BooruSpool *self);
gboolean booru_spool_write (BooruSpool *self, const void *data, gsize size, GError **error);

int booru_spool_take (const char *data_dir, const char *name, GError **error);
guint booru_spool_clean (const char *data_dir);
gboolean booru_spool_is_name (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSpool, booru_spool_free)

G_END_DECLS
