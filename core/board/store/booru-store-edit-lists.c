/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a tag string does beside the tags: pools, favourite groups, a favourite, a vote. */
#include "board/store/booru-store-edit-lists-private.h"

#include "base/booru-error.h"
#include "board/store/booru-store-records-private.h"

typedef struct
{
  BooruStore *store;
  gint64 post_id;
  const BooruUser *by;
} Editing;

static gboolean
put_in_pool (const Editing *self, const char *name, gboolean wanted, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gint64 id = booru_store_find_pool (self->store, name, &problem);

  if (id != 0)
    return booru_store_put_in_list_now (self->store, booru_record_type_get (BOORU_RECORD_POOL), id,
                                        self->post_id, wanted, self->by, error);
  if (booru_err_notfound (problem))
    g_set_error_literal (error, BOORU_ERROR, BOORU_ERROR_INVALID, problem->message);
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* "pool:none". */
static gboolean
leave_pools (const Editing *self, GError **error)
{
  g_autoptr (GPtrArray) pools
      = booru_store_list_post_pools (self->store, self->post_id, G_MAXINT32, error);

  for (guint i = 0; pools != NULL && i < pools->len; i++)
    if (!booru_store_put_in_list_now (self->store, booru_record_type_get (BOORU_RECORD_POOL),
                                      ((BooruPostPool *)pools->pdata[i])->id, self->post_id, FALSE,
                                      self->by, error))
      return FALSE;
  return pools != NULL;
}

/* One that there is not yet is made. */
static gboolean
put_in_new_pool (const Editing *self, const char *name, GError **error)
{
  g_autoptr (GHashTable) edit = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *posts = NULL;

  if (booru_store_find_pool (self->store, name, &problem) != 0)
    return put_in_pool (self, name, TRUE, error);
  if (!booru_err_notfound (problem))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  edit = g_hash_table_new (g_str_hash, g_str_equal);
  posts = g_strdup_printf ("%" G_GINT64_FORMAT, self->post_id);
  g_hash_table_insert (edit, (gpointer) "name", (gpointer)name);
  g_hash_table_insert (edit, (gpointer) "post_ids", posts);
  return booru_store_create_now (self->store, booru_record_type_get (BOORU_RECORD_POOL), edit,
                                 self->by, error);
}

static gboolean
put_in_group (const Editing *self, const char *name, gboolean wanted, GError **error)
{
  g_autofree char *plain = g_strdelimit (g_strdup (name), " ", '_');
  gint64 id = g_ascii_strtoll (plain, NULL, 10);

  if (id == 0
      && !booru_sql_read_number (self->store->sql, &id, error, "find-favorite-group", "xs",
                                 self->by->id, plain))
    return FALSE;
  if (id != 0)
    return booru_store_put_in_list_now (self->store,
                                        booru_record_type_get (BOORU_RECORD_FAVORITE_GROUP), id,
                                        self->post_id, wanted, self->by, error);
  g_set_error (error, BOORU_ERROR, BOORU_ERROR_INVALID, "You have no favorite group “%.80s”",
               plain);
  return FALSE;
}

static gboolean
apply (const Editing *self, const BooruTagEditList *list, GError **error)
{
  switch (list->target)
    {
    case BOORU_TAG_EDIT_POOL:
      if (list->wanted && g_ascii_strcasecmp (list->name, "none") == 0)
        return leave_pools (self, error);
      return put_in_pool (self, list->name, list->wanted, error);
    case BOORU_TAG_EDIT_NEW_POOL:
      return put_in_new_pool (self, list->name, error);
    case BOORU_TAG_EDIT_FAVORITE_GROUP:
      return put_in_group (self, list->name, list->wanted, error);
    case BOORU_TAG_EDIT_FAVORITE:
      return booru_store_put_favorite (self->store, self->post_id, list->wanted, self->by->id,
                                       error);
    case BOORU_TAG_EDIT_UPVOTE:
    case BOORU_TAG_EDIT_DOWNVOTE:
    default:
      return booru_store_put_vote (self->store, self->post_id,
                                   !list->wanted                           ? 0
                                   : list->target == BOORU_TAG_EDIT_UPVOTE ? 1
                                                                           : -1,
                                   self->by->id, error);
    }
}

gboolean
booru_store_apply_tag_edit_lists (BooruStore *store,
                                  gint64 post_id,
                                  const GPtrArray *lists,
                                  gint64 editor_id,
                                  GError **error)
{
  g_autoptr (BooruUser) by = booru_user_new (editor_id, "", BOORU_ACCESS_EDITOR);
  Editing self = { store, post_id, by };

  for (guint i = 0; i < lists->len; i++)
    {
      g_autoptr (GError) problem = NULL;

      if (apply (&self, lists->pdata[i], &problem))
        continue;
      /* The post is there; what the edit names is not. */
      if (booru_err_notfound (problem) || booru_err_denied (problem))
        problem->code = BOORU_ERROR_INVALID;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}
