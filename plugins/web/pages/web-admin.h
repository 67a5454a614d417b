/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "http/web-request.h"

G_BEGIN_DECLS

/* What is the administrator's only. Bound to loopback, whoever gets here is: Host and Origin were
 * checked before. A form brings a token along that only a page of the board can have read. */

gboolean web_admin_check (WebRequest *request);      /* FALSE after answering 403 */
gboolean web_admin_check_form (WebRequest *request); /* also the token; FALSE after answering */
/* For the form's field "token"; sets the cookie if there is none. */
char *web_admin_dup_token (WebRequest *request);

G_END_DECLS
