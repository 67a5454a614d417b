/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits of many posts: checking them, counting what they are about, asking for them. */
#include "board/store/booru-store-bulk-private.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/rules/booru-tag-edit.h"
#include "board/store/booru-store-jobs-private.h"
#include "board/store/booru-store-post-state-private.h"

#define MAX_SCRIPT 8192 /* bytes, as of a search */
#define MAX_TITLE 200   /* characters */

/* The ids of names that exist. */
static gboolean
find_tags (BooruStore *store, GHashTable *names, GArray *ids, GError **error)
{
  guint n_names;
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (names, &n_names);
  g_autofree char *json = booru_sql_strings_to_json ((const char *const *)keys, n_names);
  g_autoptr (BooruSqlStatement) rows = NULL;
  BooruSqlStep step;

  if (n_names == 0)
    return TRUE;
  rows = booru_sql_query (store->sql, error, "find-tags", "s", json);
  while ((step = booru_sql_step (rows, error)) == BOORU_SQL_ROW)
    {
      gint64 id = booru_sql_get_number (rows, 0);

      g_array_append_val (ids, id);
    }
  booru_id_list_sort (ids);
  return step == BOORU_SQL_DONE;
}

gboolean
booru_store_resolve_bulk (BooruStore *store,
                          const char *script,
                          gint64 now,
                          BooruBulk *bulk,
                          GError **error)
{
  g_autoptr (BooruTagEdit) edit = booru_tag_edit_parse (script != NULL ? script : "", error);
  g_autoptr (GHashTable) removed = NULL;

  bulk->added = booru_id_list_new ();
  bulk->removed = booru_id_list_new ();
  if (edit == NULL)
    return FALSE;
  bulk->rating = edit->rating;
  bulk->source = g_strdup (edit->source);
  bulk->parent_id = edit->parent_id;
  bulk->unparent_id = MAX (edit->unparent_id, 0);
  removed = booru_store_resolve_names (store, edit->removed, error);
  return removed != NULL
         && booru_store_tags_ensure (store, edit->added, FALSE, now, bulk->added, error)
         && find_tags (store, removed, bulk->removed, error);
}

/* Asking for one */

static gboolean
refuse (const char *message, GError **error)
{
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID, message);
  return FALSE;
}

static gboolean
check_script (BooruStore *store, const char *script, GError **error)
{
  g_autoptr (GArray) added = booru_id_list_new ();
  g_autoptr (BooruTagEdit) edit = NULL;

  if (script == NULL || strlen (script) > MAX_SCRIPT || !g_utf8_validate (script, -1, NULL))
    return refuse ("What is to be changed is not a list of tags of at most 8 KiB", error);
  edit = booru_tag_edit_parse (script, error);
  if (edit == NULL)
    return FALSE;
  if (g_hash_table_size (edit->added) + g_hash_table_size (edit->removed) == 0 && edit->rating == 0
      && edit->source == NULL && edit->parent_id < 0 && edit->unparent_id == 0)
    return refuse ("Nothing is to be changed: write which tags to add, or -tag to take one away",
                   error);
  if (edit->source != NULL && strlen (edit->source) > BOORU_MAX_SOURCE_LENGTH)
    return refuse ("The source is too long", error);
  if (!find_tags (store, edit->added, added, error)
      || !booru_store_check_deprecated (store, added, error))
    return FALSE;
  return edit->parent_id <= 0 || booru_store_check_parent (store, 0, edit->parent_id, error);
}

/* A search that cannot be understood finds nothing, or, where it is negated, too much. */
static BooruQuery *
parse_query (const char *text, GError **error)
{
  g_autoptr (BooruQuery) query = NULL;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    {
      refuse ("Say which posts are meant: a search, or a list of their ids", error);
      return NULL;
    }
  query = booru_query_parse (text);
  if (booru_query_get_faults (query)->len > 0)
    {
      const BooruQueryFault *fault = booru_query_get_faults (query)->pdata[0];

      refuse (fault->message, error);
      return NULL;
    }
  if (booru_query_get_cap (query) >= 0 || booru_query_get_limit (query) >= 0)
    {
      refuse ("A search with limit: or random: does not say which posts are meant", error);
      return NULL;
    }
  return g_steal_pointer (&query);
}

gint64
booru_store_check_bulk (BooruStore *self, const BooruBulkEdit *edit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && edit != NULL, -1);

  g_autoptr (BooruQuery) query = NULL;

  if (edit->action == BOORU_BULK_EDIT && !check_script (self, edit->script, error))
    return -1;
  if (edit->query == NULL && edit->ids != NULL)
    return edit->ids->len;
  query = parse_query (edit->query, error);
  return query != NULL ? booru_store_count (self, query, NULL, error) : -1;
}

static char *
make_title (const BooruBulkEdit *edit, gint64 count)
{
  const char *verb = edit->action == BOORU_BULK_TRASH     ? "Delete"
                     : edit->action == BOORU_BULK_RESTORE ? "Restore"
                                                          : "Edit";
  g_autofree char *script
      = edit->action == BOORU_BULK_EDIT ? g_strdup_printf (": %s", edit->script) : g_strdup ("");
  g_autofree char *title
      = edit->query != NULL
            ? g_strdup_printf ("%s all of “%s”%s", verb, edit->query, script)
            : g_strdup_printf ("%s %" G_GINT64_FORMAT " posts%s", verb, count, script);

  if (g_utf8_strlen (title, -1) <= MAX_TITLE)
    return g_steal_pointer (&title);
  *g_utf8_offset_to_pointer (title, MAX_TITLE - 1) = '\0';
  return g_strconcat (title, "…", NULL);
}

typedef struct
{
  BooruJobDraft draft;
  gint64 id;
} Insertion;

static gboolean
add_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Insertion *self = data;

  return booru_store_insert_job (store, &self->draft, &self->id, error);
}

static GVariant *
make_params (const BooruBulkEdit *edit)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&dict, "action", "x", (gint64)edit->action);
  if (edit->query != NULL)
    g_variant_dict_insert (&dict, "query", "s", edit->query);
  if (edit->action == BOORU_BULK_EDIT)
    g_variant_dict_insert (&dict, "script", "s", edit->script);
  return g_variant_dict_end (&dict);
}

BooruJob *
booru_store_add_bulk (BooruStore *self, const BooruBulkEdit *edit, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && edit != NULL, NULL);

  gint64 count = booru_store_check_bulk (self, edit, error);
  g_autofree char *title = NULL;
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GVariant) params = NULL;
  Insertion insertion = { { BOORU_JOB_BULK, edit->creator_id }, 0 };

  if (count < 0)
    return NULL;
  if (edit->expected >= 0 && edit->expected != count)
    {
      g_set_error (error, BOORU_ERROR, BOORU_ERROR_EXISTS,
                   "The search finds %" G_GINT64_FORMAT " posts now, not %" G_GINT64_FORMAT
                   ". Nothing was changed; look again",
                   count, edit->expected);
      return NULL;
    }
  if (edit->query == NULL)
    {
      ids = g_array_copy ((GArray *)edit->ids);
      booru_id_list_sort (ids);
      insertion.draft.posts = ids;
    }
  title = make_title (edit, count);
  insertion.draft.title = title;
  insertion.draft.params = params = g_variant_ref_sink (make_params (edit));
  if (!booru_store_write (self, BOORU_SQL_NORMAL, add_in_transaction, &insertion, error))
    return NULL;
  return booru_store_get_job (self, insertion.id, error);
}
