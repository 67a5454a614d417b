/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gallery: /posts and the front page. */
#include <string.h>

#include "page-cell.h"
#include "page-done.h"
#include "page-first-run.h"
#include "page-order.h"
#include "page-place.h"
#include "page-search.h"
#include "page-text.h"
#include "web-page.h"
#include "view/web-count.h"

#define MAX_LIMIT 200
#define SIDE_TAGS 30 /* tags shown beside the pictures */

typedef struct
{
  char *tags;
  guint limit;
  BooruPage page;
  PagePlace place; /* of the first post */
  gint direction;  /* of an order by ids; 0: another order */
  GPtrArray *posts;
  gint64 count;
  gboolean exact; /* the count; it is an estimate after an update */
} Gallery;

static void
gallery_clear (Gallery *self)
{
  g_free (self->tags);
  g_clear_pointer (&self->posts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gallery, gallery_clear)

/* A random order stays the same on all of its pages, and among the posts that they lead to. */
static void
set_seed (Gallery *self, WebRequest *request, const BooruQuery *query)
{
  if (!booru_query_is_random (query))
    return;
  self->place.seed = (guint)CLAMP (web_request_get_int (request, "seed", 0), 0, G_MAXINT);
  if (self->place.seed == 0)
    self->place.seed = (guint)g_random_int_range (1, G_MAXINT);
  self->page.seed = self->place.seed;
}

static gboolean
gallery_read_request (Gallery *self, WebPage *page, BooruQuery **query, GError **error)
{
  BooruRequest *request = BOORU_REQUEST (page->request);
  const char *tags = booru_request_get_param (request, "tags");
  gint64 limit = web_request_get_int (page->request, "limit", 0);

  self->tags = g_strstrip (g_strdup (tags ? tags : ""));
  *query = booru_query_parse_for (self->tags, web_request_get_user_id (page->request));
  if (limit <= 0)
    limit = booru_query_get_limit (*query);
  self->limit = limit <= 0 ? WEB_PAGE_POSTS : (guint)MIN (limit, MAX_LIMIT);
  self->direction = booru_query_get_direction (*query);
  self->place.query = self->tags;
  self->place.limit = self->limit == WEB_PAGE_POSTS ? 0 : self->limit;
  if (!booru_page_parse (booru_request_get_param (request, "page"), self->limit, &self->page,
                         error))
    return FALSE;
  if (self->page.kind == BOORU_PAGE_NUMBER)
    {
      self->place.before = (guint)(self->page.value - 1) * self->limit;
      set_seed (self, page->request, *query);
    }
  return TRUE;
}

static gboolean
gallery_search (Gallery *self, WebRequest *request, BooruQuery *query, GError **error)
{
  /* The page says why. */
  if (page_search_is_refused (query))
    {
      self->posts = g_ptr_array_new ();
      return TRUE;
    }
  self->posts = web_request_search (request, query, &self->page, error);
  if (self->posts == NULL)
    return FALSE;
  self->count = web_request_count (request, query, &self->exact, error);
  return self->count >= 0;
}

/* The tags beside the pictures: those that most of them have. */

typedef struct
{
  const BooruTagRef *tag;
  guint uses;
} TagUse;

/* By the counts as they are shown, so that the page holds as long as they do. */
static gint
compare_uses (gconstpointer a, gconstpointer b)
{
  const TagUse *left = a, *right = b;
  gint64 left_count = web_count_round (left->tag->post_count);
  gint64 right_count = web_count_round (right->tag->post_count);

  if (left->uses != right->uses)
    return left->uses < right->uses ? 1 : -1;
  if (left_count != right_count)
    return left_count < right_count ? 1 : -1;
  return strcmp (left->tag->name, right->tag->name);
}

static void
add_side (WebPage *page, const Gallery *gallery)
{
  g_autoptr (GArray) uses = g_array_new (FALSE, FALSE, sizeof (TagUse));
  g_autoptr (GHashTable) places = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GPtrArray) tags = g_ptr_array_new ();

  for (guint i = 0; i < gallery->posts->len; i++)
    {
      const BooruPost *post = g_ptr_array_index (gallery->posts, i);

      for (guint j = 0; j < post->tags->len; j++)
        {
          BooruTagRef *tag = g_ptr_array_index (post->tags, j);
          guint place = GPOINTER_TO_UINT (g_hash_table_lookup (places, &tag->id));

          if (place == 0)
            {
              TagUse use = { tag, 0 };

              g_array_append_val (uses, use);
              place = uses->len;
              g_hash_table_insert (places, &tag->id, GUINT_TO_POINTER (place));
            }
          g_array_index (uses, TagUse, place - 1).uses++;
        }
    }

  g_array_sort (uses, compare_uses);
  for (guint i = 0; i < uses->len && i < SIDE_TAGS; i++)
    g_ptr_array_add (tags, (gpointer)g_array_index (uses, TagUse, i).tag);
  /* By their counts, others of as many uses could take the place of the last. */
  for (guint i = SIDE_TAGS;
       i < uses->len
       && g_array_index (uses, TagUse, i).uses == g_array_index (uses, TagUse, i - 1).uses;
       i++)
    {
      const BooruTagRef *tag = g_array_index (uses, TagUse, i).tag;

      web_shown_add_tag (web_request_get_shown (page->request), tag->id, tag->post_count);
    }
  web_page_add_tag_groups (page, tags, gallery->tags, TRUE);
}

