/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef gboolean (*WebFilesFunc) (const char *name,
                                  GBytes *contents,
                                  gpointer user_data,
                                  GError **error);

/* Calls @func for each file of a folder, which may be one of resources ("resource:///…"), until it
 * fails. Hidden files are left out. */
gboolean web_files_foreach (GFile *folder, WebFilesFunc func, gpointer user_data, GError **error);

G_END_DECLS
