/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files about accounts share; all within a write. */
#pragma once

#include "board/booru-store-accounts.h"
#include "board/store/booru-store-private.h"

G_BEGIN_DECLS

/* Writes down what was done. @target, @details: NULL: nothing. */
gboolean booru_store_note_audit (BooruStore *store,
                                 const BooruActor *actor,
                                 const char *action,
                                 const char *target,
                                 const char *details,
                                 GError **error);

typedef struct
{
  const char *name;
  BooruAccess access;
  const char *password, *identity;
  const BooruActor *actor;
  gint64 id; /* set */
} BooruNewAccount;

gboolean booru_store_insert_account (BooruStore *store, BooruNewAccount *account, GError **error);

G_END_DECLS
