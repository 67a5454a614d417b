/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "index-board.h"

#include <string.h>

#include "base/booru-error.h"

#define DAY ((gint64)86400 * G_USEC_PER_SEC)

static const char *const tag_names[INDEX_N_TAGS] = { "1girl",
                                                     "solo",
                                                     "long_hair",
                                                     "blue_hair",
                                                     "hair",
                                                     "hair_ornament",
                                                     "cat_(animal)",
                                                     "cat",
                                                     "black_cat",
                                                     "dog",
                                                     "dog_ears",
                                                     "café",
                                                     "ünder_water",
                                                     "water",
                                                     "a",
                                                     "b",
                                                     "c",
                                                     "touhou",
                                                     "kirisame",
                                                     "tag?",
                                                     "tag[x]",
                                                     "tag\\x",
                                                     "x",
                                                     "y",
                                                     "z",
                                                     "sky",
                                                     "blue_sky",
                                                     "red_sky",
                                                     "night_sky",
                                                     "night",
                                                     "moon",
                                                     "full_moon",
                                                     "sun",
                                                     "sunset",
                                                     "sun_hat",
                                                     "hat",
                                                     "red_hat",
                                                     "green",
                                                     "greenhouse",
                                                     "house",
                                                     "tree",
                                                     "street",
                                                     "rare1",
                                                     "rare2",
                                                     "rare3",
                                                     "never_active",
                                                     "never_used",
                                                     "zzz" };

IndexBoard *
index_board_new (guint32 seed)
{
  IndexBoard *self = g_new0 (IndexBoard, 1);

  self->random = g_rand_new_with_seed (seed);
  self->posts = g_ptr_array_new_with_free_func (g_free);
  self->changes = g_array_new (FALSE, FALSE, sizeof (BooruIndexChange));
  self->generation = 1;
  self->now = g_get_real_time ();
  for (guint i = 0; i < INDEX_N_TAGS; i++)
    self->tags[i] = (IndexTag){ i + 1, g_strdup (tag_names[i]), BOORU_TAG_GENERAL, 0, 1 };
  return self;
}

void
index_board_free (IndexBoard *self)
{
  g_rand_free (self->random);
  g_ptr_array_unref (self->posts);
  g_array_unref (self->changes);
  for (guint i = 0; i < INDEX_N_TAGS; i++)
    g_free (self->tags[i].name);
  g_free (self);
}

/* Where a post is, or would be. */
static guint
find_place (const IndexBoard *self, gint64 id)
{
  guint from = 0, end = self->posts->len;

  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (((const IndexPost *)self->posts->pdata[middle])->id < id)
        from = middle + 1;
      else
        end = middle;
    }
  return from;
}

IndexPost *
index_board_find (const IndexBoard *self, gint64 id)
{
  guint place = find_place (self, id);
  IndexPost *post = place < self->posts->len ? self->posts->pdata[place] : NULL;

  return post && post->id == id ? post : NULL;
}

gint64
index_board_get_comments (const IndexPost *post)
{
  return MAX (post->md5[1] % 6 - 3, 0);
}

gint64
index_board_get_commented (const IndexPost *post)
{
  return index_board_get_comments (post) > 0 ? 1 + post->md5[2] % 8 : 0;
}

gint64
index_board_get_place (const IndexPost *post)
{
  return post->md5[3] % 4 == 0 ? post->md5[4] : -1;
}

gint64
index_board_count_children (const IndexBoard *self, const IndexPost *post, guint mask)
{
  gint64 n = 0;

  for (guint i = 0; i < self->posts->len; i++)
    {
      const IndexPost *other = self->posts->pdata[i];

      n += other->parent_id == post->id && (mask & BOORU_STATUS_MASK (other->status));
    }
  return n;
}

guint
index_board_distance (const IndexPost *a, const IndexPost *b)
{
  return (guint)__builtin_popcount ((guint)(a->md5[15] ^ b->md5[15]));
}

/* Drawing. */

static gint
draw (IndexBoard *self, gint below)
{
  return g_rand_int_range (self->random, 0, below);
}

