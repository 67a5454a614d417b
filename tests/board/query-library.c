/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "query-library.h"

#include <math.h>
#include <string.h>

#include "board/booru-id-list.h"
#include "board/store/booru-store-hashes-private.h"

/* A gap now and then, but for the first ones, and no post at the beginning. */
static gint64
draw_id (Library *self, guint i)
{
  return i == 0 ? 5
                : self->rows[i - 1].id + (i < 20 || g_rand_int_range (self->random, 0, 4) ? 1 : 7);
}

/* Those in the trash are counted last. */
static void
set_parent (Row *row, Row *parent)
{
  row->parent_id = parent->id;
  parent->n_children[0]++;
  parent->n_children[BOORU_POST_IS_DELETED (row->status) ? 2 : 1]++;
}

static void
draw_row (Library *self, guint i)
{
  static const char *const exts[] = { "jpg", "png", "gif", "webm" };
  static const char *const sources[]
      = { "", "", "https://example.org/1", "HTTPS://example.org/2", "file:100%_\\x", "none" };
  GRand *random = self->random;
  Row *row = &self->rows[i];
  gint dice = g_rand_int_range (random, 0, 20);

  row->id = draw_id (self, i);
  row->status = dice < 2 ? BOORU_POST_DELETED : dice < 4 ? BOORU_POST_MISSING : BOORU_POST_ACTIVE;
  row->rating = "ggggssqe"[g_rand_int_range (random, 0, 8)];
  row->ext = exts[g_rand_int_range (random, 0, 4)];
  row->source = sources[g_rand_int_range (random, 0, 6)];
  g_snprintf (row->md5, sizeof row->md5, "%08x%024x", g_rand_int (random), i);
  row->size = g_rand_int_range (random, 1, 3000000);
  row->width = g_rand_int_range (random, 1, 4000);
  row->height = g_rand_int_range (random, 1, 4000);
  row->created_at = self->now - (gint64)(N_POSTS - i) * 86400 * G_USEC_PER_SEC - 4321;
  row->updated_at = row->created_at + g_rand_int_range (random, 0, 1000000);
  row->parent_id = 0;
  if (i > 0 && dice % 5 == 0)
    set_parent (row, &self->rows[g_rand_int_range (random, 0, (gint)i)]);
  row->duration = dice % 3 == 0 ? g_rand_int_range (random, 0, 2000) / 10.0 : -1;
  /* Of few kinds, so that many are alike; and now and then nothing is to be seen. */
  row->phash = G_GUINT64_CONSTANT (0x9249249249249249) << g_rand_int_range (random, 0, 4);
  for (guint j = g_rand_int_range (random, 0, 10); j > 0; j--)
    row->phash ^= G_GUINT64_CONSTANT (1) << g_rand_int_range (random, 0, 64);
  if (dice == 7 && row->id != 20)
    row->phash = 0;
  row->score = g_rand_int_range (random, -10, 10);
  row->up_score = g_rand_int_range (random, 0, 10);
  row->down_score = -g_rand_int_range (random, 0, 10);
  row->fav_count = g_rand_int_range (random, 0, 5);
  for (guint j = 0; j < N_TAGS; j++)
    {
      /* From on every second post to on hardly one. */
      row->tags[j] = g_rand_int_range (random, 0, 2 + (gint)(j * j / 4)) == 0;
      row->tag_counts[5] += row->tags[j];
      row->tag_counts[j % 5] += row->tags[j];
      self->uses[j] += row->tags[j] && row->status == BOORU_POST_ACTIVE;
    }
}

/* As a literal of SQL. */
static char *
pack_tags (const Row *row)
{
  g_autoptr (GArray) ids = booru_id_list_new ();
  g_autoptr (GBytes) packed = NULL;
  GString *literal = g_string_new ("x'");
  const guint8 *bytes;
  gsize length;

  for (gint64 j = 1; j <= N_TAGS; j++)
    if (row->tags[j - 1])
      g_array_append_val (ids, j);
  packed = booru_id_list_pack (ids);
  bytes = g_bytes_get_data (packed, &length);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (literal, "%02x", bytes[i]);
  g_string_append_c (literal, '\'');
  return g_string_free (literal, FALSE);
}

