/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pairs of posts that look alike: /duplicates. Nothing happens to them unless somebody says so. */
#include <string.h>

#include "page-alike.h"
#include "page-done.h"
#include "page-text.h"
#include "board/web-duplicates.h"
#include "http/web-error.h"
#include "board/web-iqdb.h"

#define PAIRS 20
#define SAME_DISTANCE 2 /* bits that scaling alone may change */

static gboolean
has_tag (const BooruPost *post, gint64 id)
{
  for (guint i = 0; i < post->tags->len; i++)
    if (((BooruTagRef *)post->tags->pdata[i])->id == id)
      return TRUE;
  return FALSE;
}

/* The tags that only this one has. */
static void
add_own_tags (WebDict *dict, const BooruPost *post, const BooruPost *other)
{
  WebList *list = web_dict_add_list (dict, "own-tags");
  guint n = 0;

  for (guint i = 0; i < post->tags->len; i++)
    {
      const BooruTagRef *tag = post->tags->pdata[i];
      WebDict *item;

      if (has_tag (other, tag->id))
        continue;
      item = web_list_append (list);
      web_dict_take_string (item, "label", page_text_from_tag (tag->name));
      web_dict_take_string (item, "tag-href", page_url_from_search ("/posts", tag->name));
      web_dict_set_static (item, "category", booru_tag_category_to_string (tag->category));
      n++;
    }
  web_dict_set_boolean (dict, "has-own-tags", n > 0);
  web_dict_take_string (dict, "n-tags",
                        post->tags->len == 1 ? g_strdup ("1 tag")
                                             : g_strdup_printf ("%u tags", post->tags->len));
}

static void
add_files (WebPage *page, WebDict *dict, const BooruPost *post, GPtrArray *folders)
{
  g_autoptr (GPtrArray) files = booru_store_list_post_files (page->store, post->id, NULL);
  WebList *list = web_dict_add_list (dict, "files");

  for (guint i = 0; files && i < files->len; i++)
    {
      const BooruFile *file = files->pdata[i];
      const BooruFolder *folder = booru_folder_find (folders, file->folder_id);
      g_autofree char *path
          = folder ? g_build_filename (folder->path, file->path, NULL) : g_strdup (file->path);

      web_dict_take_string (web_list_append (list), "path", page_text_from_bytes (path));
    }
}

/* What is better about this one, as far as numbers say. */
static void
set_advantages (WebDict *dict, const BooruMedia *media, const BooruMedia *other)
{
  gint64 pixels = (gint64)media->width * media->height;
  gint64 others = (gint64)other->width * other->height;

  web_dict_set_boolean (dict, "larger", pixels > others);
  web_dict_set_boolean (dict, "heavier", media->size > other->size);
}

static void
add_side (WebPage *page,
          WebList *sides,
          const BooruPost *post,
          const BooruPost *other,
          GPtrArray *folders)
{
  WebDict *dict = web_list_append (sides);

  page_alike_set (dict, post);
  web_dict_set_int (dict, "other", other->id);
  web_dict_set_static (dict, "rating", page_text_get_rating (post->rating));
  set_advantages (dict, &post->media, &other->media);
  add_own_tags (dict, post, other);
  /* Only what the other lacks can be taken over. */
  web_dict_set_boolean (dict, "can-merge", FALSE);
  for (guint i = 0; i < other->tags->len; i++)
    if (!has_tag (post, ((BooruTagRef *)other->tags->pdata[i])->id))
      web_dict_set_boolean (dict, "can-merge", TRUE);
  add_files (page, dict, post, folders);
}

/* A figure would promise too much where the sizes differ: hashes are made of small copies. */
static char *
describe_similarity (const BooruPair *pair)
{
  const BooruMedia *post = &pair->post->media, *other = &pair->other->media;

  if (post->width == other->width && post->height == other->height)
    return g_strdup_printf ("%.0f %% similar", web_iqdb_get_score (pair->distance));
  return g_strdup (pair->distance <= SAME_DISTANCE ? "Same picture, different size"
                                                   : "Similar picture, different size");
}

static void
add_pair (WebPage *page, WebList *pairs, const BooruPair *pair, GPtrArray *folders, gboolean first)
{
  WebDict *dict = web_list_append (pairs);
  WebList *sides = web_dict_add_list (dict, "sides");

  web_dict_set_int (dict, "post-id", pair->post->id);
  web_dict_set_int (dict, "other-id", pair->other->id);
  web_dict_set_boolean (dict, "first", first);
  web_dict_take_string (dict, "similarity", describe_similarity (pair));
  add_side (page, sides, pair->post, pair->other, folders);
  add_side (page, sides, pair->other, pair->post, folders);
}

/* The version of the post that stays that copied the other's tags to it; 0: none, or it was changed
 * since. */
static gint64
find_tag_change (WebPage *page, const BooruPairVerdict *verdict)
{
  gint64 change = web_request_get_int (page->request, "change", 0);

  return change == page_done_find_change (page->store, verdict->post_id) ? change : 0;
}

static char *
make_url (guint number, gpointer user_data)
{
  return g_strdup_printf ("/duplicates?page=%u", number);
}

static void
add_pager (WebPage *page, guint number, gint64 count)
{
  guint n_pages = (guint)MIN ((count + PAIRS - 1) / PAIRS, BOORU_PAGE_MAX_NUMBER);
  g_autofree char *previous
      = number > 1 ? make_url (MIN (number - 1, MAX (n_pages, 1)), NULL) : NULL;
  g_autofree char *next = number < n_pages ? make_url (number + 1, NULL) : NULL;
  WebPager pager = {
    .page = number, .n_pages = n_pages, .previous = previous, .next = next, .make_url = make_url
  };

  web_page_add_pager (page, &pager);
}

