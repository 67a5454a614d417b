/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-query.h"

G_BEGIN_DECLS

/**
 * BooruPostAction:
 * @BOORU_ACTION_EDIT: an edit, an undo or a revert
 * @BOORU_ACTION_DELETE: moved to the trash
 * @BOORU_ACTION_UNDELETE: taken out of the trash
 * @BOORU_ACTION_INHERIT: taken over from the post that its file held before: its parent
 *
 * What kind of change a version is.
 */
typedef enum
{
  BOORU_ACTION_EDIT,
  BOORU_ACTION_DELETE,
  BOORU_ACTION_UNDELETE,
  BOORU_ACTION_INHERIT,
} BooruPostAction;

/**
 * BooruVersion:
 * @id: its number
 * @post_id: the post
 * @updater_id: who changed it
 * @created_at: microseconds since 1970, UTC
 * @number: of the state after it; the post as it was added is 1, and no change
 * @action: what kind of change
 * @note: where an import came from; %NULL: a user did it
 * @tags_before: names, sorted
 * @tags_after: names, sorted
 * @rating_before: the rating before
 * @rating_after: the rating after
 * @source_before: the source before
 * @source_after: the source after
 * @parent_before: 0 for none
 * @parent_after: 0 for none
 *
 * One change of a post: who made it, when, and what it was before and after.
 */
typedef struct
{
  gint64 id;
  gint64 post_id;
  gint64 updater_id;
  gint64 created_at;
  guint number;
  BooruPostAction action;
  char *note;
  char **tags_before, **tags_after;
  char rating_before, rating_after;
  char *source_before, *source_after;
  gint64 parent_before, parent_after;
} BooruVersion;

/**
 * booru_version_free:
 * @self: (transfer full): a version
 */
void booru_version_free (BooruVersion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruVersion, booru_version_free)

/**
 * booru_version_get_added:
 * @self: a version
 *
 * Returns: (transfer container) (element-type utf8): names of the tags that the change added,
 *   sorted
 */
GPtrArray *booru_version_get_added (const BooruVersion *self);

/**
 * booru_version_get_removed:
 * @self: a version
 *
 * Returns: (transfer container) (element-type utf8): names of the tags that it removed, sorted
 */
GPtrArray *booru_version_get_removed (const BooruVersion *self);

/**
 * BooruVersionFilter:
 * @id: 0 for any
 * @post_id: 0 for any
 * @updater_id: 0 for any
 * @page: which part of the list
 *
 * Which changes are wanted. The newest come first.
 */
typedef struct
{
  gint64 id;
  gint64 post_id;
  gint64 updater_id;
  BooruPage page;
} BooruVersionFilter;

G_END_DECLS
