/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists of aliases or implications, as other boards have them: looked through first, then put into
 * force as one. */
#include <string.h>

#include "base/booru-error.h"
#include "board/sql/booru-sql-rows.h"
#include "board/store/booru-store-index-private.h"
#include "board/store/booru-store-relations-private.h"

typedef struct
{
  BooruRelationKind kind;
  GPtrArray *items; /* BooruRelationItem */
  gint64 user_id, now;
  gboolean dry_run;
  BooruRelationReport *report;

  BooruRelations *relations; /* those in force, and what of the list was taken */
  GHashTable *ids;           /* name -> id, gint64; negative: of a tag that is still to be made */
  GPtrArray *taken;          /* BooruRelationItem that are put into force */
} List;

static void
list_clear (List *self)
{
  g_clear_pointer (&self->relations, booru_relations_free);
  g_clear_pointer (&self->ids, g_hash_table_unref);
  g_clear_pointer (&self->taken, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (List, list_clear)

static void
put_id (List *self, const char *name, gint64 id)
{
  g_hash_table_replace (self->ids, g_strdup (name), g_memdup2 (&id, sizeof id));
}

static gint64
get_id (const List *self, const char *name)
{
  return *(gint64 *)g_hash_table_lookup (self->ids, name);
}

/* As it is kept: what an alias stands for, but for the name that is to become one. NULL: it cannot
 * be a tag. */
static char *
normalise_name (List *self, const char *name, gboolean resolve, GError **error)
{
  g_autofree char *normal = booru_tag_normalize (name, error);
  const char *target
      = normal != NULL && resolve ? booru_relations_resolve (self->relations, normal) : NULL;

  return target != NULL ? g_strdup (target) : g_steal_pointer (&normal);
}

static gboolean
normalise_item (List *self, BooruRelationItem *item, GError **error)
{
  gboolean resolve = self->kind == BOORU_RELATION_IMPLICATION;
  g_autofree char *antecedent = normalise_name (self, item->antecedent, resolve, error);
  char *consequent
      = antecedent != NULL ? normalise_name (self, item->consequent, TRUE, error) : NULL;

  if (consequent == NULL)
    return FALSE;
  g_free (item->antecedent);
  g_free (item->consequent);
  item->antecedent = g_steal_pointer (&antecedent);
  item->consequent = consequent;
  return TRUE;
}

/* Those whose names cannot be tags are refused. The names of the others: a set. */
static GHashTable *
normalise (List *self)
{
  GHashTable *names = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->items->len; i++)
    {
      BooruRelationItem *item = self->items->pdata[i];
      g_autoptr (GError) error = NULL;

      g_clear_pointer (&item->message, g_free);
      item->outcome = BOORU_RELATION_ITEM_ADDED;
      if (normalise_item (self, item, &error))
        {
          g_hash_table_add (names, item->antecedent);
          g_hash_table_add (names, item->consequent);
          continue;
        }
      item->outcome = BOORU_RELATION_ITEM_REFUSED;
      item->message = g_strdup (error->message);
    }
  return names;
}

static gboolean
find_ids (BooruStore *store, List *self, GHashTable *names, GError **error)
{
  guint n;
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (names, &n);
  g_autofree char *json = booru_sql_strings_to_json ((const char *const *)keys, n);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (store->sql, error, "find-tags", "s", json);
  BooruSqlStep step;

  for (guint i = 0; i < n; i++)
    put_id (self, keys[i], -1 - (gint64)i);
  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      g_autofree char *name = booru_sql_dup_text (rows, 1);

      put_id (self, name, booru_sql_get_number (rows, 0));
    }
  return step == BOORU_SQL_DONE;
}

static void
take (List *self, BooruRelationItem *item)
{
  BooruRelationEnd antecedent = { get_id (self, item->antecedent), item->antecedent };
  BooruRelationEnd consequent = { get_id (self, item->consequent), item->consequent };

  if (self->kind == BOORU_RELATION_ALIAS)
    booru_relations_add_alias (self->relations, &antecedent, &consequent);
  else
    booru_relations_add_implication (self->relations, &antecedent, &consequent);
  g_ptr_array_add (self->taken, item);
}

/* Each is looked at as if those before it had been made. */
static void
check_items (List *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      BooruRelationItem *item = self->items->pdata[i];
      g_autoptr (GError) error = NULL;

      if (item->outcome == BOORU_RELATION_ITEM_ADDED
          && !booru_relations_check (self->relations, self->kind, item->antecedent,
                                     item->consequent, &error))
        {
          item->outcome
              = booru_err_exists (error) ? BOORU_RELATION_ITEM_KNOWN : BOORU_RELATION_ITEM_REFUSED;
          item->message = g_strdup (error->message);
        }
      if (item->outcome == BOORU_RELATION_ITEM_ADDED)
        take (self, item);
      if (item->outcome == BOORU_RELATION_ITEM_ADDED)
        self->report->n_added++;
      else if (item->outcome == BOORU_RELATION_ITEM_KNOWN)
        self->report->n_known++;
      else
        self->report->n_refused++;
    }
}

/* Making those that were taken */

