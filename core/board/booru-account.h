/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accounts, as they are stored. Who asks for something is a BooruUser (base/booru-user.h). */
#pragma once

#include <glib-object.h>

#include "base/booru-user.h"

G_BEGIN_DECLS

/**
 * BOORU_USER_NAME_MAX:
 *
 * How many characters a name has at most.
 */
#define BOORU_USER_NAME_MAX 40

/**
 * BooruAccount:
 * @ref_count: private
 * @id: its number
 * @name: its name, as its owner writes it
 * @access: what it may do
 * @is_deleted: whether it may not sign in any more
 * @has_password: whether it can sign in by a password
 * @blacklisted_tags: tags of posts that it does not want to see, an entry a line
 * @favorite_tags: tags that it uses often
 * @ratings: those shown unless a search says otherwise, such as "gs"; "": all
 * @language: such as "de"; "": the browser's
 * @theme: "light", "dark"; "": the browser's
 * @time_zone: such as "Europe/Berlin"; "": the board's
 * @per_page: posts on a page; 0: the board's
 * @created_at: microseconds since 1970
 * @updated_at: likewise, when anything of this was changed
 * @last_logged_in_at: likewise; 0: never
 *
 * Somebody's account: an immutable snapshot, reference-counted. It is never removed.
 */
typedef struct
{
  gatomicrefcount ref_count;
  gint64 id;
  char *name;
  BooruAccess access;
  gboolean is_deleted;
  gboolean has_password;
  char *blacklisted_tags, *favorite_tags, *ratings, *language, *theme, *time_zone;
  guint per_page;
  gint64 created_at, updated_at, last_logged_in_at;
} BooruAccount;

/**
 * booru_account_ref:
 * @self: an account
 *
 * Returns: (transfer full): @self
 */
BooruAccount *booru_account_ref (BooruAccount *self);

/**
 * booru_account_unref:
 * @self: (transfer full): an account
 */
void booru_account_unref (BooruAccount *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruAccount, booru_account_unref)

/**
 * booru_user_name_to_key:
 * @name: a name
 * @error: %BOORU_ERROR_INVALID if it cannot be one, with what is wrong with it
 *
 * Names are the same if their keys are: whatever their case, and the letters that look like others.
 * A name is of one script, so that it cannot be made up of letters that look like those of another;
 * see UTS 39 of Unicode.
 *
 * Returns: (transfer full): its key
 */
char *booru_user_name_to_key (const char *name, GError **error);

/**
 * booru_access_to_name:
 * @access: what somebody may do
 *
 * Returns: "viewer", "editor", "admin"; else "visitor"
 */
const char *booru_access_to_name (BooruAccess access);

/**
 * booru_access_from_name:
 * @name: "viewer", "editor" or "admin"
 * @access: (out): what it means
 * @error: %BOORU_ERROR_INVALID for any other name
 *
 * Returns: %TRUE on success
 */
gboolean booru_access_from_name (const char *name, BooruAccess *access, GError **error);

G_END_DECLS
