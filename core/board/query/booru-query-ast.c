/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "board/query/booru-query-ast.h"

#include <math.h>

BooruNode *
booru_node_new (BooruNodeKind kind)
{
  BooruNode *self = g_new0 (BooruNode, 1);

  self->kind = kind;
  return self;
}

BooruNode *
booru_node_new_text (BooruNodeKind kind, const char *text)
{
  BooruNode *self = booru_node_new (kind);

  self->text = g_strdup (text);
  return self;
}

BooruNode *
booru_node_take_child (BooruNode *self, BooruNode *child)
{
  if (self->children == NULL)
    self->children = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_node_free);
  g_ptr_array_add (self->children, child);
  return self;
}

void
booru_node_free (BooruNode *self)
{
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->words, g_ptr_array_unref);
  g_clear_pointer (&self->ranges, g_array_unref);
  g_free (self->text);
  g_free (self);
}

static void
append_number (double number, GString *out)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (out, g_ascii_formatd (buffer, sizeof buffer, "%.15g", number));
}

static void
append_value (const BooruNode *self, GString *out)
{
  if (self->is_any || self->is_none)
    g_string_append (out, self->is_any ? "any" : "none");

  for (guint i = 0; self->words && i < self->words->len; i++)
    g_string_append_printf (out, "%s%s", i ? "," : "", (char *)self->words->pdata[i]);

  for (guint i = 0; self->ranges && i < self->ranges->len; i++)
    {
      const BooruRange *range = &g_array_index (self->ranges, BooruRange, i);

      if (i > 0)
        g_string_append_c (out, ',');
      if (range->min == range->max)
        {
          append_number (range->min, out);
          continue;
        }
      g_string_append_c (out, range->min_open ? '(' : '[');
      append_number (range->min, out);
      g_string_append (out, "..");
      append_number (range->max, out);
      g_string_append_c (out, range->max_open ? ')' : ']');
    }
}

static void
append_children (const BooruNode *self, const char *name, GString *out)
{
  g_string_append_printf (out, "(%s", name);
  for (guint i = 0; i < self->children->len; i++)
    {
      g_string_append_c (out, ' ');
      booru_node_append (self->children->pdata[i], out);
    }
  g_string_append_c (out, ')');
}

/**
 * booru_node_append:
 * @self: a tree
 * @out: where to append
 *
 * Appends the tree as an s-expression: equal text means an equal tree.
 */
void
booru_node_append (const BooruNode *self, GString *out)
{
  switch (self->kind)
    {
    case BOORU_NODE_ALL:
      g_string_append (out, "all");
      break;
    case BOORU_NODE_NONE:
      g_string_append (out, "none");
      break;
    case BOORU_NODE_TAG:
      g_string_append_printf (out, "\"%s\"", self->text);
      break;
    case BOORU_NODE_WILDCARD:
      g_string_append_printf (out, "(wildcard \"%s\")", self->text);
      break;
    case BOORU_NODE_METATAG:
      g_string_append_printf (out, "(%s ", booru_metatag_get_name (self->metatag));
      append_value (self, out);
      g_string_append_c (out, ')');
      break;
    case BOORU_NODE_AND:
      append_children (self, "and", out);
      break;
    case BOORU_NODE_OR:
      append_children (self, "or", out);
      break;
    case BOORU_NODE_NOT:
      append_children (self, "not", out);
      break;
    case BOORU_NODE_OPTION:
      append_children (self, "option", out);
      break;
    }
}
