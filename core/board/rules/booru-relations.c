/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/rules/booru-relations.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-id-list.h"

/* A longer chain of aliases can only be a circle, which is never made. */
#define MAX_CHAIN 64

typedef struct
{
  gint64 antecedent_id; /* 0: no tag has that name */
  char *consequent;
} Alias;

struct _BooruRelations
{
  GHashTable *aliases;   /* name -> Alias */
  GHashTable *others;    /* name of a consequent -> GPtrArray of antecedents */
  GHashTable *canonical; /* id of an antecedent -> id of its consequent, gint64 */
  GPtrArray *sorted;     /* antecedents in their order; NULL: not needed yet */

  GHashTable *implied;  /* id -> ids that it implies directly */
  GHashTable *closures; /* id -> ids that it implies at all; as far as they were asked for */
  GHashTable *names;    /* id -> name, of tags with implications */
  GHashTable *ids;      /* name -> &id, likewise */
};

static void
alias_free (gpointer data)
{
  Alias *self = data;

  g_free (self->consequent);
  g_free (self);
}

BooruRelations *
booru_relations_new (void)
{
  BooruRelations *self = g_new0 (BooruRelations, 1);

  self->aliases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, alias_free);
  self->others
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  self->canonical = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->implied
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
  self->closures
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
  self->names = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
booru_relations_free (BooruRelations *self)
{
  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->closures);
  g_hash_table_unref (self->implied);
  g_hash_table_unref (self->canonical);
  g_hash_table_unref (self->others);
  g_clear_pointer (&self->sorted, g_ptr_array_unref);
  g_hash_table_unref (self->aliases);
  g_free (self);
}

static gpointer
copy_id (gint64 id)
{
  return g_memdup2 (&id, sizeof id);
}

static void
add_other (BooruRelations *self, const char *consequent, char *antecedent)
{
  GPtrArray *others = g_hash_table_lookup (self->others, consequent);

  if (others == NULL)
    {
      others = g_ptr_array_new ();
      g_hash_table_insert (self->others, g_strdup (consequent), others);
    }
  g_ptr_array_add (others, antecedent);
}

void
booru_relations_add_alias (BooruRelations *self,
                           const BooruRelationEnd *antecedent,
                           const BooruRelationEnd *consequent)
{
  Alias *alias;
  char *name;

  g_return_if_fail (!g_hash_table_contains (self->aliases, antecedent->name));

  name = g_strdup (antecedent->name);
  alias = g_new0 (Alias, 1);
  alias->antecedent_id = antecedent->id;
  alias->consequent = g_strdup (consequent->name);
  g_hash_table_insert (self->aliases, name, alias);
  add_other (self, consequent->name, name);
  if (antecedent->id != 0)
    g_hash_table_replace (self->canonical, copy_id (antecedent->id), copy_id (consequent->id));
  g_clear_pointer (&self->sorted, g_ptr_array_unref);
}

gint64
booru_relations_get_canonical (const BooruRelations *self, gint64 id)
{
  const gint64 *next;

  for (guint i = 0; i < MAX_CHAIN && (next = g_hash_table_lookup (self->canonical, &id)); i++)
    id = *next;
  return id;
}

const char *
booru_relations_resolve (const BooruRelations *self, const char *name)
{
  const char *found = NULL;
  const Alias *alias;

  for (guint i = 0; i < MAX_CHAIN && (alias = g_hash_table_lookup (self->aliases, name)); i++)
    found = name = alias->consequent;
  return found;
}

static const char *
resolve (const BooruRelations *self, const char *name)
{
  const char *found = booru_relations_resolve (self, name);

  return found != NULL ? found : name;
}

static void
list_others (const BooruRelations *self, const char *name, guint depth, GPtrArray *names)
{
  const GPtrArray *others = g_hash_table_lookup (self->others, name);

  for (guint i = 0; others != NULL && depth < MAX_CHAIN && i < others->len; i++)
    {
      const Alias *alias = g_hash_table_lookup (self->aliases, others->pdata[i]);

      if (alias->antecedent_id != 0)
        g_ptr_array_add (names, others->pdata[i]);
      list_others (self, others->pdata[i], depth + 1, names);
    }
}

