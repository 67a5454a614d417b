/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean booru_lifeline_watch (int fd, GError **error);

G_END_DECLS
