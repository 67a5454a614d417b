/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What users do with records. */
#include "board/store/booru-store-records-private.h"

#include <string.h>

#include "base/booru-error.h"

typedef struct
{
  const BooruRecordType *type;
  gint64 id; /* 0: a new one */
  const BooruUser *by;
  GHashTable *edit;
  gint64 version_id;
  gint64 post_id;
  gboolean flag; /* deleted, or in the list */
  gboolean (*change) (BooruStore *store,
                      const gpointer request,
                      BooruRecord **after,
                      GError **error);
  BooruRecord *result;
} Request;

static gboolean
check_owner (const BooruRecord *record, const BooruUser *by, GError **error)
{
  const BooruRecordType *type = record->type;

  if (!type->owned || booru_record_get_number (record, type->owner) == by->id
      || (by->access >= BOORU_ACCESS_ADMIN && !type->secret))
    return TRUE;
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_DENIED, "This %s is another user's", type->title);
  return FALSE;
}

static gboolean
fail_field (const BooruRecordType *type, const char *name, GError **error)
{
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "A %s has no “%.80s” that can be set",
               type->title, name);
  return FALSE;
}

/* Danbooru's forms send lists as "NAME_string", too, some of them in the singular. */
static char *
dup_field_name (const BooruRecordType *type, const char *name)
{
  g_autofree char *plain = NULL;

  if (!g_str_has_suffix (name, "_string"))
    return g_strdup (name);
  plain = g_strndup (name, strlen (name) - strlen ("_string"));
  return booru_record_type_find_field (type, plain) != NULL ? g_steal_pointer (&plain)
                                                            : g_strconcat (plain, "s", NULL);
}

