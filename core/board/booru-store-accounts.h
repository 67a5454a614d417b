/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A store's accounts: who may use the board, as what, and what was done about that. */
#pragma once

#include "board/booru-account.h"
#include "board/booru-store.h"

G_BEGIN_DECLS

/**
 * BooruActor:
 * @user_id: who does something; 0: booructl, or a visitor
 * @address: from where; %NULL: from the computer itself
 *
 * What is done about accounts is written down with who did it.
 */
typedef struct
{
  gint64 user_id;
  const char *address;
} BooruActor;

/**
 * BooruAccountChange:
 * @name: (nullable): its new name
 * @access: what it may do from now on; %BOORU_ACCESS_DEFAULT: as before
 * @deleted: 1: may not sign in from now on; 0: may again; -1: as before
 * @password: (nullable): a hash by booru_password_hash(); "": it has none any more
 * @identity: (nullable): what single sign-on knows it by
 * @per_page: -1: as before
 *
 * What to change of an account; what is %NULL stays. The other fields are those of BooruAccount.
 */
typedef struct
{
  const char *name;
  BooruAccess access;
  gint deleted;
  const char *password;
  const char *identity;
  const char *blacklisted_tags, *favorite_tags, *ratings, *language, *theme, *time_zone;
  gint per_page;
} BooruAccountChange;

/**
 * BOORU_ACCOUNT_CHANGE_INIT:
 *
 * Of a #BooruAccountChange that changes nothing.
 */
#define BOORU_ACCOUNT_CHANGE_INIT                                                                  \
  {                                                                                                \
    .deleted = -1, .per_page = -1                                                                  \
  }

/**
 * BooruAccountFilter:
 * @name: (nullable): a pattern with * that their names match, in any case
 * @access: what they may do; %BOORU_ACCESS_DEFAULT: anything
 * @ids: (nullable): only these
 * @deleted: also those who may not sign in
 * @page: which of them
 *
 * Which accounts to list.
 */
typedef struct
{
  const char *name;
  BooruAccess access;
  const GArray *ids;
  gboolean deleted;
  BooruPage page;
} BooruAccountFilter;

/**
 * booru_store_count_accounts:
 * @self: a store
 * @error: return location
 *
 * Returns: how many accounts there are, with those that may not sign in; -1 on error
 */
gint64 booru_store_count_accounts (BooruStore *self, GError **error);

/**
 * booru_store_add_account:
 * @self: a store
 * @name: its name
 * @access: what it may do
 * @password: (nullable): a hash by booru_password_hash()
 * @identity: (nullable): what single sign-on knows it by
 * @actor: who adds it
 * @error: %BOORU_ERROR_INVALID for a name that cannot be one; %BOORU_ERROR_EXISTS for one that
 *   somebody has, or that looks like it
 *
 * The first account owns all that there is already: it is %BOORU_USER_OWNER.
 *
 * Returns: its number; 0 on error
 */
gint64 booru_store_add_account (BooruStore *self,
                                const char *name,
                                BooruAccess access,
                                const char *password,
                                const char *identity,
                                const BooruActor *actor,
                                GError **error);

/**
 * booru_store_get_account:
 * @self: a store
 * @id: its number
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the account
 */
BooruAccount *booru_store_get_account (BooruStore *self, gint64 id, GError **error);

/**
 * booru_store_find_account:
 * @self: a store
 * @name: its name, however it is written
 * @password: (out) (optional) (nullable) (transfer full): the hash of its password
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the account
 */
BooruAccount *
booru_store_find_account (BooruStore *self, const char *name, char **password, GError **error);

/**
 * booru_store_find_account_by_identity:
 * @self: a store
 * @identity: what single sign-on knows it by
 * @error: %BOORU_ERROR_NOT_FOUND
 *
 * Returns: (transfer full): the account
 */
BooruAccount *
booru_store_find_account_by_identity (BooruStore *self, const char *identity, GError **error);

/**
 * booru_store_list_accounts:
 * @self: a store
 * @filter: which
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruAccount): the newest first
 */
GPtrArray *
booru_store_list_accounts (BooruStore *self, const BooruAccountFilter *filter, GError **error);

/**
 * booru_store_list_user_names:
 * @self: a store
 * @ids: numbers of users
 * @error: return location
 *
 * Returns: (transfer full) (element-type gint64 utf8): their names; without accounts, the owner's
 *   is "owner". Keys point into the table
 */
GHashTable *booru_store_list_user_names (BooruStore *self, const GArray *ids, GError **error);

/**
 * booru_store_change_account:
 * @self: a store
 * @id: its number
 * @change: what to change
 * @keep_session: the session that stays if the password changes, or 0
 * @actor: who changes it
 * @error: %BOORU_ERROR_NOT_FOUND; %BOORU_ERROR_EXISTS for a name that is taken;
 * %BOORU_ERROR_INVALID for a name that cannot be one, and for the last administrator, who stays one
 *
 * With a new password, and with the account's deletion, its sessions end.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_change_account (BooruStore *self,
                                     gint64 id,
                                     const BooruAccountChange *change,
                                     gint64 keep_session,
                                     const BooruActor *actor,
                                     GError **error);

/**
 * BooruAuditEntry:
 * @id: its number
 * @user_id: who; 0: booructl, or a visitor
 * @user_name: the name of that user; ""
 * @action: what was done, such as "user.add"
 * @target: on what
 * @details: more about it; ""
 * @address: from where; "": from the computer itself
 * @created_at: microseconds since 1970
 *
 * An entry of the list of who did what.
 */
typedef struct
{
  gint64 id, user_id, created_at;
  char *user_name, *action, *target, *details, *address;
} BooruAuditEntry;

/**
 * booru_audit_entry_free:
 * @self: (transfer full): an entry
 */
void booru_audit_entry_free (BooruAuditEntry *self);

/**
 * booru_store_add_audit:
 * @self: a store
 * @actor: who
 * @action: what was done, such as "settings.change"
 * @target: on what
 * @details: (nullable): more about it
 * @error: return location
 *
 * For what is not done in the store itself, whose own operations write themselves down.
 *
 * Returns: %TRUE on success
 */
gboolean booru_store_add_audit (BooruStore *self,
                                const BooruActor *actor,
                                const char *action,
                                const char *target,
                                const char *details,
                                GError **error);

/**
 * booru_store_list_audit:
 * @self: a store
 * @user_id: only what this user did; 0: all
 * @before: only entries with a smaller number; 0: from the newest
 * @limit: how many at most
 * @error: return location
 *
 * Returns: (transfer full) (element-type BooruAuditEntry): the newest first
 */
GPtrArray *booru_store_list_audit (BooruStore *self,
                                   gint64 user_id,
                                   gint64 before,
                                   guint limit,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruAuditEntry, booru_audit_entry_free)

G_END_DECLS
