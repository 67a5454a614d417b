/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What searches find: random ones over random posts against a plain reading of their trees, and the
 * shapes and limits of the SQL by name. */
#include <string.h>

#include "query-library.h"

#define N_QUERIES 1200

static GPtrArray *
search (Library *self, const BooruQuery *query, BooruPageKind kind, gint64 value, guint limit)
{
  g_autoptr (GError) error = NULL;
  BooruPage page = { kind, value, limit };
  GPtrArray *posts = booru_store_search (self->board.store, query, &page, &error);

  g_assert_no_error (error);
  return posts;
}

static void
require_ids (GPtrArray *posts, const gint64 *ids, guint n_ids)
{
  g_assert_cmpuint (posts->len, ==, n_ids);
  for (guint i = 0; i < n_ids; i++)
    g_assert_cmpint (((BooruPost *)posts->pdata[i])->id, ==, ids[i]);
}

/* All pages by descending ids, and those by a post's id, in any order. */
static void
require_found (Library *self, const char *wanted)
{
  g_autofree char *text
      = *wanted ? g_strconcat ("(", wanted, " ) order:id_desc", NULL) : g_strdup ("");
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GArray) expected = query_library_list (self, query);
  const gint64 *ids = (const gint64 *)(gpointer)expected->data;
  guint n = expected->len, third = n / 3;
  g_autoptr (GPtrArray) all = search (self, query, BOORU_PAGE_NUMBER, 1, N_POSTS);

  g_test_message ("%s", text);
  g_assert_cmpint (board_count (self->board.store, text), ==, n);
  require_ids (all, ids, n);
  if (n > 3)
    {
      g_autoptr (GPtrArray) second = search (self, query, BOORU_PAGE_NUMBER, 2, 2);
      g_autoptr (GPtrArray) before = search (self, query, BOORU_PAGE_BEFORE, ids[third], 2);
      g_autoptr (GPtrArray) after = search (self, query, BOORU_PAGE_AFTER, ids[n - 1], 2);

      require_ids (second, ids + 2, MIN (2, n - 2));
      require_ids (before, ids + third + 1, MIN (2, n - third - 1));
      require_ids (after, ids + n - 3, 2);
    }
}

static const char *const conditions[] = {
  "rating:g",
  "rating:s,q",
  "rating:g,s,q",
  "-rating:e",
  "id:>150",
  "id:50..200",
  "id:7,9,11,12,90",
  "id:7,9,100..",
  "id:300",
  "score:>0",
  "score:-3,0,3..5",
  "score:<=-5",
  "upvotes:5",
  "downvotes:>3",
  "favcount:0",
  "width:>2000",
  "height:<1000",
  "mpixels:2",
  "mpixels:>4",
  "ratio:>1",
  "ratio:1:1",
  "ratio:4:3..16:9",
  "filesize:1mb",
  "filesize:<500kb",
  "filetype:png",
  "filetype:jpg,gif",
  "duration:any",
  "duration:none",
  "duration:>100",
  "duration:<=30,150",
  "tagcount:>4",
  "gentags:3",
  "arttags:0",
  "copytags:1..2",
  "chartags:<3",
  "metatags:>3",
  "age:<100d",
  "age:>200d",
  "age:50d",
  "date:<2000-01-01",
  "date:>2000-01-01",
  "parent:any",
  "parent:none",
  "parent:20",
  "parent:active",
  "parent:missing",
  "child:any",
  "child:none",
  "child:deleted",
  "source:none",
  "source:https",
  "source:\"none\"",
  "source:\"file:100%_\"",
  "source:file:100x",
  "is:png",
  "is:incomplete",
  "-is:raw",
  "has:source",
  "similar:20",
  "similar:20,0",
  "similar:21,25",
  "similar:999999",
  "status:any",
  "status:deleted",
  "-status:missing",
  "status:active,missing",
  "no_such_tag",
  "none*",
};

static void append_random (Library *self, GString *out, guint depth);

static void
append_atom (Library *self, GString *out)
{
  gint dice = g_rand_int_range (self->random, 0, 10);

  if (dice < 6)
    g_string_append (out, self->tag_names[g_rand_int_range (self->random, 0, N_TAGS)]);
  else if (dice < 7)
    g_string_append_printf (out, "tag%d*", g_rand_int_range (self->random, 0, 3));
  else if (dice < 8)
    {
      const Row *row = &self->rows[g_rand_int_range (self->random, 0, N_POSTS)];

      g_string_append_printf (out, "md5:%s,%s", row->md5, self->rows[0].md5);
    }
  else
    g_string_append (out,
                     conditions[g_rand_int_range (self->random, 0, G_N_ELEMENTS (conditions))]);
}

