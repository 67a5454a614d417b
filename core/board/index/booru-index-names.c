/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "booru-index-names.h"

#include <string.h>

/* The category of a name that its tag does not have any more. */
#define GONE 0xff

struct _BooruIndexNames
{
  BooruIndexImage *image;
  guint n, n_words;
  const guint32 *starts;
  const char *text;
  gsize text_length;
  const guint32 *ids, *places;
  const BooruIndexWord *words;
  const guint64 *pairs;
  guint32 *counts; /* by place, as of now, as the next one */
  guint8 *categories;
  guint n_changed;
  GHashTable *new_by_id, *new_by_name; /* BooruTagRef that the image has not, or by another name */
};

/* A section with @n numbers of @size; NULL: damaged. */
static gconstpointer
get_section (BooruIndexImage *image, guint section, gsize size, gsize n)
{
  gsize length;
  gconstpointer data = booru_index_image_get_section (image, section, &length);

  return data && length == n * size ? data : NULL;
}

BooruIndexNames *
booru_index_names_new (BooruIndexImage *image)
{
  g_autoptr (BooruIndexNames) self = g_new0 (BooruIndexNames, 1);
  gsize n, n_words = 0;
  const guint32 *counts;
  const guint8 *categories;

  self->image = image;
  self->new_by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                           (GDestroyNotify)booru_tag_ref_free);
  self->new_by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->starts = booru_index_image_get_section (image, BOORU_INDEX_NAME_STARTS, &n);
  if (self->starts == NULL || n < sizeof *self->starts || n % sizeof *self->starts != 0)
    return NULL;
  n = n / sizeof *self->starts - 1;
  self->text = booru_index_image_get_section (image, BOORU_INDEX_NAME_TEXT, &self->text_length);
  self->ids = get_section (image, BOORU_INDEX_NAME_IDS, sizeof *self->ids, n);
  self->places = get_section (image, BOORU_INDEX_NAME_PLACES, sizeof *self->places, n);
  self->pairs = get_section (image, BOORU_INDEX_NAME_PAIRS, sizeof *self->pairs, n);
  self->words = booru_index_image_get_section (image, BOORU_INDEX_NAME_WORDS, &n_words);
  counts = get_section (image, BOORU_INDEX_NAME_COUNTS, sizeof *counts, n);
  categories = get_section (image, BOORU_INDEX_NAME_CATEGORIES, sizeof *categories, n);
  if (!self->text || !self->ids || !self->places || !self->words || !self->pairs || !counts
      || !categories)
    return NULL;
  self->counts = g_memdup2 (counts, n * sizeof *counts);
  self->categories = g_memdup2 (categories, n);
  self->n = (guint)n;
  self->n_words = (guint)(n_words / sizeof *self->words);
  return g_steal_pointer (&self);
}

void
booru_index_names_free (BooruIndexNames *self)
{
  booru_index_image_free (self->image);
  g_free (self->counts);
  g_free (self->categories);
  g_hash_table_unref (self->new_by_name);
  g_hash_table_unref (self->new_by_id);
  g_free (self);
}

const BooruIndexImage *
booru_index_names_get_image (const BooruIndexNames *self)
{
  return self->image;
}

guint
booru_index_names_get_n_changed (const BooruIndexNames *self)
{
  return self->n_changed;
}

guint
booru_index_names_get_n_new (const BooruIndexNames *self)
{
  return g_hash_table_size (self->new_by_id);
}

/* From a place in the text to the end of the name; empty if that makes no sense. */
static const char *
get_text (const BooruIndexNames *self, guint32 place, guint32 start, gsize *length)
{
  guint32 end = place < self->n ? self->starts[place + 1] : 0;

  if (end > self->text_length || start > end)
    start = end = 0;
  *length = end - start;
  return self->text + start;
}

static const char *
get_name (const BooruIndexNames *self, guint32 place, gsize *length)
{
  return get_text (self, place, self->starts[place], length);
}

static BooruTagRef *
make_tag (const BooruIndexNames *self, guint32 place)
{
  gsize length;
  const char *name = get_name (self, place, &length);
  g_autofree char *copy = g_strndup (name, length);

  return booru_tag_ref_new (self->ids[place], copy, self->categories[place], self->counts[place]);
}

static BooruTagRef *
copy_tag (const BooruTagRef *tag)
{
  return booru_tag_ref_new (tag->id, tag->name, tag->category, tag->post_count);
}

