/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signing in and out. A form that was sent without a valid session is carried on through the page
 * that asks to sign in, and back: nothing that was typed is lost. */
#include "page-login.h"

#include <string.h>

#include "web-form-token.h"
#include "web-pages.h"
#include "http/web-error.h"

#define CARRY "carry["
/* As long as browsers keep cookies. When the session ends, the store knows. */
#define COOKIE_AGE (400 * 24 * 60 * 60)

/* Only to pages of the board: whoever made the link must not choose another site. */
static const char *
check_url (const char *url)
{
  if (url == NULL || url[0] != '/' || url[1] == '/' || strpbrk (url, "\\\r\n\t"))
    return "/posts";
  return url;
}

static gboolean
is_kept_back (const char *name)
{
  static const char *const own[]
      = { "token", "authenticity_token", "login", "api_key", "password", NULL };

  return g_strv_contains (own, name);
}

typedef struct
{
  WebList *fields;
  gboolean is_carried; /* they are those of the form in between */
} Carry;

static void
add_field (const char *name, const char *value, gpointer user_data)
{
  const Carry *carry = user_data;
  g_autofree char *inner = NULL;
  WebDict *dict;

  if (carry->is_carried)
    {
      if (!g_str_has_prefix (name, CARRY) || !g_str_has_suffix (name, "]"))
        return;
      inner = g_strndup (name + strlen (CARRY), strlen (name) - strlen (CARRY) - 1);
    }
  else if (is_kept_back (name))
    return;
  dict = web_list_append (carry->fields);
  web_dict_set_string (dict, "field-name", inner ? inner : name);
  web_dict_set_string (dict, "field-value", value);
}

/* "fields": those of the form that was interrupted. */
static gboolean
add_fields (WebPage *page, gboolean is_carried)
{
  Carry carry = { web_dict_add_list (page->values, "fields"), is_carried };

  web_request_foreach_param (page->request, add_field, &carry);
  return web_list_get_length (carry.fields) > 0;
}

static void
set_target (WebPage *page, const char *url, gboolean is_form)
{
  web_dict_set_string (page->values, "url", url);
  web_dict_set_boolean (page->values, "is-carrying", is_form);
}

static void
show (WebPage *page, guint status, const char *problem)
{
  WebLogins *logins = web_worker_get_logins (web_request_get_worker (page->request));

  web_page_set_title (page, "Sign in");
  web_dict_take_string (page->values, "token", web_form_token_dup (page->request));
  web_dict_set_string (page->values, "problem", problem);
  web_dict_set_boolean (page->values, "has-accounts", web_logins_has_accounts (logins));
  web_dict_set_string (page->values, "name",
                       booru_request_get_param (BOORU_REQUEST (page->request), "name"));
  booru_request_set_header (BOORU_REQUEST (page->request), "X-Robots-Tag", "noindex");
  web_page_respond (page, status, "login");
}

void
web_page_handle_login (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };

  web_page_init (&page, request);
  add_fields (&page, TRUE);
  set_target (&page, check_url (booru_request_get_param (request, "url")), FALSE);
  show (&page, 200, NULL);
}

/* The form again, for its user to send once more. */
static void
show_resume (WebPage *page, guint status, const char *url, const char *message)
{
  web_page_set_title (page, "Continue");
  set_target (page, url, TRUE);
  web_dict_set_string (page->values, "message", message);
  web_page_respond (page, status, "resume");
}

/* Where a request leads, with its query. */
static char *
dup_url (WebRequest *request)
{
  const char *query
      = g_uri_get_query (soup_server_message_get_uri (web_request_get_message (request)));

  return g_strconcat (web_request_get_incoming (request)->path, query ? "?" : "", query, NULL);
}

void
web_pages_ask_login (WebRequest *request, guint status, const char *message)
{
  g_auto (WebPage) page = { 0 };
  gboolean is_post = g_str_equal (booru_request_get_method (BOORU_REQUEST (request)), "POST");
  g_autofree char *url = dup_url (request);

  web_page_init (&page, BOORU_REQUEST (request));
  if (is_post)
    add_fields (&page, FALSE);
  else
    web_dict_add_list (page.values, "fields");
  if (is_post && web_request_get_login (request)->kind == WEB_LOGIN_SESSION)
    {
      show_resume (&page, status, url,
                   "Nothing was saved yet: you signed in again after this form was opened.");
      return;
    }
  set_target (&page, is_post ? url : check_url (url), is_post);
  show (&page, status,
        is_post
            ? "You are not signed in any more. Nothing is lost: what you entered is saved after "
              "you sign in."
            : NULL);
}

/* The session */

static gboolean
is_https (WebRequest *request)
{
  return g_str_has_prefix (web_request_get_base_url (request), "https:");
}

static void
set_cookie (WebRequest *request, const char *token, gint64 age)
{
  const WebSettings *settings = web_worker_get_settings (web_request_get_worker (request));
  g_autofree char *cookie = g_strdup_printf (
      WEB_SESSION_COOKIE "=%s; Path=%s/; Max-Age=%" G_GINT64_FORMAT "; HttpOnly; SameSite=Lax%s",
      token, settings->base_path, age, is_https (request) ? "; Secure" : "");

  booru_request_set_header (BOORU_REQUEST (request), "Set-Cookie", cookie);
}

