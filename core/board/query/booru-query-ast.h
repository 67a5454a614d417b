/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree behind a BooruQuery. For the board only: plugins see a query as a whole. */
#pragma once

#include "board/booru-post.h"
#include "board/booru-query.h"
#include "board/booru-similar.h"

G_BEGIN_DECLS

/* More than these make a query "too complex". Terms: tags, conditions and ranges of more than one
 * number. Values: single ones, in lists. The depth bounds what calls
 * itself: the parser, and the evaluation of the index. */
#define BOORU_QUERY_MAX_TERMS 256
#define BOORU_QUERY_MAX_VALUES 10000
#define BOORU_QUERY_MAX_PATTERN 1000 /* bytes of a wildcard; a longer one finds nothing */
#define BOORU_QUERY_MAX_DEPTH 20

typedef enum
{
  BOORU_QUERY_ALL,  /* every post */
  BOORU_QUERY_NONE, /* no post */
  BOORU_QUERY_TAG,
  BOORU_QUERY_WILDCARD,
  BOORU_QUERY_CONDITION, /* a metatag with its value */
  BOORU_QUERY_NOT,
  BOORU_QUERY_AND,
  BOORU_QUERY_OR,
} BooruQueryNodeType;

/* What a condition looks at. The comment names the unit of its ranges. */
typedef enum
{
  BOORU_METATAG_ID,
  BOORU_METATAG_SCORE,
  BOORU_METATAG_UPVOTES,
  BOORU_METATAG_DOWNVOTES, /* a count, not negative */
  BOORU_METATAG_FAVCOUNT,
  BOORU_METATAG_WIDTH,    /* pixels */
  BOORU_METATAG_HEIGHT,   /* pixels */
  BOORU_METATAG_MPIXELS,  /* pixels */
  BOORU_METATAG_RATIO,    /* width through height, in hundredths, rounded */
  BOORU_METATAG_FILESIZE, /* bytes */
  BOORU_METATAG_DURATION, /* microseconds */
  BOORU_METATAG_DATE,     /* microseconds since 1970 */
  BOORU_METATAG_AGE,      /* microseconds before now; low equal to high: the day of that moment */
  BOORU_METATAG_TAGCOUNT,
  BOORU_METATAG_GENTAGS,
  BOORU_METATAG_ARTTAGS,
  BOORU_METATAG_COPYTAGS,
  BOORU_METATAG_CHARTAGS,
  BOORU_METATAG_METATAGS,
  BOORU_METATAG_PIXIV, /* id of a work on Pixiv */

  /* What others have of a post, counted. */
  BOORU_METATAG_CHILD_COUNT,
  BOORU_METATAG_ACTIVE_CHILD_COUNT,
  BOORU_METATAG_DELETED_CHILD_COUNT,
  BOORU_METATAG_COMMENT_COUNT,
  BOORU_METATAG_ACTIVE_COMMENT_COUNT,
  BOORU_METATAG_DELETED_COMMENT_COUNT,
  BOORU_METATAG_NOTE_COUNT,
  BOORU_METATAG_ACTIVE_NOTE_COUNT,
  BOORU_METATAG_DELETED_NOTE_COUNT,
  BOORU_METATAG_POOL_COUNT,
  BOORU_METATAG_ACTIVE_POOL_COUNT,
  BOORU_METATAG_DELETED_POOL_COUNT,
  BOORU_METATAG_SERIES_POOL_COUNT,
  BOORU_METATAG_COLLECTION_POOL_COUNT,
  BOORU_METATAG_APPROVAL_COUNT,
  BOORU_METATAG_FLAG_COUNT,
  BOORU_METATAG_APPEAL_COUNT,
  BOORU_METATAG_REPLACEMENT_COUNT,
  BOORU_METATAG_DISAPPROVAL_COUNT,

  /* One word: the text as typed. Of users: their names. */
  BOORU_METATAG_USER,     /* who uploaded it */
  BOORU_METATAG_APPROVER, /* and so on */
  BOORU_METATAG_COMMENTER,
  BOORU_METATAG_NOTER, /* made a note, the next one: changed one */
  BOORU_METATAG_NOTEUPDATER,
  BOORU_METATAG_COMMENTARYUPDATER,
  BOORU_METATAG_UPVOTER,
  BOORU_METATAG_DOWNVOTER,
  BOORU_METATAG_FAV,
  BOORU_METATAG_ORDFAV, /* those of them that begin with ORD give the order, too */
  BOORU_METATAG_POOL,   /* name or id of a pool, a pattern, "series", "collection" */
  BOORU_METATAG_ORDPOOL,
  BOORU_METATAG_FAVGROUP,
  BOORU_METATAG_ORDFAVGROUP,
  BOORU_METATAG_NOTE, /* words of its text, as the next one */
  BOORU_METATAG_COMMENT,
  BOORU_METATAG_COMMENTARY, /* the same; or mask: 1 translated, 2 not */
  BOORU_METATAG_SEARCH,     /* label of a saved search, "all" */
  BOORU_METATAG_EXIF,       /* "KEY" or "KEY=VALUE" */
  BOORU_METATAG_UNALIASED,  /* a tag, whatever alias it has */
  BOORU_METATAG_FLAGGER,
  BOORU_METATAG_APPEALER,
  BOORU_METATAG_DISAPPROVED,
  BOORU_METATAG_REACTED,
  BOORU_METATAG_AI,
  BOORU_METATAG_EMBEDDED,

  /* ids: of the parent, or of the post itself; or mask: status of the parent. */
  BOORU_METATAG_PARENT,
  BOORU_METATAG_CHILD,    /* mask: status of a child */
  BOORU_METATAG_MD5,      /* words */
  BOORU_METATAG_RATING,   /* mask */
  BOORU_METATAG_STATUS,   /* mask */
  BOORU_METATAG_FILETYPE, /* words: extensions */
  BOORU_METATAG_SOURCE,   /* one word: the beginning of the source, with * */
  BOORU_METATAG_SIMILAR,  /* one number: of the post that the others look like; and distance */
  /* One word: what the file is ("incomplete"); others become other conditions. */
  BOORU_METATAG_IS,

  /* These are no conditions: they set members of the query, or become other conditions. */
  BOORU_METATAG_HAS,
  BOORU_METATAG_ORDER,
  BOORU_METATAG_LIMIT,
  BOORU_METATAG_RANDOM,
  BOORU_METATAG_RESERVED, /* a metatag of Danbooru's or of ours to come: finds nothing */
} BooruMetatag;