static gboolean
apply_edit (BooruRecord *record, GHashTable *edit, gboolean is_new, GError **error)
{
  guint settable = BOORU_FIELD_EDIT | (is_new ? BOORU_FIELD_CREATE : 0);
  GHashTableIter iter;
  const char *key, *text;

  g_hash_table_iter_init (&iter, edit);
  while (g_hash_table_iter_next (&iter, (gpointer *)&key, (gpointer *)&text))
    {
      g_autofree char *name = dup_field_name (record->type, key);
      const BooruField *field = booru_record_type_find_field (record->type, name);

      if (field == NULL || !(field->flags & settable))
        return fail_field (record->type, key, error);
      if (!booru_record_read_text (record, name, text, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_required (const BooruRecord *record, GError **error)
{
  for (guint i = 0; i < record->type->n_fields; i++)
    {
      const BooruField *field = &record->type->fields[i];

      if ((field->flags & BOORU_FIELD_REQUIRED)
          && (field->type == BOORU_FIELD_TEXT ? *record->values[i].text == '\0'
                                              : record->values[i].number == 0))
        {
          g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "%s can't be blank", field->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
change_by_edit (BooruStore *store, const gpointer data, BooruRecord **after, GError **error)
{
  const Request *request = data;

  return apply_edit (*after, request->edit, request->id == 0, error)
         && check_required (*after, error);
}

static gboolean
change_deleted (BooruStore *store, const gpointer data, BooruRecord **after, GError **error)
{
  const Request *request = data;
  const char *name = request->type->deleted;

  if (name != NULL)
    booru_record_set_number (*after, name,
                             request->flag == (strcmp (name, "is_active") != 0) ? 1 : 0);
  else if (request->flag)
    g_clear_pointer (after, booru_record_free);
  return TRUE;
}

static gboolean
change_to_version (BooruStore *store, const gpointer data, BooruRecord **after, GError **error)
{
  const Request *request = data;
  const BooruRecordType *versions = booru_record_type_get_versions (request->type);
  g_autoptr (BooruRecord) version
      = booru_store_read_record (store, versions, request->version_id, error);
  gint64 deleted;

  if (version == NULL)
    return FALSE;
  if (version->values[1].number != request->id
      || booru_record_get_number (version, "kind") != (gint64)request->type->kind)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND,
                   "Version %" G_GINT64_FORMAT " is not one of this %s", request->version_id,
                   request->type->title);
      return FALSE;
    }
  deleted = request->type->deleted != NULL
                ? booru_record_get_number (*after, request->type->deleted)
                : 0;
  booru_record_take_kept (*after, version);
  if (request->type->deleted != NULL)
    booru_record_set_number (*after, request->type->deleted, deleted);
  return TRUE;
}

static gboolean
change_list (BooruStore *store, const gpointer data, BooruRecord **after, GError **error)
{
  const Request *request = data;
  g_autoptr (GArray) ids = g_array_copy ((GArray *)booru_record_get_ids (*after, "post_ids"));
  guint at = 0;

  while (at < ids->len && g_array_index (ids, gint64, at) != request->post_id)
    at++;
  if (request->flag && at == ids->len)
    g_array_append_val (ids, request->post_id);
  else if (!request->flag && at < ids->len)
    g_array_remove_index (ids, at);
  booru_record_set_ids (*after, "post_ids", ids);
  return TRUE;
}

static gboolean
write_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Request *request = data;
  BooruRecordWrite write = { request->type, request->by, .now = g_get_real_time () };
  g_autoptr (BooruRecord) before = NULL;
  gboolean written;

  if (request->id != 0)
    {
      before = booru_store_read_record (store, request->type, request->id, error);
      if (before == NULL || !check_owner (before, request->by, error))
        return FALSE;
    }
  write.before = before;
  write.after = before != NULL ? booru_record_copy (before) : booru_record_new (request->type);
  if (before == NULL && request->type->owner != NULL)
    booru_record_set_number (write.after, request->type->owner, request->by->id);
  written = request->change (store, request, &write.after, error)
            && booru_store_write_record (store, &write, error);
  if (written)
    request->result = g_steal_pointer (&write.after);
  g_clear_pointer (&write.after, booru_record_free);
  return written;
}

static BooruRecord *
run_request (BooruStore *self, Request *request, GError **error)
{
  if (booru_store_write (self, BOORU_SQL_NORMAL, write_in_transaction, request, error))
    return request->result;
  g_clear_pointer (&request->result, booru_record_free);
  return NULL;
}

BooruRecord *
booru_store_create_record (BooruStore *self,
                           const BooruRecordType *type,
                           GHashTable *edit,
                           const BooruUser *by,
                           GError **error)
{
  Request request = { type, 0, by, edit, .change = change_by_edit };

  g_return_val_if_fail (BOORU_IS_STORE (self) && type != NULL && edit != NULL && by != NULL, NULL);
  return run_request (self, &request, error);
}

BooruRecord *
booru_store_update_record (BooruStore *self,
                           const BooruRecordType *type,
                           gint64 id,
                           GHashTable *edit,
                           const BooruUser *by,
                           GError **error)
{
  Request request = { type, id, by, edit, .change = change_by_edit };

  g_return_val_if_fail (BOORU_IS_STORE (self) && type != NULL && edit != NULL && by != NULL, NULL);
  return run_request (self, &request, error);
}

gboolean
booru_store_set_record_deleted (BooruStore *self,
                                const BooruRecordType *type,
                                gint64 id,
                                gboolean deleted,
                                const BooruUser *by,
                                GError **error)
{
  Request request = { type, id, by, .flag = deleted, .change = change_deleted };
  gboolean done;

  g_return_val_if_fail (BOORU_IS_STORE (self) && type != NULL && by != NULL, FALSE);
  done = booru_store_write (self, BOORU_SQL_NORMAL, write_in_transaction, &request, error);
  booru_record_free (request.result);
  return done;
}

BooruRecord *
booru_store_revert_record (BooruStore *self,
                           const BooruRecordType *type,
                           gint64 id,
                           gint64 version_id,
                           const BooruUser *by,
                           GError **error)
{
  Request request = { type, id, by, .version_id = version_id, .change = change_to_version };

  g_return_val_if_fail (
      BOORU_IS_STORE (self) && type != NULL && type->versions != NULL && by != NULL, NULL);
  return run_request (self, &request, error);
}

BooruRecord *
booru_store_put_in_list (BooruStore *self,
                         const BooruRecordType *type,
                         gint64 id,
                         gint64 post_id,
                         gboolean wanted,
                         const BooruUser *by,
                         GError **error)
{
  Request request = { type, id, by, .post_id = post_id, .flag = wanted, .change = change_list };

  g_return_val_if_fail (BOORU_IS_STORE (self) && type != NULL && by != NULL, NULL);
  return run_request (self, &request, error);
}

gboolean
booru_store_put_in_list_now (BooruStore *store,
                             const BooruRecordType *type,
                             gint64 id,
                             gint64 post_id,
                             gboolean wanted,
                             const BooruUser *by,
                             GError **error)
{
  Request request = { type, id, by, .post_id = post_id, .flag = wanted, .change = change_list };
  gboolean done = write_in_transaction (store, &request, error);

  booru_record_free (request.result);
  return done;
}

gboolean
booru_store_create_now (BooruStore *store,
                        const BooruRecordType *type,
                        GHashTable *edit,
                        const BooruUser *by,
                        GError **error)
{
  Request request = { type, 0, by, edit, .change = change_by_edit };
  gboolean done = write_in_transaction (store, &request, error);

  booru_record_free (request.result);
  return done;
}
