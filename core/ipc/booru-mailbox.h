/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Memory of fixed size in which a process that is not trusted leaves an answer. Unlike a pipe it
 * need not be read while the process runs, cannot be filled without end, and does not keep its
 * reader waiting because some grandchild holds it open. */
#define BOORU_MAILBOX_SIZE (256 * 1024)

/* A descriptor, close-on-exec, that can be neither shortened nor extended; -1 with @error. */
int booru_sealed_memory_new (const char *name, gsize size, GError **error);

/* Replaces what lies there; @letter NULL: with nothing. A floating one is sunk. BOORU_ERROR_LIMIT:
 * there is no room for it. */
gboolean booru_mailbox_put (int fd, GVariant *letter, GError **error);

/* Transfer full. BOORU_ERROR_NOT_FOUND: nothing lies there; BOORU_ERROR_INVALID: nothing of
 * @type. */
GVariant *booru_mailbox_get (int fd, const GVariantType *type, GError **error);

G_END_DECLS
