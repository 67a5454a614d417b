/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void booru_host_links_make (const char *data_dir, const char *runtime_dir);

G_END_DECLS
