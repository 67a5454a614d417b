/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

/* Signs the user in: makes a session, whose cookie goes with the answer, which is the page at @url
 * (NULL: the first), or the form that was interrupted. What goes wrong is answered. */
void page_login_begin (WebRequest *request, gint64 user_id, const char *url);

/* For pages about one's own account. FALSE after asking to sign in, or refusing an API key. */
gboolean page_login_require_account (WebRequest *request);
BooruActor page_login_make_actor (WebRequest *request, char **address); /* address: keeps it */

void web_page_handle_login (BooruRequest *request, gpointer user_data);
void web_page_handle_do_login (BooruRequest *request, gpointer user_data);
void web_page_handle_logout (BooruRequest *request, gpointer user_data);
void web_page_handle_setup (BooruRequest *request, gpointer user_data);
void web_page_handle_do_setup (BooruRequest *request, gpointer user_data);

G_END_DECLS
