/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags for what somebody types, and tags that go with a search: by the search index. */
#include "board/booru-store-completion.h"

#include <string.h>

#include "board/store/booru-store-index-private.h"
#include "board/store/booru-store-relations-private.h"

/* Of tags with one of several words, among which those with all of them are looked for. */
#define MAX_CANDIDATES 1000
#define MAX_WORDS 8

/* As long as abbreviations are; shorter than this nothing is corrected. */
#define MAX_ABBREVIATION 10
#define MIN_CORRECTED 3

#define MAX_LENGTH 680 /* bytes: no tag is longer */

void
booru_completion_free (BooruCompletion *self)
{
  g_clear_pointer (&self->tag, booru_tag_ref_free);
  g_free (self->antecedent);
  g_free (self);
}

void
booru_related_tag_free (BooruRelatedTag *self)
{
  g_clear_pointer (&self->tag, booru_tag_ref_free);
  g_free (self);
}

/* Whether the tag is among those that were found already. */
static gboolean
has_tag (const GPtrArray *found, gint64 id)
{
  for (guint i = 0; i < found->len; i++)
    if (((const BooruCompletion *)found->pdata[i])->tag->id == id)
      return TRUE;
  return FALSE;
}

static void
add (GPtrArray *found, BooruCompletionKind kind, const BooruTagRef *tag, const char *antecedent)
{
  BooruCompletion *completion;

  if (has_tag (found, tag->id))
    return;
  completion = g_new0 (BooruCompletion, 1);
  completion->kind = kind;
  completion->tag = booru_tag_ref_new (tag->id, tag->name, tag->category, tag->post_count);
  completion->antecedent = g_strdup (antecedent);
  g_ptr_array_add (found, completion);
}

static void
add_all (GPtrArray *found, BooruCompletionKind kind, const GPtrArray *tags, const char *antecedent)
{
  for (guint i = 0; i < tags->len; i++)
    {
      const BooruTagRef *tag = tags->pdata[i];
      gboolean begins = kind == BOORU_COMPLETION_WORD && g_str_has_prefix (tag->name, antecedent);

      add (found, begins ? BOORU_COMPLETION_TAG : kind, tag,
           kind == BOORU_COMPLETION_CORRECTION ? antecedent : NULL);
    }
}

/* Whether a word of a name has this beginning. */
static gboolean
has_word (const char *name, const char *beginning)
{
  for (gsize i = 0; name[i]; i++)
    if ((i == 0 || g_ascii_ispunct (name[i - 1])) && g_str_has_prefix (name + i, beginning))
      return TRUE;
  return FALSE;
}

static gboolean
has_words (const char *name, char **words)
{
  for (guint i = 0; words[i]; i++)
    if (!has_word (name, words[i]))
      return FALSE;
  return TRUE;
}

/* "sky_blue": tags whose words begin so, in any order. */
static gboolean
add_by_words (BooruIndex *index, const char *text, guint limit, GPtrArray *found, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, "_", MAX_WORDS);
  g_autoptr (GPtrArray) tags = NULL;
  const char *longest = "";

  for (guint i = 0; words[i]; i++)
    if (strlen (words[i]) > strlen (longest))
      longest = words[i];
  if (g_strv_length (words) < 2 || longest[0] == '\0')
    return TRUE;
  tags = booru_index_complete_tag (index, longest, MAX_CANDIDATES, error);
  if (tags == NULL)
    return FALSE;
  for (guint i = 0; i < tags->len && found->len < limit; i++)
    if (has_words (((const BooruTagRef *)tags->pdata[i])->name, words))
      add (found, BOORU_COMPLETION_WORD, tags->pdata[i], NULL);
  return TRUE;
}