/* How a text stands to what is looked for. @prefix: its beginning is enough. */
static int
compare_text (const char *text,
              gsize length,
              const char *wanted,
              gsize wanted_length,
              gboolean prefix)
{
  int order = memcmp (text, wanted, MIN (length, wanted_length));

  if (order != 0 || (prefix && length >= wanted_length))
    return order;
  return (length > wanted_length) - (length < wanted_length);
}

/* The first place whose name is not below @wanted, or, @behind, that is above all with this
 * beginning. */
static guint
find_place (const BooruIndexNames *self, const char *wanted, gsize wanted_length, gboolean behind)
{
  guint from = 0, end = self->n;

  while (from < end)
    {
      guint middle = (from + end) / 2;
      gsize length;
      const char *name = get_name (self, middle, &length);

      if (compare_text (name, length, wanted, wanted_length, behind) < (behind ? 1 : 0))
        from = middle + 1;
      else
        end = middle;
    }
  return from;
}

/* Likewise of the words. */
static guint
find_word (const BooruIndexNames *self, const char *wanted, gsize wanted_length, gboolean behind)
{
  guint from = 0, end = self->n_words;

  while (from < end)
    {
      guint middle = (from + end) / 2;
      gsize length;
      const char *text
          = get_text (self, self->words[middle].place, self->words[middle].start, &length);

      if (compare_text (text, length, wanted, wanted_length, behind) < (behind ? 1 : 0))
        from = middle + 1;
      else
        end = middle;
    }
  return from;
}

/* G_MAXUINT: there is none. */
static guint
find_id (const BooruIndexNames *self, gint64 id)
{
  guint from = 0, end = self->n;

  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (self->places[middle] >= self->n)
        return G_MAXUINT;
      if (self->ids[self->places[middle]] < id)
        from = middle + 1;
      else
        end = middle;
    }
  if (from == self->n || self->places[from] >= self->n || self->ids[self->places[from]] != id)
    return G_MAXUINT;
  return self->places[from];
}

void
booru_index_names_put (BooruIndexNames *self, const BooruTagRef *tag)
{
  guint place = find_id (self, tag->id);
  BooruTagRef *old = g_hash_table_lookup (self->new_by_id, &tag->id), *copy;
  gsize length = 0;
  const char *name = place != G_MAXUINT ? get_name (self, place, &length) : NULL;

  self->n_changed++;
  /* Another tag may have been given the name meanwhile. */
  if (old && g_hash_table_lookup (self->new_by_name, old->name) == old)
    g_hash_table_remove (self->new_by_name, old->name);
  if (old)
    g_hash_table_remove (self->new_by_id, &tag->id);
  if (name && strlen (tag->name) == length && memcmp (name, tag->name, length) == 0)
    {
      self->counts[place] = (guint32)CLAMP (tag->post_count, 0, G_MAXUINT32);
      self->categories[place] = (guint8)tag->category;
      return;
    }
  if (name)
    self->categories[place] = GONE;
  copy = copy_tag (tag);
  g_hash_table_insert (self->new_by_id, &copy->id, copy);
  g_hash_table_replace (self->new_by_name, copy->name, copy);
}

BooruTagRef *
booru_index_names_find (const BooruIndexNames *self, const char *name)
{
  const BooruTagRef *tag = g_hash_table_lookup (self->new_by_name, name);
  guint place;
  gsize length;

  if (tag)
    return copy_tag (tag);
  place = find_place (self, name, strlen (name), FALSE);
  if (place == self->n || self->categories[place] == GONE)
    return NULL;
  get_name (self, place, &length);
  return length == strlen (name) && memcmp (get_name (self, place, &length), name, length) == 0
             ? make_tag (self, place)
             : NULL;
}

BooruTagRef *
booru_index_names_get (const BooruIndexNames *self, gint64 id)
{
  const BooruTagRef *tag = g_hash_table_lookup (self->new_by_id, &id);
  guint place;

  if (tag)
    return copy_tag (tag);
  place = find_id (self, id);
  return place != G_MAXUINT ? make_tag (self, place) : NULL;
}

/* The most used. */

typedef struct
{
  gint64 count, id;
  const BooruTagRef *tag; /* a new one … */
  guint32 place;          /* … or one of the image */
} Candidate;

typedef struct
{
  GArray *all; /* Candidate, the best first */
  guint limit;
  gint64 least; /* uses of what can still get in */
} Top;

