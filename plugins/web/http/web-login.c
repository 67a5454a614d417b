/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-login.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static BooruUser *
make_user (WebLoginKind kind, const BooruAccount *account, BooruAccess access)
{
  if (account)
    return booru_user_new (account->id, account->name, MIN (access, account->access));
  if (kind == WEB_LOGIN_LOCAL)
    return booru_user_new (BOORU_USER_OWNER, "owner", access);
  return booru_user_new (0, "", access);
}

WebLogin *
web_login_new (WebLoginKind kind, BooruAccount *account, BooruAccess access, gint64 id)
{
  WebLogin *self = g_new0 (WebLogin, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->account = account ? booru_account_ref (account) : NULL;
  self->user = make_user (kind, account, access);
  self->id = id;
  if (account == NULL)
    return self; /* all of them get the same */
  g_snprintf (self->level_tag, sizeof self->level_tag, "\n%d", (int)self->user->access);
  g_snprintf (self->own_tag, sizeof self->own_tag,
              "\n%d.%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, (int)kind,
              account->id, id, account->updated_at);
  return self;
}

WebLogin *
web_login_ref (WebLogin *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
web_login_unref (WebLogin *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  booru_user_unref (self->user);
  g_clear_pointer (&self->account, booru_account_unref);
  g_strfreev (self->routes);
  g_free (self);
}

static gboolean
begins_with (const char *pattern, const char *route)
{
  gsize length = strlen (route);

  while (length > 1 && route[length - 1] == '/')
    length--;
  return strncmp (pattern, route, length) == 0
         && (length == 1 || strchr ("/.", pattern[length]) != NULL);
}

gboolean
web_login_permits (const WebLogin *self, const char *pattern)
{
  for (char **route = self->routes; route && *route; route++)
    if (**route && begins_with (pattern, *route))
      return TRUE;
  return self->routes == NULL;
}

#define N_BYTES (WEB_LOGIN_TOKEN_LENGTH / 2)

static guint8
read_byte (const char *hex)
{
  return (guint8)(g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
}

/* The mask, and the token under it. */
char *
web_login_dup_form_token (const WebLogin *self)
{
  guint8 mask[N_BYTES];
  char first[WEB_LOGIN_TOKEN_LENGTH + 1], second[WEB_LOGIN_TOKEN_LENGTH + 1];

  if (getrandom (mask, sizeof mask, 0) != sizeof mask)
    g_error ("Reading random numbers from the kernel failed: %s", g_strerror (errno));
  for (guint i = 0; i < N_BYTES; i++)
    {
      guint8 masked = mask[i] ^ read_byte (self->form_token + 2 * i);

      g_snprintf (first + 2 * i, 3, "%02x", mask[i]);
      g_snprintf (second + 2 * i, 3, "%02x", masked);
    }
  return g_strconcat (first, second, NULL);
}

gboolean
web_login_check_form_token (const WebLogin *self, const char *given)
{
  char token[WEB_LOGIN_TOKEN_LENGTH + 1];

  if (strspn (given, "0123456789abcdef") != 2 * WEB_LOGIN_TOKEN_LENGTH
      || given[2 * WEB_LOGIN_TOKEN_LENGTH] != '\0')
    return FALSE;
  for (guint i = 0; i < N_BYTES; i++)
    {
      guint8 byte = read_byte (given + 2 * i) ^ read_byte (given + WEB_LOGIN_TOKEN_LENGTH + 2 * i);

      g_snprintf (token + 2 * i, 3, "%02x", byte);
    }
  return booru_secret_equal (token, self->form_token);
}