static gboolean
add_aliases (BooruStore *self,
             BooruIndex *index,
             const char *text,
             guint limit,
             GPtrArray *found,
             GError **error)
{
  BooruRelations *relations = booru_store_get_relations (self, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (relations == NULL)
    return FALSE;
  booru_relations_complete (relations, text, limit, names);
  for (guint i = 0; i < names->len; i++)
    {
      const char *target = booru_relations_resolve (relations, names->pdata[i]);
      g_autoptr (GError) local = NULL;
      g_autoptr (BooruTagRef) tag = target ? booru_index_find_tag (index, target, &local) : NULL;

      if (local)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (tag && tag->post_count > 0)
        add (found, BOORU_COMPLETION_ALIAS, tag, names->pdata[i]);
    }
  return TRUE;
}

/* The one that is meant first, then the most used. */
static int
compare_found (gconstpointer a, gconstpointer b, gpointer text)
{
  const BooruCompletion *left = *(BooruCompletion *const *)a;
  const BooruCompletion *right = *(BooruCompletion *const *)b;
  gboolean left_is = g_strcmp0 (left->antecedent ? left->antecedent : left->tag->name, text) == 0;
  gboolean right_is
      = g_strcmp0 (right->antecedent ? right->antecedent : right->tag->name, text) == 0;

  if (left_is != right_is)
    return left_is ? -1 : 1;
  if (left->tag->post_count != right->tag->post_count)
    return left->tag->post_count > right->tag->post_count ? -1 : 1;
  return strcmp (left->tag->name, right->tag->name);
}

static gboolean
add_corrected (BooruIndex *index, const char *text, guint limit, GPtrArray *found, GError **error)
{
  g_autoptr (GPtrArray) tags = NULL;

  if (strlen (text) < MIN_CORRECTED)
    return TRUE;
  tags = booru_index_correct_tag (index, text, limit, error);
  if (tags != NULL)
    add_all (found, BOORU_COMPLETION_CORRECTION, tags, text);
  return tags != NULL;
}

static gboolean
find_beginning (BooruStore *self,
                BooruIndex *index,
                const char *text,
                guint limit,
                GPtrArray *found,
                GError **error)
{
  g_autoptr (GPtrArray) tags = booru_index_complete_tag (index, text, limit, error);

  if (tags == NULL)
    return FALSE;
  add_all (found, BOORU_COMPLETION_WORD, tags, text);
  if (!add_aliases (self, index, text, limit, found, error)
      || (found->len < limit && !add_by_words (index, text, limit, found, error)))
    return FALSE;
  g_ptr_array_sort_with_data (found, compare_found, (gpointer)text);
  return found->len > 0 || add_corrected (index, text, limit, found, error);
}

/* The first letters of a name's words, as Danbooru shows them: "/lh". */
static char *
abbreviate (const char *name)
{
  GString *letters = g_string_new ("/");

  for (gsize i = 0; name[i]; i++)
    if (!g_ascii_ispunct (name[i]) && (i == 0 || g_ascii_ispunct (name[i - 1])))
      g_string_append_c (letters, name[i]);
  return g_string_free (letters, FALSE);
}

static int
compare_abbreviations (gconstpointer a, gconstpointer b)
{
  const BooruCompletion *left = *(BooruCompletion *const *)a;
  const BooruCompletion *right = *(BooruCompletion *const *)b;
  gsize left_length = strlen (left->antecedent), right_length = strlen (right->antecedent);

  if (left_length != right_length)
    return left_length < right_length ? -1 : 1;
  return (left->tag->post_count < right->tag->post_count)
         - (left->tag->post_count > right->tag->post_count);
}

static gboolean
find_abbreviation (BooruIndex *index,
                   const char *text,
                   guint limit,
                   GPtrArray *found,
                   GError **error)
{
  g_autoptr (GPtrArray) tags = NULL;

  if (strlen (text) > MAX_ABBREVIATION)
    return TRUE;
  tags = booru_index_expand_tag (index, text + 1, limit, error);
  if (tags == NULL)
    return FALSE;
  for (guint i = 0; i < tags->len; i++)
    {
      const BooruTagRef *tag = tags->pdata[i];
      g_autofree char *letters = abbreviate (tag->name);

      add (found, BOORU_COMPLETION_ABBREVIATION, tag, letters);
    }
  g_ptr_array_sort (found, compare_abbreviations);
  return TRUE;
}

/* In lower case, with underscores, as tags are. */
static char *
normalise (const char *text)
{
  g_autofree char *composed = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  char *lower = composed ? g_utf8_strdown (composed, -1) : g_strdup ("");

  return g_strdelimit (g_strstrip (lower), " ", '_');
}

/* Some clients ask for all that has "*text*" in it. */
static gboolean
find_pattern (BooruIndex *index, const char *text, guint limit, GPtrArray *found, GError **error)
{
  g_autoptr (GPtrArray) tags = booru_index_match_tags (index, text, limit, error);
  g_auto (GStrv) parts = g_strsplit (text, "*", -1);
  g_autofree char *plain = g_strjoinv ("", parts);

  if (tags == NULL)
    return FALSE;
  add_all (found, BOORU_COMPLETION_TAG, tags, NULL);
  return found->len > 0 || add_corrected (index, plain, limit, found, error);
}

GPtrArray *
booru_store_complete_tags (BooruStore *self, const char *text, guint limit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && text != NULL, NULL);

  g_autoptr (GPtrArray) found
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_completion_free);
  g_autofree char *name = normalise (text);
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  BooruIndex *index = booru_store_get_index (self, error);
  gboolean done;

  if (index == NULL)
    return NULL;
  if (limit == 0 || name[0] == '\0' || strlen (name) > MAX_LENGTH)
    return g_steal_pointer (&found);
  if (name[0] == '/')
    done = find_abbreviation (index, name, limit, found, error);
  else if (strchr (name, '*'))
    done = find_pattern (index, name, limit, found, error);
  else
    done = find_beginning (self, index, name, limit, found, error);
  if (!done)
    return NULL;
  if (found->len > limit)
    g_ptr_array_set_size (found, (gint)limit);
  return g_steal_pointer (&found);
}

