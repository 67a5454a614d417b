/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an account is signed in by: the lists on its page. */
#include <string.h>

#include "page-account.h"
#include "page-login.h"

static void
add_sessions (WebDict *values, GPtrArray *sessions, gint64 own_id)
{
  WebList *list = web_dict_add_list (values, "sessions");

  for (guint i = 0; i < sessions->len; i++)
    {
      const BooruSession *session = sessions->pdata[i];
      WebDict *dict = web_list_append (list);

      web_dict_set_int (dict, "id", session->id);
      web_dict_set_string (dict, "agent", session->agent);
      web_dict_set_string (dict, "address", session->address);
      page_set_time (dict, "used", session->last_used_at);
      web_dict_set_boolean (dict, "is-this", session->id == own_id);
    }
}

static void
add_keys (WebDict *values, GPtrArray *keys)
{
  WebList *list = web_dict_add_list (values, "keys");

  for (guint i = 0; i < keys->len; i++)
    {
      const BooruApiKey *key = keys->pdata[i];
      WebDict *dict = web_list_append (list);

      web_dict_set_int (dict, "id", key->id);
      web_dict_set_string (dict, "key-name", key->name);
      web_dict_set_static (dict, "access", booru_access_to_name (key->access));
      web_dict_set_string (dict, "routes", key->routes);
      page_set_time (dict, "used", key->last_used_at);
    }
}

gboolean
page_account_add_logins (WebPage *page, GError **error)
{
  const WebLogin *login = web_request_get_login (page->request);
  g_autoptr (GPtrArray) sessions = booru_store_list_sessions (page->store, login->user->id, error);
  g_autoptr (GPtrArray) keys
      = sessions ? booru_store_list_api_keys (page->store, login->user->id, error) : NULL;

  if (keys == NULL)
    return FALSE;
  add_sessions (page->values, sessions, login->id);
  add_keys (page->values, keys);
  return TRUE;
}