void
booru_relations_list_others (const BooruRelations *self, const char *name, GPtrArray *names)
{
  list_others (self, name, 0, names);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
sort_antecedents (BooruRelations *self)
{
  GHashTableIter iter;
  gpointer name;

  if (self->sorted != NULL)
    return;
  self->sorted = g_ptr_array_sized_new (g_hash_table_size (self->aliases));
  g_hash_table_iter_init (&iter, self->aliases);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (self->sorted, name);
  g_ptr_array_sort (self->sorted, compare_names);
}

/* The place of the first antecedent that is not below @name. */
static guint
find_antecedent (const BooruRelations *self, const char *name)
{
  guint from = 0, end = self->sorted->len;

  while (from < end)
    {
      guint middle = (from + end) / 2;

      if (strcmp (self->sorted->pdata[middle], name) < 0)
        from = middle + 1;
      else
        end = middle;
    }
  return from;
}

void
booru_relations_complete (BooruRelations *self,
                          const char *beginning,
                          guint limit,
                          GPtrArray *names)
{
  guint n = 0;

  sort_antecedents (self);
  for (guint i = find_antecedent (self, beginning);
       i < self->sorted->len && n < limit && g_str_has_prefix (self->sorted->pdata[i], beginning);
       i++, n++)
    g_ptr_array_add (names, self->sorted->pdata[i]);
}

void
booru_relations_canonicalise (const BooruRelations *self, GArray *ids)
{
  gboolean changed = FALSE;

  if (g_hash_table_size (self->canonical) == 0)
    return;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = booru_relations_get_canonical (self, g_array_index (ids, gint64, i));

      changed = changed || id != g_array_index (ids, gint64, i);
      g_array_index (ids, gint64, i) = id;
    }
  if (changed)
    booru_id_list_sort (ids);
}

/* Implications */

static void
remember_name (BooruRelations *self, gint64 id, const char *name)
{
  gpointer key;
  char *copy;

  if (g_hash_table_contains (self->names, &id))
    return;
  key = copy_id (id);
  copy = g_strdup (name);
  g_hash_table_insert (self->names, key, copy);
  g_hash_table_insert (self->ids, copy, key);
}

/* The tag that an end stands for. */
static gint64
take_end (BooruRelations *self, const BooruRelationEnd *end)
{
  gint64 id = booru_relations_get_canonical (self, end->id);

  remember_name (self, id, resolve (self, end->name));
  return id;
}

void
booru_relations_add_implication (BooruRelations *self,
                                 const BooruRelationEnd *antecedent,
                                 const BooruRelationEnd *consequent)
{
  gint64 from = take_end (self, antecedent), to = take_end (self, consequent);
  GArray *direct = g_hash_table_lookup (self->implied, &from);

  if (from == to)
    return;
  if (direct == NULL)
    {
      direct = booru_id_list_new ();
      g_hash_table_insert (self->implied, copy_id (from), direct);
    }
  g_array_append_val (direct, to);
  booru_id_list_sort (direct);
  g_hash_table_remove_all (self->closures);
}

gboolean
booru_relations_has_implications (const BooruRelations *self)
{
  return g_hash_table_size (self->implied) > 0;
}

const char *
booru_relations_get_name (const BooruRelations *self, gint64 id)
{
  return g_hash_table_lookup (self->names, &id);
}

/* All that can be reached from @id, with the ids through which: @reached (id -> &id) has these. */
static GArray *
reach (const BooruRelations *self, gint64 id, GHashTable *reached)
{
  GArray *queue = booru_id_list_new ();
  guint next = 0;

  g_array_append_val (queue, id);
  while (next < queue->len)
    {
      gint64 from = g_array_index (queue, gint64, next++);
      const GArray *direct = g_hash_table_lookup (self->implied, &from);

      for (guint i = 0; direct != NULL && i < direct->len; i++)
        {
          gint64 to = g_array_index (direct, gint64, i);

          if (to == id || g_hash_table_contains (reached, &to))
            continue;
          g_hash_table_insert (reached, copy_id (to), copy_id (from));
          g_array_append_val (queue, to);
        }
    }
  g_array_remove_index (queue, 0);
  booru_id_list_sort (queue);
  return queue;
}

static GHashTable *
reached_new (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
}

static const GArray *
get_closure (BooruRelations *self, gint64 id)
{
  GArray *closure = g_hash_table_lookup (self->closures, &id);
  g_autoptr (GHashTable) reached = NULL;

  if (closure != NULL)
    return closure;
  reached = reached_new ();
  closure = reach (self, id, reached);
  g_hash_table_insert (self->closures, copy_id (id), closure);
  return closure;
}

void
booru_relations_imply (BooruRelations *self, const GArray *tags, GArray *implied)
{
  guint before = implied->len;

  for (guint i = 0; i < tags->len; i++)
    {
      gint64 id = g_array_index (tags, gint64, i);

      if (g_hash_table_contains (self->implied, &id))
        {
          const GArray *closure = get_closure (self, id);

          g_array_append_vals (implied, closure->data, closure->len);
        }
    }
  if (implied->len > before)
    booru_id_list_sort (implied);
}

static gboolean
have_common (const GArray *ids, const GArray *others)
{
  for (guint i = 0; i < ids->len; i++)
    if (booru_id_list_contain (others, g_array_index (ids, gint64, i)))
      return TRUE;
  return FALSE;
}

