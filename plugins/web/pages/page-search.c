/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is wrong with a search, shown below the search box. */
#include "page-search.h"

#include <string.h>

#include "page-text.h"

#define MAX_PROBLEMS 5
#define MAX_SHOWN 200      /* bytes of a search that is shown around its fault */
#define MAX_WORDS 40       /* of a search that are looked at together */
#define MAX_JOINED 4       /* words of one tag */
#define MAX_COMPARED 20000 /* tags, the most used ones, that a word may be misspelled for */

gboolean
page_search_is_refused (const BooruQuery *query)
{
  const GPtrArray *faults = booru_query_get_faults (query);

  for (guint i = 0; i < faults->len; i++)
    if (((const BooruQueryFault *)faults->pdata[i])->refused)
      return TRUE;
  return FALSE;
}

static WebDict *
add_problem (WebList *list, const char *message)
{
  WebDict *dict = web_list_append (list);

  web_dict_set_static (dict, "before", "");
  web_dict_set_static (dict, "marked", "");
  web_dict_set_static (dict, "after", "");
  web_dict_set_static (dict, "link", "");
  web_dict_set_static (dict, "link-label", "");
  web_dict_set_string (dict, "message", message);
  return dict;
}

static void
add_fault (WebList *list, const char *text, const BooruQueryFault *fault)
{
  WebDict *dict = add_problem (list, fault->message);
  gsize end = fault->start + fault->length;

  if (fault->length == 0)
    return;
  web_dict_take_string (dict, "marked", g_strndup (text + fault->start, fault->length));
  if (strlen (text) > MAX_SHOWN)
    return;
  web_dict_take_string (dict, "before", g_strndup (text, fault->start));
  web_dict_set_string (dict, "after", text + end);
}

/* A link to the search with @tag in place of a part of it. */
static void
set_link (WebDict *dict, const char *text, gsize start, gsize length, const char *tag)
{
  g_autofree char *changed
      = g_strdup_printf ("%.*s%s%s", (int)start, text, tag, text + start + length);
  g_autofree char *label = page_text_from_tag (tag);

  web_dict_take_string (dict, "link", page_url_from_search ("/posts", changed));
  web_dict_take_string (dict, "link-label", g_strconcat (label, "?", NULL));
}

/* Which of @names posts have. */
static GHashTable *
find_used (WebPage *page, const char *const *names)
{
  GHashTable *used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  WebShown *shown = web_request_get_shown (page->request);
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  g_autoptr (GPtrArray) tags = NULL;

  filter.names = names;
  filter.hide_empty = TRUE;
  filter.limit = g_strv_length ((char **)names);
  tags = filter.limit ? booru_store_list_tags (page->store, &filter, NULL) : NULL;
  for (guint i = 0; tags && i < tags->len; i++)
    {
      const BooruTag *tag = tags->pdata[i];

      g_hash_table_add (used, g_strdup (tag->name));
      web_shown_add_used (shown, tag->id);
    }
  if (g_hash_table_size (used) < filter.limit)
    web_shown_add_unused (shown);
  return used;
}

/* The most used tag that contains the word. */
static char *
find_containing (BooruStore *store, const char *word)
{
  g_autofree char *pattern = g_strconcat ("*", word, "*", NULL);
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  g_autoptr (GPtrArray) tags = NULL;

  filter.name_matches = pattern;
  filter.hide_empty = TRUE;
  filter.order = BOORU_TAG_ORDER_COUNT;
  filter.limit = 1;
  tags = booru_store_list_tags (store, &filter, NULL);
  return tags && tags->len > 0 ? g_strdup (((const BooruTag *)tags->pdata[0])->name) : NULL;
}

/* The tag that is spelled most nearly so, the most used of several. */
static char *
find_nearest (BooruStore *store, const char *word)
{
  BooruTagFilter filter = BOORU_TAG_FILTER_INIT;
  guint least = CLAMP ((guint)g_utf8_strlen (word, -1) / 3, 1, 3);
  const char *nearest = NULL;
  g_autoptr (GPtrArray) tags = NULL;

  filter.hide_empty = TRUE;
  filter.order = BOORU_TAG_ORDER_COUNT;
  filter.limit = MAX_COMPARED;
  tags = booru_store_list_tags (store, &filter, NULL);
  for (guint i = 0; tags && i < tags->len && least > 0; i++)
    {
      const char *name = ((const BooruTag *)tags->pdata[i])->name;
      guint distance = booru_tag_get_distance (word, name, least);

      if (distance > least)
        continue;
      nearest = name;
      least = distance - 1;
    }
  return g_strdup (nearest);
}

