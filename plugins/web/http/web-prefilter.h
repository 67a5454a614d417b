/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-connection.h"
#include "web-worker.h"

G_BEGIN_DECLS

/* Decides by a request's head alone: it is refused, answered at once (a kept answer, a thumbnail),
 * or goes on to the server library and its route. */
void web_prefilter (WebWorker *worker,
                    const WebRouter *router,
                    const WebHead *head,
                    WebPrefilter *result);

G_END_DECLS
