/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/booru-user.h"
#include "board/booru-record.h"
#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * booru_store_get_record:
 * @self: a store
 * @type: of what
 * @id: its number
 * @by: who asks
 * @error: %BOORU_ERROR_NOT_FOUND, also for what that user may not see
 *
 * Returns: (transfer full): the record, deleted or not
 */
BooruRecord *booru_store_get_record (BooruStore *self,
                                     const BooruRecordType *type,
                                     gint64 id,
                                     const BooruUser *by,
                                     GError **error);

/**
 * booru_store_list_records:
 * @self: a store
 * @type: of what, or of which versions
 * @filter: which, on the fields of @type
 * @whole: whether their lists of ids are wanted; if not, they are empty
 * @by: who asks: what that user may not see is left out
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruRecord): the records
 */
GPtrArray *booru_store_list_records (BooruStore *self,
                                     const BooruRecordType *type,
                                     BooruFilter *filter,
                                     gboolean whole,
                                     const BooruUser *by,
                                     GError **error);

/**
 * booru_store_create_record:
 * @self: a store
 * @type: of what
 * @edit: (element-type utf8 utf8): the values of its fields, as booru_record_read_text() takes them
 * @by: who makes it
 * @error: %BOORU_ERROR_INVALID: what is wrong with which field; %BOORU_ERROR_DENIED
 *
 * Returns: (transfer full): the new record
 */
BooruRecord *booru_store_create_record (BooruStore *self,
                                        const BooruRecordType *type,
                                        GHashTable *edit,
                                        const BooruUser *by,
                                        GError **error);

/**
 * booru_store_update_record:
 * @self: a store
 * @type: of what
 * @id: its number
 * @edit: (element-type utf8 utf8): new values, as above; fields that are not in it stay
 * @by: who changes it
 * @error: %BOORU_ERROR_NOT_FOUND, %BOORU_ERROR_INVALID, %BOORU_ERROR_DENIED
 *
 * If anything changes that versions keep, a version is recorded.
 *
 * Returns: (transfer full): the record as it is afterwards
 */
BooruRecord *booru_store_update_record (BooruStore *self,
                                        const BooruRecordType *type,
                                        gint64 id,
                                        GHashTable *edit,
                                        const BooruUser *by,
                                        GError **error);

/**
 * booru_store_set_record_deleted:
 * @self: a store
 * @type: of what
 * @id: its number
 * @deleted: whether it is to be deleted, or to be restored
 * @by: who does it
 * @error: %BOORU_ERROR_NOT_FOUND, %BOORU_ERROR_DENIED
 *
 * What can be restored is only marked. Anything else is removed.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_set_record_deleted (BooruStore *self,
                                         const BooruRecordType *type,
                                         gint64 id,
                                         gboolean deleted,
                                         const BooruUser *by,
                                         GError **error);

/**
 * booru_store_revert_record:
 * @self: a store
 * @type: of what
 * @id: its number
 * @version_id: one of its versions
 * @by: who does it
 * @error: %BOORU_ERROR_NOT_FOUND, %BOORU_ERROR_INVALID, %BOORU_ERROR_DENIED
 *
 * Restores what that version keeps, and records that as a version, too. Whether it is deleted does
 * not change.
 *
 * Returns: (transfer full): the record as it is afterwards
 */
BooruRecord *booru_store_revert_record (BooruStore *self,
                                        const BooruRecordType *type,
                                        gint64 id,
                                        gint64 version_id,
                                        const BooruUser *by,
                                        GError **error);

/**
 * booru_store_put_in_list:
 * @self: a store
 * @type: of what
 * @id: its number
 * @post_id: a post
 * @wanted: whether the post shall be in its list, or not
 * @by: who changes it
 * @error: %BOORU_ERROR_NOT_FOUND, %BOORU_ERROR_INVALID, %BOORU_ERROR_DENIED
 *
 * Appends a post to a record's list of posts, or takes it out. Nothing happens if it is so already.
 *
 * Returns: (transfer full): the record as it is afterwards
 */
