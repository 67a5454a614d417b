/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the module of a driver exports: a database that is not built in. */
#pragma once

#include <gmodule.h>

#include "board/booru-store.h"
#include "board/sql/booru-sql-driver.h"

G_BEGIN_DECLS

/* Raised whenever this header or booru-sql-driver.h changes a layout or a meaning. */
#define BOORU_DRIVER_ABI 1

#define BOORU_DRIVER_SYMBOL booru_driver
#define BOORU_DRIVER_SYMBOL_NAME "booru_driver"

typedef struct
{
  guint32 abi;
  const char *name; /* of its folder and module */
  /* As booru_store_open(). */
  BooruSql *(*open) (const char *database,
                     BooruStoreOpenMode mode,
                     BooruStoreProgress progress,
                     gpointer data,
                     GError **error);
} BooruDriver;

#define BOORU_DRIVER_DEFINE(driver_name, open_func)                                                \
  G_MODULE_EXPORT extern const BooruDriver BOORU_DRIVER_SYMBOL;                                    \
  const BooruDriver BOORU_DRIVER_SYMBOL = { BOORU_DRIVER_ABI, driver_name, open_func };

G_END_DECLS
