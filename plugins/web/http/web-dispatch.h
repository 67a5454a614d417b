/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-request.h"

G_BEGIN_DECLS

/* From a request to the handler of its route. */
/* Its body has not come. */
void web_dispatch_head (WebService *service, WebRouter *router, SoupServerMessage *message);
void web_dispatch (WebService *service, WebRouter *router, SoupServerMessage *message); /* it has */

G_END_DECLS
