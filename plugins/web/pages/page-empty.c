/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages without pictures say why, and what to do. */
#include <string.h>

#include "page-text.h"
#include "web-page.h"

#define MAX_FAILURES 10

static void
set_kind (WebPage *page, const char *kind)
{
  static const char *const kinds[] = { "empty-library", "empty-search", "empty-page" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    web_dict_set_boolean (page->values, kinds[i], strcmp (kinds[i], kind) == 0);
}

static const BooruFolder *
find_folder (GPtrArray *folders, const char *path, gint64 id)
{
  for (guint i = 0; folders && i < folders->len; i++)
    {
      const BooruFolder *folder = g_ptr_array_index (folders, i);

      if (path ? strcmp (folder->path, path) == 0 : folder->id == id)
        return folder;
    }
  return NULL;
}

static void
add_folder (WebList *list, GPtrArray *known, const char *path)
{
  WebDict *dict = web_list_append (list);
  const BooruFolder *folder = find_folder (known, path, 0);

  web_dict_take_string (dict, "folder", page_text_from_bytes (path));
  web_dict_set_boolean (dict, "absent", folder && !folder->present);
}

static void
add_failures (WebPage *page, GPtrArray *folders)
{
  BooruFailureFilter newest = { .limit = MAX_FAILURES, .after = -1 };
  g_autoptr (GPtrArray) failures = booru_store_list_failures (page->store, &newest, NULL);
  WebList *list = web_dict_add_list (page->values, "failures");

  for (guint i = 0; failures && i < failures->len; i++)
    {
      const BooruFile *file = g_ptr_array_index (failures, i);
      const BooruFolder *folder = find_folder (folders, NULL, file->folder_id);
      g_autofree char *path = g_build_filename (folder ? folder->path : "", file->path, NULL);
      WebDict *dict = web_list_append (list);

      web_dict_take_string (dict, "path", page_text_from_bytes (path));
      web_dict_set_string (dict, "reason", file->failure);
    }
  web_dict_set_boolean (page->values, "has-failures", failures && failures->len > 0);
}

void
web_page_add_empty_library (WebPage *page)
{
  WebWorker *worker = web_request_get_worker (page->request);
  BooruConfig *config = booru_service_context_get_config (web_worker_get_context (worker));
  g_autoptr (BooruFolders) folders = booru_folders_new (config, FALSE);
  g_autoptr (GPtrArray) known = booru_store_list_folders (page->store, NULL);
  WebList *list;

  set_kind (page, "empty-library");
  list = web_dict_add_list (page->values, "folders");
  for (char **path = folders->library; *path; path++)
    add_folder (list, known, *path);
  if (folders->ingest)
    add_folder (list, known, folders->ingest);
  web_dict_set_boolean (page->values, "has-folders", *folders->library || folders->ingest);
  web_dict_set_boolean (page->values, "may-add", FALSE);
  add_failures (page, known);
}

void
web_page_add_empty_search (WebPage *page, const char *text, gboolean explained)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);

  set_kind (page, "empty-search");
  web_dict_set_boolean (page->values, "tags-apart",
                        !explained && booru_query_get_tags (query)->len > 1);
}

void
web_page_add_empty_page (WebPage *page, const char *last_url)
{
  set_kind (page, "empty-page");
  web_dict_set_string (page->values, "last-href", last_url);
}
