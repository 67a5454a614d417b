/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The aliases and implications that are in force, kept in memory, and lists of all. */
#include "board/store/booru-store-relations-private.h"

#include "base/booru-error.h"
#include "board/booru-store-changes.h"

/* Columns of list-aliases.sql and list-implications.sql. */
enum
{
  COLUMN_ID,
  COLUMN_ANTECEDENT,
  COLUMN_CONSEQUENT,
  COLUMN_STATUS,
  COLUMN_REASON,
  COLUMN_CREATOR,
  COLUMN_UPDATER,
  COLUMN_CREATED_AT,
  COLUMN_UPDATED_AT,
};

/* The statements of a kind. */
static const struct
{
  const char *load, *list, *list_of, *what;
} statements[] = {
  { "load-aliases", "list-aliases", "list-aliases-of", "alias" },
  { "load-implications", "list-implications", "list-implications-of", "implication" },
};

/* What is in force, in memory */

struct _BooruRelationCache
{
  BooruRelations *relations; /* NULL: to be read */
  gint64 are_of;             /* generation of the board that changed them */
  BooruGenerations generations;
  guint64 history; /* booru_store_check_history() */
  guint64 seen;    /* generation of the connection in which the latter were read */
};

static void
cache_free (gpointer data)
{
  BooruRelationCache *self = data;

  g_clear_pointer (&self->relations, booru_relations_free);
  g_free (self);
}

static BooruRelationCache *
ensure_cache (BooruStore *store)
{
  if (store->relations == NULL)
    {
      store->relations = g_new0 (BooruRelationCache, 1);
      store->relations->seen = G_MAXUINT64;
      booru_store_own (store, store->relations, cache_free);
    }
  return store->relations;
}

gboolean
booru_store_read_generations (BooruStore *store, BooruGenerations *generations, GError **error)
{
  BooruRelationCache *self = ensure_cache (store);
  guint64 seen = booru_sql_get_seen_generation (store->sql);

  if (self->seen != seen)
    {
      g_autoptr (BooruSqlStatement) row = NULL;
      gboolean same;

      if (!booru_store_check_history (store, &self->history, &same, error))
        return FALSE;
      if (!same)
        g_clear_pointer (&self->relations, booru_relations_free);
      row = booru_sql_query (store->sql, error, "get-board-generation", "");
      if (booru_sql_step (row, error) != BOORU_SQL_ROW)
        return FALSE;
      self->generations.board = (guint64)booru_sql_get_number (row, 0);
      self->generations.relations = booru_sql_get_number (row, 1);
      self->seen = seen;
    }
  *generations = self->generations;
  return TRUE;
}

typedef void (*AddFunc) (BooruRelations *self,
                         const BooruRelationEnd *antecedent,
                         const BooruRelationEnd *consequent);

static gboolean
load (BooruStore *store, BooruRelations *relations, BooruRelationKind kind, GError **error)
{
  AddFunc add
      = kind == BOORU_RELATION_ALIAS ? booru_relations_add_alias : booru_relations_add_implication;
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (store->sql, error, statements[kind].load, "");
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      BooruRelationEnd antecedent
          = { booru_sql_get_number (rows, 0), booru_sql_get_text (rows, 1) };
      BooruRelationEnd consequent
          = { booru_sql_get_number (rows, 2), booru_sql_get_text (rows, 3) };

      if (antecedent.name == NULL || consequent.name == NULL)
        return booru_sql_fail_corrupt (store->sql, "a tag has no name", error);
      add (relations, &antecedent, &consequent);
    }
  return step == BOORU_SQL_DONE;
}

BooruRelations *
booru_store_load_relations (BooruStore *store, GError **error)
{
  g_autoptr (BooruRelations) relations = booru_relations_new ();

  if (!load (store, relations, BOORU_RELATION_ALIAS, error)
      || !load (store, relations, BOORU_RELATION_IMPLICATION, error))
    return NULL;
  return g_steal_pointer (&relations);
}

BooruRelations *
booru_store_get_relations (BooruStore *store, GError **error)
{
  BooruRelationCache *self = ensure_cache (store);
  BooruGenerations now = { 0 };

  if (booru_sql_is_writing (store->sql))
    now.relations = booru_sql_get_relations (store->sql);
  else if (!booru_store_read_generations (store, &now, error))
    return NULL;
  if (self->relations != NULL && self->are_of == now.relations)
    return self->relations;
  g_clear_pointer (&self->relations, booru_relations_free);
  self->relations = booru_store_load_relations (store, error);
  self->are_of = now.relations;
  return self->relations;
}

void
booru_store_forget_relations (BooruStore *store)
{
  g_clear_pointer (&ensure_cache (store)->relations, booru_relations_free);
}

