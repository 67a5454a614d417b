/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *booru_host_describe (const char *data_dir);

G_END_DECLS