/* How the value of a metatag is read. */
typedef enum
{
  BOORU_VALUE_NUMBERS, /* ranges of what each post has, or may lack: "any" and "none" */
  BOORU_VALUE_COUNT,   /* ranges, "none" is 0 and "any" all others */
  BOORU_VALUE_TEXT,    /* one word, "any" or "none" */
  BOORU_VALUE_OWN,     /* in its own way */
} BooruValueKind;

/* What answers a metatag. */
typedef enum
{
  BOORU_ANSWER_INDEX,   /* columns and sets of the search index */
  BOORU_ANSWER_LEAF,    /* the store: BooruIndexSource.read_leaf() */
  BOORU_ANSWER_NOTHING, /* no post has any, as this board has no such thing */
  BOORU_ANSWER_QUERY,   /* it is of the whole search */
} BooruQueryAnswer;

typedef enum
{
  BOORU_QUERY_VALUES, /* ranges, words or mask say which */
  BOORU_QUERY_ANY,    /* there is a value at all */
  BOORU_QUERY_UNSET,  /* there is none */
} BooruQueryPresence;

/* Both ends belong to it; G_MININT64 and G_MAXINT64 stand for "no end". */
typedef struct
{
  gint64 low, high;
} BooruQueryRange;

#define BOORU_RATING_MASK_ALL 0xf
#define BOORU_STATUS_MASK_ALL 0xf
#define BOORU_STATUS_MASK(status) (1u << (status))

typedef struct _BooruQueryNode BooruQueryNode;
struct _BooruQueryNode
{
  BooruQueryNodeType type;
  char *text;          /* TAG: the normalised name; WILDCARD: the pattern, lower case, NFC */
  GPtrArray *children; /* NOT: one; AND, OR: at least two, sorted by their text, each once */

  /* CONDITION */
  BooruMetatag metatag;
  BooruQueryPresence presence;

  /* BooruQueryRange: any of them; ascending and apart, but for order:custom as given. */
  GArray *ranges;
  GPtrArray *words; /* any of them; ascending, each once */
  guint mask;       /* bits: "gsqe" from bit 0, or BOORU_STATUS_MASK */
  gint64 asker;     /* who searches, of what depends on that; 0: nobody */
  guint distance;   /* SIMILAR: at most so far */
  GArray *matches;  /* SIMILAR, once it was looked up: BooruSimilar, by ascending id */
};

