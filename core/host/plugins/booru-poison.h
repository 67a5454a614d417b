/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/booru-plugin-info.h"

G_BEGIN_DECLS

/**
 * BooruPoison:
 *
 * Plugins that crashed or hung while they were loaded or started, remembered in the data folder, so
 * that the next start does not go through it again. One is forgotten when its module changes or
 * when it is asked for by name.
 */
typedef struct _BooruPoison BooruPoison;

/* A file that cannot be read is a warning, and counts as empty. */
BooruPoison *booru_poison_new (const char *data_dir);
void booru_poison_free (BooruPoison *self);
void booru_poison_add (BooruPoison *self, BooruPluginInfo *info, const char *why);

/* Why it is to be left alone; NULL: it is not. */
const char *booru_poison_find (BooruPoison *self, BooruPluginInfo *info);
void booru_poison_forget (BooruPoison *self, const char *name);

/* FALSE with BOORU_ERROR_CONFIG: to be left alone, and how to try again. */
gboolean booru_poison_check (BooruPoison *self, BooruPluginInfo *info, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruPoison, booru_poison_free)

G_END_DECLS
