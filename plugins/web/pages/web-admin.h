/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "http/web-request.h"

G_BEGIN_DECLS

/* Access for the administrator only. Bound to loopback, every client is one: Host and Origin were
 * checked before. A form brings a token along that only a page of the board can have read. */

gboolean web_admin_is (WebRequest *request);          /* whether the administrator asks */
gboolean web_admin_check (WebRequest *request);       /* FALSE after answering 403 */
gboolean web_admin_check_token (WebRequest *request); /* likewise; of anybody's form */
gboolean web_admin_check_form (WebRequest *request);  /* also the token; FALSE after answering */
/* For the form's field "token"; sets the cookie if there is none. */
char *web_admin_dup_token (WebRequest *request);

G_END_DECLS