/* The pager. */

static char *
make_page_url (guint number, gpointer user_data)
{
  const Gallery *gallery = user_data;
  g_autofree char *text = g_strdup_printf ("%u", number);

  return page_place_url_of_page (&gallery->place, number == 1 ? NULL : text);
}

static guint
count_pages (const Gallery *gallery)
{
  gint64 pages = (gallery->count + gallery->limit - 1) / gallery->limit;

  return (guint)MIN (pages, BOORU_PAGE_MAX_NUMBER);
}

static char *
make_id_url (const Gallery *gallery, char side, guint index)
{
  const BooruPost *post = g_ptr_array_index (gallery->posts, index);
  g_autofree char *text = g_strdup_printf ("%c%" G_GINT64_FORMAT, side, post->id);

  return page_place_url_of_page (&gallery->place, text);
}

/* Where the pages by number end, those by id go on. NULL: the order is not by ids. */
static char *
make_way_on (const Gallery *gallery)
{
  if (gallery->direction == 0 || gallery->posts->len < gallery->limit)
    return NULL;
  return make_id_url (gallery, gallery->direction < 0 ? 'b' : 'a', gallery->posts->len - 1);
}

static void
add_numbered_pager (WebPage *page, Gallery *gallery)
{
  guint current = (guint)gallery->page.value, n_pages = count_pages (gallery);
  g_autofree char *previous = NULL, *next = NULL;
  WebPager pager = { current, n_pages, NULL, NULL, NULL, NULL, make_page_url, gallery };

  if (current > 1)
    previous = make_page_url (MIN (current - 1, MAX (n_pages, 1)), gallery);
  if (current < n_pages)
    next = make_page_url (current + 1, gallery);
  else if (current == BOORU_PAGE_MAX_NUMBER)
    next = make_way_on (gallery);
  pager.previous = previous;
  pager.next = next;
  web_page_add_pager (page, &pager);
}

/* Pages by id: how many lie on either side is not known, only whether this one is full. */
static void
add_id_pager (WebPage *page, const Gallery *gallery)
{
  g_autofree char *newer = NULL, *older = NULL;
  gboolean full = gallery->posts->len == gallery->limit;
  WebPager pager = { .previous_label = "Newer", .next_label = "Older" };

  if (gallery->posts->len > 0 && (full || gallery->page.kind == BOORU_PAGE_BEFORE))
    newer = make_id_url (gallery, 'a', 0);
  if (gallery->posts->len > 0 && (full || gallery->page.kind == BOORU_PAGE_AFTER))
    older = make_id_url (gallery, 'b', gallery->posts->len - 1);
  pager.previous = newer;
  pager.next = older;
  web_page_add_pager (page, &pager);
}

static void
add_empty (WebPage *page, Gallery *gallery, gboolean explained)
{
  g_autofree char *last = NULL;

  if (gallery->count > 0)
    {
      last = make_page_url (count_pages (gallery), gallery);
      web_page_add_empty_page (page, last);
    }
  else if (*gallery->tags)
    web_page_add_empty_search (page, gallery->tags, explained);
  else
    web_page_add_empty_library (page);
}

/* A way to the trash if there is anything in it, and in it a way to empty it. */
static void
set_trash (WebPage *page, const Gallery *gallery)
{
  gboolean in_trash = strcmp (gallery->tags, "status:deleted") == 0;
  g_autoptr (BooruQuery) query = booru_query_parse ("status:deleted");
  gboolean exact = TRUE;
  gint64 n
      = in_trash || *gallery->tags ? 0 : web_request_count (page->request, query, &exact, NULL);

  web_dict_set_boolean (page->values, "in-trash", in_trash && gallery->count > 0);
  web_dict_take_string (page->values, "trash-count",
                        n > 0 && exact ? booru_text_from_count (n) : g_strdup (""));
}

/* Whether there is no post at all, not in the trash either. */
static gboolean
is_first_run (WebPage *page, const Gallery *gallery)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("status:any");

  return gallery->count == 0 && *gallery->tags == '\0'
         && web_request_count (page->request, query, NULL, NULL) == 0;
}

