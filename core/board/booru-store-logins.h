/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How users sign in to a store's board: sessions, API keys, invitations; and what visitors may see
 * by a link. Of each secret only a hash is stored: it is shown once, when it is made. */
#pragma once

#include "board/booru-store-accounts.h"

G_BEGIN_DECLS

/**
 * BooruSession:
 * @id: its number
 * @user_id: whose it is
 * @created_at: microseconds since 1970
 * @last_used_at: likewise, to the hour
 * @expires_at: likewise
 * @address: from where it was used last
 * @agent: by which browser
 *
 * A browser that is signed in.
 */
typedef struct
{
  gint64 id, user_id, created_at, last_used_at, expires_at;
  char *address, *agent;
} BooruSession;

/**
 * booru_session_free:
 * @self: (transfer full): a session
 */
void booru_session_free (BooruSession *self);

/**
 * BooruApiKey:
 * @id: its number
 * @user_id: whose it is
 * @name: what it is for
 * @access: what may be done by it at most
 * @routes: beginnings of the paths that it is for, separated by spaces; "": all
 * @created_at: microseconds since 1970
 * @last_used_at: likewise, to the hour; 0: never
 *
 * A program that is signed in.
 */
typedef struct
{
  gint64 id, user_id, created_at, last_used_at;
  char *name, *routes;
  BooruAccess access;
} BooruApiKey;

/**
 * booru_api_key_free:
 * @self: (transfer full): an API key
 */
void booru_api_key_free (BooruApiKey *self);

/**
 * BooruInvitation:
 * @id: its number
 * @access: of the account that can be made by it
 * @creator_id: who invited; 0: it is for the first account
 * @created_at: microseconds since 1970
 * @expires_at: likewise
 * @user_id: who used it; 0: nobody yet
 *
 * Whoever has its code may make an account.
 */
typedef struct
{
  gint64 id, creator_id, created_at, expires_at, user_id;
  BooruAccess access;
} BooruInvitation;

/**
 * BooruShareKind:
 * @BOORU_SHARE_POST: one post
 * @BOORU_SHARE_POOL: a pool
 * @BOORU_SHARE_SEARCH: whatever a search finds
 *
 * What a link shows. The numbers are stored.
 */
typedef enum
{
  BOORU_SHARE_POST,
  BOORU_SHARE_POOL,
  BOORU_SHARE_SEARCH,
} BooruShareKind;

/**
 * BooruShareLink:
 * @id: its number
 * @creator_id: who shares
 * @kind: what is shown
 * @target: its id, or the search
 * @password: (nullable): the hash of what is asked for; %NULL: nothing
 * @created_at: microseconds since 1970
 * @expires_at: likewise; 0: never
 *
 * Whoever has the link sees something, without an account.
 */
typedef struct
{
  gint64 id, creator_id, created_at, expires_at;
  BooruShareKind kind;
  char *target, *password;
} BooruShareLink;

/**
 * booru_share_link_free:
 * @self: (transfer full): a link
 */
void booru_share_link_free (BooruShareLink *self);

/**
 * booru_store_begin_login:
 * @self: a store
 * @name: whose password is about to be checked; need not exist
 * @address: from where
 * @error: %BOORU_ERROR_LIMIT after too many tries that failed, of that name or from there
 *
 * Counts the try, as one that fails until booru_store_add_session() is called for the same user and
 * address: so that any number at once cannot get past the limits.
 *
 * Returns: %TRUE if the password may be checked
 */
gboolean
booru_store_begin_login (BooruStore *self, const char *name, const char *address, GError **error);

/**
 * booru_store_add_session:
 * @self: a store
 * @user_id: who has signed in
 * @token: of booru_token_new()
 * @length: microseconds until it expires, unless it is used
 * @address: from where
 * @agent: (nullable): the browser's name for itself
 * @error: return location
 *
 * Returns: its number; 0 on error
 */
gint64 booru_store_add_session (BooruStore *self,
                                gint64 user_id,
                                const char *token,
                                gint64 length,
                                const char *address,
                                const char *agent,
                                GError **error);

/**
 * booru_store_find_session:
 * @self: a store
 * @token: as it was given to the browser
 * @error: %BOORU_ERROR_NOT_FOUND if there is none, or it has expired
 *
 * Returns: (transfer full): the session
 */
BooruSession *booru_store_find_session (BooruStore *self, const char *token, GError **error);

/**
 * booru_store_touch_session:
 * @self: a store
 * @id: its number
 * @length: microseconds until it expires from now on
 * @address: from where it is used
 * @error: return location
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_touch_session (BooruStore *self,
                                    gint64 id,
                                    gint64 length,
                                    const char *address,
                                    GError **error);

/**
 * booru_store_list_sessions:
 * @self: a store
 * @user_id: whose
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruSession): the one that was used last first
 */
GPtrArray *booru_store_list_sessions (BooruStore *self, gint64 user_id, GError **error);

