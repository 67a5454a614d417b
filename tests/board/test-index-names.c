/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of tags: found, completed, matched as a look at each of them says, while they change. */
#include <string.h>

#include "../test-util.h"
#include "board/index/booru-index.h"

typedef struct
{
  GRand *random;
  GPtrArray *tags; /* BooruTagRef, by id from 1 on */
  GArray *changed; /* guint64: generation of each */
  guint64 generation;
} Tags;

static gboolean
get_generation (gpointer data, guint64 *generation, GError **error)
{
  *generation = ((Tags *)data)->generation;
  return TRUE;
}

static gboolean
get_stamp (gpointer data, guint64 generation, gint64 *stamp, GError **error)
{
  *stamp = 0;
  return TRUE;
}

static gboolean
find_next_id (gpointer data, gint64 from, gint64 *id, GError **error)
{
  *id = -1;
  return TRUE;
}

static gboolean
read_changes (gpointer data, guint64 after, GArray *changes, GError **error)
{
  return TRUE;
}

static gboolean
read_tags (gpointer data, guint64 after, BooruIndexTagFunc func, gpointer func_data, GError **error)
{
  Tags *self = data;

  for (guint i = 0; i < self->tags->len; i++)
    if (g_array_index (self->changed, guint64, i) > after
        && !func (self->tags->pdata[i], func_data, error))
      return FALSE;
  return TRUE;
}

static const BooruIndexSource source = { .get_generation = get_generation,
                                         .get_stamp = get_stamp,
                                         .find_next_id = find_next_id,
                                         .read_changes = read_changes,
                                         .read_tags = read_tags };

static BooruTagRef *
find (Tags *self, const char *name)
{
  for (guint i = 0; i < self->tags->len; i++)
    if (g_str_equal (((BooruTagRef *)self->tags->pdata[i])->name, name))
      return self->tags->pdata[i];
  return NULL;
}

static char *
draw_name (Tags *self)
{
  static const char *const parts[]
      = { "a", "ab", "b", "hair", "long", "c", "é", "_", "(", ")", "-", "x", "[", "?" };
  GString *name = g_string_new (NULL);

  for (gint i = g_rand_int_range (self->random, 1, 6); i > 0; i--)
    g_string_append (name, parts[g_rand_int_range (self->random, 0, G_N_ELEMENTS (parts))]);
  return g_string_free (name, FALSE);
}

static void
add_tag (Tags *self)
{
  g_autofree char *name = draw_name (self);
  guint64 generation = ++self->generation;

  if (find (self, name))
    return;
  g_ptr_array_add (self->tags,
                   booru_tag_ref_new (self->tags->len + 1, name,
                                      (BooruTagCategory)g_rand_int_range (self->random, 3, 6),
                                      g_rand_int_range (self->random, 0, 50)));
  g_array_append_val (self->changed, generation);
}

static void
change_tag (Tags *self)
{
  guint i = (guint)g_rand_int_range (self->random, 0, (gint)self->tags->len);
  BooruTagRef *tag = self->tags->pdata[i];
  char *name = draw_name (self);

  g_array_index (self->changed, guint64, i) = ++self->generation;
  tag->post_count = g_rand_int_range (self->random, 0, 50);
  tag->category = BOORU_TAG_META;
  if (g_rand_int_range (self->random, 0, 3) == 0 && find (self, name) == NULL)
    {
      g_free (tag->name);
      tag->name = g_steal_pointer (&name);
    }
  g_free (name);
}

static int
compare_tags (gconstpointer a, gconstpointer b)
{
  const BooruTagRef *left = *(BooruTagRef *const *)a, *right = *(BooruTagRef *const *)b;

  if (left->post_count != right->post_count)
    return left->post_count > right->post_count ? -1 : 1;
  return left->id < right->id ? -1 : 1;
}

/* Takes @found over. @all: those that should be found, were there no limit. */
static void
require_tags (GPtrArray *found, GPtrArray *all, guint limit)
{
  g_ptr_array_sort (all, compare_tags);
  g_assert_cmpuint (found->len, ==, MIN (all->len, limit));
  for (guint i = 0; i < found->len; i++)
    {
      const BooruTagRef *tag = found->pdata[i], *wanted = all->pdata[i];

      g_assert_cmpstr (tag->name, ==, wanted->name);
      g_assert_cmpint (tag->id, ==, wanted->id);
      g_assert_cmpint (tag->post_count, ==, wanted->post_count);
      g_assert_cmpint (tag->category, ==, wanted->category);
    }
  g_ptr_array_unref (found);
}

static gboolean
is_word (char character)
{
  return strchr ("_()-[?", character) == NULL;
}

static gboolean
is_completed (const char *name, const char *beginning)
{
  for (gsize i = 0; name[i]; i++)
    if ((i == 0 || (is_word (name[i]) && !is_word (name[i - 1])))
        && strncmp (name + i, beginning, strlen (beginning)) == 0)
      return TRUE;
  return FALSE;
}

static void
require_completed (Tags *self, BooruIndex *index, const char *beginning)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  guint limit = (guint)g_rand_int_range (self->random, 1, 12);

  for (guint i = 0; i < self->tags->len; i++)
    {
      BooruTagRef *tag = self->tags->pdata[i];

      if (tag->post_count > 0 && is_completed (tag->name, beginning))
        g_ptr_array_add (all, tag);
    }
  require_tags (booru_index_complete_tag (index, beginning, limit, NULL), all, limit);
}

