/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/query/booru-query-ast.h"

static void
free_fault (gpointer data)
{
  g_free (((BooruQueryFault *)data)->message);
  g_free (data);
}

static void
free_tag (gpointer data)
{
  g_free (((BooruQueryTag *)data)->name);
  g_free (data);
}

BooruQuery *
booru_query_parse_for (const char *text, gint64 asker)
{
  BooruQuery *self = g_new0 (BooruQuery, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (text ? text : "");
  self->order = BOORU_ORDER_ID_DESC;
  self->asker = asker;
  self->limit = self->cap = -1;
  self->active_only = TRUE;
  self->faults = g_ptr_array_new_with_free_func (free_fault);
  self->tags = g_ptr_array_new_with_free_func (free_tag);
  booru_query_parse_into (self);
  return self;
}

BooruQuery *
booru_query_parse (const char *text)
{
  return booru_query_parse_for (text, 0);
}

BooruQuery *
booru_query_parse_random (const char *text, gint64 asker)
{
  BooruQuery *self = booru_query_parse_for (text, asker);

  self->order = BOORU_ORDER_RANDOM;
  return self;
}

BooruQuery *
booru_query_ref (BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
booru_query_unref (BooruQuery *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  booru_query_node_free (self->root);
  g_ptr_array_unref (self->faults);
  g_ptr_array_unref (self->tags);
  g_free (self->text);
  g_free (self);
}

const char *
booru_query_get_text (const BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->text;
}

gint
booru_query_get_limit (const BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, -1);
  return self->limit;
}

gint
booru_query_get_cap (const BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, -1);
  return self->cap;
}

gint
booru_query_get_direction (const BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, 0);
  switch (self->order)
    {
    case BOORU_ORDER_ID_DESC:
    case BOORU_ORDER_CREATED_AT:
    case BOORU_ORDER_NONE:
      return -1;
    case BOORU_ORDER_ID:
    case BOORU_ORDER_CREATED_AT_ASC:
      return 1;
    default:
      return 0;
    }
}

gboolean
booru_query_is_personal (const BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->personal;
}

gboolean
booru_query_is_random (const BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->order == BOORU_ORDER_RANDOM;
}

const GPtrArray *
booru_query_get_faults (const BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->faults;
}

const GPtrArray *
booru_query_get_tags (const BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->tags;
}

char *
booru_query_to_string (const BooruQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  GString *out = g_string_new (NULL);
  gboolean says_status = self->active_only
                         || booru_query_node_has (self->root, BOORU_METATAG_STATUS)
                         || booru_query_names_posts (self->root);
  gboolean ordered = self->order != booru_query_get_default_order (self->root);
  gboolean more = !says_status || ordered || self->limit >= 0 || self->cap >= 0;
  gboolean group = more && self->root->type == BOORU_QUERY_OR;

  if (self->root->type == BOORU_QUERY_NONE)
    {
      g_string_append_c (out, ')');
      return g_string_free (out, FALSE);
    }

  if (group)
    booru_query_node_print_group (self->root, out);
  else
    booru_query_node_print (self->root, out);
  /* That hidden posts are wanted is a property of the whole: say it where no condition does. */
  if (!says_status)
    g_string_append (out, " status:any");
  if (ordered)
    g_string_append_printf (out, " order:%s", booru_query_order_to_string (self->order));
  if (self->cap >= 0)
    g_string_append_printf (out, " random:%d", self->cap);
  if (self->limit >= 0)
    g_string_append_printf (out, " limit:%d", self->limit);
  if (out->str[0] == ' ')
    g_string_erase (out, 0, 1);
  return g_string_free (out, FALSE);
}
