/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pools: /pools, /pools/gallery, /pools/:id. */
#include "page-pool.h"

#include <string.h>

#include "page-cell.h"
#include "page-text.h"
#include "board/web-filter.h"

#define BAR_POOLS 50 /* shown on the page of a post */

char *
page_pool_dup_url (gint64 id)
{
  return g_strdup_printf ("/pools/%" G_GINT64_FORMAT, id);
}

static const BooruRecordType *
get_type (void)
{
  return booru_record_type_get (BOORU_RECORD_POOL);
}

static const char *
get_search (WebPage *page, const char *name)
{
  const char *value = web_request_get_search (page->request, name);

  return value != NULL ? value : "";
}

/* The lists. */

typedef struct
{
  const char *path;
  const char *name, *category, *order;
  guint page, limit;
} PoolList;

/* NULL after an answer. */
static BooruFilter *
read_filter (WebPage *page, PoolList *list)
{
  g_autoptr (BooruFilter) filter
      = web_filter_read (page->request, get_type ()->fields, get_type ()->n_fields);
  BooruPage first = { BOORU_PAGE_NUMBER, 1, WEB_PAGE_POSTS };

  if (filter == NULL)
    return NULL;
  list->name = get_search (page, "name_contains");
  list->category = get_search (page, "category");
  list->order = get_search (page, "order");
  list->limit = WEB_PAGE_POSTS;
  booru_page_parse (booru_request_get_param (BOORU_REQUEST (page->request), "page"), list->limit,
                    &first, NULL);
  list->page = first.kind == BOORU_PAGE_NUMBER ? (guint)first.value : 1;
  booru_filter_set_page (filter, &first);
  if (*get_search (page, "is_deleted") == '\0')
    booru_filter_add (filter, "is_deleted", "false", NULL);
  return g_steal_pointer (&filter);
}

static char *
make_list_url (guint number, gpointer user_data)
{
  const PoolList *list = user_data;
  g_autofree char *name = g_uri_escape_string (list->name, "*", FALSE);
  g_autofree char *category = g_uri_escape_string (list->category, NULL, FALSE);
  g_autofree char *order = g_uri_escape_string (list->order, NULL, FALSE);

  return g_strdup_printf (
      "%s?search[name_contains]=%s&search[category]=%s&search[order]=%s&page=%u", list->path, name,
      category, order, number);
}

static gboolean
has_next (WebPage *page, BooruFilter *filter, const PoolList *list)
{
  BooruPage beyond = { BOORU_PAGE_NUMBER, (gint64)list->page * list->limit + 1, 1 };
  g_autoptr (GPtrArray) pools = NULL;

  booru_filter_set_page (filter, &beyond);
  pools = booru_store_list_records (page->store, get_type (), filter, FALSE,
                                    booru_request_get_user (BOORU_REQUEST (page->request)), NULL);
  return pools != NULL && pools->len > 0;
}

static void
add_list_pager (WebPage *page, BooruFilter *filter, PoolList *list, guint n)
{
  g_autofree char *previous = NULL, *next = NULL;
  WebPager pager = { 0 };

  if (list->page > 1)
    previous = make_list_url (list->page - 1, list);
  if (n == list->limit && list->page < BOORU_PAGE_MAX_NUMBER && has_next (page, filter, list))
    next = make_list_url (list->page + 1, list);
  pager.previous = previous;
  pager.next = next;
  web_page_add_pager (page, &pager);
}

static void
add_option (WebList *list, const char *value, const char *label, const char *selected)
{
  WebDict *dict = web_list_append (list);

  web_dict_set_static (dict, "value", value);
  web_dict_set_static (dict, "label", label);
  web_dict_set_boolean (dict, "selected", g_ascii_strcasecmp (value, selected) == 0);
}

static void
set_form (WebPage *page, const PoolList *list)
{
  WebList *categories = web_dict_add_list (page->values, "categories");
  WebList *orders = web_dict_add_list (page->values, "orders");

  add_option (categories, "", "any", list->category);
  add_option (categories, "series", "series", list->category);
  add_option (categories, "collection", "collection", list->category);
  add_option (orders, "", "last changed first", list->order);
  add_option (orders, "name", "by name", list->order);
  add_option (orders, "created_at", "newest first", list->order);
  add_option (orders, "post_count", "most posts first", list->order);
  web_dict_set_static (page->values, "list-path", list->path);
  web_dict_set_string (page->values, "name", list->name);
  web_dict_set_boolean (page->values, "filtered", *list->name || *list->category || list->page > 1);
}