/**
 * booru_store_end_session:
 * @self: a store
 * @user_id: whose
 * @id: its number; 0: all but @keep
 * @keep: one that stays, or 0
 * @actor: who ends it
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * It stops at once, in all processes.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_end_session (BooruStore *self,
                                  gint64 user_id,
                                  gint64 id,
                                  gint64 keep,
                                  const BooruActor *actor,
                                  GError **error);

/**
 * booru_store_add_api_key:
 * @self: a store
 * @user_id: whose
 * @token: of booru_token_new(): the key
 * @name: what it is for
 * @access: what may be done by it at most
 * @routes: beginnings of the paths that it is for, separated by spaces; "": all
 * @actor: who makes it
 * @error: %BOORU_ERROR_INVALID for routes that do not begin with a slash
 *
 * Returns: its number; 0 on error
 */
gint64 booru_store_add_api_key (BooruStore *self,
                                gint64 user_id,
                                const char *token,
                                const char *name,
                                BooruAccess access,
                                const char *routes,
                                const BooruActor *actor,
                                GError **error);

/**
 * booru_store_find_api_key:
 * @self: a store
 * @token: the key
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): what it is
 */
BooruApiKey *booru_store_find_api_key (BooruStore *self, const char *token, GError **error);

/**
 * booru_store_touch_api_key:
 * @self: a store
 * @id: its number
 * @error: return location
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_touch_api_key (BooruStore *self, gint64 id, GError **error);

/**
 * booru_store_list_api_keys:
 * @self: a store
 * @user_id: whose
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruApiKey): the oldest first
 */
GPtrArray *booru_store_list_api_keys (BooruStore *self, gint64 user_id, GError **error);

/**
 * booru_store_remove_api_key:
 * @self: a store
 * @user_id: whose
 * @id: its number
 * @actor: who removes it
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * It stops working at once, in all processes.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_remove_api_key (BooruStore *self,
                                     gint64 user_id,
                                     gint64 id,
                                     const BooruActor *actor,
                                     GError **error);

/**
 * booru_store_add_invitation:
 * @self: a store
 * @token: of booru_token_new()
 * @access: of the account that can be made by it
 * @length: microseconds until it expires
 * @actor: who invites; user 0: it is for the first account, and replaces earlier ones for that
 * @error: return location
 *
 * Returns: its number; 0 on error
 */
gint64 booru_store_add_invitation (BooruStore *self,
                                   const char *token,
                                   BooruAccess access,
                                   gint64 length,
                                   const BooruActor *actor,
                                   GError **error);

/**
 * booru_store_find_invitation:
 * @self: a store
 * @token: the code
 * @error: %BOORU_ERROR_NOT_FOUND if there is none, it has expired, or somebody used it
 *
 * Returns: (transfer full): the invitation, to be freed by g_free()
 */
BooruInvitation *booru_store_find_invitation (BooruStore *self, const char *token, GError **error);

/**
 * booru_store_get_setup_expiry:
 * @self: a store
 * @expires_at: (out): when the code for the first account expires; 0: there is none
 * @error: return location
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_get_setup_expiry (BooruStore *self, gint64 *expires_at, GError **error);

/**
 * booru_store_list_invitations:
 * @self: a store
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruInvitation): the newest first
 */
GPtrArray *booru_store_list_invitations (BooruStore *self, GError **error);

/**
 * booru_store_remove_invitation:
 * @self: a store
 * @id: its number
 * @actor: who takes it back
 * @error: %BOORU_ERROR_NOT_FOUND if there is none, or somebody used it
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_remove_invitation (BooruStore *self,
                                        gint64 id,
                                        const BooruActor *actor,
                                        GError **error);

/**
 * booru_store_accept_invitation:
 * @self: a store
 * @token: the code
 * @name: of the new account
 * @password: a hash by booru_password_hash()
 * @address: from where
 * @error: %BOORU_ERROR_NOT_FOUND as booru_store_find_invitation(), and for the first account if
 *   there is one; those of booru_store_add_account()
 *
 * Returns: the number of the new account; 0 on error
 */
gint64 booru_store_accept_invitation (BooruStore *self,
                                      const char *token,
                                      const char *name,
                                      const char *password,
                                      const char *address,
                                      GError **error);

/**
 * booru_store_add_share_link:
 * @self: a store
 * @token: of booru_token_new()
 * @link: what it shows, to whom, how long; its creator is the actor
 * @actor: who shares
 * @error: return location
 *
 * Returns: its number; 0 on error
 */
gint64 booru_store_add_share_link (BooruStore *self,
                                   const char *token,
                                   const BooruShareLink *link,
                                   const BooruActor *actor,
                                   GError **error);

/**
 * booru_store_find_share_link:
 * @self: a store
 * @token: of the link
 * @error: %BOORU_ERROR_NOT_FOUND if there is none, or it has expired
 *
 * Returns: (transfer full): the link
 */
BooruShareLink *booru_store_find_share_link (BooruStore *self, const char *token, GError **error);

/**
 * booru_store_list_share_links:
 * @self: a store
 * @creator_id: whose; 0: everybody's
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruShareLink): the newest first
 */
GPtrArray *booru_store_list_share_links (BooruStore *self, gint64 creator_id, GError **error);

/**
 * booru_store_remove_share_link:
 * @self: a store
 * @creator_id: whose; 0: whoever's it is
 * @id: its number
 * @actor: who removes it
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_remove_share_link (BooruStore *self,
                                        gint64 creator_id,
                                        gint64 id,
                                        const BooruActor *actor,
                                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruSession, booru_session_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruApiKey, booru_api_key_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruInvitation, g_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruShareLink, booru_share_link_free)

G_END_DECLS
