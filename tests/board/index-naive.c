/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Post by post, node by node: what the index should find. */
#include <math.h>
#include <string.h>

#include "index-board.h"

#define LIVE (BOORU_STATUS_MASK (BOORU_POST_ACTIVE) | BOORU_STATUS_MASK (BOORU_POST_MISSING))

static gint64
get_number (const IndexBoard *self, const IndexPost *post, BooruMetatag metatag)
{
  switch (metatag)
    {
    case BOORU_METATAG_CHILD_COUNT:
      return index_board_count_children (self, post, BOORU_STATUS_MASK_ALL);
    case BOORU_METATAG_ACTIVE_CHILD_COUNT:
      return index_board_count_children (self, post, LIVE);
    case BOORU_METATAG_DELETED_CHILD_COUNT:
      return index_board_count_children (self, post, BOORU_STATUS_MASK_ALL & ~LIVE);
    case BOORU_METATAG_ACTIVE_COMMENT_COUNT:
      return index_board_get_comments (post);
    case BOORU_METATAG_PIXIV:
      return post->pixiv;
    case BOORU_METATAG_ID:
      return post->id;
    case BOORU_METATAG_SCORE:
      return post->score;
    case BOORU_METATAG_UPVOTES:
      return post->up_score;
    case BOORU_METATAG_DOWNVOTES:
      return -post->down_score;
    case BOORU_METATAG_FAVCOUNT:
      return post->fav_count;
    case BOORU_METATAG_WIDTH:
      return post->width;
    case BOORU_METATAG_HEIGHT:
      return post->height;
    case BOORU_METATAG_MPIXELS:
      return post->width * post->height;
    case BOORU_METATAG_RATIO:
      return (gint64)round (100.0 * (double)post->width / (double)post->height);
    case BOORU_METATAG_FILESIZE:
      return post->size;
    case BOORU_METATAG_DURATION:
      return (gint64)round (post->duration * 1e6);
    case BOORU_METATAG_DATE:
      return post->created_at;
    case BOORU_METATAG_TAGCOUNT:
      return post->tag_counts[5];
    case BOORU_METATAG_GENTAGS:
    case BOORU_METATAG_ARTTAGS:
    case BOORU_METATAG_COPYTAGS:
    case BOORU_METATAG_CHARTAGS:
    case BOORU_METATAG_METATAGS:
      return post->tag_counts[metatag - BOORU_METATAG_GENTAGS];
    default:
      g_assert_not_reached ();
    }
}

