/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "web-head.h"
#include "web-login.h"
#include "web-settings.h"
#include "web-shown.h"

G_BEGIN_DECLS

#define WEB_SESSION_COOKIE "booru-session"

/**
 * WebLogins:
 *
 * Who the requests of this process come from. What was found in the store is remembered, until
 * anything about accounts changes there, in whatever process.
 */
typedef struct _WebLogins WebLogins;

WebLogins *web_logins_new (BooruStore *store, WebChanges *changes); /* both outlive it */
void web_logins_free (WebLogins *self);
void web_logins_configure (WebLogins *self,
                           const WebSettings *settings); /* outlive the next call */

/* Whether there are accounts; without them, who is at this machine is the owner. */
gboolean web_logins_has_accounts (WebLogins *self);

/* Who may be seen by the head of a request: transfer full. A cookie that is not known any more
 * is a visitor's. NULL: an API key was given that is not valid. */
WebLogin *web_logins_find (WebLogins *self, const WebHead *head);

/* By parameters; NULL: it is not valid. */
WebLogin *web_logins_find_key (WebLogins *self, const char *name, const char *key);

/* Somebody that a trusted proxy names, whose account is made if there is none. NULL with @error: it
 * may not sign in. */
WebLogin *web_logins_find_proxied (WebLogins *self, const char *name, GError **error);

WebLogin *web_logins_get_visitor (WebLogins *self); /* transfer none */

/* It is used, from that address: noted once an hour. */
void web_logins_touch (WebLogins *self, WebLogin *login, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebLogins, web_logins_free)

G_END_DECLS
