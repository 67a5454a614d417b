/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean booru_pid_files_prepare (const char *dir, GError **error);
void booru_pid_files_write (const char *dir, const char *name, GPid pid);
void booru_pid_files_remove (const char *dir, const char *name, GPid pid);

G_END_DECLS