/* What is answered now is answered to the new session. */
static void
adopt (WebRequest *request, const char *token)
{
  g_autofree char *cookie = g_strconcat (WEB_SESSION_COOKIE "=", token, NULL);
  WebHead head = { .cookie = { cookie, strlen (cookie) } };
  WebLogin *login
      = web_logins_find (web_worker_get_logins (web_request_get_worker (request)), &head);

  if (login)
    web_request_set_login (request, login);
}

static void
answer_begun (WebRequest *request, const char *url)
{
  g_auto (WebPage) page = { 0 };

  web_page_init (&page, BOORU_REQUEST (request));
  if (booru_request_get_param (BOORU_REQUEST (request), "carrying") && add_fields (&page, TRUE))
    show_resume (&page, 200, url, "You are signed in. Continue with what you were doing.");
  else
    {
      if (page.values && web_dict_lookup (page.values, "fields") == NULL)
        web_dict_add_list (page.values, "fields");
      web_page_redirect (&page, 303, url);
    }
}

void
page_login_begin (WebRequest *request, gint64 user_id, const char *url)
{
  WebWorker *worker = web_request_get_worker (request);
  g_autofree char *token = booru_token_new (), *address = web_request_dup_address (request);
  g_autoptr (GError) error = NULL;

  if (!booru_store_add_session (web_worker_get_store (worker), user_id, token,
                                web_worker_get_settings (worker)->session_length, address,
                                booru_request_get_header (BOORU_REQUEST (request), "User-Agent"),
                                &error))
    {
      web_request_fail_write (request, error);
      return;
    }
  set_cookie (request, token, COOKIE_AGE);
  adopt (request, token);
  answer_begun (request, check_url (url));
}

/* Signing in */

typedef struct
{
  WebRequest *request;
  gint64 user_id; /* 0: nobody's */
} Attempt;

static void
attempt_free (Attempt *self)
{
  g_object_unref (self->request);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Attempt, attempt_free)

/* The page again, with what was carried. */
static void
show_again (WebRequest *request, guint status, const char *problem)
{
  g_auto (WebPage) page = { 0 };
  BooruRequest *base = BOORU_REQUEST (request);

  web_page_init (&page, base);
  add_fields (&page, TRUE);
  set_target (&page, check_url (booru_request_get_param (base, "url")),
              booru_request_get_param (base, "carrying") != NULL);
  show (&page, status, problem);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Attempt) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_right;

  if (!web_passwords_check_finish (result, &is_right, &error))
    show_again (self->request, 503, error->message);
  else if (!is_right || self->user_id == 0)
    show_again (self->request, 401, "The user name or the password is wrong.");
  else
    page_login_begin (self->request, self->user_id,
                      booru_request_get_param (BOORU_REQUEST (self->request), "url"));
}

void
web_page_handle_do_login (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  WebWorker *worker = web_request_get_worker (request);
  BooruStore *store = web_worker_get_store (worker);
  const char *name = booru_request_get_param (base, "name");
  const char *password = booru_request_get_param (base, "password");
  g_autofree char *address = web_request_dup_address (request), *hash = NULL;
  g_autoptr (BooruAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  Attempt *attempt;

  if (!web_form_token_check (request))
    return;
  name = name ? name : "";
  if (!booru_store_begin_login (store, name, address, &error))
    {
      if (booru_err_limit (error))
        show_again (request, 429, error->message);
      else
        web_request_fail_write (request, error);
      return;
    }
  account = booru_store_find_account (store, name, &hash, NULL);
  attempt = g_new (Attempt, 1);
  *attempt = (Attempt){ g_object_ref (request), account && !account->is_deleted ? account->id : 0 };
  web_passwords_check_async (web_worker_get_passwords (worker), password ? password : "",
                             attempt->user_id ? hash : NULL, on_checked, attempt);
}

void
web_page_handle_logout (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const WebLogin *login = web_request_get_login (request);
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;
  BooruActor actor;

  if (login->kind == WEB_LOGIN_SESSION)
    {
      actor = page_login_make_actor (request, &address);
      if (!booru_store_end_session (web_worker_get_store (web_request_get_worker (request)),
                                    login->user->id, login->id, 0, &actor, &error)
          && !booru_err_notfound (error))
        {
          web_request_fail_write (request, error);
          return;
        }
      set_cookie (request, "", 0);
    }
  booru_request_set_header (base, "Clear-Site-Data", "\"cache\"");
  booru_request_set_header (base, "Cache-Control", "no-store");
  web_request_redirect (request, 303, "/login");
}

gboolean
page_login_require_account (WebRequest *request)
{
  const WebLogin *login = web_request_get_login (request);

  if (login->kind == WEB_LOGIN_SESSION || login->kind == WEB_LOGIN_PROXY)
    return TRUE;
  if (login->kind == WEB_LOGIN_KEY)
    web_request_fail_status (request, 403, web_error_get_class (403),
                             "Accounts are managed in a browser, not by an API key.");
  else
    web_pages_ask_login (request, 401, "Sign in first.");
  return FALSE;
}

BooruActor
page_login_make_actor (WebRequest *request, char **address)
{
  *address = web_request_dup_address (request);
  return (BooruActor){ web_request_get_user_id (request), *address };
}