void
booru_relations_list_implying (BooruRelations *self, GArray *ids)
{
  g_autoptr (GArray) implying = booru_id_list_new ();
  GHashTableIter iter;
  gpointer from;

  g_hash_table_iter_init (&iter, self->implied);
  while (g_hash_table_iter_next (&iter, &from, NULL))
    if (have_common (get_closure (self, *(gint64 *)from), ids))
      g_array_append_vals (implying, from, 1);
  booru_id_list_unite (ids, implying);
}

/* Whether a relation can be added */

/* "a → b → c", if a implies c through others or directly; NULL: it does not. */
static char *
describe_path (const BooruRelations *self, const char *from, const char *to)
{
  const gint64 *first = g_hash_table_lookup (self->ids, from);
  const gint64 *last = g_hash_table_lookup (self->ids, to), *at;
  g_autoptr (GHashTable) reached = reached_new ();
  g_autoptr (GArray) closure = NULL;
  g_autoptr (GString) text = NULL;

  if (first == NULL || last == NULL)
    return NULL;
  closure = reach (self, *first, reached);
  if (!booru_id_list_contain (closure, *last))
    return NULL;
  text = g_string_new (to);
  for (at = last; *at != *first;)
    {
      at = g_hash_table_lookup (reached, at);
      g_string_prepend (text, " → ");
      g_string_prepend (text, booru_relations_get_name (self, *at));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* "a → b → c", along aliases. */
static char *
describe_chain (const BooruRelations *self, const char *name)
{
  GString *text = g_string_new (name);
  const Alias *alias;

  for (guint i = 0; i < MAX_CHAIN && (alias = g_hash_table_lookup (self->aliases, name)); i++)
    {
      name = alias->consequent;
      g_string_append_printf (text, " → %s", name);
    }
  return g_string_free (text, FALSE);
}

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (GError **error, BooruError code, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, BOORU_ERROR, code, message);
  return FALSE;
}

static gboolean
check_alias (BooruRelations *self, const char *antecedent, const char *consequent, GError **error)
{
  const Alias *known = g_hash_table_lookup (self->aliases, antecedent);
  const char *target = resolve (self, consequent);
  g_autofree char *chain = describe_chain (self, consequent);
  g_autofree char *path = NULL;

  if (known != NULL && strcmp (known->consequent, consequent) == 0)
    return refuse (error, BOORU_ERROR_EXISTS, "“%s” is an alias of “%s” already", antecedent,
                   consequent);
  if (strcmp (target, antecedent) == 0)
    return refuse (error, BOORU_ERROR_INVALID,
                   "“%s” cannot be an alias of “%s”: that would be a circle, %s → %s", antecedent,
                   consequent, antecedent, chain);
  if (known != NULL)
    return refuse (error, BOORU_ERROR_EXISTS,
                   "“%s” is an alias of “%s” already. Remove that alias first", antecedent,
                   known->consequent);
  path = describe_path (self, antecedent, target);
  if (path == NULL)
    path = describe_path (self, target, antecedent);
  if (path == NULL)
    return TRUE;
  return refuse (error, BOORU_ERROR_INVALID,
                 "“%s” cannot be an alias of “%s”: one implies the other (%s). Remove that "
                 "implication first",
                 antecedent, consequent, path);
}

static gboolean
check_implication (BooruRelations *self,
                   const char *antecedent,
                   const char *consequent,
                   GError **error)
{
  const char *from = resolve (self, antecedent), *to = resolve (self, consequent);
  const gint64 *from_id = g_hash_table_lookup (self->ids, from);
  const gint64 *to_id = g_hash_table_lookup (self->ids, to);
  const GArray *direct = from_id != NULL ? g_hash_table_lookup (self->implied, from_id) : NULL;
  g_autofree char *path = NULL;

  if (strcmp (from, to) == 0)
    return refuse (error, BOORU_ERROR_INVALID,
                   "“%s” cannot imply “%s”: both are the same tag, “%s”, by an alias. Remove that "
                   "alias first",
                   antecedent, consequent, to);
  if (direct != NULL && to_id != NULL && booru_id_list_contain (direct, *to_id))
    return refuse (error, BOORU_ERROR_EXISTS, "“%s” implies “%s” already", from, to);
  path = describe_path (self, to, from);
  if (path == NULL)
    return TRUE;
  return refuse (error, BOORU_ERROR_INVALID,
                 "“%s” cannot imply “%s”: that would be a circle, %s → %s", from, to, from, path);
}

gboolean
booru_relations_check (BooruRelations *self,
                       BooruRelationKind kind,
                       const char *antecedent,
                       const char *consequent,
                       GError **error)
{
  if (strcmp (antecedent, consequent) == 0)
    return refuse (error, BOORU_ERROR_INVALID,
                   kind == BOORU_RELATION_ALIAS ? "“%s” cannot be an alias of itself"
                                                : "“%s” cannot imply itself",
                   antecedent);
  return kind == BOORU_RELATION_ALIAS ? check_alias (self, antecedent, consequent, error)
                                      : check_implication (self, antecedent, consequent, error);
}