static void
append_random (Library *self, GString *out, guint depth)
{
  static const char *const joins[] = { " ", " ", " ", " or ", " and ", " or " };
  gint n = g_rand_int_range (self->random, 1, 4);

  for (gint i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append (out, joins[g_rand_int_range (self->random, 0, G_N_ELEMENTS (joins))]);
      if (g_rand_int_range (self->random, 0, 4) == 0)
        g_string_append_c (out, '-');
      if (depth == 0 || g_rand_int_range (self->random, 0, 3))
        {
          gsize start = out->len;

          append_atom (self, out);
          if (start > 0 && out->str[start] == '-' && out->str[start - 1] == '-')
            g_string_erase (out, start, 1);
        }
      else
        {
          g_string_append (out, "(");
          append_random (self, out, depth - 1);
          g_string_append (out, " )");
        }
    }
}

static void
test_conditions (Library *self, gconstpointer data)
{
  require_found (self, "");
  /* Alternatives of ids beside tags: not to be looked up in the index one by one. */
  require_found (self, "tag1 id:5..20,30..40,100..");
  require_found (self, "tag1 (id:5..20 or id:100)");
  require_found (self, "tag1 (id:5..20 or tag2 score:>0)");
  require_found (self, "tag1 (tag2 or (tag4 id:<50) or (chartags:<3))");
  require_found (self, "tag9_(x) (tag6_(x) chartags:<3 or tag10)");
  for (gsize i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autofree char *negated = g_strdup_printf ("-(%s )", conditions[i]);
      g_autofree char *tagged = g_strdup_printf ("tag0_(x) %s", conditions[i]);
      g_autofree char *either = g_strdup_printf ("tag5 or %s", conditions[i]);
      g_autofree char *every = g_strdup_printf ("status:any -tag1 %s", conditions[i]);

      require_found (self, conditions[i]);
      require_found (self, negated);
      require_found (self, tagged);
      require_found (self, either);
      require_found (self, every);
    }
}

static void
test_random_queries (Library *self, gconstpointer data)
{
  guint found = 0;

  for (guint i = 0; i < N_QUERIES; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (BooruQuery) query = NULL;

      append_random (self, text, 3);
      require_found (self, text->str);
      query = booru_query_parse (text->str);
      g_assert_false (query->refused);
      found += board_count (self->board.store, text->str) > 0;
    }
  /* Else it would prove little. */
  g_assert_cmpuint (found, >, N_QUERIES / 4);
}

/* Posts that are all active take other ways. */
static void
test_nothing_hidden (Library *self, gconstpointer data)
{
  board_execute (&self->board, "UPDATE posts SET status = 0");
  for (guint i = 0; i < N_POSTS; i++)
    {
      Row *row = &self->rows[i];

      for (guint j = 0; j < N_TAGS && row->status != BOORU_POST_ACTIVE; j++)
        self->uses[j] += row->tags[j];
      row->status = BOORU_POST_ACTIVE;
    }
  for (guint j = 0; j < N_TAGS; j++)
    {
      g_autofree char *sql
          = g_strdup_printf ("UPDATE tags SET post_count = %d WHERE id = %u", self->uses[j], j + 1);

      board_execute (&self->board, sql);
    }

  test_conditions (self, data);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      append_random (self, text, 2);
      require_found (self, text->str);
    }
}

/* Orders. */

static double
get_key (const Row *row, BooruQueryOrder order)
{
  switch (order)
    {
    case BOORU_ORDER_SCORE:
      return row->score;
    case BOORU_ORDER_UPVOTES:
      return row->up_score;
    case BOORU_ORDER_DOWNVOTES:
      return -row->down_score;
    case BOORU_ORDER_FAVCOUNT:
      return row->fav_count;
    case BOORU_ORDER_CREATED_AT:
      return (double)row->created_at;
    case BOORU_ORDER_CHANGE:
      return (double)row->updated_at;
    case BOORU_ORDER_MPIXELS:
      return (double)(row->width * row->height);
    case BOORU_ORDER_FILESIZE:
      return (double)row->size;
    case BOORU_ORDER_TAGCOUNT:
      return row->tag_counts[5];
    case BOORU_ORDER_GENTAGS:
      return row->tag_counts[0];
    case BOORU_ORDER_ARTTAGS:
      return row->tag_counts[1];
    case BOORU_ORDER_COPYTAGS:
      return row->tag_counts[2];
    case BOORU_ORDER_CHARTAGS:
      return row->tag_counts[3];
    case BOORU_ORDER_METATAGS:
      return row->tag_counts[4];
    case BOORU_ORDER_CHILD_COUNT:
      return row->n_children[0];
    case BOORU_ORDER_ACTIVE_CHILD_COUNT:
      return row->n_children[1];
    case BOORU_ORDER_DELETED_CHILD_COUNT:
      return row->n_children[2];
    case BOORU_ORDER_DURATION:
      return row->duration;
    case BOORU_ORDER_MD5:
      return g_ascii_strtod (row->md5, NULL);
    default:
      return (double)row->id;
    }
}

