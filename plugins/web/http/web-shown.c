/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "web-shown.h"

#include "view/web-count.h"

/* Of more changes it is not known which answers they concern. */
#define MAX_CHANGES 1000
#define QUERY_SIZE 500 /* bytes that a parsed query takes */

typedef struct
{
  BooruQuery *query;
  gint64 count; /* -1: it is a page that is shown */
  BooruPage page;
  guint first, n; /* among all that were found */
} Search;

typedef struct
{
  gint64 id, count; /* rounded */
} Tag;

struct _WebShown
{
  GArray *posts, *uses, *found; /* ids, gint64 */
  GArray *tags;                 /* Tag */
  GArray *searches;
  gboolean all_tags, unused;
  guint32 records; /* bits: BooruChangeKind */
};

static void
search_clear (gpointer data)
{
  booru_query_unref (((Search *)data)->query);
}

WebShown *
web_shown_new (void)
{
  WebShown *self = g_new0 (WebShown, 1);

  self->posts = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->tags = g_array_new (FALSE, FALSE, sizeof (Tag));
  self->uses = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->found = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->searches = g_array_new (FALSE, FALSE, sizeof (Search));
  g_array_set_clear_func (self->searches, search_clear);
  return self;
}

void
web_shown_free (WebShown *self)
{
  g_array_unref (self->posts);
  g_array_unref (self->tags);
  g_array_unref (self->uses);
  g_array_unref (self->found);
  g_array_unref (self->searches);
  g_free (self);
}

void
web_shown_add_post (WebShown *self, gint64 id)
{
  g_array_append_val (self->posts, id);
}

void
web_shown_add_tag (WebShown *self, gint64 id, gint64 count)
{
  Tag tag = { id, web_count_round (count) };

  g_array_append_val (self->tags, tag);
}

void
web_shown_add_all_tags (WebShown *self)
{
  self->all_tags = TRUE;
}

void
web_shown_add_used (WebShown *self, gint64 tag)
{
  g_array_append_val (self->uses, tag);
}

void
web_shown_add_unused (WebShown *self)
{
  self->unused = TRUE;
}

void
web_shown_add_records (WebShown *self, BooruChangeKind kind)
{
  self->records |= 1u << kind;
}

void
web_shown_add_search (WebShown *self, BooruQuery *query, const BooruPage *page, const GArray *ids)
{
  Search search = { booru_query_ref (query), -1, *page, self->found->len, ids->len };

  g_array_append_vals (self->found, ids->data, ids->len);
  g_array_append_val (self->searches, search);
}

void
web_shown_add_count (WebShown *self, BooruQuery *query, gint64 count)
{
  Search search = { .query = booru_query_ref (query), .count = count };

  g_array_append_val (self->searches, search);
}

gsize
web_shown_get_size (const WebShown *self)
{
  return sizeof *self + (self->posts->len + self->uses->len + self->found->len) * sizeof (gint64)
         + self->tags->len * sizeof (Tag) + self->searches->len * (sizeof (Search) + QUERY_SIZE);
}

/* Whether it still holds. Errors are for the request that follows. */

static gboolean
search_holds (const WebShown *shown, const Search *self, BooruStore *store)
{
  g_autoptr (GArray) ids = NULL;

  if (self->count >= 0)
    return booru_store_count (store, self->query, NULL, NULL) == self->count;
  ids = booru_store_find_ids (store, self->query, &self->page, NULL);
  if (ids == NULL || ids->len != self->n)
    return FALSE;
  for (guint i = 0; i < self->n; i++)
    if (g_array_index (ids, gint64, i) != g_array_index (shown->found, gint64, self->first + i))
      return FALSE;
  return TRUE;
}

static gboolean
has_any (const GArray *ids, const BooruChangedRange *range)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_array_index (ids, gint64, i) >= range->first
        && g_array_index (ids, gint64, i) <= range->last)
      return TRUE;
  return FALSE;
}

struct _WebChanges
{
  BooruStore *store; /* not owned */
  guint64 seen;      /* of the store, when it was last looked at */
  guint64 generation;
  guint64 history; /* booru_store_check_history() */
  guint64 state;
  guint64 oldest;     /* what was changed after this state is known */
  guint64 logins;     /* counted up when anything about accounts changed */
  GArray *ranges;     /* BooruChangedRange, with our numbers in place of the board's */
  GHashTable *counts; /* of tags, as they are now: &id → gint64, or -1 */
};

/* How many posts have a tag now. Most pages of a gallery ask of the same few. */
static gint64
get_count (WebChanges *self, gint64 tag)
{
  const gint64 *known = g_hash_table_lookup (self->counts, &tag);
  gint64 count;

  if (known)
    return *known;
  count = booru_store_get_tag_count (self->store, tag, NULL);
  g_hash_table_insert (self->counts, g_memdup2 (&tag, sizeof tag),
                       g_memdup2 (&count, sizeof count));
  return count;
}

