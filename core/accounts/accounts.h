/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "board/booru-secret.h"
#include "board/booru-store-logins.h"

G_BEGIN_DECLS

/* What the command line says; its words are those after the verb. */
typedef struct
{
  BooruStore *store;
  char **words;
  gboolean json;
} Accounts;

/* FALSE with @error. */
typedef struct
{
  const char *name;
  const char *usage;
  guint min_words, max_words;
  gboolean (*run) (const Accounts *self, GError **error);
} AccountsVerb;

extern const AccountsVerb accounts_verbs[]; /* ends with one without a name */

G_END_DECLS