/* "widht:>100": not a tag with a colon, but a metatag that is misspelled. */
static char *
find_metatag (const char *word)
{
  const char *colon = strchr (word, ':'), *metatag = NULL;
  g_autofree char *name = NULL;

  if (colon == NULL)
    return NULL;
  name = g_strndup (word, (gsize)(colon - word));
  metatag = booru_query_suggest_metatag (name);
  return metatag ? g_strconcat (metatag, colon, NULL) : NULL;
}

static void
add_unused (WebPage *page, WebList *list, const char *text, const BooruQueryTag *tag)
{
  g_autofree char *meant = find_metatag (tag->name);
  g_autofree char *message = NULL;

  web_shown_add_all_tags (web_request_get_shown (page->request));
  if (meant == NULL)
    meant = find_nearest (page->store, tag->name);
  if (meant == NULL)
    meant = find_containing (page->store, tag->name);
  message
      = g_strdup_printf ("No post has the tag “%s”.%s", tag->name, meant ? " Did you mean" : "");
  if (meant)
    set_link (add_problem (list, message), text, tag->start, tag->length, meant);
  else
    add_problem (list, message);
}

static void
add_unused_tags (WebPage *page, WebList *list, const BooruQuery *query)
{
  const GPtrArray *tags = booru_query_get_tags (query);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GHashTable) used = NULL;

  for (guint i = 0; i < tags->len; i++)
    g_ptr_array_add (names, ((const BooruQueryTag *)tags->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  used = find_used (page, (const char *const *)names->pdata);
  for (guint i = 0; i < tags->len && web_list_get_length (list) < MAX_PROBLEMS; i++)
    {
      const BooruQueryTag *tag = tags->pdata[i];

      if (g_hash_table_add (used, g_strdup (tag->name)))
        add_unused (page, list, booru_query_get_text (query), tag);
    }
}

/* Words that stand next to each other, as far as they could be one tag. */
typedef struct
{
  gsize start, end; /* in the text */
  char *name;
} Joined;

static void
joined_clear (gpointer data)
{
  g_free (((Joined *)data)->name);
}

static void
add_joined (GArray *all, const char *text, const gsize *starts, const gsize *ends, guint n)
{
  g_autofree char *given = g_strndup (text + starts[0], ends[n - 1] - starts[0]);
  Joined joined = { starts[0], ends[n - 1], booru_tag_normalize (given, NULL) };

  if (joined.name)
    g_array_append_val (all, joined);
}

static GArray *
list_joined (const char *text)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Joined));
  gsize starts[MAX_WORDS], ends[MAX_WORDS], at = 0;
  guint n = 0;

  g_array_set_clear_func (all, joined_clear);
  while (n < MAX_WORDS)
    {
      at += strspn (text + at, " \t\n");
      if (text[at] == '\0')
        break;
      starts[n] = at;
      at += strcspn (text + at, " \t\n");
      ends[n++] = at;
      /* The sign of the first word is not of the tag. */
      starts[n - 1] += strspn (text + starts[n - 1], "-~");
    }
  for (guint i = 0; i + 1 < n; i++)
    for (guint length = 2; length <= MAX_JOINED && i + length <= n; length++)
      if (starts[i] < ends[i])
        add_joined (all, text, starts + i, ends + i, length);
  return all;
}

/* "blue sky", as a page shows it. */
static void
add_joined_words (WebPage *page, WebList *list, const char *text)
{
  g_autoptr (GArray) all = list_joined (text);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GHashTable) used = NULL;

  for (guint i = 0; i < all->len; i++)
    g_ptr_array_add (names, g_array_index (all, Joined, i).name);
  g_ptr_array_add (names, NULL);
  used = find_used (page, (const char *const *)names->pdata);
  for (guint i = 0; i < all->len && web_list_get_length (list) < MAX_PROBLEMS; i++)
    {
      const Joined *joined = &g_array_index (all, Joined, i);
      g_autofree char *message = g_strdup_printf ("“%s” is one tag. Did you mean", joined->name);

      if (g_hash_table_contains (used, joined->name))
        set_link (add_problem (list, message), text, joined->start, joined->end - joined->start,
                  joined->name);
    }
}

guint
page_search_add_problems (WebPage *page, const BooruQuery *query)
{
  const GPtrArray *faults = booru_query_get_faults (query);
  const char *text = booru_query_get_text (query);
  WebList *list = web_dict_add_list (page->values, "problems");

  if (!g_utf8_validate (text, -1, NULL))
    text = "";
  add_joined_words (page, list, text);
  for (guint i = 0; i < faults->len && i < MAX_PROBLEMS; i++)
    add_fault (list, text, faults->pdata[i]);
  add_unused_tags (page, list, query);
  web_dict_set_boolean (page->values, "has-problems", web_list_get_length (list) > 0);
  return web_list_get_length (list);
}
