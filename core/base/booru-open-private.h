/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What booru_open_beneath() does on a kernel without openat2(2); here for its tests. */
int booru_open_beneath_by_component (int root_fd, const char *path, int flags, GError **error);

G_END_DECLS
