/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of metatags and orders. */
#include "board/query/booru-query-ast.h"

#include <string.h>

#include "board/booru-tag.h"
#include "board/booru-word.h"

/* All that a search knows of a metatag. The first name of each is the one that is printed. */
typedef struct
{
  const char *name;
  BooruMetatag metatag;
  BooruValueKind kind;
  BooruQueryAnswer answer;
} Row;

#define NUMBERS BOORU_VALUE_NUMBERS
#define COUNT BOORU_VALUE_COUNT
#define TEXT BOORU_VALUE_TEXT
#define OWN BOORU_VALUE_OWN
#define INDEX BOORU_ANSWER_INDEX
#define LEAF BOORU_ANSWER_LEAF
#define NOTHING BOORU_ANSWER_NOTHING
#define QUERY BOORU_ANSWER_QUERY

static const Row metatags[] = {
  { "id", BOORU_METATAG_ID, NUMBERS, INDEX },
  { "score", BOORU_METATAG_SCORE, NUMBERS, INDEX },
  { "upvotes", BOORU_METATAG_UPVOTES, NUMBERS, INDEX },
  { "downvotes", BOORU_METATAG_DOWNVOTES, NUMBERS, INDEX },
  { "favcount", BOORU_METATAG_FAVCOUNT, NUMBERS, INDEX },
  { "width", BOORU_METATAG_WIDTH, NUMBERS, INDEX },
  { "height", BOORU_METATAG_HEIGHT, NUMBERS, INDEX },
  { "mpixels", BOORU_METATAG_MPIXELS, NUMBERS, INDEX },
  { "ratio", BOORU_METATAG_RATIO, NUMBERS, INDEX },
  { "filesize", BOORU_METATAG_FILESIZE, NUMBERS, INDEX },
  { "duration", BOORU_METATAG_DURATION, NUMBERS, INDEX },
  { "date", BOORU_METATAG_DATE, NUMBERS, INDEX },
  { "age", BOORU_METATAG_AGE, NUMBERS, INDEX },
  { "tagcount", BOORU_METATAG_TAGCOUNT, NUMBERS, INDEX },
  { "gentags", BOORU_METATAG_GENTAGS, NUMBERS, INDEX },
  { "arttags", BOORU_METATAG_ARTTAGS, NUMBERS, INDEX },
  { "copytags", BOORU_METATAG_COPYTAGS, NUMBERS, INDEX },
  { "chartags", BOORU_METATAG_CHARTAGS, NUMBERS, INDEX },
  { "metatags", BOORU_METATAG_METATAGS, NUMBERS, INDEX },
  { "pixiv", BOORU_METATAG_PIXIV, NUMBERS, INDEX },
  { "pixiv_id", BOORU_METATAG_PIXIV, NUMBERS, INDEX },
  { "child_count", BOORU_METATAG_CHILD_COUNT, COUNT, INDEX },
  { "children", BOORU_METATAG_CHILD_COUNT, COUNT, INDEX },
  { "active_child_count", BOORU_METATAG_ACTIVE_CHILD_COUNT, COUNT, INDEX },
  { "active_children", BOORU_METATAG_ACTIVE_CHILD_COUNT, COUNT, INDEX },
  { "deleted_child_count", BOORU_METATAG_DELETED_CHILD_COUNT, COUNT, INDEX },
  { "deleted_children", BOORU_METATAG_DELETED_CHILD_COUNT, COUNT, INDEX },
  { "comment_count", BOORU_METATAG_COMMENT_COUNT, COUNT, LEAF },
  { "comments", BOORU_METATAG_COMMENT_COUNT, COUNT, LEAF },
  { "active_comment_count", BOORU_METATAG_ACTIVE_COMMENT_COUNT, COUNT, LEAF },
  { "active_comments", BOORU_METATAG_ACTIVE_COMMENT_COUNT, COUNT, LEAF },
  { "deleted_comment_count", BOORU_METATAG_DELETED_COMMENT_COUNT, COUNT, LEAF },
  { "deleted_comments", BOORU_METATAG_DELETED_COMMENT_COUNT, COUNT, LEAF },
  { "note_count", BOORU_METATAG_NOTE_COUNT, COUNT, LEAF },
  { "notes", BOORU_METATAG_NOTE_COUNT, COUNT, LEAF },
  { "active_note_count", BOORU_METATAG_ACTIVE_NOTE_COUNT, COUNT, LEAF },
  { "active_notes", BOORU_METATAG_ACTIVE_NOTE_COUNT, COUNT, LEAF },
  { "deleted_note_count", BOORU_METATAG_DELETED_NOTE_COUNT, COUNT, LEAF },
  { "deleted_notes", BOORU_METATAG_DELETED_NOTE_COUNT, COUNT, LEAF },
  { "pool_count", BOORU_METATAG_POOL_COUNT, COUNT, LEAF },
  { "pools", BOORU_METATAG_POOL_COUNT, COUNT, LEAF },
  { "active_pool_count", BOORU_METATAG_ACTIVE_POOL_COUNT, COUNT, LEAF },
  { "active_pools", BOORU_METATAG_ACTIVE_POOL_COUNT, COUNT, LEAF },
  { "deleted_pool_count", BOORU_METATAG_DELETED_POOL_COUNT, COUNT, LEAF },
  { "deleted_pools", BOORU_METATAG_DELETED_POOL_COUNT, COUNT, LEAF },
  { "series_pool_count", BOORU_METATAG_SERIES_POOL_COUNT, COUNT, LEAF },
  { "series_pools", BOORU_METATAG_SERIES_POOL_COUNT, COUNT, LEAF },
  { "collection_pool_count", BOORU_METATAG_COLLECTION_POOL_COUNT, COUNT, LEAF },
  { "collection_pools", BOORU_METATAG_COLLECTION_POOL_COUNT, COUNT, LEAF },
  { "approval_count", BOORU_METATAG_APPROVAL_COUNT, COUNT, LEAF },
  { "approvals", BOORU_METATAG_APPROVAL_COUNT, COUNT, LEAF },
  { "flag_count", BOORU_METATAG_FLAG_COUNT, COUNT, NOTHING },
  { "flags", BOORU_METATAG_FLAG_COUNT, COUNT, NOTHING },
  { "appeal_count", BOORU_METATAG_APPEAL_COUNT, COUNT, NOTHING },
  { "appeals", BOORU_METATAG_APPEAL_COUNT, COUNT, NOTHING },
  { "replacement_count", BOORU_METATAG_REPLACEMENT_COUNT, COUNT, NOTHING },
  { "replacements", BOORU_METATAG_REPLACEMENT_COUNT, COUNT, NOTHING },
  { "disapproval_count", BOORU_METATAG_DISAPPROVAL_COUNT, COUNT, NOTHING },
  { "disapprovals", BOORU_METATAG_DISAPPROVAL_COUNT, COUNT, NOTHING },
  { "user", BOORU_METATAG_USER, TEXT, LEAF },
  { "approver", BOORU_METATAG_APPROVER, TEXT, LEAF },
  { "commenter", BOORU_METATAG_COMMENTER, TEXT, LEAF },
  { "comm", BOORU_METATAG_COMMENTER, TEXT, LEAF },
  { "noter", BOORU_METATAG_NOTER, TEXT, LEAF },
  { "noteupdater", BOORU_METATAG_NOTEUPDATER, TEXT, LEAF },
  { "commentaryupdater", BOORU_METATAG_COMMENTARYUPDATER, TEXT, LEAF },
  { "artcomm", BOORU_METATAG_COMMENTARYUPDATER, TEXT, LEAF },
  { "upvoter", BOORU_METATAG_UPVOTER, TEXT, LEAF },
  { "upvote", BOORU_METATAG_UPVOTER, TEXT, LEAF },
  { "downvoter", BOORU_METATAG_DOWNVOTER, TEXT, LEAF },
  { "downvote", BOORU_METATAG_DOWNVOTER, TEXT, LEAF },
  { "fav", BOORU_METATAG_FAV, TEXT, LEAF },
  { "ordfav", BOORU_METATAG_ORDFAV, TEXT, LEAF },
  { "pool", BOORU_METATAG_POOL, TEXT, LEAF },
  { "ordpool", BOORU_METATAG_ORDPOOL, TEXT, LEAF },
  { "favgroup", BOORU_METATAG_FAVGROUP, TEXT, LEAF },
  { "ordfavgroup", BOORU_METATAG_ORDFAVGROUP, TEXT, LEAF },
  { "note", BOORU_METATAG_NOTE, TEXT, LEAF },
  { "comment", BOORU_METATAG_COMMENT, TEXT, LEAF },
  { "commentary", BOORU_METATAG_COMMENTARY, OWN, LEAF },
  { "search", BOORU_METATAG_SEARCH, TEXT, LEAF },
  { "exif", BOORU_METATAG_EXIF, TEXT, LEAF },
  { "unaliased", BOORU_METATAG_UNALIASED, OWN, INDEX },
  { "flagger", BOORU_METATAG_FLAGGER, TEXT, NOTHING },
  { "appealer", BOORU_METATAG_APPEALER, TEXT, NOTHING },
  { "disapproved", BOORU_METATAG_DISAPPROVED, TEXT, NOTHING },
  { "reacted", BOORU_METATAG_REACTED, TEXT, NOTHING },
  { "ai", BOORU_METATAG_AI, TEXT, NOTHING },
  { "embedded", BOORU_METATAG_EMBEDDED, OWN, NOTHING },
  { "parent", BOORU_METATAG_PARENT, OWN, LEAF },
  { "child", BOORU_METATAG_CHILD, OWN, INDEX },
  { "md5", BOORU_METATAG_MD5, OWN, LEAF },
  { "pixelhash", BOORU_METATAG_MD5, OWN, LEAF },
  { "rating", BOORU_METATAG_RATING, OWN, INDEX },
  { "status", BOORU_METATAG_STATUS, OWN, INDEX },
  { "filetype", BOORU_METATAG_FILETYPE, OWN, INDEX },
  { "source", BOORU_METATAG_SOURCE, OWN, LEAF },
  { "similar", BOORU_METATAG_SIMILAR, OWN, LEAF },
  { "is", BOORU_METATAG_IS, OWN, INDEX },
  { "has", BOORU_METATAG_HAS, OWN, INDEX },
  { "order", BOORU_METATAG_ORDER, OWN, QUERY },
  { "limit", BOORU_METATAG_LIMIT, OWN, QUERY },
  { "random", BOORU_METATAG_RANDOM, OWN, QUERY },
};

