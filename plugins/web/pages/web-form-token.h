/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "http/web-request.h"

G_BEGIN_DECLS

/* A form brings a token along that only a page of the board can have read. */

/* FALSE after answering 403. */
gboolean web_form_token_check (WebRequest *request);
/* For the form's field "token"; sets the cookie if there is none. */
char *web_form_token_dup (WebRequest *request);

G_END_DECLS