static gboolean
make_tags (BooruStore *store, List *self, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) ids = booru_id_list_new ();

  for (guint i = 0; i < self->taken->len; i++)
    {
      BooruRelationItem *item = self->taken->pdata[i];

      if (self->kind == BOORU_RELATION_IMPLICATION)
        g_hash_table_insert (names, item->antecedent, GINT_TO_POINTER (0));
      g_hash_table_insert (names, item->consequent, GINT_TO_POINTER (0));
    }
  return booru_store_tags_ensure (store, names, FALSE, self->now, ids, error)
         && find_ids (store, self, names, error);
}

static gboolean
insert_rows (BooruStore *store, List *self, GArray *made, GError **error)
{
  gboolean is_alias = self->kind == BOORU_RELATION_ALIAS;
  g_autoptr (BooruSqlStatement) statement = NULL;
  g_auto (BooruSqlRows) rows;
  BooruSqlStep step;

  booru_sql_rows_init (&rows);
  for (guint i = 0; i < self->taken->len; i++)
    {
      const BooruRelationItem *item = self->taken->pdata[i];
      gint64 consequent = get_id (self, item->consequent);
      const char *reason = item->reason != NULL ? item->reason : "";

      if (is_alias)
        booru_sql_rows_add (&rows, "sxs", item->antecedent, consequent, reason);
      else
        booru_sql_rows_add (&rows, "xxs", get_id (self, item->antecedent), consequent, reason);
    }
  statement
      = booru_sql_query (store->sql, error, is_alias ? "insert-aliases" : "insert-implications",
                         "sxx", booru_sql_rows_end (&rows), self->user_id, self->now);
  while ((step = booru_sql_step (statement, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (statement, 0);

      g_array_append_val (made, id);
      booru_sql_note_change (store->sql, BOORU_CHANGE_RELATION, id);
    }
  return step == BOORU_SQL_DONE;
}

static gboolean
insert_job (BooruStore *store, List *self, const GArray *made, GError **error)
{
  gboolean is_alias = self->kind == BOORU_RELATION_ALIAS;
  g_autofree char *title
      = g_strdup_printf ("Add a list of %u %s", made->len, is_alias ? "aliases" : "implications");
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) params = NULL;
  BooruJobDraft draft = { .kind = BOORU_JOB_RELATE, .creator_id = self->user_id, .title = title };

  g_variant_dict_insert (&dict, "active", "b", TRUE);
  g_variant_dict_insert_value (
      &dict, is_alias ? "aliases" : "implications",
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, made->data, made->len, sizeof (gint64)));
  draft.params = params = g_variant_ref_sink (g_variant_dict_end (&dict));
  return booru_store_insert_job (store, &draft, &self->report->job_id, error);
}

static gboolean
make_items (BooruStore *store, List *self, GError **error)
{
  g_autoptr (GArray) made = booru_id_list_new ();

  if (self->taken->len == 0)
    return TRUE;
  if (!make_tags (store, self, error) || !insert_rows (store, self, made, error))
    return FALSE;
  booru_store_forget_relations (store);
  return booru_sql_run (store->sql, error, "note-relations", "")
         && insert_job (store, self, made, error);
}

static gboolean
run (BooruStore *store, gpointer data, GError **error)
{
  List *self = data;
  g_autoptr (GHashTable) names = NULL;

  list_clear (self);
  *self->report = (BooruRelationReport){ 0 };
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->taken = g_ptr_array_new ();
  self->relations = booru_store_load_relations (store, error);
  if (self->relations == NULL)
    return FALSE;
  names = normalise (self);
  if (!find_ids (store, self, names, error))
    return FALSE;
  check_items (self);
  return self->dry_run || make_items (store, self, error);
}

/* How many posts have an antecedent. */
static gboolean
count_posts (BooruStore *store, List *self, GError **error)
{
  BooruIndex *index = booru_store_get_index (store, error);
  g_autoptr (GArray) tags = booru_id_list_new ();
  g_autoptr (GArray) posts = NULL;

  if (index == NULL)
    return FALSE;
  for (guint i = 0; i < self->taken->len; i++)
    {
      gint64 id = get_id (self, ((BooruRelationItem *)self->taken->pdata[i])->antecedent);

      if (id > 0)
        g_array_append_val (tags, id);
    }
  booru_id_list_sort (tags);
  posts = booru_index_list_posts (index, tags, error);
  self->report->n_posts = posts != NULL ? (gint64)posts->len : 0;
  return posts != NULL;
}

static gboolean
look (BooruStore *store, List *self, GError **error)
{
  g_auto (BooruSqlSnapshot) snapshot = booru_store_look (store);

  return run (store, self, error) && count_posts (store, self, error);
}

gboolean
booru_store_add_relations (BooruStore *self,
                           BooruRelationKind kind,
                           GPtrArray *items,
                           gint64 creator_id,
                           gboolean dry_run,
                           BooruRelationReport *report,
                           GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && items != NULL && report != NULL, FALSE);

  g_auto (List) list = { .kind = kind,
                         .items = items,
                         .user_id = creator_id,
                         .now = g_get_real_time (),
                         .dry_run = dry_run,
                         .report = report };
  gboolean done;

  if (dry_run)
    return look (self, &list, error);
  done = booru_store_write (self, BOORU_SQL_NORMAL, run, &list, error);
  booru_store_forget_relations (self);
  return done;
}