/* Orders that are called otherwise, too, or by which all posts of this board are alike. */
static const struct
{
  const char *name;
  BooruQueryOrder order;
} other_orders[] = {
  { "comm", BOORU_ORDER_COMMENT },
  { "comm_asc", BOORU_ORDER_COMMENT_ASC },
  { "comments", BOORU_ORDER_COMMENT_COUNT },
  { "comments_asc", BOORU_ORDER_COMMENT_COUNT_ASC },
  { "active_comments", BOORU_ORDER_ACTIVE_COMMENT_COUNT },
  { "active_comments_asc", BOORU_ORDER_ACTIVE_COMMENT_COUNT_ASC },
  { "deleted_comments", BOORU_ORDER_DELETED_COMMENT_COUNT },
  { "deleted_comments_asc", BOORU_ORDER_DELETED_COMMENT_COUNT_ASC },
  { "notes", BOORU_ORDER_NOTE_COUNT },
  { "notes_asc", BOORU_ORDER_NOTE_COUNT_ASC },
  { "active_notes", BOORU_ORDER_ACTIVE_NOTE_COUNT },
  { "active_notes_asc", BOORU_ORDER_ACTIVE_NOTE_COUNT_ASC },
  { "deleted_notes", BOORU_ORDER_DELETED_NOTE_COUNT },
  { "deleted_notes_asc", BOORU_ORDER_DELETED_NOTE_COUNT_ASC },
  { "pools", BOORU_ORDER_POOL_COUNT },
  { "pools_asc", BOORU_ORDER_POOL_COUNT_ASC },
  { "active_pools", BOORU_ORDER_ACTIVE_POOL_COUNT },
  { "active_pools_asc", BOORU_ORDER_ACTIVE_POOL_COUNT_ASC },
  { "deleted_pools", BOORU_ORDER_DELETED_POOL_COUNT },
  { "deleted_pools_asc", BOORU_ORDER_DELETED_POOL_COUNT_ASC },
  { "series_pools", BOORU_ORDER_SERIES_POOL_COUNT },
  { "series_pools_asc", BOORU_ORDER_SERIES_POOL_COUNT_ASC },
  { "collection_pools", BOORU_ORDER_COLLECTION_POOL_COUNT },
  { "collection_pools_asc", BOORU_ORDER_COLLECTION_POOL_COUNT_ASC },
  { "approvals", BOORU_ORDER_APPROVAL_COUNT },
  { "approvals_asc", BOORU_ORDER_APPROVAL_COUNT_ASC },
  { "children", BOORU_ORDER_CHILD_COUNT },
  { "children_asc", BOORU_ORDER_CHILD_COUNT_ASC },
  { "active_children", BOORU_ORDER_ACTIVE_CHILD_COUNT },
  { "active_children_asc", BOORU_ORDER_ACTIVE_CHILD_COUNT_ASC },
  { "deleted_children", BOORU_ORDER_DELETED_CHILD_COUNT },
  { "deleted_children_asc", BOORU_ORDER_DELETED_CHILD_COUNT_ASC },
  { "modqueue", BOORU_ORDER_CREATED_AT },
  { "modqueue_asc", BOORU_ORDER_CREATED_AT_ASC },
  { "disapproved", BOORU_ORDER_ID_DESC },
  { "disapproved_asc", BOORU_ORDER_ID },
  { "flag_count", BOORU_ORDER_ID_DESC },
  { "flag_count_asc", BOORU_ORDER_ID },
  { "flags", BOORU_ORDER_ID_DESC },
  { "flags_asc", BOORU_ORDER_ID },
  { "appeal_count", BOORU_ORDER_ID_DESC },
  { "appeal_count_asc", BOORU_ORDER_ID },
  { "appeals", BOORU_ORDER_ID_DESC },
  { "appeals_asc", BOORU_ORDER_ID },
  { "replacement_count", BOORU_ORDER_ID_DESC },
  { "replacement_count_asc", BOORU_ORDER_ID },
  { "replacements", BOORU_ORDER_ID_DESC },
  { "replacements_asc", BOORU_ORDER_ID },
  { "disapproval_count", BOORU_ORDER_ID_DESC },
  { "disapproval_count_asc", BOORU_ORDER_ID },
  { "disapprovals", BOORU_ORDER_ID_DESC },
  { "disapprovals_asc", BOORU_ORDER_ID },
};