static gboolean
is_of_records (BooruChangeKind kind)
{
  return kind >= BOORU_CHANGE_POOL && kind <= BOORU_CHANGE_ARTIST;
}

static gboolean
has_other_counts (WebChanges *self, const GArray *tags, const BooruChangedRange *range)
{
  for (guint i = 0; i < tags->len; i++)
    {
      const Tag *tag = &g_array_index (tags, Tag, i);

      if (tag->id >= range->first && tag->id <= range->last
          && web_count_round (get_count (self, tag->id)) != tag->count)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_concerned (WebChanges *changes, const WebShown *self, const BooruChangedRange *range)
{
  if (range->kind == BOORU_CHANGE_POST)
    return has_any (self->posts, range);
  if (range->kind == BOORU_CHANGE_TAG)
    return self->all_tags || has_other_counts (changes, self->tags, range);
  if (range->kind == BOORU_CHANGE_USE)
    return self->unused || has_any (self->uses, range);
  /* No page that is kept shows one. */
  if (range->kind == BOORU_CHANGE_LOGIN || range->kind == BOORU_CHANGE_UPLOAD
      || range->kind == BOORU_CHANGE_JOB)
    return FALSE;
  if (is_of_records (range->kind))
    return (self->records & (1u << range->kind)) != 0;
  return TRUE; /* rare, and shown in many places */
}

/* What became of the posts that changed, or of the pools that they are in, can make a search find
 * others. */
static gboolean
finds_the_same (const WebShown *self, BooruStore *store)
{
  for (guint i = 0; i < self->searches->len; i++)
    if (!search_holds (self, &g_array_index (self->searches, Search, i), store))
      return FALSE;
  return TRUE;
}

WebChanges *
web_changes_new (BooruStore *store)
{
  WebChanges *self = g_new0 (WebChanges, 1);

  self->store = store;
  self->seen = G_MAXUINT64;
  self->ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  self->counts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

void
web_changes_free (WebChanges *self)
{
  g_array_unref (self->ranges);
  g_hash_table_unref (self->counts);
  g_free (self);
}

static gboolean
is_about_logins (const BooruChangedRange *range)
{
  return range->kind == BOORU_CHANGE_USER || range->kind == BOORU_CHANGE_LOGIN;
}

static void
note_logins (WebChanges *self, const GArray *ranges, gboolean is_known)
{
  gboolean changed = !is_known;

  for (guint i = 0; !changed && i < ranges->len; i++)
    changed = is_about_logins (&g_array_index (ranges, BooruChangedRange, i));
  if (changed)
    self->logins++;
}

guint64
web_changes_get_logins (WebChanges *self)
{
  return self->logins;
}

guint64
web_changes_catch_up (WebChanges *self)
{
  guint64 seen = booru_store_get_generation (self->store);
  g_autoptr (GArray) ranges = NULL;
  gboolean all = TRUE, known, same;

  if (seen == self->seen)
    return self->state;
  self->seen = seen;
  g_hash_table_remove_all (self->counts);
  ranges = g_array_new (FALSE, FALSE, sizeof (BooruChangedRange));
  known = booru_store_check_history (self->store, &self->history, &same, NULL);
  if (known && !same)
    self->generation = 0;
  known = known
          && booru_store_list_changes (self->store, BOORU_CHANGE_ANY, &self->generation, ranges,
                                       &all, NULL);
  if (!known)
    self->generation = 0;
  if (self->ranges->len + ranges->len > MAX_CHANGES)
    {
      g_array_set_size (self->ranges, 0);
      self->oldest = self->state;
    }
  self->state++;
  note_logins (self, ranges, known && !all);
  if (!known || all || ranges->len > MAX_CHANGES)
    self->oldest = self->state;
  else
    for (guint i = 0; i < ranges->len; i++)
      {
        BooruChangedRange *range = &g_array_index (ranges, BooruChangedRange, i);

        range->generation = self->state;
        g_array_append_val (self->ranges, *range);
      }
  return self->state;
}

gboolean
web_changes_keep (WebChanges *self, const WebShown *shown, guint64 *state)
{
  gboolean posts = FALSE;

  if (*state < self->oldest)
    return FALSE;
  for (guint i = self->ranges->len; i > 0; i--)
    {
      const BooruChangedRange *range = &g_array_index (self->ranges, BooruChangedRange, i - 1);

      if (range->generation <= *state)
        break;
      if (shown == NULL || is_concerned (self, shown, range))
        return FALSE;
      posts = posts || range->kind == BOORU_CHANGE_POST || is_of_records (range->kind);
    }
  if (posts && shown && !finds_the_same (shown, self->store))
    return FALSE;
  *state = self->state;
  return TRUE;
}
