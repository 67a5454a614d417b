/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* What names and first bytes tell of files (which names are left out: monitor-names.h). Formats are
 * told by content, never by name; the name only says what the user takes a file for. */

#define MONITOR_HEAD_SIZE 4096

gboolean monitor_name_is_media (const char *path);
const char *const *monitor_media_suffixes (void); /* without dots, NULL-terminated */
gboolean monitor_head_is_media (const guint8 *head, gsize length);
gboolean monitor_head_is_gzip (const guint8 *head, gsize length);
const char *monitor_head_describe (const guint8 *head, gsize length);
char *monitor_content_refuse (const char *description);

G_END_DECLS
