/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts that several pages have: the pager, tags by category. */
#include <string.h>

#include "page-text.h"
#include "web-page.h"
#include "view/web-count.h"

/* Page numbers shown on either side of the current one. */
#define PAGER_REACH 2

static void
add_number (WebList *numbers, const WebPager *pager, guint page, gboolean gap)
{
  WebDict *number = web_list_append (numbers);
  gboolean current = page == pager->page;
  gint distance = ABS ((gint)page - (gint)pager->page);

  web_dict_set_int (number, "number", page);
  web_dict_set_boolean (number, "gap", gap);
  web_dict_set_boolean (number, "current", current);
  web_dict_set_boolean (number, "far", distance > 1);
  web_dict_take_string (number, "href",
                        current ? g_strdup ("") : pager->make_url (page, pager->user_data));
}

static void
add_numbers (WebList *numbers, const WebPager *pager)
{
  guint last_shown = 0;

  for (guint page = 1; page <= pager->n_pages; page++)
    {
      gboolean near = page + PAGER_REACH >= pager->page && page <= pager->page + PAGER_REACH;

      if (!near && page != 1 && page != pager->n_pages)
        {
          /* On to what is shown next. */
          page = page < pager->page ? pager->page - PAGER_REACH - 1 : pager->n_pages - 1;
          continue;
        }
      add_number (numbers, pager, page, page > last_shown + 1);
      last_shown = page;
    }
}

void
web_page_add_pager (WebPage *self, const WebPager *pager)
{
  WebDict *dict;
  WebList *numbers;

  if (pager->previous == NULL && pager->next == NULL)
    return;

  dict = web_dict_add_dict (self->values, "pager");
  web_dict_set_string (dict, "previous-href", pager->previous);
  web_dict_set_string (dict, "next-href", pager->next);
  web_dict_set_static (dict, "previous-label",
                       pager->previous_label ? pager->previous_label : "Previous");
  web_dict_set_static (dict, "next-label", pager->next_label ? pager->next_label : "Next");
  numbers = web_dict_add_list (dict, "numbers");
  if (pager->make_url)
    add_numbers (numbers, pager);
}

static const char *
get_group (BooruTagCategory category)
{
  switch (category)
    {
    case BOORU_TAG_ARTIST:
      return "Artists";
    case BOORU_TAG_COPYRIGHT:
      return "Copyrights";
    case BOORU_TAG_CHARACTER:
      return "Characters";
    case BOORU_TAG_META:
      return "Meta";
    case BOORU_TAG_GENERAL:
    default:
      return "General";
    }
}

static gboolean
has_word (const char *query, const char *word)
{
  gsize length = strlen (word);

  for (const char *at = query; (at = strstr (at, word)); at += length)
    if ((at == query || at[-1] == ' ' || at[-1] == '-') && (at[length] == ' ' || !at[length]))
      return TRUE;
  return FALSE;
}

static void
add_tag (WebList *list, const BooruTagRef *tag, const char *query, gboolean narrow)
{
  WebDict *dict = web_list_append (list);
  gboolean searched = has_word (query, tag->name);

  web_dict_set_boolean (dict, "searched", narrow && searched);
  web_dict_take_string (dict, "label", page_text_from_tag (tag->name));
  web_dict_take_string (dict, "href", page_url_from_search ("/posts", tag->name));
  web_dict_take_string (dict, "number", web_count_to_text (tag->post_count));
  web_dict_set_static (dict, "category", booru_tag_category_to_string (tag->category));

  if (narrow && !searched)
    {
      g_autofree char *more = page_query_with (query, "", tag->name);
      g_autofree char *less = page_query_with (query, "-", tag->name);

      web_dict_take_string (dict, "more-href", page_url_from_search ("/posts", more));
      web_dict_take_string (dict, "less-href", page_url_from_search ("/posts", less));
    }
  else
    {
      web_dict_set_static (dict, "more-href", "");
      web_dict_set_static (dict, "less-href", "");
    }
}

void
web_page_add_tag_groups (WebPage *self, GPtrArray *tags, const char *query, gboolean narrow)
{
  WebList *groups = web_dict_add_list (self->values, "groups");

  for (guint i = 0; i < BOORU_N_TAG_CATEGORIES; i++)
    {
      WebList *list = NULL;

      for (guint at = 0; at < tags->len; at++)
        {
          const BooruTagRef *tag = g_ptr_array_index (tags, at);

          if (tag->category != booru_tag_categories[i])
            continue;
          web_shown_add_tag (web_request_get_shown (self->request), tag->id, tag->post_count);
          if (list == NULL)
            {
              WebDict *group = web_list_append (groups);

              web_dict_set_static (group, "group", get_group (tag->category));
              list = web_dict_add_list (group, "tags");
            }
          add_tag (list, tag, query, narrow);
        }
    }
  web_dict_set_boolean (self->values, "has-tags", tags->len > 0);
}