typedef enum
{
  BOORU_ORDER_ID_DESC, /* the default */
  BOORU_ORDER_ID,
  BOORU_ORDER_SCORE,
  BOORU_ORDER_SCORE_ASC,
  BOORU_ORDER_UPVOTES,
  BOORU_ORDER_UPVOTES_ASC,
  BOORU_ORDER_DOWNVOTES,
  BOORU_ORDER_DOWNVOTES_ASC,
  BOORU_ORDER_FAVCOUNT,
  BOORU_ORDER_FAVCOUNT_ASC,
  BOORU_ORDER_CREATED_AT,
  BOORU_ORDER_CREATED_AT_ASC,
  BOORU_ORDER_CHANGE,
  BOORU_ORDER_CHANGE_ASC,
  BOORU_ORDER_MPIXELS,
  BOORU_ORDER_MPIXELS_ASC,
  BOORU_ORDER_PORTRAIT,
  BOORU_ORDER_LANDSCAPE,
  BOORU_ORDER_FILESIZE,
  BOORU_ORDER_FILESIZE_ASC,
  BOORU_ORDER_TAGCOUNT,
  BOORU_ORDER_TAGCOUNT_ASC,
  BOORU_ORDER_GENTAGS,
  BOORU_ORDER_GENTAGS_ASC,
  BOORU_ORDER_ARTTAGS,
  BOORU_ORDER_ARTTAGS_ASC,
  BOORU_ORDER_COPYTAGS,
  BOORU_ORDER_COPYTAGS_ASC,
  BOORU_ORDER_CHARTAGS,
  BOORU_ORDER_CHARTAGS_ASC,
  BOORU_ORDER_METATAGS,
  BOORU_ORDER_METATAGS_ASC,
  BOORU_ORDER_DURATION,
  BOORU_ORDER_DURATION_ASC,
  BOORU_ORDER_MD5,
  BOORU_ORDER_MD5_ASC,
  /* What these sort by the store has: BooruIndexSource.read_order(). */
  BOORU_ORDER_COMMENT, /* time of the last comment */
  BOORU_ORDER_COMMENT_ASC,
  BOORU_ORDER_COMMENT_BUMPED, /* of the last one that bumps */
  BOORU_ORDER_COMMENT_BUMPED_ASC,
  BOORU_ORDER_NOTE, /* of the last change of a note */
  BOORU_ORDER_NOTE_ASC,
  BOORU_ORDER_ARTCOMM, /* of the commentary: finds only posts that have one */
  BOORU_ORDER_ARTCOMM_ASC,
  BOORU_ORDER_COMMENT_COUNT, /* numbers, as all that follow */
  BOORU_ORDER_COMMENT_COUNT_ASC,
  BOORU_ORDER_ACTIVE_COMMENT_COUNT,
  BOORU_ORDER_ACTIVE_COMMENT_COUNT_ASC,
  BOORU_ORDER_DELETED_COMMENT_COUNT,
  BOORU_ORDER_DELETED_COMMENT_COUNT_ASC,
  BOORU_ORDER_NOTE_COUNT,
  BOORU_ORDER_NOTE_COUNT_ASC,
  BOORU_ORDER_ACTIVE_NOTE_COUNT,
  BOORU_ORDER_ACTIVE_NOTE_COUNT_ASC,
  BOORU_ORDER_DELETED_NOTE_COUNT,
  BOORU_ORDER_DELETED_NOTE_COUNT_ASC,
  BOORU_ORDER_POOL_COUNT,
  BOORU_ORDER_POOL_COUNT_ASC,
  BOORU_ORDER_ACTIVE_POOL_COUNT,
  BOORU_ORDER_ACTIVE_POOL_COUNT_ASC,
  BOORU_ORDER_DELETED_POOL_COUNT,
  BOORU_ORDER_DELETED_POOL_COUNT_ASC,
  BOORU_ORDER_SERIES_POOL_COUNT,
  BOORU_ORDER_SERIES_POOL_COUNT_ASC,
  BOORU_ORDER_COLLECTION_POOL_COUNT,
  BOORU_ORDER_COLLECTION_POOL_COUNT_ASC,
  BOORU_ORDER_APPROVAL_COUNT,
  BOORU_ORDER_APPROVAL_COUNT_ASC,
  /* And what these do, the index. */
  BOORU_ORDER_CHILD_COUNT,
  BOORU_ORDER_CHILD_COUNT_ASC,
  BOORU_ORDER_ACTIVE_CHILD_COUNT,
  BOORU_ORDER_ACTIVE_CHILD_COUNT_ASC,
  BOORU_ORDER_DELETED_CHILD_COUNT,
  BOORU_ORDER_DELETED_CHILD_COUNT_ASC,
  BOORU_ORDER_RANK, /* score against age: finds posts of two days with a score above 0 */
  BOORU_ORDER_RANDOM,
  BOORU_ORDER_CUSTOM,  /* as the one id: of the query lists them */
  BOORU_ORDER_SIMILAR, /* as the condition has it that ranks what it finds, similar: or ordpool: and
                        * its like: the default where there is one */
  BOORU_ORDER_NONE,    /* whatever is quickest */
  BOORU_N_ORDERS,
} BooruQueryOrder;

