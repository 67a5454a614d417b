/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web-worker.h"

G_BEGIN_DECLS

/* From a request that passed the prefilter to the handler of its route, in two steps. When its head
 * has come: whether it is refused, and where its body goes. The body of an upload goes to disk,
 * unless the request is refused anyway: then it is read over. */
void web_dispatch_head (WebWorker *worker, SoupServerMessage *message);

/* When its body has come, too: it is answered, at once or later by the handler of its route. */
void web_dispatch (WebWorker *worker, SoupServerMessage *message);

G_END_DECLS
