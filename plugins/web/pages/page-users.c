/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For administrators: everybody's accounts, invitations, and the list of who did what. */
#include <string.h>

#include "page-account.h"
#include "page-login.h"
#include "http/web-error.h"

#define USERS_ON_PAGE 1000
#define ENTRIES_ON_PAGE 100

void
page_people_init (WebPage *page, BooruRequest *request, const char *title, const char *here)
{
  web_page_init (page, request);
  web_page_set_title (page, title);
  web_dict_set_string (page->values, "heading", title);
  web_dict_set_boolean (page->values, "on-users", strcmp (here, "/users") == 0);
  web_dict_set_boolean (page->values, "on-audit", strcmp (here, "/audit") == 0);
}

static void
add_user (WebList *list, const BooruAccount *account)
{
  WebDict *dict = web_list_append (list);

  web_dict_set_int (dict, "id", account->id);
  web_dict_set_string (dict, "account-name", account->name);
  web_dict_set_boolean (dict, "is-deleted", account->is_deleted);
  page_set_time (dict, "created", account->created_at);
  page_set_time (dict, "last", account->last_logged_in_at);
  page_add_levels (dict, account->access);
}

static void
add_invitations (WebDict *values, GPtrArray *invitations)
{
  WebList *list = web_dict_add_list (values, "invitations");
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < invitations->len; i++)
    {
      const BooruInvitation *invitation = invitations->pdata[i];
      WebDict *dict;

      if (invitation->user_id || invitation->expires_at <= now)
        continue;
      dict = web_list_append (list);
      web_dict_set_int (dict, "id", invitation->id);
      web_dict_set_static (dict, "access", booru_access_to_name (invitation->access));
      page_set_time (dict, "expires", invitation->expires_at);
    }
}

static void
show (BooruRequest *request, guint status, const char *problem, const char *secret)
{
  g_auto (WebPage) page = { 0 };
  BooruAccountFilter filter = { .deleted = TRUE, .page = { BOORU_PAGE_NUMBER, 1, USERS_ON_PAGE } };
  g_autoptr (GPtrArray) accounts = NULL, invitations = NULL;
  g_autoptr (GError) error = NULL;
  WebList *list;

  page_people_init (&page, request, "Users", "/users");
  accounts = booru_store_list_accounts (page.store, &filter, &error);
  invitations = accounts ? booru_store_list_invitations (page.store, &error) : NULL;
  if (invitations == NULL)
    {
      booru_request_fail (request, error);
      return;
    }
  list = web_dict_add_list (page.values, "users");
  for (guint i = accounts->len; i > 0; i--)
    add_user (list, accounts->pdata[i - 1]);
  add_invitations (page.values, invitations);
  page_add_levels (page.values, BOORU_ACCESS_EDITOR);
  web_dict_set_boolean (page.values, "no-users", accounts->len == 0);
  web_dict_set_string (page.values, "problem", problem);
  web_dict_set_string (page.values, "secret", secret);
  web_dict_set_int (page.values, "password-min", BOORU_PASSWORD_MIN);
  web_page_respond (&page, status, "users");
}

void
web_page_handle_users (BooruRequest *request, gpointer user_data)
{
  show (request, 200, NULL, NULL);
}

/* error: where @done, which the compiler may evaluate last, puts it. */
static void
end (WebRequest *request, gboolean done, GError **error)
{
  if (done)
    web_request_redirect (request, 303, "/users");
  else if (booru_err_invalid (*error) || booru_err_exists (*error) || booru_err_notfound (*error))
    show (BOORU_REQUEST (request), 422, (*error)->message, NULL);
  else
    web_request_fail_write (request, *error);
}

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

/* Adding */

static void
on_hashed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WebRequest) request = user_data;
  g_autofree char *address = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = web_passwords_hash_finish (result, &error);
  BooruAccess access;

  if (booru_err_busy (error))
    show (BOORU_REQUEST (request), 503, error->message, NULL);
  else
    end (request,
         hash && booru_access_from_name (get (request, "level"), &access, &error)
             && booru_store_add_account (get_store (request), get (request, "name"), access, hash,
                                         NULL, &actor, &error),
         &error);
}

static void
add (WebRequest *request)
{
  web_passwords_hash_async (web_worker_get_passwords (web_request_get_worker (request)),
                            get (request, "password"), on_hashed, g_object_ref (request));
}

static void
invite (WebRequest *request)
{
  g_autofree char *address = NULL, *code = booru_token_new (), *url = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  gint64 days = CLAMP (web_request_get_int (request, "days", 7), 1, 365);
  g_autoptr (GError) error = NULL;
  BooruAccess access;

  if (!booru_access_from_name (get (request, "level"), &access, &error)
      || !booru_store_add_invitation (get_store (request), code, access, days * G_TIME_SPAN_DAY,
                                      &actor, &error))
    {
      end (request, FALSE, &error);
      return;
    }
  url = g_strconcat (web_request_get_base_url (request), "/invitations/", code, NULL);
  show (BOORU_REQUEST (request), 200, NULL, url);
}

static void
uninvite (WebRequest *request)
{
  g_autofree char *address = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  g_autoptr (GError) error = NULL;
  gboolean done = booru_store_remove_invitation (
      get_store (request), web_request_get_int (request, "id", 0), &actor, &error);

  end (request, done, &error);
}

static void
change (WebRequest *request)
{
  BooruAccountChange what = BOORU_ACCOUNT_CHANGE_INIT;
  g_autofree char *address = NULL;
  BooruActor actor = page_login_make_actor (request, &address);
  g_autoptr (GError) error = NULL;

  what.deleted = (gint)CLAMP (web_request_get_int (request, "deleted", -1), -1, 1);
  end (request,
       (what.deleted >= 0 || booru_access_from_name (get (request, "level"), &what.access, &error))
           && booru_store_change_account (get_store (request),
                                          web_request_get_int (request, "id", 0), &what, 0, &actor,
                                          &error),
       &error);
}

static const struct
{
  const char *name;
  void (*run) (WebRequest *request);
} actions[]
    = { { "add", add }, { "invite", invite }, { "uninvite", uninvite }, { "change", change } };

void
web_page_handle_users_action (BooruRequest *request, gpointer user_data)
{
  const char *name = booru_request_get_capture (request, "action");

  /* The first one is made with a code (page-setup.c), or by booructl. */
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

void
web_page_handle_audit (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  WebList *list;
  gint64 last = 0;

  page_people_init (&page, request, "Who did what", "/audit");
  entries = booru_store_list_audit (page.store, 0, web_request_get_int (page.request, "before", 0),
                                    ENTRIES_ON_PAGE, &error);
  if (entries == NULL)
    {
      booru_request_fail (request, error);
      return;
    }
  list = web_dict_add_list (page.values, "entries");
  for (guint i = 0; i < entries->len; i++)
    {
      const BooruAuditEntry *entry = entries->pdata[i];
      WebDict *dict = web_list_append (list);

      page_set_time (dict, "at", entry->created_at);
      web_dict_set_string (dict, "who", *entry->user_name ? entry->user_name : "–");
      web_dict_set_string (dict, "action", entry->action);
      web_dict_set_string (dict, "target", entry->target);
      web_dict_set_string (dict, "details", entry->details);
      web_dict_set_string (dict, "address", entry->address);
      last = entry->id;
    }
  web_dict_take_string (page.values, "older",
                        entries->len == ENTRIES_ON_PAGE
                            ? g_strdup_printf ("/audit?before=%" G_GINT64_FORMAT, last)
                            : g_strdup (""));
  web_page_respond (&page, 200, "audit");
}
