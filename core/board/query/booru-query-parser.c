/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recursive descent over Danbooru's language (its app/logical/post_query_parser.rb is the model of
 * what is accepted):
 *
 *     query  = { or }
 *     or     = and [ "or" or ]
 *     and    = list [ "and" and ]
 *     list   = factor { factor }
 *     factor = "-" expr | "~" expr | expr
 *     expr   = "(" or ")" | metatag | wildcard | tag
 */
#include "board/query/booru-query-ast.h"

#include <string.h>

/* What nobody types, but what would exhaust the stack or SQLite. */
#define MAX_DEPTH 50
#define MAX_TERMS 500

typedef struct
{
  const char *p;
  guint unclosed; /* parentheses */
  guint depth;
  guint terms;
  BooruQueryTraits *traits;
} Parser;

static BooruNode *parse_or (Parser *self);

static void
skip_spaces (Parser *self)
{
  while (g_ascii_isspace (*self->p))
    self->p++;
}

static gboolean
at_word_end (const char *p)
{
  return *p == '\0' || g_ascii_isspace (*p);
}

/* Whether the keyword stands here as a word of its own; "order" is no "or". */
static gboolean
at_keyword (Parser *self, const char *keyword)
{
  gsize length = strlen (keyword);

  skip_spaces (self);
  return g_ascii_strncasecmp (self->p, keyword, length) == 0 && at_word_end (self->p + length);
}

static gboolean
has_balanced_parens (const char *text, gsize length)
{
  gssize open = 0;

  for (gsize i = 0; i < length; i++)
    if (text[i] == '(')
      open++;
    else if (text[i] == ')' && --open < 0)
      return FALSE;
  return open == 0;
}

/* Up to the next space. Closing parentheses at the end belong to the group around, unless the word
 * opened them itself: "(cat_(animal))". */
static char *
take_word (Parser *self)
{
  const char *start = self->p;
  guint unclosed = self->unclosed;

  while (!at_word_end (self->p))
    self->p++;
  while (unclosed > 0 && self->p > start && self->p[-1] == ')'
         && !has_balanced_parens (start, self->p - start))
    {
      self->p--;
      unclosed--;
    }
  return g_strndup (start, self->p - start);
}

static char *
take_quoted (Parser *self)
{
  char quote = *self->p;
  g_autoptr (GString) value = g_string_new (NULL);

  for (self->p++; *self->p && *self->p != quote; self->p++)
    {
      if (*self->p == '\\' && self->p[1] == quote)
        self->p++;
      g_string_append_c (value, *self->p);
    }
  if (*self->p != quote)
    return NULL;
  self->p++;
  return g_string_free (g_steal_pointer (&value), FALSE);
}

static BooruNode *
apply_limit (Parser *self, const char *value)
{
  guint64 limit;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT, &limit, NULL))
    return booru_node_new (BOORU_NODE_NONE);
  self->traits->limit = (gint)limit;
  return booru_node_new (BOORU_NODE_ALL);
}

/* NULL: there is no metatag here, and nothing was taken. *failed: there was, but broken. */
static BooruNode *
parse_metatag (Parser *self, gboolean *failed)
{
  gsize length = strcspn (self->p, ": \t\r\n()\"");
  g_autofree char *value = NULL;
  BooruMetatag metatag;

  if (self->p[length] != ':' || !booru_metatag_from_name (self->p, length, &metatag))
    return NULL;
  self->p += length + 1;
  value = *self->p == '"' || *self->p == '\'' ? take_quoted (self) : take_word (self);
  if (value == NULL)
    {
      *failed = TRUE;
      return NULL;
    }

  if (metatag == BOORU_METATAG_LIMIT)
    return apply_limit (self, value);
  if (metatag == BOORU_METATAG_ORDER)
    {
      /* An unknown order is no reason to find nothing. */
      booru_order_from_name (value, &self->traits->order);
      return booru_node_new (BOORU_NODE_ALL);
    }
  if (metatag == BOORU_METATAG_STATUS)
    self->traits->has_status = TRUE;
  return booru_metatag_parse_value (metatag, value);
}

/* As tags are stored: composed, in lower case. */
static char *
fold_tag (const char *word)
{
  g_autofree char *composed = g_utf8_normalize (word, -1, G_NORMALIZE_NFC);

  return g_utf8_strdown (composed, -1);
}

static BooruNode *
parse_term (Parser *self)
{
  gboolean failed = FALSE;
  g_autofree char *word = NULL, *tag = NULL;
  BooruNode *metatag;

  if (++self->terms > MAX_TERMS)
    {
      self->traits->too_complex = TRUE;
      return NULL;
    }
  if (*self->p == '\0' || *self->p == ')' || at_keyword (self, "or") || at_keyword (self, "and"))
    return NULL;
  metatag = parse_metatag (self, &failed);
  if (metatag || failed)
    return metatag;

  word = take_word (self);
  if (*word == '\0')
    return NULL;
  tag = fold_tag (word);
  return booru_node_new_text (strchr (tag, '*') ? BOORU_NODE_WILDCARD : BOORU_NODE_TAG, tag);
}

