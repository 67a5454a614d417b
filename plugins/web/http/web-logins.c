/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-logins.h"

#include <string.h>

/* Remembered logins; when there are more, all are looked up again. */
#define MAX_KNOWN 4096
#define MAX_CREDENTIALS 512

#define TOUCH_INTERVAL G_TIME_SPAN_HOUR

struct _WebLogins
{
  BooruStore *store;
  WebChanges *changes;
  const WebSettings *settings;
  guint64 seen;      /* web_changes_get_logins() */
  GHashTable *known; /* what was given, and how ("s…") → WebLogin */
  WebLogin *visitor, *local;
  gboolean has_accounts, is_counted;
};

static void
forget_login (gpointer data)
{
  WebLogin *login = data;

  login->ended = TRUE;
  web_login_unref (login);
}

WebLogins *
web_logins_new (BooruStore *store, WebChanges *changes)
{
  WebLogins *self = g_new0 (WebLogins, 1);

  self->store = store;
  self->changes = changes;
  self->seen = G_MAXUINT64;
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, forget_login);
  return self;
}

void
web_logins_free (WebLogins *self)
{
  g_hash_table_unref (self->known);
  g_clear_pointer (&self->visitor, web_login_unref);
  g_clear_pointer (&self->local, web_login_unref);
  g_free (self);
}

/* Bound to loopback the board is its user's, as long as there are no accounts. A proxy that names
 * users is trusted to let nobody pass without one. */
static void
make_anonymous (WebLogins *self)
{
  const WebSettings *settings = self->settings;
  gboolean is_local = settings->loopback && settings->user_header == NULL && !self->has_accounts;

  g_clear_pointer (&self->visitor, web_login_unref);
  g_clear_pointer (&self->local, web_login_unref);
  self->visitor = web_login_new (
      WEB_LOGIN_VISITOR, NULL, settings->is_public ? BOORU_ACCESS_VIEWER : BOORU_ACCESS_PUBLIC, 0);
  if (is_local && self->is_counted)
    self->local = web_login_new (WEB_LOGIN_LOCAL, NULL, BOORU_ACCESS_ADMIN, 0);
}

/* If the store cannot tell, what was known stays; at first nobody is let in. */
static void
count_accounts (WebLogins *self)
{
  g_autoptr (GError) error = NULL;
  gint64 count = booru_store_count_accounts (self->store, &error);

  if (count < 0)
    {
      g_warning ("Whether there are accounts cannot be read: %s", error->message);
      self->seen = G_MAXUINT64;
      return;
    }
  self->has_accounts = count > 0;
  self->is_counted = TRUE;
}

void
web_logins_configure (WebLogins *self, const WebSettings *settings)
{
  self->settings = settings;
  g_hash_table_remove_all (self->known);
  make_anonymous (self);
}

static void
catch_up (WebLogins *self)
{
  guint64 now;

  web_changes_catch_up (self->changes);
  now = web_changes_get_logins (self->changes);
  if (G_LIKELY (now == self->seen))
    return;
  self->seen = now;
  g_hash_table_remove_all (self->known);
  count_accounts (self);
  make_anonymous (self);
}

gboolean
web_logins_has_accounts (WebLogins *self)
{
  catch_up (self);
  return self->has_accounts;
}

WebLogin *
web_logins_get_visitor (WebLogins *self)
{
  return self->visitor;
}

static WebLogin *
remember (WebLogins *self, const char *given, WebLogin *login)
{
  if (g_hash_table_size (self->known) >= MAX_KNOWN)
    g_hash_table_remove_all (self->known);
  g_hash_table_insert (self->known, g_strdup (given), web_login_ref (login));
  return login;
}

/* What is remembered under @given; transfer full. */
static WebLogin *
recall (WebLogins *self, const char *given)
{
  WebLogin *login = g_hash_table_lookup (self->known, given);

  if (login == NULL)
    return NULL;
  if (login->expires_at && login->expires_at <= g_get_real_time ())
    {
      g_hash_table_remove (self->known, given);
      return NULL;
    }
  return web_login_ref (login);
}

static BooruAccount *
get_account (WebLogins *self, gint64 id)
{
  g_autoptr (BooruAccount) account = booru_store_get_account (self->store, id, NULL);

  return account && !account->is_deleted ? g_steal_pointer (&account) : NULL;
}

/* Of the session alone, and known to whoever has its cookie: each process makes the same. */
static void
make_form_token (WebLogin *login, const char *token)
{
  g_autofree char *hmac = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)token,
                                                     strlen (token), "booru-form", -1);

  memcpy (login->form_token, hmac, WEB_LOGIN_TOKEN_LENGTH);
}

/* given: 's' and the token. NULL: there is none. */
static WebLogin *
find_session (WebLogins *self, const char *given)
{
  WebLogin *login = recall (self, given);
  g_autoptr (BooruSession) session = NULL;
  g_autoptr (BooruAccount) account = NULL;

  if (login)
    return login;
  session = booru_store_find_session (self->store, given + 1, NULL);
  account = session ? get_account (self, session->user_id) : NULL;
  if (account == NULL)
    return NULL;
  login = web_login_new (WEB_LOGIN_SESSION, account, BOORU_ACCESS_ADMIN, session->id);
  login->expires_at = session->expires_at;
  login->touched_at = session->last_used_at;
  make_form_token (login, given + 1);
  return remember (self, given, login);
}

static gboolean
is_same_name (const char *name, const char *other)
{
  g_autofree char *key = booru_user_name_to_key (name, NULL);
  g_autofree char *other_key = booru_user_name_to_key (other, NULL);

  return key && g_strcmp0 (key, other_key) == 0;
}