static gboolean
precedes (const Candidate *a, const Candidate *b)
{
  return a->count != b->count ? a->count > b->count : a->id < b->id;
}

/* A name may be offered twice. */
static void
offer (Top *self, const Candidate *candidate)
{
  guint at = self->all->len;

  while (at > 0 && precedes (candidate, &g_array_index (self->all, Candidate, at - 1)))
    at--;
  if (at > 0 && g_array_index (self->all, Candidate, at - 1).id == candidate->id)
    return;
  if (at >= self->limit)
    return;
  g_array_insert_vals (self->all, at, candidate, 1);
  if (self->all->len < self->limit)
    return;
  g_array_set_size (self->all, self->limit);
  self->least = g_array_index (self->all, Candidate, self->limit - 1).count;
}

static void
offer_place (Top *self, const BooruIndexNames *names, guint32 place)
{
  Candidate candidate = { names->counts[place], names->ids[place], NULL, place };

  if (names->categories[place] != GONE)
    offer (self, &candidate);
}

static void
offer_tag (Top *self, const BooruTagRef *tag)
{
  Candidate candidate = { tag->post_count, tag->id, tag, 0 };

  if (tag->post_count >= self->least)
    offer (self, &candidate);
}

static void
top_init (Top *self, guint limit)
{
  self->all = g_array_new (FALSE, FALSE, sizeof (Candidate));
  self->limit = limit;
  self->least = 1; /* tags that no post has are not offered */
}

static void
top_finish (Top *self, const BooruIndexNames *names, GPtrArray *tags)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      const Candidate *candidate = &g_array_index (self->all, Candidate, i);

      g_ptr_array_add (tags, candidate->tag ? copy_tag (candidate->tag)
                                            : make_tag (names, candidate->place));
    }
  g_array_unref (self->all);
}

/* Whether a text is what a pattern says, in which * stands for any bytes. */
static gboolean
is_match (const char *pattern, const char *text, gsize length)
{
  const char *end = text + length, *star = NULL, *again = NULL;

  while (text < end)
    if (*pattern == '*')
      {
        star = ++pattern;
        again = text;
      }
    else if (*pattern == *text && *pattern)
      {
        pattern++;
        text++;
      }
    else if (star)
      {
        pattern = star;
        text = ++again;
      }
    else
      return FALSE;
  return pattern[strspn (pattern, "*")] == '\0';
}

/* The pairs of what stands between the stars of a pattern. */
static guint64
get_pattern_pairs (const char *pattern)
{
  guint64 pairs = 0;

  while (*pattern)
    {
      gsize length = strcspn (pattern, "*");

      pairs |= booru_index_get_pairs (pattern, length);
      pattern += length + strspn (pattern + length, "*");
    }
  return pairs;
}

void
booru_index_names_match (const BooruIndexNames *self,
                         const char *pattern,
                         guint limit,
                         GPtrArray *tags)
{
  gsize fixed = strcspn (pattern, "*");
  guint end = find_place (self, pattern, fixed, TRUE);
  guint64 pairs = get_pattern_pairs (pattern);
  GHashTableIter iter;
  gpointer tag;
  Top top;

  if (limit == 0)
    return;
  top_init (&top, limit);
  for (guint i = find_place (self, pattern, fixed, FALSE); i < end; i++)
    {
      gsize length;
      const char *name;

      if (self->counts[i] < top.least || (self->pairs[i] & pairs) != pairs)
        continue;
      name = get_name (self, i, &length);
      if (is_match (pattern, name, length))
        offer_place (&top, self, i);
    }
  g_hash_table_iter_init (&iter, self->new_by_id);
  while (g_hash_table_iter_next (&iter, NULL, &tag))
    if (is_match (pattern, ((BooruTagRef *)tag)->name, strlen (((BooruTagRef *)tag)->name)))
      offer_tag (&top, tag);
  top_finish (&top, self, tags);
}

/* Whether the words of a name begin with these letters, all of them or the first ones. What is
 * neither a letter nor a digit is between words. */
static gboolean
is_abbreviated (const char *name, gsize length, const char *letters, gboolean all_words)
{
  gboolean between = TRUE;

  for (gsize i = 0; i < length; i++)
    {
      gboolean separates = g_ascii_ispunct (name[i]);

      if (between && !separates)
        {
          if (*letters == '\0')
            return !all_words;
          if (name[i] != *letters++)
            return FALSE;
        }
      between = separates;
    }
  return *letters == '\0';
}