/* Both directions of most orders are spelled alike: NAME and NAME_desc, NAME_asc. */
static const char *const orders[BOORU_N_ORDERS] = {
  [BOORU_ORDER_ID_DESC] = "id_desc",
  [BOORU_ORDER_ID] = "id",
  [BOORU_ORDER_SCORE] = "score",
  [BOORU_ORDER_SCORE_ASC] = "score_asc",
  [BOORU_ORDER_UPVOTES] = "upvotes",
  [BOORU_ORDER_UPVOTES_ASC] = "upvotes_asc",
  [BOORU_ORDER_DOWNVOTES] = "downvotes",
  [BOORU_ORDER_DOWNVOTES_ASC] = "downvotes_asc",
  [BOORU_ORDER_FAVCOUNT] = "favcount",
  [BOORU_ORDER_FAVCOUNT_ASC] = "favcount_asc",
  [BOORU_ORDER_CREATED_AT] = "created_at",
  [BOORU_ORDER_CREATED_AT_ASC] = "created_at_asc",
  [BOORU_ORDER_CHANGE] = "change",
  [BOORU_ORDER_CHANGE_ASC] = "change_asc",
  [BOORU_ORDER_MPIXELS] = "mpixels",
  [BOORU_ORDER_MPIXELS_ASC] = "mpixels_asc",
  [BOORU_ORDER_PORTRAIT] = "portrait",
  [BOORU_ORDER_LANDSCAPE] = "landscape",
  [BOORU_ORDER_FILESIZE] = "filesize",
  [BOORU_ORDER_FILESIZE_ASC] = "filesize_asc",
  [BOORU_ORDER_TAGCOUNT] = "tagcount",
  [BOORU_ORDER_TAGCOUNT_ASC] = "tagcount_asc",
  [BOORU_ORDER_GENTAGS] = "gentags",
  [BOORU_ORDER_GENTAGS_ASC] = "gentags_asc",
  [BOORU_ORDER_ARTTAGS] = "arttags",
  [BOORU_ORDER_ARTTAGS_ASC] = "arttags_asc",
  [BOORU_ORDER_COPYTAGS] = "copytags",
  [BOORU_ORDER_COPYTAGS_ASC] = "copytags_asc",
  [BOORU_ORDER_CHARTAGS] = "chartags",
  [BOORU_ORDER_CHARTAGS_ASC] = "chartags_asc",
  [BOORU_ORDER_METATAGS] = "metatags",
  [BOORU_ORDER_METATAGS_ASC] = "metatags_asc",
  [BOORU_ORDER_DURATION] = "duration",
  [BOORU_ORDER_DURATION_ASC] = "duration_asc",
  [BOORU_ORDER_MD5] = "md5",
  [BOORU_ORDER_MD5_ASC] = "md5_asc",
  [BOORU_ORDER_COMMENT] = "comment",
  [BOORU_ORDER_COMMENT_ASC] = "comment_asc",
  [BOORU_ORDER_COMMENT_BUMPED] = "comment_bumped",
  [BOORU_ORDER_COMMENT_BUMPED_ASC] = "comment_bumped_asc",
  [BOORU_ORDER_NOTE] = "note",
  [BOORU_ORDER_NOTE_ASC] = "note_asc",
  [BOORU_ORDER_ARTCOMM] = "artcomm",
  [BOORU_ORDER_ARTCOMM_ASC] = "artcomm_asc",
  [BOORU_ORDER_COMMENT_COUNT] = "comment_count",
  [BOORU_ORDER_COMMENT_COUNT_ASC] = "comment_count_asc",
  [BOORU_ORDER_ACTIVE_COMMENT_COUNT] = "active_comment_count",
  [BOORU_ORDER_ACTIVE_COMMENT_COUNT_ASC] = "active_comment_count_asc",
  [BOORU_ORDER_DELETED_COMMENT_COUNT] = "deleted_comment_count",
  [BOORU_ORDER_DELETED_COMMENT_COUNT_ASC] = "deleted_comment_count_asc",
  [BOORU_ORDER_NOTE_COUNT] = "note_count",
  [BOORU_ORDER_NOTE_COUNT_ASC] = "note_count_asc",
  [BOORU_ORDER_ACTIVE_NOTE_COUNT] = "active_note_count",
  [BOORU_ORDER_ACTIVE_NOTE_COUNT_ASC] = "active_note_count_asc",
  [BOORU_ORDER_DELETED_NOTE_COUNT] = "deleted_note_count",
  [BOORU_ORDER_DELETED_NOTE_COUNT_ASC] = "deleted_note_count_asc",
  [BOORU_ORDER_POOL_COUNT] = "pool_count",
  [BOORU_ORDER_POOL_COUNT_ASC] = "pool_count_asc",
  [BOORU_ORDER_ACTIVE_POOL_COUNT] = "active_pool_count",
  [BOORU_ORDER_ACTIVE_POOL_COUNT_ASC] = "active_pool_count_asc",
  [BOORU_ORDER_DELETED_POOL_COUNT] = "deleted_pool_count",
  [BOORU_ORDER_DELETED_POOL_COUNT_ASC] = "deleted_pool_count_asc",
  [BOORU_ORDER_SERIES_POOL_COUNT] = "series_pool_count",
  [BOORU_ORDER_SERIES_POOL_COUNT_ASC] = "series_pool_count_asc",
  [BOORU_ORDER_COLLECTION_POOL_COUNT] = "collection_pool_count",
  [BOORU_ORDER_COLLECTION_POOL_COUNT_ASC] = "collection_pool_count_asc",
  [BOORU_ORDER_APPROVAL_COUNT] = "approval_count",
  [BOORU_ORDER_APPROVAL_COUNT_ASC] = "approval_count_asc",
  [BOORU_ORDER_CHILD_COUNT] = "child_count",
  [BOORU_ORDER_CHILD_COUNT_ASC] = "child_count_asc",
  [BOORU_ORDER_ACTIVE_CHILD_COUNT] = "active_child_count",
  [BOORU_ORDER_ACTIVE_CHILD_COUNT_ASC] = "active_child_count_asc",
  [BOORU_ORDER_DELETED_CHILD_COUNT] = "deleted_child_count",
  [BOORU_ORDER_DELETED_CHILD_COUNT_ASC] = "deleted_child_count_asc",
  [BOORU_ORDER_RANK] = "rank",
  [BOORU_ORDER_RANDOM] = "random",
  [BOORU_ORDER_CUSTOM] = "custom",
  [BOORU_ORDER_SIMILAR] = "similar",
  [BOORU_ORDER_NONE] = "none",
};

