/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pages about accounts: one's own, everybody's, the list of who did what. */
#pragma once

#include "web-page.h"

G_BEGIN_DECLS

/* Of the pages of administrators about people: title, and the way from one to the other. */
void page_people_init (WebPage *page, BooruRequest *request, const char *title, const char *here);

/* Of the account's page: what can be signed in by. FALSE with @error. */
gboolean page_account_add_logins (WebPage *page, GError **error);

/* Answers with the page. secret: what is shown once, such as a key; NULL. */
void page_account_show (WebRequest *request, guint status, const char *problem, const char *secret);
void page_account_fail (WebRequest *request, const GError *error);

void page_set_time (WebDict *dict, const char *name, gint64 time); /* 0: "never" */
void page_add_levels (WebDict *dict, BooruAccess selected);        /* "levels" of a <select> */

void web_page_handle_account (BooruRequest *request, gpointer user_data);
void web_page_handle_account_action (BooruRequest *request, gpointer user_data);
void web_page_handle_users (BooruRequest *request, gpointer user_data);
void web_page_handle_users_action (BooruRequest *request, gpointer user_data);
void web_page_handle_audit (BooruRequest *request, gpointer user_data);

G_END_DECLS