static void
draw_tags (IndexBoard *self, IndexPost *post)
{
  post->tags = 0;
  /* From on nearly every post to on hardly one. */
  for (gint i = 0; i < INDEX_N_TAGS; i++)
    if (draw (self, 2 + i * i / 4) == 0 && i != 46 && (i != 45 || post->status))
      post->tags |= G_GUINT64_CONSTANT (1) << i;
  if (draw (self, 10))
    post->tags |= 1;
  post->tag_counts[5] = __builtin_popcountll (post->tags);
}

static IndexPost *
draw_post (IndexBoard *self, gint64 id)
{
  static const char *const exts[] = { "jpg", "png", "gif", "webm" };
  static const char *const sources[]
      = { "", "", "https://example.org/1", "HTTPS://example.org/2", "file:100%_\\x", "none" };
  IndexPost *post = g_new0 (IndexPost, 1);
  gint dice = draw (self, 20);

  post->id = id;
  post->status = dice < 2   ? BOORU_POST_DELETED
                 : dice < 4 ? BOORU_POST_MISSING
                 : dice < 5 ? BOORU_POST_EXPUNGED
                            : BOORU_POST_ACTIVE;
  post->rating = "ggggssqe"[draw (self, 8)];
  post->ext = exts[draw (self, 4)];
  post->source = sources[draw (self, 6)];
  post->incomplete = draw (self, 7) == 0;
  for (guint i = 0; i < 16; i++)
    post->md5[i] = (guint8)draw (self, 256);
  post->size = g_rand_int_range (self->random, 1, 3000000);
  post->width = 1 + draw (self, 4000);
  post->height = 1 + draw (self, 4000);
  /* Not so near to a whole number of days that it matters when the test runs. */
  post->created_at = self->now - (gint64)draw (self, 400) * DAY - DAY / 4
                     - (gint64)draw (self, 40000) * G_USEC_PER_SEC;
  post->updated_at = post->created_at + draw (self, 1000000);
  post->duration = dice % 3 == 0 ? draw (self, 2000) / 10.0 : -1;
  /* Some of the last two days, for order:rank. */
  if (draw (self, 8) == 0)
    post->created_at = self->now - (gint64)draw (self, 60) * 3600 * G_USEC_PER_SEC - DAY / 48;
  post->pixiv = draw (self, 3) == 0 ? draw (self, 50) : -1;
  post->score = draw (self, 20) - 10;
  post->up_score = draw (self, 10);
  post->down_score = -draw (self, 10);
  post->fav_count = draw (self, 5);
  for (guint i = 0; i < 5; i++)
    post->tag_counts[i] = draw (self, 6);
  draw_tags (self, post);
  if (self->posts->len > 0 && draw (self, 6) == 0)
    post->parent_id = ((IndexPost *)self->posts->pdata[draw (self, (gint)self->posts->len)])->id;
  return post;
}

/* The log. */

static void
count_tags (IndexBoard *self)
{
  gint64 counts[INDEX_N_TAGS] = { 0 };

  for (guint i = 0; i < self->posts->len; i++)
    {
      const IndexPost *post = self->posts->pdata[i];

      for (guint64 rest = post->status == BOORU_POST_ACTIVE ? post->tags : 0; rest;
           rest &= rest - 1)
        counts[__builtin_ctzll (rest)]++;
    }
  for (guint i = 0; i < INDEX_N_TAGS; i++)
    if (self->tags[i].count != counts[i])
      {
        self->tags[i].count = counts[i];
        self->tags[i].changed = self->generation;
      }
}

static void
log_range (IndexBoard *self, gint64 first, gint64 last)
{
  BooruIndexChange change = { self->generation, first, last };

  g_array_append_val (self->changes, change);
}

void
index_board_log (IndexBoard *self, gint64 first, gint64 last)
{
  self->generation++;
  log_range (self, first, last);
  count_tags (self);
}

/* A post, and those that see it as their parent or child. */
static void
log_post (IndexBoard *self, gint64 id, gint64 old_parent)
{
  const IndexPost *post = index_board_find (self, id);

  log_range (self, id, id);
  if (old_parent)
    log_range (self, old_parent, old_parent);
  if (post && post->parent_id)
    log_range (self, post->parent_id, post->parent_id);
  for (guint i = 0; i < self->posts->len; i++)
    {
      const IndexPost *other = self->posts->pdata[i];

      if (other->parent_id == id)
        log_range (self, other->id, other->id);
    }
}