static void
insert (GString *script, const Row *row)
{
  g_autofree char *duration = row->duration < 0 ? NULL : g_strdup_printf ("%g", row->duration);
  g_autofree char *parent
      = row->parent_id ? g_strdup_printf ("%" G_GINT64_FORMAT, row->parent_id) : NULL;
  g_autofree char *tags = pack_tags (row);

  g_string_append_printf (
      script,
      "INSERT INTO posts (id, md5, status, rating, ext, size, width, height, duration, score,"
      " up_score, down_score, fav_count, tag_count, tags, created_at, updated_at,"
      " parent_id, uploader_id, source) VALUES (%" G_GINT64_FORMAT ", x'%s', %d, '%c', '%s',"
      " %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", %s, %d, %d, %d, %d, %d,"
      " %s, %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", %s, 1, '%s');",
      row->id, row->md5, (int)row->status, row->rating, row->ext, row->size, row->width,
      row->height, duration ? duration : "NULL", row->score, row->up_score, row->down_score,
      row->fav_count, row->tag_counts[5], tags, row->created_at, row->updated_at,
      parent ? parent : "NULL", row->source);
  if (row->id % 7 == 0)
    g_string_append_printf (script,
                            "INSERT INTO media_metadata VALUES (%" G_GINT64_FORMAT
                            ", '{\"File:Incomplete\":\"x\"}');",
                            row->id);
}

static gboolean
put_hashes (BooruStore *store, gpointer data, GError **error)
{
  Library *self = data;
  gboolean changed;

  for (guint i = 0; i < N_POSTS; i++)
    {
      BooruMedia media = { .phash = self->rows[i].phash };

      if (!booru_store_hashes_put (store, self->rows[i].id, TRUE, &media, &changed, error))
        return FALSE;
    }
  return TRUE;
}

static void
add_hashes (Library *self)
{
  g_autoptr (GError) error = NULL;

  booru_store_write (self->board.store, BOORU_SQL_NORMAL, put_hashes, self, &error);
  g_assert_no_error (error);
}

void
query_library_set_up (Library *self, gconstpointer data)
{
  static const guint categories[] = { BOORU_TAG_GENERAL, BOORU_TAG_ARTIST, BOORU_TAG_COPYRIGHT,
                                      BOORU_TAG_CHARACTER, BOORU_TAG_META };
  g_autoptr (GString) script = g_string_new ("BEGIN;");

  board_fixture_set_up (&self->board, NULL);
  self->random = g_rand_new_with_seed ((guint32)g_test_rand_int ());
  self->now = g_get_real_time ();
  for (guint i = 0; i < N_POSTS; i++)
    {
      draw_row (self, i);
      insert (script, &self->rows[i]);
    }
  for (guint j = 0; j < N_TAGS; j++)
    {
      self->tag_names[j] = g_strdup_printf ("tag%u%s", j, j % 3 == 0 ? "_(x)" : "");
      g_string_append_printf (script,
                              "INSERT INTO tags (id, name, category, post_count, created_at,"
                              " updated_at) VALUES (%u, '%s', %u, %d, 0, 0);",
                              j + 1, self->tag_names[j], categories[j % 5], self->uses[j]);
    }
  board_execute (&self->board, g_string_append (script, "COMMIT")->str);
  add_hashes (self);
}

void
query_library_tear_down (Library *self, gconstpointer data)
{
  g_rand_free (self->random);
  for (guint j = 0; j < N_TAGS; j++)
    g_free (self->tag_names[j]);
  board_fixture_tear_down (&self->board, NULL);
}

/* The plain reading. */

const Row *
query_library_find (Library *self, gint64 id)
{
  for (guint i = 0; i < N_POSTS; i++)
    if (self->rows[i].id == id)
      return &self->rows[i];
  return NULL;
}