static void
set_pool (WebDict *dict, const BooruRecord *pool)
{
  gint64 n = booru_record_get_number (pool, "post_count");
  g_autofree char *count = booru_text_from_count (n);

  web_dict_take_string (dict, "label", page_text_from_tag (booru_record_get_text (pool, "name")));
  web_dict_take_string (dict, "href", page_pool_dup_url (booru_record_get_id (pool)));
  web_dict_set_string (dict, "category", booru_record_get_text (pool, "category"));
  web_dict_set_boolean (dict, "deleted", booru_record_get_number (pool, "is_deleted") != 0);
  web_dict_take_string (dict, "count-text",
                        g_strdup_printf (n == 1 ? "%s post" : "%s posts", count));
  web_dict_take_string (dict, "number", g_steal_pointer (&count));
}

/* The first post of a pool stands for it. */
static void
set_cover (WebPage *page, WebDict *dict, const BooruRecord *pool)
{
  const GArray *ids = booru_record_get_ids (pool, "post_ids");
  g_autoptr (BooruPost) post
      = ids->len > 0 ? booru_store_get_post (page->store, g_array_index (ids, gint64, 0), NULL)
                     : NULL;
  PagePlace place = { .query = "" };

  web_dict_set_boolean (dict, "has-cover", post != NULL);
  if (post == NULL)
    return;
  web_shown_add_post (web_request_get_shown (page->request), post->id);
  page_cell_add (web_dict_add_list (dict, "cover"), post, &place, 0);
}

static void
show_list (WebPage *page, BooruFilter *filter, PoolList *list, const char *template)
{
  gboolean with_covers = strcmp (template, "pool-gallery") == 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pools
      = booru_store_list_records (page->store, get_type (), filter, with_covers,
                                  booru_request_get_user (BOORU_REQUEST (page->request)), &error);
  WebList *rows;

  if (pools == NULL)
    {
      booru_request_fail (BOORU_REQUEST (page->request), error);
      return;
    }
  rows = web_dict_add_list (page->values, "pools");
  for (guint i = 0; i < pools->len; i++)
    {
      WebDict *row = web_list_append (rows);

      set_pool (row, pools->pdata[i]);
      if (with_covers)
        set_cover (page, row, pools->pdata[i]);
    }
  web_dict_set_boolean (page->values, "has-pools", pools->len > 0);
  set_form (page, list);
  add_list_pager (page, filter, list, pools->len);
  web_page_set_title (page, "Pools");
  web_dict_set_boolean (page->values, "on-pools", TRUE);
  web_shown_add_records (web_request_get_shown (page->request), BOORU_CHANGE_POOL);
  web_request_set_timeless (page->request);
  web_page_respond (page, 200, template);
}

void
page_pool_handle_index (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruFilter) filter = NULL;
  PoolList list = { "/pools" };

  web_page_init (&page, request);
  filter = read_filter (&page, &list);
  if (filter != NULL)
    show_list (&page, filter, &list, "pools");
}

static void
notice_search (const char *name, const char *value, gpointer data)
{
  *(gboolean *)data = TRUE;
}

/* Series only, if nothing is asked for, as on Danbooru. */
void
page_pool_handle_gallery (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruFilter) filter = NULL;
  PoolList list = { "/pools/gallery" };
  gboolean asked = FALSE;

  web_page_init (&page, request);
  filter = read_filter (&page, &list);
  if (filter == NULL)
    return;
  web_request_foreach_search (page.request, notice_search, &asked);
  if (!asked)
    {
      booru_filter_add (filter, "category", "series", NULL);
      list.category = "series";
    }
  show_list (&page, filter, &list, "pool-gallery");
}

/* One pool. */

BooruRecord *
page_pool_find (WebPage *page)
{
  g_autoptr (GError) error = NULL;
  BooruRecord *pool;
  gint64 id;

  if (!web_request_parse_id (page->request, &id))
    {
      web_page_fail (page, 404, "Pools are addressed by number; no such pool.");
      return NULL;
    }
  pool = booru_store_get_record (page->store, get_type (), id,
                                 booru_request_get_user (BOORU_REQUEST (page->request)), &error);
  if (pool == NULL && booru_err_notfound (error))
    web_page_fail (page, 404, error->message);
  else if (pool == NULL)
    booru_request_fail (BOORU_REQUEST (page->request), error);
  return pool;
}

