/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* What names and first bytes tell of files (which names are left out: monitor-names.h). Formats are
 * told by content, never by name; the name only says what the user takes a file for. */

#define MONITOR_HEAD_SIZE 4096

/* @path: a file's name or path
 * Returns: whether the name ends like a picture's or a video's, so that the user expects it
 *   shown */
gboolean monitor_name_is_media (const char *path);

const char *const *monitor_media_suffixes (void); /* without dots, NULL-terminated */

/* A cheap guess that spares large other files from being read whole. The decoder decides.
 * @head: first bytes of a file
 * @length: how many; MONITOR_HEAD_SIZE unless the file is shorter
 * Returns: whether the content may be a picture or a video */
gboolean monitor_head_is_media (const guint8 *head, gsize length);

gboolean monitor_head_is_gzip (const guint8 *head, gsize length);

/* @head: first bytes of a file
 * @length: how many
 * Returns: (nullable): what the content is, with its article, for "This is …" */
const char *monitor_head_describe (const guint8 *head, gsize length);

/* @description: as of monitor_head_describe(), of content that is not shown
 * Returns: (transfer full): a sentence that says why not */
char *monitor_content_refuse (const char *description);

G_END_DECLS
