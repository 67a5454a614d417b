/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/query/booru-query-ast.h"

#include <string.h>

BooruQueryNode *
booru_query_node_new (BooruQueryNodeType type)
{
  BooruQueryNode *self = g_new0 (BooruQueryNode, 1);

  self->type = type;
  return self;
}

BooruQueryNode *
booru_query_node_new_text (BooruQueryNodeType type, const char *text)
{
  BooruQueryNode *self = booru_query_node_new (type);

  self->text = g_strdup (text);
  return self;
}

BooruQueryNode *
booru_query_node_new_condition (BooruMetatag metatag)
{
  BooruQueryNode *self = booru_query_node_new (BOORU_QUERY_CONDITION);

  self->metatag = metatag;
  return self;
}

BooruQueryNode *
booru_query_node_new_list (BooruQueryNodeType type, GPtrArray *children)
{
  BooruQueryNode *self = booru_query_node_new (type);

  self->children = children;
  return self;
}

BooruQueryNode *
booru_query_node_new_not (BooruQueryNode *child)
{
  GPtrArray *children = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_query_node_free);

  g_ptr_array_add (children, child);
  return booru_query_node_new_list (BOORU_QUERY_NOT, children);
}

void
booru_query_node_free (BooruQueryNode *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->ranges, g_array_unref);
  g_clear_pointer (&self->matches, g_array_unref);
  g_clear_pointer (&self->words, g_ptr_array_unref);
  g_free (self->text);
  g_free (self);
}

guint
booru_query_node_get_depth (const BooruQueryNode *self)
{
  guint depth = 0;

  for (guint i = 0; self->children && i < self->children->len; i++)
    depth = MAX (depth, booru_query_node_get_depth (self->children->pdata[i]));
  return depth + 1;
}

/* Whether a condition of @metatag stands anywhere in it. */
gboolean
booru_query_node_has (const BooruQueryNode *self, BooruMetatag metatag)
{
  if (self->type == BOORU_QUERY_CONDITION)
    return self->metatag == metatag;
  for (guint i = 0; self->children && i < self->children->len; i++)
    if (booru_query_node_has (self->children->pdata[i], metatag))
      return TRUE;
  return FALSE;
}

const BooruQueryNode *
booru_query_node_find_ids (const BooruQueryNode *self)
{
  const BooruQueryNode *found = NULL;

  if (self->type == BOORU_QUERY_CONDITION && self->metatag == BOORU_METATAG_ID)
    return self;
  for (guint i = 0; self->children && i < self->children->len && found == NULL; i++)
    found = booru_query_node_find_ids (self->children->pdata[i]);
  return found;
}

const BooruQueryNode *
booru_query_node_find_ranking (const BooruQueryNode *self)
{
  const BooruQueryNode *found = NULL;

  if (self->type == BOORU_QUERY_CONDITION && booru_metatag_is_ranking (self->metatag))
    return self;
  if (self->type == BOORU_QUERY_NOT)
    return NULL;
  for (guint i = 0; self->children && i < self->children->len; i++)
    {
      const BooruQueryNode *other = booru_query_node_find_ranking (self->children->pdata[i]);

      /* Of ordpool: and its like there is one, which counts for more. */
      if (other && (found == NULL || found->metatag == BOORU_METATAG_SIMILAR))
        found = found == NULL || booru_metatag_is_singleton (other->metatag) ? other : found;
    }
  return found;
}

static int
compare_ranges (gconstpointer a, gconstpointer b)
{
  const BooruQueryRange *first = a, *second = b;

  return (first->low > second->low) - (first->low < second->low);
}

void
booru_query_ranges_join (GArray *ranges)
{
  BooruQueryRange *all = (BooruQueryRange *)(gpointer)ranges->data;
  guint n = 0;

  g_array_sort (ranges, compare_ranges);
  for (guint i = 1; i < ranges->len; i++)
    {
      if (all[n].high == G_MAXINT64 || all[i].low <= all[n].high + 1)
        all[n].high = MAX (all[n].high, all[i].high);
      else
        all[++n] = all[i];
    }
  if (ranges->len > 0)
    g_array_set_size (ranges, n + 1);
}

static BooruQueryNode *
become (BooruQueryNode *self, BooruQueryNodeType type)
{
  booru_query_node_free (self);
  return booru_query_node_new (type);
}

static BooruQueryNode *
simplify_not (BooruQueryNode *self)
{
  BooruQueryNode *child = self->children->pdata[0];

  switch (child->type)
    {
    case BOORU_QUERY_ALL:
      return become (self, BOORU_QUERY_NONE);
    case BOORU_QUERY_NONE:
      return become (self, BOORU_QUERY_ALL);
    case BOORU_QUERY_NOT:
      {
        BooruQueryNode *inner = g_ptr_array_steal_index (child->children, 0);

        booru_query_node_free (self);
        return inner;
      }
    default:
      return self;
    }
}

typedef struct
{
  char *text;
  BooruQueryNode *node;
} Keyed;

static int
compare_keyed (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Keyed *)a)->text, ((const Keyed *)b)->text);
}

static void
free_keyed (gpointer data)
{
  g_free (((Keyed *)data)->text);
  booru_query_node_free (((Keyed *)data)->node);
}