void
index_board_add (IndexBoard *self, gint64 first, guint n, guint gap)
{
  gint64 id = first;

  for (guint i = 0; i < n; i++)
    {
      if (index_board_find (self, id) == NULL)
        g_ptr_array_insert (self->posts, (gint)find_place (self, id), draw_post (self, id));
      id += 1 + (gap && draw (self, 3) == 0 ? draw (self, (gint)gap) : 0);
    }
  index_board_log (self, first, id);
}

IndexBoard *
index_board_make (guint32 seed)
{
  IndexBoard *self = index_board_new (seed);

  index_board_add (self, 1, 500, 7);
  index_board_add (self, 65400, 300, 0);
  index_board_add (self, 7 * 65536, 200, 3);
  index_board_add (self, BOORU_INDEX_MAX_ID - 4000, 200, 30);
  return self;
}

/* Edits. */

static IndexPost *
pick (IndexBoard *self)
{
  return self->posts->pdata[draw (self, (gint)self->posts->len)];
}

static void
replace_post (IndexBoard *self)
{
  IndexPost *post = pick (self), *drawn = draw_post (self, post->id);
  gint64 old_parent = post->parent_id;

  *post = *drawn;
  g_free (drawn);
  if (post->parent_id == post->id)
    post->parent_id = 0;
  log_post (self, post->id, old_parent);
}

/* Nobody may be left with a parent that there is not. */
static void
remove_post (IndexBoard *self)
{
  IndexPost *post = pick (self);
  gint64 id = post->id, parent = post->parent_id;

  for (guint i = 0; i < self->posts->len; i++)
    {
      IndexPost *other = self->posts->pdata[i];

      if (other->parent_id != id)
        continue;
      other->parent_id = 0;
      log_range (self, other->id, other->id);
    }
  g_ptr_array_remove_index (self->posts, find_place (self, id));
  log_post (self, id, parent);
}

static void
rate_many (IndexBoard *self)
{
  guint from = (guint)draw (self, (gint)self->posts->len);
  guint end = from + (guint)draw (self, 300);

  end = MIN (end, self->posts->len - 1);
  for (guint i = from; i <= end; i++)
    {
      IndexPost *post = self->posts->pdata[i];

      post->rating = "gsqe"[draw (self, 4)];
      post->score++;
    }
  log_range (self, ((IndexPost *)self->posts->pdata[from])->id,
             ((IndexPost *)self->posts->pdata[end])->id);
}

static void
rename_tag (IndexBoard *self)
{
  IndexTag *tag = &self->tags[draw (self, INDEX_N_TAGS)],
           *other = &self->tags[draw (self, INDEX_N_TAGS)];
  char *name = tag->name;

  /* One takes the name of the other. */
  tag->name = other->name;
  other->name = name;
  tag->changed = other->changed = self->generation;
}

static void
add_next (IndexBoard *self)
{
  const IndexPost *post = pick (self);
  gint64 id = post->id + 1 + draw (self, 3);

  if (id >= BOORU_INDEX_MAX_ID || index_board_find (self, id))
    return;
  g_ptr_array_insert (self->posts, (gint)find_place (self, id), draw_post (self, id));
  log_post (self, id, 0);
}

void
index_board_edit (IndexBoard *self)
{
  gint dice = draw (self, 100);

  self->generation++;
  if (dice < 2)
    rename_tag (self);
  else if (dice < 4)
    rate_many (self);
  else
    for (gint i = draw (self, 5); i >= 0; i--)
      if (dice < 70)
        replace_post (self);
      else if (dice < 90)
        add_next (self);
      else if (self->posts->len > 50)
        remove_post (self);
  count_tags (self);
}

/* The source. */

static gboolean
check_failure (const IndexBoard *self, GError **error)
{
  if (self->fails)
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_BUSY, "The board is locked");
  return !self->fails;
}

static gboolean
get_generation (gpointer data, guint64 *generation, GError **error)
{
  const IndexBoard *self = data;

  *generation = self->generation;
  return check_failure (self, error);
}

static gboolean
get_stamp (gpointer data, guint64 generation, gint64 *stamp, GError **error)
{
  const IndexBoard *self = data;

  *stamp = generation > self->forked ? self->history : 0;
  return check_failure (self, error);
}