BooruRecord *booru_store_put_in_list (BooruStore *self,
                                      const BooruRecordType *type,
                                      gint64 id,
                                      gint64 post_id,
                                      gboolean wanted,
                                      const BooruUser *by,
                                      GError **error);

/**
 * booru_store_find_pool:
 * @self: a store
 * @name: a pool's number, or its name in any case
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: its number; 0 on error
 */
gint64 booru_store_find_pool (BooruStore *self, const char *name, GError **error);

/**
 * BooruPostPool:
 * @id: a pool's number
 * @name: its name
 * @is_series: whether it is a series
 * @previous: the post before; 0 for none
 * @next: the post after; 0 for none
 *
 * A post's place in a pool.
 */
typedef struct
{
  gint64 id;
  char *name;
  gboolean is_series;
  gint64 previous, next;
} BooruPostPool;

/**
 * booru_store_list_post_pools:
 * @self: a store
 * @post_id: a post
 * @limit: how many at most
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruPostPool): the pools that it is in, but for deleted
 *   ones: series first, then by name
 */
GPtrArray *
booru_store_list_post_pools (BooruStore *self, gint64 post_id, guint limit, GError **error);

/**
 * booru_store_set_favorite:
 * @self: a store
 * @post_id: a post
 * @wanted: whether it shall be a favourite, or not
 * @by: whose
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * As on Danbooru, a favourite is a vote for the post, too, which goes with it. Nothing happens if
 * it is so already.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_set_favorite (BooruStore *self,
                                   gint64 post_id,
                                   gboolean wanted,
                                   const BooruUser *by,
                                   GError **error);

/**
 * BooruVoteTarget:
 * @BOORU_VOTE_ON_POST: a post
 * @BOORU_VOTE_ON_COMMENT: a comment
 *
 * What is voted on.
 */
typedef enum
{
  BOORU_VOTE_ON_POST,
  BOORU_VOTE_ON_COMMENT,
} BooruVoteTarget;

/**
 * booru_store_vote:
 * @self: a store
 * @target: on what
 * @id: its number
 * @score: 1 for it, -1 against it, 0 takes the vote back
 * @by: who votes
 * @vote_id: (out) (optional): the number of the vote; 0 for none
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * A user has one vote on each; another one replaces it. The scores follow.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_vote (BooruStore *self,
                           BooruVoteTarget target,
                           gint64 id,
                           gint score,
                           const BooruUser *by,
                           gint64 *vote_id,
                           GError **error);

/**
 * booru_store_get_opinion:
 * @self: a store
 * @post_id: a post
 * @user_id: a user
 * @is_favorite: (out): whether it is a favourite of that user
 * @score: (out): the user's vote, 0 for none
 * @error: return location
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_get_opinion (BooruStore *self,
                                  gint64 post_id,
                                  gint64 user_id,
                                  gboolean *is_favorite,
                                  gint *score,
                                  GError **error);

/**
 * booru_store_find_commentary:
 * @self: a store
 * @post_id: a post
 * @error: return location
 *
 * Returns: the number of the artist's commentary on it; 0 if there is none, -1 on error
 */
gint64 booru_store_find_commentary (BooruStore *self, gint64 post_id, GError **error);

/**
 * booru_store_find_wiki_page:
 * @self: a store
 * @title: its title, however it is written
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: its number; 0 on error
 */
gint64 booru_store_find_wiki_page (BooruStore *self, const char *title, GError **error);

/**
 * booru_store_find_artist:
 * @self: a store
 * @name: the name, however it is written
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: the artist's number; 0 on error
 */
gint64 booru_store_find_artist (BooruStore *self, const char *name, GError **error);

/**
 * booru_store_find_artists_by_url:
 * @self: a store
 * @url: an address; a pattern with `*`; or a part of one
 * @error: return location
 *
 * An address is found if it is an artist's, or lies below one.
 *
 * Returns: (transfer full) (element-type gint64): the numbers of the artists
 */
GArray *booru_store_find_artists_by_url (BooruStore *self, const char *url, GError **error);

G_END_DECLS
