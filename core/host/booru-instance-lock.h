/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruInstanceLock:
 *
 * Held by the one host that works on a data folder, or by all those that share it; released by
 * their death, however they die.
 */
typedef struct _BooruInstanceLock BooruInstanceLock;

BooruInstanceLock *booru_instance_lock_take (const char *data_dir, gboolean shared, GError **error);
char *
booru_instance_lock_take_slot (BooruInstanceLock *self, const char *runtime_dir, GError **error);
void booru_instance_lock_free (BooruInstanceLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruInstanceLock, booru_instance_lock_free)

G_END_DECLS