gboolean
booru_store_resolve_alias (BooruStore *self, const char *name, char **resolved, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && name != NULL && resolved != NULL, FALSE);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  BooruRelations *relations = booru_store_get_relations (self, error);

  *resolved = relations != NULL ? g_strdup (booru_relations_resolve (relations, name)) : NULL;
  return relations != NULL;
}

void
booru_alias_name_free (BooruAliasName *self)
{
  g_free (self->antecedent);
  g_free (self->consequent);
  g_free (self);
}

GPtrArray *
booru_store_complete_alias (BooruStore *self, const char *beginning, guint limit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && beginning != NULL, NULL);

  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (self);
  BooruRelations *relations = booru_store_get_relations (self, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GPtrArray *aliases;

  if (relations == NULL)
    return NULL;
  booru_relations_complete (relations, beginning, limit, names);
  aliases = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_alias_name_free);
  for (guint i = 0; i < names->len; i++)
    {
      BooruAliasName *alias = g_new0 (BooruAliasName, 1);

      alias->antecedent = g_strdup (names->pdata[i]);
      alias->consequent = g_strdup (booru_relations_resolve (relations, names->pdata[i]));
      g_ptr_array_add (aliases, alias);
    }
  return aliases;
}

/* Lists */

static BooruRelation *
read_relation (BooruSqlStatement *row, BooruRelationKind kind)
{
  BooruRelation *relation = g_new0 (BooruRelation, 1);

  relation->id = booru_sql_get_number (row, COLUMN_ID);
  relation->kind = kind;
  relation->antecedent = booru_sql_dup_text (row, COLUMN_ANTECEDENT);
  relation->consequent = booru_sql_dup_text (row, COLUMN_CONSEQUENT);
  relation->status = (BooruRelationStatus)booru_sql_get_number (row, COLUMN_STATUS);
  relation->reason = booru_sql_dup_text (row, COLUMN_REASON);
  relation->creator_id = booru_sql_get_number (row, COLUMN_CREATOR);
  relation->updater_id = booru_sql_get_number (row, COLUMN_UPDATER);
  relation->created_at = booru_sql_get_number (row, COLUMN_CREATED_AT);
  relation->updated_at = booru_sql_get_number (row, COLUMN_UPDATED_AT);
  return relation;
}

static char *
to_like (const char *pattern)
{
  return pattern != NULL ? booru_sql_pattern_to_like (pattern) : NULL;
}

GPtrArray *
booru_store_list_relations (BooruStore *self, const BooruRelationFilter *filter, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && filter != NULL, NULL);

  const BooruPage *page = &filter->page;
  gboolean oldest_first = page->kind == BOORU_PAGE_AFTER;
  gint64 offset = page->kind == BOORU_PAGE_NUMBER ? (page->value - 1) * page->limit : 0;
  g_autofree char *antecedent = to_like (filter->antecedent);
  g_autofree char *consequent = to_like (filter->consequent);
  g_autofree char *either = to_like (filter->either);
  g_autoptr (GPtrArray) relations
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_relation_free);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (
      self->sql, error, statements[filter->kind].list, "xixsssxxbux", filter->id, filter->status,
      filter->creator_id, antecedent, consequent, either,
      page->kind == BOORU_PAGE_BEFORE ? page->value : G_MAXINT64,
      oldest_first ? page->value : (gint64)0, oldest_first, page->limit, MAX (offset, 0));
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (relations, read_relation (rows, filter->kind));
  if (step != BOORU_SQL_DONE)
    return NULL;
  if (oldest_first)
    booru_store_reverse (relations);
  return g_steal_pointer (&relations);
}

GPtrArray *
booru_store_list_relations_of (BooruStore *self,
                               BooruRelationKind kind,
                               const char *const *names,
                               GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && names != NULL, NULL);

  g_autofree char *json = booru_sql_strings_to_json (names, g_strv_length ((char **)names));
  g_autoptr (GPtrArray) relations
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_relation_free);
  g_autoptr (BooruSqlStatement) rows
      = booru_sql_query (self->sql, error, statements[kind].list_of, "s", json);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    g_ptr_array_add (relations, read_relation (rows, kind));
  return step == BOORU_SQL_DONE ? g_steal_pointer (&relations) : NULL;
}

BooruRelation *
booru_store_get_relation (BooruStore *self, BooruRelationKind kind, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  BooruRelationFilter filter = BOORU_RELATION_FILTER_INIT;
  g_autoptr (GPtrArray) found = NULL;

  filter.kind = kind;
  filter.id = id;
  found = id > 0 ? booru_store_list_relations (self, &filter, error) : g_ptr_array_new ();
  if (found == NULL)
    return NULL;
  if (found->len > 0)
    return g_ptr_array_steal_index (found, 0);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no %s %" G_GINT64_FORMAT,
               statements[kind].what, id);
  return NULL;
}
