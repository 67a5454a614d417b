/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of who did what. */
#include "board/store/booru-store-accounts-private.h"

void
booru_audit_entry_free (BooruAuditEntry *self)
{
  g_return_if_fail (self != NULL);
  g_free (self->user_name);
  g_free (self->action);
  g_free (self->target);
  g_free (self->details);
  g_free (self->address);
  g_free (self);
}

gboolean
booru_store_note_audit (BooruStore *store,
                        const BooruActor *actor,
                        const char *action,
                        const char *target,
                        const char *details,
                        GError **error)
{
  return booru_sql_run (store->sql, error, "add-audit", "xssssx", actor->user_id, action,
                        target ? target : "", details ? details : "",
                        actor->address ? actor->address : "", g_get_real_time ());
}

typedef struct
{
  const BooruActor *actor;
  const char *action, *target, *details;
} Entry;

static gboolean
add (BooruStore *store, gpointer data, GError **error)
{
  const Entry *entry = data;

  return booru_store_note_audit (store, entry->actor, entry->action, entry->target, entry->details,
                                 error);
}

gboolean
booru_store_add_audit (BooruStore *self,
                       const BooruActor *actor,
                       const char *action,
                       const char *target,
                       const char *details,
                       GError **error)
{
  Entry entry = { actor, action, target, details };

  g_return_val_if_fail (BOORU_IS_STORE (self) && actor != NULL && action != NULL, FALSE);

  return booru_store_write (self, BOORU_SQL_NORMAL, add, &entry, error);
}

GPtrArray *
booru_store_list_audit (BooruStore *self,
                        gint64 user_id,
                        gint64 before,
                        guint limit,
                        GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  g_autoptr (GPtrArray) entries
      = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_audit_entry_free);
  g_autoptr (BooruSqlStatement) rows = booru_sql_query (
      self->sql, error, "list-audit", "xxu", user_id, before > 0 ? before : G_MAXINT64, limit);
  BooruSqlStep step;

  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      BooruAuditEntry *entry = g_new0 (BooruAuditEntry, 1);

      entry->id = booru_sql_get_number (rows, 0);
      entry->user_id = booru_sql_get_number (rows, 1);
      entry->user_name = booru_sql_dup_text (rows, 2);
      entry->action = booru_sql_dup_text (rows, 3);
      entry->target = booru_sql_dup_text (rows, 4);
      entry->details = booru_sql_dup_text (rows, 5);
      entry->address = booru_sql_dup_text (rows, 6);
      entry->created_at = booru_sql_get_number (rows, 7);
      g_ptr_array_add (entries, entry);
    }
  return step == BOORU_SQL_DONE ? g_steal_pointer (&entries) : NULL;
}