static void
expand_range (const BooruIndexNames *self,
              guint from,
              guint end,
              const char *letters,
              gboolean all_words,
              Top *top)
{
  for (guint i = from; i < end; i++)
    {
      gsize length;
      const char *name;

      if (self->counts[i] < top->least)
        continue;
      name = get_name (self, i, &length);
      if (is_abbreviated (name, length, letters, all_words))
        offer_place (top, self, i);
    }
}

void
booru_index_names_expand (const BooruIndexNames *self,
                          const char *letters,
                          gboolean all_words,
                          guint limit,
                          GPtrArray *tags)
{
  GHashTableIter iter;
  gpointer tag;
  Top top;

  if (limit == 0 || letters[0] == '\0'
      || strspn (letters, "abcdefghijklmnopqrstuvwxyz0123456789") != strlen (letters))
    return;
  top_init (&top, limit);
  expand_range (self, find_place (self, letters, 1, FALSE), find_place (self, letters, 1, TRUE),
                letters, all_words, &top);
  /* The first word need not be at the beginning. */
  expand_range (self, 0, find_place (self, "0", 1, FALSE), letters, all_words, &top);
  expand_range (self, find_place (self, "9", 1, TRUE), find_place (self, "a", 1, FALSE), letters,
                all_words, &top);
  expand_range (self, find_place (self, "z", 1, TRUE), find_place (self, "\x7f", 1, TRUE), letters,
                all_words, &top);
  g_hash_table_iter_init (&iter, self->new_by_id);
  while (g_hash_table_iter_next (&iter, NULL, &tag))
    {
      const char *name = ((BooruTagRef *)tag)->name;

      if (is_abbreviated (name, strlen (name), letters, all_words))
        offer_tag (&top, tag);
    }
  top_finish (&top, self, tags);
}

BooruTagRef *
booru_index_names_find_abbreviation (const BooruIndexNames *self, const char *letters)
{
  g_autoptr (GPtrArray) tags = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);

  booru_index_names_expand (self, letters, TRUE, 1, tags);
  return tags->len ? g_ptr_array_steal_index (tags, 0) : NULL;
}

/* A letter that is left out, added, replaced or swapped with the next one changes three pairs of
 * bytes at most; one that is no ASCII, nine. It has four bytes at most. */
#define PAIRS_OF_A_LETTER 3
#define PAIRS_OF_ANY_LETTER 9
#define PAIRS_OF_ADDED_LETTER 5
#define BYTES_OF_A_LETTER 4
#define MIN_TWO_LETTERS 8 /* bytes */

typedef struct
{
  const char *name;
  gsize length;
  guint64 pairs;
  guint max, max_lacking, max_added, max_longer;
} Wanted;

/* Whether @max changes of letters make one text of the other, where each letter is a byte. */
static gboolean
is_near (const char *a, gsize n, const char *b, gsize m, guint max)
{
  for (; n > 0 && m > 0 && *a == *b; n--, m--)
    a++, b++;
  for (; n > 0 && m > 0 && a[n - 1] == b[m - 1]; n--, m--)
    ;
  if (n == 0 && m == 0)
    return TRUE;
  if (max == 0 || (n > m ? n - m : m - n) > max)
    return FALSE;
  return (n > 0 && m > 0 && is_near (a + 1, n - 1, b + 1, m - 1, max - 1))
         || (n > 0 && is_near (a + 1, n - 1, b, m, max - 1))
         || (m > 0 && is_near (a, n, b + 1, m - 1, max - 1))
         || (n > 1 && m > 1 && a[0] == b[1] && a[1] == b[0]
             && is_near (a + 2, n - 2, b + 2, m - 2, max - 1));
}

static gboolean
is_ascii (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (text[i] & 0x80)
      return FALSE;
  return TRUE;
}

static guint
measure_bytes (const Wanted *wanted, const char *name, gsize length)
{
  guint distance = 0;

  while (distance <= wanted->max && !is_near (wanted->name, wanted->length, name, length, distance))
    distance++;
  return distance;
}

/* A name that lacks too many of the pairs cannot be near. Returns the distance; above max: more. */
static guint
measure (const Wanted *wanted, const char *name, gsize length, guint64 pairs)
{
  char copy[256];
  gsize difference = length > wanted->length ? length - wanted->length : wanted->length - length;
  guint lacking = (guint)__builtin_popcountll (wanted->pairs & ~pairs);
  guint added = (guint)__builtin_popcountll (pairs & ~wanted->pairs);

  if (difference > wanted->max_longer || length >= sizeof copy || lacking > wanted->max_lacking
      || added > wanted->max_added)
    return wanted->max + 1;
  if (is_ascii (wanted->name, wanted->length) && is_ascii (name, length))
    return measure_bytes (wanted, name, length);
  memcpy (copy, name, length);
  copy[length] = '\0';
  return booru_tag_get_distance (wanted->name, copy, wanted->max);
}

