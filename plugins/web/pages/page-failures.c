/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What could not be read, and why: /system/failures. */
#include <string.h>

#include "page-system.h"
#include "page-text.h"
#include "web-form-token.h"
#include "board/web-failures.h"
#include "view/web-json.h"

#define PER_PAGE 50
#define MAX_PER_PAGE 500

/* What the request asks for. */
typedef struct
{
  char *folder; /* raw bytes; NULL: all */
  guint page, limit;
} Filter;

static void
filter_clear (Filter *self)
{
  g_free (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filter, filter_clear)

/* The parameter is decoded once already, as all are; bytes that are not UTF-8 came in a second
 * coating. */
static void
read_filter (WebRequest *request, Filter *filter)
{
  const char *folder = booru_request_get_param (BOORU_REQUEST (request), "folder");

  filter->folder = folder && *folder ? page_system_unescape_path (folder) : NULL;
  filter->page = (guint)CLAMP (web_request_get_int (request, "page", 1), 1, 100000);
  filter->limit = (guint)CLAMP (web_request_get_int (request, "limit", PER_PAGE), 1, MAX_PER_PAGE);
}

static gboolean
list_failures (WebRequest *request, const Filter *filter, WebFailures *failures, GError **error)
{
  WebWorker *worker = web_request_get_worker (request);
  WebFailureQuery query = {
    .store = web_worker_get_store (worker),
    .config = booru_service_context_get_config (web_worker_get_context (worker)),
    .below = filter->folder,
    .offset = (filter->page - 1) * filter->limit,
    .limit = filter->limit,
  };

  return web_failures_list (&query, failures, error);
}

/* JSON */

static void
answer_json (WebRequest *request, const WebFailures *failures)
{
  WebJson json;

  web_json_init (&json, NULL);
  web_json_begin_object (&json);
  web_json_member_int (&json, "total", failures->total);
  web_json_member_int (&json, "ignored", (gint64)failures->ignored);
  web_json_member (&json, "failures");
  web_json_begin_array (&json);
  for (guint i = 0; i < failures->list->len; i++)
    {
      const WebFailure *failure = failures->list->pdata[i];

      web_json_begin_object (&json);
      web_json_member_string (&json, "path", failure->path);
      web_json_member_string (&json, "folder", failure->folder);
      web_json_member_string (&json, "reason", failure->reason);
      web_json_member_int (&json, "size", failure->size);
      web_json_member_time (&json, "time", failure->time);
      web_json_member_boolean (&json, "inbox", failure->inbox);
      web_json_end_object (&json);
    }
  web_json_end_array (&json);
  web_json_end_object (&json);
  web_request_respond_string (request, 200, "application/json; charset=utf-8",
                              web_json_finish (&json));
}

/* The page */

static void
add_failure (WebList *list, const WebFailure *failure, guint number)
{
  WebDict *dict = web_list_append (list);
  const char *name = failure->path + strlen (failure->folder);
  g_autofree char *below = g_strdup (name + strspn (name, "/"));

  web_dict_take_string (dict, "name", page_text_from_bytes (below));
  web_dict_take_string (dict, "folder", page_text_from_bytes (failure->folder));
  web_dict_take_string (dict, "reason", page_text_from_bytes (failure->reason));
  web_dict_take_string (dict, "size", g_format_size ((guint64)MAX (0, failure->size)));
  web_dict_take_string (dict, "time", page_text_from_time (failure->time));
  web_dict_take_string (dict, "value", page_system_escape_path (failure->path));
  web_dict_set_int (dict, "number", number);
}

static char *
make_url (const Filter *filter, guint page)
{
  g_autofree char *once = filter->folder ? page_system_escape_path (filter->folder) : NULL;
  GString *url = g_string_new ("/system/failures");

  if (once)
    {
      g_string_append (url, "?folder=");
      g_string_append_uri_escaped (url, once, "/", FALSE);
    }
  if (page > 1)
    g_string_append_printf (url, "%cpage=%u", once ? '&' : '?', page);
  return g_string_free (url, FALSE);
}

static char *
make_page_url (guint page, gpointer filter)
{
  return make_url (filter, page);
}

static void
add_pager (WebPage *page, Filter *filter, guint total)
{
  guint n_pages = (total + filter->limit - 1) / filter->limit;
  g_autofree char *previous = filter->page > 1 ? make_url (filter, filter->page - 1) : NULL;
  g_autofree char *next = filter->page < n_pages ? make_url (filter, filter->page + 1) : NULL;
  WebPager pager = {
    .page = filter->page,
    .n_pages = n_pages,
    .previous = previous,
    .next = next,
    .make_url = make_page_url,
    .user_data = filter,
  };

  if (n_pages > 1)
    web_page_add_pager (page, &pager);
}

static void
add_choice (WebList *list, const char *path, const char *chosen)
{
  WebDict *dict = web_list_append (list);

  web_dict_take_string (dict, "value", page_system_escape_path (path));
  web_dict_take_string (dict, "label", page_text_from_bytes (path));
  web_dict_set_boolean (dict, "selected", chosen && strcmp (path, chosen) == 0);
}

/* The folders that failures can be in, and the one that was asked for. */
static void
add_choices (WebPage *page, const char *chosen)
{
  BooruServiceContext *context = web_worker_get_context (web_request_get_worker (page->request));
  g_autoptr (BooruFolders) watched
      = booru_folders_new (booru_service_context_get_config (context), FALSE);
  const char *inbox = watched->ingest;
  g_autoptr (GPtrArray) folders = booru_store_list_folders (page->store, NULL);
  WebList *list = web_dict_add_list (page->values, "choices");
  gboolean found = chosen == NULL;

  for (guint i = 0; folders && i < folders->len; i++)
    {
      const BooruFolder *folder = folders->pdata[i];

      if (folder->kind != BOORU_FOLDER_LIBRARY)
        continue;
      found |= chosen && strcmp (folder->path, chosen) == 0;
      add_choice (list, folder->path, chosen);
    }
  if (inbox)
    {
      found |= chosen && strcmp (inbox, chosen) == 0;
      add_choice (list, inbox, chosen);
    }
  if (!found)
    add_choice (list, chosen, chosen);
}

static void
answer_page (WebRequest *request, Filter *filter, const WebFailures *failures)
{
  g_auto (WebPage) page = { 0 };
  const char *done = booru_request_get_param (BOORU_REQUEST (request), "done");
  WebList *list;

  page_system_init_page (&page, request, "Files that could not be read", "/system/failures");
  if (g_strcmp0 (done, "retry") == 0)
    web_dict_set_static (page.values, "notice",
                         "Trying again. Files that still fail stay in the list.");
  list = web_dict_add_list (page.values, "failures");
  for (guint i = 0; i < failures->list->len; i++)
    add_failure (list, failures->list->pdata[i], i + 1);
  web_dict_set_boolean (page.values, "has-failures", failures->list->len > 0);
  web_dict_set_boolean (page.values, "filtered", filter->folder != NULL);
  web_dict_take_string (page.values, "folder-value",
                        filter->folder ? page_system_escape_path (filter->folder) : g_strdup (""));
  web_dict_take_string (page.values, "back", make_url (filter, filter->page));
  web_dict_take_string (page.values, "total", booru_text_from_count (failures->total));
  web_dict_set_boolean (page.values, "one", failures->total == 1);
  web_dict_take_string (page.values, "ignored-text",
                        page_system_describe_ignored ((gint64)failures->ignored));
  add_choices (&page, filter->folder);
  add_pager (&page, filter, failures->total);
  web_page_respond (&page, 200, "failures");
}

void
page_system_handle_failures (BooruRequest *base, gpointer user_data)
{
  WebRequest *request = WEB_REQUEST (base);
  g_auto (WebFailures) failures = { 0 };
  g_autoptr (GError) error = NULL;
  g_auto (Filter) filter = { 0 };

  read_filter (request, &filter);
  if (!list_failures (request, &filter, &failures, &error))
    booru_request_fail (base, error);
  else if (web_request_wants_json (request))
    answer_json (request, &failures);
  else
    answer_page (request, &filter, &failures);
}
