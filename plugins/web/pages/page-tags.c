/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of tags: /tags. */
#include <string.h>

#include "page-text.h"
#include "web-page.h"

typedef struct
{
  const char *name; /* as given */
  const char *category;
  const char *order;
  char *pattern;
  BooruTagFilter filter;
} TagList;

static void
tag_list_clear (TagList *self)
{
  g_free (self->pattern);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TagList, tag_list_clear)

/* Without a star, any part of the name will do. */
static char *
make_pattern (const char *name)
{
  g_autofree char *folded = g_utf8_strdown (name, -1);

  g_strstrip (folded);
  g_strdelimit (folded, " ", '_');
  return strchr (folded, '*') ? g_steal_pointer (&folded) : g_strconcat ("*", folded, "*", NULL);
}

static const char *
get_param (WebRequest *request, const char *name)
{
  const char *value = web_request_get_search (request, name);

  return value ? value : "";
}

static gboolean
read_request (TagList *self, WebPage *page, GError **error)
{
  BooruPage part;
  BooruTagCategory category;

  self->filter = (BooruTagFilter)BOORU_TAG_FILTER_INIT;
  self->name = get_param (page->request, "name_matches");
  self->category = get_param (page->request, "category");
  self->order = get_param (page->request, "order");
  if (!booru_page_parse (booru_request_get_param (BOORU_REQUEST (page->request), "page"),
                         WEB_PAGE_TAGS, &part, error))
    return FALSE;

  if (*self->name)
    self->pattern = make_pattern (self->name);
  self->filter.name_matches = self->pattern;
  if (booru_tag_category_from_string (self->category, &category))
    self->filter.category = category;
  self->filter.hide_empty = TRUE;
  self->filter.order = strcmp (self->order, "name") == 0   ? BOORU_TAG_ORDER_NAME
                       : strcmp (self->order, "date") == 0 ? BOORU_TAG_ORDER_DATE
                                                           : BOORU_TAG_ORDER_COUNT;
  self->filter.limit = WEB_PAGE_TAGS;
  self->filter.page = part.kind == BOORU_PAGE_NUMBER ? (guint)part.value : 1;
  return TRUE;
}

static void
add_option (WebList *list, const char *value, const char *label, gboolean selected)
{
  WebDict *dict = web_list_append (list);

  web_dict_set_static (dict, "value", value);
  web_dict_set_static (dict, "label", label);
  web_dict_set_boolean (dict, "selected", selected);
}

static void
add_options (WebDict *values, const TagList *self)
{
  WebList *categories = web_dict_add_list (values, "categories");
  WebList *orders = web_dict_add_list (values, "orders");

  add_option (categories, "", "any", self->filter.category < 0);
  for (guint i = 0; i < BOORU_N_TAG_CATEGORIES; i++)
    {
      const char *name = booru_tag_category_to_string (booru_tag_categories[i]);

      add_option (categories, name, name, self->filter.category == (gint)booru_tag_categories[i]);
    }

  add_option (orders, "count", "most posts first", self->filter.order == BOORU_TAG_ORDER_COUNT);
  add_option (orders, "name", "by name", self->filter.order == BOORU_TAG_ORDER_NAME);
  add_option (orders, "date", "newest first", self->filter.order == BOORU_TAG_ORDER_DATE);
}

static void
add_tags (WebDict *values, GPtrArray *tags)
{
  WebList *list = web_dict_add_list (values, "tags");

  for (guint i = 0; i < tags->len; i++)
    {
      const BooruTag *tag = g_ptr_array_index (tags, i);
      WebDict *dict = web_list_append (list);

      web_dict_take_string (dict, "label", page_text_from_tag (tag->name));
      web_dict_take_string (dict, "href", page_url_from_search ("/posts", tag->name));
      web_dict_take_string (dict, "number", booru_text_from_count (tag->post_count));
      web_dict_set_static (dict, "category", booru_tag_category_to_string (tag->category));
      web_dict_set_static (dict, "category-label", booru_tag_category_to_string (tag->category));
    }
  web_dict_set_boolean (values, "has-tags", tags->len > 0);
}

static char *
make_url (const TagList *self, guint page)
{
  g_autofree char *name = g_uri_escape_string (self->name, "*", FALSE);
  g_autofree char *category = g_uri_escape_string (self->category, NULL, FALSE);
  g_autofree char *order = g_uri_escape_string (self->order, NULL, FALSE);

  return g_strdup_printf (
      "/tags?search[name_matches]=%s&search[category]=%s&search[order]=%s&page=%u", name, category,
      order, page);
}

static gboolean
has_next (WebPage *page, const TagList *self)
{
  BooruTagFilter filter = self->filter;
  g_autoptr (GPtrArray) tags = NULL;

  filter.page = filter.page * filter.limit + 1;
  filter.limit = 1;
  tags = booru_store_list_tags (page->store, &filter, NULL);
  return tags && tags->len > 0;
}

static void
add_pager (WebPage *page, const TagList *self, guint n_tags)
{
  WebPager pager = { 0 };
  g_autofree char *previous = NULL, *next = NULL;

  if (self->filter.page > 1)
    previous = make_url (self, self->filter.page - 1);
  if (n_tags == WEB_PAGE_TAGS && self->filter.page < BOORU_PAGE_MAX_NUMBER && has_next (page, self))
    next = make_url (self, self->filter.page + 1);
  pager.previous = previous;
  pager.next = next;
  web_page_add_pager (page, &pager);
}

void
web_page_handle_tags (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_auto (TagList) list = { 0 };
  g_autoptr (GPtrArray) tags = NULL;
  g_autoptr (GError) error = NULL;

  web_page_init (&page, request);
  if (!read_request (&list, &page, &error))
    {
      web_page_fail (&page, booru_err_limit (error) ? 410 : 400, error->message);
      return;
    }
  tags = booru_store_list_tags (page.store, &list.filter, &error);
  if (tags == NULL)
    {
      booru_request_fail (request, error);
      return;
    }

  web_page_set_title (&page, "Tags");
  web_dict_set_boolean (page.values, "on-tags", TRUE);
  web_dict_set_string (page.values, "name", list.name);
  web_dict_set_boolean (page.values, "filtered",
                        *list.name || list.filter.category >= 0 || list.filter.page > 1);
  add_options (page.values, &list);
  add_tags (page.values, tags);
  add_pager (&page, &list, tags->len);
  web_shown_add_all_tags (web_request_get_shown (page.request));
  web_request_set_cacheable (page.request);
  web_page_respond (&page, 200, "tags");
}