/* The posts of a page, in the order of the pool. */
static GPtrArray *
find_posts (WebPage *page, const GArray *ids, guint first, GError **error)
{
  BooruPage all = { BOORU_PAGE_NUMBER, 1, WEB_PAGE_POSTS };
  g_autoptr (GString) text = g_string_new ("status:any order:custom id:");
  g_autoptr (BooruQuery) query = NULL;

  if (first >= ids->len)
    return g_ptr_array_new ();
  for (guint i = first; i < ids->len && i < first + WEB_PAGE_POSTS; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > first ? "," : "",
                            g_array_index (ids, gint64, i));
  query = booru_query_parse (text->str);
  return web_request_search (page->request, query, &all, error);
}

static char *
make_pool_page_url (guint number, gpointer user_data)
{
  g_autofree char *url = page_pool_dup_url (booru_record_get_id (user_data));

  return number == 1 ? g_steal_pointer (&url) : g_strdup_printf ("%s?page=%u", url, number);
}

static void
add_pool_pager (WebPage *page, BooruRecord *pool, guint number)
{
  guint n_posts = booru_record_get_ids (pool, "post_ids")->len;
  guint n_pages = (n_posts + WEB_PAGE_POSTS - 1) / WEB_PAGE_POSTS;
  g_autofree char *previous = number > 1 ? make_pool_page_url (number - 1, pool) : NULL;
  g_autofree char *next = number < n_pages ? make_pool_page_url (number + 1, pool) : NULL;
  WebPager pager = { number, n_pages, previous, next, NULL, NULL, make_pool_page_url, pool };

  web_page_add_pager (page, &pager);
}

static gboolean
set_posts (WebPage *page, const BooruRecord *pool, guint number, GError **error)
{
  guint first = (number - 1) * WEB_PAGE_POSTS;
  g_autofree char *query
      = g_strdup_printf ("ordpool:%" G_GINT64_FORMAT, booru_record_get_id (pool));
  PagePlace place = { .query = query, .before = first };
  g_autoptr (GPtrArray) posts
      = find_posts (page, booru_record_get_ids (pool, "post_ids"), first, error);
  WebList *cells;

  if (posts == NULL)
    return FALSE;
  cells = web_dict_add_list (page->values, "posts");
  for (guint i = 0; i < posts->len; i++)
    page_cell_add (cells, posts->pdata[i], &place, i);
  web_dict_set_boolean (page->values, "has-posts", posts->len > 0);
  return TRUE;
}

void
page_pool_handle_show (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (BooruRecord) pool = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *title = NULL;
  gint64 number;

  web_page_init (&page, request);
  pool = page_pool_find (&page);
  if (pool == NULL)
    return;
  number = CLAMP (web_request_get_int (page.request, "page", 1), 1, BOORU_PAGE_MAX_NUMBER);
  if (!set_posts (&page, pool, (guint)number, &error))
    {
      booru_request_fail (request, error);
      return;
    }
  set_pool (page.values, pool);
  web_dict_set_string (page.values, "description", booru_record_get_text (pool, "description"));
  title = page_text_from_tag (booru_record_get_text (pool, "name"));
  web_page_set_title (&page, title);
  web_dict_set_boolean (page.values, "on-pools", TRUE);
  add_pool_pager (&page, pool, (guint)number);
  web_shown_add_records (web_request_get_shown (page.request), BOORU_CHANGE_POOL);
  web_request_set_timeless (page.request);
  web_page_respond (&page, 200, "pool");
}

/* On the page of a post. */

static char *
make_neighbour_url (const BooruPostPool *pool, gint64 post_id)
{
  g_autofree char *query = g_strdup_printf ("ordpool:%" G_GINT64_FORMAT, pool->id);

  return post_id != 0 ? page_url_from_post (post_id, query) : g_strdup ("");
}

void
page_pool_set_of_post (WebPage *page, gint64 post_id)
{
  g_autoptr (GPtrArray) pools = booru_store_list_post_pools (page->store, post_id, BAR_POOLS, NULL);
  WebList *list;

  web_shown_add_records (web_request_get_shown (page->request), BOORU_CHANGE_POOL);
  web_dict_set_boolean (page->values, "has-pools", pools != NULL && pools->len > 0);
  if (pools == NULL)
    return;
  list = web_dict_add_list (page->values, "pools");
  for (guint i = 0; i < pools->len; i++)
    {
      const BooruPostPool *pool = pools->pdata[i];
      WebDict *dict = web_list_append (list);

      web_dict_take_string (dict, "pool-label", page_text_from_tag (pool->name));
      web_dict_take_string (dict, "pool-href", page_pool_dup_url (pool->id));
      web_dict_set_static (dict, "pool-category", pool->is_series ? "series" : "collection");
      web_dict_take_string (dict, "before-href", make_neighbour_url (pool, pool->previous));
      web_dict_take_string (dict, "after-href", make_neighbour_url (pool, pool->next));
    }
}
