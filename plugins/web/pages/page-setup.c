/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* New accounts that their users make: the first one, by a code that the log shows; all others, by a
 * link. */
#include <string.h>

#include "page-login.h"
#include "web-form-token.h"
#include "http/web-error.h"

#define SETUP_TIME G_TIME_SPAN_HOUR

static const char *
get_code (BooruRequest *request)
{
  const char *code = booru_request_get_capture (request, "code");

  return code ? code : booru_request_get_param (request, "code");
}

static gboolean
is_setup (BooruRequest *request)
{
  return booru_request_get_capture (request, "code") == NULL;
}

static void
show (BooruRequest *request, guint status, const char *problem)
{
  g_auto (WebPage) page = { 0 };
  gboolean first = is_setup (request);
  const char *name = booru_request_get_param (request, "name");
  const char *code = booru_request_get_param (request, "code");

  web_page_init (&page, request);
  web_page_set_title (&page, first ? "Create the first account" : "Create your account");
  web_dict_set_string (page.values, "heading",
                       first ? "Create the first account" : "Create your account");
  web_dict_take_string (page.values, "token", web_form_token_dup (page.request));
  web_dict_set_string (page.values, "problem", problem);
  web_dict_set_boolean (page.values, "is-setup", first);
  web_dict_set_string (page.values, "action", web_request_get_incoming (page.request)->path);
  web_dict_set_string (page.values, "code", first && code ? code : "");
  web_dict_set_string (page.values, "name", name);
  web_dict_set_int (page.values, "password-min", BOORU_PASSWORD_MIN);
  booru_request_set_header (request, "Referrer-Policy", "no-referrer");
  web_page_respond (&page, status, "setup");
}

/* Whoever reads the log owns the board. FALSE after answering. */
static gboolean
prepare_code (WebRequest *request)
{
  BooruStore *store = web_worker_get_store (web_request_get_worker (request));
  BooruActor nobody = { 0, NULL };
  g_autofree char *code = NULL;
  g_autoptr (GError) error = NULL;
  gint64 expires_at;

  if (!booru_store_get_setup_expiry (store, &expires_at, &error))
    {
      booru_request_fail (BOORU_REQUEST (request), error);
      return FALSE;
    }
  if (expires_at != 0)
    return TRUE;
  code = booru_token_new ();
  if (!booru_store_add_invitation (store, code, BOORU_ACCESS_ADMIN, SETUP_TIME, &nobody, &error))
    {
      web_request_fail_write (request, error);
      return FALSE;
    }
  g_message ("The code for the first account, for an hour: %s", code);
  return TRUE;
}

/* FALSE after answering: the invitation, or the board's being without accounts, is over. */
static gboolean
check_code (BooruRequest *base)
{
  WebRequest *request = WEB_REQUEST (base);
  WebWorker *worker = web_request_get_worker (request);
  g_autoptr (BooruInvitation) invitation = NULL;
  g_autoptr (GError) error = NULL;

  if (is_setup (base))
    {
      if (!web_logins_has_accounts (web_worker_get_logins (worker)))
        return TRUE;
      web_request_fail_status (request, 404, web_error_get_class (404),
                               "This board has accounts already. Ask an administrator for one.");
      return FALSE;
    }
  invitation = booru_store_find_invitation (web_worker_get_store (worker), get_code (base), &error);
  if (invitation && invitation->creator_id)
    return TRUE;
  web_request_fail_status (request, 404, web_error_get_class (404),
                           error ? error->message : "The code is not valid.");
  return FALSE;
}

void
web_page_handle_setup (BooruRequest *request, gpointer user_data)
{
  if (check_code (request) && (!is_setup (request) || prepare_code (WEB_REQUEST (request))))
    show (request, 200, NULL);
}

static void
on_hashed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WebRequest) request = user_data;
  BooruRequest *base = BOORU_REQUEST (request);
  WebWorker *worker = web_request_get_worker (request);
  g_autofree char *address = web_request_dup_address (request);
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = web_passwords_hash_finish (result, &error);
  gint64 id = 0;

  if (hash)
    id = booru_store_accept_invitation (web_worker_get_store (worker), get_code (base),
                                        booru_request_get_param (base, "name"), hash, address,
                                        &error);
  if (id)
    page_login_begin (request, id, NULL);
  else if (booru_err_busy (error) || booru_err_limit (error))
    show (base, 503, error->message);
  else if (booru_err_invalid (error) || booru_err_exists (error) || booru_err_notfound (error))
    show (base, 422, error->message);
  else
    web_request_fail_write (request, error);
}

void
web_page_handle_do_setup (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  const char *name = booru_request_get_param (base, "name");
  const char *password = booru_request_get_param (base, "password");
  g_autofree char *key = NULL;
  g_autoptr (GError) error = NULL;

  if (!web_form_token_check (request) || !check_code (base))
    return;
  if (name == NULL || password == NULL || get_code (base) == NULL)
    show (base, 422, "Fill in all fields.");
  else if (g_strcmp0 (password, booru_request_get_param (base, "repeated")) != 0)
    show (base, 422, "The two passwords differ.");
  else if ((key = booru_user_name_to_key (name, &error)) == NULL)
    show (base, 422, error->message);
  else
    web_passwords_hash_async (web_worker_get_passwords (web_request_get_worker (request)), password,
                              on_hashed, g_object_ref (request));
}