struct _BooruQuery
{
  gatomicrefcount ref_count;
  char *text;
  BooruQueryNode *root;
  gint64 asker;      /* who searches; 0: nobody */
  gboolean personal; /* what it finds depends on that */
  BooruQueryOrder order;
  gboolean ordered;     /* an order: was given */
  gint limit;           /* -1: none */
  gint cap;             /* of random:, at most so many posts are found; -1: none */
  gboolean active_only; /* posts in the trash and missing ones are hidden: neither a status: was
                         * given, nor are certain posts asked for by their ids or md5s */
  gboolean refused; /* the root is NONE, and a search fails with the message of the first fault that
                     * is refused: BOORU_ERROR_LIMIT */
  GPtrArray *faults; /* BooruQueryFault */
  GPtrArray *tags;   /* BooruQueryTag, in the order of the text */
};

/* booru-query-ast.c */
BooruQueryNode *booru_query_node_new (BooruQueryNodeType type);
BooruQueryNode *booru_query_node_new_text (BooruQueryNodeType type, const char *text);
BooruQueryNode *booru_query_node_new_condition (BooruMetatag metatag);
BooruQueryNode *booru_query_node_new_not (BooruQueryNode *child); /* transfer full */
/* Transfer full. */
BooruQueryNode *booru_query_node_new_list (BooruQueryNodeType type, GPtrArray *children);
void booru_query_node_free (BooruQueryNode *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BooruQueryNode, booru_query_node_free)

/* Transfer full, both ways. */
BooruQueryNode *booru_query_node_simplify (BooruQueryNode *self, gboolean keep_ranges);
guint booru_query_node_get_depth (const BooruQueryNode *self);

/* Sorts ranges and joins those that touch. */
void booru_query_ranges_join (GArray *ranges);

/* The first id: in it, or NULL. */
const BooruQueryNode *booru_query_node_find_ids (const BooruQueryNode *self);

/* The first condition that is not negated and ranks what it finds, similar: or ordpool: and its
 * like, or NULL. */
const BooruQueryNode *booru_query_node_find_ranking (const BooruQueryNode *self);
gboolean booru_query_node_has (const BooruQueryNode *self, BooruMetatag metatag);

/* Whether an id: lists single numbers. */
gboolean booru_query_node_is_list (const BooruQueryNode *ids);

/* Whether certain posts are asked for, which are then found in the trash, too. */
gboolean booru_query_names_posts (const BooruQueryNode *root);

/* What a search is sorted by that says nothing about it. */
BooruQueryOrder booru_query_get_default_order (const BooruQueryNode *root);

/* booru-query-text.c */
void booru_query_node_print (const BooruQueryNode *self, GString *out);
void booru_query_node_print_group (const BooruQueryNode *self, GString *out);
char *booru_query_node_to_string (const BooruQueryNode *self);

/* booru-query-metatag.c */
gboolean booru_metatag_from_name (const char *name, gsize length, BooruMetatag *metatag);
const char *booru_metatag_get_name (BooruMetatag metatag);
BooruValueKind booru_metatag_get_kind (BooruMetatag metatag);
BooruQueryAnswer booru_metatag_get_answer (BooruMetatag metatag);

/* Whether it is of the whole search, and stands in it once: order:, limit:, random:, ordpool: … */
gboolean booru_metatag_is_singleton (BooruMetatag metatag);

/* Whether it finds other posts for another asker. */
gboolean booru_metatag_is_personal (BooruMetatag metatag);

/* Whether it ranks what it finds. */
gboolean booru_metatag_is_ranking (BooruMetatag metatag);
gboolean booru_query_order_from_string (const char *string, BooruQueryOrder *order);
const char *booru_query_order_to_string (BooruQueryOrder order);

/* Whether the store has what it sorts by. */
gboolean booru_query_order_is_of_store (BooruQueryOrder order);
const char *booru_metatag_get_expected (BooruMetatag metatag); /* its values, for people */
const char *booru_query_order_suggest (const char *string);    /* NULL: none is spelled nearly so */

/* booru-query-value.c */
/* Transfer full; NULL if it cannot be understood. */
BooruQueryNode *booru_query_parse_value (BooruMetatag metatag, const char *value, gboolean quoted);

/* booru-query-range.c */
gboolean booru_query_parse_ranges (BooruMetatag metatag, const char *value, GArray *ranges);

/* booru-query-time.c */
/* Microseconds since 1970; end: the last one that a date without a time of day means. */
gboolean booru_query_parse_date (const char *string, gint64 *start, gint64 *end);
gboolean booru_query_parse_duration (const char *string, double *seconds);

/* microseconds: first and last of the day of time, in the board's time zone. */
gint64 booru_query_get_day (gint64 time, gint64 *end);

/* booru-query-parser.c */
void booru_query_parse_into (BooruQuery *self);

G_END_DECLS
