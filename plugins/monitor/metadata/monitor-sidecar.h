/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "monitor-tags.h"

G_BEGIN_DECLS

/* Files that lie beside a picture and say something of it. The names: of "a.jpg" these are
 * "a.jpg.json", "a.jpg.txt", "a.jpg.xmp", and, unless another picture has the same stem, "a.json",
 * "a.txt", "a.xmp". */

#define MONITOR_SIDECAR_MAX_SIZE (1024 * 1024)

typedef enum
{
  MONITOR_SIDECAR_NONE, /* it says nothing of a picture: a text, or JSON of another sort */
  MONITOR_SIDECAR_READ,
  MONITOR_SIDECAR_BROKEN, /* it was meant to, and cannot be read: the error says why */
} MonitorSidecarResult;

/* Pure functions of a sidecar's content. */
/* Of UTF-8 or UTF-16 with a byte order mark, or of Latin-1; transfer full. */
char *monitor_sidecar_to_utf8 (const char *text, gsize length, gsize *new_length, GError **error);

MonitorSidecarResult
monitor_sidecar_parse_json (MonitorTags *self, const char *text, gsize length, GError **error);
MonitorSidecarResult
monitor_sidecar_parse_text (MonitorTags *self, const char *text, gsize length, GError **error);
MonitorSidecarResult
monitor_sidecar_parse_xmp (MonitorTags *self, const char *text, gsize length, GError **error);

gboolean monitor_sidecar_is_named_like (const char *path); /* ends with .json, .txt or .xmp */

/* Of pictures that a sidecar may belong to; transfer full. */
GPtrArray *monitor_sidecar_list_names (const char *path);

/* In any thread. @root_fd: the folder's. */
/* Paths of those of a picture, which may be gone itself; transfer full. */
GPtrArray *monitor_sidecar_list (int root_fd, const char *path);

/* Of which one might say something; transfer full. */
GPtrArray *monitor_sidecar_list_pictures (int root_fd, const char *path);

MonitorSidecarResult
monitor_sidecar_read (MonitorTags *self, int root_fd, const char *path, GError **error);

/* All of a picture's; NULL if there is none that says anything. Transfer full. */
MonitorTags *monitor_sidecar_collect (int root_fd, const char *path);

/* "md5.jpg.json" of "a.jpg.json" or "a.json", when "a.jpg" becomes "md5.jpg". Transfer full. */
char *
monitor_sidecar_dup_name_for (const char *sidecar, const char *picture, const char *new_picture);

G_END_DECLS
