/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "board/booru-tag.h"

G_BEGIN_DECLS

/* The user that everything belongs to as long as there are no accounts. */
#define BOORU_USER_OWNER 1

typedef enum
{
  BOORU_RATING_GENERAL = 'g',
  BOORU_RATING_SENSITIVE = 's',
  BOORU_RATING_QUESTIONABLE = 'q',
  BOORU_RATING_EXPLICIT = 'e',
} BooruRating;

typedef enum
{
  BOORU_POST_ACTIVE,
  BOORU_POST_DELETED,  /* in the trash */
  BOORU_POST_MISSING,  /* its last file vanished; comes back with the file */
  BOORU_POST_EXPUNGED, /* deleted, and the trash was emptied: known, but in no list; with a file of
                        * its content it is in the trash again */
} BooruPostStatus;

#define BOORU_N_POST_STATUSES (BOORU_POST_EXPUNGED + 1)

/* Somebody deleted it, and nothing but undeleting it brings it back. */
#define BOORU_POST_IS_DELETED(status)                                                              \
  ((status) == BOORU_POST_DELETED || (status) == BOORU_POST_EXPUNGED)

/* As many frames of what moves are hashed, at most. */
#define BOORU_MAX_FRAME_HASHES 5

/**
 * BooruMedia:
 *
 * What decoding found in a piece of content.
 */
typedef struct
{
  char md5[33];       /* lower-case hex */
  char ext[8];        /* canonical extension of the real format: "jpg", "png", "webm" */
  gint64 size;        /* bytes */
  gint width, height; /* pixels, after orientation */
  double duration;    /* seconds; negative: not something with a duration */
  gint frames;        /* 1 for a still picture */
  gboolean has_sound;
  gboolean has_sample; /* a "sample" variant was written (booru-variant.h) */
  gboolean has_alpha;  /* some of it is transparent; if that was never looked at: may be */
  guint64 phash;       /* perceptual hash of the picture (64-bit DCT hash); 0: none */
  /* Of frames spread evenly over what moves, in order. */
  guint64 frame_hashes[BOORU_MAX_FRAME_HASHES];
  guint n_frame_hashes; /* 0: a still picture, or not known */
} BooruMedia;

/**
 * BooruPost:
 *
 * A piece of content with its tags, as read from the store: an immutable snapshot,
 * reference-counted.
 */
typedef struct
{
  gatomicrefcount ref_count;

  gint64 id;
  gint64 media_asset_id; /* of its content: the same that an upload of it has */
  BooruMedia media;
  BooruPostStatus status;
  BooruRating rating;
  char *source;     /* "" if none */
  gint64 parent_id; /* 0: none */
  gint64 uploader_id;
  gint64 approver_id; /* 0: none */
  gint score, up_score, down_score, fav_count;
  gboolean has_children, has_active_children;
  gint64 created_at, updated_at; /* microseconds since 1970, UTC */

  GPtrArray *tags; /* BooruTagRef, sorted by category order of booru_tag_categories, then name */
} BooruPost;

BooruPost *booru_post_new (void); /* with rating g, empty source, no tags */
BooruPost *booru_post_ref (BooruPost *self);
void booru_post_unref (BooruPost *self);
guint booru_post_count_tags (const BooruPost *self, BooruTagCategory category);

/* space-separated names of one category, sorted. */
void booru_post_append_tags (const BooruPost *self, BooruTagCategory category, GString *out);
char *booru_post_dup_tag_string (const BooruPost *self); /* all names, sorted by name */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruPost, booru_post_unref)

/**
 * BooruPostEdit:
 *
 * Changes to one post; a member left at its "none" value stays as it is. With @old_tag_string or
 * @old_rating the change is a three-way merge against what the editor saw.
 */
typedef struct
{
  /* The full new tag list, space-separated, with "category:name" prefixes allowed and "-name" to
   * remove; NULL: keep. */
  const char *tag_string;
  const char *old_tag_string;
  char rating; /* 0: keep */
  char old_rating;
  const char *source; /* NULL: keep */
  gint64 parent_id;   /* -1: keep; 0: none */
  gint64 editor_id;
} BooruPostEdit;

#define BOORU_POST_EDIT_INIT                                                                       \
  {                                                                                                \
    .parent_id = -1, .editor_id = BOORU_USER_OWNER                                                 \
  }

G_END_DECLS
