/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making and removing aliases and implications, and what posts have by them: a job. */
#include "board/store/booru-store-relations-private.h"

#include <string.h>

#include "base/booru-error.h"

#define MAX_REASON 1000 /* bytes */

/* By kind. @param: the member of a job's parameters that lists them. */
static const struct
{
  const char *insert, *set_statuses, *list_tags, *param;
} statements[] = {
  { "insert-alias", "set-alias-statuses", "list-alias-tags", "aliases" },
  { "insert-implication", "set-implication-statuses", "list-implication-tags", "implications" },
};

static const BooruRelationKind both[] = { BOORU_RELATION_ALIAS, BOORU_RELATION_IMPLICATION };

/* Some relations, and what is done to them. */
typedef struct
{
  GArray *ids[G_N_ELEMENTS (both)]; /* by kind */
  gboolean active;                  /* they come into force; otherwise they go out of it */
} Turn;

static void
turn_init (Turn *self, gboolean active)
{
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    self->ids[i] = booru_id_list_new ();
  self->active = active;
}

static void
turn_clear (Turn *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    g_array_unref (self->ids[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Turn, turn_clear)

static guint
turn_count (const Turn *self)
{
  return self->ids[BOORU_RELATION_ALIAS]->len + self->ids[BOORU_RELATION_IMPLICATION]->len;
}

static GVariant *
turn_to_params (const Turn *self)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "active", "b", self->active);
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    g_variant_dict_insert_value (&dict, statements[i].param,
                                 g_variant_new_fixed_array (G_VARIANT_TYPE_INT64,
                                                            self->ids[i]->data, self->ids[i]->len,
                                                            sizeof (gint64)));
  return g_variant_dict_end (&dict);
}

static void
turn_from_params (Turn *self, GVariant *params)
{
  turn_init (self, booru_job_params_get_truth (params, "active"));
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_autoptr (GArray) ids = booru_job_params_get_numbers (params, statements[i].param);

      g_array_append_vals (self->ids[i], ids->data, ids->len);
    }
}

/* Which posts may change */

static gboolean
list_tags (BooruStore *store, const char *name, const GArray *ids, GArray *tags, GError **error)
{
  g_autofree char *json = booru_sql_numbers_to_json ((const gint64 *)(gpointer)ids->data, ids->len);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (store->sql, error, name, "s", json);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0);

      g_array_append_val (tags, id);
    }
  return step == BOORU_SQL_DONE;
}

gboolean
booru_store_list_touched_tags (BooruStore *store, GVariant *params, GArray *tags, GError **error)
{
  BooruRelations *relations;
  g_auto (Turn) turn;

  turn_from_params (&turn, params);
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    if (turn.ids[i]->len > 0
        && !list_tags (store, statements[i].list_tags, turn.ids[i], tags, error))
      return FALSE;
  relations = booru_store_get_relations (store, error);
  if (relations == NULL)
    return FALSE;
  booru_id_list_sort (tags);
  booru_relations_list_implying (relations, tags);
  return TRUE;
}

/* Putting them into force and out of it */

static gboolean
set_statuses (BooruStore *store, const Turn *turn, gint64 user_id, gint64 now, GError **error)
{
  BooruRelationStatus status = turn->active ? BOORU_RELATION_ACTIVE : BOORU_RELATION_DELETED;

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_autofree char *json = booru_sql_numbers_to_json (
          (const gint64 *)(gpointer)turn->ids[i]->data, turn->ids[i]->len);

      if (turn->ids[i]->len > 0
          && !booru_sql_run (store->sql, error, statements[i].set_statuses, "sixx", json,
                             (gint)status, user_id, now))
        return FALSE;
    }
  return TRUE;
}

static gboolean
note_turn (BooruStore *store, const Turn *turn, GError **error)
{
  booru_store_forget_relations (store);
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (guint j = 0; j < turn->ids[i]->len; j++)
      booru_sql_note_change (store->sql, BOORU_CHANGE_RELATION,
                             g_array_index (turn->ids[i], gint64, j));
  return booru_sql_run (store->sql, error, "note-relations", "");
}