static void
show_gallery (WebPage *page, Gallery *gallery, const BooruQuery *query)
{
  guint n_problems = page_search_add_problems (page, query);
  WebDict *values = page->values;
  WebList *cells = web_dict_add_list (values, "posts");
  g_autofree char *count = booru_text_from_count (gallery->count);

  for (guint i = 0; i < gallery->posts->len; i++)
    page_cell_add (cells, g_ptr_array_index (gallery->posts, i), &gallery->place, i);
  add_side (page, gallery);

  web_page_set_query (page, gallery->tags);
  web_page_set_title (page, *gallery->tags ? gallery->tags : "Posts");
  web_dict_set_boolean (values, "on-posts", TRUE);
  web_dict_set_string (values, "heading", *gallery->tags ? gallery->tags : "All posts");
  web_dict_take_string (values, "count-text",
                        g_strconcat (gallery->exact ? "" : "about ", count,
                                     gallery->count == 1 ? " post" : " posts", NULL));
  web_dict_set_int (values, "count", gallery->count);
  web_dict_set_int (values, "page-limit", gallery->limit);
  page_order_add_menu (values, gallery->tags);
  web_page_set_module (page, "gallery.js");
  set_trash (page, gallery);
  page_done_set (page, 0);
  web_dict_set_boolean (values, "has-posts", gallery->posts->len > 0);
  web_dict_set_boolean (values, "empty", gallery->posts->len == 0);

  if (gallery->posts->len == 0)
    add_empty (page, gallery, n_problems > 0);
  else if (gallery->page.kind == BOORU_PAGE_NUMBER)
    add_numbered_pager (page, gallery);
  else
    add_id_pager (page, gallery);
}

/* "?md5=…" leads to the post, as on Danbooru. */
static gboolean
redirect_by_md5 (WebPage *page)
{
  const char *md5 = booru_request_get_param (BOORU_REQUEST (page->request), "md5");
  g_autoptr (BooruPost) post = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  if (md5 == NULL || *md5 == '\0')
    return FALSE;

  post = booru_store_get_post_by_md5 (page->store, md5, &error);
  if (post)
    {
      url = page_url_from_post (post->id, NULL);
      web_page_redirect (page, 302, url);
    }
  else if (booru_err_notfound (error) || booru_err_invalid (error))
    web_page_fail (page, 404, "No post has that MD5.");
  else
    booru_request_fail (BOORU_REQUEST (page->request), error);
  return TRUE;
}

/* A link goes on by id from the last post that a number leads to. */
static void
fail_too_far (WebPage *page, Gallery *gallery, BooruQuery *query, const GError *problem)
{
  g_autofree char *url = NULL;

  gallery->page = (BooruPage){ BOORU_PAGE_NUMBER, BOORU_PAGE_MAX_NUMBER, gallery->limit, 0 };
  if (gallery->direction && gallery_search (gallery, page->request, query, NULL))
    url = make_way_on (gallery);
  web_page_set_query (page, gallery->tags);
  if (url)
    web_page_fail_with_way_on (page, 410, problem->message, url);
  else
    web_page_fail (page, 410, problem->message);
}

void
web_page_handle_posts (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_auto (Gallery) gallery = { .exact = TRUE };
  g_autoptr (BooruQuery) query = NULL;
  g_autoptr (GError) error = NULL;

  web_page_init (&page, request);
  if (redirect_by_md5 (&page))
    return;

  if (!gallery_read_request (&gallery, &page, &query, &error))
    {
      if (booru_err_limit (error))
        fail_too_far (&page, &gallery, query, error);
      else
        web_page_fail (&page, 400, error->message);
      return;
    }
  if (!gallery_search (&gallery, page.request, query, &error))
    {
      booru_request_fail (request, error);
      return;
    }

  if (is_first_run (&page, &gallery) && page_first_run_begin (page.request))
    return;
  show_gallery (&page, &gallery, query);
  web_request_set_cacheable_search (page.request, booru_request_get_param (request, "tags"));
  web_page_respond (&page, page_search_is_refused (query) ? 422 : 200, "posts");
}

void
web_page_handle_random (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  const char *tags = booru_request_get_param (request, "tags");
  g_autoptr (BooruQuery) query
      = booru_query_parse_random (tags, web_request_get_user_id (WEB_REQUEST (request)));
  BooruPage first = { BOORU_PAGE_NUMBER, 1, 1 };
  g_autoptr (GPtrArray) posts = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  web_page_init (&page, request);
  posts = booru_store_search (page.store, query, &first, &error);
  if (posts == NULL)
    {
      booru_request_fail (request, error);
      return;
    }

  if (posts->len > 0)
    url = page_url_from_post (((BooruPost *)g_ptr_array_index (posts, 0))->id, tags);
  else
    url = page_url_from_search ("/posts", tags);
  web_page_redirect (&page, 302, url);
}