/* What the last decision was, and how to take it back. */
static void
set_done (WebPage *page)
{
  const char *text = booru_request_get_param (BOORU_REQUEST (page->request), "done");
  BooruPairVerdict verdict = { 0 };
  gboolean known = text && web_duplicates_parse (text, &verdict);
  gint64 change = known ? find_tag_change (page, &verdict) : 0;

  web_dict_take_string (page->values, "done",
                        known ? web_duplicates_describe (&verdict) : g_strdup (""));
  web_dict_set_boolean (page->values, "undo",
                        known && verdict.action != BOORU_PAIR_REOPEN
                            && (verdict.action != BOORU_PAIR_MERGE || change > 0));
  web_dict_take_string (page->values, "undo-value",
                        known ? web_duplicates_format (&verdict) : g_strdup (""));
  web_dict_set_int (page->values, "change", change);
}

static void
show (WebPage *page, GPtrArray *pairs, gint64 count, guint number)
{
  g_autoptr (GPtrArray) folders = booru_store_list_folders (page->store, NULL);
  WebList *list = web_dict_add_list (page->values, "pairs");
  g_autofree char *number_text = booru_text_from_count (count);

  web_page_set_title (page, "Duplicates");
  web_dict_set_boolean (page->values, "on-duplicates", TRUE);
  set_done (page);
  for (guint i = 0; i < pairs->len; i++)
    add_pair (page, list, pairs->pdata[i], folders, i == 0);
  web_dict_set_boolean (page->values, "has-pairs", pairs->len > 0);
  web_dict_take_string (page->values, "count-text",
                        count == 1 ? g_strdup ("1 pair")
                                   : g_strconcat (number_text, " pairs", NULL));
  web_dict_set_int (page->values, "page", number);
  add_pager (page, number, count);
  web_page_respond (page, 200, "duplicates");
}

void
web_page_handle_duplicates (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GPtrArray) pairs = NULL;
  g_autoptr (GError) error = NULL;
  BooruPage part;
  gint64 count;
  guint number;

  web_page_init (&page, request);
  if (!booru_page_parse (booru_request_get_param (request, "page"), PAIRS, &part, &error))
    {
      web_page_fail (&page, booru_err_limit (error) ? 410 : 400, error->message);
      return;
    }
  number = part.kind == BOORU_PAGE_NUMBER ? (guint)part.value : 1;
  count = booru_store_count_pairs (page.store, &error);
  /* The last pair of the last page was decided about: to the page before it. */
  if (count >= 0)
    number = (guint)CLAMP ((count + PAIRS - 1) / PAIRS, 1, number);
  pairs = count >= 0 ? booru_store_list_pairs (page.store, PAIRS, number, &error) : NULL;
  if (pairs)
    show (&page, pairs, count, number);
  else
    booru_request_fail (request, error);
}

/* Takes a decision back: what it did to the posts, too. */
static gboolean
undo (WebPage *page, BooruPairVerdict *verdict, GError **error)
{
  const char *text = booru_request_get_param (BOORU_REQUEST (page->request), "undo");
  g_autoptr (BooruPost) post = NULL;
  gint64 change, ids[2];

  if (!web_duplicates_parse (text, verdict))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "“%s” is not a decision", text);
      return FALSE;
    }
  change = find_tag_change (page, verdict);
  if (verdict->action == BOORU_PAIR_TRASH
      && !booru_store_undelete_post (page->store, verdict->other_id,
                                     web_request_get_user_id (page->request), error))
    return FALSE;
  if (change > 0 && (verdict->action == BOORU_PAIR_TRASH || verdict->action == BOORU_PAIR_MERGE)
      && !(post = booru_store_undo_version (page->store, change,
                                            web_request_get_user_id (page->request), error)))
    return FALSE;
  verdict->action = BOORU_PAIR_REOPEN;
  verdict->editor_id = web_request_get_user_id (page->request);
  if (!booru_store_decide_pair (page->store, verdict, error))
    return FALSE;
  ids[0] = verdict->post_id;
  ids[1] = verdict->other_id;
  web_worker_posts_changed (web_request_get_worker (page->request), ids, G_N_ELEMENTS (ids));
  return TRUE;
}

/* @change: (out): the version that copied tags to the post that stays; 0: none */
static gboolean
decide (WebPage *page, BooruPairVerdict *verdict, gint64 *change, GError **error)
{
  gint64 first = web_request_get_int (page->request, "post_id", 0);
  gint64 before = page_done_find_change (page->store, first);
  gint64 before_other
      = page_done_find_change (page->store, web_request_get_int (page->request, "other_id", 0));

  if (!web_duplicates_decide (page->request, verdict, error))
    return FALSE;
  *change = page_done_find_change (page->store, verdict->post_id);
  if (*change == (verdict->post_id == first ? before : before_other))
    *change = 0;
  return TRUE;
}

/* The form of a pair, and the one that takes a decision back. */
void
web_page_handle_verdict (BooruRequest *request, gpointer user_data)
{
  g_auto (WebPage) page = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *done = NULL, *url = NULL;
  BooruPairVerdict verdict;
  gint64 change = 0;

  web_page_init (&page, request);
  if (booru_request_get_param (request, "undo") ? undo (&page, &verdict, &error)
                                                : decide (&page, &verdict, &change, &error))
    {
      done = web_duplicates_format (&verdict);
      url = g_strdup_printf ("/duplicates?page=%" G_GINT64_FORMAT
                             "&done=%s&change=%" G_GINT64_FORMAT,
                             MAX (web_request_get_int (page.request, "page", 1), 1), done, change);
      web_page_redirect (&page, 303, url);
    }
  else if (booru_err_invalid (error))
    web_page_fail (&page, 422, error->message);
  else
    web_request_fail_write (page.request, error);
}
