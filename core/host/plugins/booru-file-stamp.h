/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Transfer full: text that differs when the file was written to or replaced; NULL: there is
 * none. */
char *booru_file_stamp (const char *path);

G_END_DECLS