static gboolean
find_next_id (gpointer data, gint64 from, gint64 *id, GError **error)
{
  const IndexBoard *self = data;
  guint place = find_place (self, from);

  *id = place < self->posts->len ? ((const IndexPost *)self->posts->pdata[place])->id : -1;
  return check_failure (self, error);
}

#define LIVE (BOORU_STATUS_MASK (BOORU_POST_ACTIVE) | BOORU_STATUS_MASK (BOORU_POST_MISSING))

static gboolean
read_row (IndexBoard *self,
          const IndexPost *post,
          BooruIndexRowFunc func,
          gpointer func_data,
          GError **error)
{
  const IndexPost *parent = post->parent_id ? index_board_find (self, post->parent_id) : NULL;
  gint64 tags[INDEX_N_TAGS];
  BooruIndexRow row = {
    .id = post->id,
    .status = post->status,
    .rating = post->rating,
    .ext = post->ext,
    .facts = (*post->source ? BOORU_INDEX_HAS_SOURCE : 0)
             | (post->incomplete ? BOORU_INDEX_IS_INCOMPLETE : 0),
    .parent_mask = parent ? BOORU_STATUS_MASK (parent->status) : 0,
    .values = {
      [BOORU_INDEX_SCORE] = post->score,
      [BOORU_INDEX_UPVOTES] = post->up_score,
      [BOORU_INDEX_DOWNVOTES] = -post->down_score,
      [BOORU_INDEX_FAVCOUNT] = post->fav_count,
      [BOORU_INDEX_WIDTH] = post->width,
      [BOORU_INDEX_HEIGHT] = post->height,
      [BOORU_INDEX_FILESIZE] = post->size,
      [BOORU_INDEX_DURATION] = booru_index_duration_to_value (post->duration),
      [BOORU_INDEX_CREATED] = post->created_at,
      [BOORU_INDEX_UPDATED] = post->updated_at,
      [BOORU_INDEX_TAGCOUNT] = post->tag_counts[5],
      [BOORU_INDEX_GENTAGS] = post->tag_counts[0],
      [BOORU_INDEX_ARTTAGS] = post->tag_counts[1],
      [BOORU_INDEX_COPYTAGS] = post->tag_counts[2],
      [BOORU_INDEX_CHARTAGS] = post->tag_counts[3],
      [BOORU_INDEX_METATAGS] = post->tag_counts[4],
      [BOORU_INDEX_PIXIV] = post->pixiv,
      [BOORU_INDEX_CHILDREN] = index_board_count_children (self, post, BOORU_STATUS_MASK_ALL),
      [BOORU_INDEX_ACTIVE_CHILDREN] = index_board_count_children (self, post, LIVE),
      [BOORU_INDEX_DELETED_CHILDREN]
          = index_board_count_children (self, post, BOORU_STATUS_MASK_ALL & ~LIVE),
      [BOORU_INDEX_MD5] = booru_index_md5_to_value (post->md5),
    },
    .tags = tags,
  };

  for (guint i = 0; i < self->posts->len; i++)
    {
      const IndexPost *other = self->posts->pdata[i];

      if (other->parent_id == post->id)
        row.child_mask |= BOORU_STATUS_MASK (other->status);
    }
  for (guint64 rest = post->tags; rest; rest &= rest - 1)
    tags[row.n_tags++] = __builtin_ctzll (rest) + 1;
  self->n_rows_read++;
  return func (&row, func_data, error);
}

