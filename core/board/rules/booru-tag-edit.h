/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-post.h"

G_BEGIN_DECLS

/* What a word puts the post into, or takes it out of. */
typedef enum
{
  BOORU_TAG_EDIT_POOL, /* "pool:" */
  BOORU_TAG_EDIT_NEW_POOL,
  BOORU_TAG_EDIT_FAVORITE_GROUP,
  BOORU_TAG_EDIT_FAVORITE, /* the editor's own, as the next ones: "fav:self" */
  BOORU_TAG_EDIT_UPVOTE,
  BOORU_TAG_EDIT_DOWNVOTE,
} BooruTagEditTarget;

typedef struct
{
  BooruTagEditTarget target;
  gboolean wanted; /* FALSE: it began with "-" */
  char *name;
} BooruTagEditList;

/**
 * BooruTagEdit:
 *
 * A tag string as a user types it, taken apart: pure data, nothing of the database in it.
 */
typedef struct
{
  GHashTable *added;   /* normalised name -> GINT_TO_POINTER (category + 1), 0 if no prefix */
  GHashTable *removed; /* set of normalised names */
  char rating;         /* of "rating:x"; 0: none */
  char *source;        /* of "source:x"; NULL: none */
  gint64 parent_id;    /* of "parent:N"; -1: none, 0: "parent:none" */
  gint64 unparent_id;  /* of "-parent:N"; 0: none */
  GPtrArray *lists;    /* BooruTagEditList, in the order of the text */
} BooruTagEdit;

/* BOORU_ERROR_INVALID naming the tag. */
BooruTagEdit *booru_tag_edit_parse (const char *text, GError **error);
void booru_tag_edit_free (BooruTagEdit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruTagEdit, booru_tag_edit_free)

/* Names of what an import says, as @added above: what cannot be a tag is left out. */
GHashTable *booru_tag_edit_parse_import (const char *text);

/* Names of a tag string that was shown before: as far as they can be understood. Set of names. */
GHashTable *booru_tag_edit_parse_old (const char *text);

/* The names of @current (set of names) after the edit, as @added above: a three-way merge where
 * @old is given. */
GHashTable *booru_tag_edit_merge (const BooruTagEdit *self, GHashTable *current, GHashTable *old);

gboolean booru_rating_parse (const char *text, char *rating); /* "g", "general", any case */

G_END_DECLS
