/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

#include "base/booru-user.h"
#include "board/booru-tag.h"

G_BEGIN_DECLS

/**
 * BooruRating:
 * @BOORU_RATING_GENERAL: general
 * @BOORU_RATING_SENSITIVE: sensitive
 * @BOORU_RATING_QUESTIONABLE: questionable
 * @BOORU_RATING_EXPLICIT: explicit
 *
 * Danbooru's ratings.
 */
typedef enum
{
  BOORU_RATING_GENERAL = 'g',
  BOORU_RATING_SENSITIVE = 's',
  BOORU_RATING_QUESTIONABLE = 'q',
  BOORU_RATING_EXPLICIT = 'e',
} BooruRating;

/**
 * BooruPostStatus:
 * @BOORU_POST_ACTIVE: shown
 * @BOORU_POST_DELETED: in the trash
 * @BOORU_POST_MISSING: its last file vanished; comes back with the file
 * @BOORU_POST_EXPUNGED: was in the trash when that was emptied: known, but in no list; goes back to
 *   the trash if a file with its content appears
 *
 * The status of a post.
 */
typedef enum
{
  BOORU_POST_ACTIVE,
  BOORU_POST_DELETED,
  BOORU_POST_MISSING,
  BOORU_POST_EXPUNGED,
} BooruPostStatus;

/**
 * BOORU_N_POST_STATUSES:
 *
 * The number of statuses.
 */
#define BOORU_N_POST_STATUSES (BOORU_POST_EXPUNGED + 1)

/**
 * BOORU_POST_IS_DELETED:
 * @status: a #BooruPostStatus
 *
 * Whether somebody deleted the post, so that only undeleting brings it back.
 */
#define BOORU_POST_IS_DELETED(status)                                                              \
  ((status) == BOORU_POST_DELETED || (status) == BOORU_POST_EXPUNGED)

/**
 * BOORU_MAX_FRAME_HASHES:
 *
 * How many frames of a moving picture are hashed, at most.
 */
#define BOORU_MAX_FRAME_HASHES 5

/**
 * BooruMedia:
 * @md5: lower-case hex
 * @ext: canonical extension of the real format: "jpg", "png", "webm"
 * @size: in bytes
 * @width: in pixels, after orientation
 * @height: in pixels, after orientation
 * @duration: in seconds; negative: it has none
 * @frames: 1 for a still picture
 * @has_sound: whether it has sound
 * @has_sample: whether a "sample" variant was written (booru-variant.h)
 * @has_alpha: whether part of it is, or may be, transparent
 * @phash: perceptual hash of the picture (64-bit DCT hash); 0: none
 * @frame_hashes: of frames spread evenly over a moving picture, in order
 * @n_frame_hashes: 0 for a still picture, or if not known
 *
 * What decoding found in a piece of content.
 */
typedef struct
{
  char md5[33];
  char ext[8];
  gint64 size;
  gint width, height;
  double duration;
  gint frames;
  gboolean has_sound;
  gboolean has_sample;
  gboolean has_alpha;
  guint64 phash;
  guint64 frame_hashes[BOORU_MAX_FRAME_HASHES];
  guint n_frame_hashes;
} BooruMedia;

/**
 * BooruPost:
 * @ref_count: private
 * @id: its number
 * @media_asset_id: of its content: the same as that of an upload of it
 * @media: its content
 * @status: its status
 * @rating: its rating
 * @source: "" if none
 * @parent_id: 0 for none
 * @uploader_id: who uploaded it
 * @approver_id: 0 for none
 * @score: up votes minus down votes
 * @up_score: up votes
 * @down_score: down votes
 * @fav_count: how many users favour it
 * @has_children: whether posts name it as their parent
 * @has_active_children: whether active ones do
 * @created_at: microseconds since 1970, UTC
 * @updated_at: microseconds since 1970, UTC
 * @last_noted_at: when its notes last changed, as above; 0: it has none
 * @last_commented_at: when it was last commented on; 0: never
 * @last_comment_bumped_at: when a comment last brought it to the front; 0: never
 * @tags: (element-type BooruTagRef): sorted by category, as in booru_tag_categories, then by name
 *
 * A piece of content with its tags, as read from the store: an immutable snapshot,
 * reference-counted.
 */
typedef struct
{
  gatomicrefcount ref_count;
  gint64 id;
  gint64 media_asset_id;
  BooruMedia media;
  BooruPostStatus status;
  BooruRating rating;
  char *source;
  gint64 parent_id;
  gint64 uploader_id;
  gint64 approver_id;
  gint score, up_score, down_score, fav_count;
  gboolean has_children, has_active_children;
  gint64 created_at, updated_at;
  gint64 last_noted_at, last_commented_at, last_comment_bumped_at;
  GPtrArray *tags;
} BooruPost;

/**
 * booru_post_new:
 *
 * Returns: (transfer full): a post of rating g, with an empty source and no tags
 */
BooruPost *booru_post_new (void);

/**
 * booru_post_ref:
 * @self: a post
 *
 * Returns: (transfer full): @self
 */
BooruPost *booru_post_ref (BooruPost *self);

/**
 * booru_post_unref:
 * @self: (transfer full): a post
 */
void booru_post_unref (BooruPost *self);

/**
 * booru_post_count_tags:
 * @self: a post
 * @category: a category
 *
 * Returns: how many tags of @category it has
 */
guint booru_post_count_tags (const BooruPost *self, BooruTagCategory category);

/**
 * booru_post_append_tags:
 * @self: a post
 * @category: a category
 * @out: where to append
 *
 * Appends the names of the post's tags of @category, sorted, separated by one space.
 */
void booru_post_append_tags (const BooruPost *self, BooruTagCategory category, GString *out);

/**
 * booru_post_dup_tag_string:
 * @self: a post
 *
 * Returns: (transfer full): the names of all its tags, sorted by name, separated by one space
 */
char *booru_post_dup_tag_string (const BooruPost *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruPost, booru_post_unref)

/**
 * BooruPostEdit:
 * @tag_string: the full new tag list, space-separated, with "category:name" prefixes and "-name" to
 *   remove allowed; %NULL: keep
 * @old_tag_string: the tags that the editor saw
 * @rating: 0 to keep it
 * @old_rating: the rating that the editor saw
 * @source: %NULL: keep
 * @parent_id: -1 to keep it; 0 for none
 * @editor_id: who edits
 *
 * Changes to one post; a member with its "keep" value leaves that part as it is. With
 * @old_tag_string or @old_rating the change is a three-way merge against what the editor saw.
 */
typedef struct
{
  const char *tag_string;
  const char *old_tag_string;
  char rating;
  char old_rating;
  const char *source;
  gint64 parent_id;
  gint64 editor_id;
} BooruPostEdit;

/**
 * BOORU_POST_EDIT_INIT:
 *
 * The initial value of a #BooruPostEdit: keeps everything, by the owner.
 */
#define BOORU_POST_EDIT_INIT                                                                       \
  {                                                                                                \
    .parent_id = -1, .editor_id = BOORU_USER_OWNER                                                 \
  }

G_END_DECLS