/* Sorts children by their text and drops all but one of equals. */
static void
sort_children (GPtrArray *children)
{
  g_autoptr (GArray) keyed = g_array_sized_new (FALSE, FALSE, sizeof (Keyed), children->len);

  g_array_set_clear_func (keyed, free_keyed);
  while (children->len > 0)
    {
      BooruQueryNode *node = g_ptr_array_steal_index_fast (children, children->len - 1);
      Keyed entry = { booru_query_node_to_string (node), node };

      g_array_append_val (keyed, entry);
    }
  g_array_sort (keyed, compare_keyed);
  for (guint i = 0; i < keyed->len; i++)
    {
      Keyed *entry = &g_array_index (keyed, Keyed, i);

      if (i > 0 && strcmp (g_array_index (keyed, Keyed, i - 1).text, entry->text) == 0)
        continue;
      g_ptr_array_add (children, g_steal_pointer (&entry->node));
    }
}

/* Ranges that leave nothing out are no condition any more, but for that there has to be a value. */
static BooruQueryNode *
simplify_ranges (BooruQueryNode *self)
{
  gboolean whole = FALSE;

  /* Not ages: a single one is a day. */
  if (self->metatag != BOORU_METATAG_AGE)
    booru_query_ranges_join (self->ranges);
  for (guint i = 0; i < self->ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (self->ranges, BooruQueryRange, i);

      whole = whole || (range->low == G_MININT64 && range->high == G_MAXINT64);
    }
  if (!whole)
    return self;
  if (self->metatag != BOORU_METATAG_DURATION && self->metatag != BOORU_METATAG_PIXIV)
    return become (self, BOORU_QUERY_ALL);
  g_clear_pointer (&self->ranges, g_array_unref);
  self->presence = BOORU_QUERY_ANY;
  return self;
}

/* AND and OR, whose children are simple already: a child that decides alone does, one that decides
 * nothing goes, lists within lists of the same kind become one. */
static BooruQueryNode *
simplify_list (BooruQueryNode *self)
{
  BooruQueryNodeType decides = self->type == BOORU_QUERY_AND ? BOORU_QUERY_NONE : BOORU_QUERY_ALL;
  BooruQueryNodeType neutral = self->type == BOORU_QUERY_AND ? BOORU_QUERY_ALL : BOORU_QUERY_NONE;
  g_autoptr (GPtrArray) old = g_steal_pointer (&self->children);
  GPtrArray *children = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_query_node_free);

  self->children = children;
  for (guint i = 0; i < old->len; i++)
    {
      g_autoptr (BooruQueryNode) child = g_steal_pointer (&old->pdata[i]);

      if (child->type == decides)
        return become (self, decides);
      if (child->type == neutral)
        continue;
      if (child->type != self->type)
        g_ptr_array_add (children, g_steal_pointer (&child));
      else
        g_ptr_array_extend_and_steal (children, g_steal_pointer (&child->children));
    }
  sort_children (children);
  if (children->len == 0)
    return become (self, neutral);
  if (children->len == 1)
    {
      BooruQueryNode *only = g_ptr_array_steal_index (children, 0);

      booru_query_node_free (self);
      return only;
    }
  return self;
}

/**
 * booru_query_node_simplify:
 * @self: (transfer full): a tree
 * @keep_ranges: leave ranges in the order that they were given in
 *
 * Brings a tree into its one form without changing what it finds. Terms are not multiplied out:
 * the tree never grows.
 *
 * Returns: (transfer full): the tree
 */
BooruQueryNode *
booru_query_node_simplify (BooruQueryNode *self, gboolean keep_ranges)
{
  for (guint i = 0; self->children && i < self->children->len; i++)
    {
      BooruQueryNode *child = g_steal_pointer (&self->children->pdata[i]);

      self->children->pdata[i] = booru_query_node_simplify (child, keep_ranges);
    }

  switch (self->type)
    {
    case BOORU_QUERY_NOT:
      return simplify_not (self);
    case BOORU_QUERY_AND:
    case BOORU_QUERY_OR:
      return simplify_list (self);
    case BOORU_QUERY_CONDITION:
      if (self->ranges && !keep_ranges)
        return simplify_ranges (self);
      return self;
    default:
      return self;
    }
}

gboolean
booru_query_node_is_list (const BooruQueryNode *ids)
{
  for (guint i = 0; ids && ids->ranges && i < ids->ranges->len; i++)
    {
      const BooruQueryRange *range = &g_array_index (ids->ranges, BooruQueryRange, i);

      if (range->low != range->high)
        return FALSE;
    }
  return ids && ids->ranges;
}

gboolean
booru_query_names_posts (const BooruQueryNode *root)
{
  gboolean found = root->type == BOORU_QUERY_CONDITION
                   && (root->metatag == BOORU_METATAG_MD5
                       || (root->metatag == BOORU_METATAG_ID && booru_query_node_is_list (root)));

  for (guint i = 0; root->type == BOORU_QUERY_AND && i < root->children->len && !found; i++)
    found = booru_query_names_posts (root->children->pdata[i]);
  return found;
}

BooruQueryOrder
booru_query_get_default_order (const BooruQueryNode *root)
{
  return booru_query_node_find_ranking (root) ? BOORU_ORDER_SIMILAR : BOORU_ORDER_ID_DESC;
}
