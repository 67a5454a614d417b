/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * BOORU_USER_OWNER:
 *
 * The user that owns everything while there are no accounts, and the first account afterwards.
 */
#define BOORU_USER_OWNER 1

/**
 * BooruAccess:
 * @BOORU_ACCESS_DEFAULT: of a route or page: %BOORU_ACCESS_VIEWER to read (GET),
 *   %BOORU_ACCESS_EDITOR for every other method
 * @BOORU_ACCESS_PUBLIC: everybody, signed in or not
 * @BOORU_ACCESS_VIEWER: whoever may see the posts
 * @BOORU_ACCESS_EDITOR: whoever may change posts
 * @BOORU_ACCESS_ADMIN: whoever may change settings and accounts
 *
 * What a user may do, and what it takes to use a route or a page; each includes those before it.
 */
typedef enum
{
  BOORU_ACCESS_DEFAULT,
  BOORU_ACCESS_PUBLIC,
  BOORU_ACCESS_VIEWER,
  BOORU_ACCESS_EDITOR,
  BOORU_ACCESS_ADMIN,
} BooruAccess;

/**
 * BooruUser:
 * @ref_count: private
 * @id: its number; 0 for a visitor without an account
 * @name: its name; "" for a visitor
 * @access: what it may do; %BOORU_ACCESS_PUBLIC for a visitor to a board that asks for a login
 *
 * Who asks: an immutable snapshot, reference-counted.
 */
typedef struct
{
  gatomicrefcount ref_count;
  gint64 id;
  char *name;
  BooruAccess access;
} BooruUser;

/**
 * booru_user_new:
 * @id: a user's number; 0 for a visitor
 * @name: its name
 * @access: what it may do
 *
 * Returns: (transfer full): the user
 */
BooruUser *booru_user_new (gint64 id, const char *name, BooruAccess access);

/**
 * booru_user_ref:
 * @self: a user
 *
 * Returns: (transfer full): @self
 */
BooruUser *booru_user_ref (BooruUser *self);

/**
 * booru_user_unref:
 * @self: (transfer full): a user
 */
void booru_user_unref (BooruUser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruUser, booru_user_unref)

G_END_DECLS