void
booru_index_names_correct (const BooruIndexNames *self,
                           const char *name,
                           guint limit,
                           GPtrArray *tags)
{
  Wanted wanted = { name, strlen (name), booru_index_get_pairs (name, strlen (name)), 2, 0, 0, 0 };
  GHashTableIter iter;
  gpointer tag;
  Top near[2];

  if (limit == 0)
    return;
  /* Short names have too many that are two letters away. */
  if (wanted.length < MIN_TWO_LETTERS)
    wanted.max = 1;
  wanted.max_longer = wanted.max * BYTES_OF_A_LETTER;
  wanted.max_lacking
      = wanted.max * (g_str_is_ascii (name) ? PAIRS_OF_A_LETTER : PAIRS_OF_ANY_LETTER);
  wanted.max_added
      = wanted.max * (g_str_is_ascii (name) ? PAIRS_OF_ADDED_LETTER : PAIRS_OF_ANY_LETTER);
  for (guint i = 0; i < G_N_ELEMENTS (near); i++)
    top_init (&near[i], limit);
  for (guint i = 0; i < self->n; i++)
    {
      guint32 start = self->starts[i], end = self->starts[i + 1];
      gsize length;
      guint distance;

      /* Most have other pairs, which is told without looking at the name. */
      if (self->counts[i] < near[0].least
          || (guint)__builtin_popcountll (wanted.pairs & ~self->pairs[i]) > wanted.max_lacking
          || end - start + wanted.max_longer < wanted.length
          || end - start > wanted.length + wanted.max_longer)
        continue;
      name = get_name (self, i, &length);
      distance = measure (&wanted, name, length, self->pairs[i]);
      if (distance > 0 && distance <= wanted.max)
        offer_place (&near[distance - 1], self, i);
    }
  g_hash_table_iter_init (&iter, self->new_by_id);
  while (g_hash_table_iter_next (&iter, NULL, &tag))
    {
      const char *other = ((BooruTagRef *)tag)->name;
      guint distance
          = measure (&wanted, other, strlen (other), booru_index_get_pairs (other, strlen (other)));

      if (distance > 0 && distance <= wanted.max)
        offer_tag (&near[distance - 1], tag);
    }
  for (guint i = 0; i < G_N_ELEMENTS (near); i++)
    top_finish (&near[i], self, tags);
  if (tags->len > limit)
    g_ptr_array_set_size (tags, (gint)limit);
}

/* Whether a word of a name has this beginning. */
static gboolean
has_word (const char *name, const char *beginning)
{
  if (g_str_has_prefix (name, beginning))
    return TRUE;
  for (gsize i = 1; name[0] && name[i]; i++)
    if (g_ascii_ispunct (name[i - 1]) && !g_ascii_ispunct (name[i])
        && g_str_has_prefix (name + i, beginning))
      return TRUE;
  return FALSE;
}

void
booru_index_names_complete (const BooruIndexNames *self,
                            const char *beginning,
                            guint limit,
                            GPtrArray *tags)
{
  gsize length = strlen (beginning);
  guint end = find_place (self, beginning, length, TRUE);
  guint words_end = find_word (self, beginning, length, TRUE);
  GHashTableIter iter;
  gpointer tag;
  Top top;

  if (limit == 0)
    return;
  top_init (&top, limit);
  for (guint i = find_place (self, beginning, length, FALSE); i < end; i++)
    if (self->counts[i] >= top.least)
      offer_place (&top, self, i);
  /* Without a beginning each name has been offered. */
  for (guint i = find_word (self, beginning, length, FALSE); length > 0 && i < words_end; i++)
    if (self->words[i].place < self->n && self->counts[self->words[i].place] >= top.least)
      offer_place (&top, self, self->words[i].place);
  g_hash_table_iter_init (&iter, self->new_by_id);
  while (g_hash_table_iter_next (&iter, NULL, &tag))
    if (has_word (((BooruTagRef *)tag)->name, beginning))
      offer_tag (&top, tag);
  top_finish (&top, self, tags);
}
