/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One's own account: settings, password, and what it is signed in by. */
#include "page-account.h"

#include <string.h>

#include "page-login.h"
#include "http/web-error.h"

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
