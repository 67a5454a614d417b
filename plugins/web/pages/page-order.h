/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "view/web-value.h"

G_BEGIN_DECLS

/* Sets "order-label" and "orders": links to @query in each order. */
void page_order_add_menu (WebDict *values, const char *query);

G_END_DECLS