static gint64
get_number (const Row *row, BooruMetatag metatag)
{
  switch (metatag)
    {
    case BOORU_METATAG_ID:
      return row->id;
    case BOORU_METATAG_SCORE:
      return row->score;
    case BOORU_METATAG_UPVOTES:
      return row->up_score;
    case BOORU_METATAG_DOWNVOTES:
      return -row->down_score;
    case BOORU_METATAG_FAVCOUNT:
      return row->fav_count;
    case BOORU_METATAG_WIDTH:
      return row->width;
    case BOORU_METATAG_HEIGHT:
      return row->height;
    case BOORU_METATAG_MPIXELS:
      return row->width * row->height;
    case BOORU_METATAG_RATIO:
      return (gint64)round (100.0 * (double)row->width / (double)row->height);
    case BOORU_METATAG_FILESIZE:
      return row->size;
    case BOORU_METATAG_DURATION:
      return (gint64)round (row->duration * 1e6);
    case BOORU_METATAG_DATE:
      return row->created_at;
    case BOORU_METATAG_TAGCOUNT:
      return row->tag_counts[5];
    case BOORU_METATAG_GENTAGS:
    case BOORU_METATAG_ARTTAGS:
    case BOORU_METATAG_COPYTAGS:
    case BOORU_METATAG_CHARTAGS:
    case BOORU_METATAG_METATAGS:
      return row->tag_counts[metatag - BOORU_METATAG_GENTAGS];
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
has_age (Library *self, const GArray *ranges, gint64 created_at)
{
  const BooruQueryRange *range = &g_array_index (ranges, BooruQueryRange, 0);
  gint64 end, start;

  g_assert_cmpuint (ranges->len, ==, 1);
  if (range->low != range->high)
    return lies_in (ranges, self->now - created_at);
  start = booru_query_get_day (self->now - range->low, &end);
  return created_at >= start && created_at <= end;
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
has_child (Library *self, const Row *row, guint mask)
{
  for (guint i = 0; i < N_POSTS; i++)
    if (self->rows[i].parent_id == row->id
        && (mask == 0 || (mask & BOORU_STATUS_MASK (self->rows[i].status))))
      return TRUE;
  return FALSE;
}

static gboolean
has_parent (Library *self, const Row *row, const BooruQueryNode *node)
{
  if (node->presence != BOORU_QUERY_VALUES)
    return (row->parent_id != 0) == (node->presence == BOORU_QUERY_ANY);
  if (node->ranges)
    return lies_in (node->ranges, row->id)
           || (row->parent_id && lies_in (node->ranges, row->parent_id));
  return row->parent_id
         && (BOORU_STATUS_MASK (query_library_find (self, row->parent_id)->status) & node->mask);
}

guint
query_library_distance (Library *self, const Row *row, gint64 id)
{
  const Row *other = query_library_find (self, id);

  if (other == NULL || other->phash == 0 || row->phash == 0)
    return G_MAXUINT;
  return (guint)__builtin_popcountll (row->phash ^ other->phash);
}

static gboolean
fulfils (Library *self, const Row *row, const BooruQueryNode *node)
{
  switch (node->metatag)
    {
    case BOORU_METATAG_RATING:
      return (node->mask >> (strchr ("gsqe", row->rating) - "gsqe")) & 1;
    case BOORU_METATAG_STATUS:
      return (node->mask & BOORU_STATUS_MASK (row->status)) != 0;
    case BOORU_METATAG_MD5:
      return is_word_of (node, row->md5);
    case BOORU_METATAG_FILETYPE:
      return is_word_of (node, row->ext);
    case BOORU_METATAG_IS:
      return row->id % 7 == 0;
    case BOORU_METATAG_PARENT:
      return has_parent (self, row, node);
    case BOORU_METATAG_CHILD:
      return has_child (self, row, node->mask) != (node->presence == BOORU_QUERY_UNSET);
    case BOORU_METATAG_SOURCE:
      if (node->presence == BOORU_QUERY_UNSET)
        return row->source[0] == '\0';
      return g_ascii_strncasecmp (row->source, node->words->pdata[0],
                                  strlen (node->words->pdata[0]))
             == 0;
    case BOORU_METATAG_SIMILAR:
      return query_library_distance (self, row,
                                     g_array_index (node->ranges, BooruQueryRange, 0).low)
             <= node->distance;
    case BOORU_METATAG_AGE:
      return has_age (self, node->ranges, row->created_at);
    case BOORU_METATAG_DURATION:
      if (row->duration < 0)
        return node->presence == BOORU_QUERY_UNSET;
      return node->presence == BOORU_QUERY_ANY
             || (node->ranges && lies_in (node->ranges, get_number (row, node->metatag)));
    default:
      return lies_in (node->ranges, get_number (row, node->metatag));
    }
}

static gboolean
has_tag (Library *self, const Row *row, const BooruQueryNode *node)
{
  gboolean wild = node->type == BOORU_QUERY_WILDCARD;

  for (guint j = 0; j < N_TAGS; j++)
    if (row->tags[j]
        && (wild ? self->uses[j] > 0 && g_pattern_match_simple (node->text, self->tag_names[j])
                 : g_str_equal (node->text, self->tag_names[j])))
      return TRUE;
  return FALSE;
}

static gboolean
matches (Library *self, const Row *row, const BooruQueryNode *node)
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
      return has_tag (self, row, node);
    case BOORU_QUERY_CONDITION:
      return fulfils (self, row, node);
    case BOORU_QUERY_NOT:
      return !matches (self, row, node->children->pdata[0]);
    case BOORU_QUERY_AND:
    case BOORU_QUERY_OR:
    default:
      for (guint i = 0; i < node->children->len; i++)
        if (matches (self, row, node->children->pdata[i]) != conjunction)
          return !conjunction;
      return conjunction;
    }
}

GArray *
query_library_list (Library *self, const BooruQuery *query)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = N_POSTS; i-- > 0;)
    if ((!query->active_only || self->rows[i].status == BOORU_POST_ACTIVE)
        && matches (self, &self->rows[i], query->root))
      g_array_append_val (ids, self->rows[i].id);
  return ids;
}
