/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords, which people choose, and tokens, which nobody can guess. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BOORU_PASSWORD_MIN:
 *
 * How many characters a password has at least.
 */
#define BOORU_PASSWORD_MIN 8

/**
 * BOORU_PASSWORD_MAX:
 *
 * How many bytes a password has at most.
 */
#define BOORU_PASSWORD_MAX 512

/**
 * booru_password_hash:
 * @password: what somebody will type
 * @error: %BOORU_ERROR_INVALID if it is too short or too long
 *
 * Takes some tenths of a second, and 32 MiB: not for a main loop.
 *
 * Returns: (transfer full): its hash by yescrypt, as crypt(5) writes it
 */
char *booru_password_hash (const char *password, GError **error);

/**
 * booru_password_check:
 * @password: what somebody typed
 * @hash: (nullable): what booru_password_hash() returned; %NULL or "": there is no such password
 *
 * Takes as long as booru_password_hash(), also without a hash.
 *
 * Returns: whether it is the same
 */
gboolean booru_password_check (const char *password, const char *hash);

/**
 * booru_token_new:
 *
 * Returns: (transfer full): 32 random letters and digits
 */
char *booru_token_new (void);

/**
 * booru_token_hash:
 * @token: a token
 *
 * Returns: (transfer full): what is stored of it: its SHA-256, in hex
 */
char *booru_token_hash (const char *token);

/**
 * booru_secret_equal:
 * @a: a secret
 * @b: another
 *
 * Returns: whether they are the same, in a time that does not tell how much of them is
 */
gboolean booru_secret_equal (const char *a, const char *b);

G_END_DECLS
