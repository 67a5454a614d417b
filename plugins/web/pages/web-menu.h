/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The entries that plugins add to the menu. */
#pragma once

#include "http/web-request.h"
#include "view/web-value.h"

G_BEGIN_DECLS

typedef struct
{
  const char *href, *label; /* constant */
  BooruAccess access;
} WebMenuEntry;

void web_menu_set (GArray *entries); /* transfer full; of WebMenuEntry */

/* "menu" of the template layout.html: what the request's user may use. */
void web_menu_add (WebRequest *request, WebDict *values);

G_END_DECLS
