/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WebPasswords:
 *
 * Checks and hashes passwords in a thread of its own, one at a time, as each takes some tenths of a
 * second and much memory. Only so many wait: the next one fails with BOORU_ERROR_BUSY.
 */
typedef struct _WebPasswords WebPasswords;

WebPasswords *web_passwords_new (void);
void web_passwords_free (WebPasswords *self); /* waits for the one that is being done */

/* hash: NULL: nobody's; takes as long as any. */
void web_passwords_check_async (WebPasswords *self,
                                const char *password,
                                const char *hash,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/* FALSE with @error: it could not be checked; otherwise *is_right tells. */
gboolean web_passwords_check_finish (GAsyncResult *result, gboolean *is_right, GError **error);

void web_passwords_hash_async (WebPasswords *self,
                               const char *password,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/* As booru_password_hash(). */
char *web_passwords_hash_finish (GAsyncResult *result, GError **error);

G_END_DECLS