/* Whether @first may stand before @second. */
static gboolean
is_in_order (const Row *first, const Row *second, BooruQueryOrder order)
{
  gboolean ascending = g_str_has_suffix (booru_query_order_to_string (order), "_asc");
  BooruQueryOrder base = ascending ? order - 1 : order;
  double a = get_key (first, base), b = get_key (second, base);

  if (base == BOORU_ORDER_MD5)
    return ascending ? strcmp (first->md5, second->md5) < 0 : strcmp (first->md5, second->md5) > 0;
  if (base == BOORU_ORDER_DURATION && (a < 0) != (b < 0))
    return b < 0;
  if (base == BOORU_ORDER_PORTRAIT || base == BOORU_ORDER_LANDSCAPE)
    {
      a = (double)first->width / (double)first->height;
      b = (double)second->width / (double)second->height;
      return base == BOORU_ORDER_PORTRAIT ? a <= b : a >= b;
    }
  if (base == BOORU_ORDER_ID)
    ascending = TRUE;
  if (a != b)
    return ascending ? a < b : a > b;
  return ascending ? first->id < second->id : first->id > second->id;
}

/* Whether it finds all that a search finds, always in the same order. */
static gboolean
is_plain (BooruQueryOrder order)
{
  switch (order)
    {
    case BOORU_ORDER_RANDOM:
    case BOORU_ORDER_CUSTOM:
    case BOORU_ORDER_RANK:
    case BOORU_ORDER_ARTCOMM:
    case BOORU_ORDER_ARTCOMM_ASC:
      return FALSE;
    default:
      return TRUE;
    }
}

static void
test_orders (Library *self, gconstpointer data)
{
  static const char *const scopes[] = { "", "tag0_(x)", "tag1 width:>500", "id:5..200", "-tag2" };

  for (BooruQueryOrder order = 0; order < BOORU_N_ORDERS; order++)
    for (gsize i = 0; i < G_N_ELEMENTS (scopes); i++)
      {
        g_autofree char *text
            = g_strdup_printf ("%s order:%s", scopes[i], booru_query_order_to_string (order));
        g_autoptr (BooruQuery) query = booru_query_parse (text);
        g_autoptr (GPtrArray) posts = NULL, second = NULL, before = NULL;

        if (!is_plain (order))
          continue;
        g_test_message ("%s", text);
        posts = search (self, query, BOORU_PAGE_NUMBER, 1, N_POSTS);
        g_assert_cmpuint (posts->len, ==, board_count (self->board.store, scopes[i]));
        for (guint j = 1; j < posts->len; j++)
          g_assert_true (
              is_in_order (query_library_find (self, ((BooruPost *)posts->pdata[j - 1])->id),
                           query_library_find (self, ((BooruPost *)posts->pdata[j])->id), order));
        second = search (self, query, BOORU_PAGE_NUMBER, 2, 10);
        for (guint j = 0; j < second->len; j++)
          g_assert_cmpint (((BooruPost *)second->pdata[j])->id, ==,
                           ((BooruPost *)posts->pdata[10 + j])->id);
        /* By a post's id, the order does not count. */
        before = search (self, query, BOORU_PAGE_BEFORE, 150, 10);
        for (guint j = 1; j < before->len; j++)
          g_assert_cmpint (((BooruPost *)before->pdata[j - 1])->id, >,
                           ((BooruPost *)before->pdata[j])->id);
      }
}

static void
test_custom_order (Library *self, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("status:any order:custom id:999999");
  gint64 ids[3] = { self->rows[20].id, self->rows[7].id, self->rows[12].id };
  g_autoptr (BooruQuery) query = NULL;
  g_autoptr (GPtrArray) posts = NULL;

  for (guint i = 0; i < 3; i++)
    g_string_append_printf (text, ",%" G_GINT64_FORMAT, ids[i]);
  query = booru_query_parse (text->str);
  posts = search (self, query, BOORU_PAGE_NUMBER, 1, 20);
  require_ids (posts, ids, 3);
}

