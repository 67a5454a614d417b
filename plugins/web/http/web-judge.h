/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-connection.h"
#include "web-request.h"

G_BEGIN_DECLS

/* Decides by its head alone what becomes of a request: refused, answered at once (a kept answer, a
 * thumbnail), or given to the routes. */
void web_judge (WebService *service, WebRouter *router, const WebHead *head, WebVerdict *verdict);

G_END_DECLS