static gboolean
insert_turn_job (BooruStore *store,
                 const Turn *turn,
                 const char *title,
                 gint64 user_id,
                 gint64 *job_id,
                 GError **error)
{
  BooruJobDraft draft = {
    .kind = BOORU_JOB_RELATE, .creator_id = user_id, .title = title, .params = turn_to_params (turn)
  };

  return booru_store_insert_job (store, &draft, job_id, error);
}

static BooruRelationFilter
filter_by_id (BooruRelationKind kind, gint64 id)
{
  BooruRelationFilter filter = BOORU_RELATION_FILTER_INIT;

  filter.kind = kind;
  filter.id = id;
  return filter;
}

/* Whether each can come into force again, as if they were made now, one after the other. */
static gboolean
check_return (BooruStore *store, Turn *turn, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    for (guint j = 0; j < turn->ids[i]->len; j++)
      {
        BooruRelationFilter filter
            = filter_by_id (both[i], g_array_index (turn->ids[i], gint64, j));
        g_autoptr (GPtrArray) found = booru_store_list_relations (store, &filter, error);
        const BooruRelation *relation = found != NULL && found->len > 0 ? found->pdata[0] : NULL;
        BooruRelations *relations = booru_store_get_relations (store, error);

        if (found == NULL || relations == NULL)
          return FALSE;
        if (relation != NULL && relation->status == BOORU_RELATION_DELETED
            && !booru_relations_check (relations, both[i], relation->antecedent,
                                       relation->consequent, error))
          return FALSE;
      }
  return TRUE;
}

gboolean
booru_store_turn_relations (BooruStore *store,
                            GVariant *params,
                            gint64 user_id,
                            BooruJobDraft *undo,
                            GError **error)
{
  g_auto (Turn) turn;

  turn_from_params (&turn, params);
  if (turn_count (&turn) == 0)
    return TRUE;
  turn.active = !turn.active;
  if ((turn.active && !check_return (store, &turn, error))
      || !set_statuses (store, &turn, user_id, g_get_real_time (), error)
      || !note_turn (store, &turn, error))
    return FALSE;
  undo->params = turn_to_params (&turn);
  return TRUE;
}

/* One relation */

typedef struct
{
  BooruRelationKind kind;
  char *antecedent, *consequent, *reason; /* normalised; valid text */
  gint64 id;
  gint64 user_id, now;
  gint64 job_id; /* 0: nothing was to be done */
} Change;

static void
change_clear (Change *self)
{
  g_free (self->antecedent);
  g_free (self->consequent);
  g_free (self->reason);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

/* The tag of a name, made if there is none. Of an alias it is the one that it stands for. */
static gboolean
ensure_tag (BooruStore *store, const char *name, gint64 now, gint64 *id, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) ids = booru_id_list_new ();

  g_hash_table_insert (names, (gpointer)name, GINT_TO_POINTER (0));
  if (!booru_store_tags_ensure (store, names, FALSE, now, ids, error))
    return FALSE;
  *id = g_array_index (ids, gint64, 0);
  return TRUE;
}

static gboolean
insert (BooruStore *store, Change *change, GError **error)
{
  gint64 antecedent = 0, consequent;

  if ((change->kind == BOORU_RELATION_IMPLICATION
       && !ensure_tag (store, change->antecedent, change->now, &antecedent, error))
      || !ensure_tag (store, change->consequent, change->now, &consequent, error))
    return FALSE;
  if (change->kind == BOORU_RELATION_IMPLICATION)
    return booru_sql_read_number (store->sql, &change->id, error, "insert-implication", "xxsxx",
                                  antecedent, consequent, change->reason, change->user_id,
                                  change->now);
  return booru_sql_read_number (store->sql, &change->id, error, "insert-alias", "sxsxx",
                                change->antecedent, consequent, change->reason, change->user_id,
                                change->now);
}