static void
test_similar_order (Library *self, gconstpointer data)
{
  static const char *const queries[]
      = { "similar:20,30", "status:any similar:20,20 -tag2", "tag1 similar:20,30",
          "similar:20,30 or tag3_(x)", "similar:999999 or tag1" };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (BooruQuery) query = booru_query_parse (queries[i]);
      g_autoptr (GPtrArray) posts = search (self, query, BOORU_PAGE_NUMBER, 1, N_POSTS);
      gboolean compared = !g_str_has_prefix (queries[i], "similar:9");
      guint last = 0;

      g_assert_cmpint (query->order, ==, BOORU_ORDER_SIMILAR);
      g_assert_cmpuint (posts->len, ==, board_count (self->board.store, queries[i]));
      g_assert_cmpuint (posts->len, >, 3);
      for (guint j = 0; j < posts->len; j++)
        {
          gint64 id = ((BooruPost *)posts->pdata[j])->id;
          guint distance = query_library_distance (self, query_library_find (self, id), 20);

          /* What is only a tag's is behind what is near. */
          distance = compared && distance <= 30 ? distance : G_MAXUINT;
          if (j > 0 && distance == last)
            g_assert_cmpint (((BooruPost *)posts->pdata[j - 1])->id, >, id);
          else
            g_assert_true (j == 0 || distance > last);
          last = distance;
        }
    }
}

/* An order that was asked for wins. */
static void
test_similar_with_order (Library *self, gconstpointer data)
{
  g_autoptr (BooruQuery) query = booru_query_parse ("similar:20,30 order:id");
  g_autoptr (GPtrArray) posts = search (self, query, BOORU_PAGE_NUMBER, 1, N_POSTS);

  for (guint i = 1; i < posts->len; i++)
    g_assert_cmpint (((BooruPost *)posts->pdata[i - 1])->id, <, ((BooruPost *)posts->pdata[i])->id);
}

static void
require_distinct (GPtrArray *posts)
{
  for (guint i = 0; i < posts->len; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmpint (((BooruPost *)posts->pdata[i])->id, !=, ((BooruPost *)posts->pdata[j])->id);
}

static gboolean
is_descending (GPtrArray *posts)
{
  for (guint i = 1; i < posts->len; i++)
    if (((BooruPost *)posts->pdata[i - 1])->id < ((BooruPost *)posts->pdata[i])->id)
      return FALSE;
  return TRUE;
}

static void
require_random (Library *self, const char *text, guint limit, guint n)
{
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GPtrArray) posts = search (self, query, BOORU_PAGE_NUMBER, 1, limit);

  g_assert_cmpuint (posts->len, ==, n);
  require_distinct (posts);
  /* Of 20 posts: once in 10^18 by chance. */
  if (n >= 20)
    g_assert_false (is_descending (posts));
}

static void
test_random_order (Library *self, gconstpointer data)
{
  require_random (self, "order:random", 40, 40);
  require_random (self, "tag0_(x) order:random", 20, 20);
  require_random (self, "tag0_(x) width:>1 order:random", 20, 20);
  require_random (self, "no_such_tag order:random", 20, 0);
  require_random (self, "id:999999 order:random", 20, 0);
}

/* Many posts are drawn from, not shuffled; also where they lie together. */
static void
test_random_of_many (Library *self, gconstpointer data)
{
  board_execute (&self->board,
                 "BEGIN;"
                 "INSERT INTO tags (id, name, category, post_count, created_at, updated_at)"
                 " VALUES (1000, 'many', 0, 21000, 0, 0);"
                 "WITH RECURSIVE n (i) AS (SELECT 5000000 UNION ALL SELECT i + 1 FROM n"
                 " WHERE i < 5020999)"
                 " INSERT INTO posts (id, md5, ext, size, width, height, created_at, updated_at,"
                 " uploader_id, tags) SELECT i, randomblob(16), 'jpg', 1, 1, 1, 0, 0, 1, x'e807'"
                 " FROM n;"
                 "COMMIT");
  g_assert_cmpint (board_count (self->board.store, "many"), ==, 21000);
  require_random (self, "order:random", 200, 200);
  require_random (self, "many order:random", 200, 200);
  require_random (self, "-tag1 many order:random", 200, 200);
}

/* Limits. */

static char *
repeat (const char *text, guint n)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (out, text);
  return g_string_free (out, FALSE);
}

