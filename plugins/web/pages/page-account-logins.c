/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an account is signed in by: the lists on its page, and their forms. */
#include <string.h>

#include "page-account.h"
#include "page-login.h"

static BooruStore *
get_store (WebRequest *request)
{
  return web_worker_get_store (web_request_get_worker (request));
}

static const char *
get (WebRequest *request, const char *name)
{
  const char *value = booru_request_get_param (BOORU_REQUEST (request), name);

  return value ? value : "";
}

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
void
page_account_end_sessions (WebRequest *request)
{
  g_autofree char *address = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  g_autoptr (GError) error = NULL;
  gboolean done = booru_store_end_session (get_store (request), actor.user_id,
                                           web_request_get_int (request, "id", 0),
                                           web_request_get_login (request)->id, &actor, &error);

  end (request, done, &error);
}

void
page_account_add_key (WebRequest *request)
{
  g_autofree char *address = NULL, *token = booru_token_new ();
  BooruActor actor = page_login_make_actor (request, &address);
  const char *name = get (request, "name");
  g_autoptr (GError) error = NULL;
  BooruAccess access;

  if (g_utf8_strlen (name, -1) > 100)
    page_account_show (request, 422, "The name of a key has 100 characters at most.", NULL);
  else if (booru_access_from_name (get (request, "level"), &access, &error)
           && booru_store_add_api_key (get_store (request), actor.user_id, token,
                                       *name ? name : "API key", access, get (request, "routes"),
                                       &actor, &error))
    page_account_show (request, 200, NULL, token);
  else
    page_account_fail (request, error);
}

void
page_account_remove_key (WebRequest *request)
{
  g_autofree char *address = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  g_autoptr (GError) error = NULL;

  end (request,
       booru_store_remove_api_key (get_store (request), actor.user_id,
                                   web_request_get_int (request, "id", 0), &actor, &error),
       &error);
}