static gboolean
read_rows (gpointer data,
           gint64 first,
           gint64 last,
           BooruIndexRowFunc func,
           gpointer func_data,
           GError **error)
{
  IndexBoard *self = data;

  g_usleep (self->delay * G_USEC_PER_SEC);
  if (!check_failure (self, error))
    return FALSE;
  for (guint i = find_place (self, first); i < self->posts->len; i++)
    {
      const IndexPost *post = self->posts->pdata[i];

      if (post->id > last)
        break;
      if (!read_row (self, post, func, func_data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_changes (gpointer data, guint64 after, GArray *changes, GError **error)
{
  const IndexBoard *self = data;
  BooruIndexChange all = { self->generation, 0, G_MAXINT64 };

  if (after < self->forgotten)
    {
      g_array_append_val (changes, all);
      return check_failure (self, error);
    }
  for (guint i = 0; i < self->changes->len; i++)
    if (g_array_index (self->changes, BooruIndexChange, i).generation > after)
      g_array_append_val (changes, g_array_index (self->changes, BooruIndexChange, i));
  return check_failure (self, error);
}

static gboolean
read_tags (gpointer data, guint64 after, BooruIndexTagFunc func, gpointer func_data, GError **error)
{
  const IndexBoard *self = data;

  if (!check_failure (self, error))
    return FALSE;
  for (guint i = 0; i < INDEX_N_TAGS; i++)
    {
      const IndexTag *tag = &self->tags[i];
      BooruTagRef ref = { tag->id, tag->name, tag->category, tag->count };

      if (tag->changed > after && !func (&ref, func_data, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_of_leaf (const IndexBoard *self, const IndexPost *post, const BooruQueryNode *node, gint64 *rank)
{
  gint64 id = node->ranges ? g_array_index (node->ranges, BooruQueryRange, 0).low : 0;
  const IndexPost *other = index_board_find (self, id);

  switch (node->metatag)
    {
    case BOORU_METATAG_PARENT:
      return post->id == id || post->parent_id == id;
    case BOORU_METATAG_SIMILAR:
      *rank = other ? index_board_distance (post, other) : 0;
      return other && (guint)*rank <= node->distance;
    case BOORU_METATAG_SOURCE:
      return g_ascii_strncasecmp (post->source, node->words->pdata[0],
                                  strlen (node->words->pdata[0]))
             == 0;
    case BOORU_METATAG_MD5:
      for (guint i = 0; i < node->words->len; i++)
        {
          const char *word = node->words->pdata[i];
          guint n = 0;

          while (n < 16
                 && post->md5[n]
                        == g_ascii_xdigit_value (word[2 * n]) * 16
                               + g_ascii_xdigit_value (word[2 * n + 1]))
            n++;
          if (n == 16)
            return TRUE;
        }
      return FALSE;
    case BOORU_METATAG_ACTIVE_COMMENT_COUNT:
      for (guint i = 0; i < node->ranges->len; i++)
        {
          const BooruQueryRange *range = &g_array_index (node->ranges, BooruQueryRange, i);

          g_assert_cmpint (range->low, >, 0);
          if (range->low <= index_board_get_comments (post)
              && range->high >= index_board_get_comments (post))
            return TRUE;
        }
      return FALSE;
    case BOORU_METATAG_COMMENTER:
      return index_board_get_comments (post) > 0
             && (node->presence == BOORU_QUERY_ANY
                 || g_str_equal (node->words->pdata[0], "somebody"));
    case BOORU_METATAG_ORDPOOL:
      *rank = index_board_get_place (post);
      return *rank >= 0 && g_str_equal (node->words->pdata[0], "pool");
    default:
      return FALSE;
    }
}

static gboolean
read_leaf (gpointer data, const BooruQueryNode *node, GArray *hits, GError **error)
{
  const IndexBoard *self = data;

  for (guint i = 0; i < self->posts->len; i++)
    {
      const IndexPost *post = self->posts->pdata[i];
      BooruIndexHit hit = { post->id, 0 };

      if (is_of_leaf (self, post, node, &hit.rank))
        g_array_append_val (hits, hit);
    }
  return check_failure (self, error);
}

static gboolean
read_order (gpointer data, BooruQueryOrder order, GArray *hits, GError **error)
{
  const IndexBoard *self = data;

  for (guint i = 0; i < self->posts->len; i++)
    {
      const IndexPost *post = self->posts->pdata[i];
      BooruIndexHit hit = { post->id, order == BOORU_ORDER_ACTIVE_COMMENT_COUNT
                                          ? index_board_get_comments (post)
                                          : index_board_get_commented (post) };

      if (hit.rank > 0)
        g_array_append_val (hits, hit);
    }
  return check_failure (self, error);
}

const BooruIndexSource index_board_source = { get_generation, get_stamp, find_next_id, read_rows,
                                              read_changes,   read_tags, read_leaf,    read_order };
