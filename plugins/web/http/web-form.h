/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "web-body.h"

G_BEGIN_DECLS

/* The parameters of query string and body; the body wins. With an error, those before it. upload:
 * what was taken apart while it came; NULL */
WebParams *
web_form_read (SoupServerMessage *message, GBytes *body, WebBody *upload, GError **error);

G_END_DECLS