/* As GLib has it, in which ? is a wildcard too. */
static void
require_matched (Tags *self, BooruIndex *index, const char *pattern)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  guint limit = (guint)g_rand_int_range (self->random, 1, 101);

  for (guint i = 0; i < self->tags->len; i++)
    {
      BooruTagRef *tag = self->tags->pdata[i];

      if (tag->post_count > 0 && g_pattern_match_simple (pattern, tag->name))
        g_ptr_array_add (all, tag);
    }
  require_tags (booru_index_match_tags (index, pattern, limit, NULL), all, limit);
}

/* The first letters of the words of a name; transfer full. */
static char *
abbreviate (const char *name)
{
  GString *letters = g_string_new (NULL);

  for (gsize i = 0; name[i]; i++)
    if (is_word (name[i]) && (i == 0 || !is_word (name[i - 1])))
      g_string_append_c (letters, name[i]);
  return g_string_free (letters, FALSE);
}

static void
require_expanded (Tags *self, BooruIndex *index, const char *letters)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  guint limit = (guint)g_rand_int_range (self->random, 1, 12);

  for (guint i = 0; i < self->tags->len; i++)
    {
      BooruTagRef *tag = self->tags->pdata[i];
      g_autofree char *own = abbreviate (tag->name);

      if (tag->post_count > 0 && g_str_has_prefix (own, letters))
        g_ptr_array_add (all, tag);
    }
  require_tags (booru_index_expand_tag (index, letters, limit, NULL), all, limit);
}

/* Of those that are one letter away, as many as there are. */
static void
require_corrected (Tags *self, BooruIndex *index, const char *name)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GPtrArray) found = booru_index_correct_tag (index, name, 5, NULL);
  GPtrArray *near = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free);
  guint last = 1;

  for (guint i = 0; i < self->tags->len; i++)
    {
      BooruTagRef *tag = self->tags->pdata[i];

      if (tag->post_count > 0 && booru_tag_get_distance (name, tag->name, 1) == 1)
        g_ptr_array_add (all, tag);
    }
  for (guint i = 0; i < found->len; i++)
    {
      BooruTagRef *tag = found->pdata[i];
      guint distance = booru_tag_get_distance (name, tag->name, 2);

      g_assert_cmpuint (distance, >=, last);
      g_assert_cmpuint (distance, <=, 2);
      last = distance;
      if (distance == 1)
        g_ptr_array_add (near,
                         booru_tag_ref_new (tag->id, tag->name, tag->category, tag->post_count));
    }
  require_tags (near, all, 5);
}

static void
require_all (Tags *self, BooruIndex *index)
{
  static const char *const letters[] = { "l", "lh", "h", "ha", "x", "ab", "hlh" };
  static const char *const beginnings[]
      = { "", "a", "h", "hair", "lo", "x", "é", "(", "_", "zzz", "aba" };
  static const char *const patterns[]
      = { "*",  "a*",   "*a",   "*hair*", "h*r", "*_*_*",      "*é*", "a*b*c",
          "**", "hair", "*(*)", "zzz*",   "*[*", "*hairlong*", "b*b" };
  BooruTagRef *known = self->tags->pdata[g_rand_int_range (self->random, 0, (gint)self->tags->len)];
  g_autoptr (BooruTagRef) found = booru_index_find_tag (index, known->name, NULL);
  g_autofree char *name = draw_name (self);
  g_autoptr (BooruTagRef) other = booru_index_find_tag (index, name, NULL);

  g_assert_cmpint (found->id, ==, known->id);
  g_assert_cmpint (found->post_count, ==, known->post_count);
  g_assert_true ((other != NULL) == (find (self, name) != NULL));
  require_completed (self, index,
                     beginnings[g_rand_int_range (self->random, 0, G_N_ELEMENTS (beginnings))]);
  require_expanded (self, index,
                    letters[g_rand_int_range (self->random, 0, G_N_ELEMENTS (letters))]);
  require_corrected (self, index, name);
  require_matched (self, index,
                   patterns[g_rand_int_range (self->random, 0, G_N_ELEMENTS (patterns))]);
}

static void
test_names (void)
{
  Tags tags = { g_rand_new_with_seed ((guint32)g_test_rand_int ()),
                g_ptr_array_new_with_free_func ((GDestroyNotify)booru_tag_ref_free),
                g_array_new (FALSE, FALSE, sizeof (guint64)), 1 };
  g_autofree char *folder = test_make_folder ();
  g_autoptr (BooruIndex) index = booru_index_new (NULL, "test", &source, &tags);
  g_autoptr (BooruIndex) writer = booru_index_new (folder, "test", &source, &tags);
  g_autoptr (BooruIndex) reader = booru_index_new (folder, "test", &source, &tags);

  for (guint i = 0; i < 500; i++)
    add_tag (&tags);
  for (guint i = 0; i < 1500; i++)
    {
      gboolean more;

      add_tag (&tags);
      change_tag (&tags);
      if (i % 100 == 0)
        g_assert_true (booru_index_write (writer, 1, &more, NULL));
      require_all (&tags, i % 3 == 0 ? index : i % 3 == 1 ? writer : reader);
    }
  test_remove_folder (folder);
  g_rand_free (tags.random);
  g_ptr_array_unref (tags.tags);
  g_array_unref (tags.changed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/index-names/names", test_names);
  return g_test_run ();
}
