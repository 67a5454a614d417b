/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making and changing pools, by forms. */
#include "page-pool.h"

#include "page-text.h"
#include "board/web-record.h"

static const BooruRecordType *
get_type (void)
{
  return booru_record_type_get (BOORU_RECORD_POOL);
}

static const BooruUser *
get_user (WebPage *page)
{
  return booru_request_get_user (BOORU_REQUEST (page->request));
}

static void
set_category (WebPage *page, const char *selected)
{
  static const char *const names[] = { "series", "collection" };
  static const char *const labels[] = { "Series: the order matters", "Collection: a theme" };
  WebList *list = web_dict_add_list (page->values, "categories");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      WebDict *dict = web_list_append (list);

      web_dict_set_static (dict, "value", names[i]);
      web_dict_set_static (dict, "label", labels[i]);
      web_dict_set_boolean (dict, "checked", g_strcmp0 (names[i], selected) == 0);
    }
}

static char *
print_ids (const BooruRecord *pool)
{
  const GArray *ids = booru_record_get_ids (pool, "post_ids");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            g_array_index (ids, gint64, i));
  return g_string_free (text, FALSE);
}

/* What the user typed, or else what the pool has. */
static const char *
get_value (GHashTable *typed, const char *name, const char *otherwise)
{
  const char *value = typed != NULL ? g_hash_table_lookup (typed, name) : NULL;

  return value != NULL ? value : otherwise;
}

/* @pool: NULL: a new one; @typed: NULL: nothing yet. */
static void
show_form (WebPage *page,
           guint status,
           const BooruRecord *pool,
           GHashTable *typed,
           const char *problem)
{
  g_autofree char *ids = pool != NULL ? print_ids (pool) : g_strdup ("");
  g_autofree char *name
      = pool != NULL ? page_text_from_tag (booru_record_get_text (pool, "name")) : g_strdup ("");
  g_autofree char *url
      = pool != NULL ? page_pool_dup_url (booru_record_get_id (pool)) : g_strdup ("/pools");
  const char *category = pool != NULL ? booru_record_get_text (pool, "category") : "series";
  const char *description = pool != NULL ? booru_record_get_text (pool, "description") : "";

  web_page_set_title (page, pool != NULL ? "Edit pool" : "New pool");
  web_dict_set_static (page->values, "heading", pool != NULL ? "Edit pool" : "New pool");
  web_dict_set_boolean (page->values, "is-new", pool == NULL);
  web_dict_set_boolean (page->values, "deleted",
                        pool != NULL && booru_record_get_number (pool, "is_deleted") != 0);
  web_dict_set_string (page->values, "action", url);
  web_dict_set_string (page->values, "problem", problem);
  web_dict_set_string (page->values, "name", get_value (typed, "name", name));
  web_dict_set_string (page->values, "description", get_value (typed, "description", description));
  web_dict_set_string (page->values, "post-ids", get_value (typed, "post_ids", ids));
  set_category (page, get_value (typed, "category", category));
  web_dict_set_boolean (page->values, "on-pools", TRUE);
  web_page_respond (page, status, "pool-edit");
}

void
page_pool_handle_new (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GHashTable) typed = NULL;

  web_page_init (&page, request);
  typed = web_record_read_edit (page.request, "pool", NULL);
  show_form (&page, 200, NULL, typed, NULL);
}

void
page_pool_handle_edit (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruRecord) pool = NULL;

  web_page_init (&page, request);
  pool = page_pool_find (&page);
  if (pool != NULL)
    show_form (&page, 200, pool, NULL, NULL);
}

/* To the pool, or back to the form with what the user typed. */
static void
answer (WebPage *page,
        const BooruRecord *written,
        const BooruRecord *before,
        GHashTable *typed,
        const GError *error)
{
  g_autofree char *url = written != NULL ? page_pool_dup_url (booru_record_get_id (written)) : NULL;

  if (written != NULL)
    web_page_redirect (page, 303, url);
  else if (booru_err_invalid (error))
    show_form (page, 422, before, typed, error->message);
  else
    web_request_fail_write (page->request, error);
}

void
page_pool_handle_create (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GHashTable) typed = NULL;
  g_autoptr (BooruRecord) pool = NULL;
  g_autoptr (GError) error = NULL;

  web_page_init (&page, request);
  typed = web_record_read_edit (page.request, "pool", NULL);
  pool = booru_store_create_record (page.store, get_type (), typed, get_user (&page), &error);
  answer (&page, pool, NULL, typed, error);
}

void
page_pool_handle_update (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruRecord) before = NULL, pool = NULL;
  g_autoptr (GHashTable) typed = NULL;
  g_autoptr (GError) error = NULL;

  web_page_init (&page, request);
  before = page_pool_find (&page);
  if (before == NULL)
    return;
  typed = web_record_read_edit (page.request, "pool", NULL);
  pool = booru_store_update_record (page.store, get_type (), booru_record_get_id (before), typed,
                                    get_user (&page), &error);
  answer (&page, pool, before, typed, error);
}

static void
set_deleted (BooruRequest *request, gboolean deleted)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruRecord) pool = NULL;
  g_autoptr (GError) error = NULL;

  web_page_init (&page, request);
  pool = page_pool_find (&page);
  if (pool == NULL)
    return;
  if (booru_store_set_record_deleted (page.store, get_type (), booru_record_get_id (pool), deleted,
                                      get_user (&page), &error))
    answer (&page, pool, pool, NULL, NULL);
  else
    web_request_fail_write (page.request, error);
}

void
page_pool_handle_delete (BooruRequest *request, gpointer user_data)
{
  set_deleted (request, TRUE);
}

void
page_pool_handle_undelete (BooruRequest *request, gpointer user_data)
{
  set_deleted (request, FALSE);
}

/* Adds the post "post_id", or takes it out if there is a field "remove". */
void
page_pool_handle_element (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruRecord) before = NULL, pool = NULL;
  g_autoptr (GError) error = NULL;
  gint64 post_id;

  web_page_init (&page, request);
  before = page_pool_find (&page);
  if (before == NULL)
    return;
  post_id = web_request_get_int (page.request, "post_id", 0);
  pool = booru_store_put_in_list (page.store, get_type (), booru_record_get_id (before), post_id,
                                  booru_request_get_param (request, "remove") == NULL,
                                  get_user (&page), &error);
  answer (&page, pool, before, NULL, error);
}
