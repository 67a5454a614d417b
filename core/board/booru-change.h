/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BooruChangeKind:
 * @BOORU_CHANGE_ANY: all of those that follow
 * @BOORU_CHANGE_POST: anything that a search, a page or an index shows of a post
 * @BOORU_CHANGE_TAG: name, category, count of a tag
 * @BOORU_CHANGE_CATEGORY: of a tag, and with it what its posts count of each category
 * @BOORU_CHANGE_FOLDER: whether a folder is there
 * @BOORU_CHANGE_USE: whether any post has a tag
 * @BOORU_CHANGE_USER: name, level or settings of a user
 * @BOORU_CHANGE_LOGIN: a session or an API key of a user, which ended
 * @BOORU_CHANGE_RELATION: an alias or an implication
 * @BOORU_CHANGE_UPLOAD: an uploaded file: that it came, or what became of it
 * @BOORU_CHANGE_POOL: a pool, or which posts are in it; this and those that follow are of records
 * @BOORU_CHANGE_FAVORITE: a favourite
 * @BOORU_CHANGE_FAVORITE_GROUP: a favourite group, or which posts are in it
 * @BOORU_CHANGE_SAVED_SEARCH: a saved search
 * @BOORU_CHANGE_VOTE: a vote on a post
 * @BOORU_CHANGE_COMMENT: a comment, or its score
 * @BOORU_CHANGE_NOTE: a note
 * @BOORU_CHANGE_COMMENTARY: an artist's commentary
 * @BOORU_CHANGE_WIKI_PAGE: a wiki page
 * @BOORU_CHANGE_ARTIST: an artist or its addresses
 * @BOORU_CHANGE_JOB: a job, or how far it is
 * @BOORU_N_CHANGE_KINDS: how many there are
 *
 * What a change is about. The numbers are stored.
 */
typedef enum
{
  BOORU_CHANGE_ANY = -1,
  BOORU_CHANGE_POST,
  BOORU_CHANGE_TAG,
  BOORU_CHANGE_CATEGORY,
  BOORU_CHANGE_FOLDER,
  BOORU_CHANGE_USE,
  BOORU_CHANGE_USER,
  BOORU_CHANGE_LOGIN,
  BOORU_CHANGE_RELATION,
  BOORU_CHANGE_UPLOAD,
  BOORU_CHANGE_POOL,
  BOORU_CHANGE_FAVORITE,
  BOORU_CHANGE_FAVORITE_GROUP,
  BOORU_CHANGE_SAVED_SEARCH,
  BOORU_CHANGE_VOTE,
  BOORU_CHANGE_COMMENT,
  BOORU_CHANGE_NOTE,
  BOORU_CHANGE_COMMENTARY,
  BOORU_CHANGE_WIKI_PAGE,
  BOORU_CHANGE_ARTIST,
  BOORU_CHANGE_JOB,
  BOORU_N_CHANGE_KINDS,
} BooruChangeKind;

/**
 * BooruChangedRange:
 * @generation: of the board, at which it was changed
 * @first: the first id
 * @last: the last id
 * @kind: what has these ids
 *
 * Posts, tags or folders that were changed, made or removed.
 */
typedef struct
{
  guint64 generation;
  gint64 first, last;
  BooruChangeKind kind;
} BooruChangedRange;

G_END_DECLS
