/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Editing a tag itself: its name, its category, whether it is deprecated. Each edit is a job that
 * is done at once, so that it is in the history of jobs, and can be undone there. */
#include "board/store/booru-store-tag-edit-private.h"

#include <string.h>

#include "base/booru-error.h"
#include "board/booru-store-tags.h"
#include "board/store/booru-store-relations-private.h"

typedef struct
{
  gint64 id;
  char *name;                /* NULL: keep; normalised */
  gint category, deprecated; /* -1: keep */
  gint64 user_id, now;
  gint64 job_id;     /* 0: nothing was to be changed */
  gint64 merge_into; /* the tag that has that name already; 0: none has */
} Edit;

static void
edit_clear (Edit *self)
{
  g_free (self->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Edit, edit_clear)

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_EXISTS, message);
  return FALSE;
}

static BooruTag *
read_tag (BooruStore *store, gint64 id, GError **error)
{
  g_autoptr (BooruSqlStatement) row = booru_sql_query (store->sql, error, "get-tag", "x", id);
  BooruSqlStep step = booru_sql_step (row, error);
  BooruTag *tag;

  if (step == BOORU_SQL_DONE)
    g_set_error (error, BOORU_ERROR, BOORU_ERROR_NOT_FOUND, "There is no tag %" G_GINT64_FORMAT,
                 id);
  if (step != BOORU_SQL_ROW)
    return NULL;
  tag = g_new0 (BooruTag, 1);
  tag->id = id;
  tag->name = booru_sql_dup_text (row, 0);
  tag->category = (gint)booru_sql_get_number (row, 1);
  tag->post_count = booru_sql_get_number (row, 2);
  tag->created_at = booru_sql_get_number (row, 3);
  tag->updated_at = booru_sql_get_number (row, 4);
  tag->is_deprecated = booru_sql_get_number (row, 5) != 0;
  return tag;
}

BooruTag *
booru_store_get_tag (BooruStore *self, gint64 id, GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self), NULL);

  return read_tag (self, id, error);
}

/* Names */

static gboolean
find_alias (BooruStore *store, const char *antecedent, gint64 *id, GError **error)
{
  return booru_sql_read_number (store->sql, id, error, "find-alias", "s", antecedent);
}

static gboolean
end_alias (BooruStore *store, gint64 id, gint64 user_id, gint64 now, GError **error)
{
  g_autofree char *json = booru_sql_numbers_to_json (&id, 1);

  booru_sql_note_change (store->sql, BOORU_CHANGE_RELATION, id);
  return booru_sql_run (store->sql, error, "set-alias-statuses", "sixx", json,
                        (gint)BOORU_RELATION_DELETED, user_id, now);
}

/* The old name becomes an alias of the new one; an alias that was made so before goes, where the
 * tag gets its old name back. */
static gboolean
rename_tag (BooruStore *store,
            const BooruTag *tag,
            const char *name,
            gint64 user_id,
            gint64 now,
            GError **error)
{
  BooruRelations *relations = booru_store_get_relations (store, error);
  const char *target = relations != NULL ? booru_relations_resolve (relations, name) : NULL;
  gint64 alias, added;

  if (relations == NULL)
    return FALSE;
  if (booru_relations_resolve (relations, tag->name) != NULL)
    return refuse (error, "“%s” is an alias of “%s”, and cannot have another name", tag->name,
                   booru_relations_resolve (relations, tag->name));
  if (target != NULL && strcmp (target, tag->name) != 0)
    return refuse (error, "“%s” is an alias of “%s” already. Remove that alias first", name,
                   target);
  if (!find_alias (store, name, &alias, error)
      || (alias != 0 && !end_alias (store, alias, user_id, now, error))
      || !booru_sql_run (store->sql, error, "set-tag-name", "xsx", tag->id, name, now)
      || !booru_sql_read_number (store->sql, &added, error, "insert-alias", "sxsxx", tag->name,
                                 tag->id, "", user_id, now))
    return FALSE;
  booru_sql_note_change (store->sql, BOORU_CHANGE_TAG, tag->id);
  booru_sql_note_change (store->sql, BOORU_CHANGE_RELATION, added);
  booru_store_forget_relations (store);
  return booru_sql_run (store->sql, error, "note-relations", "");
}

static gboolean
set_category (BooruStore *store, gint64 id, gint category, gint64 now, GError **error)
{
  booru_sql_note_change (store->sql, BOORU_CHANGE_TAG, id);
  booru_sql_note_change (store->sql, BOORU_CHANGE_CATEGORY, id);
  return booru_sql_run (store->sql, error, "set-tag-category", "xix", id, category, now);
}

static gboolean
set_deprecated (BooruStore *store, gint64 id, gboolean deprecated, gint64 now, GError **error)
{
  booru_sql_note_change (store->sql, BOORU_CHANGE_TAG, id);
  return booru_sql_run (store->sql, error, "set-tag-deprecated", "xbx", id, deprecated, now);
}