static gboolean
is_name (const char *name, const char *text, gsize length)
{
  return g_ascii_strncasecmp (name, text, length) == 0 && name[length] == '\0';
}

/**
 * booru_metatag_from_name:
 * @name: what stands before a colon, in any case; @length bytes
 * @length: how many
 * @metatag: (out): which it is
 *
 * Returns: whether @name is a metatag
 */
gboolean
booru_metatag_from_name (const char *name, gsize length, BooruMetatag *metatag)
{
  for (gsize i = 0; i < G_N_ELEMENTS (metatags); i++)
    if (is_name (metatags[i].name, name, length))
      {
        *metatag = metatags[i].metatag;
        return TRUE;
      }
  *metatag = BOORU_METATAG_RESERVED;
  return booru_word_is_metatag (name, length);
}

static const Row *
find_row (BooruMetatag metatag)
{
  for (gsize i = 0; i < G_N_ELEMENTS (metatags); i++)
    if (metatags[i].metatag == metatag)
      return &metatags[i];
  return NULL;
}

const char *
booru_metatag_get_name (BooruMetatag metatag)
{
  const Row *row = find_row (metatag);

  g_return_val_if_fail (row != NULL, "");
  return row->name;
}

BooruValueKind
booru_metatag_get_kind (BooruMetatag metatag)
{
  const Row *row = find_row (metatag);

  g_return_val_if_fail (row != NULL, BOORU_VALUE_OWN);
  return row->kind;
}