static WebLogin *
find_key (WebLogins *self, const char *given, const char *name, const char *token)
{
  g_autoptr (BooruApiKey) key = booru_store_find_api_key (self->store, token, NULL);
  g_autoptr (BooruAccount) account = key ? get_account (self, key->user_id) : NULL;
  WebLogin *login;

  if (account == NULL || !is_same_name (account->name, name))
    return NULL;
  login = web_login_new (WEB_LOGIN_KEY, account, key->access, key->id);
  login->touched_at = key->last_used_at;
  if (*key->routes)
    login->routes = g_strsplit_set (key->routes, " \t\r\n", -1);
  return remember (self, given, login);
}

WebLogin *
web_logins_find_key (WebLogins *self, const char *name, const char *key)
{
  g_autofree char *given = g_strconcat ("p", name, "\n", key, NULL);
  WebLogin *login;

  catch_up (self);
  login = recall (self, given);
  return login ? login : find_key (self, given, name, key);
}

/* "Basic " and "NAME:KEY" in Base64. given: 'b' and the Base64. */
static WebLogin *
find_basic (WebLogins *self, const char *given)
{
  WebLogin *login = recall (self, given);
  g_autofree char *text = NULL;
  gsize length;
  char *colon;

  if (login)
    return login;
  text = (char *)g_base64_decode (given + 1, &length); /* terminated by GLib */
  colon = text ? memchr (text, ':', length) : NULL;
  if (colon == NULL || strlen (text) != length || !g_utf8_validate (text, -1, NULL))
    return NULL;
  *colon = '\0';
  return find_key (self, given, text, colon + 1);
}

/* The value of the cookie of this name; length 0: there is none. */
static WebSlice
find_cookie (const WebSlice *cookies, const char *name)
{
  const char *at = cookies->data, *end = at + cookies->length;
  gsize n = strlen (name);

  while (at < end)
    {
      const char *next = memchr (at, ';', (gsize)(end - at));

      next = next ? next : end;
      while (at < next && *at == ' ')
        at++;
      if ((gsize)(next - at) > n && at[n] == '=' && memcmp (at, name, n) == 0)
        return (WebSlice){ at + n + 1, (gsize)(next - at - n - 1) };
      at = next + 1;
    }
  return (WebSlice){ NULL, 0 };
}

/* kind: how it was given. FALSE: it cannot be anything that we gave out. */
static gboolean
copy_given (char *buffer, char kind, const WebSlice *value)
{
  if (value->length == 0 || value->length >= MAX_CREDENTIALS)
    return FALSE;
  buffer[0] = kind;
  memcpy (buffer + 1, value->data, value->length);
  buffer[1 + value->length] = '\0';
  return TRUE;
}

static gboolean
is_basic (const WebSlice *authorization)
{
  return authorization->length > 6 && g_ascii_strncasecmp (authorization->data, "Basic ", 6) == 0;
}

WebLogin *
web_logins_find (WebLogins *self, const WebHead *head)
{
  char given[MAX_CREDENTIALS + 2];
  WebLogin *login = NULL;

  catch_up (self);
  if (self->local)
    return web_login_ref (self->local);
  if (is_basic (&head->authorization))
    {
      WebSlice value = { head->authorization.data + 6, head->authorization.length - 6 };

      return copy_given (given, 'b', &value) ? find_basic (self, given) : NULL;
    }
  if (head->cookie.length)
    {
      WebSlice value = find_cookie (&head->cookie, WEB_SESSION_COOKIE);

      if (copy_given (given, 's', &value))
        login = find_session (self, given);
    }
  return login ? login : web_login_ref (self->visitor);
}

/* Whoever comes first has to be able to let others in. */
static gint64
add_proxied (WebLogins *self, const char *name, GError **error)
{
  BooruActor proxy = { 0, "proxy" };
  BooruAccess access = self->has_accounts ? self->settings->new_user_access : BOORU_ACCESS_ADMIN;

  if (access < BOORU_ACCESS_VIEWER)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED,
                   "“%s” has no account here. Ask an administrator for one", name);
      return 0;
    }
  return booru_store_add_account (self->store, name, access, NULL, NULL, &proxy, error);
}

WebLogin *
web_logins_find_proxied (WebLogins *self, const char *name, GError **error)
{
  g_autofree char *given = g_strconcat ("x", name, NULL);
  g_autoptr (BooruAccount) account = NULL;
  g_autoptr (GError) local_error = NULL;
  WebLogin *login;
  gint64 id;

  catch_up (self);
  login = recall (self, given);
  if (login)
    return login;
  account = booru_store_find_account (self->store, name, NULL, &local_error);
  if (account == NULL && booru_err_notfound (local_error))
    {
      id = add_proxied (self, name, error);
      account = id ? booru_store_get_account (self->store, id, error) : NULL;
      catch_up (self);
    }
  else if (account == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  if (account && account->is_deleted)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED, "The account “%s” was disabled", name);
  if (account == NULL || account->is_deleted)
    return NULL;
  return remember (self, given, web_login_new (WEB_LOGIN_PROXY, account, BOORU_ACCESS_ADMIN, 0));
}

void
web_logins_touch (WebLogins *self, WebLogin *login, const char *address)
{
  gint64 now = g_get_real_time (), length = self->settings->session_length;
  g_autoptr (GError) error = NULL;
  gboolean done = TRUE;

  if (login->id == 0 || now - login->touched_at < TOUCH_INTERVAL)
    return;
  login->touched_at = now;
  if (login->kind == WEB_LOGIN_SESSION)
    {
      login->expires_at = now + length;
      done = booru_store_touch_session (self->store, login->id, length, address, &error);
    }
  else if (login->kind == WEB_LOGIN_KEY)
    done = booru_store_touch_api_key (self->store, login->id, &error);
  if (!done)
    g_message ("That a login was used could not be noted: %s", error->message);
}