/* Writes what differs, and describes it in @dict; *@text: appended what, for people. */
static gboolean
apply (BooruStore *store,
       const BooruTag *tag,
       const Edit *edit,
       GVariantDict *dict,
       GString *text,
       GError **error)
{
  g_variant_dict_insert (dict, "tag", "x", tag->id);
  if (edit->category >= 0 && edit->category != (gint)tag->category)
    {
      g_variant_dict_insert (dict, "category_before", "x", (gint64)tag->category);
      g_variant_dict_insert (dict, "category_after", "x", (gint64)edit->category);
      g_string_append_printf (text, ", category %s",
                              booru_tag_category_to_string ((BooruTagCategory)edit->category));
      if (!set_category (store, tag->id, edit->category, edit->now, error))
        return FALSE;
    }
  if (edit->deprecated >= 0 && edit->deprecated != tag->is_deprecated)
    {
      g_variant_dict_insert (dict, "deprecated_before", "b", tag->is_deprecated);
      g_variant_dict_insert (dict, "deprecated_after", "b", edit->deprecated != 0);
      g_string_append (text, edit->deprecated ? ", deprecated" : ", not deprecated any more");
      if (!set_deprecated (store, tag->id, edit->deprecated != 0, edit->now, error))
        return FALSE;
    }
  if (edit->name != NULL && strcmp (edit->name, tag->name) != 0)
    {
      g_variant_dict_insert (dict, "name_before", "s", tag->name);
      g_variant_dict_insert (dict, "name_after", "s", edit->name);
      g_string_append_printf (text, ", renamed to %s", edit->name);
      if (!rename_tag (store, tag, edit->name, edit->user_id, edit->now, error))
        return FALSE;
    }
  return TRUE;
}

/* A name that another tag has: that is a merge, which an alias is. */
static gboolean
check_name (BooruStore *store, Edit *edit, const BooruTag *tag, GError **error)
{
  if (edit->name == NULL || strcmp (edit->name, tag->name) == 0)
    return TRUE;
  if (!booru_sql_read_number (store->sql, &edit->merge_into, error, "find-tag", "s", edit->name))
    return FALSE;
  if (edit->merge_into == 0)
    return TRUE;
  return refuse (error, "There is a tag “%s” already. To make both one, add the alias %s → %s",
                 edit->name, tag->name, edit->name);
}

static gboolean
edit_in_transaction (BooruStore *store, gpointer data, GError **error)
{
  Edit *edit = data;
  g_autoptr (BooruTag) tag = read_tag (store, edit->id, error);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GVariant) params = NULL;
  g_autofree char *title = NULL;
  BooruJobDraft draft = { .kind = BOORU_JOB_TAG, .creator_id = edit->user_id, .is_over = TRUE };

  if (tag == NULL || !check_name (store, edit, tag, error)
      || !apply (store, tag, edit, &dict, text, error))
    return FALSE;
  if (text->len == 0)
    return TRUE;
  title = g_strdup_printf ("Tag %s: %s", tag->name, text->str + strlen (", "));
  draft.title = title;
  draft.params = params = g_variant_ref_sink (g_variant_dict_end (&dict));
  return booru_store_insert_job (store, &draft, &edit->job_id, error);
}

BooruTag *
booru_store_edit_tag (BooruStore *self,
                      gint64 id,
                      const BooruTagChange *wanted,
                      gint64 editor_id,
                      gint64 *job_id,
                      GError **error)
{
  g_return_val_if_fail (BOORU_IS_STORE (self) && wanted != NULL, NULL);

  g_auto (Edit) edit = { .id = id,
                         .category = wanted->category,
                         .deprecated = wanted->is_deprecated,
                         .user_id = editor_id,
                         .now = g_get_real_time () };
  gboolean written;

  if (wanted->name != NULL)
    {
      edit.name = booru_tag_normalize (wanted->name, error);
      if (edit.name == NULL)
        return NULL;
    }
  written = booru_store_write (self, BOORU_SQL_NORMAL, edit_in_transaction, &edit, error);
  booru_store_forget_relations (self);
  if (!written)
    return NULL;
  if (job_id != NULL)
    *job_id = edit.job_id;
  return read_tag (self, id, error);
}

/* Undoing */

/* What was changed goes back, where nobody has changed it since. */
static void
read_way_back (GVariant *params, const BooruTag *tag, Edit *back)
{
  const char *before = booru_job_params_get_string (params, "name_before");
  const char *after = booru_job_params_get_string (params, "name_after");
  gint64 category;
  gboolean deprecated;

  if (before != NULL && g_strcmp0 (tag->name, after) == 0)
    back->name = g_strdup (before);
  if (g_variant_lookup (params, "category_after", "x", &category)
      && category == (gint64)tag->category)
    back->category = (gint)booru_job_params_get_number (params, "category_before");
  if (g_variant_lookup (params, "deprecated_after", "b", &deprecated)
      && deprecated == tag->is_deprecated)
    back->deprecated = booru_job_params_get_truth (params, "deprecated_before");
}

gboolean
booru_store_turn_tag (BooruStore *store,
                      GVariant *params,
                      gint64 user_id,
                      BooruJobDraft *undo,
                      GError **error)
{
  g_auto (Edit) back = { .id = booru_job_params_get_number (params, "tag"),
                         .category = -1,
                         .deprecated = -1,
                         .user_id = user_id,
                         .now = g_get_real_time () };
  g_autoptr (BooruTag) tag = read_tag (store, back.id, error);
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  if (tag == NULL)
    return FALSE;
  read_way_back (params, tag, &back);
  if (!check_name (store, &back, tag, error) || !apply (store, tag, &back, &dict, text, error))
    return FALSE;
  undo->kind = BOORU_JOB_TAG;
  undo->is_over = TRUE;
  undo->params = g_variant_dict_end (&dict);
  return TRUE;
}