static char *
make_title (const Change *change, gboolean active)
{
  const char *what = change->kind == BOORU_RELATION_ALIAS ? "alias" : "implication";

  return g_strdup_printf ("%s %s %s → %s", active ? "Add" : "Remove", what, change->antecedent,
                          change->consequent);
}

/* The relation of @change comes into force or goes out of it. */
static gboolean
finish_change (BooruStore *store, Change *change, gboolean active, GError **error)
{
  g_autofree char *title = make_title (change, active);
  g_auto (Turn) turn;

  turn_init (&turn, active);
  g_array_append_val (turn.ids[change->kind], change->id);
  return note_turn (store, &turn, error)
         && insert_turn_job (store, &turn, title, change->user_id, &change->job_id, error);
}

static gboolean
add_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Change *change = data;
  BooruRelations *relations = booru_store_get_relations (store, error);

  return relations != NULL
         && booru_relations_check (relations, change->kind, change->antecedent, change->consequent,
                                   error)
         && insert (store, change, error) && finish_change (store, change, TRUE, error);
}

static gboolean
check_reason (const char *given, char **reason, GError **error)
{
  if (given != NULL && (!g_utf8_validate (given, -1, NULL) || strlen (given) > MAX_REASON))
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID,
                   "The reason is not valid text of at most %d bytes", MAX_REASON);
      return FALSE;
    }
  *reason = g_strstrip (g_strdup (given != NULL ? given : ""));
  return TRUE;
}

/* After the write. */
static BooruRelation *
take_result (BooruStore *self,
             const Change *change,
             gboolean written,
             gint64 *job_id,
             GError **error)
{
  booru_store_forget_relations (self);
  if (!written)
    return NULL;
  if (job_id != NULL)
    *job_id = change->job_id;
  return booru_store_get_relation (self, change->kind, change->id, error);
}

BooruRelation *
booru_store_add_relation (BooruStore *self,
                          BooruRelationKind kind,
                          const char *antecedent,
                          const char *consequent,
                          const char *reason,
                          gint64 creator_id,
                          gint64 *job_id,
                          GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && antecedent != NULL && consequent != NULL, NULL);

  g_auto (Change) change = { .kind = kind, .user_id = creator_id, .now = g_get_real_time () };
  gboolean written;

  change.antecedent = booru_tag_normalize (antecedent, error);
  change.consequent = change.antecedent != NULL ? booru_tag_normalize (consequent, error) : NULL;
  if (change.consequent == NULL || !check_reason (reason, &change.reason, error))
    return NULL;
  written = booru_store_write (self, BOORU_SQL_NORMAL, add_in_transaction, &change, error);
  return take_result (self, &change, written, job_id, error);
}

static gboolean
remove_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Change *change = data;
  g_autoptr (BooruRelation) relation
      = booru_store_get_relation (store, change->kind, change->id, error);
  g_auto (Turn) turn;

  turn_init (&turn, FALSE);
  if (relation == NULL || relation->status == BOORU_RELATION_DELETED)
    return relation != NULL;
  change->antecedent = g_strdup (relation->antecedent);
  change->consequent = g_strdup (relation->consequent);
  g_array_append_val (turn.ids[change->kind], change->id);
  return set_statuses (store, &turn, change->user_id, change->now, error)
         && finish_change (store, change, FALSE, error);
}

BooruRelation *
booru_store_remove_relation (BooruStore *self,
                             BooruRelationKind kind,
                             gint64 id,
                             gint64 user_id,
                             gint64 *job_id,
                             GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_auto (Change) change
      = { .kind = kind, .id = id, .user_id = user_id, .now = g_get_real_time () };
  gboolean written
      = booru_store_write (self, BOORU_SQL_NORMAL, remove_in_transaction, &change, error);

  return take_result (self, &change, written, job_id, error);
}
