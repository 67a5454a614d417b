/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the forms of an account's page do. */
#include "page-account.h"
#include <string.h>
#include "page-login.h"
#include "http/web-error.h"

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

/* Settings */

static const char *
get (WebRequest *request, const char *name)
{
  return booru_request_get_param (BOORU_REQUEST (request), name);
}

static gboolean
check_settings (const BooruAccountChange *change, GError **error)
{
  static const char *const themes[] = { "", "light", "dark", NULL };
  const char *zone = change->time_zone;
  g_autoptr (GTimeZone) known
      = zone && *zone ? g_time_zone_new_identifier (zone) : g_time_zone_new_utc ();

  if (change->theme && !g_strv_contains (themes, change->theme))
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "“%s” is not a theme", change->theme);
  else if (known == NULL)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                 "“%s” is not a known time zone. Enter one such as Europe/Berlin", zone);
  else if (change->per_page > 200)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID, "A page has 200 posts at most");
  else
    return TRUE;
  return FALSE;
}

static void
change_settings (WebRequest *request)
{
  BooruAccountChange change = BOORU_ACCOUNT_CHANGE_INIT;
  g_autofree char *address = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  g_autoptr (GError) error = NULL;

  change.blacklisted_tags = get (request, "blacklisted_tags");
  change.favorite_tags = get (request, "favorite_tags");
  change.theme = get (request, "theme");
  change.time_zone = get (request, "time_zone");
  change.per_page = (gint)CLAMP (web_request_get_int (request, "per_page", -1), -1, 100000);
  if (check_settings (&change, &error)
      && booru_store_change_account (web_worker_get_store (web_request_get_worker (request)),
                                     actor.user_id, &change, 0, &actor, &error))
    web_request_redirect (request, 303, "/account?done=1");
  else
    page_account_fail (request, error);
}

/* The password: the present one is asked for, as a browser may have been left alone. */

static void
on_hashed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WebRequest) request = user_data;
  BooruAccountChange change = BOORU_ACCOUNT_CHANGE_INIT;
  g_autofree char *address = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = web_passwords_hash_finish (result, &error);

  change.password = hash;
  if (hash
      && booru_store_change_account (web_worker_get_store (web_request_get_worker (request)),
                                     actor.user_id, &change, web_request_get_login (request)->id,
                                     &actor, &error))
    web_request_redirect (request, 303, "/account?done=1");
  else if (booru_err_busy (error))
    page_account_show (request, 503, error->message, NULL);
  else
    page_account_fail (request, error);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WebRequest) request = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_right;

  if (!web_passwords_check_finish (result, &is_right, &error))
    page_account_show (request, 503, error->message, NULL);
  else if (!is_right)
    page_account_show (request, 422, "The present password is wrong; nothing was changed.", NULL);
  else
    web_passwords_hash_async (web_worker_get_passwords (web_request_get_worker (request)),
                              get (request, "new_password"), on_hashed, g_object_ref (request));
}

static void
change_password (WebRequest *request)
{
  WebWorker *worker = web_request_get_worker (request);
  const BooruAccount *account = web_request_get_login (request)->account;
  const char *old = get (request, "old_password"), *new = get (request, "new_password");
  g_autofree char *hash = NULL, *address = web_request_dup_address (request);
  g_autoptr (BooruAccount) fresh = NULL;
  g_autoptr (GError) error = NULL;

  if (new == NULL || g_strcmp0 (new, get (request, "repeated")) != 0)
    page_account_show (request, 422, "The two passwords differ; nothing was changed.", NULL);
  else if (!booru_store_begin_login (web_worker_get_store (worker), account->name, address, &error))
    page_account_show (request, 429, error->message, NULL);
  else if (!(fresh = booru_store_find_account (web_worker_get_store (worker), account->name, &hash,
                                               &error)))
    page_account_fail (request, error);
  else if (hash)
    web_passwords_check_async (web_worker_get_passwords (worker), old ? old : "", hash, on_checked,
                               g_object_ref (request));
  else
    web_passwords_hash_async (web_worker_get_passwords (worker), new, on_hashed,
                              g_object_ref (request));
}

static const char *
get_text (WebRequest *request, const char *name)
{
  const char *value = get (request, name);

  return value ? value : "";
}

/* What can be signed in by */

/* error: where @done, which the compiler may evaluate last, puts it. */
static void
end (WebRequest *request, gboolean done, GError **error)
{
  if (done)
    web_request_redirect (request, 303, "/account?done=1");
  else
    page_account_fail (request, *error);
}

/* One, or all but this one. */
static void
end_sessions (WebRequest *request)
{
  g_autofree char *address = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  g_autoptr (GError) error = NULL;
  gboolean done = booru_store_end_session (get_store (request), actor.user_id,
                                           web_request_get_int (request, "id", 0),
                                           web_request_get_login (request)->id, &actor, &error);

  end (request, done, &error);
}

static void
add_key (WebRequest *request)
{
  g_autofree char *address = NULL, *token = booru_token_new ();
  BooruActor actor = page_login_make_actor (request, &address);
  const char *name = get_text (request, "name");
  g_autoptr (GError) error = NULL;
  BooruAccess access;

  if (g_utf8_strlen (name, -1) > 100)
    page_account_show (request, 422, "The name of a key has 100 characters at most.", NULL);
  else if (booru_access_from_name (get_text (request, "level"), &access, &error)
           && booru_store_add_api_key (get_store (request), actor.user_id, token,
                                       *name ? name : "API key", access,
                                       get_text (request, "routes"), &actor, &error))
    page_account_show (request, 200, NULL, token);
  else
    page_account_fail (request, error);
}

static void
remove_key (WebRequest *request)
{
  g_autofree char *address = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  g_autoptr (GError) error = NULL;

  end (request,
       booru_store_remove_api_key (get_store (request), actor.user_id,
                                   web_request_get_int (request, "id", 0), &actor, &error),
       &error);
}

static const struct
{
  const char *name;
  void (*run) (WebRequest *request);
} actions[] = {
  { "settings", change_settings },  { "password", change_password },
  { "end-sessions", end_sessions }, { "add-key", add_key },
  { "remove-key", remove_key },
};

void
web_page_handle_account_action (BooruRequest *request, gpointer user_data)
{
  const char *name = booru_request_get_capture (request, "action");

  if (!page_login_require_account (WEB_REQUEST (request)))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (actions[i].name, name) == 0)
      {
        actions[i].run (WEB_REQUEST (request));
        return;
      }
  web_request_fail_status (WEB_REQUEST (request), 404, web_error_get_class (404),
                           "There is no such action.");
}