static BooruNode *
parse_group (Parser *self)
{
  g_autoptr (BooruNode) group = NULL;

  if (self->depth >= MAX_DEPTH)
    {
      self->traits->too_complex = TRUE;
      return NULL;
    }
  self->p++;
  self->unclosed++;
  self->depth++;
  group = parse_or (self);
  self->depth--;
  self->unclosed--;
  skip_spaces (self);
  if (group == NULL || *self->p != ')')
    return NULL;
  self->p++;
  return g_steal_pointer (&group);
}

static BooruNode *
parse_expr (Parser *self)
{
  skip_spaces (self);
  return *self->p == '(' ? parse_group (self) : parse_term (self);
}

static BooruNode *
parse_factor (Parser *self)
{
  BooruNodeKind kind;
  BooruNode *child;

  skip_spaces (self);
  if (*self->p != '-' && *self->p != '~')
    return parse_expr (self);
  kind = *self->p == '-' ? BOORU_NODE_NOT : BOORU_NODE_OPTION;
  self->p++;
  child = parse_expr (self);
  return child ? booru_node_take_child (booru_node_new (kind), child) : NULL;
}

/* "a ~b ~c" is a and (b or c). */
static BooruNode *
join_options (GPtrArray *factors)
{
  g_autoptr (BooruNode) all = booru_node_new (BOORU_NODE_AND);
  g_autoptr (BooruNode) options = booru_node_new (BOORU_NODE_OR);

  for (guint i = 0; i < factors->len; i++)
    {
      BooruNode *factor = factors->pdata[i];

      if (factor->kind == BOORU_NODE_OPTION)
        {
          booru_node_take_child (options, g_ptr_array_steal_index (factor->children, 0));
          booru_node_free (factor);
        }
      else
        booru_node_take_child (all, factor);
    }
  g_ptr_array_set_free_func (factors, NULL);
  if (options->children)
    booru_node_take_child (all, g_steal_pointer (&options));
  return all->children->len == 1 ? g_ptr_array_steal_index (all->children, 0)
                                 : g_steal_pointer (&all);
}

static gboolean
at_list_end (Parser *self)
{
  skip_spaces (self);
  return *self->p == '\0' || *self->p == ')' || at_keyword (self, "or") || at_keyword (self, "and");
}

static BooruNode *
parse_and (Parser *self)
{
  g_autoptr (GPtrArray) factors = g_ptr_array_new_with_free_func ((GDestroyNotify)booru_node_free);

  do
    {
      BooruNode *factor = parse_factor (self);

      if (factor == NULL)
        return NULL;
      g_ptr_array_add (factors, factor);
      if (at_keyword (self, "and"))
        {
          self->p += strlen ("and");
          if (at_list_end (self))
            return NULL;
        }
    }
  while (!at_list_end (self));
  return join_options (factors);
}

static BooruNode *
parse_or (Parser *self)
{
  g_autoptr (BooruNode) any = booru_node_new (BOORU_NODE_OR);

  for (;;)
    {
      BooruNode *alternative = parse_and (self);

      if (alternative == NULL)
        return NULL;
      booru_node_take_child (any, alternative);
      if (!at_keyword (self, "or"))
        break;
      self->p += strlen ("or");
    }
  return any->children->len == 1 ? g_ptr_array_steal_index (any->children, 0)
                                 : g_steal_pointer (&any);
}

/**
 * booru_query_parse_tree:
 * @text: a search
 * @traits: (out): what it says beside the conditions
 *
 * Returns: (transfer full): the tree; NONE if @text cannot be parsed, ALL if it is empty
 */
BooruNode *
booru_query_parse_tree (const char *text, BooruQueryTraits *traits)
{
  Parser self = { .p = text, .traits = traits };
  g_autoptr (BooruNode) tree = NULL;

  *traits = (BooruQueryTraits){ .order = { BOORU_ORDER_ID, FALSE }, .limit = -1 };
  if (!g_utf8_validate (text, -1, NULL))
    return booru_node_new (BOORU_NODE_NONE);
  skip_spaces (&self);
  if (*self.p == '\0')
    return booru_node_new (BOORU_NODE_ALL);

  tree = parse_or (&self);
  skip_spaces (&self);
  if (tree == NULL || *self.p != '\0')
    return booru_node_new (BOORU_NODE_NONE);
  return g_steal_pointer (&tree);
}
