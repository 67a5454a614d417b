/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-query.h"

G_BEGIN_DECLS

typedef enum
{
  BOORU_ACTION_EDIT, /* also what undoes another, and what goes back to an earlier state */
  BOORU_ACTION_DELETE,
  BOORU_ACTION_UNDELETE,
  BOORU_ACTION_INHERIT, /* taken over from the post that its file was before: its parent */
} BooruPostAction;

/**
 * BooruVersion:
 *
 * One change of a post: who made it, when, and what it was before and after.
 */
typedef struct
{
  gint64 id;
  gint64 post_id;
  gint64 updater_id;
  gint64 created_at; /* microseconds since 1970, UTC */
  guint number;      /* of the state after it; the post as it was added is 1, and no change */
  BooruPostAction action;
  char *note;                       /* what an import came from; NULL: a user did it */
  char **tags_before, **tags_after; /* names, sorted */
  char rating_before, rating_after;
  char *source_before, *source_after;
  gint64 parent_before, parent_after; /* 0: none */
} BooruVersion;

void booru_version_free (BooruVersion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruVersion, booru_version_free)

/* Names that the change added, or took away, sorted. Transfer container. */
GPtrArray *booru_version_get_added (const BooruVersion *self);
GPtrArray *booru_version_get_removed (const BooruVersion *self);

/* Which changes; 0 stands for any. The newest come first. */
typedef struct
{
  gint64 id;
  gint64 post_id;
  gint64 updater_id;
  BooruPage page;
} BooruVersionFilter;

G_END_DECLS
