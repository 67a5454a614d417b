/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Between the moment when a content's thumbnails are put to their places and the moment when its
 * post is stored, an empty file "placing-MD5" among the temporary ones says so. Whatever ends the
 * work in between, those thumbnails do not stay behind without a post. */

#define MONITOR_PLACING_PREFIX "placing-"

gboolean monitor_placing_begin (const char *temporary_dir, const char *md5, GError **error);
void monitor_placing_end (const char *temporary_dir, const char *md5);
void monitor_placing_undo (const char *temporary_dir, const char *md5, const char *data_dir, BooruStore *store);

G_END_DECLS