BooruQueryAnswer
booru_metatag_get_answer (BooruMetatag metatag)
{
  const Row *row = find_row (metatag);

  g_return_val_if_fail (row != NULL, BOORU_ANSWER_NOTHING);
  return row->answer;
}

gboolean
booru_metatag_is_ranking (BooruMetatag metatag)
{
  return metatag == BOORU_METATAG_SIMILAR || metatag == BOORU_METATAG_ORDFAV
         || metatag == BOORU_METATAG_ORDPOOL || metatag == BOORU_METATAG_ORDFAVGROUP;
}

gboolean
booru_metatag_is_singleton (BooruMetatag metatag)
{
  return booru_metatag_get_answer (metatag) == BOORU_ANSWER_QUERY
         || (booru_metatag_is_ranking (metatag) && metatag != BOORU_METATAG_SIMILAR);
}

/* Favourites and votes can be hidden from others. */
gboolean
booru_metatag_is_personal (BooruMetatag metatag)
{
  switch (metatag)
    {
    case BOORU_METATAG_SEARCH:
    case BOORU_METATAG_FAV:
    case BOORU_METATAG_ORDFAV:
    case BOORU_METATAG_FAVGROUP:
    case BOORU_METATAG_ORDFAVGROUP:
    case BOORU_METATAG_UPVOTER:
    case BOORU_METATAG_DOWNVOTER:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Only what has an "_asc" has a "_desc". */
static gboolean
find_order (const char *name, gboolean with_desc, BooruQueryOrder *order)
{
  for (guint i = 0; i < BOORU_N_ORDERS; i++)
    if (g_str_equal (orders[i], name))
      {
        *order = i;
        return !with_desc || (i + 1 < BOORU_N_ORDERS && g_str_has_prefix (orders[i + 1], name));
      }
  for (gsize i = 0; i < G_N_ELEMENTS (other_orders); i++)
    if (g_str_equal (other_orders[i].name, name))
      {
        *order = other_orders[i].order;
        return !with_desc || !g_str_has_suffix (name, "_asc");
      }
  return FALSE;
}

/**
 * booru_query_order_from_string:
 * @string: the value of order:, in lower case
 * @order: (out): which it is
 *
 * Returns: whether there is such an order. "id" is ascending, all others are descending unless they
 *   end in "_asc".
 */
gboolean
booru_query_order_from_string (const char *string, BooruQueryOrder *order)
{
  g_autofree char *name = g_strdup (string);
  gboolean with_desc = !g_str_equal (name, "id_desc") && g_str_has_suffix (name, "_desc");

  if (g_str_equal (name, "id_asc"))
    *strchr (name, '_') = '\0';
  if (with_desc)
    name[strlen (name) - strlen ("_desc")] = '\0';
  return find_order (name, with_desc, order);
}

gboolean
booru_query_order_is_of_store (BooruQueryOrder order)
{
  return order >= BOORU_ORDER_COMMENT && order <= BOORU_ORDER_APPROVAL_COUNT_ASC;
}

const char *
booru_query_order_to_string (BooruQueryOrder order)
{
  return orders[order];
}

/* An order that is spelled nearly as @string; NULL: none. */
const char *
booru_query_order_suggest (const char *string)
{
  const char *nearest = NULL;
  guint least = strlen (string) > 4 ? 2 : 1;

  for (guint i = 0; i < BOORU_N_ORDERS; i++)
    {
      guint distance = booru_tag_get_distance (string, orders[i], least);

      if (distance > least)
        continue;
      nearest = orders[i];
      least = distance ? distance - 1 : 0;
    }
  return nearest;
}

const char *
booru_query_suggest_metatag (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  g_autofree char *lower = g_ascii_strdown (name, -1);
  const char *nearest = NULL;
  guint least = strlen (name) > 4 ? 2 : 1;

  for (gsize i = 0; i < G_N_ELEMENTS (metatags) && least > 0; i++)
    {
      guint distance = booru_tag_get_distance (lower, metatags[i].name, least);

      if (distance > least)
        continue;
      nearest = metatags[i].name;
      least = distance - 1;
    }
  return nearest;
}

gboolean
booru_query_is_metatag (const char *name)
{
  BooruMetatag metatag;

  g_return_val_if_fail (name != NULL, FALSE);
  return booru_metatag_from_name (name, strlen (name), &metatag);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
booru_query_complete_metatag (const char *beginning)
{
  g_return_val_if_fail (beginning != NULL, NULL);

  GPtrArray *found = g_ptr_array_new ();
  gsize length = strlen (beginning);

  for (gsize i = 0; i < G_N_ELEMENTS (metatags); i++)
    if (metatags[i].answer != BOORU_ANSWER_NOTHING
        && g_ascii_strncasecmp (metatags[i].name, beginning, length) == 0)
      g_ptr_array_add (found, (gpointer)metatags[i].name);
  g_ptr_array_sort (found, compare_names);
  return found;
}

/* What values a metatag takes, as the end of a sentence. */
const char *
booru_metatag_get_expected (BooruMetatag metatag)
{
  switch (metatag)
    {
    case BOORU_METATAG_MPIXELS:
      return "megapixels or a range of them, such as 2, >=1.5 or 2..8";
    case BOORU_METATAG_RATIO:
      return "a ratio or a range of them, such as 16:9, 1.5 or >=4:3";
    case BOORU_METATAG_FILESIZE:
      return "a size or a range of them, such as 2mb, >=500kb or 1mb..5mb";
    case BOORU_METATAG_DURATION:
      return "a duration or a range of them, such as 30s, >=1m30s or 10..60";
    case BOORU_METATAG_DATE:
      return "a date or a range of them, such as 2024-01-31, >=2024-01 or 2023..2024";
    case BOORU_METATAG_AGE:
      return "an age or a range of them, such as <1w or 2d..3d";
    case BOORU_METATAG_PARENT:
      return "the number of a post, any, none or a status";
    case BOORU_METATAG_CHILD:
      return "any, none or a status";
    case BOORU_METATAG_MD5:
      return "32 hexadecimal digits";
    case BOORU_METATAG_EMBEDDED:
      return "true or false";
    case BOORU_METATAG_UNALIASED:
      return "a tag";
    case BOORU_METATAG_RATING:
      return "g, s, q or e";
    case BOORU_METATAG_STATUS:
      return "active, deleted, missing or any";
    case BOORU_METATAG_FILETYPE:
      return "a file type, such as png";
    case BOORU_METATAG_SIMILAR:
      return "the number of a post";
    case BOORU_METATAG_IS:
      return "parent, child, sfw, nsfw, a rating, a status or a file type";
    case BOORU_METATAG_HAS:
      return "parent, children, source, pools, notes, comments or commentary";
    case BOORU_METATAG_SOURCE:
      return "the beginning of a source, with * for any text";
    case BOORU_METATAG_LIMIT:
    case BOORU_METATAG_RANDOM:
      return "a number of posts";
    default:
      return "a number or a range of them, such as 5, >=5 or 5..9";
    }
}