static gboolean
lies_in (const GArray *ranges, gint64 number)
{
  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, i);

      if (number >= range->low && number <= range->high)
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_age (const IndexBoard *self, const GArray *ranges, gint64 created_at)
{
  for (guint i = 0; i < ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, i);
      gint64 age = self->now - created_at, end, start;

      if (range->low != range->high && age >= range->low && age <= range->high)
        return TRUE;
      if (range->low != range->high)
        continue;
      start = booru_query_get_day (self->now - range->low, &end);
      if (created_at >= start && created_at <= end)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_word_of (const BooruQueryNode *node, const char *word)
{
  for (guint i = 0; i < node->words->len; i++)
    if (g_str_equal (node->words->pdata[i], word))
      return TRUE;
  return FALSE;
}

static gboolean
has_child (const IndexBoard *self, const IndexPost *post, guint mask)
{
  for (guint i = 0; i < self->posts->len; i++)
    {
      const IndexPost *other = self->posts->pdata[i];

      if (other->parent_id == post->id && (mask == 0 || (mask & BOORU_STATUS_MASK (other->status))))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_parent (const IndexBoard *self, const IndexPost *post, const BooruQueryNode *node)
{
  if (node->presence != BOORU_QUERY_VALUES)
    return (post->parent_id != 0) == (node->presence == BOORU_QUERY_ANY);
  if (node->ranges)
    return lies_in (node->ranges, post->id)
           || (post->parent_id && lies_in (node->ranges, post->parent_id));
  return post->parent_id
         && (BOORU_STATUS_MASK (index_board_find (self, post->parent_id)->status) & node->mask);
}

static gboolean
has_source (const IndexPost *post, const BooruQueryNode *node)
{
  const char *beginning;

  if (node->presence == BOORU_QUERY_UNSET)
    return post->source[0] == '\0';
  beginning = node->words->pdata[0];
  return g_ascii_strncasecmp (post->source, beginning, strlen (beginning)) == 0;
}

static gboolean
has_md5 (const IndexPost *post, const BooruQueryNode *node)
{
  GString *hex = g_string_new (NULL);
  gboolean found;

  for (guint i = 0; i < 16; i++)
    g_string_append_printf (hex, "%02x", post->md5[i]);
  found = is_word_of (node, hex->str);
  g_string_free (hex, TRUE);
  return found;
}

static gboolean
is_similar (const IndexBoard *self, const IndexPost *post, const BooruQueryNode *node)
{
  const IndexPost *other
      = index_board_find (self, g_array_index (node->ranges, BooruQueryRange, 0).low);

  return other && index_board_distance (post, other) <= node->distance;
}

/* The first letters of the words of a name. */
static gboolean
is_abbreviation (const char *name, const char *letters)
{
  g_auto (GStrv) words = g_strsplit_set (name, "_()?[]\\", -1);
  g_autoptr (GString) first = g_string_new (NULL);

  for (guint i = 0; words[i]; i++)
    if (words[i][0])
      g_string_append_c (first, words[i][0]);
  return g_str_equal (first->str, letters);
}

/* The most used tag that "/xy" stands for; NULL: none. */
static const char *
expand (const IndexBoard *self, const char *name)
{
  const IndexTag *best = NULL;

  if (name[0] != '/')
    return name;
  for (guint i = 0; i < INDEX_N_TAGS; i++)
    if (is_abbreviation (self->tags[i].name, name + 1) && self->tags[i].count > 0
        && (best == NULL || self->tags[i].count > best->count))
      best = &self->tags[i];
  return best ? best->name : NULL;
}

static gboolean
has_tag_named (const IndexBoard *self, const IndexPost *post, const char *name)
{
  for (guint i = 0; name && i < INDEX_N_TAGS; i++)
    if (((post->tags >> i) & 1) && g_str_equal (self->tags[i].name, name))
      return TRUE;
  return FALSE;
}

static gboolean
has_tag (const IndexBoard *self, const IndexPost *post, const BooruQueryNode *node)
{
  if (node->type == BOORU_QUERY_TAG)
    return has_tag_named (self, post, expand (self, node->text));
  for (guint i = 0; i < INDEX_N_TAGS; i++)
    {
      const IndexTag *tag = &self->tags[i];

      if (((post->tags >> i) & 1) && tag->count > 0
          && g_pattern_match_simple (node->text, tag->name))
        return TRUE;
    }
  return FALSE;
}

static gboolean
fulfils (const IndexBoard *self, const IndexPost *post, const BooruQueryNode *node)
{
  switch (node->metatag)
    {
    case BOORU_METATAG_RATING:
      return (node->mask >> (strchr ("gsqe", post->rating) - "gsqe")) & 1;
    case BOORU_METATAG_STATUS:
      return (node->mask & BOORU_STATUS_MASK (post->status)) != 0;
    case BOORU_METATAG_MD5:
      return has_md5 (post, node);
    case BOORU_METATAG_FILETYPE:
      return is_word_of (node, post->ext);
    case BOORU_METATAG_IS:
      return post->incomplete;
    case BOORU_METATAG_PARENT:
      return has_parent (self, post, node);
    case BOORU_METATAG_CHILD:
      return has_child (self, post, node->mask) != (node->presence == BOORU_QUERY_UNSET);
    case BOORU_METATAG_SOURCE:
      return has_source (post, node);
    case BOORU_METATAG_SIMILAR:
      return is_similar (self, post, node);
    case BOORU_METATAG_AGE:
      return has_age (self, node->ranges, post->created_at);
    case BOORU_METATAG_UNALIASED:
      return has_tag_named (self, post, node->words->pdata[0]);
    case BOORU_METATAG_COMMENTER:
      return index_board_get_comments (post) > 0
             && (node->presence == BOORU_QUERY_ANY
                 || g_str_equal (node->words->pdata[0], "somebody"));
    case BOORU_METATAG_ORDPOOL:
      return index_board_get_place (post) >= 0 && g_str_equal (node->words->pdata[0], "pool");
    case BOORU_METATAG_FAV:
      return FALSE;
    case BOORU_METATAG_PIXIV:
    case BOORU_METATAG_DURATION:
      if ((node->metatag == BOORU_METATAG_PIXIV ? (double)post->pixiv : post->duration) < 0)
        return node->presence == BOORU_QUERY_UNSET;
      return node->presence == BOORU_QUERY_ANY
             || (node->ranges && lies_in (node->ranges, get_number (self, post, node->metatag)));
    default:
      return lies_in (node->ranges, get_number (self, post, node->metatag));
    }
}

static gboolean
matches (const IndexBoard *self, const IndexPost *post, const BooruQueryNode *node)
{
  gboolean conjunction = node->type == BOORU_QUERY_AND;

  switch (node->type)
    {
    case BOORU_QUERY_ALL:
      return TRUE;
    case BOORU_QUERY_NONE:
      return FALSE;
    case BOORU_QUERY_TAG:
    case BOORU_QUERY_WILDCARD:
      return has_tag (self, post, node);
    case BOORU_QUERY_CONDITION:
      return fulfils (self, post, node);
    case BOORU_QUERY_NOT:
      return !matches (self, post, node->children->pdata[0]);
    case BOORU_QUERY_AND:
    case BOORU_QUERY_OR:
    default:
      for (guint i = 0; i < node->children->len; i++)
        if (matches (self, post, node->children->pdata[i]) != conjunction)
          return !conjunction;
      return conjunction;
    }
}

/* Orders: what comes first has the lesser number, and among equals the lesser second one. */
typedef struct
{
  double key;
  guint8 md5[16];
  gint64 id_key;
  IndexPost *post;
} Place;

static double
get_custom_key (const BooruQuery *query, const IndexPost *post)
{
  const BooruQueryNode *ids = booru_query_node_find_ids (query->root);

  for (guint i = 0; i < ids->ranges->len; i++)
    if (g_array_index (ids->ranges, BooruQueryRange, i).low == post->id)
      return i;
  return -1;
}

static double
get_similar_key (const IndexBoard *self, const BooruQuery *query, const IndexPost *post)
{
  const BooruQueryNode *node = booru_query_node_find_ranking (query->root);
  const IndexPost *other
      = node && node->ranges
            ? index_board_find (self, g_array_index (node->ranges, BooruQueryRange, 0).low)
            : NULL;
  guint distance = other ? index_board_distance (post, other) : 0;

  if (node && node->metatag == BOORU_METATAG_ORDPOOL)
    return index_board_get_place (post) >= 0 && g_str_equal (node->words->pdata[0], "pool")
               ? (double)index_board_get_place (post)
               : 1000;
  return other && distance <= node->distance ? distance : 1000;
}

/* What an order sorts by, and its opposite. */
static const struct
{
  BooruQueryOrder order;
  BooruMetatag metatag;
} numbers[] = {
  { BOORU_ORDER_SCORE, BOORU_METATAG_SCORE },
  { BOORU_ORDER_UPVOTES, BOORU_METATAG_UPVOTES },
  { BOORU_ORDER_DOWNVOTES, BOORU_METATAG_DOWNVOTES },
  { BOORU_ORDER_FAVCOUNT, BOORU_METATAG_FAVCOUNT },
  { BOORU_ORDER_MPIXELS, BOORU_METATAG_MPIXELS },
  { BOORU_ORDER_FILESIZE, BOORU_METATAG_FILESIZE },
  { BOORU_ORDER_TAGCOUNT, BOORU_METATAG_TAGCOUNT },
  { BOORU_ORDER_GENTAGS, BOORU_METATAG_GENTAGS },
  { BOORU_ORDER_ARTTAGS, BOORU_METATAG_ARTTAGS },
  { BOORU_ORDER_COPYTAGS, BOORU_METATAG_COPYTAGS },
  { BOORU_ORDER_CHARTAGS, BOORU_METATAG_CHARTAGS },
  { BOORU_ORDER_METATAGS, BOORU_METATAG_METATAGS },
  { BOORU_ORDER_CHILD_COUNT, BOORU_METATAG_CHILD_COUNT },
  { BOORU_ORDER_ACTIVE_CHILD_COUNT, BOORU_METATAG_ACTIVE_CHILD_COUNT },
  { BOORU_ORDER_DELETED_CHILD_COUNT, BOORU_METATAG_DELETED_CHILD_COUNT },
  { BOORU_ORDER_ACTIVE_COMMENT_COUNT, BOORU_METATAG_ACTIVE_COMMENT_COUNT },
};

static double
get_special_key (const IndexBoard *self, const BooruQuery *query, const IndexPost *post)
{
  double shape = (double)post->width / (double)post->height;

  switch (query->order)
    {
    case BOORU_ORDER_CHANGE:
      return -(double)post->updated_at;
    case BOORU_ORDER_CHANGE_ASC:
      return (double)post->updated_at;
    case BOORU_ORDER_PORTRAIT:
      return shape;
    case BOORU_ORDER_LANDSCAPE:
      return -shape;
    case BOORU_ORDER_RANK:
      return -(log (post->score) / log (3) + (double)post->created_at / 1e6 / 35000);
    case BOORU_ORDER_DURATION:
      return post->duration < 0 ? 1 : -post->duration;
    case BOORU_ORDER_DURATION_ASC:
      return post->duration < 0 ? INFINITY : post->duration;
    case BOORU_ORDER_CUSTOM:
      return get_custom_key (query, post);
    case BOORU_ORDER_SIMILAR:
      return get_similar_key (self, query, post);
    default:
      return 0;
    }
}

static double
get_key (const IndexBoard *self, const BooruQuery *query, const IndexPost *post, gboolean *ids_up)
{
  gboolean ascending = g_str_has_suffix (booru_query_order_to_string (query->order), "_asc");
  double commented = (double)index_board_get_commented (post);

  *ids_up = ascending || query->order == BOORU_ORDER_ID;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i].order == query->order - (ascending ? 1 : 0))
      return (double)get_number (self, post, numbers[i].metatag) * (ascending ? 1 : -1);
  if (!booru_query_order_is_of_store (query->order))
    return get_special_key (self, query, post);
  if (query->order == BOORU_ORDER_COMMENT_ASC && commented == 0)
    return INFINITY;
  return ascending ? commented : -commented;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *left = a, *right = b;
  int md5 = memcmp (left->md5, right->md5, sizeof left->md5);

  if (left->key != right->key)
    return left->key < right->key ? -1 : 1;
  return md5 ? md5 : (left->id_key > right->id_key) - (left->id_key < right->id_key);
}

static void
set_md5 (Place *place, const BooruQuery *query)
{
  gboolean down = query->order == BOORU_ORDER_MD5;

  if (!down && query->order != BOORU_ORDER_MD5_ASC)
    return;
  for (guint i = 0; i < 16; i++)
    place->md5[i] = down ? (guint8)~place->post->md5[i] : place->post->md5[i];
}

/* Some orders find only posts that have what they sort by. */
static gboolean
is_orderable (const IndexBoard *self, const BooruQuery *query, const IndexPost *post)
{
  switch (query->order)
    {
    case BOORU_ORDER_ARTCOMM:
    case BOORU_ORDER_ARTCOMM_ASC:
      return index_board_get_commented (post) > 0;
    case BOORU_ORDER_RANK:
      return post->score > 0 && post->created_at >= self->now - 2 * G_TIME_SPAN_DAY;
    default:
      return TRUE;
    }
}

GPtrArray *
index_board_list (IndexBoard *self, const BooruQuery *query)
{
  g_autoptr (GArray) places = g_array_new (FALSE, TRUE, sizeof (Place));
  GPtrArray *posts = g_ptr_array_new ();

  for (guint i = 0; i < self->posts->len; i++)
    {
      IndexPost *post = self->posts->pdata[i];
      Place place = { .post = post };
      gboolean ids_up;

      if ((query->active_only && post->status != BOORU_POST_ACTIVE)
          || !is_orderable (self, query, post) || !matches (self, post, query->root))
        continue;
      place.key = get_key (self, query, post, &ids_up);
      place.id_key = ids_up ? post->id : -post->id;
      set_md5 (&place, query);
      g_array_append_val (places, place);
    }
  g_array_sort (places, compare_places);
  for (guint i = 0; i < places->len; i++)
    g_ptr_array_add (posts, g_array_index (places, Place, i).post);
  return posts;
}
