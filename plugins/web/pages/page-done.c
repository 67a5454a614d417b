/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a form did with a post, told by the page that follows, with a button that takes it back.
 * "?done=WORD&post=ID&change=VERSION" carries it there. */
#include "page-done.h"

#include <string.h>

#include "page-text.h"

static const struct
{
  const char *word, *here, *elsewhere;
} kinds[] = {
  [PAGE_DONE_NOTHING] = { "nothing", "Nothing was changed.", "Post %s was not changed." },
  [PAGE_DONE_SAVED] = { "saved", "Changes saved.", "Changes of post %s saved." },
  [PAGE_DONE_DELETED] = { "deleted", "Moved to trash.", "Post %s moved to trash." },
  [PAGE_DONE_RESTORED] = { "restored", "Restored.", "Post %s restored." },
  [PAGE_DONE_UNDONE] = { "undone", "Change undone.", "Change of post %s undone." },
  [PAGE_DONE_REVERTED] = { "reverted", "Version restored.", "Version of post %s restored." },
};

gint64
page_done_find_change (BooruStore *store, gint64 post_id)
{
  BooruVersionFilter newest = { .post_id = post_id, .page = { BOORU_PAGE_NUMBER, 1, 1 } };
  g_autoptr (GPtrArray) versions = booru_store_list_versions (store, &newest, NULL);

  return versions && versions->len > 0 ? ((BooruVersion *)versions->pdata[0])->id : 0;
}

void
page_done_redirect (WebPage *page, PageDone done, gint64 post_id, const char *url)
{
  g_autofree char *location
      = g_strdup_printf ("%s%cdone=%s&post=%" G_GINT64_FORMAT "&change=%" G_GINT64_FORMAT, url,
                         strchr (url, '?') ? '&' : '?', kinds[done].word, post_id,
                         page_done_find_change (page->store, post_id));

  web_worker_posts_changed (web_request_get_worker (page->request), &post_id, 1);
  web_page_redirect (page, 303, location);
}

static PageDone
find_kind (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].word, word) == 0)
      return i;
  return PAGE_DONE_NOTHING;
}

/* Only the latest change is offered: another one may have been built upon it since. */
static char *
make_undo_url (WebPage *page, PageDone done, gint64 post_id)
{
  gint64 change = web_request_get_int (page->request, "change", 0);

  if (done == PAGE_DONE_NOTHING || change == 0
      || change != page_done_find_change (page->store, post_id))
    return g_strdup ("");
  if (done == PAGE_DONE_DELETED)
    return g_strdup_printf ("/posts/%" G_GINT64_FORMAT "/undelete", post_id);
  if (done == PAGE_DONE_RESTORED)
    return g_strdup_printf ("/posts/%" G_GINT64_FORMAT "/delete", post_id);
  return g_strdup_printf ("/post_versions/%" G_GINT64_FORMAT "/undo", change);
}

void
page_done_set (WebPage *page, gint64 post_id)
{
  const char *word = booru_request_get_param (BOORU_REQUEST (page->request), "done");
  gint64 changed = web_request_get_int (page->request, "post", 0);
  PageDone done = find_kind (word);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, changed);
  g_autoptr (GString) text = g_string_new ("");

  if (word && changed > 0 && strcmp (kinds[done].word, word) == 0)
    {
      g_string_assign (text, changed == post_id ? kinds[done].here : kinds[done].elsewhere);
      g_string_replace (text, "%s", id, 1);
      web_shown_add_post (web_request_get_shown (page->request), changed);
    }
  web_dict_set_string (page->values, "done-text", text->str);
  web_dict_take_string (page->values, "done-undo",
                        text->len > 0 ? make_undo_url (page, done, changed) : g_strdup (""));
}
