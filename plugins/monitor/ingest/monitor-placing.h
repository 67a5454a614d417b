/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

/* Between the moment when a content's thumbnails are put to their places and the moment when its
 * post is stored, the journal (monitor-journal.h) says so. Whatever ends the work in between, those
 * thumbnails do not stay behind without a post. */
gboolean monitor_placing_undo (const char *md5, const char *files_dir, BooruStore *store);

G_END_DECLS
