/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who asks, and how this was found out. */
#pragma once

#include <booru.h>

G_BEGIN_DECLS

typedef enum
{
  WEB_LOGIN_VISITOR, /* nobody that is known */
  WEB_LOGIN_LOCAL,   /* whoever is at this machine, where there are no accounts */
  WEB_LOGIN_SESSION, /* a browser that is signed in: by a cookie */
  WEB_LOGIN_KEY,     /* a program: by an API key */
  WEB_LOGIN_PROXY,   /* somebody that a trusted proxy names */
} WebLoginKind;

#define WEB_LOGIN_TOKEN_LENGTH 32

/**
 * WebLogin:
 *
 * A snapshot, reference-counted, that many requests share.
 */
typedef struct
{
  gatomicrefcount ref_count;
  WebLoginKind kind;
  BooruUser *user;
  BooruAccount *account; /* NULL: a visitor, or the owner without accounts */
  gint64 id;             /* of the session or API key; 0: neither */
  char **routes;         /* beginnings of the paths that the API key is for; NULL: all */
  gint64 expires_at;     /* real time, µs; 0: never */
  gint64 touched_at;     /* when its use was noted last */
  gboolean ended;        /* or changed, after this snapshot was made */

  /* Of a session: what its forms bring along, so that nobody else can have made them. */
  char form_token[WEB_LOGIN_TOKEN_LENGTH + 1]; /* "": nothing */

  /* By which kept answers are told apart: those that all of a level get, and this login's own. */
  char level_tag[8];
  char own_tag[64];
} WebLogin;

/* Transfer full. account: NULL: there is none; access: what may be done at most. */
WebLogin *web_login_new (WebLoginKind kind, BooruAccount *account, BooruAccess access, gint64 id);
WebLogin *web_login_ref (WebLogin *self);
void web_login_unref (WebLogin *self);

/* Whether it is for a path at all, as in the route's pattern. */
gboolean web_login_permits (const WebLogin *self, const char *pattern);

/* The form token as a page shows it: masked, so that it is another one each time, and the length of
 * a compressed page tells nothing about it (BREACH). Transfer full. */
char *web_login_dup_form_token (const WebLogin *self);
gboolean web_login_check_form_token (const WebLogin *self, const char *given);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebLogin, web_login_unref)

G_END_DECLS