GArray *
booru_store_count_tags_within (BooruStore *self,
                               const BooruQuery *query,
                               const GPtrArray *tags,
                               gint64 *n_posts,
                               GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && query != NULL && tags != NULL, NULL);

  g_autoptr (GArray) counts = g_array_new (FALSE, TRUE, sizeof (gint64));
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  BooruIndex *index = booru_store_get_index (self, error);
  gint64 found = 0;

  for (guint i = 0; i < tags->len; i++)
    g_array_append_val (ids, ((const BooruTagRef *)tags->pdata[i])->id);
  g_array_set_size (counts, MAX (tags->len, 1));
  if (index == NULL
      || !booru_index_count_tags (index, query, (const gint64 *)(gpointer)ids->data, ids->len,
                                  (gint64 *)(gpointer)counts->data, &found, error))
    return NULL;
  if (n_posts)
    *n_posts = found;
  g_array_set_size (counts, tags->len);
  return g_steal_pointer (&counts);
}

GPtrArray *
booru_store_list_related_tags (BooruStore *self,
                               const BooruQuery *query,
                               gint category,
                               BooruRelatedOrder order,
                               guint limit,
                               gint64 *n_posts,
                               GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && query != NULL, NULL);

  static const BooruIndexRelation relations[] = {
    [BOORU_RELATED_BY_FREQUENCY] = BOORU_INDEX_BY_FREQUENCY,
    [BOORU_RELATED_BY_COSINE] = BOORU_INDEX_BY_COSINE,
    [BOORU_RELATED_BY_JACCARD] = BOORU_INDEX_BY_JACCARD,
    [BOORU_RELATED_BY_OVERLAP] = BOORU_INDEX_BY_OVERLAP,
  };
  GPtrArray *related = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_related_tag_free);
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  BooruIndex *index = booru_store_get_index (self, error);
  g_autoptr (GPtrArray) found = NULL;
  gint64 n = 0;

  if (index)
    found = booru_index_related_tags (index, query, category, relations[order], limit, &n, error);
  for (guint i = 0; found && i < found->len; i++)
    {
      const BooruIndexRelated *one = found->pdata[i];
      BooruRelatedTag *tag = g_new0 (BooruRelatedTag, 1);
      BooruTagRef *copy = booru_tag_ref_new (one->tag->id, one->tag->name, one->tag->category,
                                             one->tag->post_count);

      *tag = (BooruRelatedTag){ copy,         one->n_together, one->cosine,
                                one->jaccard, one->overlap,    one->frequency };
      g_ptr_array_add (related, tag);
    }
  if (n_posts)
    *n_posts = n;
  if (found == NULL)
    g_clear_pointer (&related, g_ptr_array_unref);
  return related;
}
