/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One's own account: settings, password, and what it is signed in by. */
#include "page-account.h"

#include <string.h>

#include "page-login.h"
#include "http/web-error.h"

void
page_set_time (WebDict *dict, const char *name, gint64 time)
{
  g_autoptr (GDateTime) date = time ? booru_time_from_usec (time) : NULL;

  web_dict_take_string (dict, name,
                        date ? g_date_time_format (date, "%Y-%m-%d %H:%M") : g_strdup ("never"));
}

void
page_add_levels (WebDict *dict, BooruAccess selected)
{
  WebList *list = web_dict_add_list (dict, "levels");

  for (BooruAccess access = BOORU_ACCESS_VIEWER; access <= BOORU_ACCESS_ADMIN; access++)
    {
      WebDict *level = web_list_append (list);

      web_dict_set_static (level, "level", booru_access_to_name (access));
      web_dict_set_boolean (level, "selected", access == selected);
    }
}

static void
add_themes (WebDict *dict, const char *selected)
{
  static const char *const themes[][2]
      = { { "", "As the browser's" }, { "light", "Light" }, { "dark", "Dark" } };
  WebList *list = web_dict_add_list (dict, "themes");

  for (guint i = 0; i < G_N_ELEMENTS (themes); i++)
    {
      WebDict *theme = web_list_append (list);

      web_dict_set_static (theme, "value", themes[i][0]);
      web_dict_set_static (theme, "label", themes[i][1]);
      web_dict_set_boolean (theme, "selected", strcmp (themes[i][0], selected) == 0);
    }
}

void
page_account_show (WebRequest *request, guint status, const char *problem, const char *secret)
{
  g_auto (WebPage) page = { 0 };
  const BooruAccount *account = web_request_get_login (request)->account;
  const char *done = booru_request_get_param (BOORU_REQUEST (request), "done");
  g_autoptr (GError) error = NULL;

  web_page_init (&page, BOORU_REQUEST (request));
  if (!page_account_add_logins (&page, &error))
    {
      booru_request_fail (BOORU_REQUEST (request), error);
      return;
    }
  web_page_set_title (&page, account->name);
  web_dict_set_string (page.values, "problem", problem);
  web_dict_set_string (page.values, "secret", secret);
  web_dict_set_static (page.values, "done", done && problem == NULL ? "Saved." : "");
  web_dict_set_static (page.values, "level", booru_access_to_name (account->access));
  web_dict_set_boolean (page.values, "has-password", account->has_password);
  web_dict_set_int (page.values, "password-min", BOORU_PASSWORD_MIN);
  web_dict_set_string (page.values, "blacklisted-tags", account->blacklisted_tags);
  web_dict_set_string (page.values, "favorite-tags", account->favorite_tags);
  web_dict_set_string (page.values, "time-zone", account->time_zone);
  web_dict_set_int (page.values, "per-page", account->per_page);
  add_themes (page.values, account->theme);
  page_add_levels (page.values, account->access);
  web_page_respond (&page, status, "account");
}

void
page_account_fail (WebRequest *request, const GError *error)
{
  if (booru_err_invalid (error) || booru_err_exists (error))
    page_account_show (request, 422, error->message, NULL);
  else if (booru_err_notfound (error))
    page_account_show (request, 404, error->message, NULL);
  else
    web_request_fail_write (request, error);
}

void
web_page_handle_account (BooruRequest *request, gpointer user_data)
{
  if (page_login_require_account (WEB_REQUEST (request)))
    page_account_show (WEB_REQUEST (request), 200, NULL, NULL);
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

static const struct
{
  const char *name;
  void (*run) (WebRequest *request);
} actions[] = {
  { "settings", change_settings },
  { "password", change_password },
  { "end-sessions", page_account_end_sessions },
  { "add-key", page_account_add_key },
  { "remove-key", page_account_remove_key },
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