/* At the limits of size and depth the index still manages. */
static void
test_at_limits (Library *self, gconstpointer data)
{
  static const char *const opens[] = { "tag1 -(tag4 ", "tag1 (tag2 or ", "tag2 -(score:0 -",
                                       "score:0 (tag1 or ", "-tag2 -(width:>1 favcount:1,3..4 -" };
  guint groups = BOORU_QUERY_MAX_DEPTH / 2 - 2;
  g_autofree char *closes = repeat (")", groups);
  g_autofree char *many_tags = repeat ("-tag1 ", BOORU_QUERY_MAX_TERMS - 1);
  g_autoptr (GString) ids = g_string_new ("id:1"), ranges = g_string_new ("score:1..2");
  g_autoptr (GString) others = g_string_new (NULL), words = g_string_new ("filetype:png");

  for (gsize i = 0; i < G_N_ELEMENTS (opens); i++)
    {
      g_autofree char *open = repeat (opens[i], groups);
      g_autofree char *text = g_strconcat (open, "tag4 ", closes, NULL);

      require_found (self, text);
    }
  require_found (self, many_tags);
  for (guint i = 1; i < BOORU_QUERY_MAX_VALUES; i++)
    {
      g_string_append_printf (ids, ",%u", i * 2);
      g_string_append_printf (words, ",x%u", i);
    }
  require_found (self, ids->str);
  require_found (self, words->str);
  for (guint i = 2; i < BOORU_QUERY_MAX_TERMS; i++)
    {
      g_string_append_printf (ranges, ",%u..%u", i * 10, i * 10 + 5);
      g_string_append_printf (others, "~id:%u..%u ", i * 10, i * 10 + 5);
    }
  require_found (self, ranges->str);
  require_found (self, others->str);
}

static void
test_too_complex (Library *self, gconstpointer data)
{
  g_autofree char *text = repeat ("tag1 ", BOORU_QUERY_MAX_TERMS + 1);
  g_autoptr (BooruQuery) query = booru_query_parse (text);
  g_autoptr (GError) error = NULL;
  const BooruPage page = { BOORU_PAGE_NUMBER, 1, 20 };

  g_assert_null (booru_store_search (self->board.store, query, &page, &error));
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_cmpint (booru_store_count (self->board.store, query, NULL, &error), ==, -1);
  g_assert_error (error, BOORU_ERROR, BOORU_ERROR_LIMIT);
}

/* Nothing that somebody types is SQL, GLOB, LIKE or FTS5. */
static void
test_injection (Library *self, gconstpointer data)
{
  static const char *const texts[] = {
    "'",
    "\"",
    "tag1\"",
    "tag1' --",
    "t1",
    "s0",
    "rg",
    "tag[1]",
    "tag?",
    "*tag[0-9]*",
    "t?g*",
    "NEAR",
    "a:b",
    "{x}:y",
    "^tag1",
    "tag1+tag2",
    "source:%",
    "source:\"_ttps\"",
    "source:'x\"y'",
    "filetype:\"'png'\"",
    "id:1;2",
    "*",
    "**",
    "tag*_(x)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (BooruQuery) query = booru_query_parse (texts[i]);
      g_autoptr (GPtrArray) posts = search (self, query, BOORU_PAGE_NUMBER, 1, N_POSTS);
      gboolean wild = strchr (texts[i], '*') && !strpbrk (texts[i], "?[");

      g_test_message ("%s", texts[i]);
      g_assert_cmpint (posts->len, ==, board_count (self->board.store, texts[i]));
      if (wild)
        require_found (self, texts[i]);
      else
        g_assert_cmpuint (posts->len, ==, 0);
    }
}

#define TEST(name, func)                                                                           \
  g_test_add (name, Library, NULL, query_library_set_up, func, query_library_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/query-compiler/conditions", test_conditions);
  TEST ("/query-compiler/random-queries", test_random_queries);
  TEST ("/query-compiler/nothing-hidden", test_nothing_hidden);
  TEST ("/query-compiler/orders", test_orders);
  TEST ("/query-compiler/custom-order", test_custom_order);
  TEST ("/query-compiler/similar-order", test_similar_order);
  TEST ("/query-compiler/similar-with-order", test_similar_with_order);
  TEST ("/query-compiler/random-order", test_random_order);
  TEST ("/query-compiler/random-of-many", test_random_of_many);
  TEST ("/query-compiler/at-limits", test_at_limits);
  TEST ("/query-compiler/too-complex", test_too_complex);
  TEST ("/query-compiler/injection", test_injection);
  return g_test_run ();
}
